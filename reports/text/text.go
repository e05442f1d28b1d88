// Package text is the report of runs for a terminal: the verdict and what a user felt first, then what they rest
// on.
package text

import (
	"io"
	"strings"
	"time"

	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// page is a report being written: a terminal's page, and the words of one run.
type page struct {
	*term.Page
	words.Teller
	run *finding.Run
}

func newPage(r *finding.Run, opt term.Options) *page {
	return &page{term.New(opt), words.Teller{Lang: opt.Lang, Facts: r.Facts}, r}
}

// Say is the words of the page's language.
func (p *page) Say(key string, args ...any) string { return p.Teller.Say(key, args...) }

// Run writes the report of one run.
func Run(w io.Writer, r *finding.Run, opt term.Options) error {
	p := newPage(r, opt)
	p.head()
	if r.Trace != nil {
		p.timeline()
		p.outages()
		p.mail()
		p.beliefs()
		p.consoles()
		p.pings()
		p.watchers()
		p.commands()
	}
	p.checks()
	p.failedExpectations()
	p.limits()
	return p.Flush(w)
}

// head says how the run went, what the worst of it was for whom, and why it is no better.
func (p *page) head() {
	r := p.run
	lead, st := p.outcome(r)
	indent := strings.Repeat(" ", term.Columns(lead))
	p.Para(st, lead, r.Scenario)
	if title := p.Phrase(r.Title); title != "" {
		p.Para(term.Plain, indent, title)
	}
	if r.Facts != nil {
		p.worst(indent)
		p.noMail(indent)
		p.figures(indent, r.Figures())
		p.unused(indent)
	}
	for i, o := range r.Objections() {
		if i == 0 {
			p.Line(term.Plain, "")
			p.Line(term.Bad, indent+p.Say("because"))
		}
		p.Para(term.Bad, indent+"- ", p.Objection(o))
	}
	for i, c := range r.Weaknesses() {
		if i == 0 {
			p.Line(term.Plain, "")
			p.Line(term.Weak, indent+p.Say("shown-weaknesses"))
		}
		p.Para(term.Weak, indent+"- ", p.Result(c))
	}
	for _, x := range r.Problems {
		p.Para(term.Plain, indent, p.Problem(x))
	}
	p.swallowed(indent)
	p.Line(term.Plain, "")
	p.Para(term.Note, indent, p.meta())
	if r.Rerun != "" {
		p.Command(term.Note, indent, p.Say("run-again", ""), r.Rerun)
	}
}

// outcome is the word a report begins with, filled up so that all are as wide.
func (p *page) outcome(r *finding.Run) (string, term.Style) {
	wide := 0
	for _, o := range []finding.Outcome{finding.Well, finding.Weakness, finding.Bad} {
		wide = max(wide, term.Columns(p.Outcome(o)))
	}
	word := term.Pad(p.Outcome(r.Outcome()), wide+2)
	return word, outcomeStyle(r.Outcome())
}

func outcomeStyle(o finding.Outcome) term.Style {
	switch o {
	case finding.Well:
		return term.Good
	case finding.Weakness:
		return term.Weak
	}
	return term.Bad
}

// worst is the longest silence of the client that fares worst, and its cause.
func (p *page) worst(indent string) {
	o := p.run.Facts.Worst()
	if o == nil {
		if p.run.Facts.Judged() {
			p.Para(term.Plain, indent, p.Say("no-silence"))
		}
		return
	}
	p.Para(term.Plain, indent, p.Say("worst", p.Got(o.Length(), o.Open), o.Client, o.VIP, p.Seconds(o.From)))
	indent += "  "
	p.Para(term.Plain, indent, p.Cause(&o.Cause))
	if also := p.also(o.Also); also != "" {
		p.Para(term.Plain, indent, p.Say("also-in-force", also))
	}
	var parts []string
	for _, part := range o.Headline() {
		parts = append(parts, p.Part(part)+p.Say("comma")+p.Seconds(part.Time))
	}
	if o.Length() >= time.Millisecond { // else there is nothing to take apart
		p.Para(term.Plain, indent, p.Say("worst-part", strings.Join(parts, p.Say("semicolon"))))
	}
	if pings := p.PingOnly(o); pings != "" {
		p.Para(term.Weak, indent, pings)
	}
	if o.Queued(&p.run.Trace.Header) {
		p.Para(term.Plain, indent, p.Say("queued"))
	}
	if unserved := o.Unserved(); unserved > 0 {
		p.Para(term.Plain, indent, p.Say("unserved", p.Seconds(unserved)))
	}
	if o.Holds > 0 {
		p.Para(term.Plain, indent, p.Say("cache-holds", p.Length(o.Holds)))
	}
	if advice := p.Advice(o); advice != "" {
		p.Para(term.Plain, indent, p.Say("to-do", advice))
	}
}

// unused names the clients that are not judged.
func (p *page) unused(indent string) {
	for _, u := range p.run.Facts.Uses {
		if u.Never {
			p.Para(term.Note, indent, p.Note(finding.Note{Kind: "unused", Client: u.Client, VIP: u.VIP}))
		}
	}
}

// meta says which run this was.
func (p *page) meta() string {
	r := p.run
	var parts []string
	if r.File != "" {
		parts = append(parts, r.File)
	}
	if !r.Refused { // nothing was drawn
		parts = append(parts, p.Say("meta-seed", r.Seed))
	}
	if r.Trace != nil {
		parts = append(parts, p.Say("meta-cluster", r.Trace.Header.Cluster), p.Say("meta-length", p.Stamp(r.Trace.End)))
	}
	if r.Hash != "" {
		parts = append(parts, p.Say("meta-hash", r.Hash))
	}
	return strings.Join(parts, p.Say("comma"))
}

// swallowed warns of events since virtual time 0 that started nothing. A skipped repetition after the start of
// Windows is no loss: the one under way does the same.
func (p *page) swallowed(indent string) {
	if p.run.Facts == nil {
		return
	}
	for _, t := range p.run.Facts.Tasks {
		if t.At >= 0 && t.State == trace.TaskSkipped && t.Trigger != trace.TriggerStartup {
			text := p.Say("task-swallowed", t.Host, t.Name, t.Trigger, p.Stamp(t.At), p.Trigger(t.By), p.Stamp(t.Since))
			p.Para(term.Plain, indent, p.Say("warning", text))
		}
	}
}
