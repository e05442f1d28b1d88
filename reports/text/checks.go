package text

import (
	"strings"

	"ipwsim/reports/term"
	"ipwsim/sim/finding"
)

// mostSentences is how many cases of a check are told; more would say the same.
const mostSentences = 5

// checks lists every check with its verdict and what it found.
func (p *page) checks() {
	all := p.run.Results
	if len(all) == 0 {
		return
	}
	word := 0
	for i := range all {
		word = max(word, term.Columns(p.verdict(&all[i])))
	}
	p.Section(p.Say("head-checks"))
	for i := range all {
		p.check(&all[i], word)
	}
}

func (p *page) check(c *finding.Result, word int) {
	st := term.Plain
	switch {
	case c.Bad():
		st = term.Bad
	case c.Verdict == finding.Fail:
		st = term.Weak
	}
	lead := "  " + term.Pad(c.ID, 2) + "  " + term.Pad(p.verdict(c), word) + "  "
	p.Para(st, lead, p.Say("check."+c.ID))
	below := strings.Repeat(" ", term.Columns(lead))
	cases := p.Cases(c)
	for i, sentence := range cases {
		if i == mostSentences && !p.Full {
			p.Para(term.Note, below, p.Say("more-lines", len(cases)-i))
			break
		}
		p.Para(term.Plain, below, sentence)
	}
}

// limits tells of the sentences that a single run does not decide.
func (p *page) limits() {
	shown := false
	for i := range p.run.Expectations {
		e := &p.run.Expectations[i]
		if e.Limit == nil || !e.OK {
			continue
		}
		if !shown {
			p.Section(p.Say("head-limits"))
			shown = true
		}
		p.Para(term.Plain, "  ", p.Expectation(e))
		p.Para(term.Note, "    ", p.Say("seen-line", p.Seen(e)))
	}
}

// verdict is the check's, in a word.
func (p *page) verdict(c *finding.Result) string {
	if c.Verdict == finding.Fail && c.Expected {
		return p.Say("verdict-expected")
	}
	return p.Verdict(c.Verdict)
}

// failedExpectations says for each sentence of the scenario that did not hold what was seen instead, and how to see
// it again.
func (p *page) failedExpectations() {
	shown := false
	for i := range p.run.Expectations {
		e := &p.run.Expectations[i]
		if e.OK {
			continue
		}
		if !shown {
			p.Section(p.Say("head-expectations"))
			shown = true
		}
		p.Para(term.Bad, "  ", p.Expectation(e))
		p.Para(term.Plain, "    ", p.Say("seen-line", p.Seen(e)))
	}
	if shown && p.run.Rerun != "" {
		p.Command(term.Plain, "  ", p.Say("run-again", ""), p.run.Rerun)
	}
}
