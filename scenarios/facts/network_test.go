package facts

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// What changes the network of the nodes begins the watchers' time to settle anew; what others' cables do, does not.
func TestChanges_AreOfTheNodesNetwork(t *testing.T) {
	changes := func(s *story.Story) []time.Duration {
		all := Read(s.End(100)).Changes
		return all[1:] // that of the start-up
	}
	at := []time.Duration{seconds(10)}
	trunk := func() *story.Story {
		s := story.Routed()
		s.Header.Others = []trace.Other{{Name: "share"}}
		s.Header.Cables = append(s.Header.Cables, trace.Cable{Name: "trunk", A: "sw", B: "sw2"}, trace.Cable{Name: "share", A: "share", B: "sw"})
		return s.At(10)
	}
	for name, s := range map[string]*story.Story{
		"a node's cable": trunk().Link("standby", false), "a trunk": trunk().Link("trunk", true), "a cut": trunk().Cut("active", "sw", true),
		"a port": trunk().Port("standby", trace.Listening), "a node's power": trunk().Power("standby", trace.Frozen),
		"its firewall": trunk().Blocks("standby", trace.EchoRule), "a rule": trunk().Drops(trace.Rule{Protocol: "arp"}),
	} {
		require.Equal(t, at, changes(s), name)
	}
	for name, s := range map[string]*story.Story{
		"a client's cable": trunk().Link("pc", false), "a router's": trunk().Link("core1-sw", false), "the share's": trunk().Link("share", true),
		"a client's power": trunk().Power("pc", trace.Off), "an address": trunk().Holds("active", trace.Tentative),
	} {
		require.Empty(t, changes(s), name)
	}
}

// What a node could do, and when: its watcher, its firewall, the VIP, and the other node's answers.
func TestNodes_WhatANodeCouldDo(t *testing.T) {
	s := story.Taken().At(100).Blocks("active", trace.EchoRule).At(110).Blocks("standby", trace.PipeRule)
	s.At(120).Service("standby", trace.StopPending).At(121).Service("standby", trace.Stopped).At(130).Power("active", trace.Frozen)
	f := Read(s.At(200).Plug("active", trace.Absent).End(300))
	active, standby := f.Node("active"), f.Node("standby")
	require.Nil(t, f.Node("pc"))
	require.Equal(t, Line{span(-100, 130)}, active.Works, "the network under it or not")
	require.Equal(t, Line{span(-100, 120)}, standby.Works)
	require.Equal(t, Line{span(100, 300)}, active.Mute)
	require.Equal(t, Line{span(110, 300)}, standby.Shut)
	require.Empty(t, standby.Mute)
	require.Equal(t, Line{span(-65, 130)}, f.Of("active", vip).Held, "reached or not")
	require.Equal(t, Line{span(94, 300)}, f.Of("standby", vip).Held)
	require.Equal(t, Line{span(-65, 60)}, f.Of("standby", vip).Sees, "by polls that another node answers")
	require.Equal(t, Line{span(-100, -65)}, f.Of("active", vip).Awaits, "a master at work that has not got it")
	require.Equal(t, Line{span(-100, 60), span(200, 300)}, f.Joined[[2]string{"standby", "active"}])
	require.True(t, f.Powered && f.Serviced && f.Held[0])
}

func TestPairs_WhoCouldServeTheClient(t *testing.T) {
	f := Read(story.Taken().At(120).Unplug("pc").At(150).Plug("pc", trace.Absent).At(170).Service("standby", trace.Stopped).End(300))
	p := f.Pairs[0]
	require.Equal(t, []Line{{span(-100, 60)}, {span(-100, 120), span(153, 170)}}, p.Ready, "up, its service running, connected to a client that can ask")
	require.Equal(t, Line{span(-65, 60), span(94, 120), span(153, 300)}, p.Held, "somebody would answer, were the caches empty")
	require.Equal(t, []Line{{span(-100, 60)}, {span(-100, 120), span(153, 300)}}, p.Joined)
	require.Equal(t, []finding.Obstacle{finding.Counting, finding.ClientDown}, []finding.Obstacle{p.Silent[0].What, p.Silent[1].What})
}

// A watcher that starts or has released has seen nothing yet (W13).
func TestNodes_WhenAWatcherBeginsAnew(t *testing.T) {
	s := story.Guide().At(10).Service("standby", trace.Stopped).At(20).Service("standby", trace.Running)
	s.At(30).Watch("standby", trace.Releasing, trace.ByCycle).At(35).Watch("standby", trace.Polling, story.GivenUp).At(40).Watch("standby", trace.Taking, story.Free)
	require.Equal(t, []time.Duration{seconds(-100), seconds(20), seconds(30), seconds(35)}, Read(s.End(100)).Of("standby", vip).Anew)
}

// H18: which card a node sends to is looked at when its entry for its peer changes, whatever else happens.
func TestMissed_FromWhenAnEntryIsOfACardThatWasLeft(t *testing.T) {
	peers := story.Guide()
	of := peers.Header.Node("active")
	f := Read(peers.At(50).Entry("standby", of.Address.Addr().String(), 0x77).At(90).Add("standby", trace.Neighbor{IP: of.Address.Addr(), MAC: of.MAC, State: trace.Reachable}).End(200))
	require.Equal(t, Line{{From: seconds(50), To: seconds(90)}}, f.Node("active").Missed)
	require.Empty(t, f.Node("standby").Missed)
}
