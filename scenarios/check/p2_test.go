package check

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// "from the cable's return to the VIP being answered by the master: 5-10 s"
func TestP2_FailbackTakes5To10Seconds(t *testing.T) {
	for _, c := range []struct {
		took float64
		want finding.Verdict
	}{{4.9, Fail}, {5, Pass}, {7.5, Pass}, {10, Pass}, {10.2, Fail}} {
		t.Run(fmt.Sprint(c.took), func(t *testing.T) {
			wants(t, "P2", c.want, story.ComesBack(c.took), "P2: a failback of 5.0 s to 10.0 s passes, and no other.")
		})
	}
}

func TestP2_FindingSaysExpectedAndSeen(t *testing.T) {
	r := wants(t, "P2", Fail, story.ComesBack(12), "P2: a failback of 12 s fails.")
	require.Equal(t, finding.Note{
		Kind: "p2.late", Client: "pc", VIP: vip, Node: "active", Peer: "standby", At: seconds(200), Until: seconds(212), Time: seconds(12),
		Silent: seconds(8.8), Want: band(5, 10), Rules: []string{"P2", "W17"},
	}, r.Findings[0].Note, "A finding says what was expected and what was seen, with numbers and rules.")
}

// "or from the booted node's network coming up"
func TestP2_BootCountsFromTheNetwork(t *testing.T) {
	boot := func(after float64) *trace.Trace {
		s := story.Guide().At(60).PowerOff("active").At(94).Takes("standby").At(200).Fault("power-on", "active").Power("active", trace.Booting)
		s.At(260).Link("active", true).Power("active", trace.On)
		s.At(263).Own("active", trace.Preferred).Service("active", trace.Running)
		s.At(263.5).Asks("active", trace.Released, 0.1).Gives("standby", trace.ByPeer)
		return s.At(260 + after).Takes("active").End(400)
	}
	wants(t, "P2", Pass, boot(8), "P2: a boot counts from Link up, not from the power button.")
	wants(t, "P2", Fail, boot(11), "P2: 11 s after the network came up is too long.")
}

