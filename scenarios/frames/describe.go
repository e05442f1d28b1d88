package frames

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"ipwsim/netstack/wire"
	"ipwsim/sim/finding"
	"ipwsim/sim/narrator"
	"ipwsim/sim/trace"
)

// The kinds. Probe and Announce are RFC 5227's, the other two of ARP RFC 826's.
const (
	Probe       finding.FrameKind = "probe"
	Announce    finding.FrameKind = "announce"
	WhoHas      finding.FrameKind = "who-has"
	IsAt        finding.FrameKind = "is-at"
	EchoRequest finding.FrameKind = "echo-request"
	EchoReply   finding.FrameKind = "echo-reply"
	Unreachable finding.FrameKind = "unreachable"
	Pipe        finding.FrameKind = "pipe"  // the watchers' named pipe, TCP 445 (W15)
	Mail        finding.FrameKind = "mail"  // SMTP, POP3 or IMAP
	Share       finding.FrameKind = "share" // calls of the share (package nas)
	TCP         finding.FrameKind = "tcp"
	Other       finding.FrameKind = "other"
)

// pipePort is where Windows serves named pipes.
const pipePort = 445

// describe reads a frame and says in a few words what it is.
func describe(b []byte) (finding.FrameKind, string) {
	p := gopacket.NewPacket(b, layers.LayerTypeEthernet, gopacket.NoCopy)
	ip, _ := p.NetworkLayer().(*layers.IPv4)
	for _, layer := range p.Layers() {
		switch l := layer.(type) {
		case *layers.Ethernet:
			if l.EthernetType == wire.TypeRARP {
				return Other, "RARP: notice of a move"
			}
		case *layers.ARP:
			return describeARP(l)
		case *layers.ICMPv4:
			if ip != nil {
				return describeICMP(ip, l)
			}
		case *layers.TCP:
			return describeTCP(l)
		}
	}
	if ip != nil {
		return Other, fmt.Sprintf("IP protocol %d to %v", uint8(ip.Protocol), ip.DstIP)
	}
	return Other, fmt.Sprintf("%d bytes", len(b))
}

func describeARP(a *layers.ARP) (finding.FrameKind, string) {
	sender, okSender := netip.AddrFromSlice(a.SourceProtAddress)
	target, okTarget := netip.AddrFromSlice(a.DstProtAddress)
	if !okSender || !okTarget || len(a.SourceHwAddress) != 6 {
		return Other, "ARP, not for IPv4 over Ethernet"
	}
	mac := trace.MAC(a.SourceHwAddress)
	switch {
	case a.Operation == layers.ARPRequest && sender.IsUnspecified():
		return Probe, fmt.Sprintf("ARP probe: does anybody use %v?", target)
	case sender == target:
		return Announce, fmt.Sprintf("ARP announce: %v is at %v", sender, mac)
	case a.Operation == layers.ARPRequest:
		return WhoHas, fmt.Sprintf("ARP who-has %v? tell %v", target, sender)
	}
	return IsAt, fmt.Sprintf("ARP %v is-at %v", sender, mac)
}

func describeICMP(ip *layers.IPv4, i *layers.ICMPv4) (finding.FrameKind, string) {
	switch i.TypeCode.Type() {
	case layers.ICMPv4TypeEchoRequest:
		return EchoRequest, fmt.Sprintf("echo request %d to %v", i.Seq, ip.DstIP)
	case layers.ICMPv4TypeEchoReply:
		return EchoReply, fmt.Sprintf("echo reply %d from %v", i.Seq, ip.SrcIP)
	case layers.ICMPv4TypeDestinationUnreachable:
		return Unreachable, "ICMP: destination host unreachable"
	}
	return Other, "ICMP " + i.TypeCode.String()
}

func describeTCP(t *layers.TCP) (finding.FrameKind, string) {
	kind, name := TCP, fmt.Sprintf("TCP %d", min(uint16(t.SrcPort), uint16(t.DstPort)))
	if t.SrcPort == pipePort || t.DstPort == pipePort {
		kind, name = Pipe, "pipe"
	}
	service, asks := narrator.Service(uint16(t.SrcPort), uint16(t.DstPort))
	switch service {
	case "":
	case narrator.NAS:
		kind, name = Share, service
	default:
		kind, name = Mail, service
	}
	var words []string
	for _, f := range []struct {
		set  bool
		name string
	}{{t.SYN, "SYN"}, {t.FIN, "FIN"}, {t.RST, "RST"}, {t.ACK, "ACK"}} {
		if f.set {
			words = append(words, f.name)
		}
	}
	switch n := len(t.Payload); {
	case n > 0 && service != "":
		words = []string{narrator.Said(service, asks, t.Payload)}
	case n > 0:
		words = []string{said(t.Payload)}
	}
	return kind, name + ": " + strings.Join(words, " ")
}

// said is the first line of a text protocol, or how much was sent. The pipe's begins with its length.
func said(payload []byte) string {
	const most = 60
	line, _, _ := strings.Cut(string(payload), "\n")
	line = strings.TrimRight(line, "\r")
	if len(line) > 4 && line[0] == 0 {
		line = line[4:]
	}
	if line == "" || strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r > '~' }) {
		return fmt.Sprintf("%d bytes", len(payload))
	}
	if len(line) > most {
		line = line[:most] + ".."
	}
	return line
}
