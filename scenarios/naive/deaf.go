package naive

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// inFlight is how long a poll and its answer may be on their way.
const inFlight = 100 * time.Millisecond

// deaf are the decisions to take a VIP, by polls alone, from a node that could answer them all the while: for as long as
// the watcher counts by its clock, no record is of a change that polls or their answers go by.
func (r *Run) deaf() (all []finding.Note) {
	for k, rec := range r.t.Records {
		b, ok := rec.Body.(trace.Watch)
		if !ok || r.node(rec.Host) < 0 || r.vip(b.VIP) < 0 || b.State != trace.Taking || b.Rule != "W12" && b.Rule != "W13" || rec.At < 0 {
			continue
		}
		slow, _ := r.drift(rec.Host, k)
		s := r.after(k)
		n := s.machines[rec.Host]
		set := n.node // with what it has read by then
		from := rec.At - counted(max(set.Interval, set.PingTimeout), slow)
		has := func(vip netip.Addr) bool { return n.addresses[vip] != "" && n.addresses[vip] != trace.Absent }
		if r.stirred(k, from-inFlight) || r.disturbed(rec.At) || !n.watches() || set.Watcher != nil || slices.ContainsFunc(r.vips, has) {
			continue
		}
		for _, other := range r.nodes {
			o := s.machines[other.Role]
			if o != n && s.linked(o) && o.answers(b.VIP) && s.joins(n, o, b.VIP, heed{true, true, true}) {
				all = append(all, finding.Note{Kind: "p9.deaf", Node: other.Role, Peer: rec.Host, VIP: b.VIP, At: rec.At, Until: rec.At})
			}
		}
	}
	return all
}

// stirred says whether one of the records before the kth, from a time on, changes what the nodes' polls go by.
func (r *Run) stirred(k int, from time.Duration) bool {
	for i := k - 1; i >= 0 && r.t.Records[i].At >= from; i-- {
		rec := r.t.Records[i]
		client := slices.ContainsFunc(r.h.Clients, func(c trace.Client) bool { return c.Name == rec.Host })
		switch b := rec.Body.(type) {
		case trace.Link, trace.PortState, trace.Moved, trace.Astray, trace.Unknown, trace.Impairment, trace.Rule, trace.RuleOver:
			return true
		case trace.Power, trace.Address, trace.Firewall, trace.Card:
			if !client && r.after(i).machines[rec.Host] != nil {
				return true
			}
		case trace.Neighbor:
			clients := slices.ContainsFunc(r.h.Clients, func(c trace.Client) bool { return c.Address.Addr() == b.IP })
			if m := r.after(i + 1).machines[rec.Host]; m != nil && !client && !clients && m.entries[b.IP] != r.after(i).machines[rec.Host].entries[b.IP] {
				return true
			}
		}
	}
	return false
}

// disturbed says whether frames are lost or held up by chance or by choice at a time, and were before it.
func (r *Run) disturbed(at time.Duration) bool {
	return slices.ContainsFunc(r.noises(), func(n noise) bool { return n.client == "" && n.from < at && at <= n.to })
}
