package check

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

// failsOver is a pulled cable and a standby that answers so many seconds later.
func failsOver(after float64) *trace.Trace {
	return guide().at(60).unplug("active").at(60 + after).takes("standby").end(300)
}

// "the time from the moment the VIP stops being answered (for a cable pull, the pull) to the
// moment it is answered again: 30-40 s at every phase of the fault"
func TestP1_FailoverTakes30To40Seconds(t *testing.T) {
	for _, c := range []struct {
		took float64
		want Verdict
	}{{29.9, Fail}, {30, Pass}, {33.4, Pass}, {40, Pass}, {40.2, Fail}} {
		t.Run(fmt.Sprint(c.took), func(t *testing.T) {
			wants(t, "P1", c.want, failsOver(c.took), "P1: a failover of 30.0 s to 40.0 s passes, and no other.")
		})
	}
}

func TestP1_FindingSaysExpectedAndSeen(t *testing.T) {
	r := wants(t, "P1", Fail, failsOver(41.2), "P1: a failover of 41.2 s fails.")
	require.Equal(t, []Finding{{
		At: 60 * time.Second, Until: 101200 * time.Millisecond, Host: "pc", VIP: vip, Verdict: Fail,
		Sentence: "P1: after the loss of active (link down; unplug active at 60 s) client pc should see 192.168.10.202 " +
			"answered by another node in 30 s to 40 s (P1, W14); standby answered after 41.2 s",
	}}, r.Findings, "A finding says what was expected and what was seen, with numbers and rules.")
}

// "for a shutdown, the release"
func TestP1_ShutdownIsMeasuredFromTheRelease(t *testing.T) {
	down := func(after float64) *trace.Trace {
		s := guide().at(60).fault("shutdown", "active").power("active", trace.Stopping).service("active", "stop pending")
		return s.at(65).gives("active", "W6").at(65 + after).takes("standby").end(300)
	}
	wants(t, "P1", Pass, down(34), "P1: a shutdown counts from the release, not from the order to shut down.")
	wants(t, "P1", Fail, down(41), "P1: a shutdown's failover of 41 s fails.")
}

func TestP1_EveryWayToLoseANodeIsJudged(t *testing.T) {
	losses := map[Loss]func(*story) *story{
		LostPower:  func(s *story) *story { return s.link("active", false).power("active", trace.Off) },
		LostFrozen: func(s *story) *story { return s.power("active", trace.Frozen) },
		LostStop: func(s *story) *story {
			return s.service("active", "stop pending").gives("active", "W6").service("active", "stopped")
		},
		LostLink: func(s *story) *story { return s.link("active", false) },
	}
	for loss, lose := range losses {
		t.Run(string(loss), func(t *testing.T) {
			tr := lose(guide().at(60).fault("lose", "active")).at(101).takes("standby").end(300)
			require.Equal(t, loss, Failovers(tr)[0].Loss, "The loss is named by what happened.")
			wants(t, "P1", Fail, tr, "P1: however the holder is lost, 41 s is too long.")
		})
	}
}

// W14 with other settings: [Interval + netsh + DAD, PingTimeout + Interval + netsh + DAD].
func TestP1_OtherSettingsHaveTheirOwnBounds(t *testing.T) {
	short := func(after float64) *trace.Trace {
		s := guide().every(func(n *trace.Node) { n.Interval, n.PingTimeout = 10*time.Second, time.Second })
		return s.at(60).unplug("active").at(60 + after).takes("standby").end(300)
	}
	wants(t, "P1", Fail, short(13.0), "W12: with Interval 10 nobody takes the VIP before 13.2 s.")
	wants(t, "P1", Pass, short(13.2), "W14: with Interval 10 and PingTimeout 1, 13.2 s is the least.")
	wants(t, "P1", Pass, short(15.1), "W14: 15 s and the network's latency are the most.")
	wants(t, "P1", Fail, short(15.3), "W14: with Interval 10 and PingTimeout 1, 15.3 s is too long.")
}

// W13: a slave that has not seen the VIP answered since its own start waits two intervals.
func TestP1_FreshSlaveMayTakeTwoIntervals(t *testing.T) {
	fresh := func(after float64) *trace.Trace {
		s := guide().at(-99).service("standby", "stopped").at(59).service("standby", "running")
		return s.at(60).unplug("active").at(60 + after).takes("standby").end(300)
	}
	wants(t, "P1", Pass, fresh(66), "W13: a slave that may not have seen the VIP yields for two intervals.")
	wants(t, "P1", Fail, fresh(69), "W13: two intervals, and no more.")
}

