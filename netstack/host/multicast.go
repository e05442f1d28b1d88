package host

import (
	"net/netip"

	"gvisor.dev/gvisor/pkg/tcpip/header"

	"ipwsim/netstack/wire"
)

// Group is a multicast group's packets of one IP protocol, as an interface sends and hears them: a raw socket.
type Group struct {
	nic      *NIC
	protocol uint8
	address  netip.Addr
	heard    func(from netip.Addr, ttl uint8, packet []byte)
}

// JoinGroup opens the group. heard is called with each packet of another host that arrives and that the firewall lets
// in; it must only record, or schedule through the host's Domain.
func (n *NIC) JoinGroup(protocol uint8, group netip.Addr, heard func(from netip.Addr, ttl uint8, packet []byte)) *Group {
	g := &Group{n, protocol, group, heard}
	n.groups = append(n.groups, g)
	return g
}

// Leave ends the group: nothing more is heard.
func (g *Group) Leave() {
	for i, other := range g.nic.groups {
		if other == g {
			g.nic.groups = append(g.nic.groups[:i], g.nic.groups[i+1:]...)
			return
		}
	}
}

// SendGroup sends a packet of an IP protocol to a multicast group, from the interface's first address. It says false where
// it cannot: without link, or while that address is not usable. Nothing is sent later.
func (n *NIC) SendGroup(protocol uint8, group netip.Addr, ttl uint8, packet []byte) bool {
	if len(n.addresses) == 0 || n.addresses[0].state != Preferred || !n.port.Up() {
		return false
	}
	f := n.host.net.NewFrame(wire.HeaderLen + header.IPv4MinimumSize + len(packet))
	g := group.As4()
	copy(f.B[0:6], []byte{0x01, 0x00, 0x5e, g[1] & 0x7f, g[2], g[3]}) // RFC 1112, 6.4
	copy(f.B[6:12], n.mac[:])
	f.B[12], f.B[13] = wire.TypeIPv4>>8, wire.TypeIPv4&0xff
	ip := header.IPv4(f.B[wire.HeaderLen:])
	ip.Encode(&header.IPv4Fields{
		TotalLength: uint16(header.IPv4MinimumSize + len(packet)), Flags: header.IPv4FlagDontFragment, TTL: ttl, Protocol: protocol,
		SrcAddr: addr4(n.addresses[0].prefix.Addr()), DstAddr: addr4(group),
	})
	ip.SetChecksum(^ip.CalculateChecksum())
	copy(ip[header.IPv4MinimumSize:], packet)
	n.send(f)
	return true
}

// hearsGroup hands an IPv4 packet to the groups that it is for; false where there is none.
func (n *NIC) hearsGroup(packet []byte) bool {
	if len(n.groups) == 0 {
		return false
	}
	ip := header.IPv4(packet)
	if !ip.IsValid(len(packet)) {
		return false
	}
	to := netipAddr(ip.DestinationAddress())
	found := false
	for _, g := range n.groups {
		if g.protocol == ip.Protocol() && g.address == to && !n.firewall.Closed {
			found = true
			g.heard(netipAddr(ip.SourceAddress()), ip.TTL(), append([]byte(nil), ip.Payload()...))
		}
	}
	return found
}
