// Package reports turns a run into something to read: text for a terminal, pages for browsers, JSON
// for scripts, JUnit XML for build servers. It reads the trace and the findings and nothing else, so a
// report can be made again from what was saved, and equal runs give equal bytes.
package reports

import (
	"net/netip"
	"time"

	"ipwsim/sim/trace"
)

// Result is one run of one scenario: what happened, and what was found in it.
type Result struct {
	Scenario string // its name
	File     string // where it is written down; may be ""
	Title    string // its first comment line
	Seed     uint64
	Hash     string // of the trace: equal hashes mean equal runs
	Rerun    string // the command that runs it again

	Trace        *trace.Trace
	Refused      bool // nothing was run, as the scenario expects: the cluster's files are wrong
	Checks       []Check
	Expectations []Expectation
	Figures      []Figure
	Outages      []Outage
	Beliefs      []Belief
	Mail         *Mail // nil: nobody used any
	Lanes        []Lane
	Frames       []Frame       // around what happened
	FramesCut    time.Duration // from when on there was no room for more; 0: there was
	Captures     string        // address of the folder of the captures as a page sees it; "" for none
	Warnings     []string      // a sentence each
}

// Verdict is what a check says of a run. "not applicable" is read as "n/a", any other word as
// inconclusive.
type Verdict string

// The verdicts. An inconclusive check fails the run; one that does not apply does not.
const (
	Pass          Verdict = "pass"
	Fail          Verdict = "fail"
	Inconclusive  Verdict = "inconclusive"
	NotApplicable Verdict = "n/a"
)

// Check is the finding of one invariant.
type Check struct {
	ID        string // "P1"
	Title     string
	Verdict   Verdict
	Expected  bool     // the scenario is there to show that this check fails
	Sentences []string // what was found, one fact each
	Reason    string   // why inconclusive, or why it does not apply
}

// Expectation is a sentence of the scenario and whether the run bore it out.
type Expectation struct {
	Line int    // in the scenario's file
	Text string // as written there
	OK   bool
	Seen string // what was seen instead, or at all
}

// Figure is one measured interruption and the band promised for it. A figure that breaks its
// promise fails the run: leave the band zero where nothing is promised.
type Figure struct {
	Name     string // "failover" or "failback"
	Client   string
	VIP      netip.Addr
	From, To time.Duration // virtual time; To means nothing while Open
	Value    time.Duration // as long as it lasted, or has lasted so far
	Open     bool          // the run ended before it did

	BandMin, BandMax time.Duration // both 0: no promise; BandMax 0: no upper end

	Silent time.Duration // how long the VIP was silent within it
	By     string        // who answers afterwards
}

// Promised says whether a band is promised for the figure.
func (f Figure) Promised() bool { return f.BandMin != 0 || f.BandMax != 0 }

// Kept says whether the figure lies in its band. An open figure lies in none.
func (f Figure) Kept() bool { return f.Promised() && !f.Open && f.inBand(f.Value) }

func (f Figure) inBand(v time.Duration) bool {
	return v >= f.BandMin && (f.BandMax == 0 || v <= f.BandMax)
}

// Lane is one row of the timeline: a node's VIP, or a client that is answered or not.
type Lane struct {
	Label string
	Spans []Span // in order of time; between them the lane is in no state

	Host   string     // whose lane it is
	VIP    netip.Addr // and of which VIP
	Client bool       // a client's: between its spans it gets no answer
}

// Span is a time a lane spends in one state: "tentative", "preferred", "duplicate", "answered".
type Span struct {
	From, To time.Duration
	State    string
}
