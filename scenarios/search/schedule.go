package search

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// Fault is one thing done. A schedule of them is the second half of a case: each stands for itself, so that one can be
// left out and nothing else shifts.
type Fault struct {
	At   time.Duration
	Verb string
	Rest string // what follows the verb
}

// verbs are those that are drawn, the common ones more often.
var verbs = append(slices.Sorted(maps.Keys(vocabulary)), common...)

// drawFault draws one at that time; false where the cluster has nothing to do it to.
func drawFault(d drawing, at time.Duration) (Fault, bool) {
	name := one(d.draws, verbs...)
	if d.mail && d.chance(25) {
		name = one(d.draws, mails...)
	}
	rest := vocabulary[name](d)
	return Fault{At: at, Verb: name, Rest: rest}, rest != "" || name == "unrule"
}

// mended is what undoes the fault, a while later; false where nothing does.
func (f Fault) mended(d drawing) (Fault, bool) {
	name, ok := mends[f.Verb]
	if !ok {
		return Fault{}, false
	}
	rest := f.Rest
	if f.Verb != "usurp" && f.Verb != "answer" && f.Verb != "share-crash" {
		rest = strings.Fields(f.Rest)[0]
	}
	if f.Verb == "share-crash" {
		rest = " "
	}
	return Fault{At: f.At + d.pause(), Verb: name, Rest: rest}, true
}

// pause draws how long it is from one fault to another: at once, within a poll, an interval, or longer.
func (d drawing) pause() time.Duration {
	return one(d.draws, 0, d.upTo(time.Second), d.upTo(2*d.timeout), d.upTo(d.interval), d.upTo(2*d.interval), d.interval+d.upTo(d.interval), d.upTo(4*d.interval))
}

// span is for how long faults come.
func (p *place) span() time.Duration { return 4*p.interval + 10*time.Second }

// plotPercent is how many of the cases have a plot.
func plotPercent(p *place) int {
	if p.mail {
		return 90
	}
	return 65
}

// drawFaults draws a schedule: times anywhere, what undoes a fault mostly with it. Where a switch remembers it is often
// empty, for only then can a switch of nodes be demanded.
func drawFaults(d drawing) []Fault {
	var all []Fault
	if d.remembers && d.chance(50) {
		return nil
	}
	many, until := 1+d.below(7), d.span()
	if d.chance(plotPercent(d.place)) {
		all = d.plotted()
		many, until = d.below(6), min(until, all[len(all)-1].At+d.interval) // more would disturb it
	}
	if d.mail {
		all = append(d.traffic(all), all...)
	}
	all = append(all, d.singly(many, until, all)...)
	sortFaults(all)
	return all
}

// singly draws so many faults up to a time, most of them soon after one that is there.
func (d drawing) singly(many int, until time.Duration, there []Fault) (all []Fault) {
	for range many {
		at := d.upTo(until)
		if there := slices.Concat(there, all); len(there) > 0 && d.chance(60) {
			at = min(there[d.below(len(there))].At+d.pause(), until)
		}
		f, ok := drawFault(d, at)
		if !ok {
			continue
		}
		all = append(all, f)
		if back, ok := f.mended(d); ok && d.chance(70) && back.At < d.span() {
			all = append(all, back)
		}
	}
	return all
}

func sortFaults(all []Fault) {
	slices.SortStableFunc(all, func(a, b Fault) int { return cmp.Compare(a.At, b.At) })
}
