package conform

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// vrrp is a node's VRRP as its machine sees it (V1 to V8): its part in the virtual router follows from what it hears, and
// from the part what it says, and which of the VIPs are to be on its interface.
type vrrp struct {
	books
	set  trace.VirtualRouter
	own  netip.Addr
	vips []*address // in the table's order

	part     part
	due      time.Duration // of a master's next advertisement, of a backup's becoming one
	heard    time.Duration // from one advertisement of the master to the next, as it says
	missed   *statement    // that a backup does not keep which is no master when it is due
	left     *statement    // that one does not keep which is no master, and deletes nothing
	cutOff   bool          // there is no network
	failed   bool          // an add has, and none has succeeded since
	joined   bool          // advertisements are heard
	resigns  bool          // it stops, and was master
	finished bool          // it has nothing more to do

	next  *order // the command that is to begin
	since time.Duration
	runs  *order // has begun
	id    int    // its
}

// part is a node's in the virtual router.
type part int

const (
	apart part = iota // it has none: it starts, stops, or has no network
	backup
	master
)

// address is a VIP on the interface.
type address struct {
	ip      netip.Addr
	state   trace.AddressState
	unswept bool          // the start, or the stop, is to delete it, whatever the interface says
	tried   bool          // the stop has
	held    bool          // by the master, usable
	added   bool          // by netsh's word, and not by the interface's
	retry   time.Duration // no command before
	again   time.Duration // when to announce it once more
}

// order is a command that is to run for a VIP, and the rule that is not kept if it is not.
type order struct {
	does trace.CommandKind
	of   *address
	rule *statement
}

// announcesAgain is from an announcement to the second one (V2).
const announcesAgain = 5 * time.Second

// record is part of rules.
func (r *vrrp) record(now time.Duration, b trace.Body) {
	switch b := b.(type) {
	case trace.Adverts:
		r.adverts(b)
	case trace.Port:
		r.port(now, b)
	case trace.Event:
		if b.Source == trace.Watcher {
			r.does(now, func() { r.writes(b, eventWithout) })
		}
	case trace.Polls, trace.Pipe:
		r.does(now, func() { r.breach(vrrpAstray, r.table[0], now) })
	}
}

func (r *vrrp) find(ip netip.Addr) *address {
	i := slices.IndexFunc(r.vips, func(v *address) bool { return v.ip == ip })
	if i < 0 {
		return nil
	}
	return r.vips[i]
}

func (r *vrrp) port(now time.Duration, p trace.Port) {
	switch p.Call {
	case trace.PollsTold:
		if r.power != trace.Frozen {
			r.pass(now)
		}
	case trace.AddressTold:
		r.hears(now, func() { r.addressIs(r.find(p.VIP), p.State) })
	case trace.NetworkTold:
		r.hears(now, r.networkIsBack)
	case trace.NetworkLost:
		r.hears(now, r.networkIsLost)
	case trace.CommandEnds:
		r.hears(now, func() { r.ends(p) })
	case trace.CommandBegins:
		r.does(now, func() { r.begins(p) })
	case trace.AdvertsJoined, trace.AdvertsLeft:
		r.does(now, func() { r.pays(debt{call: p.Call}, r.inLife(vrrpAstray)) })
	case trace.Announced:
		r.does(now, func() { r.pays(debt{call: p.Call, ip: p.VIP}, r.inLife(announceWrong)) })
	default:
		r.does(now, func() { r.breach(vrrpAstray, p.VIP, now) })
	}
}

// hears takes in what the watcher is told, and what follows from that at once.
func (r *vrrp) hears(now time.Duration, what func()) {
	r.told(now, what)
	if r.judges() {
		r.follows()
	}
}

// inLife is the rule that forbids it: before the start has deleted the VIPs and from a stop on, nothing else may be done.
func (r *vrrp) inLife(rule *statement) *statement {
	switch r.life {
	case starting:
		return vrrpEarly
	case stopping:
		return vrrpAfter
	}
	return rule
}

// adverts takes in advertisements that have been sent or heard.
func (r *vrrp) adverts(b trace.Adverts) {
	first, last := r.clock.own(b.First), r.clock.own(b.Last)
	for i := range b.N {
		at := last
		if i < b.N-1 {
			at = first + (last-first)/time.Duration(b.N-1)*time.Duration(i)
		}
		if b.From.IsValid() {
			r.hears(at, func() { r.advertised(b) })
		} else {
			r.does(at, func() { r.advertises(b) })
		}
	}
}

// until is part of watcher.
func (r *vrrp) until(at time.Duration) {
	if r.judges() && r.power != trace.Frozen {
		r.at = at
		r.overdue(r.clock.own(at))
	}
}

// overdue is part of rules.
func (r *vrrp) overdue(now time.Duration) {
	r.debts(now)
	if r.next != nil && r.late(r.since, now, exact) {
		r.breach(r.next.rule, r.next.of.ip, r.since)
	}
}

// fallDue is part of rules.
func (r *vrrp) fallDue(now time.Duration) {
	for r.judges() {
		at := r.dueAt()
		if at == never || at > now {
			return
		}
		r.now = at
		r.dueIs()
		r.follows()
	}
}

// dueAt is when something is due: not before a frozen machine goes on, nor before what made it due.
func (r *vrrp) dueAt() time.Duration {
	due := r.due
	for _, v := range r.vips {
		due = min(due, v.again)
		if r.runs == nil && (v.added || r.next == nil && r.wants(v) != "") {
			due = min(due, v.retry)
		}
	}
	if due == never {
		return never
	}
	return max(due, r.awake, r.base)
}

// dueIs does what the time has come for: announcements, doubt of netsh's word, and what hangs on the part.
func (r *vrrp) dueIs() {
	for _, v := range r.vips {
		if r.now >= v.again {
			v.again = never
			if v.state == trace.Preferred {
				r.owes(debt{call: trace.Announced, ip: v.ip}, announceLate)
			}
		}
	}
	if i := slices.IndexFunc(r.vips, func(v *address) bool { return v.added && r.now >= v.retry }); i >= 0 && r.runs == nil {
		r.givesWay(r.vips[i])
	}
	switch {
	case r.now < r.due:
	case r.part == backup && r.now >= later(r.due, r.heard): // it slept over that, and heard nobody (H7)
		r.waits()
	case r.part == backup:
		rule := r.missed
		r.turns(master, nil)
		r.says(r.priority(), rule)
	default:
		r.says(r.priority(), advertLate)
	}
}
