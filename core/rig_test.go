package core_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	. "ipwsim/core"
)

var (
	vip   = netip.MustParseAddr("192.168.10.202")
	other = netip.MustParseAddr("192.168.10.203")

	entry      = Entry{Peer: `\\hvt162EPST12`, VIP: vip, Interface: "イーサネット"}
	otherEntry = Entry{Peer: `\\192.168.0.12`, VIP: other, Interface: "ローカル エリア接続 2"}
)

const (
	s  = time.Second
	ms = time.Millisecond
)

// rig drives a machine by hand and by its deadlines, and compares what it does. Actions are compared
// without their counters and time-outs, and with the number of a reason alone.
type rig struct {
	t       *testing.T
	rule    string // what every failure says
	m       *Machine
	now     time.Duration
	command int // the command that runs
	seq     int // the last poll's
	polls   []time.Duration

	// answers says whether the polls sent at a time are answered, a millisecond later; nil: none.
	answers func(at time.Duration) bool
	answer  *Echo
}

func settings(b Balance) Settings {
	s := DefaultSettings()
	s.Balance = b
	return s
}

func newRig(t *testing.T, rule string, s Settings, entries ...Entry) *rig {
	return &rig{t: t, rule: rule, m: New(s, entries)}
}

// polling is a rig whose machine is through with its start and sent its first poll at 0 s.
func polling(t *testing.T, rule string, s Settings) *rig {
	t.Helper()
	r := newRig(t, rule, s, entry)
	r.on(Start{}, state("releasing", "W5"), run(del))
	r.done(1, run(flush))
	r.done(0, OpenPipe{}, state("polling", "W5"), echo)
	return r
}

// taking is a rig whose machine runs the add command, found free at 30 s (60 s by a slave).
func taking(t *testing.T, rule string, b Balance) *rig {
	t.Helper()
	r := polling(t, rule, settings(b))
	if b == Slave {
		r.at(60*s, state("taking", "W13"), run(add))
	} else {
		r.at(30*s, state("taking", "W12"), run(add))
	}
	return r
}

// holding is a rig whose machine holds the VIP since 30 s (60 s for a slave).
func holding(t *testing.T, rule string, b Balance) *rig {
	t.Helper()
	r := taking(t, rule, b)
	r.done(0, added)
	r.address(Tentative)
	r.address(Preferred, state("held", "W8"))
	return r
}

// on feeds an event now and wants exactly these actions.
func (r *rig) on(ev Event, want ...Action) {
	r.t.Helper()
	require.Equal(r.t, want, r.step(ev), "%s\nat %v after %#v", r.rule, r.now, ev)
}

func (r *rig) done(exit int, want ...Action) {
	r.t.Helper()
	r.on(CommandDone{ID: r.command, Exit: exit}, want...)
}

func (r *rig) address(st AddressState, want ...Action) {
	r.t.Helper()
	r.on(AddressChanged{VIP: vip, State: st}, want...)
}

// wantIdle lets time pass until at, driven by the deadlines, and wants nothing but polls.
func (r *rig) wantIdle(at time.Duration) {
	r.t.Helper()
	for r.next() <= at {
		r.wantPolls(r.advance())
	}
	r.now = at
}

// at wants nothing but polls until the deadline at, and then these actions, polls left out.
func (r *rig) at(at time.Duration, want ...Action) {
	r.t.Helper()
	for r.next() < at {
		r.wantPolls(r.advance())
	}
	require.Equal(r.t, at, r.next(), "%s\nthe next deadline", r.rule)
	var got []Action
	for _, a := range r.advance() {
		if a != echo {
			got = append(got, a)
		}
	}
	require.Equal(r.t, want, got, "%s\nat %v", r.rule, r.now)
}

func (r *rig) wantPolls(got []Action) {
	r.t.Helper()
	for _, a := range got {
		require.Equal(r.t, echo, a, "%s\nnothing but polls is due, at %v", r.rule, r.now)
	}
}

// next is when the rig has something to do: a deadline of the machine or an answer under way.
func (r *rig) next() time.Duration {
	at, ok := r.m.Deadline()
	if !ok {
		at = 1 << 62
	}
	if r.answer != nil {
		at = min(at, r.polls[len(r.polls)-1]+ms)
	}
	return at
}

func (r *rig) advance() []Action {
	r.now = r.next()
	if a := r.answer; a != nil && r.now == r.polls[len(r.polls)-1]+ms {
		r.answer = nil
		return r.step(*a)
	}
	return r.step(Tick{})
}

func (r *rig) step(ev Event) []Action {
	var got []Action
	for _, a := range r.m.Step(r.now, ev) {
		got = append(got, r.note(a))
	}
	if at, ok := r.m.Deadline(); ok {
		require.Greater(r.t, at, r.now, "the deadline after %#v", ev)
	}
	return got
}

// note remembers what later events refer to, and takes it out of the action.
func (r *rig) note(a Action) Action {
	switch a := a.(type) {
	case SendEcho:
		r.seq = a.Seq
		r.polls = append(r.polls, r.now)
		r.answer = nil
		if r.answers != nil && r.answers(r.now) {
			r.answer = &Echo{VIP: a.VIP, Seq: a.Seq}
		}
		return SendEcho{VIP: a.VIP}
	case Run:
		r.command = a.ID
		return run(a.Command)
	case StateChanged:
		a.Why = Reason(a.Why.Rule()) // the rule is what tests speak of
		return a
	}
	return a
}

// What the tests want to see.
var (
	echo  Action  = SendEcho{VIP: vip}
	add   Command = AddAddress{VIP: vip, Interface: entry.Interface}
	del   Command = DeleteAddress{VIP: vip, Interface: entry.Interface}
	flush Command = FlushARP{}
	added Action  = WriteEvent{ID: 100, Text: "LogicalIP Add address 192.168.10.202"}
	ask   Action  = AskPeer{Peer: entry.Peer, VIP: vip, As: Master}
)

func run(c Command) Action { return Run{Command: c} }

var states = map[string]State{"polling": Polling, "taking": Taking, "held": Held, "releasing": Releasing}

func state(name, rule string) Action {
	return StateChanged{VIP: vip, State: states[name], Why: Reason(rule)}
}

func always(time.Duration) bool { return true }

// until answers the polls sent before the end.
func until(end time.Duration) func(time.Duration) bool {
	return func(at time.Duration) bool { return at < end }
}
