package core_test

import (
	"testing"

	. "ipwsim/core"
)

var asked = PeerAsked{ID: 7, VIP: vip, From: Master}

// W15: the holder deletes the VIP, answers when that is done, and polls with a yield.
func TestW15_Released(t *testing.T) {
	r := holding(t, "W15: the VIP is released when the master asks", Slave)
	r.on(asked, state("releasing", "W15"), run(del))
	r.wantIdle(61 * s)
	r.address(Absent)
	r.done(0, AnswerPeer{7, Released}, state("polling", "W11"), echo, run(flush))
	r.done(0)
	r.at(121*s, state("taking", "W13"), run(add))
}

// W15: who does not hold the VIP says so.
func TestW15_NotHeld(t *testing.T) {
	r := polling(t, "W15: a poller does not hold", settings(Slave))
	r.on(asked, AnswerPeer{7, NotHeld})
}

// W15, W21: only a master is answered, and not by another master; an unknown VIP is refused.
func TestW15_W21_Refused(t *testing.T) {
	for _, b := range []Balance{Master, Slave} {
		r := holding(t, "W15: a slave may not ask", b)
		r.on(PeerAsked{ID: 1, VIP: vip, From: Slave}, AnswerPeer{1, Refused})
		r.on(PeerAsked{ID: 2, VIP: other, From: Master}, AnswerPeer{2, Refused})
	}
	r := holding(t, "W21: a master does not release for another", Master)
	r.on(asked, AnswerPeer{7, Refused})
	r = newRig(t, "W15: before its start a watcher has nothing to give", settings(Slave), entry)
	r.on(asked, AnswerPeer{7, Refused})
}

// W15: an add that has begun is undone, one that has not is dropped.
func TestW15_WhileTaking(t *testing.T) {
	r := taking(t, "W15: an add that runs is undone", Slave)
	r.on(asked, state("releasing", "W15"))
	r.done(0, run(del)) // no event 100: it is going
	r.address(Tentative)
	r.address(Absent)
	r.done(0, AnswerPeer{7, Released}, state("polling", "W11"), echo, run(flush))

	r = taking(t, "W15: a tentative address is deleted", Slave)
	r.done(0, added)
	r.address(Tentative)
	r.on(asked, state("releasing", "W15"), run(del))

	r = polling(t, "W15: an add that waits for its turn is dropped", settings(Slave))
	r.on(Echo{vip, r.seq})
	r.address(Duplicate)
	r.at(33*s, state("taking", "W12"), run(del)) // and the add behind it
	r.on(asked, state("releasing", "W15"))
	r.address(Absent)
	r.done(0, AnswerPeer{7, Released}, state("polling", "W11"), echo, run(del))
	r.done(1, run(flush))
	r.done(0)
}

// W15: a request during a release is answered at its end.
func TestW15_WhileReleasing(t *testing.T) {
	r := holding(t, "W15: requests during a release are answered at its end", Slave)
	r.at(1860*s, state("releasing", "W18"), run(del))
	r.on(asked)
	r.on(PeerAsked{ID: 8, VIP: vip, From: Master})
	r.address(Absent)
	r.done(0, AnswerPeer{7, Released}, AnswerPeer{8, Released}, state("polling", "W11"), echo, run(flush))
}

// H2: a delete that fails is answered by the address: refused while it is there, released when it
// is gone anyway.
func TestH2_DeleteFails(t *testing.T) {
	r := holding(t, "H2: what could not be deleted is held, and refused", Slave)
	r.on(asked, state("releasing", "W15"), run(del))
	r.done(1, AnswerPeer{7, Refused}, state("held", "W19"), run(flush))

	r = holding(t, "H2: what somebody else deleted is released", Slave)
	r.on(asked, state("releasing", "W15"), run(del))
	r.address(Absent)
	r.done(1, AnswerPeer{7, Released}, state("polling", "W11"), echo, run(flush))
}

