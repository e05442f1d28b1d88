package check

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

// "the VIP is answered within Interval + PingTimeout + address add": 30 + 3 + 1 + 3 = 37 s.
func TestP4_ReadyNodeTakesTheVIPInTime(t *testing.T) {
	wants(t, "P4", Pass, failsOver(37), "P4: 37.0 s after the loss is in time.")
	r := wants(t, "P4", Fail, failsOver(37.2), "P4: 37.2 s is late for a node that stood ready.")
	require.Equal(t, "P4: standby was up, its service running, connected to client pc and not misconfigured from 60 s, so "+
		"192.168.10.202 should be answered within 37.1 s (W11, W12, W14); nobody answered for 37.2 s", r.Findings[0].Sentence,
		"A finding says what was expected and what was seen, with numbers and rules.")
}

func TestP4_NeverTakenIsOneFinding(t *testing.T) {
	r := wants(t, "P4", Fail, cold().end(300), "P4: a VIP that two ready nodes leave alone fails.")
	require.Len(t, r.Findings, 1, "One outage is told once.")
	require.Equal(t, seconds(-100), r.Findings[0].At, "The stretch begins when the nodes are ready.")
}

// "(slave first start: two intervals)", W13.
func TestP4_SlaveAloneWaitsTwoIntervals(t *testing.T) {
	alone := func(takes float64) *trace.Trace {
		s := cold().at(-100).service("active", "stopped")
		return s.at(-100 + takes).takes("standby").end(100)
	}
	wants(t, "P4", Pass, alone(67), "W13: a slave that never saw the VIP waits two intervals.")
	wants(t, "P4", Fail, alone(70), "W13: two intervals, and no more.")
}

// W18: the cycle's outage, with the master absent, is two intervals.
func TestP4_ReleaseCycleCostsTwoIntervals(t *testing.T) {
	again := func(after float64) *trace.Trace {
		s := taken().at(1894).gives("standby", "W18: the release cycle")
		return s.at(1894 + after).takes("standby").end(2100)
	}
	wants(t, "P4", Pass, again(66), "W18: after its own release the slave yields two intervals.")
	wants(t, "P4", Fail, again(70), "W18: two intervals, and no more.")
}

func TestP4_TimeCountsFromWhenTheNodeIsReady(t *testing.T) {
	late := func(takes float64) *trace.Trace {
		s := guide().at(10).unplug("standby").at(20).unplug("active").at(200).plug("standby", trace.Absent)
		return s.at(takes).takes("standby").end(400)
	}
	wants(t, "P4", Pass, late(239), "P4: a node back at 200 s is ready at 203 s, when its own address is (H3).")
	wants(t, "P4", Fail, late(241), "P4: 38 s after it was ready is late.")
}

func TestP4_NodesThatAreNotReadyOweNothing(t *testing.T) {
	lose := func() *story { return guide().at(60).unplug("active") }
	wants(t, "P4", Pass, lose().power("standby", trace.Frozen).end(300), "H7: a frozen node is not up.")
	wants(t, "P4", Pass, lose().service("standby", "stopped").end(300), "P4: a node without its service owes nothing.")
	wants(t, "P4", Pass, lose().blocks("standby", "echo").end(300), "H8: a node with ICMP closed is misconfigured.")
	wants(t, "P4", Pass, lose().link("standby", false).end(300), "P4: a node without its cable owes nothing.")
	wants(t, "P4", Pass, guide().at(60).link("pc", false).end(300), "P4: a client without its cable is owed nothing.")
	wants(t, "P4", Fail, lose().end(300), "P4: with the node ready, the same trace fails.")
}

// H8: a holder with ICMP closed defends the VIP, and the other node tries in vain for ever.
func TestP4_DefendedVIPIsNotAsked(t *testing.T) {
	tries := func(s *story, from, to float64) *story {
		for at := from; at < to; at += 36 {
			s.at(at).holds("standby", trace.Tentative).at(at+0.1).holds("standby", trace.Duplicate).at(at+1).holds("standby", trace.Absent)
		}
		return s
	}
	s := tries(guide().at(60).blocks("active", "echo"), 94, 600)
	r := wants(t, "P4", Pass, s.end(600), "W20: a node that tries again and again owes no more.")
	require.Contains(t, r.Left[0].Sentence, "active defends 192.168.10.202", "What excuses it is said.")
	s = tries(guide().at(60).blocks("active", "echo"), 94, 300)
	wants(t, "P4", Fail, s.end(600), "W12: a node that gives up trying is caught.")
}

