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
	Scenario string    // its name
	File     string    // where it is written down; may be ""
	Title    Phrase    // Ja may be ""
	Rerun    string    // the command that runs it again
	Program  string    // the version of ipwsim that judged it
	Date     time.Time // when it was run; may be zero

	Played
	Facts        *Facts   // of the trace; nil when nothing was run
	Refused      bool     // nothing was run, as the scenario expects: the cluster's files are wrong
	Results      []Result // of the checks, in their order
	Expectations []Expectation
	Problems     diag.List // of the files, that nobody expected

	Captures string // address of the folder of the captures as a page sees it; "" for none
}

// Played is what a run leaves behind: with the scenario and its cluster's files, all that it takes to judge it, now
// or again later.
type Played struct {
	Seed  uint64
	Trace *trace.Trace // nil when nothing was run
	Hits  []uint64     // how many frames each of the scenario's rules met
	Hash  string       // SHA-256 over all frames and records; "" unless asked for

	Frames    []Frame       // around what happened; none unless asked for
	FramesCut time.Duration // from when on there was no room for more; 0: there was
}

// Outcome is what a run comes to.
type Outcome string

// The outcomes of runs.
const (
	Well     Outcome = "pass"     // all held
	Weakness Outcome = "weakness" // all held that the scenario expects: that a check fails, or a promise is broken, too
	Bad      Outcome = "fail"
)

// Outcome is what the run comes to. One in which nothing happened, or nothing was judged, is bad.
func (r *Run) Outcome() Outcome {
	if len(r.Objections()) > 0 {
		return Bad
	}
	if len(r.Weaknesses()) > 0 || len(r.Broken()) > 0 {
		return Weakness
	}
	return Well
}

// Weaknesses are the checks that fail as the scenario expects.
func (r *Run) Weaknesses() (all []*Result) {
	for i := range r.Results {
		if c := &r.Results[i]; c.Expected && c.Verdict == Fail {
			all = append(all, c)
		}
	}
	return all
}

// Broken are the figures that took longer than the maker, or the settings, promise.
func (r *Run) Broken() (all []Figure) {
	if r.Facts == nil {
		return nil
	}
	for _, f := range r.Figures() {
		if f.Most > 0 && (f.Time > f.Most || f.Open) {
			all = append(all, f)
		}
	}
	return all
}

// Latest is the broken figure that is furthest beyond its promise, one that is not over before others; false for none.
func (r *Run) Latest() (Figure, bool) {
	late := func(f Figure) time.Duration {
		if f.Open {
			return f.Time
		}
		return f.Time - f.Most
	}
	broken := r.Broken()
	if len(broken) == 0 {
		return Figure{}, false
	}
	return slices.MaxFunc(broken, func(a, b Figure) int {
		if a.Open != b.Open {
			return map[bool]int{true: 1, false: -1}[a.Open]
		}
		return cmp.Compare(late(a), late(b))
	}), true
}

// Silence is the longest silence of the figure's client in its time; nil for none.
func (f *Facts) Silence(of Figure) (longest *Outage) {
	for _, o := range f.Outages() {
		if o.Client == of.Client && o.VIP == of.VIP && o.From < of.To && of.From < o.To && (longest == nil || o.Length() > longest.Length()) {
			longest = o
		}
	}
	return longest
}

// Objection is one reason why a run is bad. One of its three parts is set, or none: nothing was judged.
type Objection struct {
	Expectation *Expectation
	Result      *Result
}

