package conform

import "ipwsim/sim/trace"

// ask has the peer asked now.
func (n *node) ask(v *vip, rule *statement) {
	if v.asking {
		return
	}
	v.asking = true
	n.owes(debt{call: trace.PeerAsked, ip: v.ip}, rule)
}

// asks is a request going out: there must be a reason, and it says what the watcher is.
func (n *node) asks(p trace.Port) {
	if n.pays(debt{call: trace.PeerAsked, ip: p.VIP}, n.inLife(asksWithout)) && p.Master != n.set.master {
		n.breach(asksWithout, p.VIP, n.now)
	}
}

// answered is the end of a request: what the peer released is taken at once (W16).
func (n *node) answered(p trace.Pipe) {
	if !n.reader.hears(n.at, p) {
		n.breach(answerChanged, p.VIP, n.now)
	}
	v := n.find(p.VIP)
	if v == nil || !v.asking {
		return
	}
	v.asking = false
	switch {
	case p.Answer != trace.Released:
	case v.state == polled:
		n.take(v, grantedLate)
	case v.state == held && n.set.again:
		n.owes(debt{event: true, ip: v.ip}, eventMissing)
	}
}

// asked is W15 and W21: a master may ask, and not another master; it is told what is so, or the VIP is released for it.
func (n *node) asked(p trace.Port) {
	v := n.find(p.VIP)
	switch {
	case v == nil || !p.Master || n.set.master:
		n.owes(debt{call: trace.RequestAnswered, ip: p.VIP, id: p.ID, answer: trace.Refused}, refuses)
	case v.state == polled:
		n.owes(debt{call: trace.RequestAnswered, ip: p.VIP, id: p.ID, answer: trace.NotHeld}, saysNotHeld)
	case v.state == releasing:
		v.requests = append(v.requests, p.ID)
	default:
		v.requests = append(v.requests, p.ID)
		n.giveBack(v, askedKept)
	}
}

// answers is an answer to the peer.
func (n *node) answers(p trace.Port) {
	d := debt{call: trace.RequestAnswered, ip: p.VIP, id: p.ID, answer: p.Answer}
	if v := n.find(p.VIP); v != nil && v.state == releasing {
		n.pays(d, answerEarly)
		return
	}
	n.pays(d, answerTwice)
}

// giveBack releases a VIP, and yields from then on (W13).
func (n *node) giveBack(v *vip, rule *statement) {
	v.seen = false
	v.turns(releasing)
	kept := n.queue[:0]
	for _, c := range n.queue {
		if c.of != v {
			kept = append(kept, c)
		}
	}
	n.queue = kept
	n.orders(command{trace.DeleteAddress, v, rule})
	n.orders(command{trace.FlushARP, v, flushes})
}

// deleteEnds is the end of a delete of what is being released.
func (n *node) deleteEnds(v *vip, exit int) {
	v.failed = exit != 0
	if n.life == stopping {
		n.answerAll(v)
	}
	if n.life == running {
		n.released(v, pollLate)
	}
}

// released ends a release, or waits an Interval for the interface to say so (H2).
func (n *node) released(v *vip, rule *statement) {
	if !v.absent() && !v.failed {
		v.trust = later(n.now, n.set.interval)
		return
	}
	n.settles(v, rule)
}

func (n *node) settle(v *vip) { n.settles(v, pollLate) }

// settles answers the peer and goes on by what the interface says.
func (n *node) settles(v *vip, rule *statement) {
	n.answerAll(v)
	if v.address == trace.Preferred {
		n.hold(v)
		return
	}
	n.poll(v, rule)
}

// answerAll answers those who wait for the release: released, if the address is gone, else refused.
func (n *node) answerAll(v *vip) {
	a := trace.Released
	if v.failed && !v.absent() {
		a = trace.Refused
	}
	for _, id := range v.requests {
		n.owes(debt{call: trace.RequestAnswered, ip: v.ip, id: id, answer: a}, saysReleased)
	}
	v.requests = nil
}
