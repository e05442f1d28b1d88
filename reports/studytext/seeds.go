package studytext

import (
	"fmt"
	"io"
	"slices"

	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/studied"
)

// mostSpreads is how many clients and VIPs of a figure a text tells of.
const mostSpreads = 6

// Seeds writes what came of scenarios under many seeds.
func Seeds(w io.Writer, all []*studied.Seeds, opt term.Options) error {
	p := &page{Page: term.New(opt), Lang: opt.Lang}
	p.Full = opt.Full
	for i, s := range all {
		if i > 0 {
			p.gap()
		}
		p.seeds(s)
	}
	return p.Flush(w)
}

func (p *page) seeds(s *studied.Seeds) {
	word, outcome := p.SeedsOutcome(s)
	word += "  "
	p.Para(map[finding.Outcome]term.Style{finding.Well: term.Good, finding.Weakness: term.Weak, finding.Bad: term.Bad}[outcome], word, s.Scenario)
	below := fmt.Sprintf("%*s", term.Columns(word), "")
	title := s.Title
	if p.Lang == words.Japanese && s.TitleJa != "" {
		title = s.TitleJa
	}
	if title != "" {
		p.Para(term.Plain, below, title)
	}
	p.Para(term.Plain, below, p.SeedCounts(s))
	p.gap()
	p.spreads(s.Figures)
	if len(s.Limits) > 0 {
		p.gap()
		p.Line(term.Head, p.Say("seeds.limits"))
		for _, l := range s.Limits {
			p.limit(l)
		}
	}
	if len(s.Reasons) > 0 {
		p.gap()
		p.Line(term.Head, p.Say("seeds.causes"))
		for _, c := range s.Reasons {
			style := term.Weak
			if c.Outcome == finding.Bad {
				style = term.Bad
			}
			p.Para(style, "  "+p.Outcome(c.Outcome)+"  ", p.Say("seeds.cause", p.SeedCause(c), c.Seeds, c.First))
			p.Command(term.Note, "        ", p.Say("seeds.show", ""), c.Rerun)
		}
	}
	if s.Worst != nil {
		p.gap()
		p.Line(term.Head, p.Say("seeds.worst-head"))
		p.Para(term.Plain, "  ", p.SeedWorst(s.Worst))
		p.Command(term.Plain, "  ", p.Say("seeds.show", ""), s.Worst.Rerun)
	}
}

// spreads is a table with an interval below each quantile.
func (p *page) spreads(all []studied.Spread) {
	if len(all) == 0 {
		p.Para(term.Plain, "", p.Say("seeds.nothing"))
		return
	}
	t := newTable([]string{p.Say("seeds.head"), "n", p.Say("seeds.least"), p.Say("seeds.median"), "95 %", "99 %", p.Say("seeds.most")})
	single, left, open := 0, 0, 0
	several := slices.ContainsFunc(all, func(s studied.Spread) bool { return s.VIP != "" && s.VIP != all[1].VIP })
	for i := range all {
		s := &all[i]
		if s.Client == "" {
			single = 0
			open = max(open, s.Open)
		} else if single++; single > mostSpreads && !p.Full {
			left++
			continue
		}
		name := p.SeedFigure(s)
		if s.Client != "" { // below that of all
			name = "  " + s.Client
			if several {
				name += " -> " + s.VIP
			}
		}
		t.add(name, fmt.Sprint(s.Seeds), words.StudyTime(s.Min), words.StudyTime(s.Median.Value), words.StudyTime(s.P95.Value),
			words.StudyTime(s.P99.Value), words.StudyTime(s.Max))
		t.add("", "", "", words.Interval(s.Median), words.Interval(s.P95), words.Interval(s.P99), "")
	}
	t.write(p.Page)
	if left > 0 {
		p.Para(term.Note, "", p.Say("seeds.more", left))
	}
	p.gap()
	p.Para(term.Note, "", p.Say("seeds.note"))
	if open > 0 {
		p.Para(term.Note, "", p.Say("seeds.open", open))
	}
}

func (p *page) limit(l studied.SeedLimit) {
	word, style := p.Outcome(finding.Well), term.Good
	if !l.OK {
		word, style = p.Outcome(finding.Bad), term.Bad
	}
	p.Para(style, "  "+word+"  ", p.Expectation(&finding.Expectation{Line: l.Line, Text: l.Text}))
	p.Para(term.Plain, "        ", p.SeedLimit(l))
}
