package text

import (
	"io"
	"strings"

	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
)

// Suite writes one line a scenario, the total, and for those that failed the reasons and the command that runs them
// again.
func Suite(w io.Writer, all []*finding.Run, opt term.Options) error {
	p := &page{Page: term.New(opt), Teller: words.Teller{Lang: opt.Lang}}
	if len(all) == 0 {
		p.Para(term.Bad, p.Outcome(finding.Bad)+"  ", p.Say("no-scenarios"))
		return p.Flush(w)
	}
	name := 0
	for _, r := range all {
		name = max(name, term.Columns(words.Safe(r.Scenario)))
	}
	name = min(name, p.Width()*2/5)
	count := map[finding.Outcome]int{}
	for _, r := range all {
		count[r.Outcome()]++
		lead, st := p.outcome(r)
		p.Para(st, lead+term.Pad(term.Cut(r.Scenario, name), name)+"  ", p.summary(r))
	}
	p.Line(term.Plain, "")
	p.Line(term.Head, p.Say("suite-total", len(all), count[finding.Well], count[finding.Weakness], count[finding.Bad]))
	for _, r := range all {
		p.why(r)
	}
	return p.Flush(w)
}

// summary is the longest silence of a run's worst client, in a line.
func (p *page) summary(r *finding.Run) string {
	if r.Facts == nil {
		return ""
	}
	o := r.Facts.Worst()
	if o == nil {
		return p.Say("suite-no-silence")
	}
	return p.Say("suite-worst", p.Got(o.Length(), o.Open), o.Client)
}

// why lists what a failed scenario failed at.
func (p *page) why(r *finding.Run) {
	objections := r.Objections()
	if len(objections) == 0 {
		return
	}
	p.Line(term.Plain, "")
	lead, st := p.outcome(r)
	p.Para(st, lead, r.Scenario)
	indent := strings.Repeat(" ", term.Columns(lead))
	t := words.Teller{Lang: p.Lang, Facts: r.Facts}
	for _, o := range objections {
		p.Para(term.Plain, indent+"- ", t.Objection(o))
	}
	if r.Rerun != "" {
		p.Command(term.Note, indent, p.Say("run-again", ""), r.Rerun)
	}
}
