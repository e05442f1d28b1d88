package check

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// astray is a failover in 34 s, and a client whose ARP cache leads past the new holder so much longer.
func astray(longer float64) *story.Story {
	s := story.Guide().At(60).Unplug("active").At(94).Watch("standby", trace.Held, story.Added).Holds("standby", trace.Preferred)
	return s.At(94+longer).Cache("pc", "standby")
}

// cures is the guide's arpclear.bat on the standby: these pings, one after the other.
func cures(s *story.Story, pings ...trace.CurePing) *story.Story {
	s.Header.Node("standby").Cure = pings
	return s
}

func pingOf(source netip.Addr, count int) trace.CurePing {
	return trace.CurePing{Target: story.Bare().Header.Clients[0].Address.Addr(), Source: source, Count: count}
}

// What a user feels: while a node stands ready, a client does not wait longer than a failover takes.
func TestP8_NobodyWaitsLongerThanAFailoverTakes(t *testing.T) {
	wants(t, "P8", Pass, story.FailsOver(40), "P8: 40.0 s is what the maker promises.")
	r := wants(t, "P8", Fail, story.FailsOver(40.2), "P8: 40.2 s is longer.")
	require.Equal(t, finding.Note{
		Kind: "p8.waits", Client: "pc", VIP: vip, At: seconds(60), Until: seconds(100.2), Time: seconds(40.2),
		Cause: &finding.Cause{Kind: finding.ByFault, At: seconds(60), Node: "active", Fault: 1},
		What:  finding.Counting, Want: band(0, 40), Rules: []string{"W14"},
	}, r.Findings[0].Note, "A finding says how long, since what, and what stood in the way.")
	r = wants(t, "P8", Pass, story.Guide().End(300), "P8: a client that never waits is judged, too.")
	require.Equal(t, 1, r.Judged)
	wants(t, "P8", Pass, story.ComesBack(7), "P8: a failback is a short silence.")
}

func TestP8_OtherSettingsHaveTheirOwnBounds(t *testing.T) {
	short := func(after float64) *trace.Trace {
		s := story.Guide().Every(func(n *trace.Node) { n.Interval, n.PingTimeout = 10*time.Second, time.Second })
		return s.At(60).Unplug("active").At(60 + after).Takes("standby").End(300)
	}
	wants(t, "P8", Pass, short(15.1), "W14: 15 s and the network's latency are the most.")
	wants(t, "P8", Fail, short(15.3), "W14: with Interval 10 and PingTimeout 1, 15.3 s is too long.")
}

// N3, H11: a cache that leads astray is the cluster's to heal: that is what the guide's cure is for.
func TestP8_ACacheThatLeadsAstray(t *testing.T) {
	r := wants(t, "P8", Fail, astray(600).End(1000), "P8: ten minutes with a holder that is there.")
	require.Equal(t, finding.WrongCache, r.Findings[0].What)
	require.Equal(t, &finding.Note{Kind: "why.no-cure", Node: "standby"}, r.Findings[0].Because, "The cure is not installed.")
	require.Equal(t, []string{"W14", "H11"}, r.Findings[0].Rules)

	cured := func(longer float64) *trace.Trace { return cures(astray(longer), pingOf(vip, 10)).End(1000) }
	wants(t, "P8", Fail, astray(6.8).End(1000), "P8: without the cure 40.8 s are too long.")
	wants(t, "P8", Pass, cured(6.8), "H11: with it they are not: it needs a second.")
	r = wants(t, "P8", Fail, cured(7.2), "H11: 41.2 s are longer than that.")
	require.Equal(t, &finding.Note{Kind: "why.cure-late", Node: "standby"}, r.Findings[0].Because)
}

// The broken twin of a cure: it comes too late by the pings before it.
func TestP8_TheCureTakesItsTime(t *testing.T) {
	slow := func(longer float64) *trace.Trace {
		other := trace.CurePing{Target: netip.MustParseAddr("192.168.10.77"), Source: vip, Count: 10}
		return cures(astray(longer), other, pingOf(vip, 10)).End(1000)
	}
	wants(t, "P8", Pass, slow(16.8), "H11: ten pings of another client come first.")
	wants(t, "P8", Fail, slow(17.2), "H11: and no more.")
}

