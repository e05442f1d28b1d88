package check

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

var (
	inner = netip.MustParseAddr("192.168.10.1") // the router's address at the nodes
	outer = netip.MustParseAddr("10.0.0.1")     // and at the client
)

// routed is the guide's cluster with its client in another subnet, behind the router core1 (N5).
func routed() *story {
	s := bare()
	h := &s.tr.Header
	h.Clients[0].Address, h.Clients[0].Gateway = netip.MustParsePrefix("10.0.0.50/24"), outer
	s.every(func(n *trace.Node) { n.Gateway = inner })
	h.Routers = []trace.Router{{Name: "core1", Interfaces: []trace.RouterInterface{
		{Cable: "core1-sw", Address: netip.PrefixFrom(inner, 24), MAC: trace.MAC{2, 0, 0, 1, 0, 1}},
		{Cable: "core1-office", Address: netip.PrefixFrom(outer, 24), MAC: trace.MAC{2, 0, 0, 1, 0, 2}},
	}}}
	h.Cables[2].B = "office"
	h.Cables = append(h.Cables, trace.Cable{Name: "core1-sw", A: "core1", B: "sw"}, trace.Cable{Name: "core1-office", A: "office", B: "core1"})
	s.at(-100).link("active", true).link("standby", true).link("pc", true).link("core1-sw", true).link("core1-office", true)
	s.power("active", trace.On).power("standby", trace.On)
	s.own("pc", trace.Preferred).own("active", trace.Preferred).own("standby", trace.Preferred)
	s.service("active", "running").service("standby", "running")
	return s.at(-65).holds("active", trace.Preferred).cache("core1", "active").gateway(2)
}

// gateway points the client's entry for its gateway at the MAC that ends so.
func (s *story) gateway(mac byte) *story {
	return s.add("pc", trace.Neighbor{IP: outer, MAC: trace.MAC{2, 0, 0, 1, 0, mac}, State: trace.Reachable})
}

// entry points a host's ARP entry at the MAC that ends so, of a machine.
func (s *story) entry(host, ip string, mac byte) *story {
	return s.add(host, trace.Neighbor{IP: netip.MustParseAddr(ip), MAC: trace.MAC{2, 0, 0, 0, 0, mac}, State: trace.Reachable})
}

func (s *story) routerAddress(ip netip.Addr, state trace.AddressState) *story {
	return s.add("core1", trace.Address{IP: ip, State: state})
}

// Each part of P0 through a router alone makes the difference, from 10 s to 20 s.
func TestP0_EveryConditionCountsThroughARouter(t *testing.T) {
	for name, turn := range map[string]func(s *story, good bool) *story{
		"the client's cable is up":            func(s *story, good bool) *story { return s.link("pc", good) },
		"the router's cable to the client is": func(s *story, good bool) *story { return s.link("core1-office", good) },
		"the router's cable to the nodes is":  func(s *story, good bool) *story { return s.link("core1-sw", good) },
		"the node's cable is up":              func(s *story, good bool) *story { return s.link("active", good) },
		"the router is on":                    func(s *story, good bool) *story { return s.power("core1", pick(good, trace.On, trace.Off)) },
		"its address at the client is usable": func(s *story, good bool) *story {
			return s.routerAddress(outer, pick(good, trace.Preferred, trace.Duplicate))
		},
		"its address at the nodes is usable": func(s *story, good bool) *story {
			return s.routerAddress(inner, pick(good, trace.Preferred, trace.Tentative))
		},
		"its entry is the holder":           func(s *story, good bool) *story { return s.cache("core1", pick(good, "active", "standby")) },
		"its entry is the client":           func(s *story, good bool) *story { return s.entry("core1", "10.0.0.50", pick[byte](good, 9, 8)) },
		"the client's entry is its gateway": func(s *story, good bool) *story { return s.gateway(pick[byte](good, 2, 9)) },
		"the client's entry is on its side": func(s *story, good bool) *story { return s.gateway(pick[byte](good, 2, 1)) },
		"the VIP is Preferred":              func(s *story, good bool) *story { return s.holds("active", pick(good, trace.Preferred, trace.Absent)) },
		"the client's address is usable":    func(s *story, good bool) *story { return s.own("pc", pick(good, trace.Preferred, trace.Tentative)) },
	} {
		tr := turn(turn(routed().at(10), false).at(20), true).end(100)
		require.Equal(t, []Span{span(-65, 10, "active"), span(20, 100, "active")}, Answered(tr, "pc", vip), "P0 holds only while %s.", name)
	}
}

