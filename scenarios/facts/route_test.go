package facts

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

func routerAddress(s *story.Story, ip netip.Addr, state trace.AddressState) *story.Story {
	return s.Add("core1", trace.Address{IP: ip, State: state})
}

// Each part of P0 through a router alone makes the difference, from 10 s to 20 s.
func TestP0_EveryConditionCountsThroughARouter(t *testing.T) {
	type turn = func(s *story.Story, good bool) *story.Story
	for name, turn := range map[string]turn{
		"the client's cable is up":            func(s *story.Story, good bool) *story.Story { return s.Link("pc", good) },
		"the router's cable to the client is": func(s *story.Story, good bool) *story.Story { return s.Link("core1-office", good) },
		"the router's cable to the nodes is":  func(s *story.Story, good bool) *story.Story { return s.Link("core1-sw", good) },
		"the node's cable is up":              func(s *story.Story, good bool) *story.Story { return s.Link("active", good) },
		"the router is on":                    func(s *story.Story, good bool) *story.Story { return s.Power("core1", pick(good, trace.On, trace.Off)) },
		"its address at the client is usable": func(s *story.Story, good bool) *story.Story {
			return routerAddress(s, story.Outer, pick(good, trace.Preferred, trace.Duplicate))
		},
		"its address at the nodes is usable": func(s *story.Story, good bool) *story.Story {
			return routerAddress(s, story.Inner, pick(good, trace.Preferred, trace.Tentative))
		},
		"its entry is the holder": func(s *story.Story, good bool) *story.Story { return s.Cache("core1", pick(good, "active", "standby")) },
		"its entry is the client": func(s *story.Story, good bool) *story.Story {
			return s.Entry("core1", "10.0.0.50", pick[byte](good, 9, 8))
		},
		"the client's entry is its gateway": func(s *story.Story, good bool) *story.Story { return s.Gateway(pick[byte](good, 2, 9)) },
		"the client's entry is on its side": func(s *story.Story, good bool) *story.Story { return s.Gateway(pick[byte](good, 2, 1)) },
		"the VIP is Preferred": func(s *story.Story, good bool) *story.Story {
			return s.Holds("active", pick(good, trace.Preferred, trace.Absent))
		},
		"the client's address is usable": func(s *story.Story, good bool) *story.Story {
			return s.Own("pc", pick(good, trace.Preferred, trace.Tentative))
		},
	} {
		tr := turn(turn(story.Routed().At(10), false).At(20), true).End(100)
		require.Equal(t, []finding.Span{span(-65, 10, "active"), span(20, 100, "active")}, answered(tr), "P0 holds only while %s.", name)
	}
}

// Each setting of the way alone cuts it for good.
func TestP0_EverySettingOfTheWayCounts(t *testing.T) {
	for name, spoil := range map[string]func(h *trace.Header){
		"the client has a gateway":             func(h *trace.Header) { h.Clients[0].Gateway = netip.Addr{} },
		"the client's gateway is the router":   func(h *trace.Header) { h.Clients[0].Gateway = story.Inner },
		"the node has a gateway":               func(h *trace.Header) { h.Nodes[0].Gateway = netip.Addr{} },
		"the node's gateway is the router":     func(h *trace.Header) { h.Nodes[0].Gateway = story.Outer },
		"the router is in the VIP's subnet":    func(h *trace.Header) { h.Routers[0].Interfaces[0].Address = netip.PrefixFrom(story.Inner, 28) },
		"the router is in the client's subnet": func(h *trace.Header) { h.Routers[0].Interfaces[1].Address = netip.PrefixFrom(story.Outer, 28) },
		"each port has the cable on its side": func(h *trace.Header) {
			i := h.Routers[0].Interfaces
			i[0].Cable, i[1].Cable = i[1].Cable, i[0].Cable
		},
	} {
		s := story.Routed()
		spoil(s.Header)
		require.Empty(t, answered(s.End(100)), "P0 through a router holds only if %s.", name)
	}
	require.NotEmpty(t, answered(story.Routed().End(100)), "P0: with all of them it holds.")
}

func TestP0_WhatMakesNoDifferenceBehindARouter(t *testing.T) {
	routed := func() *story.Story { return story.Routed().At(10) }
	toCore := func(ip string, mac trace.MAC) *story.Story {
		return routed().Add("core1", trace.Neighbor{IP: netip.MustParseAddr(ip), MAC: mac, State: trace.Stale})
	}
	for name, s := range map[string]*story.Story{
		"an empty cache of the router":            routed().Forget("core1"),
		"an empty cache of the client":            routed().Add("pc", trace.Neighbor{IP: story.Outer, State: trace.Removed}),
		"the client's entry for the VIP":          routed().Cache("pc", "standby"),
		"the router's right entry for the client": toCore("10.0.0.50", routed().Header.Clients[0].MAC),
		"the router's entry for another":          toCore("10.0.0.51", trace.MAC{}),
		"the other node's gateway":                routed().Every(func(n *trace.Node) { n.Gateway = pick(n.Master, story.Inner, story.Outer) }),
	} {
		require.Equal(t, []finding.Span{span(-65, 100, "active")}, answered(s.End(100)), "P0 is not changed by %s.", name)
	}
}

