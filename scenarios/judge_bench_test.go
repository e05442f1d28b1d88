package scenarios_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/check"
	"ipwsim/scenarios/facts"
	clusters "ipwsim/sim/cluster"
	"ipwsim/sim/trace"
	"ipwsim/sim/verb"
	"ipwsim/sim/world"
)

// BenchmarkJudge is what judging costs of a cable-pull, of all clients: the records read into facts, and all checks.
// Its floor is the world's own time: share is judging's part of the two, in per cent.
func BenchmarkJudge(b *testing.B) {
	for _, clients := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			bp := segment(b, clients)
			var world, judging time.Duration
			for b.Loop() {
				start := time.Now() // wall clock: of a benchmark
				t := pulled(b, bp)
				played := time.Now() // wall clock: of a benchmark
				require.True(b, check.Passed(check.All(facts.Read(t))))
				world += played.Sub(start)
				judging += time.Since(played) // wall clock: of a benchmark
			}
			b.ReportMetric(100*judging.Seconds()/(world+judging).Seconds(), "share-%")
			b.ReportMetric(float64(judging.Microseconds())/float64(b.N), "judge-µs/run")
			b.ReportMetric(float64(world.Microseconds())/float64(b.N), "world-µs/run")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// pulled is the history of a cable-pull as the guide tests it, its first client pinging.
func pulled(b *testing.B, bp *clusters.Blueprint) *trace.Trace {
	w := world.New(bp, world.Options{Scenario: "pulled", Seed: 1})
	defer w.Close()
	w.Settle()
	require.NoError(b, w.Ping(bp.Clients[0].Name, bp.VIPs[0]))
	for _, step := range []struct {
		at   time.Duration
		what string
	}{{20 * time.Second, "unplug active"}, {80 * time.Second, "plug active"}} {
		w.RunUntil(step.at)
		call, err := verb.Parse(strings.Fields(step.what))
		require.NoError(b, err)
		_, err = call.Do(w)
		require.NoError(b, err)
	}
	w.RunUntil(110 * time.Second)
	w.EndPings()
	return w.Trace()
}
