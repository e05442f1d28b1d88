package facts

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// second is the cause of pc's second outage.
func second(s *story.Story) finding.Cause { return outages(s.End(3000))[1].Cause }

func TestCause_AReleaseOfTheWatchersIsItsOwn(t *testing.T) {
	cycle := story.Taken().At(1894).Watch("standby", trace.Releasing, trace.ByCycle).At(1894.5).Holds("standby", trace.Absent)
	require.Equal(t, finding.Cause{Kind: finding.ByCycle, At: seconds(1894), Node: "standby", Rule: "W18"}, second(cycle), "W18 is its own cause.")
	o := outages(cycle.End(3000))[1]
	require.Equal(t, finding.CycleKind, o.Kind)
	require.Equal(t, finding.NotLost, o.Loss)

	back := story.Taken().At(200).Plug("active", trace.Duplicate).At(203.2).Gives("standby", trace.ByPeer)
	require.Equal(t, finding.Cause{Kind: finding.ByGiveBack, At: seconds(203.2), Node: "standby", Rule: "W15", Fault: 2}, second(back),
		"W15 is its own cause; the plug that made the master ask is behind it.")
	require.Equal(t, finding.GiveBackKind, outages(back.End(3000))[1].Kind)
}

func TestCause_OfAReleaseForNoReasonNobodyIsTheCause(t *testing.T) {
	late := story.Taken().At(300).Gives("standby", story.GivenUp).At(301).Takes("standby")
	require.Equal(t, finding.Cause{Kind: finding.ByNobody, At: seconds(300), Node: "standby"}, second(late),
		"The cable of the other node, pulled minutes before, touches nothing of it.")
	none := story.Guide().At(5).Holds("active", trace.Absent).End(100)
	require.Equal(t, finding.ByNobody, only(none).Cause.Kind, "Without fault or release the cause is unknown.")
}

// An outage is put down to what a fault touches, not to the clock.
func TestCause_IsTheFaultThatTouchesWhatTheClientDependedOn(t *testing.T) {
	lost := func(s *story.Story) *story.Story { return s.At(94).Takes("standby") }
	shutdown := func(s *story.Story) *story.Story {
		s.At(60).Fault("shutdown", "active").Power("active", trace.Stopping).Service("active", trace.StopPending)
		return s.At(60.5).Gives("active", story.AtStop)
	}
	blockEcho := func(s *story.Story, host string) *story.Story {
		return s.Fault("block-echo", host).Blocks(host, trace.EchoRule)
	}
	for name, c := range map[string]struct {
		tell  *story.Story
		cause string // the fault's line
		also  []int
	}{
		"a netsh fault in the same instant": {
			lost(story.Guide().At(60).Unplug("active").Fault("netsh", "standby", "fail")), "unplug active", []int{2},
		},
		"a netsh fault just before": {
			lost(story.Guide().At(60).Fault("netsh", "standby", "fail").Unplug("active")), "unplug active", []int{1},
		},
		"a client's firewall half a second before a shutdown's release": {
			lost(shutdown(blockEcho(story.Guide().At(60), "pc"))), "shutdown active", []int{1},
		},
		"the standby's cable, out since long ago": {
			story.Guide().At(20).Unplug("standby").At(60).Unplug("active"), "unplug active", []int{1},
		},
		"a cable that was plugged in again": {
			lost(story.Guide().At(20).Unplug("standby").At(30).Plug("standby", trace.Absent).At(60).Unplug("active")), "unplug active", nil,
		},
		"the holder's own firewall": {
			lost(blockEcho(story.Guide().At(60), "active")), "block-echo active", nil,
		},
		"a cut of the client's cable": {
			story.Guide().At(60).Fault("cut", "pc", "pc").Cut("pc", "pc", true), "cut pc pc", nil,
		},
		"the client's own cable": {
			story.Guide().At(60).Unplug("pc"), "unplug pc", nil,
		},
		"the power, before the cable that was out with it": {
			lost(story.Guide().At(60).PowerOff("active")), "power-off active", nil,
		},
		"of two that touch it the later one": {
			lost(story.Guide().At(50).Fault("freeze", "active").At(60).PowerOff("active")), "power-off active", nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			tr := c.tell.End(300)
			o := only(tr)
			require.Equal(t, finding.ByFault, o.Cause.Kind)
			require.Equal(t, c.cause, Read(tr).Fault(o.Cause.Fault).Line())
			require.Equal(t, c.also, o.Also, "all others in force are named beside it")
		})
	}
}

