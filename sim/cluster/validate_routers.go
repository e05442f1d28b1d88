package cluster

import (
	"net/netip"

	"ipwsim/core/diag"
	"ipwsim/sim/trace"
)

// checkRouters is for what routers must be, and for the ways over them (N5).
func (d *draft) checkRouters() {
	for i, r := range d.routers {
		d.checkInterfaces(r)
		d.checkOverlaps(r, d.routers[:i])
	}
	if d.segments == nil || !d.routersKnown {
		return
	}
	d.checkSegments()
	for _, m := range d.machines() {
		d.checkGateway(m)
	}
	d.checkWays()
}

// checkInterfaces wants a choice of ways that is never in doubt. One interface is enough for a gateway of which no more is
// known: what leads nowhere else it turns back, or says that it cannot be reached.
func (d *draft) checkInterfaces(r *routerDraft) {
	if len(r.interfaces) == 0 {
		d.errorf(r.line, "%s has no [[router.interface]]; expected one in each subnet that it leads to", r.label)
	}
	for i, m := range r.interfaces {
		for _, earlier := range r.interfaces[:i] {
			if m.address.ok && earlier.address.ok && m.address.v.Overlaps(earlier.address.v) {
				d.errorf(m.address.line, "%s: %s overlaps %s of %s; expected a subnet of its own for each interface",
					m.label, m.address.v, earlier.address.v, earlier.label)
			}
		}
	}
}

// checkOverlaps wants the subnets of two routers to be the same or apart.
func (d *draft) checkOverlaps(r *routerDraft, earlier []*routerDraft) {
	for _, m := range r.interfaces {
		if o, found := m.overlaps(earlier); found {
			d.errorf(m.address.line, "%s: %s overlaps %s of %s; expected the same subnet, or one apart from it",
				m.label, m.address.v, o.address.v, o.label)
		}
	}
}

// overlaps finds the first interface whose subnet is neither that of m nor apart from it.
func (m *machine) overlaps(routers []*routerDraft) (o machine, found bool) {
	for _, r := range routers {
		for _, o := range r.interfaces {
			if m.address.ok && o.address.ok && m.address.v.Overlaps(o.address.v) && m.address.v.Bits() != o.address.v.Bits() {
				return o, true
			}
		}
	}
	return o, false
}

// checkSegments wants each subnet on one segment: ARP reaches no further.
func (d *draft) checkSegments() {
	first := map[netip.Prefix]machine{}
	for _, m := range d.stations() {
		segment, known := d.segments[m.plugged.v]
		if !m.address.ok || !known {
			continue
		}
		subnet := m.subnet()
		switch other, found := first[subnet]; {
		case !found:
			first[subnet] = m
		case d.segments[other.plugged.v] != segment:
			d.errorf(m.plugged.line, "%s: no trunk joins %s with %s, where %s is, which is in the subnet %s too; expected one segment for a subnet",
				m.label, m.plugged.v, other.plugged.v, other.label, subnet)
		}
	}
}

// checkGateway wants a router that the machine can reach.
func (d *draft) checkGateway(m machine) {
	if !m.gateway.ok {
		return
	}
	switch r, itf := d.routerAt(m.gateway.v); {
	case r == nil:
		d.errorf(m.gateway.line, "%s.gateway: %s is no router's; expected the address of a [[router.interface]]", m.key, m.gateway.v)
	case m.cutOff() && d.segments[itf.plugged.v] == d.segments[m.plugged.v]:
		d.errorf(m.gateway.line, "%s.gateway: %s is outside the subnet %s of %s, whose mask is %s; expected a router's address in it, or %s",
			m.key, m.gateway.v, m.subnet(), m.label, trace.Mask(m.subnet().Bits()), m.fitting())
	case m.address.ok && itf.address.v.Masked() != m.subnet():
		d.errorf(m.gateway.line, "%s.gateway: %s is in the subnet %s; expected a router's address in %s, the subnet of %s",
			m.key, m.gateway.v, itf.address.v.Masked(), m.subnet(), m.label)
	case m.address.ok && !m.address.v.Contains(m.gateway.v):
		d.problems.Warnf(d.toml, m.gateway.line, "%s.gateway: %s is outside the subnet %s, which the prefix length makes that of %s, by the mask %s: Windows warns of such a gateway, and asks for it with ARP all the same (H20); expected %s",
			m.key, m.gateway.v, m.address.v.Masked(), m.label, trace.Mask(m.address.v.Bits()), m.fitting())
	}
}

// cutOff says whether the machine's gateway is outside its subnet: it then reaches nothing further.
func (m *machine) cutOff() bool {
	return m.address.ok && m.gateway.ok && !m.subnet().Contains(m.gateway.v)
}

// fitting is the prefix length by which the machine's gateway would be in its subnet: the segment's, if that is one.
func (m *machine) fitting() diag.Text {
	if m.segment.IsValid() && m.segment.Contains(m.gateway.v) {
		return diag.Say("the prefix length /%d, mask %s, which is the segment's", m.segment.Bits(), trace.Mask(m.segment.Bits()))
	}
	common := trace.InCommon(m.address.v.Addr(), m.gateway.v)
	return diag.Say("a prefix length that both are in, /%d or shorter, mask %s", common, trace.Mask(common))
}

func (d *draft) routerAt(ip netip.Addr) (*routerDraft, machine) {
	for _, r := range d.routers {
		for _, m := range r.interfaces {
			if m.address.ok && m.address.v.Addr() == ip {
				return r, m
			}
		}
	}
	return nil, machine{}
}

// checkWays wants of each client outside the nodes' subnet that its packets reach them, and theirs
// it, over as many routers as it takes.
func (d *draft) checkWays() {
	ways := d.ways()
	reported := map[string]bool{} // nodes without a gateway
	for _, c := range d.clients {
		for _, n := range d.nodes {
			if !c.address.ok || !n.address.ok || c.subnet() == n.subnet() || n.cutOff() {
				continue
			}
			d.checkWay(n.machine, c.machine, ways)
			if n == d.nodes[0] {
				d.checkWay(c.machine, n.machine, ways)
			}
			if !n.gatewayGiven && c.gatewayGiven && !reported[n.role] {
				reported[n.role] = true
				d.errorf(n.address.line, "%s has no gateway, so its answers do not reach %s in %s; expected the address of a [[router.interface]]",
					n.key, c.label, c.subnet())
			}
		}
	}
}

// ways are the routers with their routes; none when an address could not be read, for it may be the
// way that is looked for.
func (d *draft) ways() map[*routerDraft]Router {
	all := map[*routerDraft]Router{}
	for i, r := range d.converged() {
		all[d.routers[i]] = r
		for _, m := range d.routers[i].interfaces {
			if !m.address.ok {
				return nil
			}
		}
	}
	return all
}

// checkWay wants the gateway's router to know a way to the other's subnet.
func (d *draft) checkWay(from, to machine, ways map[*routerDraft]Router) {
	r, _ := d.routerAt(from.gateway.v)
	router, known := ways[r]
	if subnet := to.subnet(); from.gateway.ok && known && !router.reaches(subnet) {
		d.errorf(from.gateway.line, "%s.gateway: no way leads from %s to %s, the subnet of %s; expected on the way only routers that have a subnet in common with the next",
			from.key, r.label, subnet, to.label)
	}
}
