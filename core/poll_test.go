package core_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	. "ipwsim/core"
)

// W7: a node that starts alone takes a free VIP an interval after its first check, not before.
func TestW7_StartAlone(t *testing.T) {
	r := polling(t, "W7: a free VIP is taken 30-40 s after the start", settings(Master))
	r.at(30*s, state("taking", "W12"), run(add))
}

// W11: one echo each PingTimeout, answered or not.
func TestW11_OnePollEachPingTimeout(t *testing.T) {
	for name, answers := range map[string]func(time.Duration) bool{"answered": always, "missed": nil} {
		t.Run(name, func(t *testing.T) {
			set := settings(Slave)
			set.PingTimeout = 4 * s
			r := polling(t, "W11: a VIP not held is polled each PingTimeout", set)
			r.answers = answers
			r.wantIdle(20 * s)
			require.Equal(t, []time.Duration{0, 4 * s, 8 * s, 12 * s, 16 * s, 20 * s}, r.polls, r.rule)
		})
	}
}

// W11: an answer within PingTimeout counts, at its very end too; a later or unknown one does not.
func TestW11_AnswerInTime(t *testing.T) {
	r := polling(t, "W11: a poll is missed when it is not answered within PingTimeout", settings(Master))
	r.now = 3 * s
	r.on(Echo{vip, r.seq}, ask, echo) // poll 1, at its end
	late := r.seq
	r.now = 6 * s
	r.on(Tick{}, echo) // poll 2 is missed
	r.on(Echo{vip, late})
	r.on(Echo{vip, r.seq + 1})
	r.on(Echo{other, r.seq})
	r.at(33*s, state("taking", "W12"), run(add))
}

// W9, W12: free is missed by every poll for a whole Interval, counted from the sending of the first.
func TestW12_Free(t *testing.T) {
	rows := []struct {
		name                  string
		interval, pingTimeout time.Duration
		answered              time.Duration // polls sent before this are answered
		taken                 time.Duration
	}{
		{"the defaults", 30 * s, 3 * s, 0, 30 * s},
		{"one answer starts the count anew", 30 * s, 3 * s, 1 * s, 33 * s},
		{"and so does the last", 30 * s, 3 * s, 100 * s, 132 * s},
		{"a poll still out does not hold it up", 30 * s, 4 * s, 0, 30 * s},
		{"an interval of one poll", 3 * s, 3 * s, 0, 3 * s},
		{"an interval shorter than a poll", 1 * s, 3 * s, 0, 3 * s},
		{"an interval between two polls", 4 * s, 3 * s, 0, 4 * s},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			set := Settings{Interval: row.interval, PingTimeout: row.pingTimeout, ReleaseTime: 60, Balance: Slave}
			r := polling(t, "W12: "+row.name, set)
			if row.answered == 0 { // a slave that saw an answer, else W13 applies
				r.on(Echo{vip, r.seq})
				row.taken += row.pingTimeout
			}
			r.answers = until(row.answered)
			if r.answers(0) {
				r.answer = &Echo{vip, r.seq}
			}
			r.at(row.taken, state("taking", "W12"), run(add))
		})
	}
}

// W12: an answer in the middle of the count.
func TestW12_OneAnswerStartsTheCountAnew(t *testing.T) {
	r := polling(t, "W12: one answer starts the count anew", settings(Slave))
	r.answers = func(at time.Duration) bool { return at == 27*s }
	r.at(60*s, state("taking", "W12"), run(add)) // first missed: 30 s
}

// W12: a poll outstanding when the VIP counts as free is not waited for, nor heard.
func TestW12_LateAnswerWhileTaking(t *testing.T) {
	set := settings(Master)
	set.PingTimeout = 4 * s
	r := polling(t, "W12: the poll of 28 s is still out at 30 s", set)
	r.at(30*s, state("taking", "W12"), run(add))
	r.on(Echo{vip, r.seq})
	r.wantIdle(1000 * s)
}

// W13: a slave that has not seen the VIP answered since its start waits two intervals.
func TestW13_SlaveYieldsAtStart(t *testing.T) {
	r := polling(t, "W13: a slave's first take-over waits two intervals", settings(Slave))
	r.at(60*s, state("taking", "W13"), run(add))
}

