package reports

import "strings"

// checks lists every check with its verdict and what it found.
func (p *page) checks(all []Check) {
	if len(all) == 0 {
		return
	}
	var id, word int
	for _, c := range all {
		id = max(id, min(12, columns(safe(c.ID))))
		word = max(word, columns(p.checkWord(c)))
	}
	p.section(p.say(headChecks))
	for _, c := range all {
		st := plain
		if _, bad := c.objection(p.lang); bad {
			st = failStyle
		}
		lead := "  " + pad(cut(c.ID, 12), id) + "  " + pad(p.checkWord(c), word) + "  "
		p.para(st, lead, c.Title)
		below := strings.Repeat(" ", columns(lead))
		for _, s := range c.Sentences {
			p.para(plain, below, s)
		}
		if c.Reason != "" {
			p.para(plain, below, p.say(reason, c.Reason))
		}
	}
}

func (p *page) checkWord(c Check) string {
	switch c.verdict() {
	case Pass:
		return p.say(verdictPass)
	case Fail:
		if c.Expected {
			return p.say(verdictExpected)
		}
		return p.say(verdictFail)
	case NotApplicable:
		return p.say(verdictNotApplied)
	}
	return p.say(verdictInconclusive)
}

// failedExpectations says for each sentence of the scenario that did not hold what was seen
// instead, and how to see it again.
func (p *page) failedExpectations(r Result) {
	shown := false
	for _, e := range r.Expectations {
		if e.OK {
			continue
		}
		if !shown {
			p.section(p.say(headExpectations))
			shown = true
		}
		p.para(failStyle, "  ", e.sentence(p.lang))
		p.para(plain, "    ", p.say(seenLine, e.seen(p.lang)))
	}
	if shown && r.Rerun != "" {
		p.para(plain, "  ", p.say(runAgain, r.Rerun))
	}
}
