package setup

import (
	"net/netip"
	"slices"

	"ipwsim/sim/collected"
)

// fits says whether the files leave the server's mask for the right one where the other server's differs. A subnet that is
// too narrow lacks one who is on the segment; of one that is too wide, the other server has a part behind a gateway.
func (d *draft) fits(n, other *node) bool {
	subnet, there := n.real.Masked(), other.real.Masked()
	switch {
	case subnet == there || !subnet.Overlaps(there):
		return true
	case subnet.Bits() > there.Bits():
		return !slices.ContainsFunc(d.onSegment(other), func(ip netip.Addr) bool { return there.Contains(ip) && !subnet.Contains(ip) })
	}
	return !slices.ContainsFunc(append(slices.Clone(n.Routes), other.Routes...), func(r collected.Route) bool {
		return r.To.Bits() > subnet.Bits() && subnet.Overlaps(r.To) && !there.Overlaps(r.To) && subnet.Contains(r.Gateway)
	})
}

// onSegment are the addresses that are on the servers' segment by a server's files: both servers', the VIPs, its gateways,
// and who answered its ARP requests and is no gateway that does so for others.
func (d *draft) onSegment(n *node) []netip.Addr {
	all := d.vips()
	for _, one := range d.nodes {
		all = append(all, one.real.Addr())
	}
	proxies := map[string]bool{}
	for _, g := range n.adapter.Gateways {
		all = append(all, g.Addr())
		for _, x := range n.Neighbors {
			if x.Address == g.Addr() {
				proxies[x.MAC] = true
			}
		}
	}
	for _, x := range n.Neighbors { // an entry of the gateway itself is in all
		if x.Interface == n.real.Addr() && !proxies[x.MAC] {
			all = append(all, x.Address)
		}
	}
	return all
}

// turnBack has the gateway of a server in the cluster whose mask leaves a part of the segment out: what is for that goes
// there (H20).
func (d *draft) turnBack() {
	near := d.near()
	for _, n := range d.nodes {
		if !n.real.IsValid() || n.real.Bits() <= near.Bits() || len(n.adapter.Gateways) == 0 {
			continue
		}
		via := n.adapter.Gateways[0]
		if near.Contains(via.Addr()) && !slices.ContainsFunc(d.gateways, func(g gateway) bool { return g.address == via.Addr() }) {
			d.gateways = append(d.gateways, gateway{address: via.Addr(), at: []collected.Place{via.Place}})
		}
	}
}
