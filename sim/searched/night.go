package searched

import (
	"time"

	"ipwsim/sim/finding"
)

// Night is what came of a night of search, and of all that a night does besides. Lengths are of real time.
type Night struct {
	Program    string        `json:"program"`
	Begun      time.Time     `json:"begun"`
	Length     time.Duration `json:"length_seconds"` // that there was
	Used       time.Duration `json:"used_seconds"`   // of it, by all that took part in the night
	Workers    int           `json:"workers"`
	Again      string        `json:"again"` // the command that does the night again
	Since      string        `json:"since"` // the night that New is held against, by its time; "": none
	Search     *Search       `json:"search"`
	Gone       []string      `json:"gone"` // failures that the last night knew, and this one has not seen, by name
	Scenarios  []Scenario    `json:"scenarios"`
	Unrun      int           `json:"scenarios_not_run"` // there was no time for so many
	Explored   []Explored    `json:"explored"`
	Unexplored int           `json:"explorations_not_done"` // there was no time for so many
	Benches    []Bench       `json:"benches"`
	Bugs       []Bug         `json:"bugs"`
	NoBugs     string        `json:"no_bugs"` // why known bugs were not tried; "": they were
	Fuzz       []Fuzz        `json:"fuzz"`
	Targets    int           `json:"fuzz_targets"` // of which Fuzz are those that there was time for
	NoFuzz     string        `json:"no_fuzz"`
	Shares     []Share       `json:"shares"` // where the time of the cores went, by part
}

// Share is what a part of a night has cost.
type Share struct {
	Part string        `json:"part"`
	Took time.Duration `json:"core_seconds"` // the times of all cores that were at work on it, added
}

// The parts of a night.
const (
	PartScenarios = "scenario"
	PartExplore   = "explore"
	PartBenches   = "bench"
	PartBuild     = "build" // of the program with the known bugs
	PartSearch    = "search"
	PartBugs      = "bug"
	PartFuzz      = "fuzz"
)

// Parts are all of them, in the order in which they begin.
var Parts = []string{PartBuild, PartScenarios, PartExplore, PartBenches, PartBugs, PartFuzz, PartSearch}

// Explored is what came of following all that can happen to two watchers, up to a bound.
type Explored struct {
	Name        string         `json:"name"`
	Interval    time.Duration  `json:"interval_seconds"` // virtual; of both nodes, as what follows
	PingTimeout time.Duration  `json:"ping_timeout_seconds"`
	VIPs        int            `json:"vips"`
	Departures  int            `json:"departures"` // from the plain course, at most
	States      int            `json:"states"`
	Transitions int64          `json:"transitions"`
	Complete    bool           `json:"complete"` // else a bound of memory cut it off, and it shows nothing
	Rule        string         `json:"rule"`     // that breaks; "": none
	Title       finding.Phrase `json:"title"`    // how it breaks
	After       int            `json:"after"`    // so many departures
	At          time.Duration  `json:"at"`       // virtual
	Text        string         `json:"scenario,omitempty"`
	Rerun       string         `json:"rerun"`
}

// Holds says whether nothing breaks to the bound.
func (e *Explored) Holds() bool { return e.Complete && e.Rule == "" }

// Scenario is a shipped one that was run.
type Scenario struct {
	Name    string           `json:"name"`
	Title   finding.Phrase   `json:"title"`
	Outcome finding.Outcome  `json:"verdict"`
	Reasons []finding.Phrase `json:"reasons"` // why it failed
}

// Bench is what something costs beside the least that it can cost.
type Bench struct {
	Name  string        `json:"name"`
	Time  time.Duration `json:"seconds"`
	Floor time.Duration `json:"floor_seconds"`
}

// Ratio is how many times the floor it costs.
func (b Bench) Ratio() float64 { return float64(b.Time) / float64(max(1, b.Floor)) }

// Bug is a known one that the search was to find, in a program that has it.
type Bug struct {
	Name   string         `json:"name"`
	Kind   string         `json:"kind"`
	Title  finding.Phrase `json:"title"`
	Caught bool           `json:"caught"`
	Tried  bool           `json:"tried"` // until it was caught, or its cases or its time were over
	Check  string         `json:"check"` // that caught it; "": an expectation
	By     string         `json:"by"`    // the finding that did
	Cases  int            `json:"cases"`
	Took   time.Duration  `json:"seconds"`
	Error  string         `json:"error,omitempty"` // the search's own, which caught it too
}

// Fuzz is a target that was fuzzed.
type Fuzz struct {
	Package string        `json:"package"`
	Target  string        `json:"target"`
	Took    time.Duration `json:"seconds"`
	Failed  bool          `json:"failed"`
	Output  string        `json:"output,omitempty"` // of one that failed
}

// Rerun is the command that runs the target again, with the input that failed, which lies in the source now.
func (f Fuzz) Rerun() string { return "go test " + f.Package + " -run " + f.Target }

// EnoughCases is of how many a night must have reached every probe.
const EnoughCases = 20_000

// Blind says whether the night has missed probes that it had time to reach.
func (n *Night) Blind() bool {
	return n.Search.Cluster == "" && n.Search.Cases >= EnoughCases && len(n.Search.Missed()) > 0
}

// Unseen are the known bugs that were tried, and not caught.
func (n *Night) Unseen() (all []Bug) {
	for _, b := range n.Bugs {
		if b.Tried && !b.Caught {
			all = append(all, b)
		}
	}
	return all
}

// FailedScenarios are those that did not hold.
func (n *Night) FailedScenarios() (all []Scenario) {
	for _, s := range n.Scenarios {
		if s.Outcome == finding.Bad {
			all = append(all, s)
		}
	}
	return all
}

// Open are the explorations that broke, or that decided nothing.
func (n *Night) Open() (all []*Explored) {
	for i := range n.Explored {
		if e := &n.Explored[i]; !e.Holds() {
			all = append(all, e)
		}
	}
	return all
}

// Untried are the known bugs that were not looked for.
func (n *Night) Untried() (count int) {
	for _, b := range n.Bugs {
		if !b.Tried {
			count++
		}
	}
	return count
}

// FailedFuzz are the targets with a failing input.
func (n *Night) FailedFuzz() (all []Fuzz) {
	for _, f := range n.Fuzz {
		if f.Failed {
			all = append(all, f)
		}
	}
	return all
}

// Outcome is what the night comes to. Known bugs that were not caught, and what there was no time for, are a weakness.
func (n *Night) Outcome() finding.Outcome {
	switch {
	case n.Search.Bad() || n.Blind() || len(n.FailedScenarios())+len(n.FailedFuzz())+len(n.Open()) > 0:
		return finding.Bad
	case len(n.Unseen())+n.Untried()+n.Unrun+n.Unexplored > 0:
		return finding.Weakness
	}
	return finding.Well
}

// Compare marks what is new since an earlier night, which may be nil.
func (n *Night) Compare(last *Night) {
	if last == nil {
		return
	}
	n.Since = last.Begun.Format(time.RFC3339)
	known := map[[3]string]bool{}
	for _, f := range last.Search.Failures {
		known[f.same()] = true
	}
	now := map[[3]string]bool{}
	for i := range n.Search.Failures {
		f := &n.Search.Failures[i]
		f.New = !known[f.same()]
		now[f.same()] = true
	}
	for _, f := range last.Search.Failures {
		if !now[f.same()] {
			n.Gone = append(n.Gone, f.Name)
		}
	}
}

func (f *Failure) same() [3]string { return [3]string{f.Check, f.Kind, f.Why} }
