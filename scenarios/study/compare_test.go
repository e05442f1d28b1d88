package study

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/sim/studied"
)

// The sign test against all 2^n outcomes.
func TestSignTest(t *testing.T) {
	for n := 1; n <= 12; n++ {
		for longer := range n + 1 {
			as := 0
			for coins := range 1 << n {
				heads := 0
				for i := range n {
					heads += coins >> i & 1
				}
				if math.Abs(float64(2*heads-n)) >= math.Abs(float64(2*longer-n)) {
					as++
				}
			}
			var a, b studied.Rows
			for i := range n {
				a = append(a, studied.Row{Seed: uint64(i), Failover: 10}.Pack())
				b = append(b, studied.Row{Seed: uint64(i), Failover: 10 + 2*boolTo(i < longer) - 1}.Pack())
			}
			require.InDelta(t, float64(as)/float64(int(1)<<n), paired(a, b, failoverOf).Significance, 1e-9, "%d of %d", longer, n)
		}
	}
}

// Runs without an answer count where they must have been longer, and their pairs are told where not.
func TestPairsWithoutAnAnswer(t *testing.T) {
	a := pack([]studied.Row{{Seed: 1, Failover: 10}, {Seed: 2, Failover: 50, FailoverOpen: true}, {Seed: 3, Failover: 50, FailoverOpen: true},
		{Seed: 4, Failover: 50, FailoverOpen: true}, {Seed: 5, Failover: math.NaN()}, {Seed: 6, Failover: 7}, {Seed: 8, Failover: 9}}...)
	b := pack([]studied.Row{{Seed: 6, Failover: 8}, {Seed: 5, Failover: 1}, {Seed: 4, Failover: 60}, {Seed: 3, Failover: 50, FailoverOpen: true},
		{Seed: 2, Failover: 20}, {Seed: 1, Failover: 50, FailoverOpen: true}, {Seed: 7, Failover: 9}}...)
	p := paired(a, b, failoverOf)
	require.Equal(t, []int{3, 2, 2, 1}, []int{p.Pairs, p.Unknown, p.Longer, p.Shorter})
	require.Equal(t, 1.0, *p.Median)
	require.Nil(t, p.Mean)
	require.Nil(t, p.Low)
}

// A shift of all values is a shift of the median and the mean, their intervals with them; the sides change places
// with the sign.
func TestPairedProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(10, 60).Draw(t, "n")
		shift := rapid.Float64Range(1, 50).Draw(t, "shift")
		var a, b, c studied.Rows
		for i := range n {
			v := rapid.Float64Range(0, 100).Draw(t, "v")
			w := rapid.Float64Range(0, 100).Draw(t, "w")
			a = append(a, studied.Row{Seed: uint64(i), Failover: v}.Pack())
			b = append(b, studied.Row{Seed: uint64(i), Failover: w}.Pack())
			c = append(c, studied.Row{Seed: uint64(i), Failover: w + shift}.Pack())
		}
		p, moved, back := paired(a, b, failoverOf), paired(a, c, failoverOf), paired(b, a, failoverOf)
		require.InDelta(t, *p.Median+shift, *moved.Median, 1e-9)
		require.InDelta(t, *p.Low+shift, *moved.Low, 1e-9)
		require.InDelta(t, *p.MeanHigh+shift, *moved.MeanHigh, 1e-9)
		require.InDelta(t, *p.Mean, -*back.Mean, 1e-9)
		require.InDelta(t, *p.High, -*back.Low, 1e-9)
		require.Equal(t, p.Longer, back.Shorter)
		require.Equal(t, p.Significance, back.Significance)
		require.Equal(t, p, paired(a, b, failoverOf), "the bootstrap draws the same each time")
		require.LessOrEqual(t, *p.MeanLow, *p.Mean)
		require.LessOrEqual(t, *p.Mean, *p.MeanHigh)
	})
}

// The bootstrap's interval holds the true mean in about 95 % of samples.
func TestBootstrapCovers(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	hits := 0
	for range 200 {
		var values []float64
		for range 50 {
			values = append(values, random.NormFloat64()+3)
		}
		if _, low, high := bootstrap(values); *low <= 3 && 3 <= *high {
			hits++
		}
	}
	require.Greater(t, hits, 180)
	require.Less(t, hits, 200)
}

