package conform_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// P11: an entry lasts a lifetime from when its MAC can have spoken as the address last, whatever silenced it; not where
// somebody else may speak with that MAC, nor while the host stands still (N3).
func TestP11_AnEntryLastsALifetime(t *testing.T) {
	mac, card := trace.MAC{2, 1}, trace.MAC{2, 9}
	use := func(change func(h *trace.Header), gone time.Duration, then ...trace.Record) (kinds []finding.Kind) {
		tr := &trace.Trace{Header: trace.Header{
			Watcher: "0.0", Cables: []trace.Cable{{Name: "active", A: "active", B: "sw1"}, {Name: "pc", A: "pc", B: "sw1"}},
			Nodes:   []trace.Node{{Role: "active", MAC: mac, Team: []trace.MAC{mac, card}, Address: netip.MustParsePrefix("192.168.10.200/24")}},
			Clients: []trace.Client{{Name: "pc", MAC: trace.MAC{2, 3}, Holds: time.Minute, Fixed: true}},
		}}
		change(&tr.Header)
		add := func(at time.Duration, host string, b trace.Body) { tr.Add(at, host, b) }
		add(0, "active", trace.Power{State: trace.On})
		add(0, "active", trace.Address{IP: vip, State: trace.Preferred})
		add(sec, "pc", trace.Neighbor{IP: vip, MAC: mac, State: trace.Reachable})
		for _, r := range then {
			add(r.At, r.Host, r.Body)
		}
		add(gone, "pc", trace.Neighbor{IP: vip, State: trace.Removed})
		add(gone+sec, "pc", trace.Power{State: trace.On})
		for _, n := range machinesJudged(tr).Breaches {
			if n.Node == "pc" {
				kinds = append(kinds, n.Kind)
			}
		}
		return kinds
	}
	asIs := func(*trace.Header) {}
	at := func(at time.Duration, host string, b trace.Body) trace.Record {
		return trace.Record{At: at, Host: host, Body: b}
	}
	for name, last := range map[string]trace.Body{
		"the VIP is given up":     trace.Address{IP: vip, State: trace.Absent},
		"its link is gone":        trace.Address{IP: vip, State: trace.Tentative},
		"its power is gone":       trace.Power{State: trace.Off},
		"it is frozen":            trace.Power{State: trace.Frozen},
		"its other card has work": trace.Card{MAC: card},
	} {
		require.Empty(t, use(asIs, 300*sec), "it speaks all the time")
		require.Empty(t, use(asIs, 80*sec, at(20*sec, "active", last)), name)
		late := use(asIs, 82*sec, at(20*sec, "active", last))
		require.Equal(t, []finding.Kind{"p11.entry"}, late, name)
		require.Empty(t, use(asIs, 82*sec, at(20*sec, "active", last), at(50*sec, "pc", trace.Power{State: trace.Frozen}), at(82*sec, "pc", trace.Power{State: trace.On})), name)
		require.Empty(t, use(asIs, 82*sec, at(10*sec, "", trace.Rule{Verdict: trace.DelayFrame, Delay: sec}), at(20*sec, "active", last)), name)
		require.Empty(t, use(func(h *trace.Header) { h.Snoops = []trace.Snoop{{Switch: "sw1", Suppresses: true}} }, 300*sec, at(20*sec, "active", last)), name)
	}
	stranger := at(20*sec, "pc", trace.Neighbor{IP: vip, MAC: trace.MAC{7}, State: trace.Reachable})
	require.Empty(t, use(asIs, 300*sec, stranger, at(20*sec, "active", trace.Power{State: trace.Off})), "nobody knows who has that MAC")

	rfc := func(h *trace.Header) { h.Clients[0].Fixed = false } // an entry that nobody uses is not asked for
	off, is := at(20*sec, "active", trace.Power{State: trace.Off}), func(s trace.NeighborState) trace.Body { return trace.Neighbor{IP: vip, MAC: mac, State: s} }
	require.Empty(t, use(rfc, 300*sec, off, at(40*sec, "pc", is(trace.Stale))))
	require.Empty(t, use(rfc, 300*sec, off, at(40*sec, "pc", is(trace.Stale)), at(292*sec, "pc", is(trace.Delay))))
	require.NotEmpty(t, use(rfc, 300*sec, off, at(40*sec, "pc", is(trace.Stale)), at(230*sec, "pc", is(trace.Delay))))
}
