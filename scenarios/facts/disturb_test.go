package facts

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// N1, N2: what the network does to the way there or back makes the difference, from 10 s to 20 s.
func TestP0_TheNetworkCounts(t *testing.T) {
	for name, turn := range map[string]func(s *story.Story, good bool) *story.Story{
		"the active node is heard": func(s *story.Story, good bool) *story.Story { return s.Cut("active", "active", !good) },
		"the active node hears":    func(s *story.Story, good bool) *story.Story { return s.Cut("active", "sw", !good) },
		"the client is heard":      func(s *story.Story, good bool) *story.Story { return s.Cut("pc", "pc", !good) },
		"not all that the active node sends is lost": func(s *story.Story, good bool) *story.Story {
			return s.Add("", trace.Impairment{Cable: "active", From: "active", Loss: pick(good, 0.5, 1.0)})
		},
		"the node's port forwards": func(s *story.Story, good bool) *story.Story {
			return s.Port("active", pick(good, trace.Forwarding, trace.Learning))
		},
		"the client's port forwards": func(s *story.Story, good bool) *story.Story {
			return s.Port("pc", pick(good, trace.Forwarding, trace.Listening))
		},
		"the node's entry for the client is right": func(s *story.Story, good bool) *story.Story {
			pc := s.Header.Clients[0]
			return s.Add("active", trace.Neighbor{IP: pc.Address.Addr(), MAC: pick(good, pc.MAC, trace.MAC{2, 9}), State: trace.Reachable})
		},
	} {
		tr := turn(turn(story.Guide().At(10), false).At(20), true).End(100)
		require.Equal(t, []finding.Span{span(-65, 10, "active"), span(20, 100, "active")}, answered(tr), "P0 holds only while %s.", name)
	}
}

// N2: a link that is lost ends what spanning tree did; its return begins it anew, or not.
func TestP0_ALinkBeginsAnew(t *testing.T) {
	s := story.Guide().At(10).Port("active", trace.Listening).At(12).Link("active", false).At(15).Link("active", true)
	require.Equal(t, []finding.Span{span(-65, 10, "active"), span(15, 100, "active")}, answered(s.End(100)))
}

// A rule that drops all ICMP it names is in P0; where it does not match, it is not.
func TestP0_RulesOnICMP(t *testing.T) {
	until, always := []finding.Span{span(-65, 10, "active")}, []finding.Span{span(-65, 100, "active")}
	for _, c := range []struct {
		rule trace.Rule
		want []finding.Span
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
		{trace.Rule{Protocol: "arp"}, until}, // the node has no entry, and asks in vain
		{trace.Rule{Type: 0x0806, Form: "request", To: "pc"}, until},
		{trace.Rule{Protocol: "arp", Form: "reply", To: "pc"}, always}, // it has an entry
		{trace.Rule{Protocol: "arp", Form: "announcement"}, always},
		{trace.Rule{Protocol: "arp", To: "standby"}, always},
		{trace.Rule{Protocol: "icmp", Some: true}, always}, // which ones is not known: see Noise
	} {
		require.Equal(t, c.want, answered(story.Guide().At(10).Drops(c.rule).End(100)), "%+v", c.rule)
	}
}

// FIELD-FACTS, l2-dai: the moved VIP never gets through a switch that inspects ARP; a client that has
// no entry cannot learn one.
func TestP0_ARPInspection(t *testing.T) {
	for node, want := range map[string]int{"active": 1, "standby": 2} {
		s := story.Taken().At(95).Forget("pc")
		allow := func(role string) {
			i := &s.Header.Inspections[0]
			i.Bindings = append(i.Bindings, trace.Binding{IP: vip, MAC: s.Header.Node(role).MAC})
		}
		s.Header.Inspections = []trace.Inspection{{Switch: "sw"}}
		allow("active") // so that the story before holds
		if node != "active" {
			allow(node)
		}
		f := Read(s.End(300))
		require.Len(t, useIn(f, "pc", vip).Answered, want, "bound to %s", node)
		require.Equal(t, want == 1, len(f.Of("standby", vip).Hidden) > 0, "its copy is hidden from all others")
	}
}

