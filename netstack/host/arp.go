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

// sendARP sends the packet to a station or to all.
func (n *NIC) sendARP(dst wire.MAC, p arpPacket) {
	f := n.host.net.NewFrame(wire.HeaderLen + arpLen)
	copy(f.B[0:6], dst[:])
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

// arpFactory makes netstack's ARP and keeps the interface that each endpoint is given: the way into
// the NIC's neighbour cache.
func (h *Host) arpFactory(s *stack.Stack) stack.NetworkProtocol {
	return &arpProtocol{NetworkProtocol: arp.NewProtocol(s), host: h}
}

type arpProtocol struct {
	stack.NetworkProtocol
	host *Host
}

func (p *arpProtocol) NewEndpoint(ni stack.NetworkInterface, d stack.TransportDispatcher) stack.NetworkEndpoint {
	n := p.host.nics[ni.ID()-1]
	n.neighbors = ni
	ep := p.NetworkProtocol.NewEndpoint(ni, d).(resolver)
	return arpEndpoint{ep, n}
}

// resolver is netstack's ARP endpoint.
type resolver interface {
	stack.NetworkEndpoint
	stack.LinkAddressResolver
}

// arpEndpoint sends the requests of the neighbour cache, and names the sender of those that no packet caused, which ask
// whether a known neighbour is still there.
//
// Inferred: they carry the source that a packet to the neighbour would have.
type arpEndpoint struct {
	resolver
	nic *NIC
}

// LinkAddressRequest is part of stack.LinkAddressResolver.
func (e arpEndpoint) LinkAddressRequest(target, local tcpip.Address, mac tcpip.LinkAddress) tcpip.Error {
	n, ip := e.nic, netipAddr(target)
	if local.BitLen() == 0 {
		local = addr4(n.source(ip, ip))
	}
	if n.State(netipAddr(local)) != Preferred {
		return e.resolver.LinkAddressRequest(target, local, mac) // it says why not
	}
	dst := wire.Broadcast
	if mac != "" {
		dst = wire.MAC([]byte(mac))
	}
	n.sendARP(dst, arpPacket{op: arpRequest, senderMAC: n.mac, sender: netipAddr(local), target: ip})
	return nil
}
