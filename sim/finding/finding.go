package finding

import (
	"net/netip"
	"time"

	"ipwsim/core/diag"
)

// Kind names what a note says: reports have a sentence for each.
type Kind string

// A Note is one thing to be said: its kind picks the sentence, and its other fields fill it in. Which of them a
// kind uses is told where it is made.
type Note struct {
	Kind    Kind          `json:"kind"`
	Client  string        `json:"client,omitempty"`
	Node    string        `json:"node,omitempty"`
	Peer    string        `json:"peer,omitempty"`
	VIP     netip.Addr    `json:"vip,omitzero"`
	At      time.Duration `json:"at,omitempty"`
	Until   time.Duration `json:"until,omitempty"`
	Time    time.Duration `json:"time,omitempty"` // that was got
	Silent  time.Duration `json:"silent,omitempty"`
	Open    bool          `json:"open,omitempty"` // Time is not over when the run ends
	Want    Band          `json:"want,omitzero"`
	Rules   []string      `json:"rules,omitempty"`
	Loss    Loss          `json:"loss,omitempty"`
	Cause   *Cause        `json:"cause,omitempty"`
	What    Obstacle      `json:"what,omitempty"`
	Fault   int           `json:"fault,omitempty"` // a fault's number
	N       int           `json:"n,omitempty"`
	Text    string        `json:"text,omitempty"`  // of others: a message's name, Windows' words, a scenario's
	Parts   []Note        `json:"parts,omitempty"` // that the sentence lists
	Because *Note         `json:"because,omitempty"`

	Problems diag.List `json:"-"` // that Text is made of
}

// Band is the least and the most that something may take, both allowed.
type Band struct {
	Least time.Duration `json:"least"`
	Most  time.Duration `json:"most"`
}

// Holds says whether the time lies in the band.
func (b Band) Holds(d time.Duration) bool { return b.Least <= d && d <= b.Most }

// Verdict is what a check says of a case, or of a run.
type Verdict string

// The verdicts. Inconclusive is a failure: a check that could not see must not count as passed.
const (
	Pass          Verdict = "pass"
	Fail          Verdict = "fail"
	Inconclusive  Verdict = "inconclusive"
	NotApplicable Verdict = "n/a"
)

// Finding is one case that a check speaks about.
type Finding struct {
	Note
	Verdict Verdict `json:"verdict"`
}

// Result is the verdict of one check.
type Result struct {
	ID       string    `json:"id"` // "P1"
	Verdict  Verdict   `json:"verdict"`
	Expected bool      `json:"expected,omitempty"` // the scenario is there to show that this check fails
	Judged   int       `json:"judged"`             // cases judged, good and bad
	Reason   *Note     `json:"reason,omitempty"`   // why inconclusive without findings, or not applicable
	Findings []Finding `json:"findings,omitempty"` // failed and unfinished cases
	Left     []Finding `json:"left,omitempty"`     // cases that the check does not judge, each with the reason
}

// Bad says whether the result keeps a run from passing.
func (r *Result) Bad() bool {
	return r.Verdict == Inconclusive || r.Verdict == Fail && !r.Expected
}

// Expectation is a sentence of the scenario, and whether the run bore it out.
type Expectation struct {
	Line   int           `json:"line"`             // in the scenario's file
	Text   string        `json:"text"`             // as written there
	Not    bool          `json:"not,omitempty"`    // "expect no ..."
	What   string        `json:"what"`             // the word after it
	Client string        `json:"client,omitempty"` // whom it is about; "": every client
	VIP    netip.Addr    `json:"vip,omitzero"`     // the zero Addr: every VIP
	Band   Band          `json:"band,omitzero"`    // of times
	Own    *Elsewhere    `json:"own,omitempty"`    // the run is on another cluster than the scenario's: what that says of its own; nil: it is not
	Limit  *Limit        `json:"limit,omitempty"`  // of times under many seeds; nil: it is judged in each run
	From   time.Duration `json:"from"`             // of the stretch it is about
	To     time.Duration `json:"to"`               // 0: the end of the run
	OK     bool          `json:"ok"`
	Seen   []Note        `json:"seen"`
	Hint   *Note         `json:"hint,omitempty"` // what is easily misunderstood about it
}

// Elsewhere is what a scenario expects of its own cluster. On another it may be quicker, and take as long as the settings
// there promise: Expectation.Band has that.
type Elsewhere struct {
	Cluster string `json:"cluster"` // its own
	Band    Band   `json:"band"`    // as written
}

// Limit is what a part of many runs, which differ in their seeds, must stay below. One run decides nothing about it.
type Limit struct {
	Quantile string        `json:"quantile"` // one of Quantiles
	Below    time.Duration `json:"below"`
}

// Quantiles are those that a Limit can be of, and which part of the runs take no longer.
var Quantiles = []struct {
	Name string
	Part float64
}{{"p50", 0.5}, {"p90", 0.9}, {"p95", 0.95}, {"p99", 0.99}, {"max", 1}}

// Part is the part of the runs that the limit is for, from 0 to 1.
func (l *Limit) Part() float64 {
	for _, q := range Quantiles {
		if q.Name == l.Quantile {
			return q.Part
		}
	}
	return 1
}

// Covers says whether the stretch holds the time.
func (e *Expectation) Covers(t time.Duration) bool { return t >= e.From && (e.To == 0 || t < e.To) }

// About says whether the expectation is about the client and the VIP.
func (e *Expectation) About(client string, vip netip.Addr) bool {
	return (e.Client == "" || e.Client == client) && (!e.VIP.IsValid() || e.VIP == vip)
}
