package naive

import (
	"net/netip"
	"slices"
	"strings"

	"ipwsim/sim/trace"
)

// ports are the ends of cables at the machine or switch.
func (s *state) ports(of string) (all []port) {
	for _, c := range s.cables {
		if c.A == of || c.B == of {
			all = append(all, port{of, c.Name})
		}
	}
	return all
}

// far is what the port's cable leads to.
func (s *state) far(p port) string {
	for _, c := range s.cables {
		if c.Name == p.cable && c.A == p.of {
			return c.B
		}
		if c.Name == p.cable {
			return c.A
		}
	}
	return ""
}

// passes says whether the port's cable passes frames, both ways, and no switch holds the far end.
func (s *state) passes(p port) bool {
	far := port{s.far(p), p.cable}
	return s.up[p.cable] && !s.cut[p] && !s.cut[far] && !s.lost[p] && !s.lost[far] && !s.held[far]
}

func (s *state) isMachine(name string) bool {
	return s.machines[name] != nil || slices.ContainsFunc(s.h.Others, func(o trace.Other) bool { return o.Name == name })
}

// zone is the number of the segment that the switch is part of.
func (s *state) zone(of string) int {
	if s.zones != nil {
		return s.zones[of]
	}
	s.zones = map[string]int{}
	for _, c := range s.cables {
		for _, end := range []string{c.A, c.B} {
			if !s.isMachine(end) && s.zones[end] == 0 {
				s.flood(end, len(s.zones)+1)
			}
		}
	}
	return s.zones[of]
}

// flood gives the number to the switch and to all that trunks join to it.
func (s *state) flood(sw string, number int) {
	s.zones[sw] = number
	for _, p := range s.ports(sw) {
		far := s.far(p)
		if !s.isMachine(far) && s.zones[far] == 0 && s.passes(p) && !s.held[p] {
			s.flood(far, number)
		}
	}
}

// meet says whether frames pass between two machines' ports: both are on one segment.
func (s *state) meet(p, q port) bool {
	return s.passes(p) && s.passes(q) && s.zone(s.far(p)) == s.zone(s.far(q))
}

// reaches says whether frames pass between two machines that are on a segment.
func (s *state) reaches(a, b string) bool {
	return s.somePorts(a, b, s.meet)
}

func (s *state) somePorts(a, b string, so func(p, q port) bool) bool {
	for _, p := range s.ports(a) {
		for _, q := range s.ports(b) {
			if so(p, q) {
				return true
			}
		}
	}
	return false
}

// path are the cables between two ports that meet.
func (s *state) path(p, q port) []string {
	path := []string{p.cable, q.cable}
	s.trunks(s.far(p), s.far(q), "", &path)
	return path
}

// trunks adds the trunks from one switch to another one. There is no loop.
func (s *state) trunks(from, to, came string, path *[]string) bool {
	if from == to {
		return true
	}
	for _, p := range s.ports(from) {
		far := s.far(p)
		if p.cable != came && !s.isMachine(far) && s.passes(p) && !s.held[p] && s.trunks(far, to, p.cable, path) {
			*path = append(*path, p.cable)
			return true
		}
	}
	return false
}

// packet is an echo request or its answer, or one of ARP.
type packet struct {
	form     string // ARP's are "arp request" and "arp reply"
	src, dst netip.Addr
}

// carries says whether the packet gets from one port to another one of its segment.
func (s *state) carries(p, q port, x packet) bool {
	return s.meet(p, q) && !s.takes(p, q, x)
}

// takes says whether a rule takes every such packet away on its way between the ports.
func (s *state) takes(p, q port, x packet) bool {
	return slices.ContainsFunc(s.rules, func(r trace.Rule) bool { return s.drops(r, p, q, x) })
}

// finds says whether the machine, where it has no entry and has not asked yet, would be told of the other one's port
// if it asked for the address on its own port: by rules, not by who is there.
func (s *state) finds(a *machine, p, q port, ip netip.Addr) bool {
	e, own := a.entries[ip], a.own()
	if a.router != nil {
		for _, in := range a.router.Interfaces {
			if in.Cable == p.cable {
				own = in.Address.Addr()
			}
		}
	}
	return e.usable || e.asks || !s.takes(p, q, packet{"arp request", own, ip}) && !s.takes(q, p, packet{"arp reply", ip, own})
}

// drops says whether the rule takes every such packet away.
func (s *state) drops(r trace.Rule, p, q port, x packet) bool {
	form, asking := strings.CutPrefix(x.form, "arp ")
	named := exact(r)
	if asking {
		named = (r.Protocol == "arp" || r.Type == arp) && r.Verdict == trace.Drop && !r.Some
	}
	if form == "tcp" {
		ip := r.Protocol == "tcp" || r.Protocol == "ip" || r.Protocol == "" && (r.Type == 0 || r.Type == ipv4)
		named = ip && r.Verdict == trace.Drop && r.Port != 445
	}
	return named &&
		(form == "tcp" || r.Form == "" || r.Form == form) &&
		(!r.Src.IsValid() || r.Src == x.src) &&
		(!r.Dst.IsValid() || r.Dst == x.dst) &&
		(r.From == "" || r.From == p.of) &&
		(r.To == "" || r.To == q.of) &&
		(r.Cable == "" || slices.Contains(s.path(p, q), r.Cable))
}

// Ethernet's types.
const (
	ipv4 = 0x0800
	arp  = 0x0806
)

