package core

// poll begins to poll a VIP, and its count anew.
func (m *Machine) poll(v *vip, why Reason) {
	m.setState(v, Polling, why)
	v.freeAt = never
	m.check(v)
}

// check polls at once and goes on from there. A poll that was out counts neither way.
//
// Inferred: the log says so here, not at every poll.
func (m *Machine) check(v *vip) {
	m.logCheck(v)
	m.sendPoll(v)
}

// sendPoll is W11.
//
// Inferred: the pace, one echo each PingTimeout; the guide gives Interval and PingTimeout but not
// how they work together. W14 is the measured result to be met.
func (m *Machine) sendPoll(v *vip) {
	m.lastEcho++
	v.echo = m.lastEcho
	v.sent = m.now
	v.nextPoll = m.in(m.settings.PingTimeout)
	m.do(SendEcho{VIP: v.VIP, Seq: v.echo, Timeout: m.settings.PingTimeout})
}

// echoed is a poll answered by another host: the count starts anew (W12), a yield is over (W13), and
// a master asks for the VIP (W16).
func (m *Machine) echoed(ev Echo) {
	v := m.find(ev.VIP)
	if v == nil || v.state != Polling || v.echo == 0 || ev.Seq != v.echo || m.now > v.nextPoll {
		return
	}
	if v.freeAt != never || !v.seen {
		m.log(v.name, logSeen)
	}
	v.echo = 0
	v.freeAt = never
	v.seen = true
	if m.settings.Balance == Master {
		m.ask(v)
	}
}

// pollDue judges the last poll, then takes the VIP or polls again. A poll still out when the VIP
// counts as free does not hold that up (W12).
func (m *Machine) pollDue(v *vip) {
	if m.overslept(v) {
		m.log(v.name, logOverslept)
		v.freeAt = never
		m.sendPoll(v)
		return
	}
	if m.now >= v.nextPoll && v.echo != 0 {
		m.missed(v)
	}
	switch {
	case m.now >= v.freeAt:
		m.log(v.name, logIsFree)
		m.take(v, m.reasonFree(v))
	case m.now >= v.nextPoll:
		m.sendPoll(v)
	}
}

// overslept says that at least one poll could not go out when it was due: the machine was frozen
// (H7).
//
// Inferred: such a gap is no evidence that the VIP is free, so the count starts anew.
func (m *Machine) overslept(v *vip) bool {
	return m.now >= later(v.nextPoll, m.settings.PingTimeout)
}

// missed starts the count of W12, if it does not run.
//
// Inferred: the count, from the sending of the first missed poll, of one Interval.
func (m *Machine) missed(v *vip) {
	if v.freeAt != never {
		return
	}
	v.freeAt = later(v.sent, m.settings.Interval)
	if m.yields(v) {
		v.freeAt = later(v.freeAt, m.settings.Interval)
	}
}

// yields is W13.
//
// Inferred: that a slave lets the master go first, and by how much.
func (m *Machine) yields(v *vip) bool { return m.settings.Balance == Slave && !v.seen }

func (m *Machine) reasonFree(v *vip) Reason {
	if m.yields(v) {
		return WhyYielded
	}
	return WhyFree
}
