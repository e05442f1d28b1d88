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

// "the VIP is answered within Interval + PingTimeout + address add": 30 + 3 + 1 + 3 = 37 s.
func TestP4_ReadyNodeTakesTheVIPInTime(t *testing.T) {
	wants(t, "P4", Pass, story.FailsOver(37), "P4: 37.0 s after the loss is in time.")
	r := wants(t, "P4", Fail, story.FailsOver(37.2), "P4: 37.2 s is late for a node that stood ready.")
	require.Equal(t, finding.Note{
		Kind: "p4.nobody", Client: "pc", Node: "standby", VIP: vip, At: seconds(60), Until: seconds(97.2), Time: seconds(37.2),
		Want: band(0, 37.1), Rules: []string{"W11", "W12", "W14"},
	}, r.Findings[0].Note, "A finding says what was expected and what was seen, with numbers and rules.")
}

// With a PingTimeout above the Interval the bound is PingTimeout + PingTimeout + netsh + DAD.
func TestP4_PingTimeoutAboveInterval(t *testing.T) {
	slow := func(after float64) *trace.Trace {
		s := story.Guide().Every(func(n *trace.Node) { n.Interval, n.PingTimeout = 5*time.Second, 20*time.Second })
		return s.At(60).Unplug("active").At(60 + after).Takes("standby").End(300)
	}
	wants(t, "P4", Pass, slow(44), "P4: 44.0 s after the loss is in time.")
	wants(t, "P4", Fail, slow(44.2), "P4: 44.2 s is late.")
}

func TestP4_NeverTakenIsOneFinding(t *testing.T) {
	r := wants(t, "P4", Fail, story.Cold().End(300), "P4: a VIP that two ready nodes leave alone fails.")
	require.Len(t, r.Findings, 1, "One outage is told once.")
	require.Equal(t, seconds(-100), r.Findings[0].At, "The stretch begins when the nodes are ready.")
}

// "(slave first start: two intervals)", W13.
func TestP4_SlaveAloneWaitsTwoIntervals(t *testing.T) {
	alone := func(takes float64) *trace.Trace {
		s := story.Cold().At(-100).Service("active", trace.Stopped)
		return s.At(-100 + takes).Takes("standby").End(100)
	}
	wants(t, "P4", Pass, alone(67), "W13: a slave that never saw the VIP waits two intervals.")
	wants(t, "P4", Fail, alone(70), "W13: two intervals, and no more.")
}

// W18: the cycle's outage, with the master absent, is two intervals.
func TestP4_ReleaseCycleCostsTwoIntervals(t *testing.T) {
	again := func(after float64) *trace.Trace {
		s := story.Taken().At(1894).Gives("standby", trace.ByCycle)
		return s.At(1894 + after).Takes("standby").End(2100)
	}
	wants(t, "P4", Pass, again(66), "W18: after its own release the slave yields two intervals.")
	wants(t, "P4", Fail, again(70), "W18: two intervals, and no more.")
}

func TestP4_TimeCountsFromWhenTheNodeIsReady(t *testing.T) {
	late := func(takes float64) *trace.Trace {
		s := story.Guide().At(10).Unplug("standby").At(20).Unplug("active").At(200).Plug("standby", trace.Absent)
		return s.At(takes).Takes("standby").End(400)
	}
	wants(t, "P4", Pass, late(239), "P4: a node back at 200 s is ready at 203 s, when its own address is (H3).")
	wants(t, "P4", Fail, late(241), "P4: 38 s after it was ready is late.")
}

func TestP4_NodesThatAreNotReadyOweNothing(t *testing.T) {
	lose := func() *story.Story { return story.Guide().At(60).Unplug("active") }
	wants(t, "P4", Pass, lose().Power("standby", trace.Frozen).End(300), "H7: a frozen node is not up.")
	wants(t, "P4", Pass, lose().Service("standby", trace.Stopped).End(300), "P4: a node without its service owes nothing.")
	wants(t, "P4", Pass, lose().Blocks("standby", trace.EchoRule).End(300), "H8: a node with ICMP closed is misconfigured.")
	wants(t, "P4", Pass, lose().Link("standby", false).End(300), "P4: a node without its cable owes nothing.")
	wants(t, "P4", Pass, story.Guide().At(60).Link("pc", false).End(300), "P4: a client without its cable is owed nothing.")
	wants(t, "P4", Fail, lose().End(300), "P4: with the node ready, the same trace fails.")
}

