// Package page is the HTML page of a run, and that of many runs: for a reader who has not seen the run.
package page

import (
	"embed"
	"html/template"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"ipwsim/core/rules"
	"ipwsim/reports/chart"
	"ipwsim/reports/sheet"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
)

// Options say what a page is like.
type Options struct {
	Lang words.Lang
	Full bool // leave nothing out
}

//go:embed *.html
var files embed.FS

//go:embed page.css
var style string

var layout = sync.OnceValue(func() *sheet.Layout {
	return sheet.New(chart.CSS+chart.NetworkCSS+style, chart.JS, chart.Templates, files)
})

// Run writes the page of one run. It is one file that loads nothing.
func Run(w io.Writer, r *finding.Run, opt Options) error {
	return layout().Write(w, opt.Lang, "run", newView(r, opt))
}

// Suite writes the page of many runs. link gives the address of a run's own page, or "".
func Suite(w io.Writer, all []*finding.Run, link func(*finding.Run) string, opt Options) error {
	return layout().Write(w, opt.Lang, "suite", newSuite(all, link, opt))
}

// teller tells of one run in the words of a page. It remembers which rules were named.
type teller struct {
	words.Teller
	run   *finding.Run
	opt   Options
	cited map[string]bool
}

func newTeller(r *finding.Run, opt Options) *teller {
	return &teller{words.Teller{Lang: opt.Lang, Facts: r.Facts}, r, opt, map[string]bool{}}
}

var ruleNumber = regexp.MustCompile(`\b[CDHMNPSVW][0-9]{1,2}\b`)

// Cite makes text safe to stand in a page, and its numbers of rules links to their sentences: those of checks stand
// with the checks, the others at the page's end.
func (t *teller) Cite(text string) template.HTML {
	return template.HTML(ruleNumber.ReplaceAllStringFunc(template.HTMLEscapeString(text), func(id string) string {
		if !slices.ContainsFunc(t.run.Results, func(c finding.Result) bool { return c.ID == id }) {
			if _, known := rules.Lookup(id); !known {
				return id
			}
			t.cited[id] = true
		}
		return `<a class="r" href="#` + id + `">` + id + `</a>`
	}))
}

// rule is one that a page explains.
type rule struct{ ID, Text, Source string }

// Cited are the rules that were named so far, in their order. What their own sentences name is not among them.
func (t *teller) Cited() (all []rule) {
	for _, r := range rules.All() {
		if t.cited[r.ID] {
			ja := t.Lang == words.Japanese
			all = append(all, rule{r.ID, r.Text(ja), r.Source(ja)})
		}
	}
	return all
}

// badge is an outcome in a word.
func badge(l words.Lang, o finding.Outcome) sheet.Badge {
	class := map[finding.Outcome]string{finding.Well: "pass", finding.Weakness: "weak", finding.Bad: "fail"}[o]
	return sheet.Badge{Class: class, Word: l.Outcome(o)}
}

// clock is the simulated wall clock at the time.
func (t *teller) clock(at time.Duration) string {
	return t.run.Trace.Header.Epoch.Add(at).Format("15:04:05")
}

// when is a moment in both clocks.
func (t *teller) when(at time.Duration) string {
	return t.Say("page.when", t.Say("in-seconds", words.Shortly(at)), t.clock(at))
}

// length is a stretch of time, so far if it is not over.
func (t *teller) length(d time.Duration, open bool) string {
	if open {
		return t.Say("at-least", t.Length(d))
	}
	return t.Length(d)
}

// list joins words.
func (t *teller) list(all []string) string { return strings.Join(all, t.Say("comma")) }

// title is the run's, or its name.
func title(l words.Lang, r *finding.Run) string {
	if text := l.Phrase(r.Title); text != "" {
		return text
	}
	return r.Scenario
}

// Ours says whether a file is a page that this program wrote, of whatever kind, by how the file begins: 1000 bytes do.
func Ours(begin []byte) bool { return sheet.Ours(begin) }