// The batch has to name each VIP: of one that it does not name the entry stays as it is.
func TestP8_TheSecondVIPIsNotListed(t *testing.T) {
	first := netip.MustParseAddr("192.168.10.203")
	tell := func(pings ...trace.CurePing) *trace.Trace {
		s := cures(astray(600), pings...)
		s.Header.VIPs = []trace.VIP{{Address: first}, {Address: vip}}
		return s.End(1000)
	}
	r := wants(t, "P8", Fail, tell(pingOf(first, 10)), "H11: the entry of the other VIP is not healed by it.")
	require.Equal(t, &finding.Note{Kind: "why.not-listed", Node: "standby", Client: "pc"}, r.Findings[0].Because)
	r = wants(t, "P8", Fail, tell(pingOf(first, 10), pingOf(vip, 10)), "H11: listed, it was late.")
	require.Equal(t, finding.Kind("why.cure-late"), r.Findings[0].Because.Kind)
}

// H10: Task Scheduler starts no second instance while the first one runs.
func TestP8_ASkippedTaskHealsNothing(t *testing.T) {
	tell := func(trigger string, at float64) *trace.Trace {
		s := cures(astray(600), pingOf(vip, 10)).At(90).Add("standby", trace.Task{Name: "cure", State: trace.TaskStarted, Trigger: trace.TriggerStartup})
		return s.At(at).Add("standby", trace.Task{Name: "cure", State: trace.TaskSkipped, Trigger: trigger}).End(1000)
	}
	r := wants(t, "P8", Fail, tell("event IPWCS 100", 94), "H10: the event found the batch running.")
	require.Equal(t, &finding.Note{Kind: "why.skipped", Node: "standby", Rules: []string{"H10"}}, r.Findings[0].Because)
	r = wants(t, "P8", Fail, tell(trace.TriggerStartup, 94), "H10: of the start's repetitions nobody waits for one.")
	require.Equal(t, finding.Kind("why.cure-late"), r.Findings[0].Because.Kind)
	r = wants(t, "P8", Fail, tell("event IPWCS 100", 800), "H10: what is skipped later says nothing.")
	require.Equal(t, finding.Kind("why.cure-late"), r.Findings[0].Because.Kind)
}

// H10, H11: a batch that cannot empty the ARP cache asks nobody who is in that.
func TestP8_ATaskWithoutRightsHealsNobodyItKnows(t *testing.T) {
	s := cures(astray(600), pingOf(vip, 10))
	for i := range s.Header.Nodes {
		s.Header.Nodes[i].CureKeep = true
	}
	r := wants(t, "P8", Fail, s.End(1000), "H11: nobody was asked.")
	require.Equal(t, &finding.Note{Kind: "why.cure-keeps", Node: "standby", Rules: []string{"H10", "H11"}}, r.Findings[0].Because)
}

// P8 is for every client: old ones, and those behind a router, whose caches nobody else judges.
func TestP8_EveryClientCounts(t *testing.T) {
	old := astray(600).End(1000)
	old.Header.Clients[0].Profile = "ad-client"
	wants(t, "P8", Fail, old, "N3: an old client waits as others do.")
	r := wants(t, "P8", Fail, story.FailsOverBehind(34, 600).End(1000), "N5: so does one behind a router.")
	require.Equal(t, finding.RouterCache, r.Findings[0].What)
	wants(t, "P8", Pass, story.FailsOverBehind(34, 0).End(1000), "N5: a router that learns at once makes no difference.")
	back := story.Guide().At(60).Entry("active", "192.168.10.50", 8).At(200).Entry("active", "192.168.10.50", 9)
	r = wants(t, "P8", Fail, back.End(1000), "N3: nor is the way back anybody else's.")
	require.Equal(t, finding.WayBack, r.Findings[0].What)
}

