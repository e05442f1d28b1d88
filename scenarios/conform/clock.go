package conform

import (
	"math"
	"time"

	"ipwsim/sim/trace"
)

// never is later than every time.
const never = time.Duration(math.MaxInt64)

// later is d after t, or never where that cannot be told.
func later(t, d time.Duration) time.Duration {
	if t > never-d {
		return never
	}
	return t + d
}

// exact is how far apart two times of a clock may be that are one: clocks count in whole nanoseconds, and those that run
// fast or slow are rounded.
const exact = time.Microsecond

// clock is a machine's own since its boot: it may run fast or slow (H18).
type clock struct {
	ppm   int64 // now, also of a machine without power
	paces []pace
}

// pace is how the clock counts from a virtual time on.
type pace struct {
	since, own time.Duration
	ppm        int64
}

func newClock() *clock { return &clock{paces: []pace{{}}} }

// boots begins to count anew.
func (c *clock) boots(at time.Duration) { c.paces = []pace{{since: at, own: at, ppm: c.ppm}} }

func (c *clock) drifts(at time.Duration, d trace.Drift) {
	own := c.own(at)
	c.ppm = d.PPM
	c.paces = append(c.paces, pace{since: at, own: own, ppm: d.PPM})
}

// own is what the clock counts at a virtual time since the boot.
func (c *clock) own(at time.Duration) time.Duration {
	i := len(c.paces) - 1
	for i > 0 && at < c.paces[i].since {
		i--
	}
	const million = 1_000_000
	p := c.paces[i]
	e := at - p.since
	return p.own + e + e/million*time.Duration(p.ppm) + e%million*time.Duration(p.ppm)/million
}
