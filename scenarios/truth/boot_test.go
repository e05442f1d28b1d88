package truth_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// P6: a shutdown before the watcher of the boot has started stops nobody: what was left by a power cut is not its doing.
func TestP6_AShutdownBeforeTheWatcherStarts(t *testing.T) {
	r := acted(t, "at 1s power-off active\nat 10s power-on active\nat 2m11s shutdown active\nend 4m\n")
	left := false
	for rec := range r.Trace.All() {
		if b, ok := rec.Body.(trace.Address); ok && rec.Host == "active" && rec.At > sec(100) {
			left = left || b.State == trace.Duplicate
		}
	}
	require.True(t, left, "the VIP came back with the power, and the standby has it")
	require.NotEqual(t, finding.Fail, result(t, r, "P6").Verdict)
}
