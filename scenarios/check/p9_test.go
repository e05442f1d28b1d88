package check

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// A node that is up, connected and unhindered keeps its VIP, however short another one has it.
func TestP9_AHealthyHolderKeepsItsVIP(t *testing.T) {
	wants(t, "P9", Pass, story.Guide().End(300), "P9: nobody takes anything.")
	wants(t, "P9", Pass, story.ComesBack(7), "P9: a failover and a give-back take it from nobody.")
	short := story.Guide().At(87).Takes("standby").At(87.5).Gives("standby", story.TakenOver)
	r := wants(t, "P9", Fail, short.End(300), "P9: half a second is too long.")
	require.Equal(t, finding.Note{
		Kind: "p9.taken", Node: "active", Peer: "standby", VIP: vip, At: seconds(87), Until: seconds(87), Rules: []string{"W11", "H3"},
	}, r.Findings[0].Note, "Nothing on record explains it.")
}

// N1: a standby that does not hear the holder takes the VIP from it, and is heard.
func TestP9_ADeafStandby(t *testing.T) {
	s := story.Guide().At(50).Fault("cut", "standby", "sw").Cut("standby", "sw", true)
	s.At(83).Watch("standby", trace.Taking, story.Free).At(87).Takes("standby")
	r := wants(t, "P9", Fail, s.End(300), "P9: the holder was well, and the client follows the announcement.")
	require.Equal(t, 1, r.Findings[0].Fault, "The cut is behind it.")
	mute := story.Guide().At(50).Fault("cut", "standby", "standby").Cut("standby", "standby", true)
	wants(t, "P9", Fail, mute.At(87).Takes("standby").End(300), "P9: one that is not heard, but hears, has no reason either.")
}

// In a network that is split each side has a right to a node.
func TestP9_ASplitNetworkIsLeft(t *testing.T) {
	trunk := func(up bool) *trace.Trace {
		s := story.Guide()
		s.Header.Cables[0].B = "far"
		s.Header.Cables = append(s.Header.Cables, trace.Cable{Name: "trunk", A: "far", B: "sw"})
		s.At(-100).Link("trunk", true).At(50)
		if !up {
			s.Fault("unplug", "trunk").Link("trunk", false)
		}
		return s.At(87).Takes("standby").End(300)
	}
	r := wants(t, "P9", Pass, trunk(false), "P9: neither side hears the other.")
	require.Equal(t, finding.Kind("p9.split"), r.Left[0].Kind, "That is said.")
	wants(t, "P9", Fail, trunk(true), "P9: with the trunk there is no excuse.")
}

// N2: a standby whose port passes nothing yet reaches no client either: it takes the VIP for nobody.
func TestP9_AStandbyBehindSpanningTree(t *testing.T) {
	s := story.Guide().At(50).Port("standby", trace.Listening).At(87).Takes("standby").At(90).Port("standby", trace.Forwarding)
	wants(t, "P9", Fail, s.At(95).Gives("standby", story.TakenOver).End(300), "P9: nobody needed it there, and nobody lost it.")
}

// A holder that does not run, or has no cable, is none.
func TestP9_AHolderThatIsLostIsNone(t *testing.T) {
	for name, lose := range map[string]func(*story.Story) *story.Story{
		"frozen":    func(s *story.Story) *story.Story { return s.Fault("freeze", "active").Power("active", trace.Frozen) },
		"unplugged": func(s *story.Story) *story.Story { return s.Unplug("active") },
		"off":       func(s *story.Story) *story.Story { return s.PowerOff("active") },
		"booting":   func(s *story.Story) *story.Story { return s.Power("active", trace.Off).Power("active", trace.Booting) },
		"released":  func(s *story.Story) *story.Story { return s.Gives("active", story.AtStop) },
		"tentative": func(s *story.Story) *story.Story { return s.Holds("active", trace.Tentative) },
	} {
		r := wants(t, "P9", Pass, lose(story.Guide().At(60)).At(94).Takes("standby").End(300), "P9: a holder that is "+name+" has lost it.")
		require.Empty(t, r.Left, name)
	}
	wants(t, "P9", Fail, story.Guide().At(94).Takes("standby").End(300), "P9: one that stands has not.")
}

