package reports

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// answer is what an operator asked for, in plain words.
func (v *studyView) answer() (all []studyLine) {
	w := v.s.Want
	if w == nil {
		return append(v.plain(), v.mind()...)
	}
	var clauses []string
	for _, c := range w.Clauses {
		clauses = append(clauses, c.Text)
	}
	all = append(all, studyLine{Head: "Wanted", Text: strings.Join(clauses, ", ")})
	if w.Setting == "" {
		all = append(all, studyLine{Head: "Answer", Text: fmt.Sprintf("No setting of the %d is sure to keep this.", w.Settings)})
	} else {
		all = append(all, studyLine{Head: "Fastest setting that keeps this", Text: w.Setting, Link: v.link(w.Cells[0])},
			studyLine{Head: "Tried alone, with fresh seeds", Text: verdictText(w.Confirmed)})
	}
	all = append(all, studyLine{Head: "Today’s setting (" + v.s.Today + ")", Text: verdictText(w.Verdict)})
	for n := range min(len(w.Today), len(w.Cells)) {
		head := "Today’s setting against it"
		if len(w.Today) > 1 && n < len(v.s.Frontiers) {
			head += " with " + v.s.Frontiers[n].Condition
		}
		all = append(all, studyLine{Head: head, Text: difference(&w.Today[n], &v.s.Cells[w.Cells[n]])})
	}
	return append(all, v.mind()...)
}

// mind warns of conditions under which nothing can make a fast setting risky.
func (v *studyView) mind() (all []studyLine) {
	for _, f := range v.s.Frontiers {
		if slices.ContainsFunc(f.All, func(i int) bool { return v.s.Cells[i].False.Sum() > 0 }) {
			continue
		}
		head := "Mind"
		if len(v.s.Frontiers) > 1 {
			head += ", with " + f.Condition
		}
		all = append(all, studyLine{Head: head, Rest: nothingLost})
	}
	return all
}

func verdictText(verdict string) string {
	switch verdict {
	case "kept":
		return "it keeps the promise"
	case "broken":
		return "it breaks the promise"
	}
	return "unsure: more runs decide"
}

// difference is what one setting costs against another.
func difference(today, other *StudyCell) string {
	text := fmt.Sprintf("%s of outage a year; false take-overs: %s instead of %s",
		moreOrLess("%.0f s", today.Outage.Sum()-other.Outage.Sum()), rateWords(today.False.Sum()), rateWords(other.False.Sum()))
	a, known := today.Failover.Median.Value.known()
	b, both := other.Failover.Median.Value.known()
	if known && both {
		text += fmt.Sprintf("; its median failover takes %s", moreOrLess("%.1f s", a-b))
	}
	return text
}

func moreOrLess(form string, v float64) string {
	text := fmt.Sprintf(form, math.Abs(v))
	if v < 0 {
		return text + " less"
	}
	return text + " more"
}

// plain is the answer where nothing was asked: of each condition today's setting, the fastest, and the fastest that
// hardly ever takes a healthy address.
func (v *studyView) plain() (all []studyLine) {
	for _, f := range v.s.Frontiers {
		with := ""
		if len(v.s.Frontiers) > 1 {
			with = ", with " + f.Condition
		}
		today := -1
		for _, i := range f.All {
			if v.s.Cells[i].Today {
				today = i
			}
		}
		switch {
		case today >= 0:
			all = append(all, v.line("Today’s setting"+with, today, v.s.Today))
		default:
			all = append(all, studyLine{Head: "Today’s setting" + with, Text: v.s.Today, Rest: "It is not among the cells; add its values to the axes."})
		}
		if i := v.rarest(f.All); i >= 0 {
			all = append(all, v.line("Fastest with less than one false take-over a year"+with, i, v.settings(i)))
		} else {
			all = append(all, studyLine{Head: "Fastest with less than one false take-over a year" + with, Text: "none of these settings"})
		}
		if len(f.Cells) > 0 {
			all = append(all, v.line("Least outage a year"+with, f.Cells[0], v.settings(f.Cells[0])))
		}
	}
	return all
}

// nothingLost is said where nothing is lost and nothing freezes, so that no setting is too fast.
const nothingLost = "No frame is lost and no machine freezes here, so nothing makes a fast setting risky. Give --loss or --freezes-per-year before deciding."

// line tells a cell's main figures.
func (v *studyView) line(head string, i int, name string) studyLine {
	c := &v.s.Cells[i]
	return studyLine{head, name, fmt.Sprintf("Clients wait %s s (median; 99 %%: %s s); outage: %s s a year; false take-overs: %s",
		c.Failover.Median.Value.text(), c.Failover.P99.Value.text(), c.Outage.text(), rateWords(c.False.Sum())), v.link(i)}
}

// rateWords is a number a year for people: what is rarer than once in a thousand years is said to be.
func rateWords(v float64) string {
	switch {
	case v == 0:
		return "never"
	case v < 1e-3:
		return "practically never (" + rateText(v) + " a year)"
	}
	return rateText(v) + " times a year"
}
