package porttest

import "ipwsim/core"

var addressContracts = []Contract{
	{"add", "an added address is reported Preferred, and the command's end once", add},
	{"add-twice", "adding an address that is there fails and changes nothing", addTwice},
	{"add-conflict", "an added address that another host has is reported Duplicate, never Preferred", addConflict},
	{"delete", "a deleted address is reported Absent, and the command's end once", deleteHeld},
	{"delete-missing", "deleting an address that is not there fails and reports nothing", deleteMissing},
	{"add-again", "an address can be added again after it was deleted", addAgain},
	{"flush", "flushing the ARP cache ends with success, once", flush},
}

func add(t TB, h Harness) {
	b := newBench(t, h)
	if b.hold() {
		b.wantOnce("add done", b.is(b.host.Free(), core.Preferred))
		b.wantNever(b.is(b.host.Free(), core.Duplicate), b.is(b.host.Free(), core.Absent))
	}
}

func addTwice(t TB, h Harness) {
	b := newBench(t, h)
	if !b.hold() {
		return
	}
	b.host.Advance(quiet)
	b.heard = nil
	b.add(b.host.Free())
	b.wait(commandLimit, "add failed")
	b.wantOnce("add failed")
	b.wantNever("add done", b.is(b.host.Free(), core.Absent), b.is(b.host.Free(), core.Duplicate))
}

func addConflict(t TB, h Harness) {
	b := newBench(t, h)
	taken := b.host.Taken()
	b.add(taken)
	b.wait(usableLimit, b.is(taken, core.Duplicate))
	b.wantOnce(b.is(taken, core.Duplicate))
	b.wantNever(b.is(taken, core.Preferred))
}

func deleteHeld(t TB, h Harness) {
	b := newBench(t, h)
	if !b.hold() {
		return
	}
	b.delete(b.host.Free())
	b.wait(commandLimit, "delete done")
	b.wantOnce("delete done", b.is(b.host.Free(), core.Absent))
}

func deleteMissing(t TB, h Harness) {
	b := newBench(t, h)
	b.delete(b.host.Free())
	b.wait(commandLimit, "delete failed")
	b.wantOnce("delete failed")
	b.wantNever("delete done", b.is(b.host.Free(), core.Absent))
}

func addAgain(t TB, h Harness) {
	b := newBench(t, h)
	if !b.hold() {
		return
	}
	b.delete(b.host.Free())
	b.wait(commandLimit, b.is(b.host.Free(), core.Absent))
	b.host.Advance(quiet)
	b.heard = nil
	b.hold()
}

func flush(t TB, h Harness) {
	b := newBench(t, h)
	b.call("FlushARP", func() { b.ports.Addresses.FlushARP(b.ended("flush")) })
	b.wait(commandLimit, "flush done")
	b.wantOnce("flush done")
	b.echo(b.host.Taken(), "answered")
	b.wait(echoTimeout, "answered")
}
