package studytext

import (
	"fmt"
	"io"
	"math"
	"strings"

	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/sim/studied"
)

// lastNights is how many nights a text shows.
const lastNights = 10

// History writes what nights came to, and what has changed.
func History(w io.Writer, r *studied.NightReport, opt term.Options) error {
	p := &page{Page: term.New(opt), Lang: opt.Lang}
	for _, text := range p.HistoryHead(r) {
		p.para(text)
	}
	if r.Latest == nil {
		return p.Flush(w)
	}
	p.gap()
	p.nights(r)
	p.changes(r)
	p.listed(p.Say("history.new"), r.New)
	p.listed(p.Say("history.gone"), r.Gone)
	shown := min(lastNights, len(r.Nights))
	p.trends(p.Say("history.times", shown), r, studied.OfSample)
	p.trends(p.Say("history.catches", shown), r, studied.OfBug)
	p.trends(p.Say("history.fails", shown), r, studied.OfFailure)
	return p.Flush(w)
}

// nights is a line for each of the last.
func (p *page) nights(r *studied.NightReport) {
	t := newTable([]string{p.Say("history.date"), p.Say("history.cases"), p.Say("history.probes"), p.Say("history.failures"), p.Say("history.bugs")})
	for _, n := range r.Nights[max(0, len(r.Nights)-lastNights):] {
		reached, known := n.Reached()
		failed, caught := int64(0), 0
		for _, f := range n.Failures {
			failed += f.Cases
		}
		for _, b := range n.Bugs {
			if b.Caught {
				caught++
			}
		}
		t.add(n.Date.Format("2006-01-02 15:04"), fmt.Sprint(n.Cases), fmt.Sprintf("%d/%d", reached, known), fmt.Sprint(failed), fmt.Sprintf("%d/%d", caught, len(n.Bugs)))
	}
	t.write(p.Page)
}

// changes are those that a test calls so.
func (p *page) changes(r *studied.NightReport) {
	if r.Comparisons == 0 {
		return
	}
	none := true
	for _, v := range []studied.NightVerdict{studied.Regression, studied.Improvement} {
		style, head := term.Bad, true
		if v == studied.Improvement {
			style = term.Good
		}
		for i := range r.Changes {
			c := &r.Changes[i]
			if c.Verdict != v {
				continue
			}
			if head {
				p.gap()
				p.Line(term.Head, p.NightVerdict(v))
				head, none = false, false
			}
			p.Para(style, "  ", c.Name+"  "+p.NightPoint(c, c.Trend[len(c.Trend)-1])+"  "+spark(c.Trend))
			p.Para(term.Plain, "    ", p.NightTest(c))
		}
	}
	if none {
		p.gap()
		p.para(p.Say("history.unchanged"))
	}
}

func (p *page) listed(head string, all []string) {
	if len(all) == 0 {
		return
	}
	p.gap()
	p.Line(term.Head, head)
	for _, one := range all {
		p.Para(term.Plain, "  ", one)
	}
}

// trends are the figures of one kind with how they went.
func (p *page) trends(head string, r *studied.NightReport, kind studied.NightKind) {
	t := newTable([]string{head, p.Say("history.by-night"), p.Say("history.latest"), "p"})
	if kind == studied.OfSample {
		t = newTable([]string{head, p.Say("history.trend"), p.Say("seeds.median"), "95 %", "99 %", "p"})
	}
	for i := range r.Changes {
		c := &r.Changes[i]
		if c.Kind != kind {
			continue
		}
		chance := "-"
		if c.Verdict != studied.Untested {
			chance = words.Probability(c.P)
		}
		columns := []string{spark(c.Trend), p.NightPoint(c, c.Trend[len(c.Trend)-1])}
		if s := r.Latest.Sample(c.Name); kind == studied.OfSample && s != nil {
			for k, v := range s.Quantiles(0.5, 0.95, 0.99) {
				if columns = append(columns[:k+1], words.NightValue(v, s.Unit)); math.IsInf(v, 1) {
					columns[k+1] = p.Say("history.open")
				}
			}
		}
		t.add(c.Name, append(columns, chance)...)
	}
	if len(t.lines) > 0 {
		p.gap()
		t.write(p.Page)
	}
}

// spark is the last nights as columns, from the least to the most of them. A night without the figure is a dot, one in
// which it was not over, or nothing was caught, a cross.
func spark(all []studied.NightPoint) string {
	all = all[max(0, len(all)-lastNights):]
	least, most := math.Inf(1), math.Inf(-1)
	for _, x := range all {
		if !x.None && !x.Open {
			least, most = min(least, x.Value), max(most, x.Value)
		}
	}
	var b strings.Builder
	for _, x := range all {
		switch {
		case x.None:
			b.WriteRune('.')
		case x.Open:
			b.WriteRune('x')
		case most == least:
			b.WriteRune('▄')
		default:
			b.WriteRune([]rune("▁▂▃▄▅▆▇█")[int(math.Round(7*(x.Value-least)/(most-least)))])
		}
	}
	return b.String()
}
