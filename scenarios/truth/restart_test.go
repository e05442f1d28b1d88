package truth_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// P8: a watcher that was started in the silence has its whole time from there, by what it has read then: the slave's two
// intervals (W13), a PingTimeout of its own (W14).
func TestP8_AWatcherStartedInTheSilenceHasItsTimeFromThere(t *testing.T) {
	const (
		roles = "at 5s registry active Balance 1\nat 6s registry standby Balance 0\n"
		slow  = "at 6s registry active PingTimeout 100\n"
		both  = "at 10s stop-service active\nat 12s start-service active\nat 20s stop-service standby\nat 22s start-service standby\nend 200s\n"
	)
	for lines, least := range map[string]float64{roles + both: 44, slow + both: 70} {
		r := acted(t, lines)
		require.Greater(t, outage(t, r, "client", "192.168.10.202", 0).Length(), sec(least), lines)
		require.Equal(t, finding.Pass, result(t, r, "P8").Verdict, lines)
	}
}

// P9: a holder that stood still when the slave decided, and goes on at the end of its detection, was not there to be
// left alone.
func TestP9_AFrozenHolderServesNobody(t *testing.T) {
	taken := func(r *finding.Run) (at time.Duration) {
		for rec := range r.Trace.All() {
			if b, ok := rec.Body.(trace.Address); ok && rec.Host == "standby" && b.State == trace.Preferred && rec.At > sec(20) {
				return rec.At
			}
		}
		return 0
	}
	at := taken(acted(t, "at 20s freeze holder\nend 80s\n"))
	require.NotZero(t, at)
	r := acted(t, fmt.Sprintf("at 20s freeze holder\nat %v resume active\nend 80s\n", at-20*time.Millisecond))
	require.Equal(t, at, taken(r), "the holder is there before it")
	require.NotEqual(t, finding.Fail, result(t, r, "P9").Verdict)
}
