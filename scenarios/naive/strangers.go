package naive

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// strangerAnswers says whether a stranger within reach has the VIP.
func (s *state) strangerAnswers(m *machine, vip netip.Addr) bool {
	return slices.ContainsFunc(s.h.Others, func(o trace.Other) bool {
		x := s.machines[o.Name]
		return o.What == trace.Stranger && x.holds(vip) && s.joins(m, x, vip, heed{})
	})
}

// speaker is who spoke with a MAC, and as what.
type speaker struct {
	by    finding.Claimant
	whose string
}

// speakerOf finds who has the MAC that spoke for an address as things stand.
func (s *state) speakerOf(mac trace.MAC, ip netip.Addr) speaker {
	var all []speaker // those that are asked first come last
	for _, c := range slices.Backward(s.h.Clients) {
		if c.MAC == mac {
			all = append(all, speaker{finding.StrangerClaims, c.Name})
		}
	}
	for _, o := range slices.Backward(s.h.Others) {
		if o.MAC == mac {
			all = append(all, speaker{finding.StrangerClaims, o.Name})
		}
	}
	for _, n := range slices.Backward(byRole(s.h.Nodes)) {
		if n.MAC == mac || slices.Contains(n.Team, mac) {
			all = append(all, s.speakingNode(n.Role, ip))
		}
	}
	for _, r := range slices.Backward(s.h.Routers) {
		for _, i := range r.Interfaces {
			if i.MAC == mac {
				all = append(all, speaker{finding.ProxyClaims, r.Name})
			}
		}
	}
	for _, x := range slices.Backward(s.h.Snoops) {
		if x.MAC == mac {
			all = append(all, speaker{finding.TrackerClaims, x.Switch})
		}
	}
	if len(all) == 0 || mac.IsZero() {
		return speaker{by: finding.NobodyClaims}
	}
	return all[len(all)-1]
}

func byRole(nodes []trace.Node) []trace.Node {
	return slices.SortedFunc(slices.Values(nodes), func(a, b trace.Node) int { return cmp.Compare(a.Role, b.Role) })
}

// speakingNode is the node, or the switch that speaks for one that has not got the address.
func (s *state) speakingNode(role string, ip netip.Addr) speaker {
	m := s.machines[role]
	state := m.addresses[ip]
	if !m.runs() || state != trace.Preferred && state != trace.Tentative {
		for _, x := range s.h.Snoops {
			if x.Suppresses {
				return speaker{finding.SwitchClaims, x.Switch}
			}
		}
	}
	return speaker{finding.NodeClaims, role}
}

// alien says whether it is none of the cluster's nodes.
func (p speaker) alien() bool { return p.by != finding.NodeClaims && p.by != finding.NobodyClaims }

// doing is the number of the latest that the stranger was made to say of the address.
func (s *state) doing(p speaker, ip netip.Addr) int {
	if p.whose == "" {
		return 0
	}
	return s.latest([]trace.Touch{{Part: trace.StrangerPart, Of: p.whose, End: ip.String()}, {Part: trace.StrangerPart, Of: p.whose, End: "all"}}, true)
}

// Clashes are the addresses that became Duplicate.
func (r *Run) Clashes() (all []finding.Clash) {
	for k, rec := range r.t.Records {
		if c, ok := r.clashAt(k, rec); ok {
			all = append(all, c)
		}
	}
	return all
}

func (r *Run) clashAt(k int, rec trace.Record) (c finding.Clash, ok bool) {
	b, is := rec.Body.(trace.Address)
	client := slices.ContainsFunc(r.h.Clients, func(c trace.Client) bool { return c.Name == rec.Host })
	if !is || b.State != trace.Duplicate || r.node(rec.Host) < 0 && !client {
		return c, false
	}
	s := r.after(k)
	if r.vip(b.IP) < 0 && b.IP != s.machines[rec.Host].own() {
		return c, false
	}
	p := s.speakerOf(b.Owner, b.IP)
	return finding.Clash{At: rec.At, Host: rec.Host, IP: b.IP, By: p.by, Whose: p.whose, Fault: s.doing(p, b.IP)}, true
}

// lastClash is the machine's last one over the address up to a time.
func (r *Run) lastClash(host string, ip netip.Addr, until time.Duration) (last finding.Clash) {
	for _, c := range r.Clashes() {
		if c.Host == host && c.IP == ip && c.At <= until {
			last = c
		}
	}
	return last
}

// alienSetback is the first take-over between two times that a stranger, a switch or a router was in the way of.
func (r *Run) alienSetback(vip netip.Addr, from, to time.Duration) (first *finding.Note) {
	for _, n := range r.nodes {
		for _, b := range r.setbacks(n.Role, vip) {
			if b.kind == "why.foreign" && from < b.at && b.at < to && (first == nil || b.at < first.At) {
				first = &finding.Note{Kind: b.kind, Node: n.Role, Peer: b.peer, VIP: vip, At: b.at}
			}
		}
	}
	return first
}