// Objections are every reason, what failed before what is not decided. A run without data has one only.
func (r *Run) Objections() []Objection {
	if !r.Refused && (r.Trace == nil || r.Trace.Len() == 0) || !r.judged() {
		return []Objection{{}}
	}
	var all []Objection
	for i := range r.Expectations {
		if !r.Expectations[i].OK {
			all = append(all, Objection{Expectation: &r.Expectations[i]})
		}
	}
	for _, v := range []Verdict{Fail, Inconclusive} {
		for i := range r.Results {
			if c := &r.Results[i]; c.Verdict == v && c.Bad() {
				all = append(all, Objection{Result: c})
			}
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
	return slices.ContainsFunc(r.Expectations, func(e Expectation) bool { return e.Limit == nil })
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

// usual are the obstacles of any failover.
var usual = []Obstacle{Counting, Awaiting, Netsh, Detection}

// Largest is the part that filled most of a silence, of several the first.
func Largest(parts []Part) (most Part) {
	for _, p := range parts {
		if p.Time > most.Time {
			most = p
		}
	}
	return most
}

// Telling is the part that tells most about a silence: the longest of those that no failover needs, if there is one
// that took a tenth of it, else the largest.
func Telling(parts []Part) Part {
	var strange []Part
	var sum time.Duration
	for _, p := range parts {
		sum += p.Time
		if (!slices.Contains(usual, p.What) || p.What == Netsh && p.Time > longCommand) && p.Time > briefly {
			strange = append(strange, p)
		}
	}
	if most := Largest(strange); most.Time >= sum/10 && most.Time > 0 {
		return most
	}
	return Largest(parts)
}

// unservable are the obstacles that leave no node to serve a client, whatever its watcher does.
var unservable = []Obstacle{Public, Blocked, Filtered, OutOfReach, NodesGone}

// Unserved is how long no node could serve the client, not even its mail, where that is longer than a failover may take by the guide; else
// 0. No check speaks of it.
func (o *Outage) Unserved() (sum time.Duration) {
	const failover = 40 * time.Second
	for _, p := range o.Parts {
		if slices.Contains(unservable, p.What) {
			sum += p.Time - p.Pings
		}
	}
	if sum <= failover || o.Most > 0 {
		return 0
	}
	return sum
}

// Queued says whether netsh took so long that it must have waited for its turn: a node runs one command at a time (H2).
func (o *Outage) Queued(h *trace.Header) bool {
	most := Telling(o.Parts)
	return len(h.VIPs) > 1 && most.What == Netsh && most.Time > longCommand
}

// Headline are the parts that a report begins with: the largest, and what tells more than that.
func (o *Outage) Headline() []Part {
	largest, telling := Largest(o.Parts), Telling(o.Parts)
	if largest.What == telling.What {
		return []Part{largest}
	}
	return []Part{largest, telling}
}

// longCommand is from when on commands are none of the usual obstacles: there are many, or one hangs (H2).
const longCommand = 10 * time.Second

// briefly is how long a frame on its way may take: no part of a silence that is worth a word.
const briefly = 100 * time.Millisecond

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
func (f *Facts) Fault(id int) *Fault { return Numbered(f.Faults, id) }

// Numbered is the fault of the number among all, or nil. A trace may lack some, so that no number is a place.
func Numbered(all []Fault, id int) *Fault {
	i := slices.IndexFunc(all, func(f Fault) bool { return f.ID == id })
	if i < 0 {
		return nil
	}
	return &all[i]
}

// Figure is one measured failover or failback.
type Figure struct {
	Name   FigureName    `json:"name"`
	Client string        `json:"client"`
	VIP    netip.Addr    `json:"vip"`
	From   time.Duration `json:"from"`
	To     time.Duration `json:"to"`
	Time   time.Duration `json:"time"`
	Open   bool          `json:"open,omitempty"`      // it was not over when the run ended
	Silent time.Duration `json:"silent"`              // of it, how long nobody answered
	Pings  time.Duration `json:"ping_only,omitempty"` // of a failover, how long ping alone was kept out
	By     string        `json:"by,omitempty"`        // who answers afterwards
	Again  bool          `json:"again,omitempty"`     // it had answered before, and nobody took over
	Promise
	Expected *Expectation `json:"expected,omitempty"` // of the scenario
}

// FigureName is what a figure measures.
type FigureName string

// The names.
const (
	Failovers FigureName = "failover"
	Failbacks FigureName = "failback"
)

// Figures are the failovers and failbacks of every client and VIP: by client and VIP, each by time.
func (r *Run) Figures() []Figure {
	var all []Figure
	for _, o := range r.Facts.Outages() {
		if o.Kind != FailoverKind {
			continue
		}
		f := Figure{
			Name: Failovers, Client: o.Client, VIP: o.VIP, From: o.From, To: o.To, Time: o.Length(), Open: o.Open,
			Silent: o.Length(), Pings: o.PingOnly(), Promise: o.Promise, Expected: r.expected("failover", o.Client, o.VIP, o.From),
		}
		if !o.Open {
			f.By, f.Again = o.After[0], !o.Taken && slices.Contains(o.Before, o.After[0])
		}
		all = append(all, f)
	}
	for i := range r.Facts.Failbacks {
		b := &r.Facts.Failbacks[i]
		all = append(all, Figure{
			Name: Failbacks, Client: b.Client, VIP: b.VIP, From: b.From, To: b.To, Time: b.Length(), Open: b.Open,
			Silent: b.Silent, By: b.Master, Promise: b.Promise, Expected: r.expected("failback", b.Client, b.VIP, b.From),
		})
	}
	return all
}

// expected is what the scenario says of such a figure.
func (r *Run) expected(what, client string, vip netip.Addr, at time.Duration) *Expectation {
	for i := range r.Expectations {
		e := &r.Expectations[i]
		if e.What == what && !e.Not && e.Band.Most > 0 && e.About(client, vip) && e.Covers(at) {
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
