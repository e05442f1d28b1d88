package host

import (
	"gvisor.dev/gvisor/pkg/buffer"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/stack"

	"ipwsim/netstack/wire"
)

// forward sends an IPv4 packet for another host on its way (RFC 1812, 5.2): TTL less one, checksum
// anew, then netstack's route and ARP. It says false for what netstack is to handle: packets for the
// host itself, those it cannot route, those whose time is up.
//
// Netstack's own forwarding reads the TTL from a buffer that it has given back to a pool which all
// worlds share: worlds that ran side by side could see each other's bytes.
func (n *NIC) forward(f *wire.Frame) bool {
	ip := header.IPv4(f.B[wire.HeaderLen:])
	if !n.host.cfg.Forward || f.Dst().IsGroup() || !ip.IsValid(len(ip)) || ip.TTL() <= 1 {
		return false
	}
	dst := ip.DestinationAddress()
	if n.host.stack.CheckLocalAddress(0, header.IPv4ProtocolNumber, dst) != 0 {
		return false
	}
	route, err := n.host.stack.FindRoute(0, tcpip.Address{}, dst, header.IPv4ProtocolNumber, false)
	if err != nil {
		return false
	}
	defer route.Release()
	ip.SetTTL(ip.TTL() - 1) // the frame is ours
	ip.SetChecksum(0)
	ip.SetChecksum(^ip.CalculateChecksum())
	pkt := forwarded(ip[:ip.TotalLength()], int(route.MaxHeaderLength()))
	defer pkt.DecRef()
	out := n.host.nics[route.NICID()-1]
	_ = out.neighbors.WritePacket(route, pkt) // an error is a lost packet, as on any router
	return true
}

// forwarded is the packet as netstack wants it for the "host unreachable" that it sends back when
// ARP finds nobody: marked, and with its headers set apart.
func forwarded(ip header.IPv4, reserve int) *stack.PacketBuffer {
	pkt := stack.NewPacketBuffer(stack.PacketBufferOptions{
		ReserveHeaderBytes: reserve,
		Payload:            buffer.MakeWithData(ip),
		IsForwardedPacket:  true,
	})
	pkt.NetworkHeader().Consume(int(ip.HeaderLength()))
	pkt.NetworkProtocolNumber = header.IPv4ProtocolNumber
	if ip.TransportProtocol() == header.ICMPv4ProtocolNumber && len(ip.Payload()) >= header.ICMPv4MinimumSize {
		pkt.TransportHeader().Consume(header.ICMPv4MinimumSize)
	}
	pkt.TransportProtocolNumber = ip.TransportProtocol()
	return pkt
}
