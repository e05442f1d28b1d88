package facts

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

func TestP0_AnsweredFollowsTheHolder(t *testing.T) {
	require.Equal(t, []finding.Span{span(-65, 60, "active"), span(94, 300, "standby")}, answered(story.FailsOver(34)),
		"P0: answered by active until the pull, by standby from its take-over.")
}

// Each part of P0 alone makes the difference, from 10 s to 20 s.
func TestP0_EveryConditionCounts(t *testing.T) {
	for name, turn := range map[string]func(s *story.Story, good bool) *story.Story{
		"the VIP is Preferred": func(s *story.Story, good bool) *story.Story {
			return s.Holds("active", pick(good, trace.Preferred, trace.Tentative))
		},
		"the machine is not frozen": func(s *story.Story, good bool) *story.Story {
			return s.Power("active", pick(good, trace.On, trace.Frozen))
		},
		"the echo is not blocked": func(s *story.Story, good bool) *story.Story {
			return s.Add("active", trace.Firewall{Rule: trace.EchoRule, Blocked: !good})
		},
		"the node's cable is up":   func(s *story.Story, good bool) *story.Story { return s.Link("active", good) },
		"the client's cable is up": func(s *story.Story, good bool) *story.Story { return s.Link("pc", good) },
		"the client's address is usable": func(s *story.Story, good bool) *story.Story {
			return s.Own("pc", pick(good, trace.Preferred, trace.Tentative))
		},
		"the client's entry is the holder": func(s *story.Story, good bool) *story.Story { return s.Cache("pc", pick(good, "active", "standby")) },
	} {
		tr := turn(turn(story.Guide().At(10), false).At(20), true).End(100)
		require.Equal(t, []finding.Span{span(-65, 10, "active"), span(20, 100, "active")}, answered(tr), "P0 holds only while %s.", name)
	}
}

func TestP0_WhatMakesNoDifference(t *testing.T) {
	always := []finding.Span{span(-65, 100, "active")}
	for name, s := range map[string]*story.Story{
		"an orderly shutdown, while the network works": story.Guide().At(10).Power("active", trace.Stopping),
		"an empty ARP cache":                           story.Guide().At(10).Forget("pc"),
		"the pipe's firewall":                          story.Guide().At(10).Blocks("active", trace.PipeRule),
		"the other node's cable":                       story.Guide().At(10).Link("standby", false),
		"what comes and goes in one instant":           story.Guide().At(10).Link("active", false).Link("active", true),
	} {
		require.Equal(t, always, answered(s.End(100)), "P0 is not changed by %s.", name)
	}
}

func TestP0_PowerOffLeavesNothing(t *testing.T) {
	tr := story.Guide().At(10).Power("active", trace.Off).At(20).Power("active", trace.On).End(100)
	require.Equal(t, []finding.Span{span(-65, 10, "active")}, answered(tr), "H6: power off takes the addresses, recorded or not.")
}

func TestP0_TwoHoldersAnswerAClientThatAsks(t *testing.T) {
	tr := story.Guide().At(10).Holds("standby", trace.Preferred).At(20).Forget("pc").At(30).Cache("pc", "standby").End(40)
	require.Equal(t, []finding.Span{span(-65, 20, "active"), span(20, 30, "active", "standby"), span(30, 40, "standby")},
		answered(tr), "P0: who answers is the cache's choice; without an entry it may be either.")
}

func TestP0_HostsDoNotBridge(t *testing.T) {
	s := story.Guide()
	s.Header.Cables = []trace.Cable{{Name: "active", A: "active", B: "standby"}, {Name: "pc", A: "pc", B: "standby"}}
	require.Empty(t, answered(s.End(100)), "N1: a path does not lead through a node.")
}

func TestP0_AnswerAtTheVeryEndCounts(t *testing.T) {
	require.Equal(t, []finding.Span{span(100, 100, "active")}, answered(story.Cold().At(100).Takes("active").End(100)),
		"P0: the end of the trace belongs to it.")
}

func TestHoldings_EveryStateHasItsLane(t *testing.T) {
	tr := story.Guide().At(10).Holds("standby", trace.Tentative).At(11).Holds("standby", trace.Duplicate).
		At(12).Holds("standby", trace.Absent).At(20).Power("active", trace.Frozen).At(30).Power("active", trace.On).End(100)
	require.Equal(t, []finding.Holding{
		{VIP: vip, Node: "active", State: trace.Preferred, From: seconds(-65), To: seconds(20)},
		{VIP: vip, Node: "active", State: trace.Preferred, From: seconds(30), To: seconds(100)},
		{VIP: vip, Node: "standby", State: trace.Tentative, From: seconds(10), To: seconds(11)},
		{VIP: vip, Node: "standby", State: trace.Duplicate, From: seconds(11), To: seconds(12)},
	}, Read(tr).Holdings, "A lane shows each state while the machine runs.")
}
