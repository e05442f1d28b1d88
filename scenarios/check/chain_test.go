package check

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

// chained is the guide's cluster with its client behind two routers or more in a row (N5). Router r1
// is next to the nodes; between r<n> and r<n+1> is the subnet 10.0.<n>.0/24 on a switch of its own,
// where r<n> is .1 and r<n+1> is .2; the last router is the client's gateway, 10.0.0.1. The MAC of
// r<n> ends in <n>1 towards the nodes and in <n>2 towards the client.
func chained(routers int) *story {
	s := bare()
	h := &s.tr.Header
	h.Clients[0].Address, h.Clients[0].Gateway = netip.MustParsePrefix("10.0.0.50/24"), outer
	s.every(func(n *trace.Node) { n.Gateway = inner })
	h.Cables[2].B = "office"
	s.at(-100).link("active", true).link("standby", true).link("pc", true)
	for n := 1; n <= routers; n++ {
		near, far, here, there := fmt.Sprintf("10.0.%d.2", n-1), fmt.Sprintf("10.0.%d.1", n), fmt.Sprint("mid", n-1), fmt.Sprint("mid", n)
		if n == 1 {
			near, here = inner.String(), "sw"
		}
		if n == routers {
			far, there = outer.String(), "office"
		}
		r := trace.Router{Name: fmt.Sprint("r", n)}
		for i, ip := range []string{near, far} {
			cable := fmt.Sprintf("r%d-%d", n, i+1)
			r.Interfaces = append(r.Interfaces, trace.RouterInterface{
				Cable: cable, Address: netip.MustParsePrefix(ip + "/24"), MAC: trace.MAC{2, 0, 0, 0, 0, byte(10*n + i + 1)},
			})
			h.Cables = append(h.Cables, trace.Cable{Name: cable, A: r.Name, B: pick(i == 0, here, there)})
			s.link(cable, true)
		}
		if n > 1 {
			r.Routes = append(r.Routes, trace.Route{Prefix: netip.MustParsePrefix("192.168.10.0/24"), Via: netip.MustParseAddr(fmt.Sprintf("10.0.%d.1", n-1))})
		}
		if n < routers {
			r.Routes = append(r.Routes, trace.Route{Prefix: netip.MustParsePrefix("10.0.0.0/24"), Via: netip.MustParseAddr(fmt.Sprintf("10.0.%d.2", n))})
		}
		h.Routers = append(h.Routers, r)
	}
	s.power("active", trace.On).power("standby", trace.On)
	s.own("pc", trace.Preferred).own("active", trace.Preferred).own("standby", trace.Preferred)
	s.service("active", "running").service("standby", "running")
	return s.at(-65).holds("active", trace.Preferred).cache("r1", "active").entry("pc", outer.String(), byte(10*routers+2))
}

var alwaysActive = []Span{span(-65, 100, "active")}

// Each part of P0 over two routers alone makes the difference, from 10 s to 20 s.
func TestP0_EveryConditionCountsOverTwoRouters(t *testing.T) {
	address := func(router, ip string) func(*story, bool) *story {
		return func(s *story, good bool) *story {
			return s.add(router, trace.Address{IP: netip.MustParseAddr(ip), State: pick(good, trace.Preferred, trace.Tentative)})
		}
	}
	cable := func(name string) func(*story, bool) *story {
		return func(s *story, good bool) *story { return s.link(name, good) }
	}
	entry := func(host, ip string, right, wrong byte) func(*story, bool) *story {
		return func(s *story, good bool) *story { return s.entry(host, ip, pick(good, right, wrong)) }
	}
	for name, turn := range map[string]func(s *story, good bool) *story{
		"the client's cable is up":              cable("pc"),
		"the office's cable to the client is":   cable("r2-2"),
		"the office's cable to the core is":     cable("r2-1"),
		"the core's cable to the office is":     cable("r1-2"),
		"the core's cable to the nodes is":      cable("r1-1"),
		"the node's cable is":                   cable("active"),
		"the office's router is on":             func(s *story, good bool) *story { return s.power("r2", pick(good, trace.On, trace.Off)) },
		"the core is on":                        func(s *story, good bool) *story { return s.power("r1", pick(good, trace.On, trace.Frozen)) },
		"the gateway's address is usable":       address("r2", "10.0.0.1"),
		"the office's to the core is":           address("r2", "10.0.1.2"),
		"the core's to the office is":           address("r1", "10.0.1.1"),
		"the core's to the nodes is":            address("r1", "192.168.10.1"),
		"the client's entry is its gateway":     entry("pc", "10.0.0.1", 22, 21),
		"the office's entry is the core":        entry("r2", "10.0.1.1", 12, 11),
		"the core's entry is the holder":        entry("r1", vip.String(), 1, 2),
		"the core's entry is the office":        entry("r1", "10.0.1.2", 21, 22),
		"the office's entry is the client":      entry("r2", "10.0.0.50", 9, 10),
		"the office does not ask in vain":       asksInVain("r2", "10.0.1.1"),
		"the core does not ask for it in vain":  asksInVain("r1", "10.0.1.2"),
		"the core does not ask for the holder ": asksInVain("r1", vip.String()),
	} {
		tr := turn(turn(chained(2).at(10), false).at(20), true).end(100)
		require.Equal(t, []Span{span(-65, 10, "active"), span(20, 100, "active")}, Answered(tr, "pc", vip), "P0 over two routers holds only while %s.", name)
	}
}

