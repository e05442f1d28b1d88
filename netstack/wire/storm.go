package wire

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ipwsim/core/diag"
)

// mostFrames is how many frames may be sent in one second of virtual time, besides those that every station may send
// to every other: no traffic of a cluster comes near. More is a storm, which would take all memory.
const mostFrames = 1_000_000

// suspicious is from how many frames in a second on a ring of switches is looked for: in one a broadcast goes round for
// ever, and each new one adds to it.
const suspicious = 10_000

// load counts the frames of a second, and those on their way.
type load struct {
	most   int // mostFrames, but in tests
	since  time.Duration
	frames int
	flying int // a large frame is several
	halted bool
}

// most is how many frames a second may have, or be on their way.
func (n *Network) most() int { return n.load.most + 4*len(n.cables)*len(n.cables) }

// heavy counts frames that are sent now; true when there are too many, and the world halts.
func (n *Network) heavy(now time.Duration, frames int) bool {
	l := &n.load
	if now-l.since >= time.Second || now < l.since {
		l.since, l.frames = now, 0
	}
	before := l.frames
	l.frames += frames
	if before < suspicious && l.frames >= suspicious && !l.halted {
		if ring := n.ring(); ring != nil {
			n.halt(suspicious, now, ringed(ring))
		}
	}
	if most := n.most(); l.frames > most && !l.halted {
		n.halt(most, now, n.culprit(l.frames))
	}
	return l.halted
}

func (n *Network) halt(most int, now time.Duration, why diag.Text) {
	n.load.halted = true
	n.s.Halt(diag.Errorf("more than %d frames in one second of virtual time, at %v: %w", most, now, why))
}

// weight is what a frame on its way is of the frames that may be.
func (f *Frame) weight() int { return 1 + len(f.B)/256 }

// leave counts a frame on its way, until it arrives. The world halts when there are too many: a delay holds more and
// more of them.
func (n *Network) leave(f *Frame) {
	n.load.flying += f.weight()
	f.cable.flying[1-f.to] += f.weight()
	if most := n.most(); n.load.flying > most && !n.load.halted {
		n.load.halted = true
		n.s.Halt(diag.Errorf("more than %d frames on their way at once, at %v: %w", most, n.s.Now(), n.holder()))
	}
}

func (n *Network) arrive(f *Frame) {
	n.load.flying -= f.weight()
	f.cable.flying[1-f.to] -= f.weight()
}

// holder says what holds frames on their way: a ring, the rule that has delayed most where most are, or that cable.
func (n *Network) holder() diag.Text {
	if ring := n.ring(); ring != nil {
		return ringed(ring)
	}
	cable, end := n.cables[0], 0
	for _, c := range n.cables {
		for i := range c.ends {
			if c.flying[i] > cable.flying[end] {
				cable, end = c, i
			}
		}
	}
	var most *ActiveRule
	for _, a := range n.rules {
		if a.rule.Verdict.Action == Delay && a.rule.covers(cable.ends[end]) && a.hits > 0 && (most == nil || a.hits > most.hits) {
			most = a
		}
	}
	if most != nil {
		return diag.Say("the rule `%s` holds them; expected one that matches fewer or delays them less", fmt.Sprint(most.rule))
	}
	return diag.Say("most of them are on the cable %s", cable.name)
}

// culprit says what multiplies the frames of a storm.
func (n *Network) culprit(frames int) diag.Text {
	var most *ActiveRule
	for _, a := range n.rules {
		if most == nil || a.copies > most.copies {
			most = a
		}
	}
	if most != nil && most.copies >= uint64(frames)/10 {
		return diag.Say("the rule `%s` multiplies them; expected one that matches fewer or makes fewer copies", fmt.Sprint(most.rule))
	}
	busy := slices.MaxFunc(n.cables, func(a, b *Cable) int { return a.sent() - b.sent() })
	return diag.Say("most of them are on the cable %s", busy.name)
}

// sent is how many frames both ends have put on the cable.
func (c *Cable) sent() (n int) {
	for _, p := range c.ends {
		n += int(p.count.Sent + p.count.Duplicated)
	}
	return n
}

func ringed(cables []string) diag.Text {
	return diag.Say("the cables %s form a ring, and no spanning tree opens it", strings.Join(cables, ", "))
}

// ring is the names of cables that join switches in a ring, nil when there is none.
func (n *Network) ring() []string {
	type edge struct {
		cable *Cable
		to    *Switch
	}
	tree := map[*Switch][]edge{} // of the cables that close no ring
	var path func(at, to *Switch, from *Cable) []string
	path = func(at, to *Switch, from *Cable) []string {
		for _, e := range tree[at] {
			if e.cable == from {
				continue
			}
			if e.to == to {
				return []string{e.cable.name}
			}
			if rest := path(e.to, to, e.cable); rest != nil {
				return append(rest, e.cable.name)
			}
		}
		return nil
	}
	for _, c := range n.cables {
		a, b := c.ends[0].sw, c.ends[1].sw
		if a == nil || b == nil || !c.up {
			continue
		}
		if a == b {
			return []string{c.name}
		}
		if others := path(a, b, nil); others != nil {
			return append(others, c.name)
		}
		tree[a], tree[b] = append(tree[a], edge{c, b}), append(tree[b], edge{c, a})
	}
	return nil
}
