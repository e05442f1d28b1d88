package facts

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// H18: the bounds of a node whose clock was slow end later, those of one whose clock was fast begin earlier, and others'
// stay as they are. The maker measured with clocks that are right.
func TestH18_BoundsAllowForTheDrift(t *testing.T) {
	right := Read(story.FailsOver(34))
	require.Same(t, right.HeaderAt(0), right.Slowest(0))
	require.True(t, right.AsGuide(0))
	for _, c := range []struct {
		ppm         int64
		least, most float64
	}{{-20_000, 33.1, 37.1 + 37*(1/.98-1)}, {20_000, 33.1 - 33.2*(1-1/1.02), 37.1}} {
		s := story.Guide()
		s.Add("standby", trace.Drift{PPM: c.ppm}).Add("standby", trace.Drift{}) // right again: it was so
		f := Read(s.End(10))
		require.False(t, f.AsGuide(0))
		b := f.TakeTime("standby", 0, Sighting{})
		require.InDelta(t, c.least, b.Least.Seconds(), 1e-6)
		require.InDelta(t, c.most, b.Most.Seconds(), 1e-6)
		require.Equal(t, right.TakeTime("active", 0, Sighting{}), f.TakeTime("active", 0, Sighting{}))
		require.Equal(t, c.ppm < 0, Settling(f.Slowest(0)) > Settling(f.Header))
	}
}
