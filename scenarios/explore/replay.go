package explore

import (
	"fmt"
	"slices"
	"time"

	"ipwsim/core"
)

// Line is what a node did, or what was done to it.
type Line struct {
	At   time.Duration
	Node int
	Text string
}

// replay goes the way of the choices again, to its end, and writes down what happens.
func replay(c *rules, last *choice, end time.Duration) (lines []Line) {
	var trail []*choice
	for s := last; s != nil; s = s.before {
		trail = append(trail, s)
	}
	slices.Reverse(trail)
	w := newWorld(c, len(trail))
	w.lines = &lines
	for {
		at, due := w.next(nil)
		if at == never || at > end && len(trail) == 0 {
			return lines
		}
		if len(trail) == 0 || trail[0].after != w.happened {
			w.wait(at, &Longest{})
			w.happen(due[0])
			continue
		}
		w.choose(trail[0], at, due)
		trail = trail[1:]
	}
}

// choose goes another way than the plain one.
func (w *world) choose(s *choice, at time.Duration, due []event) {
	if s.What != Reordered {
		defer w.say(s.Node, string(s.What))
	}
	if w.redo(s) {
		return
	}
	w.wait(at, &Longest{})
	if s.What == Reordered {
		w.happen(due[s.VIP])
		return
	}
	w.spoil(due[slices.IndexFunc(due, func(e event) bool {
		return int(e.node) == s.Node && int(e.vip) == s.VIP && slices.Contains(passing(e), s.What)
	})], s.What)
}

// redo does a deed that lasts; false where it is none.
func (w *world) redo(s *choice) bool {
	for _, d := range lasting {
		if d.what == s.What {
			w.wait(s.At, &Longest{})
			w.depart(s.Departure)
			d.do(w, s.Node)
			w.judge()
			return true
		}
	}
	return false
}

func (w *world) say(node int, text string) {
	if w.lines != nil {
		*w.lines = append(*w.lines, Line{w.now, node, text})
	}
}

// sayAction writes down what a watcher has decided, and says to its peer.
func (w *world) sayAction(i int, a core.Action) {
	switch a := a.(type) {
	case core.StateChanged:
		w.say(i, fmt.Sprintf("%v: %s (%s)", a.State, a.Why, a.Why.Rule()))
	case core.AskPeer:
		w.say(i, "asks for it")
	case core.AnswerPeer:
		w.say(i, "answers: "+a.Answer.String())
	}
}
