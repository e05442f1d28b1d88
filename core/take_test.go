package core_test

import (
	"testing"

	. "ipwsim/core"
)

// W8: an add that succeeds writes event 100 at once; the VIP is held when the address is usable.
func TestW8_EventThenHeld(t *testing.T) {
	r := taking(t, "W8: event 100 after the add, held when Preferred", Master)
	r.wantIdle(31 * s)
	r.done(0, added)
	r.address(Tentative)
	r.wantIdle(34 * s)
	r.address(Preferred, state("held", "W8"))
}

// W8: the interface may speak before the command ends.
func TestW8_PreferredBeforeTheCommandEnds(t *testing.T) {
	r := taking(t, "W8: a notification before CommandDone counts when that comes", Master)
	r.address(Tentative)
	r.address(Preferred)
	r.done(0, added, state("held", "W8"))
}

// H2: a failed add is no event, and the count starts anew.
func TestH2_AddFails(t *testing.T) {
	r := taking(t, "H2: an add that fails leaves the VIP polled", Master)
	r.wantIdle(31 * s)
	r.done(1, state("polling", "W11"), echo)
	r.at(61*s, state("taking", "W12"), run(add))
}

// H2: an add that succeeds without effect is given up after an Interval.
func TestH2_AddLies(t *testing.T) {
	r := taking(t, "H2: an add without any sign of it is given up after an Interval", Master)
	r.done(0, added)
	r.at(60*s, state("polling", "W11"))
	r.at(90*s, state("taking", "W12"), run(add))
}

// H2: an add that fails though the address is there and usable leads to holding it.
func TestH2_AddFailsButTheAddressIsThere(t *testing.T) {
	r := taking(t, "H2: the interface is believed, not the command", Master)
	r.address(Preferred)
	r.done(1, state("held", "W8"))
}

// W19: a tentative address is waited for as long as the link is down.
func TestW19_TentativeIsWaitedFor(t *testing.T) {
	r := taking(t, "W19: a tentative address may wait for its link", Master)
	r.done(0, added)
	r.wantIdle(40 * s)
	r.address(Tentative)
	r.wantIdle(1000 * s)
	r.address(Preferred, state("held", "W8"))
}

// W20: an added address that another host holds is deleted, and the VIP polled with a new count.
func TestW20_Conflict(t *testing.T) {
	conflict := []Action{state("releasing", "W20"), run(del)}
	for name, order := range map[string]func(r *rig){
		"after the command":  func(r *rig) { r.done(0, added); r.address(Tentative); r.address(Duplicate, conflict...) },
		"before the command": func(r *rig) { r.address(Duplicate); r.done(0, append([]Action{added}, conflict...)...) },
		"the command fails":  func(r *rig) { r.address(Duplicate); r.done(1, conflict...) },
	} {
		t.Run(name, func(t *testing.T) {
			r := taking(t, "W20: a duplicate address is deleted and the VIP polled on", Master)
			order(r)
			r.address(Absent)
			r.done(0, state("polling", "W11"), echo, run(flush))
			r.done(0)
			r.at(60*s, state("taking", "W12"), run(add))
		})
	}
}

// W20, W13: a slave that lost lets the master go first, or two that add at once would go on losing.
func TestW20_SlaveYieldsAfterAConflict(t *testing.T) {
	r := polling(t, "W20: the deletion of a duplicate is a release, after which a slave yields", settings(Slave))
	r.on(Echo{vip, r.seq})
	r.at(33*s, state("taking", "W12"), run(add))
	r.done(0, added)
	r.address(Duplicate, state("releasing", "W20"), run(del))
	r.address(Absent)
	r.done(0, state("polling", "W11"), echo, run(flush))
	r.done(0)
	r.at(93*s, state("taking", "W13"), run(add))
}

// W20: a duplicate that could not be deleted is deleted before the next add.
func TestW20_LeftoverIsDeletedFirst(t *testing.T) {
	r := taking(t, "W20: what is left on the interface goes before the next add", Master)
	r.done(0, added)
	r.address(Duplicate, state("releasing", "W20"), run(del))
	r.done(1, state("polling", "W11"), echo, run(flush))
	r.done(0)
	r.at(60*s, state("taking", "W12"), run(del))
	r.address(Absent)
	r.done(0, run(add))
	r.done(0, added)
	r.address(Preferred, state("held", "W8"))
}

// An address deleted while it was tentative is polled for again.
func TestTentativeThenDeletedByHand(t *testing.T) {
	r := taking(t, "an added address that vanishes is polled for", Master)
	r.done(0, added)
	r.address(Tentative)
	r.address(Absent, state("polling", "W11"), echo)
}

// Commands run one at a time in the order they were wanted, while polling goes on.
func TestCommandsOneAtATime(t *testing.T) {
	addOther := AddAddress{VIP: other, Interface: otherEntry.Interface}
	r := newRig(t, "commands run one at a time", settings(Master), entry, otherEntry)
	r.step(Start{})
	for range 4 {
		r.step(CommandDone{ID: r.command})
	}
	for r.next() < 30*s {
		r.advance()
	}
	r.now = 30 * s
	r.on(Tick{}, state("taking", "W12"), run(add), StateChanged{other, Taking, "W12"})
	r.on(CommandDone{ID: r.command + 1}) // not the one that runs
	r.on(CommandDone{ID: r.command - 1})
	r.on(NetworkUp{entry.Interface})
	r.done(0, added, run(addOther))
	r.done(1, StateChanged{other, Polling, "W11"}, SendEcho{VIP: other})
	r.wantIdle(32 * s)
	r.done(1) // none runs
}
