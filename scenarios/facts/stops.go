package facts

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// Stop is what became of the service's orderly stops on one node (P6).
type Stop struct {
	Node    string
	Done    int // orderly stops and shutdowns
	Pending bool
	Since   time.Duration // of the pending stop
	Left    []Leftover
}

// Leftover is a VIP on a machine whose service was stopped, or that was shut down.
type Leftover struct {
	VIP      netip.Addr
	State    trace.AddressState
	Stopped  time.Duration
	From, To time.Duration
	Off      bool // it was there when an orderly shutdown cut the power
}

// stops follows the service on one node.
type stops struct {
	node    *host
	state   trace.ServiceState // the service's last of this boot; "": it has not begun
	since   time.Duration      // of that state
	orderly bool               // stopped in order, and not started since
	pending bool
	cut     time.Duration // when a fault last took the power
	done    int
	left    []Leftover
	open    []int           // by VIP: its leftover's place in left, from 1; 0: none
	hand    []time.Duration // by VIP: when somebody else than the watcher last touched it (H18)
	there   []bool          // by VIP: it is on the interface
	byHand  []bool          // by VIP: and somebody else has added it, whom no stop answers for
}

func newStops(n *host) *stops {
	vips := len(n.vips)
	return &stops{
		node: n, cut: never, open: make([]int, vips), hand: slices.Repeat([]time.Duration{never}, vips), there: make([]bool, vips), byHand: make([]bool, vips),
	}
}

// fault notes a fault that takes the node's power at once: what follows in the same instant is no orderly end, but for a
// shutdown's, which has to stop a watcher that runs first. And one that touches an address: what comes of it at once is no
// watcher's doing.
func (s *stops) fault(at time.Duration, f trace.Fault) {
	for _, t := range f.Touches {
		if t.Part == trace.PowerPart && t.Of == s.node.name && f.Breaks && !(f.Verb == shutdown && s.runs()) {
			s.cut = at
		}
		if v := slices.IndexFunc(s.node.vips, func(vip netip.Addr) bool { return t.End == vip.String() }); v >= 0 && t.Part == trace.AddressPart && t.Of == s.node.name {
			s.hand[v] = at
		}
	}
}

// shutdown is the fault that is an orderly end (H6).
const shutdown = "shutdown"

// runs says whether the watcher does.
func (s *stops) runs() bool {
	return s.node.runs() && (s.state == trace.Running || s.state == trace.StartPending)
}

// off looks at what stands before the power goes. What a hand has added in the same instant comes back with it.
func (s *stops) off(at time.Duration) {
	for v, state := range s.node.states {
		s.byHand[v] = s.byHand[v] || state != "" && state != trace.Absent && s.hand[v] == at
	}
	cut := s.cut == at
	s.pending, s.state = false, ""
	if cut && s.orderly && s.since == at { // what stopped the service was the power cut
		s.orderly = false
		s.done--
	}
	if s.node.power != trace.Stopping || cut {
		return
	}
	s.done++
	for v, state := range s.node.states {
		if state != "" && state != trace.Absent && !s.byHand[v] {
			s.left = append(s.left, Leftover{VIP: s.node.vips[v], State: state, From: at, To: at, Off: true})
		}
	}
}

// service follows the service's state, after the machine has it.
func (s *stops) service(at time.Duration, b trace.Service) {
	switch state := b.State; state {
	case trace.Stopped:
		if s.state == trace.StopPending && s.node.runs() && !b.Killed {
			s.orderly = true
			s.done++
		}
	case trace.StartPending, trace.Running:
		s.orderly = false
	}
	s.state, s.since, s.pending = b.State, at, b.State == trace.StopPending
}

// look notes, at the end of an instant, which VIPs a stopped service left behind.
func (s *stops) look(at time.Duration) {
	for v, state := range s.node.states {
		there := state != "" && state != trace.Absent
		switch {
		case there && !s.there[v]:
			s.byHand[v] = s.byHand[v] || s.hand[v] == at
		case !there && s.node.power == trace.On: // else it comes back with the power
			s.byHand[v] = false
		}
		s.there[v] = there
		there = there && s.orderly && !s.byHand[v]
		switch {
		case there && s.open[v] == 0:
			s.left = append(s.left, Leftover{VIP: s.node.vips[v], State: state, Stopped: s.since, From: at})
			s.open[v] = len(s.left)
		case !there && s.open[v] != 0:
			s.left[s.open[v]-1].To = at
			s.open[v] = 0
		}
	}
}

func (s *stops) facts(end time.Duration) Stop {
	left := append([]Leftover(nil), s.left...)
	for _, i := range s.open {
		if i > 0 {
			left[i-1].To = end
		}
	}
	return Stop{Node: s.node.name, Done: s.done, Pending: s.pending, Since: s.since, Left: left}
}
