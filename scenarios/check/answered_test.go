package check

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

func span(from, to float64, by ...string) Span {
	return Span{From: seconds(from), To: seconds(to), By: by}
}

func TestP0_AnsweredFollowsTheHolder(t *testing.T) {
	require.Equal(t, []Span{span(-65, 60, "active"), span(94, 300, "standby")}, Answered(failsOver(34), "pc", vip),
		"P0: answered by active until the pull, by standby from its take-over.")
}

// Each part of P0 alone makes the difference, from 10 s to 20 s.
func TestP0_EveryConditionCounts(t *testing.T) {
	for name, turn := range map[string]func(s *story, good bool) *story{
		"the VIP is Preferred": func(s *story, good bool) *story {
			return s.holds("active", pick(good, trace.Preferred, trace.Tentative))
		},
		"the machine is not frozen":        func(s *story, good bool) *story { return s.power("active", pick(good, trace.On, trace.Frozen)) },
		"the echo is not blocked":          func(s *story, good bool) *story { return s.add("active", trace.Firewall{Rule: "echo", Blocked: !good}) },
		"the node's cable is up":           func(s *story, good bool) *story { return s.link("active", good) },
		"the client's cable is up":         func(s *story, good bool) *story { return s.link("pc", good) },
		"the client's address is usable":   func(s *story, good bool) *story { return s.own("pc", pick(good, trace.Preferred, trace.Tentative)) },
		"the client's entry is the holder": func(s *story, good bool) *story { return s.cache("pc", pick(good, "active", "standby")) },
	} {
		tr := turn(turn(guide().at(10), false).at(20), true).end(100)
		require.Equal(t, []Span{span(-65, 10, "active"), span(20, 100, "active")}, Answered(tr, "pc", vip), "P0 holds only while %s.", name)
	}
}

func pick[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}

func TestP0_WhatMakesNoDifference(t *testing.T) {
	always := []Span{span(-65, 100, "active")}
	for name, s := range map[string]*story{
		"an orderly shutdown, while the network works": guide().at(10).power("active", trace.Stopping),
		"an empty ARP cache":                           guide().at(10).forget("pc"),
		"the pipe's firewall":                          guide().at(10).blocks("active", "pipe"),
		"the other node's cable":                       guide().at(10).link("standby", false),
		"what comes and goes in one instant":           guide().at(10).link("active", false).link("active", true),
	} {
		require.Equal(t, always, Answered(s.end(100), "pc", vip), "P0 is not changed by %s.", name)
	}
}

func TestP0_PowerOffLeavesNothing(t *testing.T) {
	tr := guide().at(10).power("active", trace.Off).at(20).power("active", trace.On).end(100)
	require.Equal(t, []Span{span(-65, 10, "active")}, Answered(tr, "pc", vip), "H6: power off takes the addresses, recorded or not.")
}

func TestP0_TwoHoldersAnswerAClientThatAsks(t *testing.T) {
	tr := guide().at(10).holds("standby", trace.Preferred).at(20).forget("pc").at(30).cache("pc", "standby").end(40)
	require.Equal(t, []Span{span(-65, 20, "active"), span(20, 30, "active", "standby"), span(30, 40, "standby")},
		Answered(tr, "pc", vip), "P0: who answers is the cache's choice; without an entry it may be either.")
}

func TestP0_HostsDoNotBridge(t *testing.T) {
	s := guide()
	s.tr.Header.Cables = []trace.Cable{{Name: "active", A: "active", B: "standby"}, {Name: "pc", A: "pc", B: "standby"}}
	require.Empty(t, Answered(s.end(100), "pc", vip), "N1: a path does not lead through a node.")
}

func TestP0_UnknownClientSeesNothing(t *testing.T) {
	require.Empty(t, Answered(guide().end(100), "nobody", vip), "P0: a client the trace does not name sees nothing.")
}

func TestP0_AnswerAtTheVeryEndCounts(t *testing.T) {
	require.Equal(t, []Span{span(100, 100, "active")}, Answered(cold().at(100).takes("active").end(100), "pc", vip),
		"P0: the end of the trace belongs to it.")
}

func TestHolders_EveryStateHasItsLane(t *testing.T) {
	tr := guide().at(10).holds("standby", trace.Tentative).at(11).holds("standby", trace.Duplicate).
		at(12).holds("standby", trace.Absent).at(20).power("active", trace.Frozen).at(30).power("active", trace.On).end(100)
	require.Equal(t, []Holding{
		{"active", trace.Preferred, seconds(-65), seconds(20)},
		{"active", trace.Preferred, seconds(30), seconds(100)},
		{"standby", trace.Tentative, seconds(10), seconds(11)},
		{"standby", trace.Duplicate, seconds(11), seconds(12)},
	}, Holders(tr, vip), "A lane shows each state while the machine runs.")
}