func TestP4_NodesAreReadyThroughARouter(t *testing.T) {
	wants(t, "P4", Pass, story.FailsOverBehind(37, 0).End(300), "P4: 37.0 s after the loss is in time.")
	wants(t, "P4", Fail, story.FailsOverBehind(37.2, 0).End(300), "P4: behind a router too 37.2 s is late.")
	lose := func() *story.Story { return story.Routed().At(60).Unplug("active") }
	wants(t, "P4", Fail, lose().End(300), "P4: a node the client reaches through the router owes the VIP.")
	wants(t, "P4", Pass, lose().Link("core1-office", false).End(300), "P4: without the way there it owes nothing.")
	back := lose()
	back.Header.Nodes[1].Gateway = netip.Addr{}
	wants(t, "P4", Pass, back.End(300), "P4: without the way back it owes nothing.")
}

// P4 asks whether a node has the VIP; what ARP caches make of it is P8's.
func TestP4_LeavesCachesToP8(t *testing.T) {
	r := wants(t, "P4", Pass, story.FailsOverBehind(34, 600).End(1000), "N5: a router's old entry is not the nodes' fault.")
	require.Empty(t, r.Left)
	stale := story.Guide().At(60).Unplug("active").At(94).Holds("standby", trace.Preferred).At(400).Cache("pc", "standby")
	wants(t, "P4", Pass, stale.End(1000), "N3: nor is a client's.")
}

// FIELD-FACTS, l2-dai: a node whose ARP is dropped is not connected.
func TestP4_ANodeThatARPInspectionHidesOwesNothing(t *testing.T) {
	s := story.Taken().At(95).Forget("pc")
	s.Header.Inspections = []trace.Inspection{{Switch: "sw", Bindings: []trace.Binding{{IP: vip, MAC: s.Header.Node("active").MAC}}}}
	wants(t, "P4", Pass, s.End(600), "P4: it is none that could serve the client.")
}

// H8: a holder with ICMP closed defends the VIP, and the other node tries in vain for ever.
func TestP4_DefendedVIPIsNotAsked(t *testing.T) {
	tries := func(s *story.Story, from, to float64) *story.Story {
		for at := from; at < to; at += 36 {
			s.At(at).Holds("standby", trace.Tentative).At(at+0.1).Holds("standby", trace.Duplicate).At(at+1).Holds("standby", trace.Absent)
		}
		return s
	}
	s := tries(story.Guide().At(60).Blocks("active", trace.EchoRule), 94, 600)
	r := wants(t, "P4", Pass, s.End(600), "W20: a node that tries again and again owes no more.")
	require.Equal(t, &finding.Note{Kind: "why.defended", Node: "standby", Peer: "active", VIP: vip, Rules: []string{"W20"}}, reason(t, r), "What excuses it is said.")
	s = tries(story.Guide().At(60).Blocks("active", trace.EchoRule), 94, 300)
	wants(t, "P4", Fail, s.End(600), "W12: a node that gives up trying is caught.")
}

// W15: a master with ICMP closed asks for its VIP while the slave is still taking it.
func TestP4_TakeOverGivenUpForTheMasterIsNotAsked(t *testing.T) {
	s := story.Guide().At(60).Blocks("active", trace.EchoRule)
	for at := 93.0; at < 590; at += 65 {
		s.At(at).Watch("standby", trace.Taking, story.Free).At(at+0.5).Watch("standby", trace.Releasing, trace.ByPeer)
		s.At(at+1).Watch("standby", trace.Polling, story.GivenUp)
	}
	r := wants(t, "P4", Pass, s.End(600), "W15: a slave that gives way to the holder owes no more.")
	require.Equal(t, &finding.Note{Kind: "why.defended", Node: "standby", Peer: "active", VIP: vip, Rules: []string{"W15"}}, reason(t, r), "What excuses it is said.")
}

// H2: a machine whose netsh fails is not to blame its watcher for.
func TestP4_FailedNetshIsNotAsked(t *testing.T) {
	takes := func(exit int) *trace.Trace {
		s := story.Guide().At(60).Unplug("active").At(93)
		s.Add("standby", trace.Command{Does: trace.AddAddress, IP: vip, Line: "netsh interface ip add address", Exit: exit})
		return s.At(127).Takes("standby").End(300)
	}
	r := wants(t, "P4", Pass, takes(1), "H2: after a netsh that failed the watcher polls on.")
	require.Equal(t, &finding.Note{Kind: "why.netsh", Node: "standby", VIP: vip}, reason(t, r), "What excuses it is said.")
	wants(t, "P4", Fail, takes(0), "P4: a netsh that worked, or says so, excuses nothing.")
}

// W20: two watchers that take the VIP in the same moment may clash; not for ever.
func TestP4_ClashesAreExcusedTwice(t *testing.T) {
	clash := func(times int) *trace.Trace {
		s := story.Guide().At(60).Blocks("active", trace.EchoRule).Holds("active", trace.Absent)
		at := 60.0
		for range times {
			at += 35
			s.At(at).Holds("standby", trace.Duplicate).At(at+1).Holds("standby", trace.Absent)
		}
		return s.At(at + 35).Takes("standby").End(600)
	}
	wants(t, "P4", Pass, clash(0), "W12: without a clash it is one interval.")
	wants(t, "P4", Pass, clash(2), "W20: after a clash the watcher polls on.")
	wants(t, "P4", Fail, clash(4), "P4: watchers that clash for ever leave the VIP unanswered.")
}

