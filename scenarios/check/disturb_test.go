package check

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

func (s *story) cut(cable, from string, on bool) *story {
	return s.add("", trace.Impairment{Cable: cable, From: from, Cut: on})
}

func (s *story) port(cable, state string) *story {
	return s.add("", trace.PortState{Switch: "sw", Cable: cable, State: state})
}

func (s *story) rule(r trace.Rule) *story {
	r.Verdict = "drop"
	return s.add("", r)
}

// N1, N2: what the network does to the way there or back makes the difference, from 10 s to 20 s.
func TestP0_TheNetworkCounts(t *testing.T) {
	for name, turn := range map[string]func(s *story, good bool) *story{
		"the active node is heard":   func(s *story, good bool) *story { return s.cut("active", "active", !good) },
		"the active node hears":      func(s *story, good bool) *story { return s.cut("active", "sw", !good) },
		"the client is heard":        func(s *story, good bool) *story { return s.cut("pc", "pc", !good) },
		"the node's port forwards":   func(s *story, good bool) *story { return s.port("active", pick(good, "forwarding", "learning")) },
		"the client's port forwards": func(s *story, good bool) *story { return s.port("pc", pick(good, "forwarding", "listening")) },
		"the node's entry for the client is right": func(s *story, good bool) *story {
			pc := s.tr.Header.Clients[0]
			return s.add("active", trace.Neighbor{IP: pc.Address.Addr(), MAC: pick(good, pc.MAC, trace.MAC{2, 9}), State: trace.Reachable})
		},
	} {
		tr := turn(turn(guide().at(10), false).at(20), true).end(100)
		require.Equal(t, []Span{span(-65, 10, "active"), span(20, 100, "active")}, Answered(tr, "pc", vip), "P0 holds only while %s.", name)
	}
}

// N2: a link that is lost ends what spanning tree did; its return begins it anew, or not.
func TestP0_ALinkBeginsAnew(t *testing.T) {
	s := guide().at(10).port("active", "listening").at(12).link("active", false).at(15).link("active", true)
	require.Equal(t, []Span{span(-65, 10, "active"), span(15, 100, "active")}, Answered(s.end(100), "pc", vip))
}

// A rule that drops all ICMP it names is in P0; where it does not match, it is not.
func TestP0_RulesOnICMP(t *testing.T) {
	until, always := []Span{span(-65, 10, "active")}, []Span{span(-65, 100, "active")}
	for _, c := range []struct {
		rule trace.Rule
		want []Span
	}{
		{trace.Rule{Protocol: "icmp"}, until},
		{trace.Rule{Protocol: "icmp", Form: "echo"}, until},
		{trace.Rule{Protocol: "icmp", Form: "reply", From: "active"}, until},
		{trace.Rule{Protocol: "icmp", Form: "echo", From: "active"}, always}, // it sends answers only
		{trace.Rule{Protocol: "icmp", From: "standby"}, always},
		{trace.Rule{Protocol: "icmp", To: "pc"}, until},
		{trace.Rule{Protocol: "icmp", Cable: "pc"}, until},
		{trace.Rule{Protocol: "icmp", Cable: "standby"}, always}, // not on the way
		{trace.Rule{Protocol: "icmp", Src: vip}, until},
		{trace.Rule{Protocol: "icmp", Dst: vip, Form: "reply"}, always},
		{trace.Rule{Protocol: "ip"}, until},
		{trace.Rule{Type: 0x0800}, until},
		{trace.Rule{}, until},
		{trace.Rule{Protocol: "tcp"}, always},
		{trace.Rule{Protocol: "arp"}, always},              // its effect is in the caches
		{trace.Rule{Protocol: "icmp", Some: true}, always}, // which ones is not known: see disturbances
	} {
		require.Equal(t, c.want, Answered(guide().at(10).rule(c.rule).end(100), "pc", vip), "%+v", c.rule)
	}
}

// FIELD-FACTS, l2-dai: the moved VIP never gets through a switch that inspects ARP; a client that has
// no entry cannot learn one, and the node is none that could serve it.
func TestP0_ARPInspection(t *testing.T) {
	allowed := guide().tr.Header
	bind := func(node string) trace.Inspection {
		return trace.Inspection{Switch: "sw", Bindings: []trace.Binding{{IP: vip, MAC: allowed.Node(node).MAC}}}
	}
	for node, want := range map[string]int{"active": 1, "standby": 2} {
		s := guide().at(60).unplug("active").at(94).takes("standby").at(95).forget("pc")
		s.tr.Header.Inspections = []trace.Inspection{bind(node)}
		if node == "standby" { // so that the story before holds too
			s.tr.Header.Inspections[0].Bindings = append(s.tr.Header.Inspections[0].Bindings, bind("active").Bindings...)
		}
		require.Len(t, Answered(s.end(300), "pc", vip), want, "bound to %s", node)
	}
	s := guide().at(60).unplug("active").at(94).takes("standby").at(95).forget("pc")
	s.tr.Header.Inspections = []trace.Inspection{bind("active")}
	p4, _ := ByID("P4")
	require.NotEqual(t, Fail, p4.Run(s.end(600)).Verdict, "P4: a node whose ARP is dropped is not connected.")
}

