package study

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/sim/studied"
)

// atMost is the probability of k or fewer of n, by adding up the terms.
func atMost(k, n int, p float64) (sum float64) {
	for i := 0; i <= k; i++ {
		term := 1.0
		for j := range i {
			term *= float64(n-j) / float64(j+1)
		}
		sum += term * math.Pow(p, float64(i)) * math.Pow(1-p, float64(n-i))
	}
	return sum
}

// The ranks are those of tables of the sign test, and for small n the tightest that the binomial
// distribution, added up term by term, allows.
func TestRanks(t *testing.T) {
	for n, want := range map[int]int{6: 0, 10: 1, 20: 5, 50: 17, 100: 39} {
		low, high := ranks(n, 0.5)
		require.Equal(t, want, low, "n = %d", n)
		require.Equal(t, n-1-want, high, "n = %d: symmetric", n)
	}
	low, high := ranks(5, 0.5)
	require.Equal(t, []int{-1, 5}, []int{low, high}, "five values say nothing with 95 %")
	low, high = ranks(0, 0.5)
	require.Equal(t, []int{-1, 0}, []int{low, high})
	for n := 1; n <= 40; n++ {
		for _, q := range []float64{0.5, 0.95, 0.99} {
			low, high := ranks(n, q)
			if low >= 0 {
				require.LessOrEqual(t, atMost(low, n, q), oneTail, "n %d, q %v", n, q)
			}
			require.Greater(t, atMost(low+1, n, q), oneTail, "n %d, q %v", n, q)
			if high < n {
				require.GreaterOrEqual(t, atMost(high, n, q), 1-oneTail, "n %d, q %v", n, q)
			}
			require.Less(t, atMost(high-1, n, q), 1-oneTail, "n %d, q %v", n, q)
		}
	}
}

// The intervals hold the true quantile of a skewed distribution in at least 95 % of samples, and a quantile a rank
// off does not.
func TestQuantilesCover(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const n, times = 120, 1500
	for _, q := range []float64{0.5, 0.95} {
		truth := -math.Log(1 - q)
		hits, offHits := 0, 0
		for range times {
			s := sample{}
			for range n {
				s.cut = append(s.cut, studied.Time{Seconds: random.ExpFloat64()})
			}
			got := s.sorted().quantile(q)
			if got.Low.Seconds <= truth && (got.High == nil || truth <= got.High.Seconds) {
				hits++
			}
			if off := -math.Log(1 - q*0.9); got.Low.Seconds <= off && (got.High == nil || off <= got.High.Seconds) {
				offHits++
			}
		}
		require.Greater(t, hits, times*94/100, "q %v", q)
		require.Less(t, offHits, times*85/100, "q %v: the interval is no wider than it need be", q)
	}
}

// A quantile among runs without an answer is a lower bound, and what it could be lies above it: whatever the runs
// would have shown, the bounds hold.
func TestOpenRunsAreBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "n")
		var rows studied.Rows
		var truth []float64
		for range n {
			v := rapid.Float64Range(1, 100).Draw(t, "v")
			seen := min(v, rapid.Float64Range(1, 100).Draw(t, "horizon"))
			truth = append(truth, v)
			rows = append(rows, studied.Row{Failover: seen, FailoverOpen: seen < v}.Pack())
		}
		slices.Sort(truth)
		s := sampleOf(rows, failoverOf)
		times := s.times()
		for q, got := range map[float64]studied.Quantile{0.5: times.Median, 0.95: times.P95, 0.99: times.P99} {
			real := truth[rankOf(n, q)]
			require.LessOrEqual(t, got.Value.Seconds, real+boolTo(!got.Value.AtLeast)*100, "q %v", q)
			low, high := ranks(n, q)
			if got.Low != nil {
				require.LessOrEqual(t, got.Low.Seconds, truth[low])
			}
			if got.High != nil {
				require.GreaterOrEqual(t, got.High.Seconds, truth[high])
			}
		}
		require.GreaterOrEqual(t, truth[n-1], times.Worst.Seconds)
		in := 0
		for _, v := range truth {
			if 30 <= v && v <= 40 {
				in++
			}
		}
		whole, cut := share(in, 0, n), s.within(30, 40)
		require.LessOrEqual(t, cut.Low, whole.Low, "the share with all known lies within")
		require.GreaterOrEqual(t, cut.High, whole.High)
	})
}

