package conform

import "ipwsim/sim/trace"

// turns notes what the watcher must be doing from now on.
func (v *vip) turns(s state) {
	v.state, v.trust, v.owed = s, never, nil
}

// take has the VIP added (W8), after what a failed delete has left is deleted.
func (n *node) take(v *vip, rule *statement) {
	v.turns(taking)
	v.added = false
	if v.address != trace.Absent && v.address != "" {
		n.orders(command{trace.DeleteAddress, v, rule})
	}
	n.orders(command{trace.AddAddress, v, rule})
}

// tooEarly is the rule that an add breaks which nothing is a reason for.
func (n *node) tooEarly(v *vip) *statement {
	if v != nil && v.state == polled && n.yields(v) && v.freeAt != never && n.now >= v.freeAt-n.set.interval-exact {
		return yieldShort
	}
	return takeEarly
}

// addEnds is the end of the add: with event 100 if it succeeded (W8), and on by what the interface says.
func (n *node) addEnds(v *vip, exit int) {
	v.added = true
	if exit == 0 {
		n.owes(debt{event: true, ip: v.ip}, eventMissing)
	}
	switch {
	case v.address == trace.Preferred || v.address == trace.Duplicate:
		n.judgeAdded(v)
	case exit != 0:
		n.poll(v, pollLate)
	case v.absent():
		v.trust = later(n.now, n.set.interval)
	}
}

func (v *vip) absent() bool { return v.address == "" || v.address == trace.Absent }

// judgeAdded goes by what the interface says of the added address: a usable one is held, a duplicate one given up (W20).
func (n *node) judgeAdded(v *vip) {
	switch {
	case v.address == trace.Preferred:
		n.hold(v)
	case v.address == trace.Duplicate:
		n.giveBack(v, conflictKept)
	case v.absent():
		n.poll(v, pollLate)
	default:
		v.trust = never
	}
}

// addressIs is what the interface says of a VIP.
func (n *node) addressIs(v *vip, s trace.AddressState) {
	if v == nil {
		return
	}
	if v.state == releasing && n.dueAt(v) == n.now && (v.address == trace.Preferred) != (s == trace.Preferred) {
		n.unsure() // what the interface says decides (H2), and nobody knows which of the two it said just then
		return
	}
	v.address = s
	switch {
	case v.state == polled && s == trace.Preferred:
		n.hold(v)
	case v.state == taking && v.added:
		n.judgeAdded(v)
	case v.state == held && s == trace.Duplicate: // W19
		n.giveBack(v, duplicateKept)
	case v.state == held && s == trace.Absent:
		n.poll(v, pollLate)
	case v.state == releasing && s == trace.Absent && v.trust != never:
		n.settle(v)
	}
}

// hold begins when the address is usable: a master asserts it each Interval (W17), a slave has it for its cycle (W18).
func (n *node) hold(v *vip) {
	v.turns(held)
	after := n.set.cycle
	if n.set.master {
		after = n.set.interval
	}
	v.due = later(n.now, after)
}

func (n *node) heldDue(v *vip) {
	if !n.set.master {
		n.giveBack(v, cycleLate)
		return
	}
	v.due = later(n.now, n.set.interval)
	n.ask(v, assertLate)
}
