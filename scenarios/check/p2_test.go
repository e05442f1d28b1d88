package check

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

// taken is the guide's cluster after a failover: standby holds the VIP from 94 s.
func taken() *story { return guide().at(60).unplug("active").at(94).takes("standby") }

// comesBack is the cable's return at 200 s and the master answering so many seconds later.
func comesBack(after float64) *trace.Trace {
	s := taken().at(200).plug("active", trace.Duplicate).asks("active", "released", 0.1)
	return s.at(203.2).gives("standby", "W16: the master asked").at(200 + after).takes("active").end(400)
}

// "from the cable's return to the VIP being answered by the master: 5-10 s"
func TestP2_FailbackTakes5To10Seconds(t *testing.T) {
	for _, c := range []struct {
		took float64
		want Verdict
	}{{4.9, Fail}, {5, Pass}, {7.5, Pass}, {10, Pass}, {10.2, Fail}} {
		t.Run(fmt.Sprint(c.took), func(t *testing.T) {
			wants(t, "P2", c.want, comesBack(c.took), "P2: a failback of 5.0 s to 10.0 s passes, and no other.")
		})
	}
}

func TestP2_FindingSaysExpectedAndSeen(t *testing.T) {
	r := wants(t, "P2", Fail, comesBack(12), "P2: a failback of 12 s fails.")
	require.Equal(t, "P2: after the return of active at 200 s client pc should see 192.168.10.202 answered by it in "+
		"5 s to 10 s (P2, W17); it took 12 s, 8.8 s of them silent", r.Findings[0].Sentence,
		"A finding says what was expected and what was seen, with numbers and rules.")
}

// "or from the booted node's network coming up"
func TestP2_BootCountsFromTheNetwork(t *testing.T) {
	boot := func(after float64) *trace.Trace {
		s := guide().at(60).fault("power-off", "active").link("active", false).power("active", trace.Off)
		s.at(94).takes("standby").at(200).fault("power-on", "active").power("active", trace.Booting)
		s.at(260).link("active", true).power("active", trace.On)
		s.at(263).own("active", trace.Preferred).service("active", "running")
		s.at(263.5).asks("active", "released", 0.1).gives("standby", "W16")
		return s.at(260 + after).takes("active").end(400)
	}
	wants(t, "P2", Pass, boot(8), "P2: a boot counts from Link up, not from the power button.")
	wants(t, "P2", Fail, boot(11), "P2: 11 s after the network came up is too long.")
}

func TestP2_OtherSettingsHaveTheirOwnBounds(t *testing.T) {
	slow := func(after float64) *trace.Trace {
		tr := comesBack(after)
		for i := range tr.Header.Nodes {
			tr.Header.Nodes[i].PingTimeout = 5 * time.Second
		}
		return tr
	}
	wants(t, "P2", Fail, slow(6.2), "H3: own address, two netsh and the VIP take 6.4 s at least.")
	wants(t, "P2", Pass, slow(6.4), "H3: 6.4 s is the least.")
	wants(t, "P2", Pass, slow(19.1), "W16: with PingTimeout 5, 19 s and the latency are the most.")
	wants(t, "P2", Fail, slow(19.3), "W16: with PingTimeout 5, 19.3 s is too long.")
}

func TestP2_DeadPipeIsLeftToP7(t *testing.T) {
	s := taken().at(200).plug("active", trace.Duplicate).asks("active", "no answer", 0.1)
	r := wants(t, "P2", NotApplicable, s.end(400), "P2: without the pipe the release cycle is the safety net (P7).")
	require.Contains(t, r.Reason, "P7", "What is left to P7 is said.")
	shut := taken().at(150).blocks("standby", "pipe").at(200).plug("active", trace.Duplicate)
	wants(t, "P2", NotApplicable, shut.end(400), "P2: a firewall shut on the pipe is P7's too.")
}