func TestP4_OpenOutage(t *testing.T) {
	wants(t, "P4", Inconclusive, story.Guide().At(60).Unplug("active").End(90), "P4: an outage cut off by the trace's end proves nothing.")
	wants(t, "P4", Fail, story.Guide().At(60).Unplug("active").End(98), "P4: an outage past its time fails, open or not.")
}

func TestP4_BrokenOffIsLeft(t *testing.T) {
	s := story.Guide().At(60).Unplug("active").At(70).Unplug("standby")
	r := wants(t, "P4", Pass, s.End(300), "P4: a node that is lost meanwhile is ready no longer.")
	require.Equal(t, finding.Kind("why.no-longer"), reason(t, r).Kind)
}

func TestP4_NoDataIsInconclusive(t *testing.T) {
	r := wants(t, "P4", Inconclusive, &trace.Trace{}, "P4: an empty trace proves nothing.")
	require.Equal(t, finding.Kind("missing.client"), r.Reason.Because.Kind)
	wants(t, "P4", Inconclusive, story.Bare().End(300), "P4: a trace without records proves nothing.")
}

func TestP4_NobodyEverReadyIsNotApplicable(t *testing.T) {
	s := story.Bare().At(-100).Power("active", trace.On).Power("standby", trace.On).Uses("pc")
	r := wants(t, "P4", NotApplicable, s.End(300), "P4: without links no node is connected, and the trace says so.")
	require.Equal(t, finding.Kind("p4.never-ready"), r.Reason.Kind)
}

func TestP4_AnIdleClientIsOwedNothing(t *testing.T) {
	tr := story.FailsOver(60)
	tr.Records = without[trace.Use](tr.Records)
	r := wants(t, "P4", NotApplicable, tr, "P4: nobody misses it.")
	require.Equal(t, finding.Kind("unused"), r.Left[0].Kind)
}

// What set back another node, or another VIP, or came at another time, gives this one no more time.
func TestP4_OnlyItsOwnSetbacksExcuse(t *testing.T) {
	late := func(at float64, node string, ip netip.Addr) *trace.Trace {
		s := story.Guide().At(60).Unplug("active").At(at)
		s.Header.VIPs = append(s.Header.VIPs, trace.VIP{Address: story.Inner})
		s.Add(node, trace.Command{Does: trace.AddAddress, IP: ip, Exit: 1})
		return s.At(127).Takes("standby").End(300)
	}
	wants(t, "P4", Pass, late(93, "standby", vip), "H2: its own netsh failed.")
	wants(t, "P4", Fail, late(93, "active", vip), "P4: another node's did.")
	wants(t, "P4", Fail, late(93, "standby", story.Inner), "P4: for another VIP.")
	wants(t, "P4", Fail, late(40, "standby", vip), "P4: before there was anything to take.")
	wants(t, "P4", Fail, late(200, "standby", vip), "P4: when all was over.")
	other := story.Guide().At(60).Unplug("active").At(93).Add("standby", trace.Command{Does: trace.DeleteAddress, IP: vip, Exit: 1})
	wants(t, "P4", Fail, other.At(127).Takes("standby").End(300), "P4: a delete that fails takes nothing.")
}

// Each reason is told once, whatever the number of tries.
func TestP4_ReasonsAreToldOnce(t *testing.T) {
	s := story.Guide().At(60).Unplug("active")
	for at := 93.0; at < 300; at += 36 {
		s.At(at).Add("standby", trace.Command{Does: trace.AddAddress, IP: vip, Exit: 1})
	}
	require.Len(t, wants(t, "P4", Pass, s.End(310), "H2: netsh fails again and again.").Left, 1)
	s.At(200).Holds("active", trace.Preferred).Link("active", true).Blocks("active", trace.EchoRule).At(205).Holds("standby", trace.Duplicate)
	r := wants(t, "P4", Pass, s.End(210), "W20: and then the holder defends it.")
	require.Equal(t, []finding.Kind{"why.netsh", "why.defended"}, []finding.Kind{r.Left[0].Because.Kind, r.Left[1].Because.Kind})
}

func TestP4_EachOutageIsAFinding(t *testing.T) {
	s := story.Guide().At(60).Unplug("active").At(110).Takes("standby").At(150).Gives("standby", story.GivenUp).At(290).Takes("standby")
	r := wants(t, "P4", Fail, s.End(400), "P4: twice nobody took it in time.")
	require.Equal(t, []time.Duration{seconds(60), seconds(150)}, []time.Duration{r.Findings[0].At, r.Findings[1].At})
}
