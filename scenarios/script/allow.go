package script

import (
	"slices"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/scenarios/check"
	"ipwsim/sim/finding"
)

// Allow says that a scenario is not about some checks.
type Allow struct {
	Line   int
	Checks []string      // by number
	Until  time.Duration // what they find from then on counts; 0: nothing does
}

// text is the statement as written.
func (a *Allow) text() string {
	text := "allow " + strings.Join(a.Checks, " ")
	if a.Until > 0 {
		text += " until " + written(a.Until)
	}
	return text
}

func (p *parser) allow(n int, words []string) {
	a := Allow{Line: n}
	rest := words[1:]
	if i := slices.Index(rest, "until"); i >= 0 {
		if len(rest) != i+2 {
			p.errorf(n, "found %q, expected `allow <check>... [until <time>]`", strings.Join(words, " "))
			return
		}
		until, ok := p.time(n, rest[i+1])
		if !ok {
			return
		}
		a.Until, rest = until, rest[:i]
	}
	if len(rest) == 0 {
		p.errorf(n, "found %q, expected `allow <check>... [until <time>]`", strings.Join(words, " "))
		return
	}
	for _, id := range rest {
		if _, ok := check.ByID(id); !ok {
			p.errorf(n, "unknown check %q%s, expected one of %s", id, diag.Suggest(id, check.IDs()), strings.Join(check.IDs(), ", "))
			return
		}
	}
	a.Checks = rest
	p.s.Allows = append(p.s.Allows, a)
}

// covers says whether the statement lets the check find that.
func (a *Allow) covers(id string, at time.Duration) bool {
	return slices.Contains(a.Checks, id) && (a.Until == 0 || at < a.Until)
}

// excuse takes what the scenario allows from a check's findings. A check of which nothing else is left fails as expected,
// or has nothing to judge.
func (s *Script) excuse(r *finding.Result) {
	if r.Verdict != finding.Fail && r.Verdict != finding.Inconclusive {
		return
	}
	var counted, allowed []finding.Finding
	for _, f := range r.Findings {
		if slices.ContainsFunc(s.Allows, func(a Allow) bool { return a.covers(r.ID, f.At) }) {
			allowed = append(allowed, f)
		} else {
			counted = append(counted, f)
		}
	}
	blind := len(r.Findings) == 0 && slices.ContainsFunc(s.Allows, func(a Allow) bool { return a.covers(r.ID, 0) })
	switch {
	case len(allowed) == 0 && !blind:
	case len(counted) > 0:
		r.Findings, r.Left, r.Verdict = counted, append(r.Left, allowed...), verdictOf(counted)
	case r.Verdict == finding.Fail:
		r.Expected = true
	default:
		r.Verdict = finding.NotApplicable
	}
}

// verdictOf is the verdict of a check with these findings.
func verdictOf(all []finding.Finding) finding.Verdict {
	if slices.ContainsFunc(all, func(f finding.Finding) bool { return f.Verdict == finding.Fail }) {
		return finding.Fail
	}
	return finding.Inconclusive
}
