package facts

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// H9: an echo that waits for ARP is lost when the host gives up, even if a holder came meanwhile: its
// last question went out too early. The broken twin gets an answer to it.
func TestP0_AHostThatAsksInVainIsNotAnswered(t *testing.T) {
	for ending, from := range map[trace.NeighborState]float64{
		trace.Unreachable: 96, // gave up; the next echo asks anew
		trace.Removed:     96,
		trace.Reachable:   94, // the question was heard
	} {
		s := story.Guide().At(60).Unplug("active").Forget("pc")
		s.At(93).Add("pc", trace.Neighbor{IP: vip, State: trace.Incomplete})
		s.At(94).Holds("standby", trace.Preferred)
		s.At(96).Add("pc", trace.Neighbor{IP: vip, MAC: s.Header.Node("standby").MAC, State: ending})
		spans := answered(s.End(200))
		last := spans[len(spans)-1]
		require.Equal(t, []string{"standby"}, last.By)
		require.Equal(t, seconds(from), last.From, "the question ends %s", ending)
	}
}

// P0: between two vain questions an echo would not be answered either, while a rule drops what would be asked; where an
// entry is there, or the question that is open gets its answer, the rule is nothing to it.
func TestP0_AHostThatWouldAskInVainIsNotAnswered(t *testing.T) {
	ask := func(s *story.Story, at float64, ending trace.NeighborState) {
		s.At(at).Add("pc", trace.Neighbor{IP: vip, State: trace.Incomplete})
		s.At(at+3).Add("pc", trace.Neighbor{IP: vip, MAC: s.Header.Node("active").MAC, State: ending})
	}
	rule := trace.Rule{Text: "drop arp to pc", Protocol: "arp", To: "pc"}
	told := func(first trace.NeighborState) []finding.Span {
		s := story.Guide()
		pc := s.Header.Clients[0]
		s.At(5).Add("active", trace.Neighbor{IP: pc.Address.Addr(), MAC: pc.MAC, State: trace.Reachable}).At(10).Drops(rule).At(20).Forget("pc")
		ask(s, 21, first)
		s.At(25).Forget("pc")
		ask(s, 26, trace.Unreachable)
		return answered(s.At(40).Add("", trace.RuleOver{Text: rule.Text}).End(100))
	}
	require.Equal(t, []finding.Span{span(-65, 20, "active"), span(40, 100, "active")}, told(trace.Unreachable))
	require.Equal(t, []finding.Span{span(-65, 20, "active"), span(21, 25, "active"), span(40, 100, "active")}, told(trace.Reachable))
}
