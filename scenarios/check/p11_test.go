package check

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/facts"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// H14: a peer that is there when Windows tries for the last time is reached.
func TestP11_APeerThatIsThereIsReached(t *testing.T) {
	asks := func(s *story.Story) *trace.Trace {
		s.Every(func(n *trace.Node) { n.Tries = []time.Duration{0, 3 * time.Second, 9 * time.Second, 21 * time.Second} })
		return s.At(121).Asks("standby", trace.NoAnswer, 21).End(300)
	}
	found := func(s *story.Story) (all []finding.Note) {
		for _, f := range keepsAddresses(facts.Read(asks(s))).Findings {
			if f.Kind == "p11.unreached" {
				all = append(all, f.Note)
			}
		}
		return all
	}
	require.Equal(t, []finding.Note{{
		Kind: "p11.unreached", Node: "standby", Peer: "active", VIP: vip, At: seconds(121), Until: seconds(121), Rules: []string{"H14"},
	}}, found(story.Guide()))
	for name, s := range map[string]*story.Story{
		"its firewall lets nobody in":              story.Guide().At(20).Blocks("active", trace.PipeRule),
		"it has no link":                           story.Guide().At(20).Unplug("active"),
		"it has power again after the last try":    story.Guide().At(20).Power("active", trace.Off).At(110).Power("active", trace.On).Own("active", trace.Preferred),
		"a rule may take some of it":               story.Guide().At(20).Add("", trace.Rule{Text: "drop tcp every 2", Verdict: trace.Drop, Protocol: "tcp", Some: true}),
		"the ARP cache leads elsewhere":            story.Guide().At(20).Entry("standby", "192.168.10.11", 99),
		"its answers go to somebody else's MAC":    story.Guide().At(20).Entry("active", "192.168.10.12", 99),
		"the asker has no address of its own left": story.Guide().At(20).Own("standby", trace.Duplicate),
	} {
		require.Empty(t, found(s), name)
	}
}
