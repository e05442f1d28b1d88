package core

// take adds the VIP to the interface (W8).
//
// Inferred: what a failed delete left behind is deleted first, or it would make the add fail.
func (m *Machine) take(v *vip, why Reason) {
	m.setState(v, Taking, why)
	v.added = false
	if v.address != Absent {
		m.run(v, DeleteAddress{VIP: v.VIP, Interface: v.Interface})
	}
	m.run(v, AddAddress{VIP: v.VIP, Interface: v.Interface})
}

// addDone is the end of the add command. The interface may have spoken before.
func (m *Machine) addDone(v *vip, exit int) {
	v.added = true
	if exit == 0 {
		m.writeAdded(v)
	}
	switch {
	case v.address == Preferred || v.address == Duplicate:
		m.judgeAdded(v)
	case exit != 0:
		m.poll(v, WhyAddFailed)
	case v.address == Absent:
		// Inferred: how long the interface may take to show the address, before the command is
		// taken for a liar (H2).
		v.waitUntil = m.in(m.settings.Interval)
	}
}

// writeAdded writes the entry that the clients' cure waits for (H10), though the address may still
// be tentative.
//
// Inferred: what follows the guide's three words.
func (m *Machine) writeAdded(v *vip) {
	m.do(WriteEvent{ID: EventAdded, Text: "LogicalIP Add address " + v.name})
}

// judgeAdded goes by what the interface says of the added address.
func (m *Machine) judgeAdded(v *vip) {
	switch v.address {
	case Preferred:
		m.hold(v, WhyAdded)
	case Duplicate:
		m.conflict(v, WhyConflict)
	case Tentative:
		v.waitUntil = never // for as long as there is no link (W19)
	case Absent:
		m.poll(v, WhyGone)
	}
}

// addUnconfirmed is an add that was said to be done, and nothing to be seen of it.
func (m *Machine) addUnconfirmed(v *vip) {
	m.log(v.name, logNotAdded)
	m.poll(v, WhyNotAdded)
}