// W15: a master with ICMP closed asks for its VIP while the slave is still taking it.
func TestP4_TakeOverGivenUpForTheMasterIsNotAsked(t *testing.T) {
	s := guide().at(60).blocks("active", "echo")
	for at := 93.0; at < 590; at += 65 {
		s.at(at).watch("standby", "taking", "W12").at(at+0.5).watch("standby", "releasing", "W15: the master asks for it")
		s.at(at+1).watch("standby", "polling", "W11")
	}
	r := wants(t, "P4", Pass, s.end(600), "W15: a slave that gives way to the holder owes no more.")
	require.Contains(t, r.Left[0].Sentence, "active defends 192.168.10.202 (W15)", "What excuses it is said.")
}

// H2: a machine whose netsh fails is not to blame its watcher for.
func TestP4_FailedNetshIsNotAsked(t *testing.T) {
	takes := func(exit int) *trace.Trace {
		s := guide().at(60).unplug("active").at(93)
		s.add("standby", trace.Command{Line: `netsh interface ip add address "LAN" addr=192.168.10.202`, Exit: exit})
		return s.at(127).takes("standby").end(300)
	}
	r := wants(t, "P4", Pass, takes(1), "H2: after a netsh that failed the watcher polls on.")
	require.Contains(t, r.Left[0].Sentence, "netsh failed on standby (H2)", "What excuses it is said.")
	wants(t, "P4", Fail, takes(0), "P4: a netsh that worked, or says so, excuses nothing.")
}

// W20: two watchers that take the VIP in the same moment may clash; not for ever.
func TestP4_ClashesAreExcusedTwice(t *testing.T) {
	clash := func(times int) *trace.Trace {
		s := guide().at(60).blocks("active", "echo").holds("active", trace.Absent)
		at := 60.0
		for range times {
			at += 35
			s.at(at).holds("standby", trace.Duplicate).at(at+1).holds("standby", trace.Absent)
		}
		return s.at(at + 35).takes("standby").end(600)
	}
	wants(t, "P4", Pass, clash(0), "W12: without a clash it is one interval.")
	wants(t, "P4", Pass, clash(2), "W20: after a clash the watcher polls on.")
	wants(t, "P4", Fail, clash(4), "P4: watchers that clash for ever leave the VIP unanswered.")
}

func TestP4_StaleCacheIsTheClientsOwn(t *testing.T) {
	stale := func(profile string) *story {
		s := guide().at(0).add("pc", trace.PingStart{ID: 1, Target: vip}).at(60).unplug("active")
		s.tr.Header.Clients[0].Profile = profile
		return s.at(94).holds("standby", trace.Preferred)
	}
	heals := func(s *story, after float64) *trace.Trace { return s.at(94+after).cache("pc", "standby").end(1000) }
	wants(t, "P4", Pass, heals(stale("ad-client"), 600), "N4: an ad-client's old entry is not the cluster's fault.")
	wants(t, "P4", Pass, heals(stale("windows-modern"), 60), "N3: a windows-modern client finds the holder within a minute.")
	wants(t, "P4", Fail, heals(stale("windows-modern"), 60.2), "N3: a windows-modern client that does not is caught.")
	wants(t, "P4", Inconclusive, stale("windows-modern").end(120), "P4: an entry still stale at the trace's end proves nothing.")
}

// H8: an entry for a holder with ICMP closed is right, if of no use.
func TestP4_EntryForAMutedHolderIsNotStale(t *testing.T) {
	s := guide().at(0).add("pc", trace.PingStart{ID: 1, Target: vip}).at(60).blocks("active", "echo")
	wants(t, "P4", Pass, s.holds("standby", trace.Preferred).end(300), "P4: the client's cache is not at fault.")
}

func TestP4_OpenOutage(t *testing.T) {
	wants(t, "P4", Inconclusive, guide().at(60).unplug("active").end(90), "P4: an outage cut off by the trace's end proves nothing.")
	wants(t, "P4", Fail, guide().at(60).unplug("active").end(98), "P4: an outage past its time fails, open or not.")
}

func TestP4_NoDataIsInconclusive(t *testing.T) {
	wants(t, "P4", Inconclusive, &trace.Trace{}, "P4: an empty trace proves nothing.")
	wants(t, "P4", Inconclusive, bare().end(300), "P4: a trace without records proves nothing.")
}

func TestP4_NobodyEverReadyIsNotApplicable(t *testing.T) {
	s := bare().at(-100).power("active", trace.On).power("standby", trace.On)
	wants(t, "P4", NotApplicable, s.end(300), "P4: without links no node is connected, and the trace says so.")
}
