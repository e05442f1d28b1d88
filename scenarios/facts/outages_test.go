package facts

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

func TestOutages_FailoverIsMeasured(t *testing.T) {
	o := only(story.FailsOver(34))
	require.Equal(t, &finding.Outage{
		Client: "pc", VIP: vip, From: seconds(60), To: seconds(94), Before: []string{"active"}, After: []string{"standby"},
		Loss: finding.LostLink, Taken: true, Kind: finding.FailoverKind,
		Cause: finding.Cause{Kind: finding.ByFault, At: seconds(60), Node: "active", Fault: 1},
		Parts: parts(finding.Counting, 34), Promise: GuideFailover,
	}, o, "A failover is the gap from the loss of one node to another's answer, with its cause.")
	require.Equal(t, seconds(34), o.Length(), "The length is what P1 judges.")
}

func TestOutages_BeforeTheFirstAnswerThereIsNone(t *testing.T) {
	require.Empty(t, outages(story.Guide().End(100)), "The start-up is no outage.")
}

func TestOutages_OpenOutageIsSaid(t *testing.T) {
	o := only(story.Guide().At(60).Unplug("active").End(80))
	require.True(t, o.Open && o.To == seconds(80), "An outage at the trace's end counts; it is open, up to there.")
	require.Equal(t, finding.FailoverKind, o.Kind, "It may become a failover.")
}

// The lost holder may be back before anybody could have taken the VIP: an Interval from the loss.
func TestOutages_FlapIsNoFailover(t *testing.T) {
	flap := func(out float64) *finding.Outage {
		return only(story.Guide().At(60).Unplug("active").At(60+out).Plug("active", trace.Preferred).End(300))
	}
	require.Equal(t, seconds(4), flap(1).Length(), "W19: a one-second flap costs about 4 s.")
	require.Equal(t, finding.FlapKind, flap(1).Kind, "The same node answers again before its time: no failover.")
	require.Equal(t, finding.FlapKind, flap(26.9).Kind, "29.9 s are shorter than the Interval.")
	require.Equal(t, finding.FailoverKind, flap(27).Kind, "30.0 s are not: somebody should have taken it.")
	require.Zero(t, flap(1).Promise, "Of a flap nothing is promised.")
	require.False(t, flap(1).Taken)
}

// Who ends it does not make the failover: the standby took the VIP, whoever the client hears at last.
func TestOutages_EndedByTheReturningHolderAfterATakeOverIsAFailover(t *testing.T) {
	s := story.Guide().At(60).Unplug("active").At(80).Holds("standby", trace.Preferred) // a cache that knows active only
	o := only(s.At(82).Holds("standby", trace.Absent).At(84).Plug("active", trace.Preferred).End(300))
	require.Equal(t, seconds(27), o.Length())
	require.Equal(t, []string{"active"}, o.After)
	require.True(t, o.Taken, "Another node came to hold the VIP meanwhile.")
	require.Equal(t, finding.FailoverKind, o.Kind)
}

func TestOutages_BothNodesGoneIsAFailover(t *testing.T) {
	s := story.Guide().At(60).Unplug("active").Unplug("standby").At(200).Plug("active", trace.Preferred)
	o := only(s.End(300))
	require.Equal(t, finding.FailoverKind, o.Kind, "The holder was lost, and nobody could take over in time.")
	require.False(t, o.Taken)
	require.Equal(t, parts(finding.NodesGone, 140, finding.Redetection, 3), o.Parts)
}

func TestOutages_PathBetweenSwitches(t *testing.T) {
	s := story.Guide()
	s.Header.Cables[0].B = "far"
	s.Header.Cables = append(s.Header.Cables, trace.Cable{Name: "trunk", A: "far", B: "sw"})
	s.At(-100).Link("trunk", true).At(60).Fault("unplug", "trunk").Link("trunk", false).At(94).Takes("standby")
	o := only(s.End(300))
	require.Equal(t, finding.LostPath, o.Loss, "A trunk that fails loses the node behind it.")
	require.Equal(t, finding.FailoverKind, o.Kind)
	require.Equal(t, 1, o.Cause.Fault, "The trunk's fault is behind it.")
}

func TestOutages_EveryWayToLoseANode(t *testing.T) {
	for loss, lose := range map[finding.Loss]func(*story.Story) *story.Story{
		finding.LostPower:  func(s *story.Story) *story.Story { return s.PowerOff("active") },
		finding.LostFrozen: func(s *story.Story) *story.Story { return s.Fault("freeze", "active").Power("active", trace.Frozen) },
		finding.LostDown: func(s *story.Story) *story.Story {
			s.Fault("shutdown", "active").Power("active", trace.Stopping).Service("active", trace.StopPending)
			return s.Gives("active", story.AtStop)
		},
		finding.LostStop: func(s *story.Story) *story.Story {
			s.Fault("stop-service", "active").Service("active", trace.StopPending)
			return s.Gives("active", story.AtStop).Service("active", trace.Stopped)
		},
		finding.LostLink: func(s *story.Story) *story.Story { return s.Unplug("active") },
		finding.LostPath: func(s *story.Story) *story.Story { return s.Fault("cut", "active", "sw").Cut("active", "sw", true) },
	} {
		o := only(lose(story.Guide().At(60)).At(101).Takes("standby").End(300))
		require.Equal(t, loss, o.Loss, "The loss is named by what happened.")
		require.Equal(t, finding.FailoverKind, o.Kind, loss)
		require.Equal(t, 1, o.Cause.Fault, "%s: the fault that touches the node is the cause.", loss)
	}
}