// exact says whether a rule drops all echo packets that it names.
func exact(r trace.Rule) bool {
	echo := r.Protocol == "icmp" || r.Protocol == "ip" || r.Protocol == "" && (r.Type == 0 || r.Type == ipv4)
	return r.Verdict == trace.Drop && !r.Some && echo
}

// heed says what is looked at: the sender's own ARP entries, the routers', and where switches look for machines.
type heed struct{ own, routers, switches bool }

// misses says whether a switch on the way from one port to the other one looks for the MAC elsewhere.
func (s *state) misses(p, q port, mac trace.MAC) bool {
	return slices.ContainsFunc(s.cables, func(c trace.Cable) bool {
		return (s.wrong[old{c.A, mac}] || s.wrong[old{c.B, mac}]) && slices.Contains(s.path(p, q), c.Name)
	})
}

// delivers says whether the packet gets from a port of the sender to one of the machine. A sender that must ask for
// the MAC is answered first, by which the switches learn.
func (s *state) delivers(sender *machine, p port, b *machine, x packet, caches, switches bool) bool {
	return slices.ContainsFunc(s.ports(b.name), func(q port) bool {
		return s.carries(p, q, x) && (!caches || s.finds(sender, p, q, x.dst)) && !(switches && sender.entries[x.dst].usable && s.misses(p, q, b.mac))
	})
}

// way says whether the packet gets from one machine to another one.
func (s *state) way(a, b *machine, x packet, caches heed) bool {
	if a.isNear(x.dst) {
		return (!caches.own || a.leads(x.dst, b.mac)) &&
			slices.ContainsFunc(s.ports(a.name), func(p port) bool { return s.delivers(a, p, b, x, caches.own, caches.switches) })
	}
	for i := range s.h.Routers {
		r := s.machines[s.h.Routers[i].Name]
		for _, in := range r.router.Interfaces {
			if in.Address.Addr() == a.gateway && s.hears(a, r, in, x, a.gateway, caches.own) &&
				s.forwards(r, b, x, caches, len(s.h.Routers)) {
				return true
			}
		}
	}
	return false
}

// hears says whether the router's interface gets the packet of a machine on its segment that asks for it.
func (s *state) hears(a, r *machine, in trace.RouterInterface, x packet, via netip.Addr, caches bool) bool {
	to := port{r.name, in.Cable}
	carried := slices.ContainsFunc(s.ports(a.name), func(p port) bool {
		return s.carries(p, to, x) && (!caches || s.finds(a, p, to, via))
	})
	return s.routes(r, in) && carried && (!caches || a.leads(via, in.MAC))
}

// routes says whether the interface is in use.
func (s *state) routes(r *machine, in trace.RouterInterface) bool {
	state, recorded := r.addresses[in.Address.Addr()]
	return r.runs() && (!recorded || state == trace.Preferred)
}

// forwards says whether a router that has the packet gets it to the machine, over at most so many routers.
func (s *state) forwards(r, b *machine, x packet, caches heed, hops int) bool {
	if hops == 0 {
		return false
	}
	for _, out := range r.router.Interfaces {
		if !s.routes(r, out) {
			continue
		}
		from := port{r.name, out.Cable}
		if out.Address.Contains(x.dst) && (!caches.routers || r.leads(x.dst, b.mac)) && s.delivers(r, from, b, x, caches.routers, caches.switches) {
			return true
		}
		for _, route := range r.router.Routes {
			if route.Prefix.Contains(x.dst) && out.Address.Contains(route.Via) && s.hands(r, from, route.Via, b, x, caches, hops) {
				return true
			}
		}
	}
	return false
}

// hands says whether the next router gets the packet on.
func (s *state) hands(r *machine, from port, via netip.Addr, b *machine, x packet, caches heed, hops int) bool {
	for i := range s.h.Routers {
		next := s.machines[s.h.Routers[i].Name]
		for _, in := range next.router.Interfaces {
			if in.Address.Addr() == via && s.routes(next, in) && s.carries(from, port{next.name, in.Cable}, x) &&
				(!caches.routers || r.leads(via, in.MAC) && s.finds(r, from, port{next.name, in.Cable}, via)) && s.forwards(next, b, x, caches, hops-1) {
				return true
			}
		}
	}
	return false
}

// asks says whether an echo request gets from the machine to the node, and returns whether its answer does.
func (s *state) asks(c, n *machine, vip netip.Addr, caches heed) bool {
	return s.way(c, n, packet{"echo", c.own(), vip}, caches)
}

func (s *state) returns(c, n *machine, vip netip.Addr, caches heed) bool {
	return s.way(n, c, packet{"reply", vip, c.own()}, caches)
}

// joins says whether the node could answer the machine, if the caches looked at are right.
func (s *state) joins(c, n *machine, vip netip.Addr, caches heed) bool {
	return s.speaks(n, vip) && s.asks(c, n, vip, caches) && s.returns(c, n, vip, caches)
}

// talks says whether packets of a connection get from the machine to the node and back: rules that name TCP, but for the
// pipe's port, take some of them away at least.
func (s *state) talks(c, n *machine, vip netip.Addr, caches heed) bool {
	return s.speaks(n, vip) && s.way(c, n, packet{"tcp", c.own(), vip}, caches) && s.way(n, c, packet{"tcp", vip, c.own()}, caches)
}

// unruled is the same network without rules on frames.
func (s *state) unruled() *state {
	free := *s
	free.rules = nil
	return &free
}