// W13: having seen it answered, it waits one.
func TestW13_SlaveThatSawTheMaster(t *testing.T) {
	r := polling(t, "W13: a slave that saw the VIP answered waits one interval", settings(Slave))
	r.answers = func(at time.Duration) bool { return at == 51*s }
	r.at(84*s, state("taking", "W12"), run(add)) // first missed after it: 54 s
}

// W13: its own release makes it yield again.
func TestW13_SlaveYieldsAfterItsRelease(t *testing.T) {
	r := polling(t, "W13: after its own release a slave waits two intervals", settings(Slave))
	r.on(Echo{vip, r.seq})
	r.at(33*s, state("taking", "W12"), run(add))
	r.done(0, added)
	r.address(Preferred, state("held", "W8"))
	r.on(PeerAsked{ID: 1, VIP: vip, From: Master}, state("releasing", "W15"), run(del))
	r.address(Absent)
	r.done(0, AnswerPeer{1, Released}, state("polling", "W11"), echo, run(flush))
	r.done(0)
	r.at(93*s, state("taking", "W13"), run(add))
}

// W14: at every phase of the fault the add begins more than Interval, and at most Interval +
// PingTimeout, after it.
func TestW14_EveryPhase(t *testing.T) {
	for fault := 100 * s; fault <= 104*s; fault += 125 * ms {
		t.Run(fmt.Sprint(fault), func(t *testing.T) {
			r := polling(t, "W14: 0..PingTimeout to the first missed poll, + Interval", settings(Slave))
			r.answers = until(fault)
			r.answer = &Echo{vip, r.seq}
			for r.next() < 200*s {
				if got := r.advance(); len(got) > 0 && got[0] == state("taking", "W12") {
					break
				}
			}
			require.GreaterOrEqual(t, r.now-fault, 30*s, r.rule)
			require.LessOrEqual(t, r.now-fault, 33*s, r.rule)
		})
	}
}

// H7: a machine that was frozen past a poll has no evidence of that time: it polls and counts anew.
func TestH7_FrozenWhilePolling(t *testing.T) {
	r := polling(t, "H7: polls that could not go out are not missed", settings(Master))
	r.wantIdle(14 * s)
	r.now = 100 * s
	r.on(Echo{vip, r.seq}, echo) // too late, by the clock
	r.wantIdle(102 * s)
	r.now = 106 * s
	r.on(Tick{}, echo) // frozen again, for just one poll
	r.at(136*s, state("taking", "W12"), run(add))
}

// H7: less than a poll late is only late.
func TestH7_LateTick(t *testing.T) {
	r := polling(t, "W12: a tick a little late keeps the count", settings(Master))
	r.wantIdle(28 * s) // polls at 0, 3 .. 27
	r.now = 32*s + 900*ms
	r.on(Tick{}, state("taking", "W12"), run(add))
}

// A tick before its time, and a clock that runs back, change nothing.
func TestEarlyTickAndClockRunningBack(t *testing.T) {
	r := polling(t, "a time before the last counts as the last", settings(Master))
	r.wantIdle(10 * s)
	r.on(Tick{})
	r.now = -1000 * s
	require.Empty(t, r.m.Step(r.now, Tick{}), r.rule)
	r.now = 10 * s
	r.at(30*s, state("taking", "W12"), run(add))
}

// Settings below their minimum cannot make the machine spin, nor large ones make it overflow.
func TestSettingsBeyondTheirLimits(t *testing.T) {
	r := polling(t, "settings below the minimum count as the minimum", Settings{})
	r.at(1*s, state("taking", "W12"), run(add))

	huge := Settings{Interval: 24 * time.Hour, PingTimeout: time.Hour, ReleaseTime: 213_504, Balance: Slave} // 25 minutes, modulo 2^64 ns
	r = polling(t, "W18: a release cycle beyond all time is never over", huge)
	r.at(48*time.Hour, state("taking", "W13"), run(add))
	r.done(0, added)
	r.address(Preferred, state("held", "W8"))
	at, ok := r.m.Deadline()
	require.True(t, !ok || at > 200*365*24*time.Hour, "%s: %v", r.rule, at)
}
