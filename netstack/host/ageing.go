package host

import (
	"net/netip"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/stack"

	"ipwsim/netstack/arp"
	"ipwsim/netstack/vtime"
	"ipwsim/netstack/wire"
)

// ageing ends the entries of an ARP cache with fixed lifetimes. Netstack's cache stays the only
// one; this is its clock. Hosts that go by RFC 4861 have none.
type ageing struct {
	nic    *NIC
	policy *arp.Policy
	lives  map[netip.Addr]*life // of the entries that have a MAC
	moving netip.Addr           // whose entry is moved within netstack's cache: nothing is to be heard of that
}

// life is the age of an entry.
type life struct {
	renewed time.Duration // last learnt or confirmed
	used    time.Duration // last packet sent to the neighbour
	probed  int           // requests sent to renew it
	timer   vtime.Timer
	kept    bool // see keep
}

func newAgeing(n *NIC, p *arp.Policy) *ageing {
	if p.Age == 0 {
		return nil
	}
	return &ageing{nic: n, policy: p, lives: map[netip.Addr]*life{}}
}

// changed hears that the entry of ip was made, overwritten or lost. Netstack's locks are held.
func (a *ageing) changed(ip netip.Addr, was, is neighbor) {
	l := a.lives[ip]
	switch {
	case is.mac == wire.MAC{}:
		if l != nil {
			l.timer.Stop()
			delete(a.lives, ip)
		}
	case l == nil:
		l = &life{renewed: a.nic.host.domain.Now()}
		l.used = l.renewed
		a.lives[ip] = l
		a.arm(ip, l)
	case is.mac != was.mac:
		a.renew(l)
	}
}

// renew starts the entry's age anew. Its timer finds that out when it fires.
func (a *ageing) renew(l *life) { l.renewed, l.probed = a.nic.host.domain.Now(), 0 }

// learnt hears that the host took the packet's word for its sender. The entry is good for its
// whole age again, which netstack's own states must not question.
func (a *ageing) learnt(p arpPacket) {
	l := a.lives[p.sender]
	if l == nil || a.nic.seen[p.sender].mac != p.senderMAC {
		return
	}
	a.nic.confirm(p, stack.ReachabilityConfirmationFlags{Solicited: true, Override: true})
	a.renew(l)
	if len(a.nic.seen) > roomy && !l.kept {
		a.keep(p, l)
	}
}

// roomy is how many neighbours an interface has before further ones are kept. Netstack's cache throws out the one used
// longest ago when it has twice as many; the rest is for those that are asked for.
const roomy = stack.NeighborCacheSize / 2

// keep makes the entry of the packet's sender one that netstack holds until it is told otherwise. A switch has room for
// thousands.
func (a *ageing) keep(p arpPacket, l *life) {
	a.moving, l.kept = p.sender, true
	must(a.nic.host.stack.AddStaticNeighbor(a.nic.id, header.IPv4ProtocolNumber, addr4(p.sender), linkAddress(p)))
	a.moving = netip.Addr{}
}

// release makes the entry of the packet's sender, if it is kept and is to be overwritten, what it was before.
func (a *ageing) release(p arpPacket) {
	l := a.lives[p.sender]
	if l == nil || !l.kept || a.nic.seen[p.sender].mac == p.senderMAC {
		return
	}
	a.moving, l.kept = p.sender, false
	p.senderMAC = a.nic.seen[p.sender].mac
	a.nic.Forget(p.sender)
	must(a.nic.neighbors.HandleNeighborProbe(header.IPv4ProtocolNumber, addr4(p.sender), linkAddress(p)))
	a.nic.confirm(p, stack.ReachabilityConfirmationFlags{Solicited: true})
	a.moving = netip.Addr{}
}

// heard hears of any packet from that address and MAC.
func (a *ageing) heard(ip netip.Addr, mac wire.MAC) {
	if !a.policy.RenewedByTraffic {
		return
	}
	if l := a.lives[ip]; l != nil && a.nic.seen[ip].mac == mac {
		a.renew(l)
	}
}

// heardIPv4 hears of an IPv4 packet.
func (a *ageing) heardIPv4(f *wire.Frame) {
	if b := f.B[wire.HeaderLen:]; len(b) >= header.IPv4MinimumSize {
		a.heard(netip.AddrFrom4([4]byte(b[12:16])), f.Src())
	}
}

// sent hears of a packet that goes out.
func (a *ageing) sent(pkt *stack.PacketBuffer) {
	if a.policy.Idle == 0 || pkt.NetworkProtocolNumber != header.IPv4ProtocolNumber {
		return
	}
	hop := pkt.EgressRoute.NextHop
	if hop.BitLen() == 0 {
		hop = pkt.EgressRoute.RemoteAddress
	}
	if l := a.lives[netipAddr(hop)]; l != nil {
		l.used = a.nic.host.domain.Now()
	}
}

// end is when the entry goes if nothing more is heard or sent.
func (a *ageing) end(l *life) time.Duration {
	end := l.renewed + a.policy.Age
	if a.policy.Idle > 0 {
		end = min(end, max(l.renewed, l.used)+a.policy.Idle)
	}
	return end
}

// next is when the entry is due for a request that may renew it, or for its end.
func (a *ageing) next(l *life) time.Duration {
	return a.end(l) - time.Duration(a.policy.RenewProbes-l.probed)*a.policy.RenewInterval
}

func (a *ageing) arm(ip netip.Addr, l *life) {
	d := a.nic.host.domain
	l.timer = d.After(a.next(l)-d.Now(), func() { a.due(ip, l) })
}

// due does what the entry's age asks for, which may be nothing: it was renewed meanwhile.
func (a *ageing) due(ip netip.Addr, l *life) {
	switch now := a.nic.host.domain.Now(); {
	case now < a.next(l):
	case l.probed < a.policy.RenewProbes:
		l.probed++
		a.probe(ip, l.probed == a.policy.RenewProbes)
	default:
		must(a.nic.host.stack.RemoveNeighbor(a.nic.id, header.IPv4ProtocolNumber, addr4(ip)))
		return
	}
	a.arm(ip, l)
}

// probe asks the neighbour whether it is still there.
func (a *ageing) probe(ip netip.Addr, broadcast bool) {
	dst := a.nic.seen[ip].mac
	if broadcast {
		dst = wire.Broadcast
	}
	if source := a.nic.source(ip, ip); source.IsValid() {
		a.nic.sendARP(dst, arpPacket{op: arpRequest, senderMAC: a.nic.mac, sender: source, target: ip})
	}
}