// Pairs are those of the seeds, and what the comparison says of them is what a walk over them says; what changes
// nothing is the same for every seed, which only pairs can tell.
func TestCompareIsPaired(t *testing.T) {
	p := planOf(t, 40, []string{"interval", "10s", "20s"}, []string{"release-time", "30", "60"})
	dir := t.TempDir()
	require.NoError(t, p.Write(dir, execute(t, p, dir, 2), nil))
	r, err := Load(dir)
	require.NoError(t, err)
	side := func(cell int) Side {
		s, err := SideOfStudy(r, "study", cell)
		require.NoError(t, err)
		return s
	}
	a, b := side(1), side(3)
	c, err := Compare(a, b)
	require.NoError(t, err)
	var diffs []float64
	for k := range 40 {
		diffs = append(diffs, ran(&p.cells[3], p.SeedOf(k)).Failover-ran(&p.cells[1], p.SeedOf(k)).Failover)
	}
	slices.Sort(diffs)
	require.Equal(t, []float64{diffs[19], diffs[13], diffs[26]}, []float64{*c.Failover.Median, *c.Failover.Low, *c.Failover.High})
	require.Equal(t, []studied.Change{{Setting: "interval", A: "10s", B: "20s"}, {Setting: "values", A: "10s 60", B: "20s 60"}}, c.Changed)
	require.Equal(t, 40, c.Failover.Longer)
	same, err := Compare(side(2), side(3))
	require.NoError(t, err)
	require.Equal(t, []int{40, 0, 0}, []int{same.Failover.Pairs, same.Failover.Longer, same.Failover.Shorter})
	require.Empty(t, same.Most)

	for _, s := range c.Most {
		require.InDelta(t, ran(&p.cells[3], s.Seed).Failover, s.B.Seconds, 1e-12, "the command shows this run")
	}
	require.Equal(t, "study --cell 3", c.B.Show)
	require.Equal(t, []studied.Who{{Client: "client", VIP: "192.168.10.202", Runs: 40}}, c.B.For)
	_, err = SideOfStudy(r, "study", 4)
	require.EqualError(t, err, "study: found cell 4, expected 0 to 3")
	other := b
	other.Rows = pack(studied.Row{Seed: 77, Failover: 1})
	_, err = Compare(a, other)
	require.ErrorContains(t, err, "have no seed with a failover in common")
}

// Cells of two studies are matched by their values.
func TestMatch(t *testing.T) {
	study := func(axis string, values ...string) *studied.Study {
		r := &studied.Study{Plan: studied.Plan{Axes: []studied.Axis{{Name: axis, Values: values}}}}
		for i, v := range values {
			r.Cells = append(r.Cells, studied.Cell{Index: i, Values: []string{v}})
		}
		return r
	}
	for _, c := range []struct {
		a, b *studied.Study
		want [][2]int
		err  string
	}{
		{study("interval", "5s", "10s"), study("interval", "10s", "20s", "5s"), [][2]int{{0, 2}, {1, 0}}, ""},
		{study("interval", "5s"), study("loss", "1%"), [][2]int{{0, 0}}, ""},
		{study("interval", "5s", "6s"), study("loss", "1%"), nil, "the studies have other axes (interval; loss); expected the same, or --cells"},
		{study("interval", "5s", "6s"), study("interval", "7s"), nil, "the studies have no cell with the same values; expected some, or --cells"},
	} {
		got, err := Match(c.a, c.b)
		require.Equal(t, c.want, got)
		if c.err != "" {
			require.EqualError(t, err, c.err)
		}
	}
}

// Clusters are run with the same seeds as a study of them.
func TestSideOfCluster(t *testing.T) {
	bp := shippedCluster(t, "guide")
	d := NewDraft()
	d.Runs, d.Seed = 3, 9
	s, err := SideOfCluster(context.Background(), "our", bp, d, Options{Workers: 2})
	require.NoError(t, err)
	p := planOn(t, bp, 3)
	p.Seed = 9
	require.Len(t, s.Rows, 3)
	require.Equal(t, ran(&p.cells[0], p.SeedOf(2)), *s.Rows[2].Row())
	d.Runs = 0
	_, err = SideOfCluster(context.Background(), "our", bp, d, Options{Workers: 2})
	require.ErrorContains(t, err, "runs: found 0, expected 1 to 1000000")
}
