package script

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
)

// A limit of many seeds is not decided by one: it passes, says so, and tells what was measured.
func TestOneRunDecidesNoLimit(t *testing.T) {
	tr := split().end(100)
	for expect, want := range map[string]string{
		"failover p99 < 1s":             "34.000 s for client",
		"failover p50 < 90s for branch": "34.000 s for branch of 192.168.10.202, 41.000 s for branch of 192.168.10.203",
		"failback max < 5s":             "no failback began in this stretch",
	} {
		e := expected(t, expect)
		ok, seen := judged(e, tr)
		require.True(t, ok, expect)
		require.Contains(t, seen, want, expect)
		require.Contains(t, seen, "seen.one-seed", expect)
	}
	e := expected(t, "outage p95 < 37s for client of 192.168.10.202")
	require.Equal(t, &finding.Limit{Quantile: "p95", Below: 37 * time.Second}, e.Limit)
	require.Equal(t, "expect outage p95 < 37s for client of 192.168.10.202", e.Text)
	require.InDelta(t, 0.95, e.Limit.Part(), 0)
	s, problems := Parse("x.txtar", []byte("cluster guide\nping client vip\nat 20s unplug active\nexpect failover p99 < 37s\nexpect outage max < 1m0s of 192.168.10.202\n"))
	require.NoError(t, problems.Err())
	requireSame(t, s)
}

// A run with nothing to judge but limits has judged nothing.
func TestALimitAloneIsNoData(t *testing.T) {
	r := &finding.Run{Refused: true, Expectations: []finding.Expectation{{OK: true, Limit: &finding.Limit{Quantile: "p99", Below: 1}}}}
	require.Equal(t, []finding.Objection{{}}, r.Objections())
	r.Expectations[0].Limit = nil
	require.Empty(t, r.Objections())
}
