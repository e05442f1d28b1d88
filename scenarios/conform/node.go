package conform

import (
	"net/netip"
	"time"

	"ipwsim/sim/trace"
)

// node is one node's watcher as its machine sees it. All times are by the machine's own clock.
type node struct {
	reader *Reader
	role   string
	clock  *clock
	config *trace.Config // that it has read last, where that is not what the header says

	power  trace.PowerState
	awake  time.Duration // since when it has not been frozen
	life   life
	judged bool // this life is
	at     time.Duration
	now    time.Duration // of what is being taken in
	base   time.Duration // of what was taken in last but polls
	set    settings
	vips   []*vip // in the table's order

	queue []command     // that are to begin, one after the other
	runs  *command      // has begun
	id    int           // its
	since time.Duration // when the queue's first was to begin
	swept int           // VIPs released so far, at a start or a stop
	open  bool          // the pipe is
	owed  []debt
}

// life is where a watcher is in its life.
type life int

const (
	gone life = iota
	starting
	running
	stopping
)

// settings are what a watcher goes by.
type settings struct {
	master                       bool
	interval, pingTimeout, cycle time.Duration
	again                        bool
}

// state is what a watcher must be doing about a VIP.
type state int

const (
	polled state = iota
	taking
	held
	releasing
)

// vip is one of a watcher's.
type vip struct {
	ip      netip.Addr
	iface   string // that its first command named
	state   state
	address trace.AddressState // that the watcher was told last

	polling

	added  bool          // the add has ended
	failed bool          // the last delete has
	trust  time.Duration // until when the command is believed more than the interface
	due    time.Duration // held: when to assert it, or to give it up

	asking   bool
	requests []int // that the end of the release answers
}

// read takes a record of the node in.
func (n *node) read(at time.Duration, b trace.Body) {
	n.at = at
	switch b := b.(type) {
	case trace.Drift:
		n.clock.drifts(at, b)
		return
	case trace.Config:
		n.config = &b
		return
	case trace.Power:
		n.powered(at, b.State)
		return
	}
	now := n.clock.own(at)
	switch b := b.(type) {
	case trace.Service:
		n.service(now, b)
	case trace.Polls:
		n.polls(b)
	case trace.Port:
		n.port(now, b)
	case trace.Event:
		if b.Source == trace.Watcher {
			n.does(now, func() { n.writes(b) })
		}
	case trace.Pipe:
		n.told(now, func() { n.answered(b) })
	}
}

func (n *node) powered(at time.Duration, s trace.PowerState) {
	switch {
	case s == trace.On && n.power == trace.Frozen:
		n.awake = n.clock.own(at)
	case s == trace.On:
		n.clock.boots(at)
	case s == trace.Off:
		n.life = gone
	}
	n.power = s
}

// until demands what was to be done before the end, by what is known.
func (n *node) until(at time.Duration) {
	if n.judges() && n.power != trace.Frozen {
		n.at = at
		n.overdueDebts(n.clock.own(at))
	}
}

// told takes in what the watcher is told: what was due before has been done by then, what is due now follows.
func (n *node) told(now time.Duration, what func()) {
	if !n.pass(now) {
		return
	}
	what()
	n.fallDue(now)
}

// does takes in what the watcher does, for which what is due now may be the reason.
func (n *node) does(now time.Duration, what func()) {
	if !n.pass(now) {
		return
	}
	n.fallDue(now)
	what()
}

// pass lets time pass up to now, and says whether the watcher is judged: it is not before its start, nor after a breach.
func (n *node) pass(now time.Duration) bool {
	if !n.judges() {
		return false
	}
	n.fallDue(now - 1)
	n.overdue(now)
	n.now, n.base = now, now
	return n.judges()
}

func (n *node) judges() bool { return n.life != gone && n.judged }

func (n *node) port(now time.Duration, p trace.Port) {
	switch p.Call {
	case trace.PollsTold:
		if n.power != trace.Frozen {
			n.pass(now)
		}
	case trace.AddressTold:
		n.told(now, func() { n.addressIs(n.find(p.VIP), p.State) })
	case trace.NetworkTold:
		n.told(now, func() { n.networkUp(p.Interface) })
	case trace.CommandEnds:
		n.told(now, func() { n.ends(p) })
	case trace.RequestComes:
		n.told(now, func() { n.asked(p) })
	case trace.CommandBegins:
		n.does(now, func() { n.begins(p) })
	case trace.PipeOpened, trace.PipeClosed:
		n.does(now, func() { n.pays(debt{call: p.Call}, n.inLife(pipeMoves)) })
	case trace.PeerAsked:
		n.does(now, func() { n.asks(p) })
	case trace.RequestAnswered:
		n.reader.said = append(n.reader.said, said{n.at, p.VIP, p.Answer})
		n.does(now, func() { n.answers(p) })
	}
}

func (n *node) find(ip netip.Addr) *vip {
	for _, v := range n.vips {
		if v.ip == ip {
			return v
		}
	}
	return nil
}

// breach notes that a rule is not kept, by what was due at a time, or was done then though it was not. What comes later in
// this life may follow from that, and is not judged.
func (n *node) breach(s *statement, ip netip.Addr, due time.Duration) {
	if !n.judged {
		return
	}
	n.judged = false
	out := *s
	out.Node, out.VIP, out.At, out.Until = n.role, ip, n.at-(n.clock.own(n.at)-due), n.at
	n.reader.broken = append(n.reader.broken, out)
}

// unsure ends the judging of this life without a breach.
func (n *node) unsure() {
	n.judged = false
	n.reader.unsure++
}
