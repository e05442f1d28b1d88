package facts

import (
	"flag"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// naive answers P0 for one instant from the whole trace anew, as the definition reads.
type naive struct {
	tr *trace.Trace
	at time.Duration
}

// last gives the latest record up to the instant that the host has of the kind wanted; a
// power-off wipes the rest.
func (n naive) last(hostName string, wanted func(trace.Body) bool) trace.Body {
	var found trace.Body
	for _, r := range n.tr.Records {
		if r.At > n.at || r.Host != hostName {
			continue
		}
		if p, ok := r.Body.(trace.Power); ok && p.State == trace.Off {
			if _, rule := found.(trace.Firewall); !rule {
				found = nil
			}
		}
		if wanted(r.Body) {
			found = r.Body
		}
	}
	return found
}

func (n naive) runs(host string, unrecorded trace.PowerState) bool {
	p, ok := n.last(host, func(b trace.Body) bool { _, is := b.(trace.Power); return is }).(trace.Power)
	if !ok {
		p.State = unrecorded
	}
	return p.State == trace.On || p.State == trace.Stopping
}

func (n naive) preferred(host string, ip netip.Addr) bool {
	a, _ := n.last(host, func(b trace.Body) bool { a, is := b.(trace.Address); return is && a.IP == ip }).(trace.Address)
	return a.State == trace.Preferred
}

func (n naive) blocked(host string) bool {
	f, _ := n.last(host, func(b trace.Body) bool { f, is := b.(trace.Firewall); return is && f.Rule == trace.EchoRule }).(trace.Firewall)
	return f.Blocked
}

func (n naive) up(cable string) bool {
	up := false
	for _, r := range n.tr.Records {
		if l, ok := r.Body.(trace.Link); ok && r.At <= n.at && l.Cable == cable {
			up = l.Up
		}
	}
	return up
}

// passes says whether frames get over the cable both ways: it has link, neither end is cut off, and no
// port of its is held since the link came up.
func (n naive) passes(cable string) bool {
	cut, held := map[string]bool{}, map[string]bool{}
	for _, r := range n.tr.Records {
		if r.At > n.at {
			break
		}
		switch b := r.Body.(type) {
		case trace.Link:
			if b.Cable == cable {
				held = map[string]bool{}
			}
		case trace.PortState:
			if b.Cable == cable {
				held[b.Switch] = b.State != trace.Forwarding
			}
		case trace.Impairment:
			if b.Cable == cable {
				cut[b.From] = b.Cut || b.Loss >= 1
			}
		}
	}
	for _, c := range n.tr.Header.Cables {
		if c.Name == cable && (cut[c.A] || cut[c.B] || held[c.A] || held[c.B]) {
			return false
		}
	}
	return n.up(cable)
}

// path searches a way over cables that pass frames, through switches only.
func (n naive) path(from, to string, seen map[string]bool) bool {
	seen[from] = true
	for _, c := range n.tr.Header.Cables {
		for _, way := range [][2]string{{c.A, c.B}, {c.B, c.A}} {
			if way[0] != from || seen[way[1]] || !n.passes(c.Name) {
				continue
			}
			isSwitch := way[1] == "s1" || way[1] == "s2"
			if way[1] == to || isSwitch && n.path(way[1], to, seen) {
				return true
			}
		}
	}
	return false
}

func (n naive) answerers(c trace.Client, vip netip.Addr) []string {
	if !n.runs(c.Name, trace.On) || !n.preferred(c.Name, c.Address.Addr()) {
		return nil
	}
	var by []string
	for _, node := range n.tr.Header.Nodes {
		if n.runs(node.Role, trace.Off) && n.preferred(node.Role, vip) && !n.blocked(node.Role) && n.joined(c, node, vip) {
			by = append(by, node.Role)
		}
	}
	slices.Sort(by)
	return by
}

const horizon = 12 // seconds a random trace lasts

var vips = []netip.Addr{vip, netip.MustParseAddr("192.168.10.203")}

// randomTrace is a small network of any shape with any records, mostly up.
func randomTrace(rt *rapid.T) *trace.Trace { return randomStory(rt).End(horizon + 0.5) }

func randomStory(rt *rapid.T) *story.Story {
	s := story.Bare()
	h := s.Header
	h.VIPs = []trace.VIP{{Address: vips[0]}, {Address: vips[1]}}
	h.Clients = append(h.Clients, trace.Client{Name: "pc2", Address: netip.MustParsePrefix("192.168.10.51/24"), MAC: trace.MAC{2, 0, 0, 0, 0, 10}})
	h.Cables = nil
	device := rapid.SampledFrom([]string{"s1", "s2", "s1", "active", "standby", "pc", "pc2"})
	for i, end := range []string{"active", "standby", "pc", "pc2", "s1", "s2"} {
		h.Cables = append(h.Cables, trace.Cable{Name: fmt.Sprint("c", i), A: end, B: device.Draw(rt, "far end")})
		s.At(0).Link(fmt.Sprint("c", i), rapid.IntRange(0, 9).Draw(rt, "up") > 0)
	}
	if rapid.Bool().Draw(rt, "routers") {
		addRouters(rt, s)
	}
	for _, host := range []string{"active", "standby", "pc", "pc2"} {
		s.Power(host, trace.On).Own(host, trace.Preferred)
	}
	s.Holds(rapid.SampledFrom([]string{"active", "standby"}).Draw(rt, "holder"), trace.Preferred)
	for _, c := range h.Clients {
		for _, ip := range vips {
			s.At(max(0, float64(rapid.IntRange(-horizon, horizon).Draw(rt, "uses")))).Add(c.Name, trace.Use{VIP: ip})
		}
	}
	for range rapid.IntRange(0, 25).Draw(rt, "records") {
		randomRecord(rt, s.At(float64(rapid.IntRange(1, horizon).Draw(rt, "at"))))
	}
	return s
}

func randomRecord(rt *rapid.T, s *story.Story) {
	node := rapid.SampledFrom([]string{"active", "standby"}).Draw(rt, "node")
	client := rapid.SampledFrom([]string{"pc", "pc2"}).Draw(rt, "client")
	ip := rapid.SampledFrom(vips).Draw(rt, "vip")
	states := rapid.SampledFrom([]trace.AddressState{trace.Preferred, trace.Preferred, trace.Tentative, trace.Duplicate, trace.Absent})
	kinds := pick(len(s.Header.Routers) > 0, 12, 10)
	switch rapid.IntRange(0, kinds).Draw(rt, "kind") {
	case 0:
		s.Link(fmt.Sprint("c", rapid.IntRange(0, 11).Draw(rt, "cable")), rapid.Bool().Draw(rt, "up"))
	case 1:
		powers := []trace.PowerState{trace.On, trace.On, trace.Stopping, trace.Frozen, trace.Booting, trace.Off}
		s.Power(rapid.SampledFrom([]string{node, node, client}).Draw(rt, "whose"), rapid.SampledFrom(powers).Draw(rt, "power"))
	case 2:
		s.Own(client, states.Draw(rt, "own"))
	case 3, 4:
		s.Add(node, trace.Address{IP: ip, State: states.Draw(rt, "state")})
	case 5:
		s.Add(node, trace.Firewall{Rule: rapid.SampledFrom([]trace.FirewallRule{trace.EchoRule, trace.PipeRule}).Draw(rt, "rule"), Blocked: rapid.Bool().Draw(rt, "blocked")})
	case 6, 7:
		s.Add(client, trace.Neighbor{IP: ip, MAC: s.Header.Node(node).MAC, State: entries.Draw(rt, "entry")})
	case 8:
		peer := s.Header.Clients[0]
		mac := pick(rapid.IntRange(0, 3).Draw(rt, "right") > 0, peer.MAC, trace.MAC{2, 9})
		s.Add(node, trace.Neighbor{IP: peer.Address.Addr(), MAC: mac, State: entries.Draw(rt, "entry")})
	case 9, 10:
		c := rapid.SampledFrom(s.Header.Cables).Draw(rt, "cable")
		end := rapid.SampledFrom([]string{c.A, c.B}).Draw(rt, "end")
		if rapid.Bool().Draw(rt, "spanning tree") {
			sw := pick(c.A == "s1" || c.A == "s2", c.A, c.B)
			s.Add("", trace.PortState{Switch: sw, Cable: c.Name, State: rapid.SampledFrom([]trace.PortPhase{trace.Forwarding, trace.Listening}).Draw(rt, "port")})
		} else {
			s.Add("", trace.Impairment{Cable: c.Name, From: end, Cut: seldom(rt, "cut"), Loss: float64(rapid.IntRange(0, 2).Draw(rt, "loss")) / 2})
		}
	default:
		randomRouterRecord(rt, s, ip, s.Header.Node(node).MAC)
	}
}

var entries = rapid.SampledFrom([]trace.NeighborState{
	trace.Reachable, trace.Stale, trace.Delay, trace.Probe, trace.Incomplete, trace.Unreachable, trace.Removed,
})

// The sweep and the definition agree at every instant of 2,000 random traces.
func TestP0_SweepAgreesWithTheDefinition(t *testing.T) {
	setCases(t, "2000")
	answered, silent, routed, chained := 0, 0, 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		tr := randomTrace(rt)
		f := Read(tr)
		for _, c := range tr.Header.Clients {
			for _, ip := range vips {
				spans := useIn(f, c.Name, ip).Answered
				requireMaximal(rt, spans)
				for half := 0; half <= 2*horizon+1; half++ {
					at := time.Duration(half) * time.Second / 2
					want := naive{tr, at}.answerers(c, ip)
					if got := byAt(spans, at, tr.End); !slices.Equal(got, want) {
						rt.Fatalf("P0 for %s and %s at %s: the sweep says %v, the definition %v\n%+v", c.Name, ip, at, got, want, tr)
					}
					if len(want) > 0 {
						answered++
						if !c.Address.Contains(ip) {
							routed++
							chained += pick(len(tr.Header.Routers[0].Routes) > 0, 1, 0)
						}
					} else {
						silent++
					}
				}
			}
		}
	})
	require.Greater(t, answered, silent/10, "The random traces must show both: answered and not.")
	require.Greater(t, routed, silent/200, "They must show answers through routers.")
	require.Greater(t, chained, silent/2000, "And over several in a row.")
}

// setCases asks rapid for more cases than its default, unless the command line says otherwise.
func setCases(t *testing.T, n string) {
	f := flag.Lookup("rapid.checks")
	if f.Value.String() == f.DefValue {
		require.NoError(t, flag.Set("rapid.checks", n))
		t.Cleanup(func() { _ = flag.Set("rapid.checks", f.DefValue) })
	}
}

func byAt(spans []finding.Span, at, end time.Duration) []string {
	for _, s := range spans {
		if s.From <= at && (at < s.To || at == s.To && at == end) {
			return s.By
		}
	}
	return nil
}

func requireMaximal(t require.TestingT, spans []finding.Span) {
	for i := 1; i < len(spans); i++ {
		a, b := spans[i-1], spans[i]
		require.LessOrEqual(t, a.To, b.From, "Spans are sorted and apart.")
		require.False(t, a.To == b.From && slices.Equal(a.By, b.By), "Spans of the same nodes do not touch.")
	}
}
