package history

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/studied"
)

// Known values: of complete separation 2 of 252 orders, and those of R's wilcox.test.
func TestMannWhitney(t *testing.T) {
	for _, c := range []struct {
		a, b  []float64
		p     float64
		worse bool
	}{
		{[]float64{1, 2, 3, 4, 5}, []float64{6, 7, 8, 9, 10}, 2.0 / 252, true},
		{[]float64{6, 7, 8, 9, 10}, []float64{1, 2, 3, 4, 5}, 2.0 / 252, false},
		// Hollander & Wolfe 1973, 69f, as in R's own example: p = 0.2544.
		{[]float64{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46}, []float64{1.15, 0.88, 0.90, 0.74, 1.21}, 0.2544, false},
		{[]float64{1, 1, 1}, []float64{1, 1, 1}, 1, false},
		{[]float64{1, 2, math.Inf(1)}, []float64{3, math.Inf(1), math.Inf(1)}, 0.3537, true}, // ties: U = 7, mean 4.5, variance 4.65
	} {
		p, worse := mannWhitney(c.a, c.b)
		require.InDelta(t, c.p, p, 1e-4, "%v %v", c.a, c.b)
		require.Equal(t, c.worse, worse)
	}
}

// The exact probability is that of all orders, tried one by one; the approximation comes near it.
func TestExactUCountsAllOrders(t *testing.T) {
	const m, n = 5, 6
	counts := map[int]float64{}
	total := 0.0
	for set := range 1 << (m + n) {
		u, a, ofB := 0, 0, 0
		for i := range m + n {
			if set>>i&1 == 1 {
				ofB++
				u += a
			} else {
				a++
			}
		}
		if ofB == n {
			counts[u]++
			total++
		}
	}
	below := 0.0
	for u := 0; u <= m*n; u++ {
		below += counts[u]
		require.InDelta(t, min(1, 2*below/total), exactU(m, n, float64(u)), 1e-12, u)
	}
}

// By chance alone a test at 1 % calls about 1 % a change.
func TestMannWhitneyIsHonest(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	draw := func(n int) (all []float64) {
		for range n {
			all = append(all, r.ExpFloat64())
		}
		return all
	}
	const tests = 4000
	called := 0
	for range tests {
		if p, _ := mannWhitney(draw(40), draw(35)); p <= 0.01 {
			called++
		}
	}
	require.InDelta(t, 0.01*tests, called, 25)
}

// Known values: the lady tasting tea, and R's fisher.test.
func TestFisher(t *testing.T) {
	for _, c := range []struct {
		k, n, l, m int64
		p          float64
	}{
		{3, 4, 1, 4, 0.4857}, {4, 4, 0, 4, 2.0 / 70}, {10, 13, 2, 17, 0.000537}, {1, 1000, 10, 10_000, 1}, {0, 0, 3, 5, 1}, {0, 10_000, 10, 1000, 3.6e-11},
		{500, 1e6, 5000, 1e7, 1}, {600_000, 1e9, 5_000_000, 1e10, 0},
	} {
		require.InDelta(t, c.p, fisher(c.k, c.n, c.l, c.m), 1e-4, "%+v", c)
	}
}

// series is nights of which the last may differ.
func series(n int, last func(*Night)) (all []Night) {
	r := rand.New(rand.NewPCG(3, 4))
	for i := range n {
		one := Night{ID: fmt.Sprint(i), Seed: uint64(i), Cluster: "abc", Cases: 10_000, Bugs: []Bug{{Name: "deaf", Cases: 100, Caught: true}},
			Probes: []Probe{{Name: "take", Cases: 5}, {Name: "yield", Cases: 1}}, Failures: []Failure{{Signature: "P3 twice", Cases: 2}}}
		pull := Sample{Name: "pull", Unit: Seconds}
		for range 100 {
			pull.Values = append(pull.Values, 34+r.NormFloat64())
		}
		one.Samples = []Sample{pull}
		if i == n-1 && last != nil {
			last(&one)
		}
		all = append(all, one)
	}
	return all
}

func verdicts(r *Report) map[string]studied.NightVerdict {
	all := map[string]studied.NightVerdict{}
	for _, c := range r.Changes {
		all[c.Name] = c.Verdict
	}
	return all
}

