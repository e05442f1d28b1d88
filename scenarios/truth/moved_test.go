package truth_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/runtest"
	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
)

// acted is a run of the guide's cluster, whose client pings the VIP, with these lines.
func acted(t *testing.T, lines string) *finding.Run {
	t.Helper()
	s, problems := script.Parse("acted.txtar", []byte("# acted\ncluster guide\nping client vip\n"+lines))
	require.NoError(t, problems.Err())
	r, err := script.Run(t.Context(), s, script.Options{Cluster: folder})
	require.NoError(t, err)
	return r
}

// N10: what moved with notice, or has been heard of since, the switches find: nothing excuses the failover then.
func TestP1_AMoveExcusesOnlyWhileASwitchIsWrong(t *testing.T) {
	for lines, why := range map[string]finding.Kind{
		"at 20s move-port client to sw1\nat 50s unplug active\nend 120s\n":                       "",
		"at 20s move-port active to sw1\nat 25s unplug active\nend 120s\n":                       "",
		"at 20s move-port active to sw1 without notice\nat 50s unplug active\nend 120s\n":        "",
		"at 48s freeze active\nat 49s move-port active to sw1 without notice\nend 120s\n":        "why.astray",
		"at 20s freeze active\nat 22s move-port active to sw1\nat 90s resume active\nend 120s\n": "why.fault",
		"at 20s unplug active\nat 30s move-port standby to sw1 without notice\nend 120s\n":       "why.astray",
	} {
		p1 := result(t, acted(t, lines), "P1")
		if why == "" {
			require.Equal(t, 1, p1.Judged, "P1 judges the failover:\n%s", lines)
			require.Equal(t, finding.Pass, p1.Verdict, lines)
			continue
		}
		require.Len(t, p1.Left, 1, lines)
		require.Equal(t, why, p1.Left[0].Because.Kind, lines)
	}
}

// N10: what a notice mends at once is no silence of "0 s" that is made of nothing.
func TestAMomentIsNotTakenApart(t *testing.T) {
	r := acted(t, "at 20s move-port active to sw1\nend 60s\n")
	requireHead(t, r, "longest silence  less than 0.001 s  client", "最長の無応答 0.001 秒未満  client")
	for _, lang := range runtest.Langs {
		for _, empty := range []string{"made of:", "内訳:", "of it:", "うち "} {
			require.NotContains(t, told(t, r, lang), empty)
		}
	}
}
