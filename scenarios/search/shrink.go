package search

import (
	"reflect"
	"slices"
	"time"
)

// shrink makes a case smaller that fails: fewer faults, fewer and simpler machines, rounder times, as long as try says
// that it fails in the same way.
func shrink(c Case, replan func(World, []Fault, bool) (Case, error), fails func(*Case) bool) Case {
	attempt := func(w World, faults []Fault, pull bool) bool {
		next, err := replan(w, faults, pull)
		if err != nil || !fails(&next) {
			return false
		}
		c = next
		return true
	}
	for changed := true; changed; {
		changed = false
		if c.Pull > 0 && attempt(c.World, c.Faults, false) {
			changed = true
		}
		for size := max(1, len(c.Faults)/2); size > 0; size /= 2 {
			for i := 0; i < len(c.Faults); {
				rest := slices.Concat(c.Faults[:i], c.Faults[min(i+size, len(c.Faults)):])
				if attempt(c.World, rest, c.Pull > 0) {
					changed = true
				} else {
					i += size
				}
			}
		}
		for _, simplify := range simpler {
			w := c.World.clone()
			simplify(&w)
			if !reflect.DeepEqual(w, c.World) && attempt(w, c.Faults, c.Pull > 0) {
				changed = true
			}
		}
		if rounder(&c, attempt) {
			changed = true
		}
	}
	return c
}

// rounder gives the faults rounder times, and brings them nearer.
func rounder(c *Case, attempt func(World, []Fault, bool) bool) (changed bool) {
	for i := range c.Faults {
		for _, unit := range []time.Duration{10 * time.Second, time.Second, 100 * time.Millisecond} {
			round := slices.Clone(c.Faults)
			round[i].At = max(round[i].At.Round(unit), time.Second)
			if i > 0 && round[i].At < round[i-1].At || i < len(round)-1 && round[i].At > round[i+1].At || round[i].At == c.Faults[i].At {
				continue
			}
			if attempt(c.World, round, c.Pull > 0) {
				changed = true
				break
			}
		}
	}
	return changed
}