// H2: a delete that succeeds without effect is found out after an Interval.
func TestH2_DeleteLies(t *testing.T) {
	r := holding(t, "H2: a delete without any sign of it is a failed one", Slave)
	r.on(asked, state("releasing", "W15"), run(del))
	r.done(0, run(flush))
	r.done(0)
	r.at(90*s, AnswerPeer{7, Refused}, state("held", "W19"))
}

// H2: the interface may show the delete after the command's end.
func TestH2_AbsentAfterTheCommand(t *testing.T) {
	r := holding(t, "W15: the answer waits for the interface", Slave)
	r.on(asked, state("releasing", "W15"), run(del))
	r.done(0, run(flush))
	r.address(Tentative)
	r.wantIdle(61 * s)
	r.address(Absent, AnswerPeer{7, Released}, state("polling", "W11"), echo)
}

// W16: a master that sees its VIP answered asks at its first check, and at every poll.
func TestW16_EveryPoll(t *testing.T) {
	for _, a := range []Answer{NotHeld, Refused, NoAnswer} {
		r := polling(t, "W16: a polling master asks at every answered poll", settings(Master))
		r.on(Echo{vip, r.seq}, ask)
		r.on(PeerAnswered{vip, a})
		for at := 3 * s; at < 20*s; at += 3 * s {
			r.wantIdle(at)
			r.on(Echo{vip, r.seq}, ask)
			r.on(PeerAnswered{vip, a})
		}
	}
}

// W16: never more than one request in flight.
func TestW16_OneInFlight(t *testing.T) {
	r := polling(t, "W16: a request is waited for before the next", settings(Master))
	r.on(Echo{vip, r.seq}, ask)
	r.answers = always
	r.wantIdle(21 * s)
	r.on(PeerAnswered{vip, NoAnswer})
	r.at(21*s+ms, ask)
}

// W16: what the peer released is taken at once, without the count.
func TestW16_Released(t *testing.T) {
	r := polling(t, "W16: the VIP is taken at once when the peer released it", settings(Master))
	r.on(Echo{vip, r.seq}, ask)
	r.wantIdle(1 * s)
	r.on(PeerAnswered{vip, Released}, state("taking", "W16"), run(add))
	r.done(0, added)
	r.address(Preferred, state("held", "W8"))
}

// W16: an answer that comes when the master does not poll any more is ignored.
func TestW16_ReleasedTooLate(t *testing.T) {
	r := polling(t, "W16: released counts only while polling", settings(Master))
	r.on(Echo{vip, r.seq}, ask)
	r.at(33*s, state("taking", "W12"), run(add))
	r.on(PeerAnswered{vip, Released})
}

// W16: an answer to no question is none.
func TestW16_ReleasedUnasked(t *testing.T) {
	r := polling(t, "W16: nothing was asked, nothing is answered", settings(Master))
	r.on(PeerAnswered{vip, Released})
}

// W16: with the network back the VIP is polled at once, from there each PingTimeout.
func TestW16_AtOnceWithTheNetwork(t *testing.T) {
	r := polling(t, "W16: NetworkUp polls at once, on a new grid", settings(Master))
	r.wantIdle(10 * s)
	before := r.seq
	r.on(NetworkUp{otherEntry.Interface})
	r.on(NetworkUp{entry.Interface}, echo)
	r.on(Echo{vip, before})
	r.on(Echo{vip, r.seq}, ask)
	r.on(PeerAnswered{vip, NoAnswer})
	r.at(43*s, state("taking", "W12"), run(add)) // the poll of 13 s is the first missed
}

// W16: a slave asks for nothing.
func TestW16_SlaveNeverAsks(t *testing.T) {
	r := polling(t, "W16: only a master asks", settings(Slave))
	r.answers = always
	r.wantIdle(100 * s)
	r.on(NetworkUp{entry.Interface}, echo)
	r.on(Echo{vip, r.seq})
}

// W21: a master whose VIP another master holds polls on, and takes it when it is free.
func TestW21_TwoMasters(t *testing.T) {
	r := polling(t, "W21: a master asks a master, is refused, and polls on", settings(Master))
	r.on(Echo{vip, r.seq}, ask)
	r.on(PeerAnswered{vip, Refused})
	r.at(33*s, state("taking", "W12"), run(add))
}
