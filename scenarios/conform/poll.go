package conform

import (
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// polling is how far the polls of a VIP are.
type polling struct {
	owed    *statement // a poll is to be sent; nil: none now
	owedAt  time.Duration
	sent    time.Duration
	waiting bool          // the last may still be answered
	next    time.Duration // when it counts as missed, and the next is due
	freeAt  time.Duration // when the VIP counts as free; never: none was missed
	seen    bool          // answered since the start or our own release (W13)
}

// poll has the VIP polled from now on, at once, with a count that begins anew (W11, W12).
func (n *node) poll(v *vip, rule *statement) {
	v.turns(polled)
	v.freeAt = never
	n.sends(v, rule)
}

// sends has a poll sent now. One that was out counts neither way.
func (n *node) sends(v *vip, rule *statement) { v.owed, v.owedAt = rule, n.now }

// polls takes in polls that have been sent.
func (n *node) polls(b trace.Polls) {
	v := n.find(b.VIP)
	if !n.judges() || v == nil {
		return
	}
	for i := 0; i < b.N && n.judges(); i++ {
		if b.Answered && i == 1 && !n.mustAsk(v) {
			i = b.N - 1
			n.quiet(v, b)
		}
		at := n.pollOf(b, i)
		n.polledAt(v, at)
		if b.Answered {
			heard := at
			if i == b.N-1 {
				heard = n.clock.own(b.Heard)
			}
			n.heard(v, heard)
		}
	}
	if b.N == 0 && n.judges() {
		heard := n.clock.own(b.Heard)
		n.fallDue(heard - 1) // it is told at once: of the other VIPs all is known until then
		n.heard(v, heard)
	}
}

// pollOf is when one of the polls was sent: their pace is even by the machine's own clock.
func (n *node) pollOf(b trace.Polls, i int) time.Duration {
	first, last := n.clock.own(b.First), n.clock.own(b.Last)
	if i == b.N-1 {
		return last
	}
	return first + (last-first)/time.Duration(b.N-1)*time.Duration(i)
}

// quiet passes over answered polls between the first and the last: nothing follows from them but the next. Of those of a
// clock that runs fast each may be a nanosecond late.
func (n *node) quiet(v *vip, b trace.Polls) {
	last, between := n.clock.own(b.Last), time.Duration(b.N-2)
	v.next += between * n.set.pingTimeout
	if (last - v.next).Abs() <= exact+between {
		v.next = last
	}
}

// mustAsk says whether an answer makes the watcher ask for the VIP.
func (n *node) mustAsk(v *vip) bool { return n.set.master && !v.asking }

// polledAt is W11: a VIP that is not held is polled each PingTimeout, and no other is.
func (n *node) polledAt(v *vip, at time.Duration) {
	n.fallsDue(v, at+exact)
	n.now = at
	n.overdueDebts(at)
	switch {
	case !n.judges():
	case v.owed == nil:
		n.breach(n.inLife(n.insteadOf(v)), v.ip, at)
	case n.late(v.owedAt, at, exact):
		n.breach(v.owed, v.ip, v.owedAt)
	default:
		v.owed, v.sent, v.waiting, v.next = nil, at, true, later(at, n.set.pingTimeout)
	}
}

// insteadOf is the rule that a poll breaks which is not due.
func (n *node) insteadOf(v *vip) *statement {
	i := slices.IndexFunc(n.queue, func(c command) bool { return c.of == v && c.does != trace.FlushARP })
	if i < 0 {
		return pollEarly
	}
	return n.queue[i].rule
}

// heard is an answer to the last poll: the count starts anew (W12), a yield is over (W13), and a master asks for the VIP
// (W16). One that comes at the very instant when the VIP counts as free may have come before that or behind it.
func (n *node) heard(v *vip, at time.Duration) {
	if v.freeAt != never && v.state == polled && (at-v.freeAt).Abs() <= exact {
		n.unsure()
		return
	}
	n.fallsDue(v, at-1)
	n.now = at
	if !n.judges() || v.state != polled || !v.waiting || v.owed != nil || at > v.next {
		return
	}
	v.waiting, v.freeAt, v.seen = false, never, true
	if n.mustAsk(v) {
		n.ask(v, masterAsks)
	}
}

// pollDue is what the time says of a VIP that is polled: the last poll is missed and the next is due, or it is free. A
// machine that slept over a poll knows nothing, and counts anew (H7).
func (n *node) pollDue(v *vip) {
	if n.now >= later(v.next, n.set.pingTimeout) {
		v.freeAt = never
		n.sends(v, pollLate)
		return
	}
	if n.now >= v.next && v.waiting && v.freeAt == never {
		v.freeAt = n.free(v)
	}
	switch {
	case n.now >= v.freeAt:
		n.take(v, takeLate)
	case n.now >= v.next:
		n.sends(v, pollLate)
	}
}

// free is W12 and W13: a VIP is free an Interval after the sending of its first missed poll, and for a slave that has to
// yield after two.
func (n *node) free(v *vip) time.Duration {
	at := later(v.sent, n.set.interval)
	if n.yields(v) {
		at = later(at, n.set.interval)
	}
	return at
}

func (n *node) yields(v *vip) bool { return !n.set.master && !v.seen }

// networkUp is W16 and W17: with the network back polls go out at once, and so does a holder's question.
func (n *node) networkUp(iface string) {
	for _, v := range n.vips {
		switch {
		case v.iface != iface:
		case v.state == polled:
			n.sends(v, pollAtOnce)
		case v.state == held && n.set.master:
			v.due = n.now
		}
	}
}
