package search

import (
	"encoding/json"
	"reflect"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// shrinker makes a case smaller that fails: fewer faults, fewer and simpler machines, rounder times.
type shrinker struct {
	Case
	replan func(Case) (Case, error)              // with all that follows from its world, its faults, Hold and whether it pulls
	fails  func(*Case) (t *trace.Trace, is bool) // in the same way, and what it did; nil: it crashed
	left   int                                   // cases that it may still try
	tried  map[string]bool                       // those that were not taken
	trace  *trace.Trace                          // of the last that was
}

// mostTries bounds what a failure costs: most take fewer than a hundred.
const mostTries = 400

// few are the faults of a story that is short enough.
const few = 4

// shrink is the smaller case.
func shrink(c Case, replan func(Case) (Case, error), fails func(*Case) (*trace.Trace, bool)) Case {
	s := &shrinker{Case: c, replan: replan, fails: fails, left: mostTries, tried: map[string]bool{}}
	for changed := true; changed; {
		changed = s.pull()
		changed = s.fewer() || changed
		changed = s.heals() || changed
		changed = s.simpler() || changed
		changed = s.rounder() || changed
		if !changed && len(s.Faults) > few {
			changed = s.aimed() || s.pairs()
		}
	}
	return s.Case
}

// try takes the case that a change makes if it fails, and was not tried before.
func (s *shrinker) try(change func(c *Case)) bool {
	next, ok := s.changed(change)
	if !ok || s.tried[next.key()] {
		return false
	}
	_, taken := s.play(next)
	return taken
}

// changed is the case that a change makes.
func (s *shrinker) changed(change func(c *Case)) (next Case, ok bool) {
	next = s.Case
	change(&next)
	next, err := s.replan(next)
	return next, err == nil
}

// play takes a case if it fails, and tells what it did.
func (s *shrinker) play(next Case) (t *trace.Trace, taken bool) {
	if s.left == 0 {
		return nil, false
	}
	s.left--
	t, taken = s.fails(&next)
	if taken {
		s.Case, s.trace = next, t
	} else {
		s.tried[next.key()] = true
	}
	return t, taken
}

// key tells a case from others.
func (c *Case) key() string {
	text, err := json.Marshal(c)
	if err != nil {
		panic(err) // it is plain values
	}
	return string(text)
}

func (s *shrinker) pull() bool {
	return s.Pull > 0 && s.try(func(c *Case) { c.Pull = 0 })
}

// fewer leaves faults out, many at once first.
func (s *shrinker) fewer() (changed bool) {
	for size := max(1, len(s.Faults)/2); size > 0; size /= 2 {
		for i := 0; i < len(s.Faults); {
			if s.try(func(c *Case) { c.Faults = slices.Concat(c.Faults[:i], c.Faults[min(i+size, len(c.Faults)):]) }) {
				changed = true
			} else {
				i += size
			}
		}
	}
	return changed
}

// heals has the faults undone at another time than right after the last of them: that may be there for no more than to put
// it off, or for what the healing does, too.
func (s *shrinker) heals() (changed bool) {
	for i := 1; i < len(s.Faults); i++ {
		for _, hold := range []time.Duration{s.Faults[i].At, s.HealAt} {
			if s.try(func(c *Case) { c.Faults, c.Hold = c.Faults[:i], hold }) {
				return true
			}
		}
	}
	return s.Hold > 0 && s.try(func(c *Case) { c.Hold = 0 })
}

// simpler makes the world simpler.
func (s *shrinker) simpler() (changed bool) {
	for _, simplify := range s.World.simpler() {
		w := s.World.clone()
		simplify(&w)
		if !reflect.DeepEqual(w, s.World) && s.try(func(c *Case) { c.World = w }) {
			changed = true
		}
	}
	return s.fewerClients() || changed
}

// fewerClients has the first do what others did.
func (s *shrinker) fewerClients() bool {
	for as := range s.World.Clients {
		if len(s.World.Clients) > 1 && s.try(func(c *Case) { c.joinClients(1, as) }) {
			return true
		}
	}
	for left := 2; left < len(s.World.Clients); left++ {
		if s.try(func(c *Case) { c.joinClients(left, 0) }) {
			return true
		}
	}
	return false
}

// rounder gives the faults rounder times, and brings them nearer.
func (s *shrinker) rounder() (changed bool) {
	for i := range s.Faults {
		for _, unit := range []time.Duration{10 * time.Second, time.Second, 100 * time.Millisecond} {
			round := slices.Clone(s.Faults)
			round[i].At = max(round[i].At.Round(unit), time.Second)
			if i > 0 && round[i].At < round[i-1].At || i < len(round)-1 && round[i].At > round[i+1].At || round[i].At == s.Faults[i].At {
				continue
			}
			if s.try(func(c *Case) { c.Faults = round }) {
				changed = true
				break
			}
		}
	}
	return changed
}