func TestCause_ClientsOwnCableIsNoLossOfTheNode(t *testing.T) {
	o := only(story.Guide().At(60).Unplug("pc").End(100))
	require.Equal(t, finding.NotLost, o.Loss, "A client that cuts itself off loses no node.")
	require.Equal(t, finding.Cause{Kind: finding.ByFault, At: seconds(60), Node: "pc", Fault: 1}, o.Cause)
	require.Equal(t, finding.OtherKind, o.Kind)
}

// N1, N3: a standby that does not hear takes the VIP from a healthy holder, and the cache follows its
// announcement to a node that cannot answer.
func TestCause_ADeafStandbysTakeOverMisleadsACache(t *testing.T) {
	s := story.Guide().At(50).Fault("cut", "standby", "sw").Cut("standby", "sw", true).At(70).Fault("block-pipe", "standby")
	s.At(83).Watch("standby", trace.Taking, story.Free).At(84).Holds("standby", trace.Tentative).At(87).Takes("standby")
	f := Read(s.End(300))
	o := f.Uses[0].Outages[0]
	require.Equal(t, finding.Cause{Kind: finding.ByTaking, At: seconds(87), Node: "standby", Fault: 1}, o.Cause, "The cut is behind the take-over.")
	require.Equal(t, finding.NotLost, o.Loss, "The holder stands.")
	require.Equal(t, finding.OtherKind, o.Kind)
	require.Equal(t, []Takeover{{VIP: vip, At: seconds(87), Taker: "standby", From: "active", Heard: true, Served: true, Fault: 1}}, f.Takeovers,
		"What the standby says is heard, what it is told is not.")
}

// N1: a cable that loses every frame is cut by whoever set it so, and no matter of chance.
func TestCause_ACableThatLosesAll(t *testing.T) {
	lost := trace.Impairment{Cable: "active", From: "sw", Loss: 1}
	s := story.Guide().At(60).Fault("impair", "active", "loss 100% from sw").Add("", lost).At(70).Fault("cut", "active", "active")
	f := Read(s.At(83).Watch("standby", trace.Taking, story.Free).At(87).Takes("standby").End(300))
	o := f.Uses[0].Outages[0]
	require.Equal(t, finding.Cause{Kind: finding.ByFault, At: seconds(60), Fault: 1}, o.Cause)
	require.Equal(t, finding.LostPath, o.Loss)
	require.Empty(t, f.Noise)
}

// N2: a port that spanning tree holds since its link came up is the work of what plugged it in.
func TestCause_AHeldPortIsThePlugs(t *testing.T) {
	s := story.Guide().At(61).Unplug("active").At(62).Plug("active", trace.Preferred).At(62).Port("active", trace.Listening)
	tr := startingAt(s.At(92).Port("active", trace.Forwarding).End(300), seconds(70))
	require.Equal(t, finding.Cause{Kind: finding.ByFault, At: seconds(70), Fault: 2}, only(tr).Cause)
}

// W19, W20: a holder that finds another one gives the VIP up.
func TestCause_AConflict(t *testing.T) {
	s := story.Guide().At(83).Fault("cut", "standby", "sw").Watch("standby", trace.Taking, story.Free)
	s.At(90).Watch("active", trace.Releasing, story.TakenOver).Holds("active", trace.Duplicate)
	require.Equal(t, finding.Cause{Kind: finding.ByConflict, At: seconds(90), Node: "active", Rule: "W19", Fault: 1}, only(s.End(300)).Cause)
}

