package host

import (
	"net/netip"

	"ipwsim/netstack/wire"
)

// RoutesElsewhere says whether the host has a way to the address by another interface (RFC 1027).
func (n *NIC) RoutesElsewhere(ip netip.Addr) bool {
	for _, r := range n.host.stack.GetRouteTable() {
		if r.Destination.Contains(addr4(ip)) {
			return r.NIC != n.id // the most particular stands first
		}
	}
	return false
}

// answerFor answers a request for an address that is not the host's own, where its Config says so: proxy ARP. Probes and
// announcements are answered too.
func (n *NIC) answerFor(f *wire.Frame) {
	if n.host.cfg.ProxyARP == nil {
		return
	}
	p, ok := parseARP(f.B[wire.HeaderLen:])
	if !ok || p.op != arpRequest || p.senderMAC == n.mac || n.State(p.target) != Absent || !n.host.cfg.ProxyARP(n, p.target) {
		return
	}
	n.sendARP(p.senderMAC, arpPacket{op: arpReply, senderMAC: n.mac, sender: p.target, targetMAC: p.senderMAC, target: p.sender})
}

// Probe asks once whether anybody uses the address, from 0.0.0.0 (RFC 5227, 2.1.1).
func (n *NIC) Probe(ip netip.Addr) { n.sendARP(wire.Broadcast, arpProbe(n.mac, ip)) }
