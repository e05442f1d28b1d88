package setup

import (
	"net/netip"
	"slices"

	"ipwsim/sim/collected"
)

// tellAdapter tells what ipconfig shows of the adapter with the server's address and the simulator does not play.
func (d *draft) tellAdapter(n *node) {
	if dhcp := n.adapter.DHCP; dhcp.Found() {
		d.problems.Warnf(dhcp.File, dhcp.Line, "%s has its address by DHCP, and the guide's servers have static ones: when the watcher adds a VIP, Windows may refuse that, or give up the address from DHCP; "+
			"the simulator has the VIP added and the address kept; expected a static address", n.label())
	}
	if card := n.adapter.Card; n.adapter.Team() {
		d.problems.Warnf(card.File, card.Line, "the adapter %s is a team of cards (%s), and no file says which; a node has one card here with one cable, so the team's own failover is not played", n.adapter.Name, card.Text)
	}
	for _, other := range n.IPConfig.Adapters {
		if n.adapter.Name != "" && other.Name != n.adapter.Name {
			d.tellOther(n, other)
		}
	}
}

// tellOther tells of another adapter with an address of its own.
func (d *draft) tellOther(n *node, other collected.Adapter) {
	own := func(a collected.Address) bool {
		return !slices.Contains(d.vips(), a.Addr()) && !a.Addr().IsLinkLocalUnicast() && !a.Addr().IsLoopback()
	}
	if i := slices.IndexFunc(other.Addresses, own); i >= 0 {
		a := other.Addresses[i]
		d.problems.Warnf(a.File, a.Line, "%s has another adapter, %s, with %s; a node has one adapter here, %s (%s), so the other is left out: what goes over it, and its faults, are not played", n.label(), other.Name, a.Addr(), n.adapter.Name, n.adapter.Place)
	}
}

// holders are where the servers' ipconfigs show the address: of the active node, of the standby; the zero Address: not there.
func (d *draft) holders(ip netip.Addr) (at [2]collected.Address) {
	for i, n := range d.nodes {
		for _, adapter := range n.IPConfig.Adapters { // a VIP may be on another one
			for _, a := range adapter.Addresses {
				if a.Addr() == ip && !a.Duplicate {
					at[i] = a
				}
			}
		}
	}
	return at
}
