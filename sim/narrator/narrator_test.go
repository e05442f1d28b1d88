package narrator

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/stretchr/testify/require"

	"ipwsim/sim/share/nas"
	"ipwsim/sim/trace"
)

var (
	vip      = netip.MustParseAddr("192.168.10.202")
	activeIP = netip.MustParseAddr("192.168.10.200")
	standby  = netip.MustParseAddr("192.168.10.201")
	clientIP = netip.MustParseAddr("192.168.20.50")

	activeMAC    = trace.MAC{0, 0x15, 0x5d, 10, 11, 200}
	standbyMAC   = trace.MAC{0, 0x15, 0x5d, 10, 11, 201}
	clientMAC    = trace.MAC{0, 0x15, 0x5d, 10, 11, 150}
	insideMAC    = trace.MAC{2, 0, 0, 2, 1, 2}
	outsideMAC   = trace.MAC{2, 0, 0, 2, 1, 1}
	broadcastMAC = trace.MAC{255, 255, 255, 255, 255, 255}
)

// history is a cluster whose client sits behind a router.
func history() *trace.Trace {
	in24 := func(ip netip.Addr) netip.Prefix { return netip.PrefixFrom(ip, 24) }
	return &trace.Trace{Header: trace.Header{
		Nodes: []trace.Node{
			{Role: "active", Address: in24(activeIP), MAC: activeMAC},
			{Role: "standby", Address: in24(standby), MAC: standbyMAC},
		},
		Clients: []trace.Client{{Name: "client", Address: in24(clientIP), MAC: clientMAC}},
		VIPs:    []trace.VIP{{Address: vip}},
		Routers: []trace.Router{{Name: "core1", Interfaces: []trace.RouterInterface{
			{Cable: "core1-sw1", Address: netip.MustParsePrefix("192.168.10.1/24"), MAC: outsideMAC},
			{Cable: "core1-sw2", Address: netip.MustParsePrefix("192.168.20.1/24"), MAC: insideMAC},
		}}},
		Cables: []trace.Cable{{Name: "active", A: "active", B: "sw1"}, {Name: "standby", A: "standby", B: "sw1"}, {Name: "client", A: "client", B: "sw2"}},
	}}
}

func frame(parts ...gopacket.SerializableLayer) []byte {
	b := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(b, gopacket.SerializeOptions{FixLengths: true}, parts...); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func arp(op uint16, src, dst trace.MAC, sender, target netip.Addr) []byte {
	return frame(
		&layers.Ethernet{SrcMAC: src[:], DstMAC: dst[:], EthernetType: layers.EthernetTypeARP},
		&layers.ARP{AddrType: layers.LinkTypeEthernet, Protocol: layers.EthernetTypeIPv4, HwAddressSize: 6, ProtAddressSize: 4, Operation: op,
			SourceHwAddress: src[:], SourceProtAddress: sender.AsSlice(), DstHwAddress: make([]byte, 6), DstProtAddress: target.AsSlice()},
	)
}

func ip(mac trace.MAC, src, dst netip.Addr, proto layers.IPProtocol, parts ...gopacket.SerializableLayer) []byte {
	return frame(append([]gopacket.SerializableLayer{
		&layers.Ethernet{SrcMAC: mac[:], DstMAC: broadcastMAC[:], EthernetType: layers.EthernetTypeIPv4},
		&layers.IPv4{Version: 4, TTL: 128, Protocol: proto, SrcIP: src.AsSlice(), DstIP: dst.AsSlice()},
	}, parts...)...)
}

func icmp(mac trace.MAC, src, dst netip.Addr, kind uint8, seq uint16, body ...byte) []byte {
	return ip(mac, src, dst, layers.IPProtocolICMPv4, &layers.ICMPv4{TypeCode: layers.CreateICMPv4TypeCode(kind, 0), Id: 1, Seq: seq}, gopacket.Payload(body))
}

func tcp(mac trace.MAC, src, dst netip.Addr, head layers.TCP, text string) []byte {
	var body []byte
	if text != "" {
		body = append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), text...)
	}
	return ip(mac, src, dst, layers.IPProtocolTCP, &head, gopacket.Payload(body))
}

func vrrp(mac trace.MAC, src netip.Addr, priority byte) []byte {
	return ip(mac, src, netip.MustParseAddr("224.0.0.18"), layers.IPProtocolVRRP, gopacket.Payload{0x31, 51, priority, 0, 0, 100, 0, 0})
}

var zero = netip.IPv4Unspecified()

