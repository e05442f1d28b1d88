package conform

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// debt is something that the watcher is to do at once.
type debt struct {
	call   trace.PortCall // "" for an event of its, or its own end
	ip     netip.Addr
	id     int // of a request
	event  bool
	answer trace.PipeAnswer

	since time.Duration
	rule  *statement // that is not kept otherwise
}

func (n *books) owes(d debt, rule *statement) {
	d.since, d.rule = n.now, rule
	n.owed = append(n.owed, d)
}

// pays takes in what the watcher does, which is a breach of the other rule where it is not owed.
func (n *books) pays(d debt, not *statement) bool {
	i := slices.IndexFunc(n.owed, func(o debt) bool {
		return o.call == d.call && o.ip == d.ip && o.id == d.id && o.event == d.event
	})
	switch {
	case i < 0:
		n.breach(not, d.ip, n.now)
		return false
	case n.owed[i].answer != d.answer:
		n.breach(n.owed[i].rule, d.ip, n.now)
		return false
	}
	n.owed = slices.Delete(n.owed, i, i+1)
	return true
}

// inLife is the rule that forbids it: before the start's release is over and from a stop on, nothing else may be done.
func (n *node) inLife(rule *statement) *statement {
	switch n.life {
	case starting:
		return doneEarly
	case stopping:
		return doneAfter
	}
	return rule
}

// overdue demands what was to be done before now. A machine that is frozen meanwhile does it when it goes on.
func (n *node) overdue(now time.Duration) {
	n.overdueDebts(now)
	for _, v := range n.vips {
		if v.owed != nil && n.late(v.owedAt, now, exact) {
			n.breach(v.owed, v.ip, v.owedAt)
		}
	}
}

// overdueDebts demands all but polls, which the trace may tell of later.
func (n *node) overdueDebts(now time.Duration) {
	n.debts(now)
	if n.runs == nil && len(n.queue) > 0 && n.late(n.since, now, exact) {
		n.breach(n.queue[0].rule, n.queue[0].of.ip, n.since)
	}
}

// debts demands what is owed since before now.
func (n *books) debts(now time.Duration) {
	for _, d := range n.owed {
		if n.late(d.since, now, exact) {
			n.breach(d.rule, d.ip, d.since)
		}
	}
}

// late says whether it is later than a time by more than is allowed; a machine that was frozen then does it when it goes on.
func (n *books) late(since, now, allowed time.Duration) bool {
	return now > later(max(since, n.awake), allowed)
}

// fallDue has the rules say what follows from the time alone, up to now, in order of time and then of the table.
func (n *node) fallDue(now time.Duration) {
	for n.judges() {
		var next *vip
		first := never
		for _, v := range n.vips {
			if t := n.dueAt(v); t < first {
				next, first = v, t
			}
		}
		if next == nil || first > now {
			return
		}
		n.now = first
		n.dueIs(next)
	}
}

// fallsDue is fallDue of one VIP alone, for its polls.
func (n *node) fallsDue(v *vip, now time.Duration) {
	for n.judges() {
		first := n.dueAt(v)
		if first > now || first == never {
			return
		}
		n.now = first
		n.dueIs(v)
	}
}

// dueAt is when something is due of the VIP: not before a frozen machine goes on, nor before what made it due.
func (n *node) dueAt(v *vip) time.Duration {
	due := never
	switch {
	case v.state == polled && v.owed == nil:
		due = min(v.next, v.freeAt)
	case v.state == taking, v.state == releasing:
		due = v.trust
	case v.state == held && (!n.set.master || !v.asking && v.address == trace.Preferred):
		due = v.due
	}
	if due == never {
		return never
	}
	return max(due, n.awake, n.base)
}

func (n *node) dueIs(v *vip) {
	switch v.state {
	case polled:
		n.pollDue(v)
	case taking:
		n.poll(v, pollLate)
	case held:
		n.heldDue(v)
	case releasing:
		v.failed = true
		n.settle(v)
	}
}
