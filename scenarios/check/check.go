// Package check judges a run by its trace alone: P1 to P7 of the specification, and the figures
// they rest on. Nothing here looks at a live world, so a verdict can be given again
// from a saved trace, and every check is tested on traces written by hand.
package check

import (
	"net/netip"
	"time"

	"ipwsim/sim/trace"
)

// Verdict is what a check says of a trace.
type Verdict string

// The verdicts. Inconclusive is a failure: a check that could not see must not count as passed.
const (
	Pass          Verdict = "pass"
	Fail          Verdict = "fail"
	Inconclusive  Verdict = "inconclusive"
	NotApplicable Verdict = "not applicable"
)

// Finding is one case a check speaks about.
type Finding struct {
	At       time.Duration `json:"at"`    // virtual time the case begins
	Until    time.Duration `json:"until"` // virtual time it ends, or the end of the trace
	Host     string        `json:"host,omitempty"`
	VIP      netip.Addr    `json:"vip,omitzero"`
	Verdict  Verdict       `json:"verdict"`
	Sentence string        `json:"sentence"` // what was expected, what was seen, by which rules
}

// Result is the verdict of one check.
type Result struct {
	ID       string    `json:"id"`
	Title    string    `json:"title"`
	Verdict  Verdict   `json:"verdict"`
	Reason   string    `json:"reason,omitempty"`   // why inconclusive without findings, or not applicable
	Judged   int       `json:"judged"`             // cases judged, good and bad
	Findings []Finding `json:"findings,omitempty"` // failed and unfinished cases
	Left     []Finding `json:"left,omitempty"`     // cases the check does not judge, each with the reason
}

// Check is one invariant of section 6.
type Check struct {
	ID    string
	Title string
	judge func(*trace.Trace) Result
}

// Run judges the trace.
func (c Check) Run(t *trace.Trace) Result {
	r := c.judge(t)
	r.ID, r.Title = c.ID, c.Title
	return r
}

// table is every check, in the order of the specification.
var table = []Check{
	{"P1", "After the loss of its holder the VIP is answered again within the failover time.", failoverTime},
	{"P2", "After the master's return the VIP is answered by the master within the failback time.", failbackTime},
	{"P3", "Among nodes that can reach each other at most one answers for a VIP.", oneHolder},
	{"P4", "While a node is up, connected and not misconfigured, the VIP is answered.", alwaysAnswered},
	{"P5", "Mail that was accepted is delivered once, or still queued, or bounced: never lost, never twice.", mailOnce},
	{"P6", "Stopping the service leaves no VIP behind.", cleanStop},
	{"P7", "With the pipe dead, the release cycle returns the VIP to the master.", returnedByCycle},
}

// Checks lists the checks in the order of the specification.
func Checks() []Check { return append([]Check(nil), table...) }

// ByID finds a check by its ID, as "P1".
func ByID(id string) (Check, bool) {
	for _, c := range table {
		if c.ID == id {
			return c, true
		}
	}
	return Check{}, false
}

// All runs every check.
func All(t *trace.Trace) []Result {
	results := make([]Result, len(table))
	for i, c := range table {
		results[i] = c.Run(t)
	}
	return results
}

// Passed says whether every check passed or provably had nothing to judge. No results at all
// is no pass.
func Passed(results []Result) bool {
	for _, r := range results {
		if r.Verdict != Pass && r.Verdict != NotApplicable {
			return false
		}
	}
	return len(results) > 0
}
