package narrator

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"ipwsim/sim/trace"
)

func (n *Narrator) ipComment() string {
	src, okSrc := netip.AddrFromSlice(n.ip.SrcIP)
	dst, okDst := netip.AddrFromSlice(n.ip.DstIP)
	if okSrc && n.ip.Protocol == layers.IPProtocolVRRP && len(n.ip.Payload) > 2 {
		return n.advertComment(src)
	}
	if !okSrc || !okDst || len(n.found) < 3 {
		return ""
	}
	text := ""
	switch n.found[2] {
	case layers.LayerTypeICMPv4:
		text = n.icmpComment(src, dst)
	case layers.LayerTypeTCP:
		if text = n.pipeComment(src, dst); text == "" {
			text = n.mailComment(src, dst)
		}
	}
	if by := n.sender(); text != "" && by != "" && !n.node[by] && by != n.byIP[src] {
		text += ", by way of " + by
	}
	return text
}

// advertComment is of an advertisement of VRRP.
func (n *Narrator) advertComment(src netip.Addr) string {
	if priority := n.ip.Payload[2]; priority > 0 {
		return fmt.Sprintf("%s: advertises priority %d (V1)", n.speaker(src), priority)
	}
	return fmt.Sprintf("%s: advertises that it stops (V4)", n.speaker(src))
}

// speaker is who speaks from an address: for the VIP the node that sent the frame, where no router
// stands between.
func (n *Narrator) speaker(ip netip.Addr) string {
	if by := n.sender(); n.vips[ip] && n.node[by] {
		return by
	}
	return n.address(ip)
}

func (n *Narrator) icmpComment(src, dst netip.Addr) string {
	who, seq := n.speaker(src), n.icmp.Seq
	switch n.icmp.TypeCode.Type() {
	case layers.ICMPv4TypeEchoRequest:
		return n.echoComment(who, src, dst, seq)
	case layers.ICMPv4TypeEchoReply:
		as := ""
		if n.vips[src] && who != n.address(src) {
			as = " as " + n.address(src)
		}
		return fmt.Sprintf("%s: answers %s%s, echo seq %d", who, n.address(dst), as, seq)
	case layers.ICMPv4TypeDestinationUnreachable:
		return fmt.Sprintf("%s: tells %s that %s is unreachable (H9)", who, n.address(dst), n.unreachable())
	}
	return ""
}

// echoComment tells ping.exe from the watcher's poll by the ping.exe that run: where one of a node
// asks for the VIP, it may be either.
func (n *Narrator) echoComment(who string, src, dst netip.Addr, seq uint16) string {
	poll, exe := n.node[who] && n.vips[dst] && n.byIP[src] == who, n.pinging(who, dst)
	switch {
	case poll && !exe:
		return fmt.Sprintf("%s: poll of %s (W11)", who, n.address(dst))
	case exe && !poll && n.vips[src]:
		return fmt.Sprintf("%s: ping.exe as %s seq %d to %s (H11)", who, n.address(src), seq, n.address(dst))
	case exe && !poll:
		return fmt.Sprintf("%s: ping.exe seq %d to %s", who, seq, n.address(dst))
	}
	if n.vips[dst] && !poll && !exe {
		return fmt.Sprintf("%s: its programs use %s", who, n.address(dst))
	}
	return fmt.Sprintf("%s: echo request seq %d to %s", who, seq, n.address(dst))
}

// unreachable is whom an ICMP error is about: the target of the packet it quotes.
func (n *Narrator) unreachable() string {
	quoted := n.icmp.Payload
	if len(quoted) < 20 || quoted[0]>>4 != 4 {
		return "the target"
	}
	return n.address(netip.AddrFrom4([4]byte(quoted[16:20])))
}

// smb is the port of the watchers' named pipe (W15).
const smb = 445

// pipeComment is of a step of a request over the pipe; "" for what is no step.
func (n *Narrator) pipeComment(src, dst netip.Addr) string {
	asks := n.tcp.DstPort == smb
	if !asks && n.tcp.SrcPort != smb {
		return ""
	}
	who, to := n.speaker(src), n.address(dst)
	message := n.pipeMessage()
	switch {
	case n.tcp.RST && asks:
		return fmt.Sprintf("%s: drops the pipe to %s", who, to)
	case n.tcp.RST:
		return fmt.Sprintf("%s: refuses %s the pipe", who, to)
	case n.tcp.SYN && asks:
		return fmt.Sprintf("%s: opens the pipe to %s (W15)", who, to)
	case n.tcp.SYN:
		return fmt.Sprintf("%s: accepts %s on the pipe (W15)", who, to)
	case message != "" && asks:
		return n.releaseComment(who, to, message)
	case message != "":
		return fmt.Sprintf("%s: answers %s: %s (W15)", who, to, message)
	case n.tcp.FIN:
		return fmt.Sprintf("%s: closes its side of the pipe with %s", who, to)
	}
	return ""
}

// releaseComment is of the pipe's one request. A master that holds the VIP only asserts it (W17).
func (n *Narrator) releaseComment(who, to, message string) string {
	f := strings.Fields(message)
	if len(f) != 5 || f[1] != "release" {
		return fmt.Sprintf("%s: says to %s over the pipe: %s", who, to, message)
	}
	vip, err := netip.ParseAddr(f[2])
	if err != nil {
		return fmt.Sprintf("%s: says to %s over the pipe: %s", who, to, message)
	}
	why := "W16"
	if n.watch[claim{who, vip}] == trace.Held {
		why = "W17"
	}
	return fmt.Sprintf("%s: asks %s to release %s (%s)", who, to, n.address(vip), why)
}

// pipeMessage is the message of the segment, if it holds a whole one: a zero byte and a 24-bit length
// stand before it. A text of many bytes, or not of printable ASCII, is none of the watcher's.
func (n *Narrator) pipeMessage() string {
	if !slices.Contains(n.found, gopacket.LayerTypePayload) {
		return ""
	}
	b := []byte(n.payload)
	if len(b) <= 4 || len(b) > 4+512 || binary.BigEndian.Uint32(b) != uint32(len(b)-4) {
		return ""
	}
	if slices.ContainsFunc(b[4:], func(c byte) bool { return c < ' ' || c > '~' }) {
		return ""
	}
	return string(b[4:])
}