// A standby that is frozen in its detection ends it when it wakes, before it reads what came meanwhile or hears of its link.
func TestP9_OneThatWakesInItsDetection(t *testing.T) {
	wakes := func(s *story.Story) *trace.Trace {
		s.Holds("standby", trace.Tentative).At(60).Power("standby", trace.Frozen)
		return s.At(90).Power("standby", trace.On).Holds("standby", trace.Preferred).Holds("standby", trace.Tentative).End(300)
	}
	r := wants(t, "P9", Pass, wakes(story.Guide().At(58)), "P9: it could not hear the holder.")
	require.Equal(t, finding.Kind("p9.slept"), r.Left[0].Kind, "That is said.")
	r = wants(t, "P9", Pass, wakes(story.Guide().At(58).Unplug("standby")), "P9: without a link it takes nothing.")
	require.Empty(t, r.Left, "Nothing is to be excused.")
	late := story.Guide().At(58).Power("standby", trace.Frozen).At(60).Power("standby", trace.On)
	late.At(61).Holds("standby", trace.Tentative).At(64).Holds("standby", trace.Preferred)
	wants(t, "P9", Fail, late.End(300), "P9: one that was awake all the while should have heard it.")
}

func TestP9_AMasterThatTakesItBackUnasked(t *testing.T) {
	s := story.Taken().At(200).Plug("active", trace.Absent).At(207).Takes("active")
	r := wants(t, "P9", Fail, s.End(300), "P9: the slave holds it until it has given it back.")
	require.Equal(t, []string{"standby", "active"}, []string{r.Findings[0].Node, r.Findings[0].Peer})
}

func TestP9_NoDataIsInconclusive(t *testing.T) {
	wants(t, "P9", Inconclusive, &trace.Trace{}, "P9: without a VIP nothing is proved.")
	wants(t, "P9", Inconclusive, story.Cold().End(300), "P9: without a holder nothing is proved.")
}

// W11, H8: who is asked in a network that is whole answers, so that nobody has a reason to take what it holds.
func TestP9_PollsThatMustHaveBeenAnswered(t *testing.T) {
	decides := func(s *story.Story) *trace.Trace { return s.At(94).Watch("standby", trace.Taking, story.Free).End(300) }
	r := wants(t, "P9", Fail, decides(story.Guide()), "P9: it held the VIP all the time that the standby counted.")
	require.Equal(t, finding.Note{
		Kind: "p9.deaf", Node: "active", Peer: "standby", VIP: vip, At: seconds(94), Until: seconds(94), Rules: []string{"W11", "H8"},
	}, r.Findings[0].Note)
	wants(t, "P9", Fail, decides(story.Guide().At(63).Blocks("standby", trace.EchoRule)), "P9: its own firewall keeps no answer out.")
	wants(t, "P9", Pass, decides(story.Guide().At(63).Blocks("active", trace.EchoRule)), "P9: the holder's keeps the question out.")
	granted := story.Guide().At(94).Add("standby", trace.Watch{VIP: vip, State: trace.Taking, Why: "granted", Rule: "W16"})
	wants(t, "P9", Pass, granted.End(300), "P9: who was granted the VIP needs no polls.")
	wants(t, "P9", Pass, decides(story.Guide().At(63.95).Unplug("active").At(64).Plug("active", trace.Preferred)), "P9: the poll may have been lost with the link.")
	wrong := func(s *story.Story) *story.Story { return s.Entry("standby", vip.String(), 99) }
	wants(t, "P9", Pass, decides(wrong(story.Guide().At(20))), "P9: polls go where the ARP cache leads.")
	wants(t, "P9", Pass, decides(story.Guide().At(20).Add("", trace.Rule{Text: "drop icmp on standby", Verdict: trace.Drop, Protocol: "icmp", Cable: "standby"})), "P9: a rule takes them away.")
}
