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

// H9: what ping.exe prints is what an echo request would have met: no answer where there must have been one is a finding,
// not where the answer came or went in its wait, or where frames are lost by chance.
func TestP11_PingsThatMustHaveBeenAnswered(t *testing.T) {
	found := func(s *story.Story, outcome trace.PingOutcome, wait time.Duration) (all []finding.Note) {
		s.At(-10).Add("pc", trace.PingStart{ID: 1, Target: vip, Wait: wait}).At(100).Add("pc", trace.PingLine{ID: 1, Seq: 100, Outcome: outcome})
		for _, f := range keepsAddresses(facts.Read(s.End(300))).Findings {
			if f.Kind == "p11.ping" {
				all = append(all, f.Note)
			}
		}
		return all
	}
	want := []finding.Note{{Kind: "p11.ping", Client: "pc", VIP: vip, At: seconds(100), Until: seconds(100), Rules: []string{"H9"}}}
	require.Equal(t, want, found(story.Guide(), trace.TimedOut, 0))
	require.Equal(t, want, found(story.Guide(), trace.HostUnreachable, 0))
	require.Empty(t, found(story.Guide(), trace.GeneralFailure, 0), "it did not send")
	require.Empty(t, found(story.Guide().At(20).Blocks("active", trace.EchoRule), trace.TimedOut, 0), "a firewall")
	flap := func() *story.Story {
		return story.Guide().At(90).Unplug("active").At(91).Plug("active", trace.Preferred)
	}
	require.Equal(t, want, found(flap(), trace.TimedOut, 0), "it was sent when all was well again")
	require.Empty(t, found(flap(), trace.TimedOut, 8*time.Second), "or before that")
	lossy := story.Guide().At(20).Add("", trace.Impairment{Cable: "active", Loss: 0.1})
	require.Empty(t, found(lossy, trace.TimedOut, 0), "it may be lost")
}
