package host

import (
	"net/netip"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/stack"

	"ipwsim/netstack/arp"
	"ipwsim/netstack/policy"
	"ipwsim/netstack/wire"
)

// arpIn takes an ARP packet: conflicts of tentative addresses (H3), the reactions of the host's policy (N3, N6), and what
// netstack's ARP does, which is to tell the cache and to answer.
func (n *NIC) arpIn(f *wire.Frame) {
	p, ok := parseARP(f.B[wire.HeaderLen:])
	if !ok || p.senderMAC == n.mac {
		return
	}
	for _, a := range n.addresses {
		switch ip := a.prefix.Addr(); {
		case a.state == Tentative && n.claims(p, ip):
			n.conflict(a, p.senderMAC)
		case a.state == Preferred && (p.sender == ip || p.isProbe() && p.target == ip && f.Dst() == wire.Broadcast):
			n.claimed(a, p)
		}
	}
	if n.ageing != nil {
		n.ageing.heard(p.sender, p.senderMAC)
	}
	toHost := n.State(p.target) == Preferred
	switch {
	case p.isProbe():
		if toHost {
			n.answer(p) // in defence
		}
	case p.isGratuitous():
		n.gratuitous(p)
	case p.op == arpReply:
		n.reply(p, f.Dst(), toHost)
	case !toHost:
		n.merge(p, n.host.cfg.Neighbor.CachedSender)
	default:
		if n.ageing != nil {
			n.take(p, arp.Create)
		}
		n.answer(p)
	}
}

// answer answers a request, and tells the cache of its sender (RFC 826).
func (n *NIC) answer(p arpPacket) {
	must(n.neighbors.HandleNeighborProbe(header.IPv4ProtocolNumber, addr4(p.sender), linkAddress(p)))
	n.sendARP(p.senderMAC, n.answerTo(p))
}

func (n *NIC) answerTo(p arpPacket) arpPacket {
	return arpPacket{op: arpReply, senderMAC: n.mac, sender: p.target, targetMAC: p.senderMAC, target: p.sender}
}

// claims says whether the packet shows that its sender uses ip, or is probing for it at the same
// time as we are (RFC 5227, 2.1.1), or is taken to do so (H15).
func (n *NIC) claims(p arpPacket, ip netip.Addr) bool {
	asks := p.op == arpRequest && p.target == ip && (p.isProbe() || n.host.cfg.DAD.RequestIsConflict)
	return p.sender == ip || asks
}

// claimed is an owner that hears another host speak as its address, or probe for it (H15). A probe needs no
// defence but the answer.
//
// Inferred: a probe counts if it is a broadcast, as RFC 5227 has it; those of switches that track devices
// go to one station. An owner takes notice of claims once in its DefendInterval.
func (n *NIC) claimed(a *address, p arpPacket) {
	now, dad := n.host.domain.Now(), n.host.cfg.DAD
	if p.op == arpReply && now <= a.announced+answerTime {
		a.announced = never
		n.conflict(a, p.senderMAC)
		return
	}
	if p.isGratuitous() && p.op == arpRequest && dad.Answers {
		n.sendARP(p.senderMAC, n.answerTo(p))
	}
	if now >= a.noticed+dad.DefendInterval {
		a.noticed = now
		n.tell(a, p.senderMAC, true)
	}
	if dad.Defend == policy.Announce && !p.isProbe() && now >= a.defended+dad.DefendInterval {
		a.defended = now
		n.Announce(a.prefix.Addr())
	}
}

// gratuitous reacts to an announcement as the host's policy says.
func (n *NIC) gratuitous(p arpPacket) {
	if p.op == arpReply {
		n.merge(p, n.host.cfg.Neighbor.GratuitousReply)
	} else {
		n.merge(p, n.host.cfg.Neighbor.GratuitousRequest)
	}
}

// reply takes an answer. Netstack gets those that RFC 4861 speaks of: of a neighbour that was asked
// or whose MAC is the known one, and, without override, of any other.
func (n *NIC) reply(p arpPacket, dst wire.MAC, toHost bool) {
	e, policy := n.seen[p.sender], n.host.cfg.Neighbor
	asked := e.state == Incomplete || e.mac == p.senderMAC
	switch {
	case n.ageing == nil && (asked || policy.UnaskedReply == arp.Ignore):
		n.confirm(p, stack.ReachabilityConfirmationFlags{Solicited: !dst.IsGroup()})
		return
	case asked && toHost:
		n.take(p, arp.Update)
	case toHost:
		n.merge(p, policy.UnaskedReply)
	default:
		n.merge(p, policy.GratuitousReply)
	}
	if n.ageing == nil && dst == n.mac && n.seen[p.sender].mac == p.senderMAC {
		n.confirm(p, stack.ReachabilityConfirmationFlags{Solicited: true})
	}
}

// merge is take unless the entry is too young to be overwritten.
func (n *NIC) merge(p arpPacket, r arp.Reaction) {
	if !n.locked(p) {
		n.take(p, r)
	}
}

// locked says whether the entry has its MAC for less than the policy's locktime. Gratuitous ARP is
// free of it, an answer only where it names its sender's MAC as the target's too.
func (n *NIC) locked(p arpPacket) bool {
	locktime := n.host.cfg.Neighbor.Locktime
	if locktime == 0 || p.isGratuitous() && (p.op == arpRequest || p.targetMAC == p.senderMAC) {
		return false
	}
	e := n.seen[p.sender]
	return e.mac != wire.MAC{} && n.host.domain.Now() <= e.since+locktime
}

// take overwrites or makes the entry of the packet's sender.
func (n *NIC) take(p arpPacket, r arp.Reaction) {
	if r != arp.Ignore && n.ageing != nil {
		n.ageing.release(p)
	}
	switch r {
	case arp.Ignore:
		return
	case arp.Update: // an unsolicited advertisement with the override flag, in the terms of RFC 4861
		if _, ok := n.seen[p.sender]; !ok {
			return // as netstack would find after a look into its cache
		}
		n.confirm(p, stack.ReachabilityConfirmationFlags{Override: true})
	case arp.Create:
		must(n.neighbors.HandleNeighborProbe(header.IPv4ProtocolNumber, addr4(p.sender), linkAddress(p)))
	}
	if n.ageing != nil {
		n.ageing.learnt(p)
	}
}

func (n *NIC) confirm(p arpPacket, flags stack.ReachabilityConfirmationFlags) {
	must(n.neighbors.HandleNeighborConfirmation(header.IPv4ProtocolNumber, addr4(p.sender), linkAddress(p), flags))
}

func linkAddress(p arpPacket) tcpip.LinkAddress { return tcpip.LinkAddress(p.senderMAC[:]) }