func boolTo(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func TestOpenRunsByHand(t *testing.T) {
	var rows studied.Rows
	for i := range 10 {
		rows = append(rows, studied.Row{Failover: float64(i + 1), FailoverOpen: i >= 8}.Pack())
	}
	rows = append(rows, studied.Row{Failover: math.NaN()}.Pack())
	got := sampleOf(rows, failoverOf).times()
	require.Equal(t, 10, got.Runs, "a run without a failover is none of them")
	require.Equal(t, 2, got.Open)
	require.Equal(t, studied.Time{Seconds: 5}, *got.Median.Value)
	require.Equal(t, studied.Time{Seconds: 2}, *got.Median.Low)
	require.Nil(t, got.Median.High, "rank 8 lies among those without an answer")
	require.Equal(t, studied.Time{Seconds: 10, AtLeast: true}, *got.P95.Value)
	require.Equal(t, studied.Time{Seconds: 10, AtLeast: true}, *got.Worst)
	require.Equal(t, studied.Time{Seconds: 5.5, AtLeast: true}, *got.Mean)
	require.Equal(t, studied.Times{Beyond: 1}, sampleOf(rows[10:], failoverOf).times())
}

// Clopper and Pearson's interval, against its definition: at its ends k or more, k or fewer, are a 40th.
func TestShare(t *testing.T) {
	for n := 1; n <= 25; n++ {
		for k := 0; k <= n; k++ {
			s := share(k, 0, n)
			require.Equal(t, float64(k)/float64(n), s.Part)
			if k == 0 {
				require.Zero(t, s.Low)
			} else {
				require.InDelta(t, oneTail, 1-atMost(k-1, n, s.Low), 1e-9)
			}
			if k == n {
				require.Equal(t, 1.0, s.High)
			} else {
				require.InDelta(t, oneTail, atMost(k, n, s.High), 1e-9)
			}
		}
	}
	require.InDelta(t, 0.9963, share(1000, 0, 1000).Low, 1e-4, "the rule of three, of both sides")
	require.Equal(t, studied.Share{High: 1}, share(0, 0, 0))
}

// The time that a VIP is gone, held and gone in turn, against a walk by the second.
func TestGoneWithin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hold, gone := rapid.IntRange(1, 50).Draw(t, "hold"), rapid.IntRange(1, 20).Draw(t, "gone")
		length := rapid.IntRange(0, 500).Draw(t, "length")
		n := 0
		for at := range length {
			if at%(hold+gone) >= hold {
				n++
			}
		}
		require.Equal(t, time.Duration(n), goneWithin(time.Duration(length), time.Duration(hold), time.Duration(gone)))
	})
}

// The frontier against the definition.
func TestFrontier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var cells []studied.Answer
		for i := range rapid.IntRange(1, 30).Draw(t, "n") {
			cells = append(cells, studied.Answer{Cell: i, Outage: studied.Outage{Faults: float64(rapid.IntRange(0, 9).Draw(t, "outage"))},
				False: studied.False{Loss: float64(rapid.IntRange(0, 9).Draw(t, "false"))}})
		}
		var want []int
		for i, c := range cells {
			worse := slices.ContainsFunc(cells, func(d studied.Answer) bool {
				o, f := cmp.Compare(d.Outage.Sum(), c.Outage.Sum()), cmp.Compare(d.False.Sum(), c.False.Sum())
				return o <= 0 && f <= 0 && (o < 0 || f < 0 || d.Cell < c.Cell)
			})
			if !worse {
				want = append(want, i)
			}
		}
		var indices []int
		for i := range cells {
			indices = append(indices, i)
		}
		got := frontier(cells, indices)
		require.True(t, slices.IsSortedFunc(got, func(a, b int) int { return cmp.Compare(cells[a].Outage.Sum(), cells[b].Outage.Sum()) }))
		slices.Sort(got)
		require.Equal(t, want, got)
	})
}