// A silence that says nothing of the cluster is left: the client's own doing, or an echo that is dropped where
// other services may answer (H8). Its twin without that explanation fails.
func TestP8_WhatIsExplainedIsLeft(t *testing.T) {
	for what, tell := range map[finding.Obstacle]func(*story.Story) *story.Story{
		finding.ClientDown: func(s *story.Story) *story.Story {
			return s.Unplug("pc").At(260).Link("pc", true).Own("pc", trace.Preferred)
		},
		finding.Blocked: func(s *story.Story) *story.Story {
			return s.Blocks("active", trace.EchoRule).At(260).Add("active", trace.Firewall{Rule: trace.EchoRule})
		},
		finding.Public: func(s *story.Story) *story.Story {
			return s.Blocks("active", trace.Inbound).At(260).Add("active", trace.Firewall{Rule: trace.Inbound})
		},
		finding.Filtered: func(s *story.Story) *story.Story {
			return s.Drops(trace.Rule{Protocol: "icmp", Text: "drop icmp from active", From: "active"})
		},
	} {
		r := wants(t, "P8", NotApplicable, tell(story.Guide().At(60)).End(300), "P8: "+string(what)+" says nothing of the cluster.")
		require.Equal(t, finding.Kind("p8.explained"), r.Left[0].Kind)
		require.Equal(t, what, r.Left[0].What)
		require.GreaterOrEqual(t, r.Left[0].Time, seconds(200), "How long is said.")
	}
	wants(t, "P8", Fail, story.Guide().At(60).Gives("active", story.GivenUp).At(260).Takes("active").End(300), "P8: without a reason 200 s are 200 s.")
	mixed := story.Guide().At(60).Unplug("active").At(65).Unplug("pc").At(105).Plug("pc", trace.Absent).At(140).Takes("standby")
	wants(t, "P8", Pass, mixed.End(300), "P8: on either side of it the client waits anew.")
}

func TestP8_WithoutAReadyNodeNobodyIsToBlame(t *testing.T) {
	both := story.Guide().At(60).Unplug("active").Unplug("standby").At(300).Plug("active", trace.Preferred).End(400)
	wants(t, "P8", NotApplicable, both, "P8: with both nodes gone no node lets a client wait.")
	late := story.Guide().At(60).Unplug("active").Unplug("standby").At(300).Plug("standby", trace.Absent).At(345).Takes("standby")
	wants(t, "P8", Fail, late.End(400), "P8: from when one is there its time runs.")
}

func TestP8_UnfinishedAtTheEnd(t *testing.T) {
	r := wants(t, "P8", Inconclusive, story.Guide().At(60).Unplug("active").End(90), "P8: a silence cut off by the trace's end proves nothing.")
	require.Equal(t, finding.Kind("p8.unfinished"), r.Findings[0].Kind)
	require.True(t, r.Findings[0].Open)
	wants(t, "P8", Inconclusive, astray(600).End(99), "P8: nor does an entry that may still be healed.")
	wants(t, "P8", Fail, astray(600).End(101), "P8: one that is past its time fails, open or not.")
}

// W17: in a network that is whole again, the slave is not the one that answers for longer than the watchers
// need to settle it.
func TestP8_TheWrongNodeInAHealedSplit(t *testing.T) {
	r := wants(t, "P8", Fail, settled(60), "P8: the client is with the slave for a minute.")
	require.Len(t, r.Findings, 1)
	require.Equal(t, finding.Note{
		Kind: "p8.wrong-node", Client: "pc", VIP: vip, Node: "standby", At: seconds(100), Until: seconds(160), Time: seconds(60),
		Want: band(0, 40.1), Rules: []string{"W17"},
	}, r.Findings[0].Note)
	wants(t, "P8", Pass, settled(31), "P8: 31 s are what settling takes.")
	wants(t, "P8", Pass, master(60), "P8: a client that is with the master misses nothing.")
}