// W5: a watcher that still deletes at its start has seen nothing yet.
func TestP1_SlaveStillStartingMayTakeTwoIntervals(t *testing.T) {
	s := guide().at(-99).service("standby", "stopped").at(54).service("standby", "running").watch("standby", "releasing", "W5")
	s.at(60).unplug("active").at(60.5).watch("standby", "polling", "W5").at(126).takes("standby")
	wants(t, "P1", Pass, s.end(300), "W13: what was answered before its first poll a slave has not seen.")
}

func TestP1_OtherProfilesAreNotJudged(t *testing.T) {
	old := failsOver(600)
	old.Header.Clients[0].Profile = "ad-client"
	r := wants(t, "P1", NotApplicable, old, "P1 speaks of windows-modern clients only.")
	require.Contains(t, r.Reason, "ad-client", "What is not judged is said, with the reason.")
	silent := failsOver(33)
	silent.Header.Nodes[1].Profile = "srv-2008"
	wants(t, "P1", NotApplicable, silent, "P1 speaks of srv-2012plus servers only.")
}

func TestP1_AnotherFaultInTheGapIsNotJudged(t *testing.T) {
	s := guide().at(60).unplug("active").at(70).unplug("standby").at(75).plug("standby", trace.Absent)
	r := wants(t, "P1", NotApplicable, s.at(115).takes("standby").end(300), "P1 leaves a gap with a second fault inside.")
	require.Contains(t, r.Reason, "unplug standby at 70 s", "The other fault is named.")
}

func TestP1_NobodyReadyIsNotJudged(t *testing.T) {
	s := guide().at(50).service("standby", "stopped").at(60).unplug("active").at(200)
	wants(t, "P1", NotApplicable, s.end(300), "P1 needs a node that could take over (P4).")
}

func TestP1_OpenFailover(t *testing.T) {
	wants(t, "P1", Inconclusive, guide().at(60).unplug("active").end(95), "P1: a failover cut off by the trace's end proves nothing.")
	wants(t, "P1", Inconclusive, guide().at(60).unplug("active").end(100), "P1: at 40.0 s it may still come.")
	wants(t, "P1", Fail, guide().at(60).unplug("active").end(100.2), "P1: nobody answers for longer than 40 s.")
}

func TestP1_NoFailoverIsNotApplicable(t *testing.T) {
	wants(t, "P1", NotApplicable, guide().end(300), "P1 has nothing to judge while nobody is lost.")
	flap := guide().at(60).unplug("active").at(61).plug("active", trace.Preferred).end(300)
	wants(t, "P1", NotApplicable, flap, "W19: a flap is no failover, the holder answers again.")
}

func TestP1_NoDataIsInconclusive(t *testing.T) {
	wants(t, "P1", Inconclusive, &trace.Trace{}, "P1: an empty trace proves nothing.")
	wants(t, "P1", Inconclusive, bare().end(300), "P1: a trace without records proves nothing.")
	wants(t, "P1", Inconclusive, cold().end(300), "P1: a VIP nobody ever answered proves nothing.")
}

// What happens after the band has passed is no excuse.
func TestP1_LaterFaultIsNoExcuse(t *testing.T) {
	late := guide().at(60).unplug("active").at(150).fault("block-pipe", "active").at(160).takes("standby")
	wants(t, "P1", Fail, late.end(300), "P1: nobody answered for 40 s; a fault at 90 s changes nothing.")
}

func TestP1_SplitBrainIsNoFailover(t *testing.T) {
	s := guide().at(50).holds("standby", trace.Preferred).at(60).unplug("active").at(62).cache("pc", "standby")
	r := wants(t, "P1", NotApplicable, s.end(300), "P1: a node that held the VIP already takes nothing over.")
	require.Contains(t, r.Reason, "standby held it already (P3)", "What is left to P3 is said.")
}

func TestP1_StopDuringAGiveBackIsNoFailover(t *testing.T) {
	s := taken().at(200).plug("active", trace.Duplicate).watch("standby", "releasing", "W15: the master asks for it")
	s.at(203.3).fault("stop-service", "standby").service("standby", "stop pending")
	s.at(203.5).holds("standby", trace.Absent).service("standby", "stopped").at(207).takes("active")
	require.Len(t, Failovers(s.end(300)), 1, "W15: the give-back was under way, the stop took nothing.")
}

func TestP1_StopThatAnswersTheMasterIsNoFailover(t *testing.T) {
	s := taken().at(200).plug("active", trace.Duplicate).fault("stop-service", "standby").service("standby", "stop pending")
	s.at(203.5).gives("standby", "W6").service("standby", "stopped").asks("active", "released", 0.4).at(207).takes("active")
	require.Len(t, Failovers(s.end(300)), 1, "W16: a stop that answers the master's request is a give-back.")
}
