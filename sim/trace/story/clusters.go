package story

import (
	"fmt"
	"net/netip"
	"time"

	"ipwsim/sim/trace"
)

// The addresses of routers: at the nodes, and at a client.
var (
	Inner = netip.MustParseAddr("192.168.10.1")
	Outer = netip.MustParseAddr("10.0.0.1")
)

// Bare is the guide's cluster with nothing recorded: two nodes, the client pc, the switch sw, the defaults.
func Bare() *Story {
	node := func(role, ip string, mac byte, master bool) trace.Node {
		return trace.Node{
			Role: role, Name: role, Address: netip.MustParsePrefix(ip), MAC: trace.MAC{2, 0, 0, 0, 0, mac},
			Profile: "srv-2012plus", Master: master,
			Interval: 30 * time.Second, PingTimeout: 3 * time.Second, ReleaseTime: 1800 * time.Second,
			NetshMin: 200 * time.Millisecond, NetshMax: time.Second, DAD: 3 * time.Second,
		}
	}
	return &Story{Header: &trace.Header{
		Version: trace.Version,
		Nodes:   []trace.Node{node("active", "192.168.10.11/24", 1, true), node("standby", "192.168.10.12/24", 2, false)},
		VIPs:    []trace.VIP{{Address: VIP}},
		Clients: []trace.Client{{
			Name: "pc", Address: netip.MustParsePrefix("192.168.10.50/24"), MAC: trace.MAC{2, 0, 0, 0, 0, 9},
			Profile: "windows-modern", Holds: 53 * time.Second,
		}},
		Cables: []trace.Cable{{Name: "active", A: "active", B: "sw"}, {Name: "standby", A: "standby", B: "sw"}, {Name: "pc", A: "pc", B: "sw"}},
	}}
}

// Cold is the cluster booted, the services just running, the VIP free; the client uses it.
func Cold() *Story {
	return Bare().At(-100).Link("active", true).Link("standby", true).Link("pc", true).boots()
}

func (s *Story) boots() *Story {
	s.Power("active", trace.On).Power("standby", trace.On)
	s.Own("pc", trace.Preferred).Own("active", trace.Preferred).Own("standby", trace.Preferred)
	return s.Service("active", trace.Running).Service("standby", trace.Running).Uses("pc")
}

// Guide is the cluster standing whole: active has taken the VIP in its time (W7).
func Guide() *Story { return Cold().At(-65).Takes("active") }

// Routed is the cluster with its client in another subnet, behind the router core1 (N5).
func Routed() *Story {
	s := Bare()
	h := s.Header
	h.Clients[0].Address, h.Clients[0].Gateway = netip.MustParsePrefix("10.0.0.50/24"), Outer
	s.Every(func(n *trace.Node) { n.Gateway = Inner })
	h.Routers = []trace.Router{{Name: "core1", Interfaces: []trace.RouterInterface{
		{Cable: "core1-sw", Address: netip.PrefixFrom(Inner, 24), MAC: trace.MAC{2, 0, 0, 1, 0, 1}},
		{Cable: "core1-office", Address: netip.PrefixFrom(Outer, 24), MAC: trace.MAC{2, 0, 0, 1, 0, 2}},
	}}}
	h.Cables[2].B = "office"
	h.Cables = append(h.Cables, trace.Cable{Name: "core1-sw", A: "core1", B: "sw"}, trace.Cable{Name: "core1-office", A: "office", B: "core1"})
	s.At(-100).Link("active", true).Link("standby", true).Link("pc", true).Link("core1-sw", true).Link("core1-office", true).boots()
	return s.At(-65).Watch("active", trace.Held, Added).Holds("active", trace.Preferred).Cache("core1", "active").Gateway(2)
}

// Gateway points the client's entry for its gateway at the MAC of a router's that ends so.
func (s *Story) Gateway(mac byte) *Story {
	return s.Add("pc", trace.Neighbor{IP: Outer, MAC: trace.MAC{2, 0, 0, 1, 0, mac}, State: trace.Reachable})
}

// Chained is the cluster with its client behind two routers or more in a row (N5). Router r1 is next to the
// nodes; between r<n> and r<n+1> is the subnet 10.0.<n>.0/24 on a switch of its own, where r<n> is .1 and r<n+1>
// is .2; the last router is the client's gateway, 10.0.0.1. The MAC of r<n> ends in <n>1 towards the nodes and
// in <n>2 towards the client.
func Chained(routers int) *Story {
	s := Bare()
	h := s.Header
	h.Clients[0].Address, h.Clients[0].Gateway = netip.MustParsePrefix("10.0.0.50/24"), Outer
	s.Every(func(n *trace.Node) { n.Gateway = Inner })
	h.Cables[2].B = "office"
	s.At(-100).Link("active", true).Link("standby", true).Link("pc", true)
	for n := 1; n <= routers; n++ {
		s.chain(n, routers)
	}
	s.boots()
	return s.At(-65).Watch("active", trace.Held, Added).Holds("active", trace.Preferred).Cache("r1", "active").Entry("pc", Outer.String(), byte(10*routers+2))
}

// chain adds router n of a chain.
func (s *Story) chain(n, routers int) {
	near, far := fmt.Sprintf("10.0.%d.2", n-1), fmt.Sprintf("10.0.%d.1", n)
	ends := [2]string{fmt.Sprint("mid", n-1), fmt.Sprint("mid", n)}
	if n == 1 {
		near, ends[0] = Inner.String(), "sw"
	}
	if n == routers {
		far, ends[1] = Outer.String(), "office"
	}
	r := trace.Router{Name: fmt.Sprint("r", n)}
	for i, ip := range []string{near, far} {
		cable := fmt.Sprintf("r%d-%d", n, i+1)
		r.Interfaces = append(r.Interfaces, trace.RouterInterface{
			Cable: cable, Address: netip.MustParsePrefix(ip + "/24"), MAC: trace.MAC{2, 0, 0, 0, 0, byte(10*n + i + 1)},
		})
		s.Header.Cables = append(s.Header.Cables, trace.Cable{Name: cable, A: r.Name, B: ends[i]})
		s.Link(cable, true)
	}
	route := func(to, via string) {
		r.Routes = append(r.Routes, trace.Route{Prefix: netip.MustParsePrefix(to), Via: netip.MustParseAddr(via)})
	}
	if n > 1 {
		route("192.168.10.0/24", fmt.Sprintf("10.0.%d.1", n-1))
	}
	if n < routers {
		route("10.0.0.0/24", fmt.Sprintf("10.0.%d.2", n))
	}
	s.Header.Routers = append(s.Header.Routers, r)
}
