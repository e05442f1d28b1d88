package host

import (
	"net/netip"

	"ipwsim/netstack/arp"
	"ipwsim/netstack/wire"
)

// listens tells the port anew what ARP broadcasts the interface can have a use for, once its addresses have changed or its
// cache is empty. A host that answers for others, or whose policy makes entries of what it overhears, has one for all.
func (n *NIC) listens() {
	p := n.host.cfg.Neighbor
	if n.host.cfg.ProxyARP != nil || p.GratuitousRequest == arp.Create || p.GratuitousReply == arp.Create || p.CachedSender == arp.Create {
		return
	}
	n.interest = wire.Choosy(p.CachedSender != arp.Ignore || p.RenewedByTraffic)
	for _, a := range n.addresses {
		n.interest.Own(a.prefix.Addr())
	}
	for ip := range n.seen { // order: a set
		n.interest.Known(ip)
	}
	n.port.SetInterest(n.interest)
}

// knows tells the port of a new entry.
func (n *NIC) knows(ip netip.Addr) {
	n.interest.Known(ip)
	n.port.SetInterest(n.interest)
}
