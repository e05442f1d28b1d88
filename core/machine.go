// Package core is the watcher, E-Post's IPWatcher as the rules W1 to W22 have it (core/rules): a step function
// from events to actions. It does no I/O and knows no clock; whoever drives it says what time it is
// and what happened, does what it asks for, and comes back at its deadline. The same events at the
// same times give the same actions.
package core

import (
	"net/netip"
	"time"
)

// Machine is one node's watcher. It is not safe for use by several goroutines at once.
type Machine struct {
	settings Settings
	vips     []vip // in the table's order, which is the order of everything due at one instant
	phase    phase
	now      time.Duration
	actions  []Action

	lastEcho    int // Seq of the last SendEcho
	lastCommand int // ID of the last Run
	current     queued
	busy        bool     // current runs
	queue       []queued // commands that wait their turn
	swept       int      // VIPs released so far, while starting or stopping
	pipeOpen    bool
}

// phase is where the service is in its life.
type phase int

const (
	idle phase = iota
	starting
	running
	stopping
	stopped
)

// vip is one entry of the table and what the watcher knows of it.
type vip struct {
	Entry
	name    string // the VIP in text
	state   State
	address AddressState // what the interface said last

	// Polling
	echo     int           // Seq of the poll that may still be answered; 0: none
	sent     time.Duration // when the last poll went out
	nextPoll time.Duration // when it counts as missed, and the next goes out
	freeAt   time.Duration // when the VIP counts as free (W12); never: no poll was missed
	seen     bool          // answered since our start or our release (W13)

	// Taking, Releasing
	added        bool          // the add command has ended
	deleteFailed bool          // the last delete command did not delete
	waitUntil    time.Duration // when to believe the interface, which says nothing, more than the command

	// Held
	dueAt time.Duration // when to ask the peer (W17) or to release (W18)

	asking   bool  // an AskPeer is in flight
	requests []int // the peer's requests that the end of Releasing answers
}

// New returns a watcher of the entries, which must have different VIPs (core/table sees to that).
// Settings below their minimum count as the minimum.
func New(s Settings, entries []Entry) *Machine {
	m := &Machine{settings: withinLimits(s), vips: make([]vip, len(entries)), now: -never}
	for i, e := range entries {
		m.vips[i] = vip{Entry: e, name: e.VIP.String(), freeAt: never, waitUntil: never}
	}
	return m
}

// withinLimits makes sure that the machine cannot spin and the release cycle cannot overflow.
func withinLimits(s Settings) Settings {
	s.Interval = max(s.Interval, time.Second)
	s.PingTimeout = max(s.PingTimeout, time.Second)
	s.ReleaseTime = int(min(max(int64(s.ReleaseTime), 1), int64(never/s.Interval)))
	return s
}

// Step tells the machine what happened at the time now, on any clock that does not run backwards,
// and returns what to do about it, in order. A time before the last Step's counts as that one. An
// event and a deadline of the same instant are taken in this order. The actions are valid until the
// next Step.
func (m *Machine) Step(now time.Duration, ev Event) []Action {
	m.now = min(max(m.now, now), never-1)
	m.actions = m.actions[:0]
	if _, lost := ev.(NetworkDown); lost || m.phase == stopped {
		return nil
	}
	m.handle(ev)
	for i := range m.vips {
		m.handleDue(&m.vips[i])
	}
	return m.actions
}

func (m *Machine) handle(ev Event) {
	switch ev := ev.(type) {
	case Start:
		m.start()
	case Stop:
		m.stop()
	case Echo:
		m.echoed(ev)
	case AddressChanged:
		m.addressChanged(ev)
	case CommandDone:
		m.commandDone(ev)
	case NetworkUp:
		m.networkUp(ev)
	case PeerAnswered:
		m.peerAnswered(ev)
	case PeerAsked:
		m.peerAsked(ev)
	}
}

// Deadline is when the machine wants a Tick if nothing happens before, always later than the last
// Step; false when it waits for events alone.
func (m *Machine) Deadline() (time.Duration, bool) {
	first := never
	for i := range m.vips {
		first = min(first, m.deadline(&m.vips[i]))
	}
	return first, first != never
}

func (m *Machine) deadline(v *vip) time.Duration {
	switch v.state {
	case Polling:
		return min(v.nextPoll, v.freeAt)
	case Taking, Releasing:
		return v.waitUntil
	case Held:
		if m.mayAct(v) {
			return v.dueAt
		}
	}
	return never
}

func (m *Machine) handleDue(v *vip) {
	if m.now < m.deadline(v) {
		return
	}
	switch v.state {
	case Polling:
		m.pollDue(v)
	case Taking:
		m.addUnconfirmed(v)
	case Held:
		m.heldDue(v)
	case Releasing:
		m.deleteUnconfirmed(v)
	}
}

// addressChanged notes what the interface says and, where that decides something, goes on.
func (m *Machine) addressChanged(ev AddressChanged) {
	v := m.find(ev.VIP)
	if v == nil {
		return
	}
	v.address = ev.State
	switch {
	case v.state == Polling && v.address == Preferred:
		m.hold(v, WhyFound)
	case v.state == Taking && v.added:
		m.judgeAdded(v)
	case v.state == Held:
		m.judgeHeld(v)
	case v.state == Releasing && v.address == Absent && v.waitUntil != never:
		m.settle(v, WhyGiven)
	}
}

// networkUp is W16 and W17: with the network back, polls and questions go out at once.
//
// Inferred: a slave polls at once too; and a count that runs goes on, for W12 knows only one thing
// that starts it anew.
func (m *Machine) networkUp(ev NetworkUp) {
	for i := range m.vips {
		v := &m.vips[i]
		switch {
		case v.Interface != ev.Interface:
		case v.state == Polling:
			m.check(v)
		case v.state == Held && m.settings.Balance == Master:
			v.dueAt = m.now
		}
	}
}

func (m *Machine) find(ip netip.Addr) *vip {
	for i := range m.vips {
		if m.vips[i].VIP == ip {
			return &m.vips[i]
		}
	}
	return nil
}

func (m *Machine) setState(v *vip, s State, why Reason) {
	v.waitUntil, v.deleteFailed = never, false
	if v.state == s {
		return
	}
	v.state = s
	m.do(StateChanged{VIP: v.VIP, State: s, Why: why})
}

func (m *Machine) do(a Action) { m.actions = append(m.actions, a) }

// never is later than every deadline.
const never = time.Duration(1<<63 - 1)

// in is the time d from now.
func (m *Machine) in(d time.Duration) time.Duration { return later(m.now, d) }

// later is t+d, or never where that cannot be told.
func later(t, d time.Duration) time.Duration {
	if t > never-d {
		return never
	}
	return t + d
}