func TestComments(t *testing.T) {
	quoted := ip(clientMAC, clientIP, vip, layers.IPProtocolICMPv4)[14:]
	ask, answer := layers.TCP{SrcPort: 50000, DstPort: 445}, layers.TCP{SrcPort: 445, DstPort: 50000}
	with := func(head layers.TCP, set func(*layers.TCP)) layers.TCP { set(&head); return head }
	for _, c := range []struct {
		want  string
		frame []byte
	}{
		{"standby: announces the VIP (H4)", arp(1, standbyMAC, broadcastMAC, vip, vip)},
		{"standby: announces its own address (H4)", arp(2, standbyMAC, broadcastMAC, standby, standby)},
		{"active: defends the VIP against a probe (H3)", arp(2, activeMAC, standbyMAC, vip, zero)},
		{"active: tells core1 its MAC for the VIP", arp(2, activeMAC, outsideMAC, vip, netip.MustParseAddr("192.168.10.1"))},
		{"active: tells standby its MAC", arp(2, activeMAC, standbyMAC, activeIP, vip)},
		{"core1: asks who has the VIP", arp(1, outsideMAC, broadcastMAC, netip.MustParseAddr("192.168.10.1"), vip)},
		{"active: asks who has the VIP, to poll it (W11)", arp(1, activeMAC, broadcastMAC, activeIP, vip)},
		{"standby: asks who has client, as the VIP (N6)", arp(1, standbyMAC, broadcastMAC, vip, clientIP)},
		{"core1: checks its ARP entry of the VIP (N3)", arp(1, outsideMAC, activeMAC, netip.MustParseAddr("192.168.10.1"), vip)},
		{"active: asks who has 192.168.10.9", arp(1, activeMAC, broadcastMAC, activeIP, netip.MustParseAddr("192.168.10.9"))},

		{"standby: poll of the VIP (W11)", icmp(standbyMAC, standby, vip, 8, 7)},
		{"active: answers standby as the VIP, echo seq 7", icmp(activeMAC, vip, standby, 0, 7)},
		{"client: ping.exe seq 5 to the VIP", icmp(clientMAC, clientIP, vip, 8, 5)},
		{"client: ping.exe seq 5 to the VIP, by way of core1", icmp(outsideMAC, clientIP, vip, 8, 5)},
		{"the VIP: answers client, echo seq 5, by way of core1", icmp(insideMAC, vip, clientIP, 0, 5)},
		{"client: echo request seq 5 to active", icmp(clientMAC, clientIP, activeIP, 8, 5)},
		{"standby: ping.exe as the VIP seq 1 to client (H11)", icmp(standbyMAC, vip, clientIP, 8, 1)},
		{"core1: tells client that the VIP is unreachable (H9)", icmp(insideMAC, netip.MustParseAddr("192.168.20.1"), clientIP, 3, 0, quoted...)},
		{"core1: tells client that the target is unreachable (H9)", icmp(insideMAC, netip.MustParseAddr("192.168.20.1"), clientIP, 3, 0)},

		{"active: opens the pipe to standby (W15)", tcp(activeMAC, activeIP, standby, with(ask, func(h *layers.TCP) { h.SYN = true }), "")},
		{"standby: accepts active on the pipe (W15)", tcp(standbyMAC, standby, activeIP, with(answer, func(h *layers.TCP) { h.SYN, h.ACK = true, true }), "")},
		{"active: asks standby to release the VIP (W16)", tcp(activeMAC, activeIP, standby, ask, `\pipe\ipwcs release 192.168.10.202 as master`)},
		{"standby: answers active: released (W15)", tcp(standbyMAC, standby, activeIP, answer, "released")},
		{"standby: refuses active the pipe", tcp(standbyMAC, standby, activeIP, with(answer, func(h *layers.TCP) { h.RST = true }), "")},
		{"active: drops the pipe to standby", tcp(activeMAC, activeIP, standby, with(ask, func(h *layers.TCP) { h.RST = true }), "")},
		{"active: closes its side of the pipe with standby", tcp(activeMAC, activeIP, standby, with(ask, func(h *layers.TCP) { h.FIN = true }), "")},
		{"active: says to standby over the pipe: hello", tcp(activeMAC, activeIP, standby, ask, "hello")},

		{"active: advertises priority 100 (V1)", vrrp(activeMAC, activeIP, 100)},
		{"standby: advertises that it stops (V4)", vrrp(standbyMAC, standby, 0)},

		{"", vrrp(activeMAC, activeIP, 100)[:36]},
		{"", tcp(activeMAC, activeIP, standby, with(ask, func(h *layers.TCP) { h.ACK = true }), "")},
		{"", tcp(activeMAC, activeIP, standby, layers.TCP{SrcPort: 445 + 1, DstPort: 80}, "released")},
		{"", tcp(activeMAC, activeIP, standby, ask, "with \x1b control")},
		{"", arp(1, trace.MAC{9}, broadcastMAC, activeIP, vip)},
		{"", arp(3, activeMAC, broadcastMAC, activeIP, vip)},
		{"", arp(1, activeMAC, broadcastMAC, activeIP, vip)[:30]},
		{"", nil},
	} {
		h := history()
		h.Add(0, "client", trace.PingStart{ID: 1, Target: vip})
		h.Add(0, "standby", trace.PingStart{ID: 2, Target: clientIP})
		require.Equal(t, c.want, New(h).Comment("active", c.frame))
	}
}

