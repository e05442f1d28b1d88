package windows

import (
	"net/netip"
	"slices"

	"ipwsim/sim/trace"
)

// register keeps DNS as Windows does: an address is there from when it is usable until it is taken off; a machine without
// power takes nothing off (H16).
func (n *Node) register(ip netip.Addr, s trace.AddressState) {
	switch {
	case ip == n.Address().Addr() || !n.cfg.Registers:
	case s == trace.Preferred && !slices.Contains(n.registered, ip):
		n.registered = append(n.registered, ip)
	case s == trace.Absent:
		n.registered = slices.DeleteFunc(n.registered, func(a netip.Addr) bool { return a == ip })
	}
}

// LookUp is the address that DNS gives for the node's name: each that is registered in turn, the real one first (H16).
//
// Inferred: that servers rotate answers, as they do by default, and that nobody keeps one.
func (n *Node) LookUp() netip.Addr {
	n.lookups++
	if i := (n.lookups - 1) % (len(n.registered) + 1); i > 0 {
		return n.registered[i-1]
	}
	return n.Address().Addr()
}
