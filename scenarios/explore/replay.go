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

// replay goes the way of the trail again, to its end, and writes down what happens.
func replay(c *rules, last *choice, end time.Duration) []Line {
	var trail []*choice
	for s := last; s != nil; s = s.before {
		trail = append(trail, s)
	}
	slices.Reverse(trail)
	var lines []Line
	w := newWorld(c, len(trail))
	w.lines = &lines
	for w.now < end {
		at, due := w.next(nil)
		e := due[0]
		chosen := false
		if len(trail) > 0 && trail[0].after == w.happened {
			s := trail[0]
			trail = trail[1:]
			chosen = s.What != Reordered
			switch {
			case s.What == Reordered:
				w.wait(at, &Longest{})
				e = due[s.VIP]
			case s.Node >= 0 && w.redo(s):
			default:
				w.wait(at, &Longest{})
				w.spoil(due[slices.IndexFunc(due, func(e event) bool {
					return int(e.node) == s.Node && int(e.vip) == s.VIP && slices.Contains(passing(e), s.What)
				})], s.What)
			}
			if chosen {
				w.say(s.Node, string(s.What))
			}
		}
		if !chosen {
			w.wait(at, &Longest{})
			w.happen(e)
		}
	}
	return lines
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

// sayAction writes down what a watcher wants, but for what it does all the time.
func (w *world) sayAction(i int, a core.Action) {
	if w.lines == nil {
		return
	}
	switch a := a.(type) {
	case core.StateChanged:
		w.say(i, fmt.Sprintf("%v: %s (%s)", a.State, a.Why, a.Why.Rule()))
	case core.Run:
		w.say(i, a.Command.String())
	case core.SendEcho:
		w.say(i, "echo?")
	case core.AskPeer:
		w.say(i, "asks for it")
	case core.AnswerPeer:
		w.say(i, "answers: "+a.Answer.String())
	case core.Stopped:
		w.say(i, "stopped")
	}
}
