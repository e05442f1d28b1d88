package facts

import (
	"fmt"
	"net/netip"

	"pgregory.net/rapid"

	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// sends says whether a packet of the host for the address would be sent to the MAC.
func (n naive) sends(host string, ip netip.Addr, mac trace.MAC) bool {
	e, _ := n.last(host, func(b trace.Body) bool { e, is := b.(trace.Neighbor); return is && e.IP == ip }).(trace.Neighbor)
	if e.State.Usable() {
		return e.MAC == mac
	}
	return e.State != trace.Incomplete || !n.givesUp(host, ip)
}

// givesUp says whether the host's entry, which waits for an answer, ends without one. With the power the
// question is gone.
func (n naive) givesUp(host string, ip netip.Addr) bool {
	for i, r := range n.tr.Records {
		if r.Host != host || n.before(i) {
			continue
		}
		switch b := r.Body.(type) {
		case trace.Power:
			if b.State == trace.Off {
				return false
			}
		case trace.Neighbor:
			if b.IP == ip {
				return b.State == trace.Unreachable || b.State == trace.Removed
			}
		}
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
	there := n.arrives(c.Name, c.Gateway, node.Role, vip, node.MAC)
	if node.Address.Contains(c.Address.Addr()) {
		return there && n.sends(node.Role, c.Address.Addr(), c.MAC) && n.path(node.Role, c.Name, map[string]bool{})
	}
	return there && n.arrives(node.Role, node.Gateway, c.Name, c.Address.Addr(), c.MAC)
}

// arrives says whether a packet for the address gets over routers to the host with the MAC: it finds
// all routers that the packet can get to, and looks whether one of them is next to the host.
func (n naive) arrives(from string, gateway netip.Addr, to string, ip netip.Addr, mac trace.MAC) bool {
	got := map[string]bool{}
	for range n.tr.Header.Routers {
		for _, r := range n.tr.Header.Routers {
			for _, in := range n.working(r) {
				first := in.Address.Addr() == gateway && n.wired(r, in, from) && n.sends(from, gateway, in.MAC)
				got[r.Name] = got[r.Name] || first || n.isNext(got, r, in, ip)
			}
		}
	}
	for _, r := range n.tr.Header.Routers {
		for _, out := range n.working(r) {
			if got[r.Name] && out.Address.Contains(ip) && n.wired(r, out, to) && n.sends(r.Name, ip, mac) {
				return true
			}
		}
	}
	return false
}

// isNext says whether one of the routers that have the packet sends it to the interface.
func (n naive) isNext(got map[string]bool, to trace.Router, in trace.RouterInterface, ip netip.Addr) bool {
	for _, r := range n.tr.Header.Routers {
		for _, out := range n.working(r) {
			for _, x := range r.Routes {
				via := in.Address.Addr()
				if got[r.Name] && x.Prefix.Contains(ip) && x.Via == via && out.Address.Contains(via) && !out.Address.Contains(ip) &&
					n.meet(r, out, to, in) && n.sends(r.Name, via, in.MAC) {
					return true
				}
			}
		}
	}
	return false
}

// meet says whether two interfaces are plugged into the same network.
func (n naive) meet(a trace.Router, i trace.RouterInterface, b trace.Router, o trace.RouterInterface) bool {
	return n.wired(a, i, "s1") && n.wired(b, o, "s1") || n.wired(a, i, "s2") && n.wired(b, o, "s2")
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

// seldom is true once in ten times.
func seldom(rt *rapid.T, label string) bool { return rapid.IntRange(0, 99).Draw(rt, label)%10 == 9 }

// between are the subnets of a chain of routers from the nodes to pc2.
var between = [][4]byte{{192, 168, 10}, {10, 0, 1}, {10, 0, 2}, {10, 0, 0}}

// addRouters puts pc2 behind routers, somewhere in the network: one or two side by side, or two or
// three in a chain.
func addRouters(rt *rapid.T, s *story.Story) {
	h := s.Header
	h.Clients[1].Address, h.Clients[1].Gateway = netip.MustParsePrefix("10.0.0.51/24"), story.Outer
	s.Every(func(n *trace.Node) {
		n.Gateway = netip.AddrFrom4([4]byte{192, 168, 10, pick[byte](seldom(rt, "gateway"), 2, 1)})
	})
	routers, chained := rapid.IntRange(1, 3).Draw(rt, "routers"), rapid.Bool().Draw(rt, "chained")
	for i := range h.Cables { // a chain is whole only where most are on one switch
		if chained && !seldom(rt, "elsewhere") {
			h.Cables[i].B = "s1"
		}
	}
	for r := range pick(chained, routers, min(routers, 2)) {
		nets := [2][4]byte{between[0], between[3]}
		if chained {
			nets = [2][4]byte{between[r], between[pick(r == routers-1, 3, r+1)]}
		}
		one := trace.Router{Name: fmt.Sprint("r", r)}
		for i, net := range nets {
			one.Interfaces = append(one.Interfaces, randomInterface(rt, s, one.Name, net, byte(r), byte(i)))
		}
		if chained && !seldom(rt, "knows nothing") {
			one.Routes = chainRoutes(rt, r, routers)
		}
		h.Routers = append(h.Routers, one)
	}
}

// chainRoutes are a router's routes to the ends of the chain, now and then wrong. The addresses at an
// interface's near end are .1 or .2, at its far end .11 or .12.
func chainRoutes(rt *rapid.T, r, routers int) (routes []trace.Route) {
	add := func(to, by [4]byte, host byte) {
		by[3] = pick(seldom(rt, "via"), host+1, host)
		routes = append(routes, trace.Route{Prefix: netip.PrefixFrom(netip.AddrFrom4(to), 24), Via: netip.AddrFrom4(by)})
	}
	if r > 0 {
		add(between[0], between[r], 11)
	}
	if r < routers-1 {
		add(between[3], between[r+1], 1)
	}
	return routes
}

// randomInterface is plugged in somewhere, mostly at the switch s1.
func randomInterface(rt *rapid.T, s *story.Story, router string, net [4]byte, r, i byte) trace.RouterInterface {
	device := rapid.SampledFrom([]string{"s2", "active", "pc2"})
	cable := fmt.Sprint("c", 6+2*r+i)
	net[3] = pick[byte](seldom(rt, "address"), 2, 1)
	if i == 1 && net != [4]byte{10, 0, 0, net[3]} {
		net[3] += 10
	}
	s.Header.Cables = append(s.Header.Cables, trace.Cable{Name: cable, A: router, B: pick(seldom(rt, "far end"), device.Draw(rt, "router's far end"), "s1")})
	s.At(0).Link(cable, !seldom(rt, "down"))
	return trace.RouterInterface{Cable: cable, Address: netip.PrefixFrom(netip.AddrFrom4(net), 24), MAC: trace.MAC{2, 0, 0, 1, r, i}}
}

func randomRouterRecord(rt *rapid.T, s *story.Story, ip netip.Addr, node trace.MAC) {
	r := rapid.SampledFrom(s.Header.Routers).Draw(rt, "router")
	i := rapid.SampledFrom(r.Interfaces).Draw(rt, "interface")
	switch rapid.IntRange(0, 6).Draw(rt, "router's kind") {
	case 0:
		s.Power(r.Name, rapid.SampledFrom([]trace.PowerState{trace.On, trace.On, trace.Frozen, trace.Off}).Draw(rt, "power"))
	case 1:
		states := rapid.SampledFrom([]trace.AddressState{trace.Preferred, trace.Preferred, trace.Tentative, trace.Absent})
		s.Add(r.Name, trace.Address{IP: i.Address.Addr(), State: states.Draw(rt, "address")})
	case 2, 3:
		s.Add("pc2", trace.Neighbor{IP: story.Outer, MAC: i.MAC, State: entries.Draw(rt, "entry")})
	case 4:
		if len(r.Routes) > 0 {
			via := rapid.SampledFrom(r.Routes).Draw(rt, "route").Via
			s.Add(r.Name, trace.Neighbor{IP: via, MAC: pick(rapid.Bool().Draw(rt, "right"), macOf(s, via), i.MAC), State: entries.Draw(rt, "entry")})
		}
	case 5:
		pc2 := s.Header.Clients[1]
		s.Add(r.Name, trace.Neighbor{IP: pc2.Address.Addr(), MAC: pick(rapid.Bool().Draw(rt, "right"), pc2.MAC, i.MAC), State: entries.Draw(rt, "entry")})
	default:
		s.Add(r.Name, trace.Neighbor{IP: ip, MAC: node, State: entries.Draw(rt, "entry")})
	}
}

// macOf is that of the router's interface with the address.
func macOf(s *story.Story, ip netip.Addr) (mac trace.MAC) {
	for _, r := range s.Header.Routers {
		for _, i := range r.Interfaces {
			if i.Address.Addr() == ip {
				mac = i.MAC
			}
		}
	}
	return mac
}
