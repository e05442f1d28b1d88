package narrator

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/google/gopacket"
)

// connection is a sender's connection to a server of SMTP.
type connection struct{ client, server netip.AddrPort }

// message is the message on a connection: the sequence numbers at which it begins and behind its final dot.
type message struct {
	from, end uint32
	ended     bool
}

func (m message) holds(seq uint32) bool {
	return int32(seq-m.from) >= 0 && (!m.ended || int32(seq-m.end) < 0)
}

// mailComment is of a step of SMTP, POP3, IMAP, or the share's calls; "" for what is no step.
func (n *Narrator) mailComment(src, dst netip.Addr) string {
	service, asks := Service(uint16(n.tcp.SrcPort), uint16(n.tcp.DstPort))
	if service == "" {
		return ""
	}
	who, to := n.speaker(src), n.address(dst)
	c := connection{netip.AddrPortFrom(src, uint16(n.tcp.SrcPort)), netip.AddrPortFrom(dst, uint16(n.tcp.DstPort))}
	if !asks {
		c.client, c.server = c.server, c.client
	}
	said := len(n.payload) > 0 && slices.Contains(n.found, gopacket.LayerTypePayload)
	switch {
	case n.tcp.RST && asks:
		return fmt.Sprintf("%s: breaks off %s to %s", who, service, to)
	case n.tcp.RST:
		return fmt.Sprintf("%s: refuses %s %s", who, to, service)
	case n.tcp.SYN && asks:
		delete(n.messages, c)
		return fmt.Sprintf("%s: connects to %s for %s", who, to, service)
	case n.tcp.SYN:
		return fmt.Sprintf("%s: accepts %s for %s", who, to, service)
	case said:
		return fmt.Sprintf("%s: %s %s%s", who, service, n.mailSaid(c, service, asks), n.toWhom(asks, to))
	case n.tcp.FIN:
		return fmt.Sprintf("%s: closes its side of %s with %s", who, service, to)
	}
	return ""
}

func (n *Narrator) toWhom(asks bool, to string) string {
	if asks {
		return " to " + to
	}
	return ", to " + to
}

// mailSaid is what the segment says. An answer that takes note of a final dot says so: 250 means that the
// message is accepted (M6). A segment is seen on each cable it crosses, and again when it is sent again,
// so a message is known by its place in the stream.
func (n *Narrator) mailSaid(c connection, service string, asks bool) string {
	text := Said(service, asks, n.payload)
	m, known := n.messages[c]
	switch {
	case service != "SMTP":
	case asks && known && m.holds(n.tcp.Seq):
		if endsWithDot(n.payload) {
			m.end, m.ended = n.tcp.Seq+uint32(len(n.payload)), true
			n.messages[c] = m
		}
		return dataOf(n.payload, true)
	case !asks && strings.HasPrefix(text, "354") && !(known && m.from == n.tcp.Ack):
		n.messages[c] = message{from: n.tcp.Ack}
	case !asks && known && m.ended && m.end == n.tcp.Ack:
		code, rest, _ := strings.Cut(text, " ")
		return fmt.Sprintf("%s to the final dot (M6): %s", code, rest)
	}
	return text
}
