package search

import (
	"cmp"
	"net/netip"
	"slices"

	"ipwsim/sim/cluster"
	"ipwsim/sim/trace"
)

// masksPercent is how many of the worlds have a mask that is not its segment's, or are to.
const masksPercent = 7

// segmentBits is the prefix length of all subnets.
const segmentBits = 24

// Masks are prefix lengths other than the segment's; 0: the segment's.
type Masks struct {
	Nodes    [2]int
	Stranger int
}

// nodeMasks are the lengths that a node can have: none of them makes a machine's address the subnet's own, or everybody's.
// The narrow ones leave out the gateway; the clients; the mail server's machines; the VIPs; and the peer.
var nodeMasks = []int{25, 26, 27, 28, 31, 32, 23, 20, 19, 16, 8}

func drawMasks(d draws) (m Masks) {
	if !d.chance(masksPercent) {
		return m
	}
	first, second := one(d, nodeMasks...), one(d, nodeMasks...)
	switch which := d.below(10); which {
	case 0:
		m.Stranger = first
	case 1: // the same mistake twice
		m.Nodes = [2]int{first, first}
	case 2:
		m.Nodes = [2]int{first, second}
	default:
		m.Nodes[which%2] = first
	}
	return m
}

// mask is the node's prefix length. A node that takes others for near than its segment cannot be simulated where a router
// answers for these; and two that have one mask make it the segment's, unless two others at least say otherwise.
func (w *World) mask(i int) int {
	m := w.Rare.Masks.Nodes
	bits := m[i]
	if i == 1 && m[0] == m[1] && w.witnesses() < 2 {
		bits = 0
	}
	for _, r := range w.Routers {
		if r.Proxy != "" && bits < segmentBits {
			bits = 0
		}
	}
	if bits == 0 {
		return segmentBits
	}
	return bits
}

// witnesses is how many have the segment's mask for certain, but for the nodes.
func (w *World) witnesses() (n int) {
	for _, c := range w.Clients {
		if c.Office == 0 {
			n++
		}
	}
	if w.Offices > 0 {
		n++
	}
	if w.Mail {
		n += 2
	}
	return n
}

// strangerMask is the stranger's prefix length: no further voice for what a node has.
func (w *World) strangerMask() int {
	if m := w.Rare.Masks; m.Nodes == [2]int{} && m.Stranger != 0 {
		return m.Stranger
	}
	return segmentBits
}

// masked takes in whom the node's own mask parts it from.
func (p *place) masked(bp *cluster.Blueprint, n *cluster.Node) {
	for _, c := range bp.Clients {
		if lost(bp, n, c.Address.Addr(), bp.VIPs...) {
			p.cut = true
			p.users = slices.DeleteFunc(p.users, func(name string) bool { return name == c.Name && n.Role == p.master })
		}
	}
	if m := bp.Mail; m != nil {
		p.stuck = p.stuck || p.cut || lost(bp, n, m.Share.Address.Addr())
		for _, o := range m.Outside {
			p.stuck = p.stuck || lost(bp, n, o.Address.Addr())
		}
	}
	p.hopeless = cmp.Or(p.hopeless, p.blind(bp, n))
}

// lost says whether what the node sends to that address goes nowhere: its masks, those of addresses that it holds too, make
// near who is not on its segment, or leave out whom it needs a gateway for that it has not (H20).
func lost(bp *cluster.Blueprint, n *cluster.Node, to netip.Addr, held ...netip.Addr) bool {
	if n.Address.Contains(to) || slices.ContainsFunc(held, func(vip netip.Addr) bool { return trace.Added(n.Address, vip).Contains(to) }) {
		return !bp.Subnet.Contains(to)
	}
	return !n.Gateway.IsValid()
}

// blind says why the node may not see who has a VIP, or hear its peer, for good; "": it does.
func (p *place) blind(bp *cluster.Blueprint, n *cluster.Node) string {
	near := n.Address.Contains(bp.Peer(n).Address.Addr()) && !slices.ContainsFunc(bp.VIPs, func(vip netip.Addr) bool { return !n.Address.Contains(vip) })
	switch {
	case near, p.vrrp: // which asks nobody
		return ""
	case !n.Gateway.IsValid():
		return because("a node's mask leaves out a VIP or its peer, and it has no gateway for them (H20)")
	case !p.heeds:
		return because("a node's mask leaves out a VIP or its peer: it finds them as its gateway believes, which may not hear of a move (H20, N5)")
	}
	return ""
}
