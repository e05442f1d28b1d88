package check

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

// splitBrain is two nodes that both hold the VIP from 100 s, when the path between them is whole
// again; after so many seconds the slave gives way.
func splitBrain(lasts float64) *trace.Trace {
	s := guide().at(40).fault("cut", "active").link("active", false)
	s.at(75).takes("standby").at(100).fault("mend", "active").link("active", true)
	return s.at(100+lasts).gives("standby", "W17: the master asserted").end(400)
}

// "at most one node answers, once the network has been whole for longer than the longest of
// (Interval + 2 PingTimeout + address add)": 30 + 6 + 1 + 3 = 40 s.
func TestP3_SplitBrainEndsInTime(t *testing.T) {
	wants(t, "P3", Pass, splitBrain(31), "P3: a split brain settled in 31 s is none of P3's.")
	wants(t, "P3", Pass, splitBrain(40), "P3: 40.0 s is within the time.")
	r := wants(t, "P3", Fail, splitBrain(40.2), "P3: a split brain of 40.2 s in a whole network fails.")
	require.Contains(t, r.Findings[0].Sentence, "both held it for 40.2 s from 100 s", "A finding says what was seen.")
}

func TestP3_ShortSplitBrainIsAFigure(t *testing.T) {
	require.Equal(t, []DualHolder{{VIP: vip, Nodes: [2]string{"active", "standby"}, From: seconds(100), To: seconds(131)}},
		DualHolders(splitBrain(31)), "A split brain too short for P3 is still reported.")
}

func TestP3_NodesApartMayBothHold(t *testing.T) {
	s := guide().at(40).link("active", false).at(75).takes("standby")
	wants(t, "P3", Pass, s.end(1000), "P3 speaks of nodes that can reach each other.")
}

func TestP3_FrozenNodeAnswersNothing(t *testing.T) {
	s := guide().at(40).power("active", trace.Frozen).at(75).takes("standby").at(500).power("active", trace.On)
	wants(t, "P3", Pass, s.at(520).gives("standby", "W17").end(600), "P3: a frozen holder does not answer, and thawing starts the time.")
}

func TestP3_EachChangeOfTheNetworkStartsTheTime(t *testing.T) {
	calm := guide().at(10).holds("standby", trace.Preferred).at(65).gives("standby", "W17").end(300)
	wants(t, "P3", Fail, calm, "P3: 55 s in a network that does not change.")
	busy := guide().at(10).holds("standby", trace.Preferred).at(40).blocks("standby", "echo")
	wants(t, "P3", Pass, busy.at(65).gives("standby", "W17").end(300), "P3: 30 s and 25 s around a change.")
	other := guide().at(10).holds("standby", trace.Preferred).at(40).link("pc", false)
	wants(t, "P3", Fail, other.at(65).gives("standby", "W17").end(300), "P3: a client's cable is not the nodes' network.")
}

// Without the pipe no assertion is heard (W17): the slave's cycle ends it (W18).
func TestP3_DeadPipeLeavesItToTheCycle(t *testing.T) {
	dual := func(deafFor, lasts float64) *trace.Trace {
		s := guide().at(40).link("active", false).at(75).takes("standby").at(100).link("active", true)
		for at := 110.0; at < 100+deafFor; at += 30 {
			s.at(at+5).asks("active", "no answer", 5)
		}
		return s.at(100+lasts).gives("standby", "W18").end(3000)
	}
	r := wants(t, "P3", Pass, dual(1700, 1700), "W18: without the pipe a split brain lasts until the slave's cycle.")
	require.Len(t, r.Left, 1, "What the dead pipe excuses is listed.")
	require.Contains(t, r.Left[0].Sentence, `"no answer"`, "The reason is named.")
	wants(t, "P3", Fail, dual(1900, 1802), "W18: longer than the cycle nothing excuses.")
	wants(t, "P3", Pass, dual(200, 220), "W17: with the pipe back, one Interval settles it.")
	wants(t, "P3", Fail, dual(200, 250), "W17: with the pipe back, a split brain that goes on is caught.")
}

func TestP3_FirewallOnThePipeLeavesItToTheCycle(t *testing.T) {
	dual := func(node string) *trace.Trace {
		s := guide().blocks(node, "pipe").at(10).holds("standby", trace.Preferred)
		return s.at(500).gives("standby", "W18").end(3000)
	}
	wants(t, "P3", Pass, dual("standby"), "W18: a slave whose firewall is shut on the pipe hears no assertion.")
	wants(t, "P3", Fail, dual("active"), "W17: the master's own firewall does not keep it from asking.")
}

func TestP3_OpenSplitBrain(t *testing.T) {
	wants(t, "P3", Inconclusive, guide().at(10).holds("standby", trace.Preferred).end(30), "P3: a split brain cut off by the trace's end proves nothing.")
	wants(t, "P3", Fail, guide().at(10).holds("standby", trace.Preferred).end(60), "P3: one that lasts to the end fails once it is too long.")
}

func TestP3_LongestNodeSetsTheTime(t *testing.T) {
	tr := splitBrain(60)
	tr.Header.Nodes[1].Interval = 60 * time.Second
	wants(t, "P3", Pass, tr, "P3: the longest Interval of the nodes counts.")
}

func TestP3_NoDataIsInconclusive(t *testing.T) {
	wants(t, "P3", Inconclusive, &trace.Trace{}, "P3: without a VIP nothing is proved.")
	wants(t, "P3", Inconclusive, cold().end(300), "P3: without a holder nothing is proved.")
}

func TestP3_TwoMastersNeverSettle(t *testing.T) {
	s := guide().every(func(n *trace.Node) { n.Master = true }).at(10).holds("standby", trace.Preferred)
	s.at(30).asks("active", "refused", 0.1).at(60).asks("active", "refused", 0.1)
	r := wants(t, "P3", Fail, s.end(300), "W21: neither of two masters releases for the other.")
	require.Contains(t, r.Findings[0].Sentence, "W21", "The finding names the misconfiguration.")
}
