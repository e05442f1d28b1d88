// Package narrator says of a frame who sent it and why, in a sentence for a capture's reader. It knows
// the frame's bytes and the trace so far, and says nothing that does not follow from them.
package narrator

import (
	"fmt"
	"net/netip"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"ipwsim/sim/trace"
)

// Narrator comments the frames of one run, in the order they are sent.
type Narrator struct {
	trace *trace.Trace
	read  int // records taken in

	byMAC  map[trace.MAC]string
	byIP   map[netip.Addr]string
	vips   map[netip.Addr]bool
	node   map[string]bool
	cables map[string][]string // of each machine, router or switch

	detections map[claim]int // probes of each so far (H3)
	pings      map[ping]bool // that run
	watch      map[claim]trace.WatchState
	messages   map[connection]message // the latest on each

	eth     layers.Ethernet
	arp     layers.ARP
	ip      layers.IPv4
	icmp    layers.ICMPv4
	tcp     layers.TCP
	payload gopacket.Payload
	parser  *gopacket.DecodingLayerParser
	found   []gopacket.LayerType
}

// claim is an address of a machine.
type claim struct {
	host string
	ip   netip.Addr
}

// ping is a ping.exe.
type ping struct {
	id     int
	host   string
	target netip.Addr
}

// New returns a narrator of the run that writes t.
func New(t *trace.Trace) *Narrator {
	n := &Narrator{
		trace: t, byMAC: map[trace.MAC]string{}, byIP: map[netip.Addr]string{}, vips: map[netip.Addr]bool{},
		node: map[string]bool{}, cables: map[string][]string{},
		detections: map[claim]int{}, pings: map[ping]bool{}, watch: map[claim]trace.WatchState{}, messages: map[connection]message{},
	}
	h := &t.Header
	for _, x := range h.Nodes {
		n.machine(x.Role, x.MAC, x.Address)
		for _, mac := range x.Team {
			n.byMAC[mac] = x.Role
		}
		n.node[x.Role] = true
	}
	for _, c := range h.Clients {
		n.machine(c.Name, c.MAC, c.Address)
	}
	for _, r := range h.Routers {
		for _, i := range r.Interfaces {
			n.machine(r.Name, i.MAC, i.Address)
		}
	}
	for _, o := range h.Others {
		n.machine(o.Name, o.MAC, o.Address)
	}
	for _, v := range h.VIPs {
		n.vips[v.Address] = true
	}
	for _, c := range h.Cables {
		n.cables[c.A] = append(n.cables[c.A], c.Name)
		n.cables[c.B] = append(n.cables[c.B], c.Name)
	}
	n.parser = gopacket.NewDecodingLayerParser(layers.LayerTypeEthernet, &n.eth, &n.arp, &n.ip, &n.icmp, &n.tcp, &n.payload)
	n.parser.IgnoreUnsupported = true
	return n
}

func (n *Narrator) machine(name string, mac trace.MAC, address netip.Prefix) {
	n.byMAC[mac] = name
	n.byIP[address.Addr()] = name
}

// Comment is the sentence for a frame that is put on the cable now; "" where there is nothing to say.
func (n *Narrator) Comment(cable string, frame []byte) string {
	n.catchUp()
	// What is cut short leaves the layers before it, and these are commented.
	_ = n.parser.DecodeLayers(frame, &n.found)
	if len(n.found) < 2 {
		return n.noticeComment()
	}
	switch n.found[1] {
	case layers.LayerTypeARP:
		return n.arpComment(cable)
	case layers.LayerTypeIPv4:
		return n.ipComment()
	}
	return ""
}

// rarp is Ethernet's type of RFC 903.
const rarp = 0x8035

// noticeComment is of what a hypervisor sends for a machine that it has taken over.
func (n *Narrator) noticeComment() string {
	if len(n.found) == 0 || n.eth.EthernetType != rarp || n.sender() == "" {
		return ""
	}
	return fmt.Sprintf("%s: its hypervisor tells switches where it is now (N10)", n.sender())
}

// catchUp takes in what the trace has new.
func (n *Narrator) catchUp() {
	if n.read == n.trace.Len() {
		return
	}
	for r := range n.trace.From(n.read) {
		n.read++
		switch b := r.Body.(type) {
		case trace.Address:
			delete(n.detections, claim{r.Host, b.IP}) // whatever the state: a detection that follows is new
		case trace.Link:
			n.linkChanged(b.Cable)
		case trace.Power:
			n.powerChanged(r.Host, b.State)
		case trace.PingStart:
			n.pings[ping{b.ID, r.Host, b.Target}] = true
		case trace.PingEnd:
			n.endPings(func(p ping) bool { return p.id == b.ID })
		case trace.Watch:
			n.watch[claim{r.Host, b.VIP}] = b.State
		}
	}
}

// linkChanged forgets the detections of the cable's machines: link up begins them anew (H5).
func (n *Narrator) linkChanged(cable string) {
	for c := range n.detections { // order: deletes
		if n.ownCable(c.host, cable) {
			delete(n.detections, c)
		}
	}
}

func (n *Narrator) powerChanged(host string, s trace.PowerState) {
	if s != trace.Off {
		return
	}
	n.endPings(func(p ping) bool { return p.host == host })
	for c := range n.watch { // order: deletes
		if c.host == host {
			delete(n.watch, c)
		}
	}
}

func (n *Narrator) endPings(ended func(ping) bool) {
	for p := range n.pings { // order: deletes
		if ended(p) {
			delete(n.pings, p)
		}
	}
}

// pinging says whether a ping.exe of the host asks for the address.
func (n *Narrator) pinging(host string, target netip.Addr) bool {
	for p := range n.pings { // order: any will do
		if p.host == host && p.target == target {
			return true
		}
	}
	return false
}

func (n *Narrator) ownCable(host, cable string) bool {
	for _, c := range n.cables[host] {
		if c == cable {
			return true
		}
	}
	return false
}

// sender is who put the frame on its last cable but for switches; "" when nobody has the MAC.
func (n *Narrator) sender() string {
	if len(n.eth.SrcMAC) != 6 {
		return ""
	}
	return n.byMAC[trace.MAC(n.eth.SrcMAC)]
}

// address is an address in words: the VIP, a machine's name, or the number.
func (n *Narrator) address(ip netip.Addr) string {
	switch name := n.byIP[ip]; {
	case n.vips[ip] && len(n.vips) == 1:
		return "the VIP"
	case n.vips[ip]:
		return "VIP " + ip.String()
	case name != "":
		return name
	}
	return ip.String()
}