// Each setting of the way alone cuts it for good.
func TestP0_EverySettingOfTheWayCounts(t *testing.T) {
	for name, spoil := range map[string]func(h *trace.Header){
		"the client has a gateway":             func(h *trace.Header) { h.Clients[0].Gateway = netip.Addr{} },
		"the client's gateway is the router":   func(h *trace.Header) { h.Clients[0].Gateway = inner },
		"the node has a gateway":               func(h *trace.Header) { h.Nodes[0].Gateway = netip.Addr{} },
		"the node's gateway is the router":     func(h *trace.Header) { h.Nodes[0].Gateway = outer },
		"the router is in the VIP's subnet":    func(h *trace.Header) { h.Routers[0].Interfaces[0].Address = netip.PrefixFrom(inner, 28) },
		"the router is in the client's subnet": func(h *trace.Header) { h.Routers[0].Interfaces[1].Address = netip.PrefixFrom(outer, 28) },
		"each port has the cable on its side": func(h *trace.Header) {
			i := h.Routers[0].Interfaces
			i[0].Cable, i[1].Cable = i[1].Cable, i[0].Cable
		},
	} {
		s := routed()
		spoil(&s.tr.Header)
		require.Empty(t, Answered(s.end(100), "pc", vip), "P0 through a router holds only if %s.", name)
	}
	require.NotEmpty(t, Answered(routed().end(100), "pc", vip), "P0: with all of them it holds.")
}

func TestP0_WhatMakesNoDifferenceBehindARouter(t *testing.T) {
	for name, s := range map[string]*story{
		"an empty cache of the router":            routed().at(10).forget("core1"),
		"an empty cache of the client":            routed().at(10).add("pc", trace.Neighbor{IP: outer, State: trace.Removed}),
		"the client's entry for the VIP":          routed().at(10).cache("pc", "standby"),
		"the router's right entry for the client": routed().at(10).add("core1", trace.Neighbor{IP: netip.MustParseAddr("10.0.0.50"), MAC: routed().tr.Header.Clients[0].MAC, State: trace.Stale}),
		"the router's entry for another":          routed().at(10).add("core1", trace.Neighbor{IP: netip.MustParseAddr("10.0.0.51"), State: trace.Stale}),
		"the other node's gateway":                routed().every(func(n *trace.Node) { n.Gateway = pick(n.Master, inner, outer) }),
	} {
		require.Equal(t, []Span{span(-65, 100, "active")}, Answered(s.end(100), "pc", vip), "P0 is not changed by %s.", name)
	}
}

func TestP0_RoutersDoNotBridge(t *testing.T) {
	s := routed()
	s.tr.Header.Clients[0].Address = netip.MustParsePrefix("192.168.10.50/24")
	require.Empty(t, Answered(s.at(-60).own("pc", trace.Preferred).end(100), "pc", vip), "N5: a client on the VIP's subnet sends no packet to a router.")
	s = routed().at(10).holds("standby", trace.Preferred)
	s.tr.Header.Cables[1].B = "office"
	require.Empty(t, DualHolders(s.end(100)), "N5: nodes on both sides of a router do not reach each other as P3 has it.")
}

// Two routers may share the work: one takes the request, the other the answer.
func TestP0_TheAnswerMayComeByAnotherRouter(t *testing.T) {
	tell := func(address string) *story {
		s := routed().every(func(n *trace.Node) { n.Gateway = netip.MustParseAddr("192.168.10.2") })
		h := &s.tr.Header
		h.Routers = append(h.Routers, trace.Router{Name: "core2", Interfaces: []trace.RouterInterface{
			{Cable: "core2-sw", Address: netip.MustParsePrefix("192.168.10.2/24"), MAC: trace.MAC{2, 0, 0, 2, 0, 1}},
			{Cable: "core2-office", Address: netip.MustParsePrefix(address), MAC: trace.MAC{2, 0, 0, 2, 0, 2}},
		}})
		h.Cables = append(h.Cables, trace.Cable{Name: "core2-sw", A: "core2", B: "sw"}, trace.Cable{Name: "core2-office", A: "core2", B: "office"})
		return s.at(10).link("core2-sw", true).at(20).link("core2-office", true)
	}
	always := []Span{span(20, 100, "active")}
	require.Equal(t, always, Answered(tell("10.0.0.2/24").end(100), "pc", vip), "P0: from when the nodes' gateway reaches the client.")
	require.Empty(t, Answered(tell("10.0.9.2/24").end(100), "pc", vip), "P0: a router without an address in the client's subnet does not.")
	for _, p := range []struct{ router, ip string }{{"core1", "10.0.0.1"}, {"core1", "192.168.10.1"}, {"core2", "192.168.10.2"}, {"core2", "10.0.0.2"}} {
		s := tell("10.0.0.2/24").at(50).add(p.router, trace.Address{IP: netip.MustParseAddr(p.ip), State: trace.Tentative})
		require.Equal(t, []Span{span(20, 50, "active")}, Answered(s.end(100), "pc", vip), "P0: %s of %s is on the way.", p.ip, p.router)
	}
	muted := tell("10.0.0.2/24").at(50).cache("core2", "standby").end(100)
	require.Equal(t, always, Answered(muted, "pc", vip), "P0: the entry of a router the request does not take is of no account.")
}

