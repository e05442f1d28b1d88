package conform

import (
	"net/netip"
	"time"

	"ipwsim/sim/trace"
)

// node is one node's IPWatcher as its machine sees it. All times are by the machine's own clock.
type node struct {
	books
	set  settings
	vips []*vip // in the table's order

	queue []command     // that are to begin, one after the other
	runs  *command      // has begun
	id    int           // its
	since time.Duration // when the queue's first was to begin
	swept int           // VIPs released so far, at a start or a stop
	open  bool          // the pipe is
}

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

// record is part of rules.
func (n *node) record(now time.Duration, b trace.Body) {
	switch b := b.(type) {
	case trace.Polls:
		n.polls(b)
	case trace.Port:
		n.port(now, b)
	case trace.Event:
		if b.Source == trace.Watcher {
			n.does(now, func() { n.writes(b, n.inLife(eventWithout)) })
		}
	case trace.Pipe:
		n.told(now, func() { n.answered(b) })
	}
}

// until demands what was to be done before the end, by what is known.
func (n *node) until(at time.Duration) {
	if n.judges() && n.power != trace.Frozen {
		n.at = at
		n.overdueDebts(n.clock.own(at))
	}
}

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
