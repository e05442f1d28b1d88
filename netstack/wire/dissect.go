package wire

import (
	"encoding/binary"
	"net/netip"
)

// Protocol is what a rule can ask of a frame.
type Protocol string

// The protocols. IP stands for every IPv4 packet, ICMP, TCP and UDP included.
const (
	ARP  Protocol = "arp"
	IP   Protocol = "ip"
	ICMP Protocol = "icmp"
	TCP  Protocol = "tcp"
	UDP  Protocol = "udp"
)

// Form is a kind of ARP or ICMP message.
type Form string

// The forms. Those of ARP exclude each other (RFC 826, RFC 5227): a request or reply is one that is
// neither probe nor announcement.
const (
	Probe        Form = "probe"        // ARP request, sender 0.0.0.0
	Announcement Form = "announcement" // gratuitous ARP, request or reply: sender and target are one
	Request      Form = "request"      // any other ARP request
	Reply        Form = "reply"        // any other ARP reply; ICMP echo reply
	Echo         Form = "echo"         // ICMP echo request
)

// packet is what rules look at in a frame.
type packet struct {
	etherType    uint16
	proto        Protocol // IP: some other protocol over it; empty: neither ARP nor IPv4
	form         Form
	src, dst     netip.Addr // ARP: sender and target
	sport, dport uint16
}

// dissect reads a frame. What is cut short or malformed stays zero and so matches nothing.
func dissect(b []byte) (p packet) {
	if len(b) < HeaderLen {
		return p
	}
	p.etherType = binary.BigEndian.Uint16(b[12:14])
	switch p.etherType {
	case TypeARP:
		p.readARP(b[HeaderLen:])
	case TypeIPv4:
		p.readIPv4(b[HeaderLen:])
	}
	return p
}

func (p *packet) readARP(b []byte) {
	a, ok := parseARP(b)
	if !ok {
		return
	}
	p.proto, p.form, p.src, p.dst = ARP, a.form(), a.sender, a.target
}

func (p *packet) readIPv4(b []byte) {
	if len(b) < 20 || b[0]>>4 != 4 {
		return
	}
	size := int(b[0]&0xf) * 4
	if size < 20 || len(b) < size {
		return
	}
	p.src, p.dst = netip.AddrFrom4([4]byte(b[12:16])), netip.AddrFrom4([4]byte(b[16:20]))
	first := binary.BigEndian.Uint16(b[6:8])&0x1fff == 0 // later fragments have no ports
	p.proto = IP
	switch rest := b[size:]; b[9] {
	case 1:
		p.proto = ICMP
		if first && len(rest) > 0 {
			p.form = icmpForms[rest[0]]
		}
	case 6:
		p.proto = TCP
		p.readPorts(rest, first)
	case 17:
		p.proto = UDP
		p.readPorts(rest, first)
	}
}

var icmpForms = [256]Form{0: Reply, 8: Echo} // by ICMP type, RFC 792

func (p *packet) readPorts(b []byte, first bool) {
	if first && len(b) >= 4 {
		p.sport, p.dport = binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
	}
}

// arp is an ARP message for IPv4 over Ethernet (RFC 826).
type arp struct {
	op             uint16
	senderMAC      MAC
	sender, target netip.Addr
}

// arpHeader says Ethernet, IPv4, and the lengths of their addresses.
const arpHeader = "\x00\x01\x08\x00\x06\x04"

func parseARP(b []byte) (arp, bool) {
	if len(b) < 28 || string(b[:6]) != arpHeader {
		return arp{}, false
	}
	return arp{
		op:        binary.BigEndian.Uint16(b[6:8]),
		senderMAC: MAC(b[8:14]),
		sender:    netip.AddrFrom4([4]byte(b[14:18])),
		target:    netip.AddrFrom4([4]byte(b[24:28])),
	}, true
}

func (a arp) form() Form {
	switch {
	case a.op != 1 && a.op != 2:
		return ""
	case a.op == 1 && a.sender.IsUnspecified():
		return Probe
	case a.sender == a.target:
		return Announcement
	case a.op == 1:
		return Request
	}
	return Reply
}