// H3: each detection counts anew; a probe has one number on every cable it crosses.
func TestH3_ProbesAreNumbered(t *testing.T) {
	h := history()
	n := New(h)
	probe := arp(1, standbyMAC, broadcastMAC, zero, vip)
	numbered := func(cable, number string) {
		t.Helper()
		require.Equal(t, "standby: address detection for the VIP (H3), probe "+number, n.Comment(cable, probe))
	}
	h.Add(0, "standby", trace.Address{IP: vip, State: trace.Tentative})
	for _, i := range []string{"1", "2", "3"} {
		numbered("standby", i)
		numbered("active", i)
	}
	h.Add(time.Second, "standby", trace.Address{IP: vip, State: trace.Preferred})
	h.Add(time.Minute, "standby", trace.Address{IP: vip, State: trace.Tentative})
	numbered("standby", "1")
	numbered("standby", "2")
	h.Add(time.Minute, "", trace.Link{Cable: "active", Up: true}) // another's
	numbered("standby", "3")
	h.Add(time.Minute, "", trace.Link{Cable: "standby", Up: true}) // H5
	numbered("standby", "1")
	h.Add(time.Minute, "standby", trace.Address{IP: vip, State: trace.Absent})
	numbered("active", "1") // sent on its own cable before the capture began
	numbered("client", "1")
	numbered("standby", "2")
}

// A comment says no more than is known: which of two reasons it was, where the trace tells, and
// neither, where it does not.
func TestReasonsComeFromTheTrace(t *testing.T) {
	h := history()
	n := New(h)
	poll, release := icmp(standbyMAC, standby, vip, 8, 7), tcp(activeMAC, activeIP, standby, layers.TCP{DstPort: 445}, `\pipe\ipwcs release 192.168.10.202 as master`)
	h.Add(0, "standby", trace.PingStart{ID: 4, Target: vip})
	require.Equal(t, "standby: echo request seq 7 to the VIP", n.Comment("standby", poll), "ping.exe or poll")
	h.Add(0, "standby", trace.PingEnd{ID: 4})
	require.Equal(t, "standby: poll of the VIP (W11)", n.Comment("standby", poll))

	h.Add(0, "active", trace.Watch{VIP: vip, State: "held"})
	require.Equal(t, "active: asks standby to release the VIP (W17)", n.Comment("active", release))
	h.Add(0, "active", trace.Power{State: trace.Off})
	require.Equal(t, "active: asks standby to release the VIP (W16)", n.Comment("active", release))

	h.Header.VIPs = append(h.Header.VIPs, trace.VIP{Address: netip.MustParseAddr("192.168.10.203")})
	require.Equal(t, "standby: poll of VIP 192.168.10.202 (W11)", New(h).Comment("standby", poll), "with several, which")
}

func FuzzComment(f *testing.F) {
	f.Add(arp(1, standbyMAC, broadcastMAC, zero, vip))
	f.Add(icmp(clientMAC, clientIP, vip, 8, 5))
	f.Add(tcp(activeMAC, activeIP, standby, layers.TCP{DstPort: 445}, "released"))
	f.Add(answering(25, 100, "354 go ahead\r\n"))
	f.Add(asking(25, 100, "HELP me\r\n.\r\n"))
	f.Add(asking(110, 1, "PASS secret\r\n"))
	f.Add(asking(143, 1, "a1 LOGIN suzuki secret\r\n"))
	f.Add(asking(nas.Port, 1, call(nas.Message{Op: nas.Rename, Name: "a", To: "b"})))
	f.Fuzz(func(t *testing.T, b []byte) {
		n := New(history())
		for _, size := range []int{len(b), len(b) / 2, min(len(b), 14), 0} {
			text := n.Comment("active", b[:size])
			require.True(t, utf8.ValidString(text))
			require.LessOrEqual(t, len(text), 1000)
		}
	})
}
