package host

import (
	"encoding/binary"
	"net/netip"

	"gvisor.dev/gvisor/pkg/buffer"
	"gvisor.dev/gvisor/pkg/tcpip/checksum"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/stack"

	"ipwsim/netstack/wire"
)

// echo does with an echo request or reply for the host itself what netstack would, without the way through its layers:
// most frames of a world are such. It says false for what netstack is to have, which is all that is out of the ordinary.
func (n *NIC) echo(f *wire.Frame) bool {
	ip := header.IPv4(f.B[wire.HeaderLen:])
	if !plainICMP(ip) {
		return false
	}
	ip = ip[:ip.TotalLength()]
	src, dst := netip.AddrFrom4([4]byte(ip[12:16])), netip.AddrFrom4([4]byte(ip[16:20]))
	if n.State(dst) != Preferred || !n.sound(src) {
		return false
	}
	switch icmp := header.ICMPv4(ip.Payload()); icmp.Type() {
	case header.ICMPv4Echo:
		return n.echoed(ip)
	case header.ICMPv4EchoReply:
		p := n.host.idents[icmp.Ident()]
		if p != nil && p.handler.Reply != nil {
			p.handler.Reply(Reply{Seq: icmp.Sequence(), From: src, TTL: int(ip.TTL())})
		}
		return p != nil
	}
	return false
}

// plainICMP says whether a packet is a whole ICMP message without IP options and with right checksums.
func plainICMP(ip header.IPv4) bool {
	const least = header.IPv4MinimumSize + header.ICMPv4MinimumSize
	if len(ip) < least || ip[0] != 0x45 || ip[9] != uint8(header.ICMPv4ProtocolNumber) || ip.More() || ip.FragmentOffset() != 0 {
		return false
	}
	total := int(ip.TotalLength())
	return total >= least && total <= len(ip) && ip.IsChecksumValid() &&
		checksum.Checksum(ip[header.IPv4MinimumSize:total], 0) == 0xffff
}

// sound says whether the address can be a station's: no loopback, no group, and no broadcast in a subnet of ours.
func (n *NIC) sound(ip netip.Addr) bool {
	if ip.IsLoopback() || ip.IsMulticast() {
		return false
	}
	for _, a := range n.addresses {
		if host := ^uint32(0) >> a.prefix.Bits(); number(ip)|host == ^uint32(0) || number(ip)&host == host && a.prefix.Contains(ip) {
			return false
		}
	}
	return true
}

// echoed sends the answer to an echo request: the request with addresses exchanged (RFC 792).
func (n *NIC) echoed(request header.IPv4) bool {
	route, err := n.host.stack.FindRoute(n.id, request.DestinationAddress(), request.SourceAddress(), header.IPv4ProtocolNumber, false)
	if err != nil {
		return false
	}
	defer route.Release()
	if route.Loop() != stack.PacketOut {
		return false
	}
	pkt := stack.NewPacketBuffer(stack.PacketBufferOptions{ReserveHeaderBytes: int(route.MaxHeaderLength()), Payload: buffer.MakeWithData(request)})
	defer pkt.DecRef()
	v, _ := pkt.Data().PullUp(len(request))
	ip := header.IPv4(v)
	ip.SetSourceAddress(route.LocalAddress())
	ip.SetDestinationAddress(route.RemoteAddress())
	ip.SetTTL(route.DefaultTTL())
	ip.SetChecksum(0)
	ip.SetChecksum(^ip.CalculateChecksum())
	icmp := ip.Payload()
	icmp[0] = byte(header.ICMPv4EchoReply)
	binary.BigEndian.PutUint16(icmp[2:4], 0)
	binary.BigEndian.PutUint16(icmp[2:4], ^checksum.Checksum(icmp, 0))
	pkt.NetworkProtocolNumber = header.IPv4ProtocolNumber
	_ = n.host.nics[route.NICID()-1].neighbors.WritePacket(route, pkt) // an error is a lost packet
	return true
}
