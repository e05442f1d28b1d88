package core_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	. "ipwsim/core"
)

// W5: a start releases everything, whatever the commands say, then opens the pipe and checks at once.
func TestW5_StartReleasesThenOpensThePipeThenChecks(t *testing.T) {
	for _, exit := range []int{0, 1, 2, -1} {
		r := newRig(t, "W5: a start deletes the VIP, flushes ARP, opens the pipe, checks", settings(Master), entry)
		r.on(Start{}, state("releasing", "W5"), run(del))
		r.wantIdle(1 * s)
		r.done(exit, run(flush))
		r.wantIdle(2 * s)
		r.done(exit, OpenPipe{}, state("polling", "W5"), echo)
	}
}

// W5: each entry is released and checked in the table's order.
func TestW5_EveryEntry(t *testing.T) {
	ofOther := func(a Action) Action {
		switch a := a.(type) {
		case SendEcho:
			return SendEcho{VIP: other}
		case StateChanged:
			a.VIP = other
			return a
		}
		return Run{Command: DeleteAddress{VIP: other, Interface: otherEntry.Interface}}
	}
	r := newRig(t, "W5: every entry is released, one after the other, then checked", settings(Slave), entry, otherEntry)
	r.on(Start{}, state("releasing", "W5"), ofOther(state("releasing", "W5")), run(del))
	r.done(0, run(flush))
	r.done(0, ofOther(run(del)))
	r.done(0, run(flush))
	r.done(0, OpenPipe{}, state("polling", "W5"), echo, ofOther(state("polling", "W5")), ofOther(echo))
}

// W5: a second start, a time that runs back, and an empty table do no harm.
func TestW5_OddStarts(t *testing.T) {
	r := newRig(t, "W5: an empty table is a start and a stop", settings(Master))
	r.on(Start{}, OpenPipe{})
	r.on(Start{})
	r.now = -5 * s
	r.on(Stop{}, ClosePipe{}, Stopped{})
}

// W5: an address left from the last run that cannot be deleted is held.
func TestW5_LeftoverThatStays(t *testing.T) {
	r := newRig(t, "W5: what cannot be deleted and is usable is held", settings(Master), entry)
	r.address(Preferred)
	r.on(Start{}, state("releasing", "W5"), run(del))
	r.done(1, run(flush))
	r.done(0, OpenPipe{}, state("held", "W19"))
	r.at(30*s, ask)
}

// W5: a leftover whose deletion shows late is waited for before the first check.
func TestW5_LeftoverThatGoesLate(t *testing.T) {
	r := newRig(t, "W5: the first check waits until the old address is gone", settings(Master), entry)
	r.address(Preferred)
	r.on(Start{}, state("releasing", "W5"), run(del))
	r.done(0, run(flush))
	r.done(0, OpenPipe{})
	r.wantIdle(1 * s)
	r.address(Absent, state("polling", "W11"), echo)
}

// W6: a stop releases everything, closes the pipe, and that is the end.
func TestW6_StopReleasesAndCloses(t *testing.T) {
	r := holding(t, "W6: a stop deletes the VIP, flushes ARP, closes the pipe", Master)
	r.on(Stop{}, state("releasing", "W6"), run(del))
	r.on(Stop{})
	r.address(Absent)
	r.done(0, run(flush))
	r.wantIdle(100 * s)
	r.done(0, ClosePipe{}, Stopped{})
	wantSilence(r)
}

// W6: a stop waits for the command that runs and drops those behind it.
func TestW6_StopDuringCommands(t *testing.T) {
	r := newRig(t, "W6: the running command is waited for, the others are dropped", settings(Master), entry)
	r.on(Start{}, state("releasing", "W5"), run(del))
	r.on(Stop{}) // releasing already
	r.wantIdle(10 * s)
	r.done(0, run(del)) // not the flush
	r.done(0, run(flush))
	r.done(0, Stopped{}) // the pipe was not open
	wantSilence(r)
}

// W6: a stop withdraws an add under way, and no entry of the event log is written for it.
func TestW6_StopWhileTaking(t *testing.T) {
	r := taking(t, "W6: a stop while the add runs deletes what it added", Master)
	r.on(Stop{}, state("releasing", "W6"))
	r.done(0, run(del))
	r.address(Tentative)
	r.done(0, run(flush))
	r.address(Absent)
	r.done(0, ClosePipe{}, Stopped{})
}

// W6: a stop before the start is one.
func TestW6_StopBeforeStart(t *testing.T) {
	r := newRig(t, "W6: a machine that never started stops at once", settings(Master), entry)
	r.on(Stop{}, Stopped{})
	wantSilence(r)
}

// W6: the peer's requests are answered before the pipe closes.
func TestW6_StopAnswersThePeer(t *testing.T) {
	r := holding(t, "W6: requests in flight are answered", Slave)
	r.on(PeerAsked{ID: 1, VIP: vip, From: Master}, state("releasing", "W15"), run(del))
	r.on(Stop{})
	r.on(PeerAsked{ID: 2, VIP: vip, From: Master})
	r.done(1, AnswerPeer{1, Refused}, AnswerPeer{2, Refused}, run(del))
	r.on(PeerAsked{ID: 3, VIP: vip, From: Master})
	r.done(0, AnswerPeer{3, Released}, run(flush))
	r.on(PeerAsked{ID: 4, VIP: vip, From: Master})
	r.done(0, AnswerPeer{4, Released}, ClosePipe{}, Stopped{})
	r.on(PeerAsked{ID: 5, VIP: vip, From: Master})
}

func wantSilence(r *rig) {
	r.t.Helper()
	_, waits := r.m.Deadline()
	require.False(r.t, waits, "%s\na stopped machine waits for nothing", r.rule)
	for _, ev := range []Event{
		Start{}, Stop{}, Tick{}, Echo{vip, r.seq}, AddressChanged{vip, Preferred}, CommandDone{ID: r.command},
		NetworkUp{entry.Interface}, PeerAnswered{vip, Released}, PeerAsked{VIP: vip}, nil,
	} {
		r.on(ev)
	}
}
