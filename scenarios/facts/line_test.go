package facts

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// anyLine draws stretches in order and apart, between 0 and 20 s.
func anyLine(t *rapid.T) (l Line) {
	cuts := rapid.SliceOfNDistinct(rapid.IntRange(0, 20), 0, 8, rapid.ID).Draw(t, "cuts")
	slices.Sort(cuts)
	for pair := range slices.Chunk(cuts, 2) {
		if len(pair) == 2 {
			l = append(l, span(float64(pair[0]), float64(pair[1])))
		}
	}
	return l
}

// Each instant between two whole seconds is so as the definition says.
func TestLine_IsWhatHoldsAtEachTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyLine(t), anyLine(t)
		from, to := rapid.IntRange(0, 10).Draw(t, "from"), rapid.IntRange(10, 20).Draw(t, "to")
		without, joined, within := a.Without(b), a.Join(b), a.Within(seconds(float64(from)), seconds(float64(to)))
		all, any := true, false
		for half := range 20 {
			at := time.Duration(half)*time.Second + time.Second/2
			inside := half >= from && half < to
			require.Equal(t, a.At(at) && !b.At(at), without.At(at))
			require.Equal(t, a.At(at) || b.At(at), joined.At(at))
			require.Equal(t, a.At(at) && inside, within.At(at))
			all, any = all && (!inside || a.At(at)), any || inside && a.At(at)
		}
		require.Equal(t, any, a.Touches(seconds(float64(from)), seconds(float64(to))))
		if from < to && !touching(a) {
			require.Equal(t, all, a.Covers(seconds(float64(from)), seconds(float64(to))))
		}
		requireApart(t, without)
		requireApart(t, joined)
	})
}

func touching(l Line) bool {
	for i := 1; i < len(l); i++ {
		if l[i-1].To == l[i].From {
			return true
		}
	}
	return false
}

func requireApart(t require.TestingT, l Line) {
	for i, s := range l {
		require.Less(t, s.From, s.To)
		require.True(t, i == 0 || l[i-1].To <= s.From)
	}
}

func TestRecorder(t *testing.T) {
	var r recorder[string]
	r.set(1, "")
	r.set(2, "a")
	r.set(3, "a")
	r.set(4, "b")
	r.set(5, "")
	r.set(7, "a")
	require.Equal(t, []stretch[string]{{2, 4, "a"}, {4, 5, "b"}, {7, 9, "a"}}, r.until(9))
	require.Equal(t, []stretch[string]{{2, 4, "a"}, {4, 5, "b"}, {7, 8, "a"}}, r.until(8), "it can be asked again")
	require.Equal(t, Line{{From: 2, To: 4}, {From: 4, To: 5}, {From: 7, To: 8}}, lineOf(&r, 8))
}
