package check

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/facts"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// "the time from the moment the VIP stops being answered (for a cable pull, the pull) to the
// moment it is answered again: 30-40 s at every phase of the fault"
func TestP1_FailoverTakes30To40Seconds(t *testing.T) {
	for _, c := range []struct {
		took float64
		want finding.Verdict
	}{{29.9, Fail}, {30, Pass}, {33.4, Pass}, {40, Pass}, {40.2, Fail}} {
		t.Run(fmt.Sprint(c.took), func(t *testing.T) {
			wants(t, "P1", c.want, story.FailsOver(c.took), "P1: a failover of 30.0 s to 40.0 s passes, and no other.")
		})
	}
}

func TestP1_FindingSaysExpectedAndSeen(t *testing.T) {
	r := wants(t, "P1", Fail, story.FailsOver(41.2), "P1: a failover of 41.2 s fails.")
	require.Equal(t, []finding.Finding{{
		Note: finding.Note{
			Kind: "p1.late", Client: "pc", VIP: vip, Node: "active", Peer: "standby", At: seconds(60), Until: seconds(101.2), Time: seconds(41.2),
			Loss: finding.LostLink, Cause: &finding.Cause{Kind: finding.ByFault, At: seconds(60), Node: "active", Fault: 1},
			Want: band(30, 40), Rules: []string{"P1", "W14"},
		},
		Verdict: Fail,
	}}, r.Findings, "A finding says what was expected and what was seen, with numbers and rules.")
}

// "for a shutdown, the release"
func TestP1_ShutdownIsMeasuredFromTheRelease(t *testing.T) {
	down := func(after float64) *trace.Trace {
		s := story.Guide().At(60).Fault("shutdown", "active").Power("active", trace.Stopping).Service("active", trace.StopPending)
		return s.At(65).Gives("active", story.AtStop).At(65 + after).Takes("standby").End(300)
	}
	wants(t, "P1", Pass, down(34), "P1: a shutdown counts from the release, not from the order to shut down.")
	wants(t, "P1", Fail, down(41), "P1: a shutdown's failover of 41 s fails.")
}

func TestP1_EveryWayToLoseANodeIsJudged(t *testing.T) {
	for loss, lose := range map[finding.Loss]func(*story.Story) *story.Story{
		finding.LostPower:  func(s *story.Story) *story.Story { return s.PowerOff("active") },
		finding.LostFrozen: func(s *story.Story) *story.Story { return s.Fault("freeze", "active").Power("active", trace.Frozen) },
		finding.LostStop: func(s *story.Story) *story.Story {
			s.Fault("stop-service", "active").Service("active", trace.StopPending)
			return s.Gives("active", story.AtStop).Service("active", trace.Stopped)
		},
		finding.LostLink: func(s *story.Story) *story.Story { return s.Unplug("active") },
	} {
		t.Run(string(loss), func(t *testing.T) {
			r := wants(t, "P1", Fail, lose(story.Guide().At(60)).At(101).Takes("standby").End(300), "P1: however the holder is lost, 41 s is too long.")
			require.Equal(t, loss, r.Findings[0].Loss, "The loss is named by what happened.")
		})
	}
}

func TestP1_PathBetweenSwitches(t *testing.T) {
	s := story.Guide()
	s.Header.Cables[0].B = "far"
	s.Header.Cables = append(s.Header.Cables, trace.Cable{Name: "trunk", A: "far", B: "sw"})
	s.At(-100).Link("trunk", true).At(60).Fault("unplug", "trunk").Link("trunk", false).At(94).Takes("standby")
	r := wants(t, "P1", Pass, s.End(300), "P1: a node behind a cut trunk is taken over from as any other.")
	require.Equal(t, 1, r.Judged)
}

// W14 with other settings: [Interval + netsh + DAD, PingTimeout + Interval + netsh + DAD].
func TestP1_OtherSettingsHaveTheirOwnBounds(t *testing.T) {
	short := func(after float64) *trace.Trace {
		s := story.Guide().Every(func(n *trace.Node) { n.Interval, n.PingTimeout = 10*time.Second, time.Second })
		return s.At(60).Unplug("active").At(60 + after).Takes("standby").End(300)
	}
	wants(t, "P1", Fail, short(13.0), "W12: with Interval 10 nobody takes the VIP before 13.2 s.")
	wants(t, "P1", Pass, short(13.2), "W14: with Interval 10 and PingTimeout 1, 13.2 s is the least.")
	wants(t, "P1", Pass, short(15.1), "W14: 15 s and the network's latency are the most.")
	wants(t, "P1", Fail, short(15.3), "W14: with Interval 10 and PingTimeout 1, 15.3 s is too long.")
}

