// Package nighttext is the report of a search, and of a night of it, for a terminal.
package nighttext

import (
	"fmt"
	"io"
	"strings"

	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/searched"
)

// page is a report being written.
type page struct {
	*term.Page
	words.Lang
}

// Search writes what came of a search: how much was searched, what was never seen, and each failure once, with its
// scenario where that is in no file.
func Search(w io.Writer, s *searched.Search, opt term.Options) error {
	p := &page{term.New(opt), opt.Lang}
	p.verdict(p.SearchOutcome(s))
	p.searched(s)
	p.failures(s)
	return p.Flush(w)
}

var styles = map[finding.Outcome]term.Style{finding.Well: term.Good, finding.Weakness: term.Weak, finding.Bad: term.Bad}

// verdict writes an outcome and what it says.
func (p *page) verdict(o finding.Outcome, text string) {
	p.Para(styles[o], p.Outcome(o)+"  ", text)
}

func (p *page) gap() { p.Line(term.Plain, "") }

// searched writes how much was searched, and of what nothing was seen.
func (p *page) searched(s *searched.Search) {
	p.gap()
	for _, text := range p.Searched(s) {
		p.Para(term.Plain, "", text)
	}
	if len(s.Safety) == 0 {
		return
	}
	p.gap()
	p.Para(term.Plain, "", p.Say("search.safety", searched.Total(s.Safety)))
	for _, c := range s.Safety {
		p.Para(term.Plain, term.PadLeft(fmt.Sprint(c.Count), 7)+"  ", p.Because(c.Name))
	}
}

// failures writes each, and how to see it again.
func (p *page) failures(s *searched.Search) {
	lead := p.Outcome(finding.Bad) + "  "
	indent := strings.Repeat(" ", term.Columns(lead))
	for i := range s.Failures {
		f := &s.Failures[i]
		p.gap()
		p.Para(term.Bad, lead, p.Phrase(f.Title))
		p.Para(term.Plain, indent, p.FoundIn(f))
		if f.Rerun != "" {
			p.Command(term.Note, indent, p.Say("run-again", ""), f.Rerun)
			continue
		}
		p.gap()
		for line := range strings.Lines(f.Text) {
			p.Line(term.Plain, indent+strings.TrimSuffix(line, "\n"))
		}
	}
	for _, b := range s.Broken {
		p.gap()
		p.Para(term.Bad, lead, p.Say("search.broken", b.Shard, b.Error))
		p.Command(term.Note, indent, p.Say("run-again", ""), b.Rerun)
	}
}
