package script

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"net/netip"
	"path"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/sim/cluster"
	"ipwsim/sim/finding"
)

// blueprint loads the scenario's cluster. No blueprint and no error means that the files are
// refused, and that it is for the expectations to judge that. folder names another cluster than the scenario's.
func (s *Script) blueprint(find func(string) (fs.FS, error), folder string) (*cluster.Blueprint, diag.List, error) {
	files, err := s.files(find)
	if err != nil {
		return nil, nil, err
	}
	bp, problems := cluster.LoadWith(files, ".", s.played()...)
	if bp == nil && !s.foretells(problems) {
		return nil, problems, errors.Join(s.refusal(cmp.Or(folder, s.Cluster), problems), s.within(folder, problems))
	}
	return bp, problems, nil
}

// refusal says that the cluster is refused, and where the scenario could play it as it is, with which lines.
func (s *Script) refusal(name string, problems diag.List) error {
	var lines []string
	for _, kind := range cluster.Playable {
		if len(problems.Without(kind)) < len(problems) {
			lines = append(lines, "`expect problem "+kind+"`")
		}
	}
	if len(lines) == 0 || problems.Without(cluster.Playable...).Err() != nil {
		return s.problem(s.ClusterLine, "cluster %q is refused:", name)
	}
	return s.problem(s.ClusterLine, "cluster %q is refused. To play it as it is, say %s in the scenario:", name, strings.Join(lines, ", "))
}