func TestP2_EarlyFailedRequestIsNoExcuse(t *testing.T) {
	s := taken().at(200).asks("active", "no answer", 0).plug("active", trace.Duplicate)
	s.asks("active", "released", 0.1).at(203.2).gives("standby", "W16").at(220).takes("active")
	wants(t, "P2", Fail, s.end(400), "P2: a request too early, then one that was granted: the pipe works.")
}

func TestP2_OpenFailback(t *testing.T) {
	back := func() *story { return taken().at(200).plug("active", trace.Duplicate) }
	wants(t, "P2", Inconclusive, back().end(209), "P2: a failback cut off by the trace's end proves nothing.")
	wants(t, "P2", Fail, back().end(211), "P2: a master that never asks is caught.")
}

func TestP2_AnotherFaultOrNoWatcherIsNotJudged(t *testing.T) {
	s := taken().at(200).plug("active", trace.Duplicate).at(204).fault("unplug", "pc").link("pc", false)
	wants(t, "P2", NotApplicable, s.end(400), "P2 leaves a failback with another fault inside.")
	s = taken().at(100).service("active", "stopped").at(200).plug("active", trace.Absent)
	wants(t, "P2", NotApplicable, s.end(400), "P2 needs a watcher on the master.")
}

func TestP2_NothingToGiveBackIsNotApplicable(t *testing.T) {
	wants(t, "P2", NotApplicable, guide().end(400), "P2 has nothing to judge while the master stands.")
	flap := guide().at(60).unplug("active").at(61).plug("active", trace.Preferred).end(300)
	wants(t, "P2", NotApplicable, flap, "W19: a flap gives nothing back, the peer never held.")
	old := comesBack(300)
	old.Header.Clients[0].Profile = "linux"
	wants(t, "P2", NotApplicable, old, "P2 speaks of windows-modern clients only.")
}

func TestP2_NoDataIsInconclusive(t *testing.T) {
	wants(t, "P2", Inconclusive, &trace.Trace{}, "P2: an empty trace proves nothing.")
	wants(t, "P2", Inconclusive, cold().end(300), "P2: a VIP nobody ever answered proves nothing.")
}

func TestP2_LateServiceIsCaught(t *testing.T) {
	s := guide().at(60).fault("power-off", "active").link("active", false).power("active", trace.Off)
	s.at(94).takes("standby").at(200).fault("power-on", "active").power("active", trace.Booting)
	s.at(260).link("active", true).power("active", trace.On).at(263).own("active", trace.Preferred)
	s.at(280).service("active", "running").gives("standby", "W16").at(284).takes("active")
	wants(t, "P2", Fail, s.end(400), "P2: a booted master whose service starts late comes back late.")
}

func TestP2_ClosedICMPAndLostClientsAreNotJudged(t *testing.T) {
	s := taken().at(100).blocks("standby", "echo").at(200).plug("active", trace.Duplicate)
	wants(t, "P2", NotApplicable, s.end(400), "H8: a master does not see a VIP held by a node with ICMP closed.")
	s = taken().at(100).link("pc", false).at(200).plug("active", trace.Duplicate)
	wants(t, "P2", NotApplicable, s.end(400), "P2: a client that is cut off is promised nothing.")
}

func TestP2_LaterFaultIsNoExcuse(t *testing.T) {
	s := taken().at(200).plug("active", trace.Duplicate).at(300).unplug("active")
	wants(t, "P2", Fail, s.end(400), "P2: nothing came back in 10 s; a fault at 100 s changes nothing.")
}

func TestP2_CycleInTheSameMomentIsNotJudged(t *testing.T) {
	s := taken().at(200).plug("active", trace.Duplicate).at(202).gives("standby", "W18: the release cycle is over")
	r := wants(t, "P2", NotApplicable, s.at(239).takes("active").end(400), "W18: the VIP was released before the master could ask.")
	require.Contains(t, r.Reason, "W18", "The cycle is named.")
}
