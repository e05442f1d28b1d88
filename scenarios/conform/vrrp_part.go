package conform

import (
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// starts is a new life. It begins with a delete of all (V1).
func (r *vrrp) starts(now time.Duration) {
	*r = vrrp{books: r.anew(now)}
	of := r.reads()
	r.own, r.set, r.life = of.Address.Addr(), *of.Watcher.VRRP, starting
	r.heard, r.due = r.set.Advert, never
	for _, ip := range r.table {
		r.vips = append(r.vips, &address{ip: ip, unswept: true, retry: -never, again: never})
	}
	r.follows()
}

// started is the end of that: it listens.
func (r *vrrp) started() {
	r.joined = true
	r.owes(debt{call: trace.AdvertsJoined}, vrrpJoin)
	r.listens(foundKept)
	r.life = running
}

// stops is V4: the VIPs go first. Until then a master advertises on.
func (r *vrrp) stops(now time.Duration) {
	r.hears(now, func() {
		if r.life == stopping {
			return
		}
		due := r.due
		r.resigns = r.part == master
		r.turns(apart, nil)
		r.life = stopping
		if r.resigns {
			r.due = due
		}
	})
}

// endsEarly is part of rules.
func (r *vrrp) endsEarly() *statement { return vrrpEnds }

// stopped is the end of that: what was master says so, and all end.
func (r *vrrp) stopped() {
	if r.finished {
		return
	}
	r.finished, r.due = true, never
	if r.resigns {
		r.owes(debt{call: advertised}, resignsNot)
	}
	if r.joined {
		r.owes(debt{call: trace.AdvertsLeft}, vrrpEnd)
	}
	r.owes(debt{}, vrrpEnd)
}

// turns takes a part, for which nothing is due.
func (r *vrrp) turns(p part, left *statement) {
	for _, v := range r.vips {
		v.added, v.tried, v.again = false, false, never
		if r.life == running { // what the start has left is deleted in its time
			v.retry = -never
		}
	}
	r.part, r.left, r.due = p, left, never
}

// listens is to be a backup; without network it has no part (V5).
func (r *vrrp) listens(left *statement) {
	if r.cutOff {
		r.turns(apart, left)
		return
	}
	r.turns(backup, left)
	r.waits()
}

// waits begins the wait for a master's advertisement anew (V2).
func (r *vrrp) waits() {
	r.missed = masterLate
	r.due = later(r.now, 3*r.heard+r.skew())
}

// skew is the longer, the lower the priority is.
func (r *vrrp) skew() time.Duration {
	return time.Duration(256-r.priority()) * r.heard / 256
}

// priority is that with which it counts: the lowest since an add failed (V6).
func (r *vrrp) priority() int {
	if r.failed {
		return 1
	}
	return r.set.Priority
}

// networkIsLost is V5.
func (r *vrrp) networkIsLost() {
	if !r.cutOff && r.part != apart {
		r.turns(apart, unlinkedKept)
	}
	r.cutOff = true
}

// networkIsBack is V5: it begins as a backup, and its failed add is forgotten (V6).
func (r *vrrp) networkIsBack() {
	r.cutOff, r.failed = false, false
	if r.life == running && r.part == apart {
		r.listens(unlinkedKept)
	}
}

// advertised is what another node says.
func (r *vrrp) advertised(b trace.Adverts) {
	outranks := b.Priority > r.priority() || b.Priority == r.priority() && b.From.Compare(r.own) > 0
	switch {
	case b.Damaged || b.Router != r.set.Router || b.Advert == 0:
	case r.part == master && b.Priority == 0: // V4
		r.says(r.priority(), resignedTold)
	case r.part == master && outranks: // V3
		r.heard = b.Advert
		r.listens(outrankedKept)
	case r.part == master:
		r.says(r.priority(), lowerUntold)
		for _, v := range r.vips {
			if v.held && v.state == trace.Preferred {
				r.announces(v, lowerLeft)
			}
		}
	case r.part == apart:
	case b.Priority == 0: // V4
		if at := later(r.now, r.skew()); at < r.due {
			r.due = at
		}
		r.missed = resignedLate
	case b.Priority >= r.priority() || !r.set.Preempt:
		r.heard = b.Advert
		r.waits()
	}
}

// advertised is the call of a debt: an advertisement of the priority that is its number.
const advertised trace.PortCall = "advertise"

// says owes an advertisement; a master's next is due an interval later.
func (r *vrrp) says(priority int, rule *statement) {
	r.owes(debt{call: advertised, id: priority}, rule)
	r.due = later(r.now, r.set.Advert)
}

// advertises is an advertisement being sent: the one that is owed, as it is to be.
func (r *vrrp) advertises(b trace.Adverts) {
	i := slices.IndexFunc(r.owed, func(d debt) bool { return d.call == advertised })
	switch {
	case i < 0 && r.life == running && r.part != master:
		r.breach(masterAstray, r.table[0], r.now)
	case i < 0:
		r.breach(r.inLife(advertEarly), r.table[0], r.now)
	case b.Damaged || b.Router != r.set.Router || b.Advert != r.set.Advert || !slices.Equal(b.VIPs, r.table):
		r.breach(advertWrong, r.table[0], r.now)
	case b.Priority != r.owed[i].id:
		r.breach(priorityWrong, r.table[0], r.now)
	default:
		r.owed = slices.Delete(r.owed, i, i+1)
	}
}
