// Package searched is what came of a search for what breaks a cluster, and of a whole night: plain data, for the engine
// and for reports.
package searched

import (
	"time"

	"ipwsim/sim/finding"
)

// Search is what came of a search. Times are virtual unless said.
type Search struct {
	Seed     uint64        `json:"seed,string"`
	Cluster  string        `json:"cluster,omitempty"` // "": drawn ones
	Cases    int           `json:"cases"`
	Runs     int           `json:"runs"`  // with those that made failures small, and those done twice
	Twice    int           `json:"twice"` // cases that were run twice, and came out the same
	Failed   int           `json:"failed"`
	Virtual  time.Duration `json:"virtual_seconds"`
	Took     time.Duration `json:"took_seconds"` // of real time
	Cut      bool          `json:"interrupted,omitempty"`
	Probes   []Count       `json:"probes"`      // points of interest, and how often each was reached
	Safety   []Count       `json:"safety_only"` // cases judged only for what always holds, by why
	Failures []Failure     `json:"failures"`    // distinct ones, by name
	Broken   []Broken      `json:"broken"`      // parts that could not be done
}

// Count is how often something was.
type Count struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// Total is how often all of them were.
func Total(all []Count) (n int) {
	for _, c := range all {
		n += c.Count
	}
	return n
}

// Failure is one that was found, in its smallest case.
type Failure struct {
	Name   string         `json:"name"`  // of its file, without the ending
	Check  string         `json:"check"` // that fails; "": an expectation
	Kind   string         `json:"kind"`  // of the finding, or the expectation
	Why    string         `json:"why,omitempty"`
	Title  finding.Phrase `json:"title"` // what goes wrong
	At     time.Duration  `json:"at"`
	Shard  int            `json:"shard"` // that found it, and ...
	Case   int            `json:"case"`  // ... the case's number
	Faults int            `json:"faults"`
	Shards int            `json:"shards"` // that found it, this one among them
	Text   string         `json:"scenario"`
	Rerun  string         `json:"rerun,omitempty"`
	New    bool           `json:"new"` // the last night did not know it
}

// Broken is a part that could not be done: its worker died, or a case did not come out the same twice.
type Broken struct {
	Shard int    `json:"shard"`
	Error string `json:"error"`
	Rerun string `json:"rerun,omitempty"`
}

// Missed are the names of probes that were never reached.
func (s *Search) Missed() (all []string) {
	for _, p := range s.Probes {
		if p.Count == 0 {
			all = append(all, p.Name)
		}
	}
	return all
}

// Rate is how many cases were done in a second of real time.
func (s *Search) Rate() float64 { return float64(s.Cases) / max(s.Took.Seconds(), 1e-3) }

// Bad says whether something was found, or no case was run, which shows nothing.
func (s *Search) Bad() bool { return len(s.Failures)+len(s.Broken) > 0 || s.Cases == 0 }
