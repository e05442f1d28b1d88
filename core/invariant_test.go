package core_test

import (
	"net/netip"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	. "ipwsim/core"
)

// guard feeds a machine and checks after every step what must hold whatever the events are. A twin
// gets the same events and must do the same.
type guard struct {
	t        require.TestingT
	m, twin  *Machine
	settings Settings

	now      time.Duration
	address  map[netip.Addr]AddressState
	state    map[netip.Addr]State
	inFlight map[netip.Addr]bool // AskPeer
	open     []int               // requests of the peer not answered yet
	running  Command             // nil: none
	lastRun  int
	lastSeq  int
	pipe     bool
	started  bool
	stopped  bool
	event    Event
}

func newGuard(t require.TestingT, s Settings, entries ...Entry) *guard {
	return &guard{
		t: t, m: New(s, entries), twin: New(s, entries), settings: s, now: -1 << 63,
		address: map[netip.Addr]AddressState{}, state: map[netip.Addr]State{}, inFlight: map[netip.Addr]bool{},
	}
}

func (g *guard) step(now time.Duration, ev Event) []Action {
	g.now = max(g.now, now)
	g.event = ev
	added := g.before(ev)
	was := g.stopped
	got := slices.Clone(g.m.Step(now, ev))
	require.Equal(g.t, got, slices.Clone(g.twin.Step(now, ev)), "the same events give the same actions")
	require.False(g.t, was && len(got) > 0, "%v after Stopped", got)
	for _, a := range got {
		require.False(g.t, g.stopped, "%#v after Stopped", a)
		g.check(a, added)
	}
	g.checkDeadline()
	return got
}

// before notes what the event says; it is true when an add command succeeded.
func (g *guard) before(ev Event) (added bool) {
	switch ev := ev.(type) {
	case Start:
		g.started = true
	case AddressChanged:
		g.address[ev.VIP] = ev.State
	case PeerAnswered:
		g.inFlight[ev.VIP] = false
	case PeerAsked:
		g.open = append(g.open, ev.ID)
	case CommandDone:
		if ev.ID == g.lastRun && g.running != nil {
			_, isAdd := g.running.(AddAddress)
			added = isAdd && ev.Exit == 0
			g.running = nil
		}
	}
	return added
}

func (g *guard) check(a Action, added bool) {
	switch a := a.(type) {
	case SendEcho:
		g.lastSeq++
		require.Equal(g.t, g.lastSeq, a.Seq)
		require.Equal(g.t, Polling, g.state[a.VIP], "W11: only a VIP not held is polled")
	case Run:
		require.Nil(g.t, g.running, "two commands in flight")
		g.lastRun++
		require.Equal(g.t, g.lastRun, a.ID)
		g.running = a.Command
	case OpenPipe:
		require.False(g.t, g.pipe)
		g.pipe = true
	case ClosePipe:
		require.True(g.t, g.pipe)
		require.Empty(g.t, g.open, "requests of the peer are answered before the pipe closes")
		g.pipe = false
	case AskPeer:
		require.False(g.t, g.inFlight[a.VIP], "two requests in flight")
		require.Equal(g.t, Master, g.settings.Balance, "W16, W17: only a master asks")
		require.Contains(g.t, []State{Polling, Held}, g.state[a.VIP])
		g.inFlight[a.VIP] = true
	case AnswerPeer:
		require.Contains(g.t, g.open, a.ID, "an answer to nothing")
		g.open = slices.DeleteFunc(g.open, func(id int) bool { return id == a.ID })
	case WriteEvent:
		require.True(g.t, added, "W8: event 100 without an add that succeeded")
	case Log:
		require.True(g.t, g.settings.LogEnabled)
	case StateChanged:
		g.checkState(a)
	case Stopped:
		require.False(g.t, g.pipe)
		require.Nil(g.t, g.running)
		g.stopped = true
	}
}

func (g *guard) checkState(a StateChanged) {
	require.NotEqual(g.t, g.state[a.VIP], a.State, "no change")
	require.NotEmpty(g.t, a.Why.Rule())
	g.state[a.VIP] = a.State
	switch a.State {
	case Held:
		require.Equal(g.t, Preferred, g.address[a.VIP], "H1: held without a usable address, after %#v", g.event)
	case Polling:
		require.NotEqual(g.t, Preferred, g.address[a.VIP], "W11: a usable address is polled, after %#v", g.event)
	}
}

func (g *guard) checkDeadline() {
	at, waits := g.m.Deadline()
	if waits {
		require.Greater(g.t, at, g.now, "a deadline in the past, after %#v", g.event)
	}
	require.False(g.t, g.stopped && waits)
	for vip, s := range g.state {
		if s == Polling {
			require.True(g.t, waits, "W11: %v is not polled any more, after %#v", vip, g.event)
		}
	}
}
