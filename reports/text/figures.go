package text

import (
	"cmp"
	"slices"
	"strings"

	"ipwsim/reports/term"
	"ipwsim/sim/finding"
)

// mostFigures is how many rows of a name the head has; of more the worst are shown.
const mostFigures = 6

// figures writes what was measured, whose it is, what the maker or the settings promise, and what the scenario
// expects.
func (p *page) figures(indent string, all []finding.Figure) {
	if len(all) == 0 {
		return
	}
	p.Line(term.Plain, "")
	name, time := 0, 0
	for _, f := range all {
		name, time = max(name, term.Columns(p.FigureName(f.Name))), max(time, term.Columns(p.Got(f.Time, f.Open)))
	}
	for _, kind := range []finding.FigureName{finding.Failovers, finding.Failbacks} {
		own, more := worstOf(all, kind)
		for _, f := range own {
			lead := indent + term.Pad(p.FigureName(f.Name), name) + "  " + term.PadLeft(p.Got(f.Time, f.Open), time) + "  "
			p.Para(figureStyle(f), lead, p.FigureOf(f))
			if judged := p.FigureJudged(f); judged != "" {
				p.Para(figureStyle(f), strings.Repeat(" ", term.Columns(lead)), judged)
			}
		}
		if more > 0 {
			p.Para(term.Note, indent, p.Say("more-figures", more))
		}
	}
}

// worstOf are the figures of the name: all, or of many those that broke what was expected or promised, and the
// longest; and how many more there are.
func worstOf(all []finding.Figure, name finding.FigureName) (own []finding.Figure, more int) {
	for _, f := range all {
		if f.Name == name {
			own = append(own, f)
		}
	}
	if len(own) <= mostFigures {
		return own, 0
	}
	slices.SortStableFunc(own, func(a, b finding.Figure) int {
		return cmp.Or(badness(b)-badness(a), cmp.Compare(b.Time, a.Time))
	})
	return own[:mostFigures], len(own) - mostFigures
}

// badness ranks figures.
func badness(f finding.Figure) int {
	switch {
	case f.Open:
		return 3
	case f.Expected != nil && !f.Expected.Band.Holds(f.Time):
		return 2
	case f.Most > 0 && !f.Kept(f.Time, f.Open):
		return 1
	}
	return 0
}

func figureStyle(f finding.Figure) term.Style {
	switch {
	case f.Expected != nil && (f.Open || !f.Expected.Band.Holds(f.Time)):
		return term.Bad
	case f.Most > 0 && !f.Kept(f.Time, f.Open):
		return term.Weak
	}
	return term.Plain
}
