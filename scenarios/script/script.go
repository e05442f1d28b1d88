// Package script is the language of scenario files: a cluster, faults in virtual time, and what is
// expected. One file is one case; a bug report, a regression test and a failure that a property
// found all have this form.
package script

import (
	"strings"
	"time"

	"ipwsim/netstack/wire"
	"ipwsim/sim/fault"
	"ipwsim/sim/world"
)

// Script is a scenario.
type Script struct {
	File    string // as the user named it; may be ""
	Name    string // the file's base name without ending
	Title   string // the first comment line
	Comment []string

	Cluster     string // folder name of the cluster
	ClusterLine int
	Cold        bool // nodes have no power at time 0
	Seed        *uint64
	Steps       []Step
	Expects     []Expect
	End         time.Duration // 0: a minute after the last step

	Files map[string][]byte // laid over the cluster's own files
}

// Step is something done at a time. Exactly one of its pointers is set.
type Step struct {
	At    time.Duration
	Line  int
	Fault *fault.Fault
	Ping  *Ping
	Rule  *wire.Rule // in force from then on
	Maybe bool       // the rule need not meet a packet

	Send    *world.Send
	Read    *world.Read
	Connect *Connect
}

// Ping is `ping -t` on a client.
type Ping struct {
	Client string
	Target string // "vip" or an address
}

// Expect is an expectation. It speaks of the stretch from the step above it to the next later
// one, or to the end.
type Expect struct {
	Line     int
	From     time.Duration
	To       time.Duration // the end of the stretch; 0: the end of the run
	Not      bool
	What     string // the word after expect
	Args     []string
	Min, Max time.Duration // of a band
}

// Covers says whether the stretch holds the time.
func (e Expect) Covers(t time.Duration) bool { return t >= e.From && (e.To == 0 || t < e.To) }

// Text is the expectation as written.
func (e Expect) Text() string {
	words := []string{"expect"}
	if e.Not {
		words = append(words, "no")
	}
	return strings.Join(append(append(words, e.What), e.Args...), " ")
}

// minute is how long a scenario goes on after its last step unless it says otherwise.
const minute = time.Minute

// EndsAt is the virtual time at which the scenario ends.
func (s *Script) EndsAt() time.Duration {
	if s.End != 0 {
		return s.End
	}
	last := time.Duration(0)
	if n := len(s.Steps); n > 0 {
		last = s.Steps[n-1].At
	}
	return last + minute
}
