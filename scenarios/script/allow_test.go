package script

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
)

func splitRun(t *testing.T, allow string) *finding.Run {
	return run(t, "# Split\ncluster two-switch\n"+allow+"at 20s unplug sw1-sw2\nat 100s plug sw1-sw2\nexpect answered client\nend 250s\n", Options{})
}

// A scenario that is not about a check is not failed by it, and tells what it found all the same.
func TestWhatAScenarioAllowsIsToldAndDoesNotFailIt(t *testing.T) {
	bad := splitRun(t, "")
	require.Equal(t, finding.Bad, bad.Outcome())
	var failed string
	for _, o := range bad.Objections() {
		if o.Result != nil {
			failed += " " + o.Result.ID
		}
	}
	require.NotEmpty(t, failed)

	for allow, want := range map[string]finding.Outcome{
		"allow" + failed + "\n":            finding.Weakness,
		"allow" + failed + " until 150s\n": finding.Weakness,
		"allow" + failed + " until 10s\n":  finding.Bad,
		"allow P6\n":                       finding.Bad,
	} {
		out := splitRun(t, allow)
		require.Equal(t, want, out.Outcome(), allow)
		require.Equal(t, bad.Facts, out.Facts, "what happened is the same")
	}
}

// What cannot be done is left out by try, as if it had not been written.
func TestTryLeavesOutWhatCannotBeDone(t *testing.T) {
	without := run(t, pull, Options{Hash: true})
	with := run(t, "# Pull\ncluster guide\nping client vip\nat 10s try plug active\nat 15s try start-service standby\nat 20s try unplug active\nexpect failover 30s..40s\nat 21s try unplug active\nend 70s\n", Options{Hash: true})
	require.Equal(t, without.Trace.Records, with.Trace.Records)
	require.Equal(t, without.Facts.Faults, with.Facts.Faults)
}
