package facts

import (
	"slices"
	"time"

	"ipwsim/sim/finding"
)

// yielded says whether the node that took the VIP during the outage had waited two intervals for it.
func (r *Reader) yielded(o *finding.Outage) bool {
	for _, t := range r.takings {
		if t.vip == r.model.vip(o.VIP) && o.From <= t.at && t.at <= o.To {
			return t.yielded
		}
	}
	return false
}

// inVain says whether a node waits then for a netsh that fails or lies.
func (r *Reader) inVain(o *finding.Outage, at time.Duration) bool {
	return slices.ContainsFunc(r.vain, func(v vainTaking) bool {
		return v.vip == r.model.vip(o.VIP) && v.at <= at && at < v.until
	})
}

// netshFailed is when a node first knew during the outage that netsh had not added the VIP; the outage's end if none did.
func (r *Reader) netshFailed(o *finding.Outage) time.Duration {
	first := o.To
	for _, s := range r.setbacks {
		if s.Why == NetshFailed && s.VIP == o.VIP && o.From <= s.At {
			first = min(first, s.At)
		}
	}
	for _, v := range r.vain {
		if v.vip == r.model.vip(o.VIP) && o.From <= v.until {
			first = min(first, v.until)
		}
	}
	return first
}

// retold gives a waiting its right name, which only the end tells: of a flap the holder was away, and what was
// counted was an interval, or two, or one more because netsh had failed (H2).
func (r *Reader) retold(o *finding.Outage, own []stretch[silence]) []stretch[silence] {
	yielded, failed := r.yielded(o), r.netshFailed(o)
	own = cutAt(own, failed)
	for _, v := range r.vain {
		own = cutAt(cutAt(own, v.at), v.until)
	}
	for i := range own {
		what := &own[i].state.what
		switch {
		case o.Kind == finding.FlapKind && (*what == finding.Counting || *what == finding.Awaiting || *what == finding.NodesGone):
			*what = finding.HolderAway
		case (*what == finding.Counting || *what == finding.Awaiting) && own[i].from >= failed, *what == finding.Netsh && r.inVain(o, own[i].from):
			*what = finding.Failing
		case *what == finding.Counting && yielded:
			*what = finding.Yielding
		}
	}
	return own
}
