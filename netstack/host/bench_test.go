package host

import (
	"net/netip"
	"testing"
	"time"

	"gvisor.dev/gvisor/pkg/buffer"
	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/checksum"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/link/channel"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/stack"

	"ipwsim/netstack/arp"
)

// BenchmarkFloor is the least a ping can cost: one bare netstack that turns an echo request into
// its reply, without a scheduler, a wire or a sender.
func BenchmarkFloor(b *testing.B) {
	s := stack.New(stack.Options{NetworkProtocols: []stack.NetworkProtocolFactory{ipv4.NewProtocol}})
	defer s.Destroy()
	ep := channel.New(1, mtu, "")
	must(s.CreateNIC(1, ep))
	me, peer := tcpip.AddrFrom4([4]byte{10, 0, 0, 1}), tcpip.AddrFrom4([4]byte{10, 0, 0, 2})
	must(s.AddProtocolAddress(1, tcpip.ProtocolAddress{
		Protocol:          header.IPv4ProtocolNumber,
		AddressWithPrefix: tcpip.AddressWithPrefix{Address: me, PrefixLen: 24},
	}, stack.AddressProperties{}))
	s.SetRouteTable([]tcpip.Route{{Destination: header.IPv4EmptySubnet, NIC: 1}})

	request := make([]byte, header.IPv4MinimumSize+header.ICMPv4MinimumSize+32)
	ip := header.IPv4(request)
	ip.Encode(&header.IPv4Fields{TotalLength: uint16(len(request)), TTL: 128, Protocol: 1, SrcAddr: peer, DstAddr: me})
	ip.SetChecksum(^ip.CalculateChecksum())
	icmp := header.ICMPv4(ip.Payload())
	icmp.SetType(header.ICMPv4Echo)
	icmp.SetChecksum(^checksum.Checksum(icmp, 0))

	b.ReportAllocs()
	for b.Loop() {
		pkt := stack.NewPacketBuffer(stack.PacketBufferOptions{Payload: buffer.MakeWithData(request)})
		ep.InjectInbound(header.IPv4ProtocolNumber, pkt)
		pkt.DecRef()
		reply := ep.Read()
		if reply == nil {
			b.Fatal("no echo reply")
		}
		reply.DecRef()
	}
}

// BenchmarkPingHour is a virtual hour of one ping a second between two of three hosts on a switch;
// ns/ping is to be held against BenchmarkFloor's ns/op.
func BenchmarkPingHour(b *testing.B) { pingHour(b, modern) }

// BenchmarkPingHourAged is the same with an ARP cache that counts what is sent and heard.
func BenchmarkPingHourAged(b *testing.B) { pingHour(b, xp) }

func pingHour(b *testing.B, policy arp.Policy) {
	neighbor := func(c *Config) { c.Neighbor = policy }
	const pings = 3600
	for b.Loop() {
		l := newLAN(b)
		a := l.add("192.168.10.1/24", neighbor)
		l.add("192.168.10.2/24", neighbor)
		l.add("192.168.10.3/24", neighbor)
		l.s.RunUntil(4 * time.Second)
		answered := 0
		p := a.NewPinger(netip.MustParseAddr("192.168.10.2"), netip.Addr{}, 128, 32, PingHandler{
			Reply: func(Reply) { answered++ },
		})
		var send func()
		seq := uint16(0)
		send = func() {
			p.Send(seq)
			seq++
			if seq < pings {
				a.Domain().After(time.Second, send)
			}
		}
		send()
		l.s.RunUntil(4*time.Second + time.Hour)
		if answered != pings {
			b.Fatalf("%d of %d pings answered", answered, pings)
		}
		l.close()
		l.hosts = nil
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/pings, "ns/ping")
}
