package nighttext

import (
	"io"

	"ipwsim/reports/term"
	"ipwsim/sim/finding"
	"ipwsim/sim/searched"
)

// Night writes what came of a night.
func Night(w io.Writer, n *searched.Night, opt term.Options) error {
	p := &page{term.New(opt), opt.Lang}
	p.verdict(p.NightOutcome(n))
	p.gap()
	p.Para(term.Plain, "", p.NightLength(n))
	for _, text := range p.NightNews(n) {
		p.Para(term.Plain, "", text)
	}
	p.Section(p.Say("night.head-search"))
	p.searched(n.Search)
	p.failures(n.Search)
	if len(n.Scenarios) > 0 {
		p.Section(p.Say("night.head-scenarios"))
		p.Para(term.Plain, "", p.NightScenarios(n))
		p.failedScenarios(n)
	}
	p.explored(n)
	p.bugs(n)
	p.Section(p.Say("night.head-fuzz"))
	p.Para(term.Plain, "", p.NightFuzz(n))
	for _, f := range n.FailedFuzz() {
		p.Para(term.Bad, "- ", f.Package+" "+f.Target)
		p.Command(term.Note, "  ", p.Say("run-again", ""), f.Rerun())
	}
	if len(n.Benches) > 0 {
		p.Section(p.Say("night.head-benches"))
		for _, b := range n.Benches {
			p.Para(term.Plain, "", p.BenchResult(b))
		}
	}
	p.shares(n)
	return p.Flush(w)
}

// explored writes each exploration with its bound, and how to see it again where it does not hold.
func (p *page) explored(n *searched.Night) {
	if len(n.Explored)+n.Unexplored == 0 {
		return
	}
	p.Section(p.Say("night.head-explored"))
	p.Para(term.Plain, "", p.NightExplored(n))
	for i := range n.Explored {
		e := &n.Explored[i]
		word, how := p.ExploredResult(e)
		style := term.Good
		if !e.Holds() {
			style = term.Bad
		}
		p.Para(style, word+"  ", p.ExploredCase(e)+p.Say("semicolon")+p.Say("explore.bound", e.Departures)+p.Say("semicolon")+p.Say("explore.counts", e.States, e.Transitions))
		if how != "" {
			p.Para(term.Plain, "      ", how)
			p.Command(term.Note, "      ", p.Say("run-again", ""), e.Rerun)
		}
	}
}

// shares writes where the time went.
func (p *page) shares(n *searched.Night) {
	if len(n.Shares) == 0 {
		return
	}
	p.Section(p.Say("night.head-shares"))
	said, rows := p.NightShares(n)
	p.Para(term.Plain, "", said)
	for _, r := range rows {
		p.Para(term.Plain, term.PadLeft(r.Seconds, 9)+term.PadLeft(r.Percent, 9)+"  ", r.Part)
	}
}

func (p *page) failedScenarios(n *searched.Night) {
	for _, s := range n.FailedScenarios() {
		p.gap()
		p.Para(term.Bad, p.Outcome(finding.Bad)+"  ", s.Name)
		for _, why := range s.Reasons {
			p.Para(term.Plain, "      - ", p.Phrase(why))
		}
		p.Command(term.Note, "      ", p.Say("run-again", ""), "ipwsim run "+s.Name)
	}
}

// bugs writes those that were not caught one by one.
func (p *page) bugs(n *searched.Night) {
	p.Section(p.Say("night.head-bugs"))
	p.Para(term.Plain, "", p.NightBugs(n))
	for _, b := range n.Unseen() {
		p.gap()
		p.Para(term.Weak, b.Name+"  ", p.BugResult(b))
		p.Para(term.Plain, "    ", p.Phrase(b.Title))
	}
}