// Noise is what no check can promise a time under: chance, and delays that are felt.
func TestNoise(t *testing.T) {
	for _, c := range []struct {
		does trace.Body
		want bool
	}{
		{trace.Impairment{Cable: "standby", From: "sw", Loss: 0.01}, true},
		{trace.Impairment{Cable: "standby", From: "sw", Delay: time.Second}, true},
		{trace.Impairment{Cable: "standby", From: "sw", Duplicate: 1}, false},
		{trace.Impairment{Cable: "standby", From: "sw", Delay: 5 * time.Millisecond}, false},
		{trace.Impairment{Cable: "standby", From: "sw", Cut: true}, false},
		{trace.Rule{Text: "drop icmp echo nth 3", Verdict: trace.Drop, Protocol: "icmp", Some: true}, true},
		{trace.Rule{Text: "drop ip", Verdict: trace.Drop, Protocol: "ip"}, true}, // more than the echo
		{trace.Rule{Text: "delay 1s tcp", Verdict: trace.DelayFrame, Protocol: "tcp"}, true},
		{trace.Rule{Text: "drop icmp from nobody", Verdict: trace.Drop, Protocol: "icmp", From: "nobody"}, false},
		{trace.Rule{Text: "drop arp", Verdict: trace.Drop, Protocol: "arp"}, false},
	} {
		f := Read(story.Guide().At(50).Add("", c.does).End(100))
		require.Equal(t, c.want, len(f.Noise) == 1, "%+v", c.does)
		if c.want {
			require.Equal(t, [2]time.Duration{seconds(50), seconds(100)}, [2]time.Duration{f.Noise[0].From, f.Noise[0].To})
		}
	}
	s := story.Guide().At(50).Add("", trace.Impairment{Cable: "pc", From: "sw", Loss: 0.01})
	s.At(60).Add("", trace.Impairment{Cable: "pc", From: "pc", Loss: 0.01}).At(70).Add("", trace.Impairment{Cable: "pc", From: "sw"})
	f := Read(s.End(100))
	require.Len(t, f.Noise, 2, "each end is a disturbance of its own")
	require.Equal(t, seconds(70), f.Noise[0].To, "which is over when the end is quiet again")
	require.Equal(t, seconds(100), f.Noise[1].To)
}

// A node that holds the VIP behind a cut is out of reach, not absent.
func TestParts_OutOfReach(t *testing.T) {
	o := only(story.Guide().At(60).Fault("cut", "active", "active").Cut("active", "active", true).At(94).Takes("standby").End(300))
	require.Equal(t, parts(finding.OutOfReach, 34), o.Parts)
	require.Equal(t, finding.LostPath, o.Loss)
	require.Equal(t, finding.Cause{Kind: finding.ByFault, At: seconds(60), Fault: 1}, o.Cause)
}

// A rule that drops what a client asks loses nobody: the holder stands, and is not heard.
func TestParts_FilteredByARule(t *testing.T) {
	rule := trace.Rule{Protocol: "icmp", Text: "drop icmp from active", From: "active"}
	o := only(story.Guide().At(60).Fault("rule", "", rule.Text).Drops(rule).At(62).Forget("pc").End(600))
	require.Equal(t, pinged(parts(finding.Filtered, 540)), o.Parts)
	require.Equal(t, finding.NotLost, o.Loss)
	require.Equal(t, finding.OtherKind, o.Kind)
	require.Equal(t, finding.Cause{Kind: finding.ByFault, At: seconds(60), Fault: 1}, o.Cause)
	require.Equal(t, "rule drop icmp from active", Read(story.Guide().At(60).Fault("rule", "", rule.Text).End(600)).Fault(1).Line())
}
