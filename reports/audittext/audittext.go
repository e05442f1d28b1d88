// Package audittext is the report of an audit for a terminal.
package audittext

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/sim/audited"
)

// page is a report being written.
type page struct {
	*term.Page
	words.Lang
	audit *audited.Audit
	full  bool
}

// mostRows is how many rows are shown, unless all are wanted.
const mostRows = 10

// Audit writes what came of an audit: first what to change, then what costs mail time, then how it was counted.
func Audit(w io.Writer, a *audited.Audit, opt term.Options) error {
	p := &page{term.New(opt), opt.Lang, a, opt.Full}
	p.verdict()
	first, rest := a.Split()
	p.lint("audit.head-first", first)
	p.todo()
	p.tried()
	p.rows()
	p.stories()
	p.lint("audit.head-lint", rest)
	p.how()
	return p.Flush(w)
}

func (p *page) verdict() {
	a := p.audit
	lost := p.AuditAbout(a.Year.Mean.Value, a.Year.Mean.AtLeast)
	if a.Good() {
		p.Para(term.Good, a.Label()+"  ", p.Say("audit.verdict-good", lost))
	} else {
		p.Para(term.Bad, a.Label()+"  ", p.Say("audit.verdict-bad", a.ToChange(), lost))
	}
	if u := a.Year.Worst; u != nil {
		p.Para(term.Plain, "  ", p.Say("audit.worst", u.Client, u.VIP, p.AuditAbout(u.Seconds, u.AtLeast)))
	}
	if said := p.AuditAssumed(a); said != "" {
		p.Para(term.Head, "  ", said)
	}
	for _, said := range p.AuditMailNow(a.Mail) {
		p.Para(mood(a.Mail), "  ", said)
	}
}

func mood(m *audited.MailNow) term.Style {
	if m.Bad() {
		return term.Bad
	}
	return term.Plain
}

// todo is the list that a person works through.
func (p *page) todo() {
	if len(p.audit.Todo) == 0 {
		return
	}
	p.Section(p.Say("audit.head-todo"))
	if len(p.audit.Todo) > 1 {
		p.Para(term.Plain, "", p.Say("audit.in-order"))
		p.Line(term.Plain, "")
	}
	for i := range p.audit.Todo {
		t := &p.audit.Todo[i]
		if i > 0 {
			p.Line(term.Plain, "")
		}
		title := p.AuditChange(&t.Change)
		if t.Class == audited.Choice {
			title = p.Say("audit.choice") + " " + title
		}
		p.Para(term.Head, fmt.Sprintf("%2d  ", i+1), p.AuditThen(t, title))
		p.Para(term.Plain, "    ", p.AuditGain(t))
		for _, said := range p.AuditDetails(p.audit, t) {
			p.Para(term.Plain, "    ", said)
		}
		p.edits(&t.Change)
	}
	for i, said := range p.AuditFollowed(p.audit) {
		if i == 0 {
			p.Line(term.Plain, "")
		}
		p.Para(term.Plain, "", said)
	}
}

// mostEdits is how many lines of a change are shown, unless all are wanted: a batch must be whole.
const mostEdits = 50

func (p *page) edits(c *audited.Change) {
	for i := range c.Do {
		d := &c.Do[i]
		if on := p.Say("audit.on", d.On) + " "; d.Command != "" {
			p.Command(term.Plain, "    ", on, d.Command)
		} else {
			p.Para(term.Plain, "    "+on, p.AuditDo(d))
		}
	}
	first, all := p.AuditEdits(c.Edits)
	if first != "" {
		p.Para(term.Plain, "    ", first)
	}
	told := 0
	for _, one := range all {
		if told >= mostEdits && !p.full {
			p.Para(term.Plain, "      ", p.Say("audit.more-edits", len(c.Edits)-told))
			break
		}
		told += one.Edits
		lead := one.Place + "  "
		for _, s := range one.Steps {
			p.Para(term.Plain, "      ", lead+s.Text)
			for _, line := range s.Lines {
				p.Command(term.Plain, "        ", "", line)
			}
			lead = ""
		}
	}
}