// Chance is called no change; what is one is called so, with its test, at a level for all comparisons together.
func TestOnlyATestCallsAChange(t *testing.T) {
	same := Compare(series(6, nil))
	require.Equal(t, map[string]studied.NightVerdict{"pull": studied.Same, "deaf": studied.Same, "P3 twice": studied.Same}, verdicts(same))
	require.Equal(t, []int{3, 5}, []int{same.Comparisons, same.Compared})
	require.InDelta(t, 0.01/3, same.Alpha, 1e-12)
	require.False(t, same.Worse())
	require.Len(t, same.Changes[0].Trend, 6)

	for name, c := range map[string]struct {
		last func(*Night)
		of   string
		want studied.NightVerdict
		test studied.NightTest
	}{
		"slower": {func(n *Night) { shift(n, 1) }, "pull", studied.Regression, studied.MannWhitney},
		"faster": {func(n *Night) { shift(n, -1) }, "pull", studied.Improvement, studied.MannWhitney},
		"not over": {func(n *Night) {
			for i := range n.Samples[0].Values {
				n.Samples[0].Values[i] = math.Inf(1)
			}
		}, "pull", studied.Regression, studied.MannWhitney},
		"bug not caught":   {func(n *Night) { n.Bugs[0] = Bug{Name: "deaf", Cases: 10_000, Caught: false} }, "deaf", studied.Regression, studied.Fisher},
		"one case more":    {func(n *Night) { n.Bugs[0].Cases = 150 }, "deaf", studied.Same, studied.Fisher},
		"fails more often": {func(n *Night) { n.Failures[0].Cases = 40 }, "P3 twice", studied.Regression, studied.Fisher},
		"fails no more":    {func(n *Night) { n.Failures, n.Cases = nil, 100_000 }, "P3 twice", studied.Improvement, studied.Fisher},
		"too few values":   {func(n *Night) { n.Samples[0].Values = []float64{99} }, "pull", studied.Untested, studied.MannWhitney},
	} {
		r := Compare(series(6, c.last))
		require.Equal(t, c.want, verdicts(r)[c.of], name)
		for _, x := range r.Changes {
			if x.Name == c.of {
				require.Equal(t, c.test, x.Test, name)
			}
		}
		require.Equal(t, c.want == studied.Regression, r.Worse(), name)
		require.True(t, c.want == studied.Same || c.want == studied.Untested || r.Changes[0].Name == c.of, "what has changed comes first")
	}
}

func shift(n *Night, by float64) {
	for i := range n.Samples[0].Values {
		n.Samples[0].Values[i] += by
	}
}

// Where there is nothing to compare with, nothing is compared.
func TestNothingToCompareWith(t *testing.T) {
	none := Compare(nil)
	require.Nil(t, none.Latest)
	require.Zero(t, none.Comparisons)
	for name, all := range map[string][]Night{
		"one night":       series(1, nil),
		"another cluster": series(3, func(n *Night) { n.Cluster = "def" }),
		"the same seed":   series(2, func(n *Night) { n.Seed = 0 }),
	} {
		r := Compare(all)
		require.Zero(t, r.Comparisons, name)
		require.Equal(t, map[string]studied.NightVerdict{"pull": studied.Untested, "deaf": studied.Untested, "P3 twice": studied.Untested}, verdicts(r), name)
	}
	require.Equal(t, 2, Compare(series(3, func(n *Night) { n.Cluster = "def" })).Left)
	require.Equal(t, Before, Compare(series(15, nil)).Compared)
}

// What was never seen before, and probes that are reached no more, need no test.
func TestNews(t *testing.T) {
	r := Compare(series(3, func(n *Night) {
		n.Failures = append(n.Failures, Failure{Signature: "P1 late", Cases: 1})
		n.Probes = []Probe{{Name: "take", Cases: 0}, {Name: "yield", Cases: 1}}
	}))
	require.Equal(t, []string{"P1 late"}, r.New)
	require.Equal(t, []string{"take"}, r.Gone)
	require.Empty(t, Compare(series(3, nil)).New)
}
