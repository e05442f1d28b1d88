// Package script is the language of scenario files: a cluster, faults in virtual time, and what is
// expected. One file is one case; a bug report, a regression test and a failure that a property
// found all have this form.
package script

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"ipwsim/scenarios/facts"
	"ipwsim/sim/finding"
	"ipwsim/sim/verb"
)

// Script is a scenario.
type Script struct {
	File    string         // as the user named it; may be ""
	Name    string         // the file's base name without ending
	Title   finding.Phrase // the first comment line, and the one that begins with "ja:"
	Comment []string

	Cluster     string // folder name of the cluster
	ClusterLine int
	Cold        bool // nodes have no power at time 0
	Seed        *uint64
	Ties        bool // of one instant are drawn
	Allows      []Allow
	Steps       []Step
	Expects     []Expect
	End         time.Duration // 0: a minute after the last step

	elsewhere bool // it is run on another cluster than its own

	Files map[string][]byte // laid over the cluster's own files
}

// Step is something done at a time, or again and again.
type Step struct {
	At    time.Duration
	Line  int
	Every time.Duration // from one time to the next; 0: once
	Until time.Duration // with Every: the latest time
	Try   bool          // it is left out where it cannot be done
	verb.Call
}

// last is when the step is done for the last time.
func (st *Step) last() time.Duration {
	if st.Every == 0 {
		return st.At
	}
	return st.At + (st.Until-st.At)/st.Every*st.Every
}

// when is the step's time as a scenario says it.
func (st *Step) when() string {
	when := written(st.At)
	if st.Every != 0 {
		when += " every " + written(st.Every) + " until " + written(st.Until)
	}
	if st.Try {
		when += " try"
	}
	return when
}

// rules says whether the step puts a rule in force.
func (st *Step) rules() bool {
	_, is := st.Arg.(*verb.Rule)
	return is
}

// timeline is what is done, one after the other: each step as often as it says.
func (s *Script) timeline() []Step {
	var all []Step
	for _, st := range s.Steps {
		for last := st.last(); st.At <= last; st.At += st.Every {
			all = append(all, st)
			if st.Every == 0 {
				break
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Step) int { return cmp.Compare(a.At, b.At) })
	return all
}

// Expect is an expectation. It speaks of the stretch from the step above it to the next later
// one, or to the end.
type Expect struct {
	finding.Expectation
	Args  []string
	begun int // the line of the step that its stretch begins with; 0: the run's start
}

// text is the expectation as written.
func (e *Expect) text() string {
	words := []string{"expect"}
	if e.Not {
		words = append(words, "no")
	}
	words = append(append(words, e.What), e.Args...)
	if e.Client != "" {
		words = append(words, "for", e.Client)
	}
	if e.VIP.IsValid() {
		words = append(words, "of", e.VIP.String())
	}
	return strings.Join(words, " ")
}

// On is the scenario on the cluster of a folder, which may be another than the one that it was written for.
func (s *Script) On(folder string) *Script {
	if folder == "" || folder == s.Cluster || s.Cluster == AnyCluster {
		return s
	}
	other := *s
	other.elsewhere = true
	return &other
}

// minute is how long a scenario goes on after its last step unless it says otherwise.
const minute = time.Minute

// EndsAt is the virtual time at which the scenario ends.
func (s *Script) EndsAt() time.Duration {
	if s.End != 0 {
		return s.End
	}
	return s.lastStep() + minute
}

// lastStep is when something is done for the last time; 0 where nothing is.
func (s *Script) lastStep() (last time.Duration) {
	for i := range s.Steps {
		last = max(last, s.Steps[i].last())
	}
	return last
}

// ShowsWeakness says whether the scenario is there to show that a check fails, or that a switch takes longer than the
// maker promises.
func (s *Script) ShowsWeakness() bool {
	return slices.ContainsFunc(s.Expects, func(e Expect) bool {
		switch e.What {
		case "finding":
			return !e.Not
		case "failover":
			return !e.Not && e.Band.Least > facts.GuideFailover.Most
		case "failback":
			return !e.Not && e.Band.Least > facts.GuideFailback.Most
		}
		return false
	})
}