// An entry that goes wrong by nobody's doing, and one that a rule on frames may have kept wrong.
func TestCause_ACache(t *testing.T) {
	stranger := trace.Neighbor{IP: vip, MAC: trace.MAC{2, 9, 9, 9, 9, 9}, State: trace.Reachable}
	require.Equal(t, finding.Cause{Kind: finding.ByCache, At: seconds(60)}, only(story.Guide().At(60).Add("pc", stranger).End(300)).Cause)
	for fault, want := range map[[3]string]finding.Cause{
		{"rule", "", "drop arp from active"}: {Kind: finding.ByFault, At: seconds(50), Fault: 1},
		{"impair", "active", "loss 5%"}:      {Kind: finding.ByFault, At: seconds(50), Fault: 1},
		{"netsh", "active", "fail"}:          {Kind: finding.ByCache, At: seconds(60)},
	} {
		s := story.Guide().At(50).Fault(fault[0], fault[1], fault[2]).At(60).Add("pc", stranger)
		require.Equal(t, want, only(s.End(300)).Cause, fault)
	}
}

func TestCause_AStopDuringAGiveBackIsTheGiveBack(t *testing.T) {
	s := story.Taken().At(200).Plug("active", trace.Duplicate).Watch("standby", trace.Releasing, trace.ByPeer)
	s.At(203.3).Fault("stop-service", "standby").Service("standby", trace.StopPending)
	s.At(203.5).Holds("standby", trace.Absent).Service("standby", trace.Stopped).At(207).Takes("active")
	o := outages(s.End(300))[1]
	require.Equal(t, finding.GiveBackKind, o.Kind, "W15: the give-back was under way, the stop took nothing.")
	require.Equal(t, finding.NotLost, o.Loss)
}

func TestCause_AStopThatAnswersTheMasterIsAGiveBack(t *testing.T) {
	s := story.Taken().At(200).Plug("active", trace.Duplicate).Fault("stop-service", "standby").Service("standby", trace.StopPending)
	s.At(203.5).Gives("standby", story.AtStop).Service("standby", trace.Stopped).Asks("active", trace.Released, 0.4).At(207).Takes("active")
	o := outages(s.End(300))[1]
	require.Equal(t, finding.GiveBackKind, o.Kind, "W16: a stop that answers the master's request is a give-back.")
	require.Equal(t, "W16", o.Cause.Rule)
}

// A cut that was mended before is not behind a take-over.
func TestCause_WhatIsOverIsNotBehindATakeOver(t *testing.T) {
	s := story.Guide().At(50).Fault("cut", "standby", "sw").At(60).Fault("mend", "standby")
	f := Read(s.At(83).Watch("standby", trace.Taking, story.Free).At(87).Takes("standby").End(300))
	require.Zero(t, f.Takeovers[0].Fault)
	require.True(t, f.Takeovers[0].Heard)
}

// A release that is over is not the cause of what happens to the VIP afterwards.
func TestCause_AReleaseOfLongAgo(t *testing.T) {
	s := story.Guide().At(30).Gives("active", trace.ByCycle).At(40).Takes("active").At(60).Holds("active", trace.Absent)
	all := outages(s.End(100))
	require.Equal(t, []finding.CauseKind{finding.ByCycle, finding.ByNobody}, []finding.CauseKind{all[0].Cause.Kind, all[1].Cause.Kind})
}

// A request that comes after the VIP is gone ends the outage at most.
func TestCause_ALaterRequestBeganNothing(t *testing.T) {
	s := story.Taken().At(200).Plug("active", trace.Duplicate).Fault("stop-service", "standby").Service("standby", trace.StopPending)
	s.At(203.5).Gives("standby", story.AtStop).Service("standby", trace.Stopped).At(210).Asks("active", trace.Released, 0.4).At(214).Takes("active")
	require.Equal(t, finding.Cause{Kind: finding.ByFault, At: seconds(203), Node: "standby", Fault: 3}, outages(s.End(300))[1].Cause)
}

// Whatever happens, a cause does not lie after what it began, and nothing is promised to take less than no time.
func TestCause_LiesBeforeItsOutage(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		for _, u := range Read(busyTrace(rt)).Uses {
			for _, o := range u.Outages {
				require.LessOrEqual(rt, o.Cause.At, o.From, "%+v", o.Cause)
				require.GreaterOrEqual(rt, o.Promise.Least, seconds(0))
			}
		}
	})
}