// settled is a split brain with the client on the slave, and on the master afterwards.
func settled(lasts float64) *trace.Trace {
	s := story.Guide().At(40).Fault("unplug", "active").Link("active", false).At(75).Takes("standby")
	return s.At(100).Fault("plug", "active").Link("active", true).At(100+lasts).Gives("standby", trace.ByPeer).Cache("pc", "active").End(400)
}

// master is a split brain in which the client stays with the master.
func master(lasts float64) *trace.Trace {
	return story.Guide().At(100).Holds("standby", trace.Preferred).At(100+lasts).Holds("standby", trace.Absent).End(400)
}

func TestP8_AnIdleClientWaitsForNothing(t *testing.T) {
	tr := story.FailsOver(200)
	tr.Records = without[trace.Use](tr.Records)
	r := wants(t, "P8", Inconclusive, tr, "P8: a client that uses nothing shows nothing.")
	require.Equal(t, finding.Kind("missing.use"), r.Reason.Because.Kind)
}

func TestP8_NoDataIsInconclusive(t *testing.T) {
	wants(t, "P8", Inconclusive, &trace.Trace{}, "P8: an empty trace proves nothing.")
	wants(t, "P8", Inconclusive, story.Cold().End(300), "P8: a VIP nobody ever answered proves nothing.")
}

// What most of the time went into is named, but what no failover needs before what each one needs.
func TestP8_NamesWhatIsUnusual(t *testing.T) {
	what := func(s *story.Story) finding.Obstacle {
		return wants(t, "P8", Fail, s.End(1000), "P8").Findings[0].What
	}
	require.Equal(t, finding.WrongCache, what(astray(10)), "10 s of a wrong cache beside 34 s of counting")
	require.Equal(t, finding.Counting, what(story.Guide().At(60).Unplug("active").At(110).Takes("standby")))
	yields := story.Guide().At(60).Unplug("active").At(125).Watch("standby", trace.Taking, story.Yielded).At(125.8).Holds("standby", trace.Tentative)
	require.Equal(t, finding.Yielding, what(yields.At(128.8).Takes("standby")))
	both := astray(50).At(110).Entry("standby", "192.168.10.50", 8).At(400).Entry("standby", "192.168.10.50", 9)
	require.Equal(t, finding.WayBack, what(both), "the longer one of two")
	glimpse := story.Guide().At(60).Unplug("active").At(110).Holds("standby", trace.Preferred).At(110.05).Cache("pc", "standby")
	require.Equal(t, finding.Counting, what(glimpse), "what the network needs is nothing")
}

// A wrong entry counts for the stretch that it lies in, not for another one of the same outage.
func TestP8_EachStretchForItself(t *testing.T) {
	s := cures(story.Guide(), pingOf(vip, 10)).At(60).Unplug("active").At(70).Holds("standby", trace.Preferred)
	s.At(80).Unplug("pc").At(90).Plug("pc", trace.Absent).At(92).Holds("standby", trace.Absent).At(134).Takes("standby")
	r := wants(t, "P8", Fail, s.End(300), "P8: from 93 s on nobody was led astray for 41 s.")
	require.Equal(t, band(0, 40), r.Findings[0].Want)
	require.Nil(t, r.Findings[0].Because)
}

// One client's luck says nothing of another's.
func TestP8_AClientThatNeverWasAnsweredPassesNothing(t *testing.T) {
	s := others(story.Guide())
	s.Header.Clients[1].Address = netip.MustParsePrefix("192.168.10.51/24")
	s.At(-100).Uses("pc2") // without a cable
	require.Equal(t, 1, wants(t, "P8", Pass, s.End(300), "P8: of pc alone.").Judged)
}

// Two nodes that are both masters, or both slaves, have no wrong one among them (W21).
func TestP8_WithoutOneMasterNobodyIsTheWrongNode(t *testing.T) {
	for _, master := range []bool{true, false} {
		tr := settled(60)
		for i := range tr.Header.Nodes {
			tr.Header.Nodes[i].Master = master
		}
		wants(t, "P8", Pass, tr, "P8: see P3.")
	}
	noisy := disturbed(settled(60), trace.Impairment{Cable: "standby", From: "sw", Loss: 0.01})
	r := wants(t, "P8", NotApplicable, noisy, "P8: under chance nobody settles in a known time.")
	left := r.Left[len(r.Left)-1]
	require.Equal(t, []string{"p8.left", "standby"}, []string{string(left.Kind), left.Node})
}