// Under chance no time can be promised: what P1, P2, P4 and P3 would judge is left, with the reason;
// without the disturbance the same story fails.
func TestDisturbancesAreLeft(t *testing.T) {
	stories := map[string]func() *story{
		"P1": func() *story { return guide().at(60).unplug("active").at(110).takes("standby").at(400) },
		"P2": func() *story {
			s := taken().at(200).plug("active", trace.Duplicate).asks("active", "released", 0.1)
			return s.at(203.2).gives("standby", "W16").at(220).takes("active").at(400)
		},
		"P3": func() *story { return guide().at(60).holds("standby", trace.Preferred).at(300) },
		"P4": func() *story { return guide().at(60).unplug("active").at(300) },
	}
	for id, tell := range stories {
		wants(t, id, Fail, tell().end(500), id+": the story fails by itself.")
		disturb := func(b trace.Body) *trace.Trace {
			tr := tell().end(500)
			noisy := &trace.Trace{Header: tr.Header, End: tr.End}
			for _, r := range tr.Records {
				if r.At >= seconds(50) && b != nil {
					noisy.Add(seconds(50), "", b)
					b = nil
				}
				noisy.Add(r.At, r.Host, r.Body)
			}
			return noisy
		}
		for _, b := range []trace.Body{
			trace.Impairment{Cable: "standby", From: "sw", Loss: 0.01},
			trace.Impairment{Cable: "standby", From: "sw", Delay: time.Second},
			trace.Rule{Text: "drop icmp echo nth 3", Verdict: "drop", Protocol: "icmp", Some: true},
			trace.Rule{Text: "delay 1s tcp", Verdict: "delay", Protocol: "tcp"},
		} {
			one, _ := ByID(id)
			r := one.Run(disturb(b))
			require.NotEqual(t, Fail, r.Verdict, "%s: %+v may have changed it.", id, b)
			require.NotEmpty(t, r.Left, id)
		}
		for _, b := range []trace.Body{ // these change no time
			trace.Impairment{Cable: "standby", From: "sw", Duplicate: 1},
			trace.Impairment{Cable: "standby", From: "sw", Delay: 5 * time.Millisecond},
			trace.Rule{Text: "drop icmp from nobody", Verdict: "drop", Protocol: "icmp", From: "nobody"},
		} {
			wants(t, id, Fail, disturb(b), fmt.Sprintf("%s: %+v excuses nothing.", id, b))
		}
	}
}

// P1: a holder that the client does not hear, but the standby's address detection does, keeps the VIP.
func TestP1_LeavesAHolderThatDefends(t *testing.T) {
	s := guide().at(60).rule(trace.Rule{Protocol: "icmp", Text: "drop icmp from active", From: "active"})
	wants(t, "P1", NotApplicable, s.at(62).forget("pc").end(600), "P1: no node can take what another one defends.")
	require.Equal(t, LostPath, Failovers(s.end(600))[0].Loss)
}

// P2: the times are promised from the cable's return. Behind spanning tree frames pass later (N2).
func TestP2_LeavesAPortThatIsHeld(t *testing.T) {
	s := taken().at(200).link("active", true).port("active", "listening")
	s.at(203).own("active", trace.Preferred).holds("active", trace.Preferred) // nobody was heard (FIELD-FACTS, surprise 7)
	s.at(230).port("active", "forwarding").at(230.5).asks("active", "released", 0.1).gives("standby", "W17")
	tr := s.at(231).cache("pc", "active").end(400)
	r := wants(t, "P2", NotApplicable, tr, "P2: not from there.")
	require.Contains(t, r.Left[0].Sentence, "the link of active came up before its frames passed")
	f := Failbacks(tr)
	require.Len(t, f, 1)
	require.Equal(t, seconds(230), f[0].From)
	require.True(t, f[0].Held)
}

// A node that holds the VIP behind a cut is out of reach, not absent.
func TestBreakdown_OutOfReach(t *testing.T) {
	s := guide().at(60).cut("active", "active", true).at(94).takes("standby").end(300)
	all := Breakdown(s)
	require.Len(t, all, 1)
	require.Equal(t, seconds(34), all[0].OutOfReach)
	require.Equal(t, all[0].Length(), all[0].Sum())
	require.Equal(t, LostPath, all[0].Loss)
}
