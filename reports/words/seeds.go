package words

import (
	"strings"

	"ipwsim/sim/finding"
	"ipwsim/sim/studied"
)

// SeedFigure is a figure of many seeds by name, client and VIP.
func (l Lang) SeedFigure(s *studied.Spread) string {
	var name string
	switch s.Name {
	case studied.Silence, studied.MailSilence:
		name = l.Say("seeds." + string(s.Name))
	default:
		name = l.FigureName(s.Name)
	}
	if s.Client == "" {
		return name
	}
	return l.Say("seeds.of", name, s.Client, s.VIP)
}

// SeedsOutcome is what all of them come to, in a word, and as an outcome: of seeds that were not all run, and none of
// which failed, a weak one.
func (l Lang) SeedsOutcome(s *studied.Seeds) (string, finding.Outcome) {
	switch {
	case s.Bad():
		return l.Outcome(finding.Bad), finding.Bad
	case !s.Whole():
		return l.Say("seeds.unfinished"), finding.Weakness
	case s.Weak > 0:
		return l.Outcome(finding.Weakness), finding.Weakness
	}
	return l.Outcome(finding.Well), finding.Well
}

// SeedCounts is how many seeds there were, and how they ended.
func (l Lang) SeedCounts(s *studied.Seeds) string {
	text := l.Say("seeds.counts", s.Done, s.Asked, s.Passed, s.Weak, s.Failed)
	if s.NoWorld > 0 {
		text += l.Say("seeds.no-world", s.NoWorld)
	}
	if s.Done < s.Total {
		text += l.Say("seeds.cut", s.Total)
	}
	return text
}

// SeedCause is why seeds failed, or which weakness they showed.
func (l Lang) SeedCause(c studied.SeedCause) string {
	switch c.Kind {
	case studied.Expectation:
		return l.Expectation(&finding.Expectation{Line: c.Line, Text: c.Name})
	case studied.FailedCheck:
		return c.Name + " " + l.check(c.Name)
	case studied.UndecidedCk:
		return l.Say("seeds.undecided", c.Name, l.check(c.Name))
	case studied.LatePromise:
		return l.Say("seeds.late", l.FigureName(finding.FigureName(c.Name)))
	}
	return l.Say("seeds.no-data")
}

// check is a check's title without its full stop.
func (l Lang) check(id string) string { return strings.TrimRight(l.Say("check."+id), ".。") }

// SeedLimit is what came of a limit.
func (l Lang) SeedLimit(x studied.SeedLimit) string {
	if x.Value.Value == nil {
		return l.Say("seeds.limit-none")
	}
	text := l.Say("seeds.limit", x.Quantile, StudyTime(x.Value.Value), x.Seeds)
	if between := Interval(x.Value); between != "" {
		text = l.Say("seeds.limit-between", x.Quantile, StudyTime(x.Value.Value), between, x.Seeds)
	}
	if !x.Sure {
		text += l.Say("seeds.limit-unsure")
	}
	return text
}

// SeedWorst is how the worst seed ended.
func (l Lang) SeedWorst(w *studied.WorstSeed) string {
	if w.Silence == nil {
		return l.Say("seeds.worst", w.Seed, l.Outcome(w.Outcome))
	}
	return l.Say("seeds.worst-silent", w.Seed, l.Outcome(w.Outcome), StudyTime(w.Silence))
}
