package wire

import (
	"fmt"
	"math/rand/v2"
	"time"

	"ipwsim/core/diag"
	"ipwsim/netstack/vtime"
)

// MaxDelay bounds each delay that an impairment or a rule can add.
const MaxDelay = 24 * time.Hour

// Impairment is what a cable does to the frames of one direction (N1). The zero value does nothing.
// Probabilities are 0 to 1, delays 0 to MaxDelay.
type Impairment struct {
	Latency   time.Duration // added to the cable's own
	Jitter    time.Duration // adds 0..Jitter, uniform; it never lets a frame overtake another
	Loss      float64       // probability that a frame vanishes
	Duplicate float64       // probability that a frame arrives twice, the copy right behind
	Reorder   float64       // probability that a frame is held back while later ones overtake it
	Hold      time.Duration // a frame held back is late by 0..Hold, uniform; needed with Reorder
	Cut       bool          // frames sent from now on vanish; the link stays up
}

// Direction is one of a cable's two.
type Direction int

// The directions, after the ports given to Connect.
const (
	AToB Direction = iota
	BToA
)

// DirectionFrom is the direction of what owner sends: a station, by its port's name, or a switch.
func (c *Cable) DirectionFrom(owner string) (Direction, error) {
	a, b := c.ends[0].owner(), c.ends[1].owner()
	switch {
	case a == b:
		return 0, diag.Errorf("wire: cable %s has %s at both ends, so that it gives no direction", c.name, a)
	case owner == a:
		return AToB, nil
	case owner == b:
		return BToA, nil
	}
	return 0, diag.Errorf("wire: cable %s: found %q, expected one of its ends: %s or %s", c.name, owner, a, b)
}

// Sender is the owner of the port that sends in the direction, as DirectionFrom takes it.
func (c *Cable) Sender(d Direction) string { return c.ends[d].owner() }

// Counters are those of the port that sends in the direction.
func (c *Cable) Counters(d Direction) Counters { return c.ends[d].count }

// Impairment is what was set last.
func (c *Cable) Impairment(d Direction) Impairment {
	if w := c.ways[d]; w != nil {
		return w.set
	}
	return Impairment{}
}

// SetSeed gives the network its world's seed. Impairments that draw need it first.
func (n *Network) SetSeed(seed uint64) { n.seed, n.seeded = seed, true }

// Impair sets what the cable does to frames of the direction from now on; frames on their way are
// not touched. Draws come from the direction's own stream, "cable/<name>/<from>-><to>", and only for
// what is on: other cables never change them.
func (c *Cable) Impair(d Direction, i Impairment) error {
	if err := i.check(); err != nil {
		return diag.Errorf("wire: cable %s: %w", c.name, err)
	}
	if i.draws() && !c.net.seeded {
		return diag.Errorf("wire: cable %s: an impairment that draws needs the network's seed: call SetSeed first", c.name)
	}
	w := c.ways[d]
	if w == nil {
		if i == (Impairment{}) {
			return nil // as if never set
		}
		w = &way{last: never}
		c.ways[d] = w
	}
	if w.random == nil && i.draws() {
		w.random = vtime.Stream(c.net.seed, c.stream(d))
	}
	w.set = i
	return nil
}

func (c *Cable) stream(d Direction) string {
	from, to := c.ends[d].owner(), c.ends[1-d].owner()
	if from == to { // both ends in one switch, or stations of one name: still two streams
		to = fmt.Sprint(to, "/", int(d))
	}
	return "cable/" + c.name + "/" + from + "->" + to
}

func (i Impairment) draws() bool {
	return i.Jitter > 0 || i.Loss > 0 || i.Duplicate > 0 || i.Reorder > 0
}

func (i Impairment) check() error {
	for _, p := range []struct {
		name string
		v    float64
	}{{"loss", i.Loss}, {"duplicate", i.Duplicate}, {"reorder", i.Reorder}} {
		if !(p.v >= 0 && p.v <= 1) { // so that NaN fails too
			return diag.Errorf("%s: found %v, expected a probability of 0 to 1", p.name, p.v)
		}
	}
	for _, d := range []struct {
		name string
		v    time.Duration
	}{{"latency", i.Latency}, {"jitter", i.Jitter}, {"hold", i.Hold}} {
		if d.v < 0 || d.v > MaxDelay {
			return diag.Errorf("%s: found %v, expected 0 to %v", d.name, d.v, MaxDelay)
		}
	}
	if i.Reorder > 0 && i.Hold == 0 {
		return diag.Errorf("reorder: a hold of more than 0 is expected with it")
	}
	return nil
}

// way is one direction of a cable that is, or was, impaired.
type way struct {
	set    Impairment
	random *rand.Rand
	last   time.Duration // the latest arrival of a frame not held back
}

// never is before any time of a world.
const never = time.Duration(-1 << 63)

// transit is a frame's way over a cable.
type transit struct {
	at     time.Duration // of arrival
	copies int
	held   bool
}

// pass draws the frame's fate, or says why it is lost. Without Hold frames stay in order, also those
// sent before the impairment was lightened.
func (w *way) pass(t *transit) Reason {
	i := &w.set
	if i.Cut {
		return OneWayCut
	}
	if i.Loss > 0 && w.random.Float64() < i.Loss {
		return Loss
	}
	t.at += i.Latency
	if i.Jitter > 0 {
		t.at += w.uniform(i.Jitter)
	}
	t.at = max(t.at, w.last)
	if i.Reorder > 0 && w.random.Float64() < i.Reorder {
		t.held = true
		t.at += w.uniform(i.Hold)
	} else {
		w.last = t.at
	}
	if i.Duplicate > 0 && w.random.Float64() < i.Duplicate {
		t.copies = 1
	}
	return ""
}

// uniform draws from 0..most.
func (w *way) uniform(most time.Duration) time.Duration {
	return time.Duration(w.random.Int64N(int64(most) + 1))
}
