// Package auditpage is the HTML page of an audit: what to change first and what it gains, then the list to work through,
// what costs mail time, the stories behind it, and how it was counted.
package auditpage

import (
	"embed"
	"fmt"
	"io"
	"strings"
	"sync"

	"ipwsim/core/diag"
	"ipwsim/reports/chart"
	"ipwsim/reports/graph"
	"ipwsim/reports/sheet"
	"ipwsim/reports/words"
	"ipwsim/sim/audited"
	"ipwsim/sim/trace"
)

// Options say what a page is like.
type Options struct {
	Lang   words.Lang
	Header *trace.Header // of the cluster as its files have it; nil: it is not drawn
}

//go:embed audit.html
var files embed.FS

//go:embed audit.css
var style string

var layout = sync.OnceValue(func() *sheet.Layout { return sheet.New(chart.NetworkCSS+style, "", chart.Drawings, files) })

// Write writes the page. Like every page it needs nothing but itself.
func Write(w io.Writer, a *audited.Audit, opt Options) error {
	return layout().Write(w, opt.Lang, "audit", newView(a, opt))
}

// view is what the template shows.
type view struct {
	sheet.Head
	words.Lang
	a *audited.Audit

	Answer   string   // how it stands with the cluster
	Worst    string   // who fares worst
	Assumed  string   // how much no file tells
	Mail     []string // how mail fares
	MailBad  bool
	Before   []lint // what check says that no change answers, where mail suffers
	First    *change
	Plan     *chart.Picture
	Todo     []change
	Followed []string // what of it gains together
	Rows     []row
	MoreRows []row
	Stories  []story
	Tried    []change
	Refused  []string // what could not be tried
	Lint     []lint
	How      []string
	Rates    []rate
	Rerun    string
}

func newView(a *audited.Audit, opt Options) *view {
	l := opt.Lang
	v := &view{Lang: l, a: a, Rerun: a.Rerun, How: l.AuditHow(a)}
	v.Head = sheet.Head{Title: l.Say("audit.page.title", a.Label()), Badge: sheet.Badge{Class: "weak", Word: l.Say("audit.page.change")}, Meta: []string{l.Say("meta-seed", a.Plan.Seed), a.Program}}
	lost := l.AuditAbout(a.Year.Mean.Value, a.Year.Mean.AtLeast)
	v.Answer = l.Say("audit.verdict-bad", a.ToChange(), lost)
	if a.Good() {
		v.Badge = sheet.Badge{Class: "pass", Word: l.Say("audit.page.good")}
		v.Answer = l.Say("audit.verdict-good", lost)
	}
	if u := a.Year.Worst; u != nil {
		v.Worst = l.Say("audit.worst", u.Client, u.VIP, l.AuditAbout(u.Seconds, u.AtLeast))
	}
	v.Assumed = l.AuditAssumed(a)
	if opt.Header != nil && len(opt.Header.Cables) > 0 {
		plan := graph.Plan(l, opt.Header)
		p := plan.Network.Draw(plan.Title)
		v.Plan = &p
	}
	v.Mail, v.MailBad = l.AuditMailNow(a.Mail), a.Mail.Bad()
	first, rest := a.Split()
	v.Before, v.Lint = v.lints(first), v.lints(rest)
	v.changes()
	v.rows()
	v.stories()
	for i := range a.Faults {
		v.Rates = append(v.Rates, v.rate(&a.Faults[i]))
	}
	return v
}

// lint is what check says of a file, and which changes answer it.
type lint struct {
	Text     string
	Answered []int // numbers of the list
}

func (v *view) lints(some []audited.Lint) (all []lint) {
	for i := range some {
		all = append(all, v.lint(&some[i]))
	}
	return all
}

func (v *view) lint(x *audited.Lint) lint {
	one := lint{Text: v.Problem(diag.Problem{File: x.File, Line: x.Line, Severity: x.Severity(), Message: x.Message, Said: x.Said})}
	for _, n := range x.Answered {
		one.Answered = append(one.Answered, n+1)
	}
	return one
}

// rate is how often a fault is taken to happen, and how long it lasts.
type rate struct{ Name, Text, Rate, Source, Lasts, Window string }

func (v *view) rate(f *audited.Fault) rate {
	return rate{string(f.Name), v.AuditFault(f), words.AuditRate(f.Rate), v.Say("audit-source-" + string(f.Source)), v.AuditTime(f.Lasts.Seconds()), v.AuditTime(f.Window.Seconds())}
}

// story is a run that shows a row, with its network before, in the worst of it, and after.
type story struct {
	ID, Title, Assumed string
	Open               bool // unfolded: the one that costs most
	Outages            []string
	Pictures           []chart.Picture
	Struck             []graph.Deed
	Text, Rerun        string
}

// mostSilences is how many silences of a story are told.
const mostSilences = 5

func (v *view) stories() {
	for i := range v.a.Stories {
		s := &v.a.Stories[i]
		one := story{ID: fmt.Sprint("story-", i+1), Open: i == 0, Title: v.Phrase(s.Title), Text: s.Text, Rerun: s.Rerun}
		if s.Assumed {
			one.Assumed = v.Say("audit.story-assumed", strings.Join(v.a.Plan.Assumed, ", "), v.a.Plan.As)
		}
		if s.Run != nil && s.Run.Trace != nil {
			one.Outages = v.AuditSilences(s, mostSilences)
			for _, x := range graph.Views(v.Lang, s.Run) {
				one.Pictures = append(one.Pictures, x.Network.Draw(x.Title))
			}
			one.Struck = graph.Struck(v.Lang, s.Run)
		}
		v.Stories = append(v.Stories, one)
	}
}
