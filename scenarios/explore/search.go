package explore

import (
	"context"
	"slices"
	"time"
)

// just is how long before or after an event something happens that is to come just before or after it.
const just = 10 * time.Millisecond

// explorer follows all ways.
type explorer struct {
	ctx    context.Context
	c      *rules
	bound  Bound
	result Result
	seen   map[[16]byte]int32 // by state the first of its marks
	marks  []linked           // the first is none
	buffer []byte
	until  time.Duration // no way is followed further
	first  *world        // the soonest that is broken
}

// explore follows all ways with at most so many departures.
func (x *explorer) explore(departures int) {
	x.until = never
	if x.bound.Time > 0 {
		x.until = x.bound.Time
	}
	x.seen, x.marks = map[[16]byte]int32{}, make([]linked, 1)
	x.first = nil
	x.result.Complete, x.result.CutBy = true, ""
	x.follow(newWorld(x.c, departures))
	x.result.States = len(x.seen)
	if !x.ended() || x.first != nil {
		x.result.Departures = departures
	}
	if x.first != nil {
		x.result.Broken = x.first.story()
	}
	x.report()
}

func (x *explorer) report() {
	if x.bound.Progress != nil {
		x.result.States = len(x.seen)
		x.bound.Progress(x.result)
	}
}

func (x *explorer) cut(by Cut) {
	x.result.Complete = false
	if !x.ended() {
		x.result.CutBy = by
	}
}

// follow goes on from there: the plain course to its end, and all that depart from it.
func (x *explorer) follow(w *world) {
	for {
		at, due := w.next(nil)
		if at > w.now {
			if x.known(w) {
				return
			}
			x.depart(w, at)
			if at == never {
				return // nothing will ever happen
			}
			if w.wait(at, &x.result.Longest); x.broken(w) {
				return
			}
		} else if len(due) > 1 && x.known(w) {
			return
		}
		if at > x.until {
			x.cut(CutByTime)
			return
		}
		for i, e := range due {
			if w.left > 0 {
				for _, what := range passing(e) {
					c := w.clone()
					c.spoil(e, what)
					x.follow(c)
				}
			}
			if i > 0 {
				c := w.clone()
				c.tied, c.trail = true, &choice{Departure{c.now, Reordered, int(e.node), i}, c.happened, c.trail}
				if x.happens(c, e) {
					x.follow(c)
				}
			}
		}
		if !x.happens(w, due[0]) || x.stopped() {
			return
		}
	}
}

// happens takes an event, and says whether all is well.
func (x *explorer) happens(w *world, e event) bool {
	x.result.Transitions++
	if x.result.Transitions%(1<<20) == 0 {
		x.report()
	}
	w.happen(e)
	return !x.broken(w)
}

// stopped says whether a bound is reached.
func (x *explorer) stopped() bool {
	if x.result.Transitions%1024 == 0 && x.ctx.Err() != nil {
		x.cut(CutByInterrupted)
	}
	return x.ended()
}

// ended says whether a bound is reached that ends all.
func (x *explorer) ended() bool {
	return x.result.CutBy == CutByStates || x.result.CutBy == CutByInterrupted
}

// known says whether all that can come from here has been seen.
func (x *explorer) known(w *world) bool {
	var key [16]byte
	x.buffer, key = w.key(x.buffer)
	m := w.mark()
	first := x.seen[key]
	for i := first; i != 0; i = x.marks[i].next {
		if x.marks[i].covers(&m) {
			return true
		}
	}
	for i := first; i != 0; i = x.marks[i].next {
		if m.covers(&x.marks[i].mark) {
			x.marks[i].mark = m
			return x.stopped()
		}
	}
	if len(x.marks) > x.bound.States {
		x.cut(CutByStates)
		return true
	}
	x.marks = append(x.marks, linked{m, first})
	x.seen[key] = int32(len(x.marks) - 1)
	return x.stopped()
}

// linked is one of a state's marks, none of which covers another.
type linked struct {
	mark
	next int32 // 0: none
}

// depart lets each thing happen that can before the next event: just after the last one, just before the next, and at the
// moment of the next, before it.
func (x *explorer) depart(w *world, next time.Duration) {
	if w.left == 0 {
		return
	}
	moments := []time.Duration{w.now + just}
	if next != never && next-w.now > 2*just {
		moments = append(moments, next-just)
	}
	if next != never {
		moments = append(moments, next)
	}
	if next-w.now <= just {
		moments = moments[1:]
	}
	for k, at := range moments {
		for i := range w.nodes {
			for _, d := range lasting {
				if k > 0 && !d.clocks || !d.can(w, &w.nodes[i]) {
					continue
				}
				c := w.clone()
				if c.wait(at, &x.result.Longest); x.broken(c) {
					continue
				}
				c.depart(Departure{at, d.what, i, 0})
				d.do(c, i)
				c.judge()
				x.result.Transitions++
				if !x.broken(c) {
					x.follow(c)
				}
				if x.stopped() {
					return
				}
			}
		}
	}
}

// broken notes a way that ends here with a break, if it is the soonest, one that needs no luck before all that do.
func (x *explorer) broken(w *world) bool {
	if w.broken == nil {
		return false
	}
	if x.first == nil || !w.tied && x.first.tied || w.tied == x.first.tied && w.broken.At < x.first.broken.At {
		x.first = w
	}
	return true
}

// story is the break with the way to it.
func (w *world) story() *Break {
	b := *w.broken
	b.Tied = w.tied
	for s := w.trail; s != nil; s = s.before {
		if s.What != Reordered {
			b.Trail = append(b.Trail, s.Departure)
		}
	}
	slices.Reverse(b.Trail)
	b.Log = replay(w.c, w.trail, b.At)
	return &b
}
