package core

// hold begins when the address is usable (H1).
//
// Inferred: it does so whoever added the address, and when a delete failed; the interface is
// believed, and a machine that polled its own address would hear itself.
func (m *Machine) hold(v *vip, why Reason) {
	m.setState(v, Held, why)
	m.log(v.name, logHeld)
	if m.settings.Balance == Slave {
		v.dueAt = m.in(m.settings.ReleaseCycle())
	} else {
		v.dueAt = m.in(m.settings.Interval)
	}
}

// judgeHeld is W19: losing the link makes the address tentative and releases nothing.
func (m *Machine) judgeHeld(v *vip) {
	switch v.address {
	case Duplicate:
		m.conflict(v, WhyTakenOver)
	case Absent:
		m.poll(v, WhyGone)
	}
}

// conflict ends a duplicate address of ours: it goes, and polling goes on (W19, W20).
//
// Inferred: that the loser deletes its copy, and that this is a release in the sense of W13. Two
// nodes that add the VIP within seconds of each other both lose, and without a yield they would do so
// again an interval later, and again.
func (m *Machine) conflict(v *vip, why Reason) {
	m.log(v.name, logConflict)
	m.giveBack(v, why)
}

// mayAct says whether a holder does something when its time has come. A slave always does; a master
// does unless a question of its is out.
//
// Inferred: a master does not ask while its address is not usable, for it would wait for an answer
// in vain just when the link comes back.
func (m *Machine) mayAct(v *vip) bool {
	return m.settings.Balance == Slave || !v.asking && v.address == Preferred
}

// heldDue is W17 for a master and W18 for a slave.
func (m *Machine) heldDue(v *vip) {
	if m.settings.Balance == Slave {
		m.log(v.name, logCycle)
		m.giveBack(v, WhyCycle)
		return
	}
	v.dueAt = m.in(m.settings.Interval)
	m.ask(v)
}
