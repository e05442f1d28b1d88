package cluster

import (
	"net/netip"
	"slices"

	"ipwsim/core/diag"
)

// settleSegment finds the subnet of the nodes' segment where their masks differ: the one that most machines have that are
// there besides, if both nodes are in it, of equals the active node's.
func (d *draft) settleSegment() {
	a, b := d.nodes[0].address, d.nodes[1].address
	if !a.ok || !b.ok || a.v.Masked() == b.v.Masked() {
		return
	}
	var others []netip.Prefix
	for _, m := range d.stations()[len(d.nodes):] {
		if m.address.ok {
			others = append(others, m.address.v.Masked())
		}
	}
	subnet, found := Segment(a.v, b.v, others)
	for _, n := range d.nodes {
		if found && n.address.v.Masked() != subnet {
			n.segment = subnet
		}
	}
}

// Segment is the subnet of the segment of two machines whose masks differ, in which both are: the one that most of the
// others have, of equals that of the first machine, then of the second; false: there is none.
func Segment(a, b netip.Prefix, others []netip.Prefix) (subnet netip.Prefix, found bool) {
	most := 0
	for i, one := range slices.Concat([]netip.Prefix{a.Masked(), b.Masked()}, others) {
		n := 0
		for _, o := range others {
			if o == one {
				n++
			}
		}
		if one.Contains(a.Addr()) && one.Contains(b.Addr()) && (n > most || i < 2 && !found) {
			subnet, most, found = one, n, true
		}
	}
	return subnet, found
}

// subnet is that of the machine's segment.
func (m *machine) subnet() netip.Prefix {
	if m.segment.IsValid() {
		return m.segment
	}
	return m.address.v.Masked()
}

// narrow says whether the node's mask leaves a part of its segment out.
func (n *nodeDraft) narrow() bool {
	return n.segment.IsValid() && n.address.v.Bits() > n.segment.Bits()
}

// checkMasks warns of a node that takes its segment for another subnet: that is played as Windows does it (H20).
func (d *draft) checkMasks() {
	for _, n := range d.nodes {
		if !n.segment.IsValid() {
			continue
		}
		own, ip := n.address.v.Masked(), n.address.v.Addr()
		does := diag.Say("it asks with ARP for who is beyond the segment, and not its gateway")
		if n.narrow() {
			does = diag.Say("what is for the rest of the segment it sends to its gateway, or without one nowhere")
		}
		d.problems.Warnf(d.toml, n.address.line, "%s.address: the subnet of %s is %s by its prefix length, and the segment's is %s, as %s has it: %s (H20); expected %s/%d",
			n.key, ip, own, n.segment, d.witness(n.segment), does, ip, n.segment.Bits())
		d.checkSpoken(n, own)
		d.checkProxies(n)
	}
}

// checkProxies refuses routers that answer ARP for who is beyond the segment: what the node then reaches no report knows of.
func (d *draft) checkProxies(n *nodeDraft) {
	for _, r := range d.routers {
		if r.proxy.v.Any() && !n.narrow() {
			d.errorf(n.address.line, "%s.address: %s answers ARP for others (proxy_arp), whom %s takes for near by its prefix length; this cannot be simulated; expected the prefix length /%d",
				n.key, r.label, n.label, n.segment.Bits())
		}
	}
}

// witness is the first machine that has the subnet.
func (d *draft) witness(subnet netip.Prefix) diag.Text {
	all := d.stations()
	return all[slices.IndexFunc(all, func(m machine) bool { return m.address.ok && m.address.v.Masked() == subnet })].label
}

// checkSpoken refuses machines at addresses that the node takes for all machines': what it sends them is for everybody.
func (d *draft) checkSpoken(n *nodeDraft, own netip.Prefix) {
	for _, m := range d.stations() {
		if what, is := reserved(own, m.address.v.Addr()); m.address.ok && is {
			d.errorf(n.address.line, "%s.address: %s, the address of %s, is the %s address of %s, which the prefix length makes the subnet of %s; this cannot be simulated; expected the prefix length /%d",
				n.key, m.address.v.Addr(), m.label, what, own, n.label, n.segment.Bits())
		}
	}
}
