package check

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// "at most one node answers, once the network has been whole for longer than the longest of
// (Interval + 2 PingTimeout + address add)": 30 + 6 + 1 + 3 = 40 s.
func TestP3_SplitBrainEndsInTime(t *testing.T) {
	wants(t, "P3", Pass, story.SplitBrain(31), "P3: a split brain settled in 31 s is none of P3's.")
	wants(t, "P3", Pass, story.SplitBrain(40), "P3: 40.0 s is within the time.")
	r := wants(t, "P3", Fail, story.SplitBrain(40.2), "P3: a split brain of 40.2 s in a whole network fails.")
	require.Equal(t, finding.Note{
		Kind: "p3.both", Node: "active", Peer: "standby", VIP: vip, At: seconds(100), Until: seconds(140.2), Time: seconds(40.2),
		Want: band(0, 40.1), Rules: []string{"W17"},
	}, r.Findings[0].Note, "A finding says what was seen.")
}

func TestP3_NodesApartMayBothHold(t *testing.T) {
	s := story.Guide().At(40).Link("active", false).At(75).Takes("standby")
	wants(t, "P3", Pass, s.End(1000), "P3 speaks of nodes that can reach each other.")
}

func TestP3_FrozenNodeAnswersNothing(t *testing.T) {
	s := story.Guide().At(40).Power("active", trace.Frozen).At(75).Takes("standby").At(500).Power("active", trace.On)
	wants(t, "P3", Pass, s.At(520).Gives("standby", trace.ByPeer).End(600), "P3: a frozen holder does not answer, and thawing starts the time.")
}

func TestP3_EachChangeOfTheNetworkStartsTheTime(t *testing.T) {
	dual := func() *story.Story { return story.Guide().At(10).Holds("standby", trace.Preferred) }
	wants(t, "P3", Fail, dual().At(65).Gives("standby", trace.ByPeer).End(300), "P3: 55 s in a network that does not change.")
	busy := dual().At(40).Blocks("standby", trace.EchoRule)
	wants(t, "P3", Pass, busy.At(65).Gives("standby", trace.ByPeer).End(300), "P3: 30 s and 25 s around a change.")
	other := dual().At(40).Link("pc", false)
	wants(t, "P3", Fail, other.At(65).Gives("standby", trace.ByPeer).End(300), "P3: a client's cable is not the nodes' network.")
}

// A router's cable is no way between nodes: pulling it gives a split brain no new time.
func TestP3_ARoutersCableIsNoChangeOfTheNodesNetwork(t *testing.T) {
	brain := func(cable string) *trace.Trace {
		s := story.Routed().At(60).Holds("standby", trace.Preferred)
		s.Header.Cables = append(s.Header.Cables, trace.Cable{Name: "trunk", A: "sw", B: "sw2"})
		return s.At(90).Link(cable, true).At(90.1).Link(cable, false).At(120).Holds("standby", trace.Absent).End(300)
	}
	wants(t, "P3", Fail, brain("core1-sw"), "P3: 60 s of a split brain are too long.")
	wants(t, "P3", Pass, brain("trunk"), "P3: a trunk that changes gives the watchers their time again.")
}

// Without the pipe no assertion is heard (W17): the slave's cycle ends it (W18).
func TestP3_DeadPipeLeavesItToTheCycle(t *testing.T) {
	dual := func(deafFor, lasts float64) *trace.Trace {
		s := story.Guide().At(40).Link("active", false).At(75).Takes("standby").At(100).Link("active", true)
		for at := 110.0; at < 100+deafFor; at += 30 {
			s.At(at+5).Asks("active", trace.NoAnswer, 5)
		}
		return s.At(100+lasts).Gives("standby", trace.ByCycle).End(3000)
	}
	r := wants(t, "P3", Pass, dual(1700, 1700), "W18: without the pipe a split brain lasts until the slave's cycle.")
	require.Len(t, r.Left, 1, "What the dead pipe excuses is listed.")
	require.Equal(t, finding.Kind("why.request"), reason(t, r).Kind, "The reason is named.")
	require.Contains(t, reason(t, r).Text, "error 53")
	wants(t, "P3", Fail, dual(1900, 1802), "W18: longer than the cycle nothing excuses.")
	wants(t, "P3", Pass, dual(200, 220), "W17: with the pipe back, one Interval settles it.")
	wants(t, "P3", Fail, dual(200, 250), "W17: with the pipe back, a split brain that goes on is caught.")
	waits := func(first bool) *trace.Trace {
		s := story.Guide().At(10).Holds("standby", trace.Preferred)
		if first {
			s.At(31).Asks("active", trace.NoAnswer, 21)
		}
		return s.At(80).Asks("active", trace.Released, 40).Gives("standby", trace.ByPeer).End(300)
	}
	wants(t, "P3", Pass, waits(true), "W17: what kept one request from being heard held up the next.")
	wants(t, "P3", Fail, waits(false), "W17: one that waits by itself excuses nothing.")
}