// asksInVain is a router that waits for an answer to ARP that does not come, and gives up.
func asksInVain(router, ip string) func(*story, bool) *story {
	return func(s *story, good bool) *story {
		return s.add(router, trace.Neighbor{IP: netip.MustParseAddr(ip), State: pick(good, trace.Unreachable, trace.Incomplete)})
	}
}

// Each setting of the way alone cuts it for good.
func TestP0_EverySettingOfTheWayOverTwoRoutersCounts(t *testing.T) {
	for name, spoil := range map[string]func(core, office *trace.Router){
		"the office knows the way to the nodes":  func(_, office *trace.Router) { office.Routes = nil },
		"the core knows the way to the client":   func(core, _ *trace.Router) { core.Routes = nil },
		"the office's route leads to the core":   func(_, office *trace.Router) { office.Routes[0].Via = netip.MustParseAddr("10.0.1.9") },
		"the core's route leads to the office":   func(core, _ *trace.Router) { core.Routes[0].Via = outer },
		"the route's prefix has the VIP in it":   func(_, office *trace.Router) { office.Routes[0].Prefix = netip.MustParsePrefix("192.168.11.0/24") },
		"the core is in the subnet of the next":  func(core, _ *trace.Router) { core.Interfaces[1].Address = netip.MustParsePrefix("10.0.1.1/32") },
		"the router next to the VIP is in it":    func(core, _ *trace.Router) { core.Interfaces[0].Address = netip.PrefixFrom(inner, 28) },
		"the cables of the core are not swapped": func(core, _ *trace.Router) { swap(core) },
		"those of the office are not":            func(_, office *trace.Router) { swap(office) },
	} {
		s := chained(2)
		spoil(&s.tr.Header.Routers[0], &s.tr.Header.Routers[1])
		require.Empty(t, Answered(s.end(100), "pc", vip), "P0 over two routers holds only if %s.", name)
	}
	require.Equal(t, alwaysActive, Answered(chained(2).end(100), "pc", vip), "P0: with all of them it holds.")
}

func swap(r *trace.Router) {
	r.Interfaces[0].Cable, r.Interfaces[1].Cable = r.Interfaces[1].Cable, r.Interfaces[0].Cable
}

func TestP0_OverThreeRouters(t *testing.T) {
	require.Equal(t, alwaysActive, Answered(chained(3).end(100), "pc", vip), "P0 over three routers.")
	for _, cable := range []string{"r1-1", "r1-2", "r2-1", "r2-2", "r3-1", "r3-2"} {
		tr := chained(3).at(10).link(cable, false).at(20).link(cable, true).end(100)
		require.Equal(t, []Span{span(-65, 10, "active"), span(20, 100, "active")}, Answered(tr, "pc", vip), "P0: %s is on the way.", cable)
	}
	for _, c := range []struct{ router, ip string }{
		{"r3", "10.0.2.1"}, {"r2", "10.0.1.1"}, {"r1", "10.0.1.2"}, {"r2", "10.0.2.2"}, {"r3", "10.0.0.50"},
	} {
		tr := chained(3).at(10).entry(c.router, c.ip, 99).end(100)
		require.Equal(t, []Span{span(-65, 10, "active")}, Answered(tr, "pc", vip), "P0: the entry of %s in %s is on the way.", c.ip, c.router)
	}
}

func TestP0_WhatMakesNoDifferenceOverTwoRouters(t *testing.T) {
	for name, s := range map[string]*story{
		"empty caches":                      chained(2).at(10).forget("r1").add("r2", trace.Neighbor{IP: netip.MustParseAddr("10.0.1.1"), State: trace.Removed}),
		"the office's entry for the VIP":    chained(2).at(10).cache("r2", "standby"),
		"the client's entry for the VIP":    chained(2).at(10).cache("pc", "standby"),
		"the core's entry for the client":   chained(2).at(10).entry("r1", "10.0.0.50", 99),
		"the office's entry for the client": chained(2).at(10).entry("r2", "10.0.0.50", 9),
		"the other node's cable":            chained(2).at(10).link("standby", false),
	} {
		require.Equal(t, alwaysActive, Answered(s.end(100), "pc", vip), "P0 is not changed by %s.", name)
	}
}

// Routes that lead in a circle bring the packet nowhere, and the question comes to an end.
func TestP0_RoutesInACircle(t *testing.T) {
	s := chained(3)
	s.tr.Header.Routers[1].Routes[0].Via = netip.MustParseAddr("10.0.2.2") // back to r3
	require.Empty(t, Answered(s.end(100), "pc", vip))
}

func TestBreakdown_TheCacheOfTheRouterNextToTheNodesDecides(t *testing.T) {
	s := chained(2).at(0).add("pc", trace.PingStart{ID: 1, Target: vip}).at(60).unplug("active")
	all := Breakdown(s.at(94).holds("standby", trace.Preferred).at(694).cache("r1", "standby").end(1000))
	require.Len(t, all, 1)
	require.Equal(t, seconds(34), all[0].Counting)
	require.Equal(t, seconds(600), all[0].RouterCache)
}

func TestOutages_ACutBetweenRoutersIsAPathCut(t *testing.T) {
	o := Outages(chained(2).at(60).fault("cut", "r1-2").link("r1-2", false).end(100))
	require.Equal(t, LostPath, o[0].Loss, "N5: the node stands, the way to it does not.")
}
