package graph

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"ipwsim/reports/chart"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// Deed is a fault that lasts, or several of the same words, under the number that pictures have for it.
type Deed struct {
	N          int
	When, Text string
	Line       string // of the scenario
	faults     []*finding.Fault
}

// mostTimes is how many times of one deed are told.
const mostTimes = 4

// Struck are a run's faults that last, those of the same words as one.
func Struck(l words.Lang, r *finding.Run) (all []Deed) {
	t := words.Teller{Lang: l, Facts: r.Facts}
	for i := range r.Facts.Faults {
		f := &r.Facts.Faults[i]
		if !f.Lasts() {
			continue
		}
		k := slices.IndexFunc(all, func(d Deed) bool { return d.Line == f.Line() })
		if k < 0 {
			k = len(all)
			all = append(all, Deed{N: k + 1, Text: t.Did(f), Line: f.Line()})
		}
		all[k].faults = append(all[k].faults, f)
	}
	for i := range all {
		all[i].When = when(l, all[i].faults)
	}
	return all
}

// when is from when to when faults were in force.
func when(l words.Lang, faults []*finding.Fault) string {
	var all []string
	for _, f := range faults[:min(mostTimes, len(faults))] {
		from := l.Say("in-seconds", words.Shortly(f.At))
		if f.Open {
			all = append(all, l.Say("net.on", from))
			continue
		}
		all = append(all, l.Say("net.span", from, l.Say("in-seconds", words.Shortly(f.Until))))
	}
	if more := len(faults) - mostTimes; more > 0 {
		all = append(all, l.Say("net.more", more))
	}
	return strings.Join(all, l.Say("comma"))
}

// inForce says whether a fault that began is not over.
func inForce(f *finding.Fault, at time.Duration) bool { return f.At <= at && (f.Open || at < f.Until) }

// mark is what deeds up to now did to something.
func (a *artist) mark(touches func(trace.Touch) bool) (m chart.Mark) {
	var numbers []string
	for _, d := range a.struck {
		hit := false
		for _, f := range d.faults {
			if f.At <= a.at && slices.ContainsFunc(f.Touches, touches) {
				hit = true
				m.Broken = m.Broken || inForce(f, a.at)
			}
		}
		if hit {
			numbers = append(numbers, strconv.Itoa(d.N))
		}
	}
	if len(numbers) > 3 {
		numbers = append(numbers[:3], "…")
	}
	m.Numbers = strings.Join(numbers, ",")
	return m
}

// By are the deeds that had begun at a time.
func By(all []Deed, at time.Duration) []Deed {
	return slices.DeleteFunc(slices.Clone(all), func(d Deed) bool { return d.faults[0].At > at })
}
