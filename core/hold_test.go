package core_test

import (
	"testing"

	. "ipwsim/core"
)

// W17: a master that holds its VIP asks the peer to release it each Interval.
func TestW17_MasterAsserts(t *testing.T) {
	r := holding(t, "W17: a holding master asks each Interval, from one Interval after it took", Master)
	for at := 60 * s; at <= 180*s; at += 30 * s {
		r.at(at, ask)
		r.on(PeerAnswered{vip, NotHeld})
	}
}

// W17: whatever the answer, the master goes on holding.
func TestW17_AnyAnswer(t *testing.T) {
	for _, a := range []Answer{Released, NotHeld, Refused, NoAnswer} {
		r := holding(t, "W17: the answer changes nothing for a holder", Master)
		r.at(60*s, ask)
		r.on(PeerAnswered{vip, a})
		r.at(90*s, ask)
	}
}

// W17: one request in flight; what fell due meanwhile is asked when the answer is there.
func TestW17_OneInFlight(t *testing.T) {
	r := holding(t, "W17: never more than one request in flight", Master)
	r.at(60*s, ask)
	r.wantIdle(100 * s)
	r.on(NetworkUp{entry.Interface})
	r.on(PeerAnswered{vip, NoAnswer}, ask)
	r.on(PeerAnswered{vip, NotHeld})
	r.on(PeerAnswered{vip, Released}) // to no question
	r.at(130*s, ask)
}

// W17: with the network back the peer is asked at once; another interface's does not count.
func TestW17_AtOnceWithTheNetwork(t *testing.T) {
	r := holding(t, "W17: a holding master asks at once on NetworkUp", Master)
	r.wantIdle(45 * s)
	r.on(NetworkUp{otherEntry.Interface})
	r.on(NetworkUp{entry.Interface}, ask)
	r.on(PeerAnswered{vip, NotHeld})
	r.at(75*s, ask)
}

// W17: without a usable address the peer is not asked; it is as soon as there is one.
func TestW17_NotWithoutALink(t *testing.T) {
	r := holding(t, "W17: a master without a link asks nobody, and at once when it is back", Master)
	r.address(Tentative)
	r.wantIdle(200 * s)
	r.on(NetworkUp{entry.Interface})
	r.address(Preferred, ask)
}

// W22: a split brain that ends because the peer gave the VIP up is nothing to the holder: it adds nothing, writes no
// event 100, and so has nothing announced.
func TestW22_SilentAfterASplitBrain(t *testing.T) {
	r := holding(t, "W22: a holder does nothing when the peer has released its copy", Master)
	r.at(60*s, ask)
	r.on(PeerAnswered{vip, Released})
	r.wantIdle(89 * s)
}

// W22: a watcher that is not the product's announces then, and only when the peer did give something up.
func TestW22_AnnouncesAgainIfToldTo(t *testing.T) {
	set := settings(Master)
	set.AnnounceAgain = true
	r := polling(t, "W22: a holder announces again what the peer has released", set)
	r.at(30*s, state("taking", "W12"), run(add))
	r.done(0, added)
	r.address(Tentative)
	r.address(Preferred, state("held", "W8"))
	r.at(60*s, ask)
	r.on(PeerAnswered{vip, NotHeld})
	r.at(90*s, ask)
	r.on(PeerAnswered{vip, Released}, Announce{vip}, WriteEvent{ID: EventAdded, Text: "LogicalIP Announce address 192.168.10.202"})
}

// W22: a holder that was frozen asks, as any master, and says nothing else when it wakes.
func TestW22_SilentWhenItWakes(t *testing.T) {
	r := holding(t, "W22: a holder that wakes asks the peer and does nothing else", Master)
	r.now = 1000 * s
	r.on(Tick{}, ask)
	r.on(PeerAnswered{vip, Released})
	r.wantIdle(1029 * s)
}

// W18: a slave releases the VIP ReleaseTime x Interval after it took it, then yields.
func TestW18_ReleaseCycle(t *testing.T) {
	r := holding(t, "W18: a slave releases unasked after ReleaseTime x Interval", Slave)
	r.wantIdle(1859 * s)
	r.at((60+1800)*s, state("releasing", "W18"), run(del))
	r.address(Absent)
	r.done(0, state("polling", "W11"), echo, run(flush))
	r.done(0)
	r.at((1860+60)*s, state("taking", "W13"), run(add))
}

// W18: a cycle whose delete fails leaves the VIP held for another.
func TestW18_DeleteFails(t *testing.T) {
	r := holding(t, "W18: a VIP that cannot be deleted is held", Slave)
	r.at(1860*s, state("releasing", "W18"), run(del))
	r.done(1, state("held", "W19"), run(flush))
	r.done(0)
	r.at(3660*s, state("releasing", "W18"), run(del))
}

// W19: losing the link releases nothing, and a flap leaves the holder holding.
func TestW19_LinkLossReleasesNothing(t *testing.T) {
	r := holding(t, "W19: a link flap keeps the VIP and the release cycle", Slave)
	r.address(Tentative)
	r.wantIdle(1000 * s)
	r.address(Tentative)
	r.address(Preferred)
	r.on(NetworkUp{entry.Interface})
	r.at(1860*s, state("releasing", "W18"), run(del))
}

// W19: a duplicate after the link is back is deleted, and the VIP polled and asked for at once.
func TestW19_DuplicateAfterLinkUp(t *testing.T) {
	r := holding(t, "W19: a VIP another host took meanwhile is deleted and polled at once", Master)
	r.wantIdle(50 * s)
	r.address(Tentative)
	r.address(Duplicate, state("releasing", "W19"), run(del))
	r.wantIdle(51 * s)
	r.address(Absent)
	r.done(0, state("polling", "W11"), echo, run(flush))
	r.on(Echo{vip, r.seq}, ask)
}

// W19: an address somebody deleted is polled for.
func TestW19_DeletedByHand(t *testing.T) {
	r := holding(t, "W19: an address deleted by hand is polled for, with one interval's count", Master)
	r.address(Absent, state("polling", "W11"), echo)
	r.at(60*s, state("taking", "W12"), run(add))
}

// W19: an address somebody added is held.
func TestW19_AddedByHand(t *testing.T) {
	r := polling(t, "W19: the state of the address decides who holds", settings(Master))
	r.address(Tentative)
	r.address(Preferred, state("held", "W19"))
	r.at(30*s, ask)
}