func TestP8_TheCureOfANodeThatHoldsItCounts(t *testing.T) {
	tell := func(role string) finding.Result {
		s := story.Guide().At(60).PowerOff("active").At(94).Holds("standby", trace.Preferred).At(694).Cache("pc", "standby")
		s.Header.Node(role).Cure = []trace.CurePing{pingOf(vip, 10)}
		return wants(t, "P8", Fail, s.End(1000), "P8: ten minutes are too long in any case.")
	}
	require.Equal(t, &finding.Note{Kind: "why.cure-late", Node: "standby"}, tell("standby").Findings[0].Because)
	require.Equal(t, &finding.Note{Kind: "why.no-cure", Node: "standby"}, tell("active").Findings[0].Because, "H11: that of a node without power heals nobody.")
}

// What disturbs the network when the time is up already excuses nothing.
func TestP8_LaterNoiseIsNoExcuse(t *testing.T) {
	s := story.Guide().At(60).Unplug("active").At(110).Add("", trace.Impairment{Cable: "standby", From: "sw", Loss: 0.1})
	wants(t, "P8", Fail, s.At(200).Takes("standby").End(300), "P8: 40 s were over.")
}

// The slave is the wrong node only while the master has the VIP as well.
func TestP8_ASlaveThatHoldsItAloneIsTheRightNode(t *testing.T) {
	s := story.Guide().At(40).Fault("unplug", "active").Link("active", false).At(75).Takes("standby")
	s.At(100).Fault("plug", "active").Link("active", true).At(131).Gives("active", story.TakenOver)
	wants(t, "P8", Pass, s.End(400), "P8: of the minutes with the slave 31 s were a split brain.")
}

// Silences for lack of an ARP answer that follow each other at once are one; a pause between them ends it.
func TestP8_SilencesInARowAreOne(t *testing.T) {
	asks := func(pause float64) *trace.Trace {
		s := story.Guide()
		for i := range 20 {
			at := 60 + float64(i)*(3+pause)
			s.At(at).Forget("pc").Add("pc", trace.Neighbor{IP: vip, State: trace.Incomplete})
			s.At(at+3).Add("pc", trace.Neighbor{IP: vip, State: trace.Unreachable})
		}
		return s.End(500)
	}
	r := wants(t, "P8", Fail, asks(1), "P8: of 80 s the client waits 60.")
	require.Equal(t, finding.Kind("p8.again"), r.Findings[0].Kind)
	require.Equal(t, 20, r.Findings[0].N)
	require.Equal(t, seconds(60), r.Findings[0].Time)
	require.Len(t, r.Findings, 1)
	wants(t, "P8", Pass, asks(5), "P8: each wait is short, and some time passes between.")
}

// W14: a watcher that starts in the silence is no excuse for one that ran all along, and has its own time where none did.
func TestP8_AWatcherThatStartsInTheSilence(t *testing.T) {
	after := func(runs bool, took float64) *trace.Trace {
		s := story.Guide().At(60).Holds("active", trace.Absent).At(61).Service("standby", trace.StopPending)
		if !runs {
			s.At(62).Service("active", trace.StopPending).At(63).Service("active", trace.Running)
		}
		return s.At(70).Service("standby", trace.Running).At(60 + took).Takes("standby").End(300)
	}
	wants(t, "P8", Pass, after(true, 39), "W14: the active node had 40 s.")
	wants(t, "P8", Fail, after(true, 42), "W14: and it ran all along.")
	wants(t, "P8", Pass, after(false, 42), "W14: it started at 63 s, too.")
	wants(t, "P8", Fail, after(false, 90), "W14: which leaves no minute and a half.")
}
