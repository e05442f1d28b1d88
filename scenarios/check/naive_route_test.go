package check

import (
	"fmt"
	"net/netip"

	"pgregory.net/rapid"

	"ipwsim/sim/trace"
)

// sends says whether a packet of the host for the address would be sent to the MAC.
func (n naive) sends(host string, ip netip.Addr, mac trace.MAC) bool {
	e, _ := n.last(host, func(b trace.Body) bool { e, is := b.(trace.Neighbor); return is && e.IP == ip }).(trace.Neighbor)
	if e.State.Usable() {
		return e.MAC == mac
	}
	return e.State != trace.Incomplete || !n.givesUp(host, ip)
}

// givesUp says whether the host's entry, which waits for an answer, ends without one.
func (n naive) givesUp(host string, ip netip.Addr) bool {
	for i, r := range n.tr.Records {
		e, is := r.Body.(trace.Neighbor)
		if !is || r.Host != host || e.IP != ip || n.before(i) {
			continue
		}
		return e.State == trace.Unreachable || e.State == trace.Removed
	}
	return false
}

// before says whether the record has happened by the instant.
func (n naive) before(i int) bool { return n.tr.Records[i].At <= n.at }

// joined says whether the request gets to the node and the answer back.
func (n naive) joined(c trace.Client, node trace.Node, vip netip.Addr) bool {
	if c.Address.Contains(vip) {
		return n.sends(c.Name, vip, node.MAC) && n.sends(node.Role, c.Address.Addr(), c.MAC) && n.path(c.Name, node.Role, map[string]bool{})
	}
	there, back := false, node.Address.Contains(c.Address.Addr()) && n.sends(node.Role, c.Address.Addr(), c.MAC) && n.path(node.Role, c.Name, map[string]bool{})
	for _, r := range n.tr.Header.Routers {
		for _, in := range n.working(r) {
			for _, out := range n.working(r) {
				there = there || in.Address.Addr() == c.Gateway && n.wired(r, in, c.Name) && n.sends(c.Name, c.Gateway, in.MAC) &&
					out.Address.Contains(vip) && n.wired(r, out, node.Role) && n.sends(r.Name, vip, node.MAC)
				back = back || !node.Address.Contains(c.Address.Addr()) &&
					in.Address.Addr() == node.Gateway && n.wired(r, in, node.Role) &&
					out.Address.Contains(c.Address.Addr()) && n.wired(r, out, c.Name)
			}
		}
	}
	return there && back
}

// working gives the router's interfaces with a usable address.
func (n naive) working(r trace.Router) (all []trace.RouterInterface) {
	for _, i := range r.Interfaces {
		recorded := n.last(r.Name, func(b trace.Body) bool { a, is := b.(trace.Address); return is && a.IP == i.Address.Addr() })
		if n.runs(r.Name, trace.On) && (recorded == nil || n.preferred(r.Name, i.Address.Addr())) {
			all = append(all, i)
		}
	}
	return all
}

// wired searches a way from a router's interface over its own cable.
func (n naive) wired(r trace.Router, i trace.RouterInterface, to string) bool {
	for _, c := range n.tr.Header.Cables {
		for _, way := range [][2]string{{c.A, c.B}, {c.B, c.A}} {
			if c.Name != i.Cable || way[0] != r.Name || !n.passes(c.Name) {
				continue
			}
			isSwitch := way[1] == "s1" || way[1] == "s2"
			if way[1] == to || isSwitch && n.path(way[1], to, map[string]bool{}) {
				return true
			}
		}
	}
	return false
}

// addRouters puts pc2 behind one router or two, somewhere in the network.
func addRouters(rt *rapid.T, s *story) {
	h := &s.tr.Header
	h.Clients[1].Address, h.Clients[1].Gateway = netip.MustParsePrefix("10.0.0.51/24"), outer
	device := rapid.SampledFrom([]string{"s1", "s1", "s1", "s1", "s1", "s2", "active", "pc2"})
	last := rapid.SampledFrom([]byte{1, 1, 1, 1, 1, 2})
	s.every(func(n *trace.Node) { n.Gateway = netip.AddrFrom4([4]byte{192, 168, 10, last.Draw(rt, "gateway")}) })
	for r := range rapid.IntRange(1, 2).Draw(rt, "routers") {
		one := trace.Router{Name: fmt.Sprint("r", r)}
		for i, net := range [][4]byte{{192, 168, 10}, {10, 0, 0}} {
			cable := fmt.Sprint("c", 6+2*r+i)
			net[3] = last.Draw(rt, "address")
			one.Interfaces = append(one.Interfaces, trace.RouterInterface{
				Cable: cable, Address: netip.PrefixFrom(netip.AddrFrom4(net), 24), MAC: trace.MAC{2, 0, 0, 1, byte(r), byte(i)},
			})
			h.Cables = append(h.Cables, trace.Cable{Name: cable, A: one.Name, B: device.Draw(rt, "router's far end")})
			s.at(0).link(cable, rapid.IntRange(0, 9).Draw(rt, "up") > 0)
		}
		h.Routers = append(h.Routers, one)
	}
}

func randomRouterRecord(rt *rapid.T, s *story, ip netip.Addr, node trace.MAC) {
	r := rapid.SampledFrom(s.tr.Header.Routers).Draw(rt, "router")
	i := rapid.SampledFrom(r.Interfaces).Draw(rt, "interface")
	switch rapid.IntRange(0, 5).Draw(rt, "router's kind") {
	case 0:
		s.power(r.Name, rapid.SampledFrom([]trace.PowerState{trace.On, trace.On, trace.Frozen, trace.Off}).Draw(rt, "power"))
	case 1:
		states := rapid.SampledFrom([]trace.AddressState{trace.Preferred, trace.Preferred, trace.Tentative, trace.Absent})
		s.add(r.Name, trace.Address{IP: i.Address.Addr(), State: states.Draw(rt, "address")})
	case 2, 3:
		s.add("pc2", trace.Neighbor{IP: outer, MAC: i.MAC, State: entries.Draw(rt, "entry")})
	default:
		s.add(r.Name, trace.Neighbor{IP: ip, MAC: node, State: entries.Draw(rt, "entry")})
	}
}