func TestP0_RoutersDoNotBridge(t *testing.T) {
	s := story.Routed()
	s.Header.Clients[0].Address = netip.MustParsePrefix("192.168.10.50/24")
	require.Empty(t, answered(s.At(-60).Own("pc", trace.Preferred).End(100)), "N5: a client on the VIP's subnet sends no packet to a router.")
	s = story.Routed().At(10).Holds("standby", trace.Preferred)
	s.Header.Cables[1].B = "office"
	require.Empty(t, Read(s.End(100)).Duals, "N5: nodes on both sides of a router do not reach each other as P3 has it.")
}

// Two routers may share the work: one takes the request, the other the answer.
func TestP0_TheAnswerMayComeByAnotherRouter(t *testing.T) {
	tell := func(address string) *story.Story {
		s := story.Routed().Every(func(n *trace.Node) { n.Gateway = netip.MustParseAddr("192.168.10.2") })
		h := s.Header
		h.Routers = append(h.Routers, trace.Router{Name: "core2", Interfaces: []trace.RouterInterface{
			{Cable: "core2-sw", Address: netip.MustParsePrefix("192.168.10.2/24"), MAC: trace.MAC{2, 0, 0, 2, 0, 1}},
			{Cable: "core2-office", Address: netip.MustParsePrefix(address), MAC: trace.MAC{2, 0, 0, 2, 0, 2}},
		}})
		h.Cables = append(h.Cables, trace.Cable{Name: "core2-sw", A: "core2", B: "sw"}, trace.Cable{Name: "core2-office", A: "core2", B: "office"})
		return s.At(10).Link("core2-sw", true).At(20).Link("core2-office", true)
	}
	always := []finding.Span{span(20, 100, "active")}
	require.Equal(t, always, answered(tell("10.0.0.2/24").End(100)), "P0: from when the nodes' gateway reaches the client.")
	require.Empty(t, answered(tell("10.0.9.2/24").End(100)), "P0: a router without an address in the client's subnet does not.")
	for _, p := range []struct{ router, ip string }{{"core1", "10.0.0.1"}, {"core1", "192.168.10.1"}, {"core2", "192.168.10.2"}, {"core2", "10.0.0.2"}} {
		s := tell("10.0.0.2/24").At(50).Add(p.router, trace.Address{IP: netip.MustParseAddr(p.ip), State: trace.Tentative})
		require.Equal(t, []finding.Span{span(20, 50, "active")}, answered(s.End(100)), "P0: %s of %s is on the way.", p.ip, p.router)
	}
	muted := tell("10.0.0.2/24").At(50).Cache("core2", "standby").End(100)
	require.Equal(t, always, answered(muted), "P0: the entry of a router the request does not take is of no account.")
}

func TestParts_TellTheRoutersCacheFromTheClients(t *testing.T) {
	for name, c := range map[string]struct {
		tell *story.Story
		want []finding.Part
	}{
		"the router's entry": {
			story.FailsOverBehind(34, 600),
			parts(finding.Counting, 34, finding.RouterCache, 600),
		},
		"the client's own entry": {
			story.Routed().At(60).Gateway(9).At(70).Gateway(2),
			parts(finding.WrongCache, 10),
		},
		"both, as they came: the nearest is told while both are wrong": {
			story.FailsOverBehind(34, 600).At(94).Gateway(9).At(100).Gateway(2),
			parts(finding.Counting, 34, finding.WrongCache, 6, finding.RouterCache, 594),
		},
		"the router's cable": {
			story.Routed().At(60).Link("core1-sw", false).At(65).Link("core1-sw", true),
			parts(finding.OutOfReach, 5),
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := only(c.tell.End(1000))
			require.Equal(t, got.Length(), sum(got), "the parts add up")
			require.Equal(t, c.want, got.Parts)
		})
	}
}

func TestOutages_ACutRouterIsAPathCut(t *testing.T) {
	o := only(story.Routed().At(60).Fault("unplug", "core1-sw").Link("core1-sw", false).End(100))
	require.Equal(t, finding.LostPath, o.Loss, "N5: the node stands, the way to it does not.")
	require.Equal(t, finding.Cause{Kind: finding.ByFault, At: seconds(60), Fault: 1}, o.Cause)
}

func TestOutages_BehindARouterAreMeasured(t *testing.T) {
	tr := story.FailsOverBehind(34, 600).End(1000)
	require.Equal(t, seconds(634), only(tr).Length(), "N5: the router's cache is part of what the client waited for.")
	s := story.FailsOverBehind(34, 0).At(200).Plug("active", trace.Duplicate)
	s.At(203.2).Gives("standby", trace.ByPeer).At(207.5).Holds("active", trace.Preferred).At(260).Cache("core1", "active")
	require.Equal(t, seconds(60), Read(s.End(1000)).Failbacks[0].Length(), "N5: and of the way back.")
}
