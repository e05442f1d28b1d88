package finding

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/trace"
)

// Run is one run of a scenario and all that was found in it: what every report reads.
type Run struct {
	Scenario string // its name
	File     string // where it is written down; may be ""
	Title    Phrase // Ja may be ""
	Seed     uint64
	Hash     string // SHA-256 over all frames and records; "" unless asked for
	Rerun    string // the command that runs it again
	Program  string // the version of ipwsim that judged it

	Trace        *trace.Trace // nil when nothing was run
	Facts        *Facts       // of the trace
	Refused      bool         // nothing was run, as the scenario expects: the cluster's files are wrong
	Results      []Result     // of the checks, in their order
	Expectations []Expectation
	Problems     diag.List // of the files, that nobody expected

	Frames    []Frame       // around what happened; none unless asked for
	FramesCut time.Duration // from when on there was no room for more; 0: there was
	Captures  string        // address of the folder of the captures as a page sees it; "" for none
}

// Outcome is what a run comes to.
type Outcome string

// The outcomes of runs.
const (
	Well     Outcome = "pass"     // all held
	Weakness Outcome = "weakness" // all held that the scenario expects, a check's failure among it
	Bad      Outcome = "fail"
)

// Outcome is what the run comes to. One in which nothing happened, or nothing was judged, is bad.
func (r *Run) Outcome() Outcome {
	if len(r.Objections()) > 0 {
		return Bad
	}
	for _, c := range r.Results {
		if c.Expected && c.Verdict == Fail {
			return Weakness
		}
	}
	return Well
}

// Objection is one reason why a run is bad. One of its three parts is set, or none: nothing was judged.
type Objection struct {
	Expectation *Expectation
	Result      *Result
}

// Objections are every reason. A run without data has one only.
func (r *Run) Objections() []Objection {
	if !r.Refused && (r.Trace == nil || len(r.Trace.Records) == 0) || !r.judged() {
		return []Objection{{}}
	}
	var all []Objection
	for i := range r.Expectations {
		if !r.Expectations[i].OK {
			all = append(all, Objection{Expectation: &r.Expectations[i]})
		}
	}
	for i := range r.Results {
		if r.Results[i].Bad() {
			all = append(all, Objection{Result: &r.Results[i]})
		}
	}
	return all
}

// judged says whether anything at all was decided about the run.
func (r *Run) judged() bool {
	for _, c := range r.Results {
		if c.Verdict != NotApplicable {
			return true
		}
	}
	return len(r.Expectations) > 0
}

// Outages are those of all clients and VIPs from virtual time 0 on, by client and VIP.
func (f *Facts) Outages() []*Outage {
	var all []*Outage
	for i := range f.Uses {
		for j := range f.Uses[i].Outages {
			if o := &f.Uses[i].Outages[j]; o.To > 0 {
				all = append(all, o)
			}
		}
	}
	return all
}

// Worst is the longest silence of the client that fares worst; nil when nobody was left waiting.
func (f *Facts) Worst() *Outage {
	var worst *Outage
	for _, o := range f.Outages() {
		if worst == nil || o.Length() > worst.Length() {
			worst = o
		}
	}
	return worst
}

// Judged says whether some client used some VIP, so that its silence would have shown.
func (f *Facts) Judged() bool {
	for _, u := range f.Uses {
		if !u.Never && len(u.Answered) > 0 {
			return true
		}
	}
	return false
}

// Group puts outages together that are alike: one client, one VIP, one kind, caused by the same deed to the same
// thing, of about the same length. Groups and their outages are by time.
func Group(f *Facts) [][]*Outage {
	type key struct {
		client, vip, kind, cause, deed string
		tenths                         time.Duration
	}
	groups := map[key][]*Outage{}
	var order []key
	all := f.Outages()
	slices.SortStableFunc(all, func(a, b *Outage) int { return cmp.Compare(a.From, b.From) })
	for _, o := range all {
		k := key{client: o.Client, vip: o.VIP.String(), kind: string(o.Kind), cause: string(o.Cause.Kind) + o.Cause.Node, tenths: o.Length().Round(time.Second / 2)}
		if x := f.Fault(o.Cause.Fault); x != nil {
			k.deed = x.Line()
		}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], o)
	}
	grouped := make([][]*Outage, len(order))
	for i, k := range order {
		grouped[i] = groups[k]
	}
	return grouped
}

// Fault is the fault of the number, or nil.
func (f *Facts) Fault(id int) *Fault {
	if id < 1 || id > len(f.Faults) {
		return nil
	}
	return &f.Faults[id-1]
}

// Figure is one measured failover or failback.
type Figure struct {
	Name     OutageKind // FailoverKind, or GiveBackKind for a failback
	Client   string
	VIP      netip.Addr
	From, To time.Duration
	Time     time.Duration
	Open     bool // it was not over when the run ended
	Silent   time.Duration
	By       string // who answers afterwards
	Promise
	Expected *Expectation // of the scenario; nil: none
}

// Figures are the failovers and failbacks of every client and VIP: by client and VIP, each by time.
func (r *Run) Figures() []Figure {
	var all []Figure
	for _, o := range r.Facts.Outages() {
		if o.Kind != FailoverKind {
			continue
		}
		f := Figure{
			Name: FailoverKind, Client: o.Client, VIP: o.VIP, From: o.From, To: o.To, Time: o.Length(), Open: o.Open,
			Silent: o.Length(), Promise: o.Promise, Expected: r.expected("failover", o.Client, o.VIP, o.From),
		}
		if !o.Open {
			f.By = o.After[0]
		}
		all = append(all, f)
	}
	for i := range r.Facts.Failbacks {
		b := &r.Facts.Failbacks[i]
		all = append(all, Figure{
			Name: GiveBackKind, Client: b.Client, VIP: b.VIP, From: b.From, To: b.To, Time: b.Length(), Open: b.Open,
			Silent: b.Silent, By: b.Master, Promise: b.Promise, Expected: r.expected("failback", b.Client, b.VIP, b.From),
		})
	}
	return all
}

// expected is what the scenario says of such a figure.
func (r *Run) expected(what, client string, vip netip.Addr, at time.Duration) *Expectation {
	for i := range r.Expectations {
		e := &r.Expectations[i]
		if e.What == what && e.Band.Most > 0 && e.About(client, vip) && e.Covers(at) {
			return e
		}
	}
	return nil
}

// FrameKind is what a frame is, in a word.
type FrameKind string

// Frame is a frame on the virtual network, as its sender put it on its own cable.
type Frame struct {
	At      time.Duration `json:"at"`
	From    string        `json:"from"`           // the station that sent it
	To      string        `json:"to,omitempty"`   // the station it is for; "" for all, or a MAC nobody has
	Cast    bool          `json:"cast,omitempty"` // for all stations of its network
	Kind    FrameKind     `json:"kind"`
	Text    string        `json:"text"` // what it says, in a few words
	Sent    Place         `json:"sent"` // on the sender's own cable
	Reached []Arrival     `json:"reached,omitempty"`
	Lost    string        `json:"lost,omitempty"` // why, and on which cable, where the network dropped it
}

// Place is a frame in the captures: the Number-th (from 1) of the cable's file.
type Place struct {
	Cable  string `json:"cable"`
	Number int    `json:"number"`
}

// Arrival is a station that a frame reached, and where a capture has it there.
type Arrival struct {
	Station string `json:"station"`
	Place
}