func TestP2_OtherSettingsHaveTheirOwnBounds(t *testing.T) {
	slow := func(after float64) *trace.Trace {
		tr := story.ComesBack(after)
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
	s := story.Taken().At(200).Plug("active", trace.Duplicate).Asks("active", trace.NoAnswer, 0.1)
	r := wants(t, "P2", NotApplicable, s.End(400), "P2: without the pipe the release cycle is the safety net (P7).")
	require.Equal(t, &finding.Note{
		Kind: "why.pipe", Rules: []string{"P7", "W16"},
		Because: &finding.Note{Kind: "why.request", Node: "active", At: seconds(202.9), Text: "error 53: the network path was not found"},
	}, reason(t, r), "What is left to P7 is said, with what Windows said.")
	shut := story.Taken().At(150).Blocks("standby", trace.PipeRule).At(200).Plug("active", trace.Duplicate)
	r = wants(t, "P2", NotApplicable, shut.End(400), "P2: a firewall shut on the pipe is P7's too.")
	require.Equal(t, finding.Kind("why.pipe-blocked"), reason(t, r).Because.Kind)
}

func TestP2_EarlyFailedRequestIsNoExcuse(t *testing.T) {
	s := story.Taken().At(200).Asks("active", trace.NoAnswer, 0).Plug("active", trace.Duplicate)
	s.Asks("active", trace.Released, 0.1).At(203.2).Gives("standby", trace.ByPeer).At(220).Takes("active")
	wants(t, "P2", Fail, s.End(400), "P2: a request too early, then one that was granted: the pipe works.")
}

func TestP2_OpenFailback(t *testing.T) {
	back := func() *story.Story { return story.Taken().At(200).Plug("active", trace.Duplicate) }
	r := wants(t, "P2", Inconclusive, back().End(209), "P2: a failback cut off by the trace's end proves nothing.")
	require.Equal(t, finding.Kind("p2.unfinished"), r.Findings[0].Kind)
	r = wants(t, "P2", Fail, back().End(211), "P2: a master that never asks is caught.")
	require.Equal(t, finding.Kind("p2.nobody"), r.Findings[0].Kind)
}

func TestP2_AnotherFaultOrNoWatcherIsNotJudged(t *testing.T) {
	s := story.Taken().At(200).Plug("active", trace.Duplicate).At(204).Fault("unplug", "pc").Link("pc", false)
	r := wants(t, "P2", NotApplicable, s.End(400), "P2 leaves a failback with another fault inside.")
	require.Equal(t, &finding.Note{Kind: "why.fault", Fault: 3, At: seconds(204)}, reason(t, r))
	s = story.Taken().At(100).Service("active", trace.Stopped).At(200).Plug("active", trace.Absent)
	r = wants(t, "P2", NotApplicable, s.End(400), "P2 needs a watcher on the master.")
	require.Equal(t, &finding.Note{Kind: "why.no-watcher", Node: "active"}, reason(t, r))
}

// What touches nothing of what the failback depends on excuses nothing; what does, excuses.
func TestP2_OnlyAFaultThatTouchesItExcuses(t *testing.T) {
	late := func(verb, target, setting string) *trace.Trace {
		s := others(story.Taken()).At(200).Plug("active", trace.Duplicate).Asks("active", trace.Released, 0.1)
		s.At(204).Fault(verb, target, setting)
		return s.At(203.2).Gives("standby", trace.ByPeer).At(220).Takes("active").End(400)
	}
	for _, f := range [][3]string{
		{"outside", "mx", "refuses"}, {"disk", "", "full"}, {"kill-mail", "active", ""}, {"unplug", "share", ""}, {"unplug", "pc2", ""}, {"block-echo", "pc2", ""},
	} {
		wants(t, "P2", Fail, late(f[0], f[1], f[2]), fmt.Sprintf("P2: %v touches nothing that a failback depends on.", f))
	}
	for _, f := range [][3]string{
		{"unplug", "pc", ""}, {"cut", "standby", "sw"}, {"netsh", "active", "lie"}, {"netsh", "standby", "lie"}, {"block-pipe", "standby", ""},
		{"deny-pipe", "standby", ""}, {"freeze", "standby", ""}, {"stop-service", "active", ""},
	} {
		r := wants(t, "P2", NotApplicable, late(f[0], f[1], f[2]), fmt.Sprintf("P2: %v may have made it late.", f))
		require.Equal(t, finding.Kind("why.fault"), reason(t, r).Kind)
	}
}

func TestP2_NothingToGiveBackIsNotApplicable(t *testing.T) {
	r := wants(t, "P2", NotApplicable, story.Guide().End(400), "P2 has nothing to judge while the master stands.")
	require.Equal(t, finding.Kind("p2.none"), r.Reason.Kind)
	flap := story.Guide().At(60).Unplug("active").At(61).Plug("active", trace.Preferred).End(300)
	wants(t, "P2", NotApplicable, flap, "W19: a flap gives nothing back, the peer never held.")
	old := story.ComesBack(300)
	old.Header.Clients[0].Profile = "linux"
	r = wants(t, "P2", NotApplicable, old, "P2 speaks of windows-modern clients only.")
	require.Equal(t, finding.Kind("why.client"), reason(t, r).Kind)
}

func TestP2_BehindARouterIsMeasuredNotJudged(t *testing.T) {
	s := story.FailsOverBehind(34, 0).At(200).Plug("active", trace.Duplicate)
	s.At(203.2).Gives("standby", trace.ByPeer).At(207.5).Holds("active", trace.Preferred).At(260).Cache("core1", "active")
	r := wants(t, "P2", NotApplicable, s.End(1000), "N5: the router's cache is not P2's.")
	require.Equal(t, finding.Kind("why.router"), reason(t, r).Kind)
	require.Equal(t, seconds(60), r.Left[0].Time, "The figure stands.")
}

// P2: the times are promised from the cable's return. Behind spanning tree frames pass later (N2).
func TestP2_LeavesAPortThatIsHeld(t *testing.T) {
	s := story.Taken().At(200).Fault("plug", "active").Link("active", true).Port("active", trace.Listening)
	s.At(203).Own("active", trace.Preferred).Holds("active", trace.Preferred) // nobody was heard (FIELD-FACTS, surprise 7)
	s.At(230).Port("active", trace.Forwarding).At(230.5).Asks("active", trace.Released, 0.1).Gives("standby", trace.ByPeer)
	r := wants(t, "P2", NotApplicable, s.At(231).Cache("pc", "active").End(400), "P2: not from there.")
	require.Equal(t, &finding.Note{Kind: "why.late", Node: "active", Rules: []string{"N1", "N2"}}, reason(t, r))
}

// FIELD-FACTS, l2-dai: a peer whose ARP is dropped is heard by nobody.
func TestP2_NothingIsGivenBackByAPeerThatARPInspectionHides(t *testing.T) {
	tr := story.ComesBack(20)
	bindings := []trace.Binding{{IP: vip, MAC: tr.Header.Node("active").MAC}}
	tr.Header.Inspections = []trace.Inspection{{Switch: "sw", Bindings: bindings}}
	r := wants(t, "P2", NotApplicable, tr, "P2: the peer served nobody, so that nothing is given back.")
	require.Equal(t, finding.Kind("p2.none"), r.Reason.Kind)
}

func TestP2_NoDataIsInconclusive(t *testing.T) {
	wants(t, "P2", Inconclusive, &trace.Trace{}, "P2: an empty trace proves nothing.")
	wants(t, "P2", Inconclusive, story.Cold().End(300), "P2: a VIP nobody ever answered proves nothing.")
}

func TestP2_LateServiceIsCaught(t *testing.T) {
	s := story.Guide().At(60).PowerOff("active").At(94).Takes("standby").At(200).Fault("power-on", "active").Power("active", trace.Booting)
	s.At(260).Link("active", true).Power("active", trace.On).At(263).Own("active", trace.Preferred)
	s.At(280).Service("active", trace.Running).Gives("standby", trace.ByPeer).At(284).Takes("active")
	wants(t, "P2", Fail, s.End(400), "P2: a booted master whose service starts late comes back late.")
}

func TestP2_ClosedICMPAndLostClientsAreNotJudged(t *testing.T) {
	s := story.Taken().At(150).Blocks("active", trace.EchoRule).At(200).Plug("active", trace.Duplicate)
	r := wants(t, "P2", NotApplicable, s.End(400), "H8: a master with ICMP closed is misconfigured.")
	require.Equal(t, &finding.Note{Kind: "why.mute", Node: "active", Rules: []string{"H8"}}, reason(t, r))
	s = story.Taken().At(100).Blocks("standby", trace.EchoRule).At(200).Plug("active", trace.Duplicate)
	wants(t, "P2", NotApplicable, s.End(400), "H8: a master does not see a VIP held by a node with ICMP closed.")
	s = story.Taken().At(100).Link("pc", false).At(200).Plug("active", trace.Duplicate)
	r = wants(t, "P2", NotApplicable, s.End(400), "P2: a client that is cut off is promised nothing.")
	require.Equal(t, &finding.Note{Kind: "why.cut-off", Client: "pc"}, reason(t, r))
}

func TestP2_LaterFaultIsNoExcuse(t *testing.T) {
	s := story.Taken().At(200).Plug("active", trace.Duplicate).At(300).Unplug("active")
	wants(t, "P2", Fail, s.End(400), "P2: nothing came back in 10 s; a fault at 100 s changes nothing.")
}

func TestP2_CycleInTheSameMomentIsNotJudged(t *testing.T) {
	s := story.Taken().At(200).Plug("active", trace.Duplicate).At(202).Gives("standby", trace.ByCycle)
	r := wants(t, "P2", NotApplicable, s.At(239).Takes("active").End(400), "W18: the VIP was released before the master could ask.")
	require.Equal(t, &finding.Note{Kind: "why.cycle", Node: "standby", Rules: []string{"W18"}}, reason(t, r), "The cycle is named.")
}

// A request that failed at first, or another one's, is no dead pipe; and what came back in time needs no excuse.
func TestP2_WhatIsADeadPipe(t *testing.T) {
	late := func(change func(*story.Story)) *trace.Trace {
		s := story.Taken().At(200).Plug("active", trace.Duplicate).At(204)
		change(s)
		return s.At(219.5).Gives("standby", trace.ByPeer).At(220).Takes("active").End(400)
	}
	dead := late(func(s *story.Story) { s.Asks("active", trace.NoAnswer, 0.5) })
	wants(t, "P2", NotApplicable, dead, "W16: the master's own request failed.")
	for name, change := range map[string]func(*story.Story){
		"the slave's request":      func(s *story.Story) { s.Asks("standby", trace.NoAnswer, 0.5) },
		"one before the return":    func(s *story.Story) { s.At(199).Asks("active", trace.NoAnswer, 0.5) },
		"one after the band":       func(s *story.Story) { s.At(215).Asks("active", trace.NoAnswer, 0.5) },
		"another VIP's":            func(s *story.Story) { s.Add("active", trace.Pipe{VIP: story.Inner, Answer: trace.NoAnswer}) },
		"a peer that has released": func(s *story.Story) { s.Asks("active", trace.NotHeld, 0.5) },
		"a cycle of the master's":  func(s *story.Story) { s.Watch("active", trace.Releasing, trace.ByCycle) },
		"a cycle of long ago": func(s *story.Story) {
			s.At(150).Watch("standby", trace.Releasing, trace.ByCycle).At(151).Watch("standby", trace.Held, story.Added)
		},
	} {
		wants(t, "P2", Fail, late(change), "P2: "+name+" excuses nothing.")
	}
	quick := story.Taken().At(200).Plug("active", trace.Duplicate).Asks("active", trace.NoAnswer, 0.1).Gives("standby", trace.ByPeer)
	wants(t, "P2", Pass, quick.At(207).Takes("active").End(400), "P2: what is in time is in time.")
}

// Each client is judged by its own way: one behind a router is left, one that is cut off too, and the third fails.
func TestP2_EachClientByItself(t *testing.T) {
	s := others(story.Taken()).At(200).Plug("active", trace.Duplicate).Asks("active", trace.Released, 0.1)
	s.Header.Clients[1].Profile, s.Header.Clients[1].Address = "linux", netip.MustParsePrefix("192.168.10.51/24")
	s.At(-100).Link("pc2", true).Own("pc2", trace.Preferred).Uses("pc2").At(-65).Cache("pc2", "active").At(94).Cache("pc2", "standby")
	s.At(203.2).Gives("standby", trace.ByPeer).At(220).Takes("active").Cache("pc2", "active")
	r := wants(t, "P2", Fail, s.End(400), "P2: pc waited for 20 s.")
	require.Equal(t, []string{"pc", "pc2"}, []string{r.Findings[0].Client, r.Left[0].Client})
	require.Equal(t, finding.Kind("why.client"), reason(t, r).Kind)
}