// An idle client needs no VIP, so that it misses none.
func TestUses_AnIdleClientHasNoOutages(t *testing.T) {
	idle := startingAt(story.FailsOver(34), never)
	u := useOf(idle, "pc", vip)
	require.True(t, u.Never)
	require.Empty(t, u.Outages)
	require.Len(t, u.Answered, 2, "What it would have seen is known.")
	require.Empty(t, Read(startingAt(story.ComesBack(7), never)).Failbacks, "Nor is anything given back to it.")
}

func TestUses_AClientThatBeginsInASilenceWaitsFromThenOn(t *testing.T) {
	o := only(startingAt(story.FailsOver(34), seconds(80)))
	require.Equal(t, []time.Duration{seconds(80), seconds(94)}, []time.Duration{o.From, o.To})
	require.Equal(t, seconds(80), useOf(startingAt(story.FailsOver(34), seconds(80)), "pc", vip).Since)
	require.Equal(t, finding.Cause{Kind: finding.ByFault, At: seconds(60), Node: "active", Fault: 1}, o.Cause, "The fault is as old as it is.")
}

func TestUses_APingIsAUse(t *testing.T) {
	tr := startingAt(story.FailsOver(34), never)
	tr.Records = append([]trace.Record{{At: seconds(-101), Host: "pc", Body: trace.PingStart{ID: 1, Target: vip}}}, tr.Records...)
	require.Len(t, outages(tr), 1)
}

func TestUses_OfAnotherAddressOrByANobodyAreNone(t *testing.T) {
	tr := startingAt(story.FailsOver(34), never)
	for _, r := range []trace.Record{
		{Host: "pc", Body: trace.Use{VIP: story.Inner}}, {Host: "nobody", Body: trace.Use{VIP: vip}}, {Host: "active", Body: trace.Use{VIP: vip}},
	} {
		r.At = seconds(-101)
		tr.Records = append([]trace.Record{r}, tr.Records...)
	}
	require.True(t, useOf(tr, "pc", vip).Never)
}

// startingAt is the trace with its client beginning to use the VIP then.
func startingAt(tr *trace.Trace, at time.Duration) *trace.Trace {
	out := &trace.Trace{Header: tr.Header, End: tr.End}
	told := at == never
	for _, r := range tr.Records {
		if _, is := r.Body.(trace.Use); is {
			continue
		}
		if !told && r.At > at {
			out.Add(at, "pc", trace.Use{VIP: vip})
			told = true
		}
		out.Add(r.At, r.Host, r.Body)
	}
	return out
}

// What ping.exe printed of an outage is counted by outcome, in the order in which each came.
func TestOutages_WhatPingSaw(t *testing.T) {
	s := story.Guide().At(0).Add("pc", trace.PingStart{ID: 7, Target: vip}).Add("pc", trace.PingStart{ID: 8, Target: story.Inner})
	line := func(at float64, id int, o trace.PingOutcome) { s.At(at).Add("pc", trace.PingLine{ID: id, Outcome: o}) }
	line(59, 7, trace.TimedOut) // before it
	line(64, 7, trace.TimedOut)
	line(65, 8, trace.HostUnreachable) // another ping's
	line(68, 7, trace.TimedOut)
	line(71, 7, trace.HostUnreachable)
	line(97.5, 7, trace.TimedOut) // of a request that was sent within it
	line(99, 7, trace.TimedOut)   // after it
	o := only(s.At(60).Unplug("active").At(94).Takes("standby").End(300))
	require.Equal(t, []finding.Saw{{Outcome: trace.TimedOut, Lines: 3}, {Outcome: trace.HostUnreachable, Lines: 1}}, o.Saw)
}

func TestDuals_AShortSplitBrainIsAFigure(t *testing.T) {
	require.Equal(t, []finding.Dual{{VIP: vip, Nodes: [2]string{"active", "standby"}, From: seconds(100), To: seconds(131)}},
		Read(story.SplitBrain(31)).Duals, "A split brain too short for P3 is still reported.")
}

// A fault lasts until what ends it, or to the end of the run.
func TestFaults_LastUntilTheyAreOver(t *testing.T) {
	f := Read(story.Guide().At(60).Unplug("active").At(70).Fault("flap", "standby", "5s").At(80).Plug("active", trace.Preferred).
		At(90).Fault("netsh", "active", "lie").End(100))
	type life struct {
		line      string
		at, until float64
		open      bool
	}
	var got []life
	for _, x := range f.Faults {
		got = append(got, life{x.Line(), x.At.Seconds(), x.Until.Seconds(), x.Open})
	}
	require.Equal(t, []life{
		{"unplug active", 60, 80, false}, {"flap standby 5s", 70, 75, false}, {"plug active", 80, 80, false}, {"netsh active lie", 90, 100, true},
	}, got)
	require.Equal(t, "netsh active lie", f.Fault(4).Line())
	require.Nil(t, f.Fault(5))
	require.Nil(t, f.Fault(0))
}
