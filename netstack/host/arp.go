package host

import (
	"encoding/binary"
	"net/netip"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/network/arp"
	"gvisor.dev/gvisor/pkg/tcpip/stack"

	"ipwsim/netstack/wire"
)

// arpPacket is an ARP packet for IPv4 over Ethernet (RFC 826).
type arpPacket struct {
	op        uint16
	senderMAC wire.MAC
	sender    netip.Addr
	targetMAC wire.MAC
	target    netip.Addr
}

// RFC 826 operation codes.
const (
	arpRequest = 1
	arpReply   = 2
)

// arpLen is the length of an ARP packet for IPv4 over Ethernet.
const arpLen = 28

// arpProbe asks whether anyone uses ip (RFC 5227, 1.1).
func arpProbe(mac wire.MAC, ip netip.Addr) arpPacket {
	return arpPacket{op: arpRequest, senderMAC: mac, sender: netip.IPv4Unspecified(), target: ip}
}

// arpAnnouncement claims ip (RFC 5227, 1.1).
func arpAnnouncement(mac wire.MAC, ip netip.Addr) arpPacket {
	return arpPacket{op: arpRequest, senderMAC: mac, sender: ip, target: ip}
}

func (p arpPacket) isProbe() bool      { return p.op == arpRequest && p.sender.IsUnspecified() }
func (p arpPacket) isGratuitous() bool { return p.sender == p.target }

// parseARP reads an ARP packet; false when it is none for IPv4 over Ethernet.
func parseARP(b []byte) (arpPacket, bool) {
	if len(b) < arpLen || !header.ARP(b).IsValid() {
		return arpPacket{}, false
	}
	return arpPacket{
		op:        binary.BigEndian.Uint16(b[6:8]),
		senderMAC: wire.MAC(b[8:14]),
		sender:    netip.AddrFrom4([4]byte(b[14:18])),
		targetMAC: wire.MAC(b[18:24]),
		target:    netip.AddrFrom4([4]byte(b[24:28])),
	}, true
}

// sendARP broadcasts the packet.
func (n *NIC) sendARP(p arpPacket) {
	f := n.host.net.NewFrame(wire.HeaderLen + arpLen)
	copy(f.B[0:6], wire.Broadcast[:])
	copy(f.B[6:12], n.mac[:])
	binary.BigEndian.PutUint16(f.B[12:14], wire.TypeARP)
	b := f.B[wire.HeaderLen:]
	header.ARP(b).SetIPv4OverEthernet()
	binary.BigEndian.PutUint16(b[6:8], p.op)
	copy(b[8:14], p.senderMAC[:])
	copy(b[14:18], p.sender.AsSlice())
	copy(b[18:24], p.targetMAC[:])
	copy(b[24:28], p.target.AsSlice())
	n.port.Send(f)
}

// arpIn does with an ARP packet what netstack does not: conflicts of tentative addresses (H3) and
// the reaction to gratuitous ARP (N3). It says whether netstack is to have the packet too.
func (n *NIC) arpIn(f *wire.Frame) bool {
	p, ok := parseARP(f.B[wire.HeaderLen:])
	if !ok || p.senderMAC == n.mac {
		return false
	}
	for _, a := range n.addresses {
		if a.state == Tentative && n.claims(p, a.prefix.Addr()) {
			n.conflict(a, p.senderMAC)
		}
	}
	switch {
	case p.isProbe():
		return n.State(p.target) == Preferred // defended by netstack's answer
	case p.isGratuitous():
		n.gratuitous(p)
		return false
	case p.op == arpRequest:
		return n.State(p.target) == Preferred
	}
	return true
}

// claims says whether the packet shows that its sender uses ip, or is probing for it at the same
// time as we are (RFC 5227, 2.1.1).
func (n *NIC) claims(p arpPacket, ip netip.Addr) bool {
	return p.sender == ip || p.isProbe() && p.target == ip
}

// gratuitous reacts to an announcement as the host's policy says.
func (n *NIC) gratuitous(p arpPacket) {
	reaction := n.host.cfg.Neighbor.GratuitousRequest
	if p.op == arpReply {
		reaction = n.host.cfg.Neighbor.GratuitousReply
	}
	remote, mac := addr4(p.sender), tcpip.LinkAddress(p.senderMAC[:])
	switch reaction {
	case Update: // an unsolicited advertisement with the override flag, in the terms of RFC 4861
		must(n.neighbors.HandleNeighborConfirmation(header.IPv4ProtocolNumber, remote, mac,
			stack.ReachabilityConfirmationFlags{Override: true}))
	case Create:
		must(n.neighbors.HandleNeighborProbe(header.IPv4ProtocolNumber, remote, mac))
	}
}

// arpFactory makes netstack's ARP and keeps the interface that its endpoint is given: the way into
// the neighbour cache.
func (n *NIC) arpFactory(s *stack.Stack) stack.NetworkProtocol {
	return &arpProtocol{NetworkProtocol: arp.NewProtocol(s), nic: n}
}

type arpProtocol struct {
	stack.NetworkProtocol
	nic *NIC
}

func (p *arpProtocol) NewEndpoint(ni stack.NetworkInterface, d stack.TransportDispatcher) stack.NetworkEndpoint {
	p.nic.neighbors = ni
	return p.NetworkProtocol.NewEndpoint(ni, d)
}
