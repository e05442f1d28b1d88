package words

import (
	"fmt"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/sim/finding"
	"ipwsim/sim/searched"
)

// SearchOutcome is what a search comes to.
func (l Lang) SearchOutcome(s *searched.Search) (finding.Outcome, string) {
	if n := len(s.Failures) + len(s.Broken); n > 0 {
		return finding.Bad, l.Say("search.found", n)
	}
	if s.Cases == 0 {
		return finding.Bad, l.Say("search.no-case")
	}
	if s.Cut {
		return finding.Weakness, l.Say("search.cut")
	}
	return finding.Well, l.Say("search.nothing")
}

// mostMissed is how many probes that were never reached are named.
const mostMissed = 20

// Searched are sentences on how much was searched, and what was reached.
func (l Lang) Searched(s *searched.Search) []string {
	where := l.Say("search.drawn", s.Seed)
	if s.Cluster != "" {
		where = l.Say("search.of", s.Cluster, s.Seed)
	}
	all := []string{
		l.Say("search.size", s.Cases, l.Tenths(s.Took), fmt.Sprintf("%.0f", s.Rate()), l.Length(s.Virtual)) + l.Say("sentence-gap") + where,
		l.Say("search.twice", s.Twice),
	}
	missed := s.Missed()
	reached := l.Say("search.reached", len(s.Probes)-len(missed), len(s.Probes))
	if n := len(missed); n > mostMissed {
		missed = append(missed[:mostMissed:mostMissed], l.Say("search.more-missed", n-mostMissed))
	}
	if len(missed) > 0 {
		reached += l.Say("sentence-gap") + l.Say("search.missed", strings.Join(missed, l.Say("semicolon")))
	}
	return append(all, reached)
}

// Because is a reason that is a text of the program.
func (l Lang) Because(text string) string {
	if l == English {
		return text
	}
	return l.Text(diag.Text{Format: text})
}

// FoundIn is where a failure was found, and what is left of it.
func (l Lang) FoundIn(f *searched.Failure) string {
	return l.Say("search.found-in", f.Faults, f.Case, f.Shard, f.Shards)
}
