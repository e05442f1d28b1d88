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
		lead += term.Pad(term.Cut(r.Scenario, name), name) + "  "
		p.Para(st, lead, p.summary(r))
		if weak := p.weak(r); weak != "" {
			p.Para(st, strings.Repeat(" ", term.Columns(lead)), weak)
		}
	}
	p.Line(term.Plain, "")
	p.Line(term.Head, p.Say("suite-total", len(all), count[finding.Well], count[finding.Weakness], count[finding.Bad]))
	p.show(all)
	for _, r := range all {
		p.why(r)
	}
	return p.Flush(w)
}

// weak says of a run with a weakness which client was kept waiting how long, against which promise, by what; and which
// checks fail as the scenario expects. "" for others.
func (p *page) weak(r *finding.Run) string {
	if r.Outcome() != finding.Weakness {
		return ""
	}
	var all []string
	if f, late := r.Latest(); late {
		by := "suite-late-settings"
		if f.Guide {
			by = "suite-late-guide"
		}
		text := p.Say(by, p.FigureName(f.Name), f.Client, p.Got(f.Time, f.Open), p.Band(finding.Band{Least: f.Least, Most: f.Most}))
		if o := r.Facts.Silence(f); o != nil {
			part := finding.Telling(o.Parts)
			text += p.Say("suite-by", p.Part(part), p.Tenths(part.Time))
		}
		if more := len(r.Broken()) - 1; more > 0 {
			text += p.Say("suite-more", more)
		}
		all = append(all, text)
	}
	var ids []string
	for _, c := range r.Weaknesses() {
		ids = append(ids, c.ID)
	}
	if ids != nil {
		all = append(all, p.Say("suite-shown", strings.Join(ids, p.Say("comma"))))
	}
	return strings.Join(all, p.Say("semicolon"))
}

// show is the command that shows what happened in the first run of those that say so much less of it here.
func (p *page) show(all []*finding.Run) {
	for _, r := range all {
		if r.Outcome() == finding.Weakness && r.Rerun != "" {
			p.Command(term.Note, "", p.Say("suite-show", r.Scenario, ""), r.Rerun+" --html page.html")
			return
		}
	}
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
	text := p.Say("suite-worst", p.Got(o.Length(), o.Open), o.Client)
	if pings := o.PingOnly(); pings > 0 {
		text += p.Say("suite-pings", p.Tenths(pings))
	}
	return text
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
