package study

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/studied"
)

// W14: ten runs decide what follows from the settings, be it kept or broken.
func TestRulesDecideWhereRunsAreTooFew(t *testing.T) {
	p := planOf(t, 10, []string{"interval", "10", "30"})
	rows := execute(t, p, t.TempDir(), 1)
	for i, c := range []struct{ least, most float64 }{{13.1, 17.1}, {33.1, 37.1}} { // interval, netsh 0.2-1 s, DAD 3 s, PingTimeout 3 s
		of := rows.Of(i)
		a := p.cells[i].answer(of, studied.DefaultRates, studied.Worst{})
		require.NotNil(t, a.ByRule)
		require.InDelta(t, c.least, a.ByRule.Least, 0.2)
		require.InDelta(t, c.most, a.ByRule.Most, 0.2)
		require.Nil(t, a.Failover.P99.High, "ten runs say nothing of 99 %")
		require.Equal(t, studied.Kept, want(t, "p99 failover < 38s").judge(&a))
		require.Equal(t, []studied.Verdict{studied.Broken, studied.Kept}[i], want(t, "band >= 99.9%").judge(&a), "30-40 s")
	}
	a := p.cells[1].answer(rows.Of(1), studied.DefaultRates, studied.Worst{})
	require.Equal(t, studied.Broken, want(t, "p99 failover < 33s").judge(&a))
	require.Equal(t, studied.Unsure, want(t, "p99 failover < 36.9s").judge(&a), "the rule does not say how often")
}

// Where a run lies elsewhere, or frames are lost, the rule decides nothing.
func TestRulesDecideNothingWhereMoreCounts(t *testing.T) {
	p := planOf(t, 10, []string{"interval", "10"}, []string{"loss", "0", "1%"})
	rows := execute(t, p, t.TempDir(), 1)
	whole, lossy := &p.cells[0], &p.cells[1]
	require.NotNil(t, whole.byRule(rows.Of(0), nil))
	require.Nil(t, lossy.byRule(rows.Of(1), nil))
	require.Nil(t, whole.byRule(rows.Of(0), &studied.Time{Seconds: 18}), "the worst that was found is longer")
	for name, spoil := range map[string]func(*studied.Row){
		"longer":  func(r *studied.Row) { r.Failover = 17.5 },
		"shorter": func(r *studied.Row) { r.Failover = 12.9 },
		"open":    func(r *studied.Row) { r.FailoverOpen = true },
		"none":    func(r *studied.Row) { r.Failover = math.NaN() },
	} {
		spoilt := slices.Clone(rows.Of(0))
		one := spoilt[7].Row()
		spoil(one)
		spoilt[7] = one.Pack()
		require.Nil(t, whole.byRule(spoilt, nil), name)
	}
}

// So many runs as were said to be enough are, in steps of 40, when they come as those before; less are not.
func TestSoManyRunsMoreDecide(t *testing.T) {
	draw := rand.New(rand.NewPCG(1, 2))
	var rows studied.Rows
	for range 40 {
		rows = append(rows, studied.Row{Failover: 10 + 4*draw.Float64(), Failback: math.NaN()}.Pack())
	}
	times := func(n int) studied.Rows { // n runs of the same shape
		var all studied.Rows
		sorted := sampleOf(rows, failoverOf).cut
		for i := range n {
			all = append(all, studied.Row{Failover: sorted[i*len(sorted)/n].Seconds, Failback: math.NaN()}.Pack())
		}
		return all
	}
	answer := func(rows studied.Rows) *studied.Answer {
		return &studied.Answer{Runs: len(rows), Failover: failovers(rows), Band: sampleOf(rows, failoverOf).within(10, 12)}
	}
	above := func(rank int) string { // so that rank+1 of the 40 keep it
		return time.Duration((sampleOf(rows, failoverOf).cut[rank].Seconds + 1e-4) * 1e9).String()
	}
	for _, text := range []string{"p95 failover < 15s", "p99 failover < 15s", "median failover < " + above(17), "median failover < " + above(21), "band >= 40%"} {
		w := want(t, text)
		require.Equal(t, studied.Unsure, w.judge(answer(rows)), text)
		n := w.enough(answer(rows), rows)
		require.Greater(t, n, 40, text)
		require.Less(t, n, 5000, text)
		require.NotEqual(t, studied.Unsure, w.judge(answer(times((n+39)/40*40))), "%s: %d", text, n)
		require.Equal(t, studied.Unsure, w.judge(answer(times((n-1)/40*40-40))), "%s: %d", text, n)
	}
	at := sampleOf(rows, failoverOf).cut[19].Seconds
	exact := Want{{Text: "median", metric: metrics[0], limit: at, equal: true}}
	require.Equal(t, studied.More{Never: true}, exact.more([]studied.Answer{*answer(rows)}, func(int) studied.Rows { return rows }), "half of the runs keep it")
	require.Zero(t, want(t, "median failover < 20s").enough(answer(rows), rows))
	require.Equal(t, MaxRuns+1, want(t, "worst failback < 1s").enough(answer(rows), rows), "no run has one")
}