// played are the kinds of errors that the scenario expects and plays.
func (s *Script) played() (kinds []string) {
	for _, e := range s.Expects {
		if kind := e.kind(); kind != "" && !e.Not {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// kind is the kind of error that the expectation is of; "" for words of a problem.
func (e *Expect) kind() string {
	if e.What == "problem" && len(e.Args) == 1 && slices.Contains(cluster.Playable, e.Args[0]) {
		return e.Args[0]
	}
	return ""
}

// within are the problems with the folder before the names of its files; the scenario's own files are not in it.
func (s *Script) within(folder string, problems diag.List) diag.List {
	all := slices.Clone(problems)
	for i, p := range all {
		if _, own := s.Files[p.File]; !own {
			all[i].File = path.Join(folder, p.File)
		}
	}
	return all
}

// files are the cluster's, with the scenario's own laid over them.
func (s *Script) files(find func(string) (fs.FS, error)) (fs.FS, error) {
	name := s.Cluster
	if name == AnyCluster && !s.whole() {
		name = itsOwn
	}
	base, err := find(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && s.whole():
		base = nothing{}
	case err != nil:
		return nil, s.problem(s.ClusterLine, "cluster %q: %w", s.Cluster, err)
	}
	return cluster.Overlay(base, s.Files), nil
}

// problem is an error with its place in the scenario.
func (s *Script) problem(line int, format string, args ...any) error {
	var l diag.List
	l.Errorf(s.File, line, format, args...)
	return l
}

// whole says whether the scenario holds a whole cluster itself.
func (s *Script) whole() bool {
	has := map[string]bool{}
	for name := range s.Files { // order: a set
		folder, _, _ := strings.Cut(name, "/")
		has[folder] = true
	}
	return has["cluster.toml"] && has[cluster.Active] && has[cluster.Standby]
}

// nothing is an empty folder.
type nothing struct{}

func (nothing) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// foretells says whether the scenario speaks of the files' errors: it expects one that is there,
// or some problem that is not.
func (s *Script) foretells(problems diag.List) bool {
	for _, e := range s.Expects {
		if e.What != "problem" || e.Not || e.kind() != "" {
			continue
		}
		if told := matching(problems, &e); len(told) == 0 || told.Err() != nil {
			return true
		}
	}
	return false
}

// Foretells says whether the expectation is of a problem, and this is one.
func (e *Expect) Foretells(p diag.Problem) bool {
	return e.What == "problem" && !e.Not && e.describes(p)
}

func (e *Expect) describes(p diag.Problem) bool {
	if kind := e.kind(); kind != "" {
		return p.Kind == kind
	}
	return strings.Contains(p.String(), strings.Join(e.Args, " "))
}

// matching are the problems that hold the expectation's text.
func matching(problems diag.List, e *Expect) diag.List {
	var told diag.List
	for _, p := range problems {
		if e.describes(p) {
			told = append(told, p)
		}
	}
	return told
}

// Check finds what keeps the scenario from running: problems of the cluster's files, names that the cluster does not
// have and, when there are none, steps that cannot be done, by doing them; and expectations that no run can fulfil. A
// problem that the scenario expects is none.
func (s *Script) Check(ctx context.Context, find func(string) (fs.FS, error)) diag.List {
	bp, problems, err := s.blueprint(find, "")
	switch {
	case bp == nil && len(problems) == 0:
		return diag.Of(err)
	case err != nil:
		return problems
	}
	if bp != nil {
		if s, err = s.cast(bp); err != nil {
			return diag.Of(err)
		}
	}
	wrong := append(s.contradictions(), s.tooLate()...)
	j := &judge{problems: problems}
	for i := range s.Expects {
		e := &s.Expects[i]
		if ok, seen := j.problem(e); e.What == "problem" && ok == e.Not {
			wrong.Errorf(s.File, e.Line, "`%s` does not hold; seen: %s", e.Text, problemSeen(seen[0]))
		}
	}
	if bp == nil {
		return wrong
	}
	for _, p := range problems {
		if !slices.ContainsFunc(s.Expects, func(e Expect) bool { return e.Foretells(p) }) {
			wrong = append(wrong, p)
		}
	}
	wrong = append(wrong, diag.Of(s.checkNames(bp))...)
	if wrong.Err() == nil {
		wrong = append(wrong, s.rehearse(ctx, bp)...)
	}
	return wrong
}

// contradictions are the expectations that no run can fulfil beside an earlier one.
func (s *Script) contradictions() (problems diag.List) {
	for i, e := range s.Expects {
		at := slices.IndexFunc(s.Expects[:i], func(o Expect) bool { return e.contradicts(&o) })
		if at >= 0 {
			o := s.Expects[at]
			problems.Errorf(s.File, e.Line, "found `%s`, which contradicts `%s` in line %d: never can both hold; expected one of them, or a step between", e.Text, o.Text, o.Line)
		}
	}
	return problems
}

// tooLate are the expectations of what cannot be over when the run ends, though it begins as soon as it can.
func (s *Script) tooLate() (problems diag.List) {
	for _, e := range s.Expects {
		x, _ := lookupExpectation(e.What)
		if over := e.From + e.Band.Least; x.scope&forClient != 0 && x.band && !e.Not && over > s.EndsAt() {
			problems.Errorf(s.File, e.Line, "found `%s`, which no run can fulfil: what begins at %s or later is over at %s at the earliest, and the run ends at %s; expected a later `end`", e.Text, written(e.From), written(over), written(s.EndsAt()))
		}
	}
	return problems
}

// problemSeen is what was seen of an expected problem, for who reads problems.
func problemSeen(n finding.Note) diag.Text {
	switch n.Kind {
	case "seen.no-problem":
		return diag.Say("the cluster's files have no problem")
	case "seen.problems":
		return diag.Say("other problems: %w", n.Problems.InLine())
	}
	return n.Problems.InLine()
}

// Misnamed are the names that the cluster does not have, in those lines of a scenario with errors that can be read.
func (s *Script) Misnamed(find func(string) (fs.FS, error)) diag.List {
	if s.Cluster == "" {
		return nil
	}
	bp, _, err := s.blueprint(find, "")
	if bp == nil || err != nil {
		return nil
	}
	if s, err = s.cast(bp); err != nil {
		return nil
	}
	return diag.Of(s.checkNames(bp))
}

// checkNames finds the names of machines, cables and checks that do not exist.
func (s *Script) checkNames(bp *cluster.Blueprint) error {
	known := newNames(bp)
	var problems diag.List
	for _, st := range s.Steps {
		known.call(&problems, s.File, st.Line, st.Call)
		if st.Call.Name == "type" { // as ipwcs -entry asks for it (W4)
			if _, err := netip.ParseAddr(st.Call.Arg.String()); err == nil {
				known.vips = append(known.vips, st.Call.Arg.String())
			}
		}
	}
	for i := range s.Expects {
		known.expect(&problems, s.File, &s.Expects[i])
	}
	return problems.Err()
}