// tried are the changes that are not worth it, a line for all of a verdict, and those that could not be tried, a line each.
func (p *page) tried() {
	tried, refused := p.audit.Played()
	if len(tried) > 0 {
		p.Section(p.Say("audit.head-tried"))
	}
	for _, v := range []struct {
		verdict audited.Verdict
		key     string
	}{{audited.NoGain, "audit.tried-none"}, {audited.Instead, "audit.tried-instead"}, {audited.Costs, "audit.tried-costs"}} {
		if all := slices.DeleteFunc(slices.Clone(tried), func(t audited.Tried) bool { return t.Verdict != v.verdict }); len(all) > 0 {
			p.Para(term.Plain, "- ", p.Say(v.key, p.AuditTries(all)))
		}
	}
	if len(refused) == 0 {
		return
	}
	p.Section(p.Say("audit.head-unplayed"))
	for i := range refused {
		p.Para(term.Plain, "- ", p.AuditChange(&refused[i].Change))
	}
}

func (p *page) rows() {
	p.Section(p.Say("audit.head-rows"))
	for i := range p.audit.Rows {
		r := &p.audit.Rows[i]
		if i == mostRows && !p.full {
			p.Para(term.Plain, "    ", p.Say("more-lines", len(p.audit.Rows)-i))
			break
		}
		p.Para(term.Plain, fmt.Sprintf("%2d  ", i+1), p.AuditRow(p.audit, r))
		e := r.Year
		p.Para(term.Plain, "    ", p.Say("audit.row", p.AuditAbout(e.Value, e.AtLeast), p.AuditTime(e.Low), p.AuditTime(e.High), words.AuditRate(r.Rate), p.AuditTime(r.Each.Mean.Value)))
		if len(r.Each.Parts) > 0 {
			p.Para(term.Plain, "    ", p.AuditParts(r.Each.Parts, 3))
		}
		if pings := p.AuditPings(&r.Each); pings != "" {
			p.Para(term.Plain, "    ", pings)
		}
	}
}

// mostSilences is how many silences of a story are shown, unless all are wanted.
const mostSilences = 3

func (p *page) stories() {
	if len(p.audit.Stories) == 0 {
		return
	}
	p.Section(p.Say("audit.head-stories"))
	for i := range p.audit.Stories {
		s := &p.audit.Stories[i]
		p.Para(term.Plain, fmt.Sprintf("%2d  ", i+1), p.Phrase(s.Title))
		if s.Assumed {
			p.Para(term.Plain, "    ", p.Say("audit.story-assumed", strings.Join(p.audit.Plan.Assumed, ", "), p.audit.Plan.As))
		}
		most := mostSilences
		if p.full {
			most = len(s.Outages)
		}
		for _, text := range p.AuditSilences(s, most) {
			p.Para(term.Plain, "    ", text)
		}
		if s.Rerun != "" {
			p.Command(term.Plain, "    ", "", s.Rerun)
		}
	}
}

// lint is what check says.
func (p *page) lint(head string, all []audited.Lint) {
	if len(all) == 0 {
		return
	}
	p.Section(p.Say(head))
	for _, x := range all {
		text := p.Problem(diag.Problem{File: x.File, Line: x.Line, Severity: x.Severity(), Message: x.Message, Said: x.Said})
		if len(x.Answered) > 0 {
			var all []string
			for _, n := range x.Answered {
				all = append(all, fmt.Sprint(n+1))
			}
			text += " (" + p.Say("audit.answered", strings.Join(all, ", ")) + ")"
		}
		p.Para(term.Plain, "- ", text)
	}
}

func (p *page) how() {
	p.Section(p.Say("audit.head-how"))
	for _, text := range p.AuditHow(p.audit) {
		p.Para(term.Plain, "", text)
	}
	p.Command(term.Plain, "", p.Say("audit.rerun", ""), p.audit.Rerun)
}
