package study

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
	"ipwsim/scenarios/pool"
	"ipwsim/sim/cluster"
	"ipwsim/sim/studied"
	"ipwsim/sim/world"
)

// planOf is a plan on the guide's cluster with the axes, each a name and values.
func planOf(t testing.TB, runs int, axes ...[]string) *Plan {
	return planOn(t, shippedCluster(t, "guide"), runs, axes...)
}

// planOn is a plan on a cluster.
func planOn(t testing.TB, bp *cluster.Blueprint, runs int, axes ...[]string) *Plan {
	p := &Plan{Plan: studied.Plan{Runs: runs, MaxRuns: runs, Seed: 1}}
	for _, a := range axes {
		p.Axes = append(p.Axes, studied.Axis{Name: a[0], Values: a[1:], Setting: isChosen(a[0])})
	}
	var wrong diag.List
	p.complete(bp, &wrong, func(string) (string, int) { return "test", 0 })
	require.NoError(t, wrong.Err())
	return p
}

// BenchmarkQuestion is a failover question answered, on the guide's cluster with the defaults, beside its
// floor, a world that is made, settled and closed; and a run with both questions.
func BenchmarkQuestion(b *testing.B) {
	p := planOf(b, 1)
	both := &p.Cells()[0]
	failover := *both
	failover.failoverOnly = true
	b.Run("floor", func(b *testing.B) {
		perSecond(b, func(k int) {
			w := world.New(both.blueprint, world.Options{Seed: p.SeedOf(k)})
			w.Settle()
			w.Close()
		})
	})
	b.Run("failover", func(b *testing.B) { perSecond(b, func(k int) { Run(&failover, p.SeedOf(k)) }) })
	b.Run("failover and failback", func(b *testing.B) { perSecond(b, func(k int) { Run(both, p.SeedOf(k)) }) })
}

// perSecond reports how many there are a second of the processor's time, which a busy machine shows
// better than the clock.
func perSecond(b *testing.B, do func(k int)) {
	defer debug.SetGCPercent(debug.SetGCPercent(GCPercent))
	b.ReportAllocs()
	before, k := processor(), 0
	for b.Loop() {
		do(k)
		k++
	}
	b.ReportMetric(float64(k)/(processor()-before).Seconds(), "1/cpu-s")
	b.ReportMetric(float64(k)/b.Elapsed().Seconds(), "1/s")
}

// processor is the time that the process and its ended workers have had.
func processor() (all time.Duration) {
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if syscall.Getrusage(who, &u) == nil {
			all += time.Duration(u.Utime.Nano() + u.Stime.Nano())
		}
	}
	return all
}

// BenchmarkWorkers is a study of 5 x 4 cells on one core, and by two worker processes on two.
func BenchmarkWorkers(b *testing.B) {
	p := planOf(b, 64, []string{"interval", "5s", "10s", "20s", "30s", "60s"}, []string{"ping-timeout", "1s", "2s", "3s", "5s"})
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			defer debug.SetGCPercent(debug.SetGCPercent(GCPercent))
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
			opt, dismiss := Options{Workers: workers}, func() {}
			if workers > 1 {
				crew, err := pool.Hire(workers, asWorker)
				require.NoError(b, err)
				opt.Crew, dismiss = crew, crew.Close
			}
			before, runs := processor(), 0
			for b.Loop() {
				rows, err := p.Execute(context.Background(), b.TempDir(), opt)
				require.NoError(b, err)
				runs += len(rows)
			}
			dismiss()
			used := processor() - before
			b.ReportMetric(float64(runs)/b.Elapsed().Seconds(), "runs/s")
			b.ReportMetric(float64(runs)/used.Seconds(), "runs/cpu-s")
			b.ReportMetric(used.Seconds()/b.Elapsed().Seconds(), "cores")
		})
	}
}
