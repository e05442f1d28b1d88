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

// load counts the frames of a second.
type load struct {
	since  time.Duration
	frames int
	halted bool
}

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
			n.halt(suspicious, now, diag.Say("the cables %s form a ring, and no spanning tree opens it", strings.Join(ring, ", ")))
		}
	}
	if most := mostFrames + 4*len(n.cables)*len(n.cables); l.frames > most && !l.halted {
		n.halt(most, now, n.culprit(l.frames))
	}
	return l.halted
}

func (n *Network) halt(most int, now time.Duration, why diag.Text) {
	n.load.halted = true
	n.s.Halt(diag.Errorf("more than %d frames in one second of virtual time, at %v: %w", most, now, why))
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
