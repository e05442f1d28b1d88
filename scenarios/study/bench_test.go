package study

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
	"ipwsim/scenarios"
	"ipwsim/sim/cluster"
)

// planOf is a plan on the guide's cluster with the axes, each a name and values.
func planOf(t testing.TB, axes ...[]string) *Plan {
	bp, problems := cluster.Load(scenarios.Clusters(), "guide")
	require.NoError(t, problems.Err())
	p := &Plan{Runs: 10, Seed: 1}
	for _, a := range axes {
		p.Axes = append(p.Axes, Axis{a[0], a[1:]})
	}
	var wrong diag.List
	p.complete(bp, &wrong, func(string) (string, int) { return "test", 0 })
	require.NoError(t, wrong.Err())
	return p
}

func BenchmarkRun(b *testing.B) {
	p := planOf(b)
	b.ReportAllocs()
	k := 0
	for b.Loop() {
		Run(&p.Cells()[0], p.SeedOf(k))
		k++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "runs/s")
}

func TestTry(t *testing.T) {
	p := planOf(t, []string{"fault", "unplug", "shutdown", "power", "freeze"})
	for i := range p.Cells() {
		for k := range 4 {
			t.Logf("%+v", Run(&p.Cells()[i], p.SeedOf(k)))
		}
	}
}