// failsOverBehind is a pulled cable, the standby in time, and the router's entry so much later.
func failsOverBehind(taken, learned float64) *story {
	s := routed().at(0).add("pc", trace.PingStart{ID: 1, Target: vip}).at(60).unplug("active")
	return s.at(60+taken).holds("standby", trace.Preferred).at(60+taken+learned).cache("core1", "standby")
}

func TestBreakdown_TellsTheRoutersCacheFromTheClients(t *testing.T) {
	for name, c := range map[string]struct {
		tell func() *story
		want Parts
	}{
		"the router's entry": {
			func() *story { return failsOverBehind(34, 600) },
			Parts{Counting: seconds(34), RouterCache: seconds(600)},
		},
		"the client's own entry": {
			func() *story { return routed().at(60).gateway(9).at(70).gateway(2) },
			Parts{WrongCache: seconds(10)},
		},
		"both: the nearest first": {
			func() *story { return failsOverBehind(34, 600).at(94).gateway(9).at(100).gateway(2) },
			Parts{Counting: seconds(34), WrongCache: seconds(6), RouterCache: seconds(594)},
		},
		"the router's cable": {
			func() *story { return routed().at(60).link("core1-sw", false).at(65).link("core1-sw", true) },
			Parts{OutOfReach: seconds(5)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			all := Breakdown(c.tell().end(1000))
			require.Len(t, all, 1)
			got := all[0]
			require.Equal(t, got.Length(), got.Sum(), "the parts add up")
			got.Outage = Outage{}
			require.Equal(t, c.want, got)
		})
	}
}

func TestOutages_ACutRouterIsAPathCut(t *testing.T) {
	o := Outages(routed().at(60).fault("cut", "core1-sw").link("core1-sw", false).end(100))
	require.Equal(t, LostPath, o[0].Loss, "N5: the node stands, the way to it does not.")
}

func TestP1_BehindARouterIsMeasuredNotJudged(t *testing.T) {
	tr := failsOverBehind(34, 600).end(1000)
	r := wants(t, "P1", NotApplicable, tr, "N5: the router's cache is not P1's.")
	require.Contains(t, r.Reason, "client pc is behind a router", "What is not judged is said, with the reason.")
	require.Equal(t, seconds(634), Failovers(tr)[0].Length(), "The figure stands.")
}

func TestP2_BehindARouterIsMeasuredNotJudged(t *testing.T) {
	s := failsOverBehind(34, 0).at(200).plug("active", trace.Duplicate)
	s.at(203.2).gives("standby", "W16").at(207.5).holds("active", trace.Preferred).at(260).cache("core1", "active")
	tr := s.end(1000)
	r := wants(t, "P2", NotApplicable, tr, "N5: the router's cache is not P2's.")
	require.Contains(t, r.Reason, "client pc is behind a router", "What is not judged is said, with the reason.")
	require.Equal(t, seconds(60), Failbacks(tr)[0].Length(), "The figure stands.")
}

// A router's cable is no way between nodes: pulling it gives a split brain no new time.
func TestP3_ARoutersCableIsNoChangeOfTheNodesNetwork(t *testing.T) {
	brain := func(cable string) *trace.Trace {
		s := routed().at(60).holds("standby", trace.Preferred)
		s.tr.Header.Cables = append(s.tr.Header.Cables, trace.Cable{Name: "trunk", A: "sw", B: "sw2"})
		return s.at(90).link(cable, true).at(90.1).link(cable, false).at(120).holds("standby", trace.Absent).end(300)
	}
	wants(t, "P3", Fail, brain("core1-sw"), "P3: 60 s of a split brain are too long.")
	wants(t, "P3", Pass, brain("trunk"), "P3: a trunk that changes gives the watchers their time again.")
}

func TestP4_NodesAreReadyThroughARouter(t *testing.T) {
	wants(t, "P4", Pass, failsOverBehind(37, 0).end(300), "P4: 37.0 s after the loss is in time.")
	wants(t, "P4", Fail, failsOverBehind(37.2, 0).end(300), "P4: behind a router too 37.2 s is late.")
	lose := func() *story { return routed().at(60).unplug("active") }
	wants(t, "P4", Fail, lose().end(300), "P4: a node the client reaches through the router owes the VIP.")
	wants(t, "P4", Pass, lose().link("core1-office", false).end(300), "P4: without the way there it owes nothing.")
	back := lose()
	back.tr.Header.Nodes[1].Gateway = netip.Addr{}
	wants(t, "P4", Pass, back.end(300), "P4: without the way back it owes nothing.")
}

func TestP4_TheRoutersCacheIsItsOwn(t *testing.T) {
	r := wants(t, "P4", Pass, failsOverBehind(34, 600).end(1000), "N5: a router's old entry is not the cluster's fault.")
	require.Contains(t, r.Left[0].Sentence, "P4 leaves the caches of routers to themselves (N5)", "What is left is said.")
	r = wants(t, "P4", Pass, failsOverBehind(34, 0).end(1000), "P4: a router that learns at once leaves nothing to say.")
	require.Empty(t, r.Left)
}
