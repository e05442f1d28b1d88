package study

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Paired are the differences of a time, B's less A's of the same seed. A run without an answer was longer
// than one with an answer that came before it ended; of two such runs nothing is known.
type Paired struct {
	Pairs   int `json:"pairs"`
	Unknown int `json:"unknown"` // pairs of which nothing is known, not among Pairs
	Longer  int `json:"longer"`  // of Pairs: in B
	Shorter int `json:"shorter"` // in B

	// Significance is the sign test's p, of both sides: how likely as much unlikeness of Longer and Shorter
	// is if neither were more likely.
	Significance float64 `json:"significance"`

	Median *float64 `json:"median"` // seconds; nil: none, or it lies among runs without an answer
	Low    *float64 `json:"low"`    // its 95 % confidence interval, of order statistics; nil: not bounded
	High   *float64 `json:"high"`

	Mean     *float64 `json:"mean"`     // seconds; nil: none, or there are runs without an answer
	MeanLow  *float64 `json:"mean_low"` // its 95 % confidence interval, by bootstrap
	MeanHigh *float64 `json:"mean_high"`
}

// pair is the two runs of a seed.
type pair struct {
	seed uint64
	a, b Time
	diff float64 // b - a; infinite for a run without an answer
}

// pairs are the runs of seeds that both have, with the time measured in both, by seed.
func pairs(a, b []Row, get func(*Row) (float64, bool)) (all []pair, unknown int) {
	bySeed := map[uint64]*Row{}
	for i := range b {
		bySeed[b[i].Seed] = &b[i]
	}
	for i := range a {
		other := bySeed[a[i].Seed]
		if other == nil {
			continue
		}
		va, openA := get(&a[i])
		vb, openB := get(other)
		if math.IsNaN(va) || math.IsNaN(vb) {
			continue
		}
		p := pair{a[i].Seed, Time{va, openA}, Time{vb, openB}, vb - va}
		switch {
		case openA && openB, openA && vb >= va, openB && va >= vb:
			unknown++
			continue
		case openA:
			p.diff = math.Inf(-1)
		case openB:
			p.diff = math.Inf(1)
		}
		all = append(all, p)
	}
	return all, unknown
}

// paired sums the differences up.
func paired(a, b []Row, get func(*Row) (float64, bool)) Paired {
	all, unknown := pairs(a, b, get)
	r := Paired{Pairs: len(all), Unknown: unknown, Significance: 1}
	diffs := make([]float64, len(all))
	for i, p := range all {
		diffs[i] = p.diff
		switch {
		case p.diff > 0:
			r.Longer++
		case p.diff < 0:
			r.Shorter++
		}
	}
	if n := r.Longer + r.Shorter; n > 0 {
		r.Significance = min(1, 2*distuv.Binomial{N: float64(n), P: 0.5}.CDF(float64(min(r.Longer, r.Shorter))))
	}
	if len(diffs) == 0 {
		return r
	}
	slices.Sort(diffs)
	at := func(i int) *float64 {
		if i < 0 || i >= len(diffs) || math.IsInf(diffs[i], 0) {
			return nil
		}
		return &diffs[i]
	}
	low, high := ranks(len(diffs), 0.5)
	r.Median, r.Low, r.High = at(rankOf(len(diffs), 0.5)), at(low), at(high)
	if at(0) != nil && at(len(diffs)-1) != nil {
		r.Mean, r.MeanLow, r.MeanHigh = bootstrap(diffs)
	}
	return r
}

// resamples of the bootstrap.
const resamples = 2000

// bootstrap is the mean and the interval of the means of samples drawn from the values with replacement, always
// the same ones.
func bootstrap(values []float64) (mean, low, high *float64) {
	random := rand.New(rand.NewPCG(1, uint64(len(values))))
	n := len(values)
	means := make([]float64, resamples)
	for i := range means {
		for range n {
			means[i] += values[random.IntN(n)] / float64(n)
		}
	}
	slices.Sort(means)
	m := 0.0
	for _, v := range values {
		m += v / float64(n)
	}
	return &m, &means[int(oneTail*resamples)], &means[resamples-1-int(oneTail*resamples)]
}

// farthest are the pairs with the largest differences, at most so many.
func farthest(all []pair, most int) []pair {
	slices.SortStableFunc(all, func(a, b pair) int {
		return cmp.Or(cmp.Compare(math.Abs(b.diff), math.Abs(a.diff)), cmp.Compare(a.seed, b.seed))
	})
	return all[:min(most, len(all))]
}