// With a PingTimeout above the Interval the count is as long as one poll takes to be missed.
func TestP1_PingTimeoutAboveInterval(t *testing.T) {
	slow := func(after float64) *trace.Trace {
		s := story.Guide().Every(func(n *trace.Node) { n.Interval, n.PingTimeout = 5*time.Second, 20*time.Second })
		return s.At(60).Unplug("active").At(60 + after).Takes("standby").End(300)
	}
	wants(t, "P1", Fail, slow(23.0), "W12: nobody knows before 20 s that a poll is missed.")
	wants(t, "P1", Pass, slow(23.2), "W14: PingTimeout 20, netsh 0.2 and DAD 3 are the least.")
	wants(t, "P1", Pass, slow(44), "W14: twice PingTimeout, netsh 1 and DAD 3 are the most.")
	wants(t, "P1", Fail, slow(44.2), "W14: and no more.")
}

// W13: a slave that has not seen the VIP answered since its own start waits two intervals.
func TestP1_FreshSlaveMayTakeTwoIntervals(t *testing.T) {
	fresh := func(after float64) *trace.Trace {
		s := story.Guide().At(-99).Service("standby", trace.Stopped).At(59).Service("standby", trace.Running)
		return s.At(60).Unplug("active").At(60 + after).Takes("standby").End(300)
	}
	wants(t, "P1", Pass, fresh(66), "W13: a slave that may not have seen the VIP yields for two intervals.")
	wants(t, "P1", Fail, fresh(69), "W13: two intervals, and no more.")
}

// W5: a watcher that still deletes at its start has seen nothing yet.
func TestP1_SlaveStillStartingMayTakeTwoIntervals(t *testing.T) {
	s := story.Guide().At(-99).Service("standby", trace.Stopped)
	s.At(54).Service("standby", trace.Running).Watch("standby", trace.Releasing, story.AtStart)
	s.At(60).Unplug("active").At(60.5).Watch("standby", trace.Polling, story.GivenUp).At(126).Takes("standby")
	wants(t, "P1", Pass, s.End(300), "W13: what was answered before its first poll a slave has not seen.")
}

func TestP1_OtherProfilesAreNotJudged(t *testing.T) {
	old := story.FailsOver(600)
	old.Header.Clients[0].Profile = "ad-client"
	r := wants(t, "P1", NotApplicable, old, "P1 speaks of windows-modern clients only.")
	require.Equal(t, &finding.Note{Kind: "why.client", Client: "pc", Text: "ad-client", Rules: []string{"N3", "N4"}}, reason(t, r))
	require.Equal(t, &finding.Note{Kind: "all-left", N: 1, Because: &r.Left[0].Note}, r.Reason, "What is not judged is said, with the reason.")
	silent := story.FailsOver(33)
	silent.Header.Nodes[1].Profile = "srv-2008"
	r = wants(t, "P1", NotApplicable, silent, "P1 speaks of srv-2012plus servers only.")
	require.Equal(t, finding.Kind("why.server"), reason(t, r).Kind)
}

func TestP1_BehindARouterIsMeasuredNotJudged(t *testing.T) {
	r := wants(t, "P1", NotApplicable, story.FailsOverBehind(34, 600).End(1000), "N5: the router's cache is not P1's.")
	require.Equal(t, finding.Kind("why.router"), reason(t, r).Kind)
	require.Equal(t, seconds(634), r.Left[0].Time, "The figure stands.")
}

func TestP1_AnotherFaultInTheGapIsNotJudged(t *testing.T) {
	s := story.Guide().At(60).Unplug("active").At(70).Unplug("standby").At(75).Plug("standby", trace.Absent)
	r := wants(t, "P1", NotApplicable, s.At(115).Takes("standby").End(300), "P1 leaves a gap with a second fault inside.")
	require.Equal(t, &finding.Note{Kind: "why.fault", Fault: 2, At: seconds(70)}, reason(t, r), "The other fault is named.")
}

