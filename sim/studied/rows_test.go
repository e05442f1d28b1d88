package studied

import (
	"math"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// A run of the guide's cluster is held in less than 120 bytes, its words once for all; and what no run gives is held
// as it is.
func TestARowIsSmall(t *testing.T) {
	run := Row{
		Cell: 3, Seed: 1_000_001, Phase: 28.847404236, Return: 90.695860338, Failover: 34.5464674, FailoverClient: "client",
		FailoverVIP: "192.168.10.202", FailoverLeast: 30, FailoverMost: 40, Detection: 3, Netsh: 0.826295483, Counting: 30.720171917000002,
		Failback: 7.200525164, FailbackClient: "client", FailbackVIP: "192.168.10.202", FailbackLeast: 5, FailbackMost: 10,
		Silent: 3.88563256, FailbackFree: 0.8854325599999999, FailbackTentative: 3, FailbackCache: 0.0002,
	}
	p := run.Pack()
	require.Equal(t, run, *p.Row())
	require.Less(t, int(unsafe.Sizeof(p))+len(p.numbers), 120)
	for _, v := range []float64{math.Inf(1), math.Inf(-1), -1, 1e300, 5e-324, 1e9 + 0.5} {
		run.NoNode = v
		require.Equal(t, math.Float64bits(v), math.Float64bits(run.Pack().Row().NoNode))
	}
	run.NoNode = math.NaN()
	require.True(t, math.IsNaN(run.Pack().Row().NoNode))
	require.Equal(t, run.Pack(), run.Pack(), "NaN is NaN")
}
