// Package lanes lays a run out over time: what each node, client, watcher, machine and cable was in, from when to
// when, and what happened at single moments. Charts, timelines and trace viewers draw the same lanes.
package lanes

import (
	"net/netip"
	"strings"
	"time"

	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// Lane is one row: stretches in one state each, in order and apart, or moments.
type Lane struct {
	Label   string
	Host    string     // whose lane it is
	VIP     netip.Addr // of which VIP
	Spans   []Span
	Moments []Moment
}

// Span is a stretch of a lane in one state. Text is what to call it; "" for the state's own name.
type Span struct {
	From, To time.Duration
	State    State
	Text     string
}

// Moment is something that happened at one time, of a kind.
type Moment struct {
	At   time.Duration
	Kind string
	Text string
}

// State is what a lane can be in: the word of the trace, or one of those below.
type State string

// The states that the trace has no word for.
const (
	Answered State = "answered"
	Silent   State = "silent"
	Unused   State = "unused" // a client has not used the VIP yet
	Down     State = "down"
	Up       State = "up"
	Right    State = "right" // an ARP entry that led to a holder, or to nobody's harm
	Wrong    State = "wrong"
)

// Name is the state in words.
func Name(l words.Lang, s State) string {
	if key := "state." + strings.ReplaceAll(string(s), " ", "-"); words.Has(key) {
		return l.Say(key)
	}
	return string(s)
}

// Holders are each VIP's states on each node.
func Holders(r *finding.Run) (all []Lane) {
	h := &r.Trace.Header
	for _, v := range h.VIPs {
		for _, n := range h.Nodes {
			lane := Lane{Label: n.Role + " " + v.Address.String(), Host: n.Role, VIP: v.Address}
			for _, x := range r.Facts.Holdings {
				if x.VIP == v.Address && x.Node == n.Role {
					lane.Spans = append(lane.Spans, Span{From: x.From, To: x.To, State: State(x.State)})
				}
			}
			all = append(all, lane)
		}
	}
	return all
}

// Clients are what each client gets of each VIP that it uses.
func Clients(l words.Lang, r *finding.Run) (all []Lane) {
	several := len(r.Trace.Header.VIPs) > 1
	for _, u := range r.Facts.Uses {
		lane := Lane{Label: l.Say("lane-client", u.Client), Host: u.Client, VIP: u.VIP}
		if several {
			lane.Label = u.Client + " -> " + u.VIP.String()
		}
		if u.Never {
			lane.Spans = []Span{{From: 0, To: r.Trace.End, State: Unused}}
			all = append(all, lane)
			continue
		}
		at := max(0, u.Since)
		if at > 0 {
			lane.Spans = append(lane.Spans, Span{From: 0, To: at, State: Unused})
		}
		for _, s := range u.Answered {
			if s.To <= at {
				continue
			}
			if s.From > at {
				lane.Spans = append(lane.Spans, Span{From: at, To: s.From, State: Silent})
			}
			lane.Spans = append(lane.Spans, Span{From: max(at, s.From), To: s.To, State: Answered})
			at = s.To
		}
		if at < r.Trace.End {
			lane.Spans = append(lane.Spans, Span{From: at, To: r.Trace.End, State: Silent})
		}
		all = append(all, lane)
	}
	return all
}

// Beliefs are whom each client and router took for a VIP's holder.
func Beliefs(l words.Lang, r *finding.Run) []Lane {
	b := newBuilder(r.Trace.End)
	for _, x := range r.Facts.Beliefs {
		if r.Trace.Header.Node(x.Host) != nil {
			continue
		}
		name := x.Host
		if len(r.Trace.Header.VIPs) > 1 {
			name += " " + x.VIP.String()
		}
		whose := x.Whose
		if whose == "" {
			whose = l.Say("no-node")
		}
		whose += " (" + x.MAC.String() + ")"
		lane := b.lane(name, l.Say("page.belief-of", name))
		lane.Host, lane.VIP = x.Host, x.VIP
		at := x.From
		put := func(from, to time.Duration, s State) {
			if from < to {
				lane.Spans = append(lane.Spans, Span{From: from, To: to, State: s, Text: whose})
			}
		}
		for _, w := range x.Wrong {
			put(at, w.From, Right)
			put(w.From, w.To, Wrong)
			at = w.To
		}
		put(at, x.To, Right)
	}
	return b.close()
}

// Watchers are what each node's watcher does about each VIP.
func Watchers(l words.Lang, t *trace.Trace) []Lane {
	b := newBuilder(t.End)
	for r := range t.All() {
		switch x := r.Body.(type) {
		case trace.Watch:
			name := r.Host
			if len(t.Header.VIPs) > 1 {
				name += " " + x.VIP.String()
			}
			lane := b.lane(name, l.Say("page.watcher-of", name))
			lane.Host, lane.VIP = r.Host, x.VIP
			b.set(lane, r.At, State(x.State))
		case trace.Power:
			if x.State == trace.Off {
				b.endOf(r.Host, r.At)
			}
		case trace.Service:
			if x.State == trace.Stopped {
				b.endOf(r.Host, r.At)
			}
		}
	}
	return b.close()
}

// Machines are the machines that were not on all the time.
func Machines(l words.Lang, t *trace.Trace) []Lane {
	b := newBuilder(t.End)
	for r := range t.All() {
		if x, ok := r.Body.(trace.Power); ok {
			lane := b.lane(r.Host, l.Say("page.machine-of", r.Host))
			lane.Host = r.Host
			b.set(lane, r.At, State(x.State))
		}
	}
	return b.close()
}

// Cables are the cables' links.
func Cables(l words.Lang, t *trace.Trace) []Lane {
	b := newBuilder(t.End)
	for r := range t.All() {
		if x, ok := r.Body.(trace.Link); ok {
			s := Down
			if x.Up {
				s = Up
			}
			b.set(b.lane(x.Cable, l.Say("page.cable-of", x.Cable)), r.At, s)
		}
	}
	return b.close()
}

// Pings are a moment for each line that ping.exe printed, a lane for each ping.exe; Host is whose it is. The kind
// is the outcome.
func Pings(l words.Lang, t *trace.Trace) []Lane {
	b := newBuilder(t.End)
	byID := map[int]*Lane{}
	for r := range t.All() {
		switch x := r.Body.(type) {
		case trace.PingStart:
			lane := &Lane{Label: l.Say("page.ping-of", r.Host, words.Address(x.Target)), Host: r.Host, VIP: x.Target}
			byID[x.ID] = lane
			b.lanes = append(b.lanes, lane)
		case trace.PingLine:
			if lane := byID[x.ID]; lane != nil {
				lane.Moments = append(lane.Moments, Moment{r.At, string(x.Outcome), l.Say("outcome." + string(x.Outcome))})
			}
		}
	}
	return b.close()
}
