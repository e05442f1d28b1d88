package facts

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

var alwaysActive = []finding.Span{span(-65, 100, "active")}

// Each part of P0 over two routers alone makes the difference, from 10 s to 20 s.
func TestP0_EveryConditionCountsOverTwoRouters(t *testing.T) {
	address := func(router, ip string) func(*story.Story, bool) *story.Story {
		return func(s *story.Story, good bool) *story.Story {
			return s.Add(router, trace.Address{IP: netip.MustParseAddr(ip), State: pick(good, trace.Preferred, trace.Tentative)})
		}
	}
	cable := func(name string) func(*story.Story, bool) *story.Story {
		return func(s *story.Story, good bool) *story.Story { return s.Link(name, good) }
	}
	entry := func(host, ip string, right, wrong byte) func(*story.Story, bool) *story.Story {
		return func(s *story.Story, good bool) *story.Story { return s.Entry(host, ip, pick(good, right, wrong)) }
	}
	for name, turn := range map[string]func(s *story.Story, good bool) *story.Story{
		"the client's cable is up":              cable("pc"),
		"the office's cable to the client is":   cable("r2-2"),
		"the office's cable to the core is":     cable("r2-1"),
		"the core's cable to the office is":     cable("r1-2"),
		"the core's cable to the nodes is":      cable("r1-1"),
		"the node's cable is":                   cable("active"),
		"the office's router is on":             func(s *story.Story, good bool) *story.Story { return s.Power("r2", pick(good, trace.On, trace.Off)) },
		"the core is on":                        func(s *story.Story, good bool) *story.Story { return s.Power("r1", pick(good, trace.On, trace.Frozen)) },
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
		tr := turn(turn(story.Chained(2).At(10), false).At(20), true).End(100)
		require.Equal(t, []finding.Span{span(-65, 10, "active"), span(20, 100, "active")}, answered(tr), "P0 over two routers holds only while %s.", name)
	}
}

// asksInVain is a router that waits for an answer to ARP that does not come, and gives up.
func asksInVain(router, ip string) func(*story.Story, bool) *story.Story {
	return func(s *story.Story, good bool) *story.Story {
		return s.Add(router, trace.Neighbor{IP: netip.MustParseAddr(ip), State: pick(good, trace.Unreachable, trace.Incomplete)})
	}
}

// Each setting of the way alone cuts it for good.
func TestP0_EverySettingOfTheWayOverTwoRoutersCounts(t *testing.T) {
	for name, spoil := range map[string]func(core, office *trace.Router){
		"the office knows the way to the nodes":  func(_, office *trace.Router) { office.Routes = nil },
		"the core knows the way to the client":   func(core, _ *trace.Router) { core.Routes = nil },
		"the office's route leads to the core":   func(_, office *trace.Router) { office.Routes[0].Via = netip.MustParseAddr("10.0.1.9") },
		"the core's route leads to the office":   func(core, _ *trace.Router) { core.Routes[0].Via = story.Outer },
		"the route's prefix has the VIP in it":   func(_, office *trace.Router) { office.Routes[0].Prefix = netip.MustParsePrefix("192.168.11.0/24") },
		"the core is in the subnet of the next":  func(core, _ *trace.Router) { core.Interfaces[1].Address = netip.MustParsePrefix("10.0.1.1/32") },
		"the router next to the VIP is in it":    func(core, _ *trace.Router) { core.Interfaces[0].Address = netip.PrefixFrom(story.Inner, 28) },
		"the cables of the core are not swapped": func(core, _ *trace.Router) { swap(core) },
		"those of the office are not":            func(_, office *trace.Router) { swap(office) },
	} {
		s := story.Chained(2)
		spoil(&s.Header.Routers[0], &s.Header.Routers[1])
		require.Empty(t, answered(s.End(100)), "P0 over two routers holds only if %s.", name)
	}
	require.Equal(t, alwaysActive, answered(story.Chained(2).End(100)), "P0: with all of them it holds.")
}

func swap(r *trace.Router) {
	r.Interfaces[0].Cable, r.Interfaces[1].Cable = r.Interfaces[1].Cable, r.Interfaces[0].Cable
}

func TestP0_OverThreeRouters(t *testing.T) {
	require.Equal(t, alwaysActive, answered(story.Chained(3).End(100)), "P0 over three routers.")
	for _, cable := range []string{"r1-1", "r1-2", "r2-1", "r2-2", "r3-1", "r3-2"} {
		tr := story.Chained(3).At(10).Link(cable, false).At(20).Link(cable, true).End(100)
		require.Equal(t, []finding.Span{span(-65, 10, "active"), span(20, 100, "active")}, answered(tr), "P0: %s is on the way.", cable)
	}
	for _, c := range []struct{ router, ip string }{
		{"r3", "10.0.2.1"}, {"r2", "10.0.1.1"}, {"r1", "10.0.1.2"}, {"r2", "10.0.2.2"}, {"r3", "10.0.0.50"},
	} {
		tr := story.Chained(3).At(10).Entry(c.router, c.ip, 99).End(100)
		require.Equal(t, []finding.Span{span(-65, 10, "active")}, answered(tr), "P0: the entry of %s in %s is on the way.", c.ip, c.router)
	}
}

func TestP0_WhatMakesNoDifferenceOverTwoRouters(t *testing.T) {
	for name, s := range map[string]*story.Story{
		"empty caches":                      story.Chained(2).At(10).Forget("r1").Add("r2", trace.Neighbor{IP: netip.MustParseAddr("10.0.1.1"), State: trace.Removed}),
		"the office's entry for the VIP":    story.Chained(2).At(10).Cache("r2", "standby"),
		"the client's entry for the VIP":    story.Chained(2).At(10).Cache("pc", "standby"),
		"the core's entry for the client":   story.Chained(2).At(10).Entry("r1", "10.0.0.50", 99),
		"the office's entry for the client": story.Chained(2).At(10).Entry("r2", "10.0.0.50", 9),
		"the other node's cable":            story.Chained(2).At(10).Link("standby", false),
	} {
		require.Equal(t, alwaysActive, answered(s.End(100)), "P0 is not changed by %s.", name)
	}
}

// Routes that lead in a circle bring the packet nowhere, and the question comes to an end.
func TestP0_RoutesInACircle(t *testing.T) {
	s := story.Chained(3)
	s.Header.Routers[1].Routes[0].Via = netip.MustParseAddr("10.0.2.2") // back to r3
	require.Empty(t, answered(s.End(100)))
}

func TestParts_TheCacheOfTheRouterNextToTheNodesDecides(t *testing.T) {
	s := story.Chained(2).At(60).Unplug("active")
	o := only(s.At(94).Holds("standby", trace.Preferred).At(694).Cache("r1", "standby").End(1000))
	require.Equal(t, parts(finding.Counting, 34, finding.RouterCache, 600), o.Parts)
}

func TestOutages_ACutBetweenRoutersIsAPathCut(t *testing.T) {
	o := only(story.Chained(2).At(60).Fault("unplug", "r1-2").Link("r1-2", false).End(100))
	require.Equal(t, finding.LostPath, o.Loss, "N5: the node stands, the way to it does not.")
	require.Equal(t, finding.Cause{Kind: finding.ByFault, At: seconds(60), Fault: 1}, o.Cause)
}