// What touches nothing of what the failover depends on excuses nothing; what does, excuses.
func TestP1_OnlyAFaultThatTouchesItExcuses(t *testing.T) {
	late := func(verb, target, setting string) *trace.Trace {
		return others(story.Guide()).At(60).Unplug("active").At(70).Fault(verb, target, setting).At(102).Takes("standby").End(300)
	}
	for _, f := range [][3]string{
		{"outside", "mx", "refuses"}, {"disk", "", "full"}, {"kill-mail", "standby", ""}, {"unplug", "share", ""}, {"unplug", "pc2", ""},
		{"block-echo", "pc2", ""}, {"block-echo", "pc", ""}, {"freeze", "pc2", ""}, {"block-echo", "active", ""}, {"netsh", "active", "fail"}, {"deny-pipe", "active", ""}, {"block-pipe", "standby", ""},
	} {
		wants(t, "P1", Fail, late(f[0], f[1], f[2]), fmt.Sprintf("P1: %v touches nothing that a failover depends on.", f))
	}
	for _, f := range [][3]string{
		{"unplug", "pc", ""}, {"freeze", "pc", ""}, {"unplug", "trunk", ""}, {"cut", "standby", "sw"}, {"impair", "active", "loss 5%"}, {"rule", "", "drop arp"},
		{"freeze", "standby", ""}, {"stop-service", "standby", ""}, {"netsh", "standby", "fail"}, {"block-echo", "standby", ""}, {"power-on", "active", ""},
	} {
		r := wants(t, "P1", NotApplicable, late(f[0], f[1], f[2]), fmt.Sprintf("P1: %v may have made it late.", f))
		require.Equal(t, &finding.Note{Kind: "why.fault", Fault: 2, At: seconds(70)}, reason(t, r))
	}
}

// others adds another client, the share, a server outside and a trunk.
func others(s *story.Story) *story.Story {
	s.Header.Clients = append(s.Header.Clients, trace.Client{Name: "pc2", Profile: "windows-modern"})
	s.Header.Others = []trace.Other{{Name: "share"}, {Name: "mx"}}
	for _, name := range []string{"pc2", "share", "mx", "trunk"} {
		s.Header.Cables = append(s.Header.Cables, trace.Cable{Name: name, A: pick(name == "trunk", "sw2", name), B: "sw"})
	}
	return s
}

func TestP1_NobodyReadyIsNotJudged(t *testing.T) {
	s := story.Guide().At(50).Service("standby", trace.Stopped).At(60).Unplug("active").At(200)
	r := wants(t, "P1", NotApplicable, s.End(300), "P1 needs a node that could take over (P4).")
	require.Equal(t, finding.Kind("why.not-ready"), reason(t, r).Kind)
}

func TestP1_OpenFailover(t *testing.T) {
	open := func(end float64) *trace.Trace { return story.Guide().At(60).Unplug("active").End(end) }
	wants(t, "P1", Inconclusive, open(95), "P1: a failover cut off by the trace's end proves nothing.")
	r := wants(t, "P1", Inconclusive, open(100), "P1: at 40.0 s it may still come.")
	require.Equal(t, finding.Kind("p1.unfinished"), r.Findings[0].Kind)
	r = wants(t, "P1", Fail, open(100.2), "P1: nobody answers for longer than 40 s.")
	require.Equal(t, finding.Kind("p1.nobody"), r.Findings[0].Kind)
	require.True(t, r.Findings[0].Open)
}

func TestP1_NoFailoverIsNotApplicable(t *testing.T) {
	r := wants(t, "P1", NotApplicable, story.Guide().End(300), "P1 has nothing to judge while nobody is lost.")
	require.Equal(t, finding.Kind("p1.none"), r.Reason.Kind)
	flap := story.Guide().At(60).Unplug("active").At(61).Plug("active", trace.Preferred).End(300)
	wants(t, "P1", NotApplicable, flap, "W19: a flap is no failover, the holder answers again.")
}

