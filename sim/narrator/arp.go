package narrator

import (
	"fmt"
	"net/netip"

	"github.com/google/gopacket/layers"

	"ipwsim/sim/trace"
)

// arpComment tells RFC 826's and RFC 5227's messages apart.
func (n *Narrator) arpComment(cable string) string {
	who := n.sender()
	a := &n.arp
	if who == "" || a.AddrType != layers.LinkTypeEthernet || len(a.SourceProtAddress) != 4 || len(a.DstProtAddress) != 4 {
		return ""
	}
	sender, target := netip.AddrFrom4([4]byte(a.SourceProtAddress)), netip.AddrFrom4([4]byte(a.DstProtAddress))
	switch {
	case a.Operation != layers.ARPRequest && a.Operation != layers.ARPReply:
		return ""
	case a.Operation == layers.ARPRequest && sender.IsUnspecified():
		return n.probeComment(who, cable, target)
	case sender == target:
		return fmt.Sprintf("%s: announces %s (H4)", who, n.own(who, target))
	case a.Operation == layers.ARPReply && target.IsUnspecified():
		return fmt.Sprintf("%s: defends %s against a probe (H3)", who, n.own(who, sender))
	case a.Operation == layers.ARPReply:
		return n.replyComment(who, sender, target)
	}
	return n.requestComment(who, sender, target)
}

// probeComment numbers the probe. It counts on the sender's own cable: what switches pass on is the
// latest of those. A first one is counted where it is seen first, as one sent before the capture began.
func (n *Narrator) probeComment(who, cable string, target netip.Addr) string {
	c := claim{who, target}
	if n.detections[c] == 0 || n.ownCable(who, cable) {
		n.detections[c]++
	}
	return fmt.Sprintf("%s: address detection for %s (H3), probe %d", who, n.own(who, target), n.detections[c])
}

// replyComment names whom the answer is sent to, which may have asked as the VIP.
func (n *Narrator) replyComment(who string, sender, target netip.Addr) string {
	to := n.byMAC[trace.MAC(n.eth.DstMAC)]
	if to == "" {
		to = n.address(target)
	}
	if n.byIP[sender] == who {
		return fmt.Sprintf("%s: tells %s its MAC", who, to)
	}
	return fmt.Sprintf("%s: tells %s its MAC for %s", who, to, n.address(sender))
}

// requestComment is of a question for a MAC. One asked as the VIP shows the target whose that is (N6,
// H11); one sent to a single station checks an entry (N3).
func (n *Narrator) requestComment(who string, sender, target netip.Addr) string {
	text := fmt.Sprintf("%s: asks who has %s", who, n.address(target))
	switch {
	case n.vips[sender]:
		return fmt.Sprintf("%s, as %s (N6)", text, n.address(sender))
	case n.eth.DstMAC[0]&1 == 0:
		return fmt.Sprintf("%s: checks its ARP entry of %s (N3)", who, n.address(target))
	case n.node[who] && n.vips[target] && !n.pinging(who, target):
		return text + ", to poll it (W11)"
	}
	return text
}

// own is the address in words, as seen from the host.
func (n *Narrator) own(who string, ip netip.Addr) string {
	if n.byIP[ip] == who {
		return "its own address"
	}
	return n.address(ip)
}
