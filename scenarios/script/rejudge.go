package script

import (
	"errors"
	"io/fs"
	"slices"

	"ipwsim/core/diag"
	"ipwsim/scenarios/check"
	"ipwsim/scenarios/facts"
	"ipwsim/sim/cluster"
	"ipwsim/sim/finding"
	"ipwsim/sim/verb"
)

// Judge judges a run that was played before, from what it left behind. It is an error when the
// cluster's files or the scenario cannot be those of the run.
func Judge(s *Script, find func(string) (fs.FS, error), p finding.Played) (*finding.Run, error) {
	bp, problems, err := s.blueprint(find, "")
	if err != nil {
		return nil, err
	}
	if bp != nil {
		if s, err = s.cast(bp); err != nil {
			return nil, err
		}
	}
	rules := len(s.rules())
	switch {
	case bp == nil && p.Trace != nil:
		return nil, errors.Join(diag.Errorf("found a trace of %s, but its cluster is refused:", s.Name), problems)
	case bp != nil && p.Trace == nil:
		return nil, diag.Errorf("found no trace of %s, but its cluster is not refused", s.Name)
	case bp == nil:
		return s.judge(problems, finding.Played{Seed: p.Seed}), nil
	case len(p.Hits) != rules:
		return nil, diag.Errorf("found the hits of %d rules, expected those of %s's %d", len(p.Hits), s.Name, rules)
	}
	if err := s.checkNames(bp); err != nil {
		return nil, err
	}
	if h := p.Trace.Header; h.Scenario != s.Name || h.Seed != p.Seed || len(h.VIPs) == 0 {
		return nil, diag.Errorf("found a trace of scenario %q with seed %d and %d VIPs, expected %q, %d and some", h.Scenario, h.Seed, len(h.VIPs), s.Name, p.Seed)
	}
	return s.judge(problems, p), nil
}

// judge holds the scenario's rules and expectations, and every check, against a run.
func (s *Script) judge(problems diag.List, p finding.Played) *finding.Run {
	run := &finding.Run{
		Scenario: s.Name, File: s.File, Title: s.Title, Played: p, Refused: p.Trace == nil,
	}
	j := &judge{trace: p.Trace, problems: problems}
	if p.Trace != nil {
		j.facts = facts.Read(p.Trace)
		j.results = check.All(j.facts)
		run.Facts, run.Results = j.facts.Facts, j.results
		for i := range run.Facts.Faults {
			run.Facts.Faults[i].Said = verb.Said(run.Facts.Faults[i].Fault)
		}
	}
	for i, hits := range p.Hits {
		run.Expectations = append(run.Expectations, s.rules()[i].ruleVerdict(hits))
	}
	for i := range s.Expects {
		e := s.Expects[i]
		if s.elsewhere && j.facts != nil {
			j.relax(&e, s.Cluster)
		}
		if e.OK, e.Seen = j.judge(&e); s.elsewhere && j.facts != nil && !e.OK && e.Hint == nil {
			e.Hint = &finding.Note{Kind: "hint.elsewhere", Text: s.Cluster, Time: j.failoverTime()}
		}
		run.Expectations = append(run.Expectations, e.Expectation)
		for k := range run.Results {
			if r := &run.Results[k]; e.What == "finding" && !e.Not && e.Args[0] == r.ID {
				r.Expected = true
			}
		}
	}
	for k := range run.Results {
		s.excuse(&run.Results[k])
	}
	for _, p := range problems {
		told := slices.ContainsFunc(s.Expects, func(e Expect) bool { return e.Foretells(p) })
		if p.Severity == diag.Error && !slices.Contains(s.played(), p.Kind) || !told {
			run.Problems = append(run.Problems, p)
		}
	}
	if len(s.played()) > 0 || slices.ContainsFunc(run.Results, keptOut) {
		excuseNoData(run.Results)
	}
	return run
}

// keptOut says whether the check says that no node could ever hold a VIP, which leaves others nothing to judge.
func keptOut(r finding.Result) bool {
	return slices.ContainsFunc(r.Findings, func(f finding.Finding) bool { return f.Kind == "p4.kept-out" })
}

// excuseNoData lets pass that there may be nothing to judge: of a cluster whose files are wrong, as the scenario
// expects, and where a check says why.
func excuseNoData(all []finding.Result) {
	for i := range all {
		if r := &all[i]; r.Verdict == finding.Inconclusive && r.Reason != nil && r.Reason.Kind == "no-data" {
			r.Verdict = finding.NotApplicable
		}
	}
}

// rules are the steps that put a rule in force.
func (s *Script) rules() []Step {
	var all []Step
	for _, st := range s.timeline() {
		if st.rules() {
			all = append(all, st)
		}
	}
	return all
}

// ruleVerdict demands that the rule met a packet, unless it may not: otherwise the scenario tests less
// than it says.
func (st Step) ruleVerdict(hits uint64) finding.Expectation {
	return finding.Expectation{
		Line: st.Line, What: "rule", Text: st.String(), OK: hits > 0 || st.Try || st.Arg.(*verb.Rule).Maybe,
		Seen: []finding.Note{{Kind: "seen.hits", N: int(hits)}},
	}
}

// ClusterFiles are the files of the scenario's cluster (cluster.Files) with the scenario's own laid over them.
func (s *Script) ClusterFiles(find func(string) (fs.FS, error)) (map[string][]byte, error) {
	files, err := s.files(find)
	if err != nil {
		return nil, err
	}
	return cluster.Files(files)
}