func TestP1_NoDataIsInconclusive(t *testing.T) {
	wants(t, "P1", Inconclusive, &trace.Trace{}, "P1: an empty trace proves nothing.")
	r := wants(t, "P1", Inconclusive, story.Bare().End(300), "P1: a trace without records proves nothing.")
	require.Equal(t, &finding.Note{Kind: "no-data", Because: &finding.Note{Kind: "missing.power"}}, r.Reason)
	r = wants(t, "P1", Inconclusive, story.Cold().End(300), "P1: a VIP nobody ever answered proves nothing.")
	require.Equal(t, finding.Kind("missing.answer"), r.Reason.Because.Kind)
}

// What happens after the band has passed is no excuse.
func TestP1_LaterFaultIsNoExcuse(t *testing.T) {
	late := story.Guide().At(60).Unplug("active").At(150).Fault("stop-service", "standby").At(160).Takes("standby")
	wants(t, "P1", Fail, late.End(300), "P1: nobody answered for 40 s; a fault at 90 s changes nothing.")
}

func TestP1_SplitBrainIsNoFailover(t *testing.T) {
	s := story.Guide().At(30).Holds("standby", trace.Preferred).At(60).Unplug("active").At(92).Cache("pc", "standby")
	r := wants(t, "P1", NotApplicable, s.End(300), "P1: a node that held the VIP already takes nothing over.")
	require.Equal(t, &finding.Note{Kind: "why.held", Node: "standby", Rules: []string{"P3"}}, reason(t, r), "What is left to P3 is said.")
}

func TestP1_AGiveBackIsNoFailover(t *testing.T) {
	s := story.Taken().At(200).Plug("active", trace.Duplicate).Watch("standby", trace.Releasing, trace.ByPeer)
	s.At(203.3).Fault("stop-service", "standby").Service("standby", trace.StopPending)
	s.At(203.5).Holds("standby", trace.Absent).Service("standby", trace.Stopped).At(207).Takes("active")
	require.Equal(t, 1, wants(t, "P1", Pass, s.End(300), "W15: the give-back was under way, the stop took nothing.").Judged)
	s = story.Taken().At(200).Plug("active", trace.Duplicate).Fault("stop-service", "standby").Service("standby", trace.StopPending)
	s.At(203.5).Gives("standby", story.AtStop).Service("standby", trace.Stopped).Asks("active", trace.Released, 0.4).At(207).Takes("active")
	require.Equal(t, 1, wants(t, "P1", Pass, s.End(300), "W16: a stop that answers the master's request is a give-back.").Judged)
}

// A rule that drops what the client asks loses nobody: P1 has nothing to judge, and the facts name the rule.
func TestP1_AHolderThatIsFilteredIsNotLost(t *testing.T) {
	s := story.Guide().At(60).Drops(trace.Rule{Protocol: "icmp", Text: "drop icmp from active", From: "active"})
	r := wants(t, "P1", NotApplicable, s.At(62).Forget("pc").End(600), "P1: no node can take what another one defends.")
	require.Equal(t, finding.Kind("p1.none"), r.Reason.Kind)
}

// An idle client needs no VIP: what is left is named, and alone it is no data.
func TestP1_AnIdleClientIsNotJudged(t *testing.T) {
	tr := story.FailsOver(60)
	tr.Records = without[trace.Use](tr.Records)
	r := wants(t, "P1", Inconclusive, tr, "P1: a client that uses nothing shows nothing.")
	require.Equal(t, finding.Kind("missing.use"), r.Reason.Because.Kind)
	r = wants(t, "P1", Fail, others(story.Guide()).At(60).Unplug("active").At(120).Takes("standby").End(300), "P1: one that does, does.")
	require.Equal(t, []finding.Finding{{Note: finding.Note{Kind: "unused", Client: "pc2", VIP: vip}, Verdict: NotApplicable}}, r.Left)
}

// without are the records that are none of the kind.
func without[B trace.Body](all []trace.Record) (left []trace.Record) {
	for _, r := range all {
		if _, is := r.Body.(B); !is {
			left = append(left, r)
		}
	}
	return left
}

// The bound that a finding names is the facts'.
func TestP1_TheBandIsTheFacts(t *testing.T) {
	tr := story.FailsOver(41)
	tr.Header.Nodes[1].Interval = 31 * time.Second
	f := facts.Read(tr)
	want := f.FailoverBound(&f.Uses[0].Outages[0], "standby")
	require.Equal(t, want.Band, wants(t, "P1", Fail, tr, "P1").Findings[0].Want)
}
