package facts

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// masked is the cluster with the nodes at those addresses, and perhaps the router core1, which is their gateway and has
// no other subnet than theirs. The active node takes the VIP, 192.168.10.202.
func masked(active, standby string, router bool) *story.Story {
	s := story.Bare()
	h := s.Header
	h.Nodes[0].Address, h.Nodes[1].Address = netip.MustParsePrefix(active), netip.MustParsePrefix(standby)
	s.At(-100)
	if router {
		s.Every(func(n *trace.Node) { n.Gateway = story.Inner })
		h.Routers = []trace.Router{{Name: "core1", Interfaces: []trace.RouterInterface{
			{Cable: "core1-sw", Address: netip.PrefixFrom(story.Inner, 24), MAC: trace.MAC{2, 0, 0, 1, 0, 1}},
		}}}
		h.Cables = append(h.Cables, trace.Cable{Name: "core1-sw", A: "core1", B: "sw"})
		s.Link("core1-sw", true)
	}
	for _, name := range []string{"active", "standby", "pc"} {
		s.Link(name, true)
		if name != "pc" {
			s.Power(name, trace.On)
		}
		s.Own(name, trace.Preferred)
	}
	s.Service("active", trace.Running).Service("standby", trace.Running).Uses("pc")
	return s.At(-65).Takes("active").At(20)
}

// H20: a node's own mask tells where its answers go: straight to whom it takes for near, else over its gateway, which
// hands them back; nowhere without one, and nowhere to who is not on its segment. A VIP outside of the own subnet makes
// that of its class near.
func TestH20_TheNodesMaskTellsTheWayBack(t *testing.T) {
	always := []finding.Span{span(-65, 100, "active")}
	until := []finding.Span{span(-65, 20, "active")}
	wide := story.Routed()
	wide.Header.Nodes[0].Address = netip.PrefixFrom(wide.Header.Nodes[0].Address.Addr(), 1) // 10.0.0.50 is not in it
	wider := story.Routed()
	wider.Header.Nodes[0].Address = netip.MustParsePrefix("192.168.10.11/0")
	for name, c := range map[string]struct {
		s    *story.Story
		want []finding.Span
	}{
		"near":                                {masked("192.168.10.201/24", "192.168.10.203/24", false), always},
		"far, without a gateway":              {masked("192.168.10.201/28", "192.168.10.203/24", false), nil},
		"far, over the gateway":               {masked("192.168.10.201/28", "192.168.10.203/24", true), always},
		"far, over a gateway that is cut off": {masked("192.168.10.201/28", "192.168.10.203/24", true).Link("core1-sw", false), until},
		"near, whatever the gateway has":      {masked("192.168.10.201/24", "192.168.10.203/24", true).Link("core1-sw", false), always},
		"the other node's mask":               {masked("192.168.10.201/24", "192.168.10.203/28", false), always},
		"near by the VIP's class":             {masked("192.168.10.11/28", "192.168.10.203/24", false), always},
		"behind the router":                   {wide, always},
		"behind the router, taken for near":   {wider, nil},
	} {
		require.Equal(t, c.want, answered(c.s.End(100)), name)
	}
}

// H20, N5: where a node's own mask leaves the VIP out, its polls go to its gateway, and find whom that one's ARP cache leads
// to: a cache that leads to the node itself hides the holder from it. Who takes the VIP for near asks for it itself.
func TestH20_PollsOverARouterFindWhomItsCacheHas(t *testing.T) {
	sees := func(mask, leads string) bool {
		s := masked("192.168.10.201/24", "192.168.10.203/"+mask, true).At(0).Cache("core1", leads)
		return Read(s.End(100)).Of("standby", story.VIP).Sees.At(seconds(50))
	}
	require.True(t, sees("24", "active"))
	require.True(t, sees("24", "standby"))
	require.True(t, sees("32", "active"))
	require.False(t, sees("32", "standby"))
}