// H18: a peer whose cache leads to a card that the asker's team has left is not to blame for hearing late.
func TestP3_ARequestMayGoToACardThatWasLeft(t *testing.T) {
	brain := func(moved bool) *trace.Trace {
		s := story.Guide().Entry("standby", "192.168.10.11", 1).At(40).Holds("standby", trace.Preferred)
		if moved {
			s.Add("active", trace.Card{MAC: trace.MAC{2, 0, 0, 0, 0, 10}}).At(95).Entry("standby", "192.168.10.11", 10)
		}
		return s.At(100).Asks("active", trace.Released, 50).Gives("standby", trace.ByPeer).End(300)
	}
	r := wants(t, "P3", Pass, brain(true), "H18: the request was heard when the cache had the new card.")
	require.Equal(t, &finding.Note{Kind: "why.missed", Node: "active", At: seconds(50), Rules: []string{"N3", "H18"}}, reason(t, r))
	wants(t, "P3", Fail, brain(false), "W17: 60 s with a card that was the same all along are too long.")
}

func TestP3_FirewallOnThePipeLeavesItToTheCycle(t *testing.T) {
	dual := func(node string) *trace.Trace {
		s := story.Guide().Blocks(node, trace.PipeRule).At(10).Holds("standby", trace.Preferred)
		return s.At(500).Gives("standby", trace.ByCycle).End(3000)
	}
	wants(t, "P3", Pass, dual("standby"), "W18: a slave whose firewall is shut on the pipe hears no assertion.")
	wants(t, "P3", Fail, dual("active"), "W17: the master's own firewall does not keep it from asking.")
}

func TestP3_OpenSplitBrain(t *testing.T) {
	dual := func(end float64) *trace.Trace {
		return story.Guide().At(10).Holds("standby", trace.Preferred).End(end)
	}
	wants(t, "P3", Inconclusive, dual(30), "P3: a split brain cut off by the trace's end proves nothing.")
	wants(t, "P3", Fail, dual(60), "P3: one that lasts to the end fails once it is too long.")
}

func TestP3_LongestNodeSetsTheTime(t *testing.T) {
	tr := story.SplitBrain(60)
	tr.Header.Nodes[1].Interval = 60 * time.Second
	wants(t, "P3", Pass, tr, "P3: the longest Interval of the nodes counts.")
}

func TestP3_NoDataIsInconclusive(t *testing.T) {
	r := wants(t, "P3", Inconclusive, &trace.Trace{}, "P3: without a VIP nothing is proved.")
	require.Equal(t, finding.Kind("missing.vip"), r.Reason.Because.Kind)
	r = wants(t, "P3", Inconclusive, story.Cold().End(300), "P3: without a holder nothing is proved.")
	require.Equal(t, &finding.Note{Kind: "missing.holder", VIP: vip}, r.Reason.Because)
}

func TestP3_TwoMastersNeverSettle(t *testing.T) {
	s := story.Guide().Every(func(n *trace.Node) { n.Master = true }).At(10).Holds("standby", trace.Preferred)
	s.At(30).Asks("active", trace.Refused, 0.1).At(60).Asks("active", trace.Refused, 0.1)
	r := wants(t, "P3", Fail, s.End(300), "W21: neither of two masters releases for the other.")
	require.Equal(t, []string{"W21"}, r.Findings[0].Rules, "The finding names the misconfiguration.")
}

// Only that the master itself asked for this VIP in vain excuses a split brain.
func TestP3_WhoseRequestsExcuse(t *testing.T) {
	dual := func(asks func(s *story.Story)) *trace.Trace {
		s := story.Guide().At(10).Holds("standby", trace.Preferred)
		for at := 25.0; at < 500; at += 30 {
			asks(s.At(at))
		}
		return s.At(500).Gives("standby", trace.ByCycle).End(3000)
	}
	wants(t, "P3", Pass, dual(func(s *story.Story) { s.Asks("active", trace.NoAnswer, 5) }), "W18: nobody hears the master.")
	for name, asks := range map[string]func(*story.Story){
		"the slave's request": func(s *story.Story) { s.Asks("standby", trace.NoAnswer, 5) },
		"another VIP's": func(s *story.Story) {
			s.Add("active", trace.Pipe{VIP: story.Inner, Answer: trace.NoAnswer, Took: seconds(5)})
		},
		"a request that was granted": func(s *story.Story) { s.Asks("active", trace.Released, 0.1) },
		"no request at all":          func(*story.Story) {},
	} {
		wants(t, "P3", Fail, dual(asks), "P3: "+name+" excuses nothing.")
	}
}

// W17: a time in which the master could have been heard is too long wherever it lies.
func TestP3_TheLongestTimeThatItCouldBeHeardCounts(t *testing.T) {
	dual := func(quiet float64) *trace.Trace {
		s := story.Guide().At(10).Holds("standby", trace.Preferred)
		for at := 10 + quiet; at < 400; at += 30 {
			s.At(at+5).Asks("active", trace.NoAnswer, 5)
		}
		return s.At(400).Gives("standby", trace.ByCycle).End(3000)
	}
	wants(t, "P3", Pass, dual(30), "P3: it asked each Interval, in vain.")
	wants(t, "P3", Fail, dual(100), "P3: for the first 100 s it asked nothing.")
}
