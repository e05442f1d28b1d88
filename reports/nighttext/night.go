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
	p.bugs(n)
	p.Section(p.Say("night.head-fuzz"))
	p.Para(term.Plain, "", p.NightFuzz(n))
	for _, f := range n.FailedFuzz() {
		p.Para(term.Bad, "- ", f.Package+" "+f.Target)
	}
	if len(n.Benches) > 0 {
		p.Section(p.Say("night.head-benches"))
		for _, b := range n.Benches {
			p.Para(term.Plain, "", p.BenchResult(b))
		}
	}
	return p.Flush(w)
}

func (p *page) failedScenarios(n *searched.Night) {
	for _, s := range n.FailedScenarios() {
		p.gap()
		p.Para(term.Bad, p.Outcome(finding.Bad)+"  ", s.Name)
		for _, why := range s.Reasons {
			p.Para(term.Plain, "      - ", p.Phrase(why))
		}
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
