package script

import (
	"fmt"
	"io/fs"

	"ipwsim/core/diag"
	"ipwsim/scenarios/check"
	"ipwsim/sim/cluster"
)

// Judge judges a run that was played before, from what it left behind. It is an error when the
// cluster's files or the scenario cannot be those of the run.
func Judge(s *Script, find func(string) (fs.FS, error), p Played) (*Outcome, error) {
	bp, problems, err := s.blueprint(find)
	if err != nil {
		return nil, err
	}
	rules := len(s.rules())
	switch {
	case bp == nil && p.Trace != nil:
		return nil, fmt.Errorf("found a trace of %s, but its cluster is refused:\n%w", s.Name, problems)
	case bp != nil && p.Trace == nil:
		return nil, fmt.Errorf("found no trace of %s, but its cluster is not refused", s.Name)
	case bp == nil:
		return s.judge(problems, Played{Seed: p.Seed}), nil
	case len(p.Hits) != rules:
		return nil, fmt.Errorf("found the hits of %d rules, expected those of %s's %d", len(p.Hits), s.Name, rules)
	}
	if err := s.checkNames(bp); err != nil {
		return nil, err
	}
	if h := p.Trace.Header; h.Scenario != s.Name || h.Seed != p.Seed || len(h.VIPs) == 0 {
		return nil, fmt.Errorf("found a trace of scenario %q with seed %d and %d VIPs, expected %q, %d and some", h.Scenario, h.Seed, len(h.VIPs), s.Name, p.Seed)
	}
	return s.judge(problems, p), nil
}

// judge holds the scenario's rules and expectations, and every check, against a run.
func (s *Script) judge(problems diag.List, p Played) *Outcome {
	out := &Outcome{Played: p, Problems: problems}
	j := &judge{outcome: out}
	for i, hits := range p.Hits {
		out.Expects = append(out.Expects, s.rules()[i].ruleVerdict(hits))
	}
	if p.Trace != nil {
		out.Checks = check.All(p.Trace)
		j.vip = p.Trace.Header.VIPs[0].Address
	}
	for _, e := range s.Expects {
		ok, seen := j.judge(e)
		out.Expects = append(out.Expects, Verdict{e, ok, seen})
	}
	return out
}

// rules are the steps that put a rule in force.
func (s *Script) rules() []Step {
	var all []Step
	for _, st := range s.Steps {
		if st.Rule != nil {
			all = append(all, st)
		}
	}
	return all
}

// ruleVerdict demands that the rule met a packet, unless it may not: otherwise the scenario tests less
// than it says.
func (st Step) ruleVerdict(hits uint64) Verdict {
	return Verdict{
		Expect: Expect{Line: st.Line, What: st.text(), Args: []string{"hits"}},
		OK:     hits > 0 || st.Maybe,
		Seen:   fmt.Sprintf("%d hits", hits),
	}
}

// ClusterFiles are the files of the scenario's cluster with the scenario's own laid over them: those
// that machines read, and those that lie beside them.
func (s *Script) ClusterFiles(find func(string) (fs.FS, error)) (map[string][]byte, error) {
	files, err := s.files(find)
	if err != nil {
		return nil, err
	}
	all := map[string][]byte{}
	err = fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && name == ".":
			return nil // the scenario has no cluster's file at all
		case err != nil:
			return err
		case d.IsDir() && name != "." && name != cluster.Active && name != cluster.Standby:
			return fs.SkipDir
		case d.IsDir() || !partOfCluster(name):
			return nil
		}
		data, err := fs.ReadFile(files, name)
		all[name] = data
		return err
	})
	return all, err
}
