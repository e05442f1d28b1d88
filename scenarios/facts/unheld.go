package facts

import (
	"math"
	"math/bits"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// workers are EPSTDS of each node, what they did, and what held frames up.
type workers struct {
	header  *trace.Header
	share   string             // its name
	all     map[string]*worker // by role
	acts    []act
	hurdles []hurdle
	sizes   map[string]int // of messages, by acceptance
}

// worker is EPSTDS of a node, and when it might work.
type worker struct {
	node             *trace.Node
	free             bool // nobody knows its LogicalIP, or it has none
	power            trace.PowerState
	has              bool           // it has the address
	might, mightSend time.Duration  // the last time that it might move into mailboxes, and send to others or give up
	stood            []finding.Span // when the machine stood still
	thawed           time.Duration  // when it last went on
	rests            time.Duration  // it sends nothing until then
	spoke            bool           // it has run since before the machine stood still
	adjusted         bool           // its clock was not always right, so nobody knows what it takes for 30 s
}

// What EPSTDS does about a machine that stood still (M4).
const (
	stillTime = 10 * time.Second
	restTime  = 30 * time.Second
)

// act is a worker having done something that it may do only with the address, or with a copy that had left the queue.
type act struct {
	finding.Unheld
	w      *worker
	q      *queued
	size   int           // of the message; 0: not known
	server string        // that saw it
	thawed time.Duration // when the node last went on before
	gone   time.Duration // when the copy, and all for its address, had left the queue; never: they had not
}

// hurdle is what an end of a cable did to frames for a while.
type hurdle struct {
	cable, end string
	from, to   time.Duration
	open       bool
	delay      time.Duration
	loses      bool
}

func newWorkers(h *trace.Header) *workers {
	s := &workers{header: h, all: map[string]*worker{}, sizes: map[string]int{}}
	if i := slices.IndexFunc(h.Others, func(o trace.Other) bool { return o.What == "share" }); i >= 0 {
		s.share = h.Others[i].Name
	}
	for i := range h.Nodes {
		n := &h.Nodes[i]
		s.all[n.Role] = &worker{node: n, free: !n.LogicalIP.IsValid(), power: trace.Off, might: never, mightSend: never, thawed: never, rests: never}
	}
	return s
}

// see takes a record in.
func (s *workers) see(rec *trace.Record) {
	if len(s.all) == 0 {
		return
	}
	switch b := rec.Body.(type) {
	case trace.Impairment:
		s.hurdle(hurdle{cable: b.Cable, end: b.From, from: rec.At, delay: b.Delay, loses: b.Loss > 0 || b.Cut})
	case trace.PortState:
		s.hurdle(hurdle{cable: b.Cable, end: "port of " + b.Switch, from: rec.At, loses: b.State != trace.Forwarding})
	case trace.Fault:
		s.fault(rec.At, b)
	case trace.MailAccept:
		s.sizes[b.ID] = b.Size
	case trace.Power, trace.Address, trace.Clock, trace.Drift, trace.MailDeliver, trace.MailRelay, trace.MailRetry, trace.MailBounce:
		if w := s.all[rec.Host]; w != nil {
			w.see(rec)
		}
	}
}

func (s *workers) hurdle(now hurdle) {
	for i := range s.hurdles {
		if h := &s.hurdles[i]; h.open && h.cable == now.cable && h.end == now.end {
			h.to, h.open = now.from, false
		}
	}
	if now.loses || now.delay > 0 {
		now.open = true
		s.hurdles = append(s.hurdles, now)
	}
}

// fault takes in what was done to mail services: nobody knows any more since when they run. What LogicalIP is set to holds
// from their next start on, which is not on record.
func (s *workers) fault(at time.Duration, b trace.Fault) {
	for _, t := range b.Touches {
		w := s.all[t.Of]
		switch {
		case w == nil:
		case t.Part == trace.MailPart:
			w.until(at)
			w.restart()
		case t.Part == trace.ValuePart && strings.EqualFold(t.End, "LogicalIP"):
			w.free = true
		}
	}
}

// see takes in a record of the machine.
func (w *worker) see(rec *trace.Record) {
	w.until(rec.At)
	switch b := rec.Body.(type) {
	case trace.Power:
		w.turn(rec.At, b.State)
	case trace.Address:
		if b.IP == w.node.LogicalIP {
			w.has = b.State == trace.Preferred
		}
	case trace.Clock, trace.Drift:
		w.adjusted, w.rests = true, never
	default:
		w.spoke = true
	}
}

func (w *worker) turn(at time.Duration, now trace.PowerState) {
	was := w.power
	w.power = now
	if was == trace.Frozen && now != trace.Frozen {
		w.stood[len(w.stood)-1].To = at
	}
	switch {
	case now == trace.Off:
		w.has = false
		w.restart()
	case now == trace.Frozen && was != trace.Frozen:
		w.stood = append(w.stood, finding.Span{From: at, To: math.MaxInt64})
	case was == trace.Frozen && now != trace.Frozen:
		w.thawed = at
		if w.spoke && !w.adjusted && at-w.stood[len(w.stood)-1].From > stillTime {
			w.rests = at + restTime
		}
	}
}

// restart notes that it may have begun anew.
func (w *worker) restart() { w.spoke, w.rests = false, never }

// may says whether the address is usable on its node now.
func (w *worker) may() bool { return w.has && w.power != trace.Frozen && w.power != trace.Off }

// until notes that what stands has stood up to now.
func (w *worker) until(at time.Duration) {
	if !w.may() {
		return
	}
	w.might = at
	if at >= w.rests {
		w.mightSend = at
	}
}

// from does what of the node at the peer's address. A connection from a VIP goes with the VIP.
func (s *workers) from(rec *trace.Record, peer netip.Addr, did finding.Doing, q *queued, gone time.Duration) {
	for i := range s.header.Nodes {
		if n := &s.header.Nodes[i]; n.Address.Addr() == peer {
			s.did(rec, n.Role, did, q, gone)
		}
	}
}

// did notes what the node did about a copy, which may be gone, if nothing says that it might.
func (s *workers) did(rec *trace.Record, role string, did finding.Doing, q *queued, gone time.Duration) {
	w := s.all[role]
	if w == nil {
		return
	}
	w.until(rec.At)
	last := w.mightSend
	switch {
	case w.free:
		last = rec.At
	case did == finding.Boxed:
		last = w.might
	}
	if last == rec.At && gone == never {
		return
	}
	u := finding.Unheld{At: rec.At, Node: role, To: q.To, Name: q.Name(), Address: w.node.LogicalIP, Did: did, Last: last}
	if w.may() {
		u.Thawed = w.thawed
	}
	s.acts = append(s.acts, act{Unheld: u, w: w, q: q, size: s.sizes[q.ID], server: rec.Host, thawed: w.thawed, gone: gone})
}

// unheld are what EPSTDS did that it had no time left for when it might last: what the node might not do at all first.
func (s *workers) unheld(f *Facts) (all []finding.Unheld) {
	for i := range s.acts {
		a := s.acts[i]
		if a.Last < a.At && !s.leftInTime(f, &a) {
			all = append(all, a.Unheld)
		} else if a.gone != never {
			a.Last, a.Thawed, a.Gone = min(a.Last, a.gone), 0, a.gone
			if !s.leftInTime(f, &a) {
				all = append(all, a.Unheld)
			}
		}
	}
	return all
}

// sendsAgain is for how long TCP sends again what nobody answers, five times at doubled distances (H14). What takes longer
// than firstTimeout to be answered it takes for lost, and then sends a segment at a time (RFC 6298, RFC 5681).
const (
	sendsAgain   = time.Minute
	firstTimeout = time.Second
)

// leftInTime says whether what was done may have been decided when the worker might: hardly any time has passed since, or
// something held it up that was there by then.
func (s *workers) leftInTime(f *Facts, a *act) bool {
	delay, rounds := s.delay(a), a.rounds()
	again := sendsAgain + 64*delay // which is by what an answer takes
	due := a.Last + Latency + time.Duration(2*rounds+3)*delay
	switch {
	case a.Gone != 0: // it looked last before the dot
		due = a.Last + Latency + time.Duration(2*rounds)*delay
	case a.Did != finding.Sent:
		due += shareTime + shareOps*(a.q.Accepted-a.q.born)
	}
	if a.At <= due {
		return true
	}
	if a.At-max(a.Last, a.thawed) > again+(due-a.Last) {
		return false
	}
	return rounds > 1 && 2*delay >= firstTimeout || s.held(f, a, rounds > 1, finding.Span{From: max(a.Last-again, a.q.Accepted), To: due})
}

// What the share may take for a request at most: a little, and as many times what it took when the copy came, as there may be
// requests of the node before it (C3).
const (
	shareTime = time.Second
	shareOps  = 50
)

// rounds are how many times a copy as long as that waits for the other side until its last part has left (RFC 6928: ten
// segments, then twice as many); many when its size is not known.
func (a *act) rounds() int {
	const window = 10 * 1460
	if a.size == 0 {
		return 8
	}
	return bits.Len(uint(a.size/window)) + 1
}

// delay is by how much frames between the node and the server came late, one way, at the most.
func (s *workers) delay(a *act) (delay time.Duration) {
	by := map[string]time.Duration{}
	for _, h := range s.hurdles {
		if h.from < a.At && (h.open || a.q.Accepted <= h.to) && s.between(a, h.cable) {
			by[h.cable] = max(by[h.cable], h.delay)
		}
	}
	for _, d := range by { // order: summed
		delay += d
	}
	return delay
}

// held says whether something stood in the way of what was done, or in that of the one who did it, at some time in the span.
func (s *workers) held(f *Facts, a *act, long bool, in finding.Span) bool {
	within := func(from, to time.Duration) bool { return from <= in.To && in.From <= to }
	stood := long || a.looks() // a short message leaves at once
	return stood && slices.ContainsFunc(a.w.stood, func(o finding.Span) bool { return within(o.From, o.To) }) ||
		slices.ContainsFunc(f.Noise, func(n Noise) bool { return n.Cable == "" && within(n.From, n.To) }) ||
		slices.ContainsFunc(s.hurdles, func(h hurdle) bool {
			return h.loses && s.between(a, h.cable) && h.from <= in.To && (h.open || in.From <= h.to)
		}) ||
		slices.ContainsFunc(f.Faults, func(o finding.Fault) bool {
			return within(o.At, o.Until) && slices.ContainsFunc(o.Touches, func(t trace.Touch) bool { return s.hinders(a, t) })
		})
}

// hinders says whether what is done to a part may hold up what was done.
func (s *workers) hinders(a *act, t trace.Touch) bool {
	switch t.Part {
	case trace.LinkPart, trace.CutPart, trace.PortPart:
		return s.between(a, t.Of)
	case trace.CardPart, trace.PowerPart:
		return s.concerns(a, t.Of)
	case trace.FramesPart, trace.StrangerPart:
		return true
	case trace.RunPart:
		return t.Of == a.server
	case trace.DiskPart:
		return a.looks()
	}
	return false
}

// looks says whether what the share says decides on it.
func (a *act) looks() bool { return a.Did != finding.Sent || a.Gone != 0 }

// between says whether a cable may be on the way from the node to the server.
func (s *workers) between(a *act, cable string) bool {
	i := slices.IndexFunc(s.header.Cables, func(c trace.Cable) bool { return c.Name == cable })
	return i >= 0 && s.concerns(a, s.header.Cables[i].A) && s.concerns(a, s.header.Cables[i].B)
}

// concerns says whether a machine or switch is the node, the server, or something that passes frames on; or the share, where it
// decides on what is sent.
func (s *workers) concerns(a *act, name string) bool {
	router := slices.ContainsFunc(s.header.Routers, func(r trace.Router) bool { return r.Name == name })
	share := name == s.share && a.Gone != 0
	return name == a.Node || name == a.server || router || share || !s.header.IsMachine(name)
}
