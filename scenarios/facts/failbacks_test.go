package facts

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

func TestFailbacks_AreMeasuredFromTheReturn(t *testing.T) {
	require.Equal(t, []finding.Failback{{
		Client: "pc", VIP: vip, Master: "active", Peer: "standby",
		From: seconds(200), To: seconds(207.5), Silent: seconds(4.3), Promise: GuideFailback,
	}}, Read(story.ComesBack(7.5)).Failbacks, "P2: from the cable's return to the master's answer, and how long nobody answered.")
}

func TestFailbacks_OpenWhenTheMasterNeverAnswers(t *testing.T) {
	f := Read(story.Taken().At(200).Plug("active", trace.Duplicate).End(300)).Failbacks
	require.Len(t, f, 1, "A failback that was due is listed.")
	require.True(t, f[0].Open && f[0].Length() == seconds(100), "It is open, up to the trace's end.")
}

func TestFailbacks_OfAFlappingCableTheLastReturnCounts(t *testing.T) {
	s := story.Taken().At(190).Fault("plug", "active").Link("active", true).At(195).Unplug("active")
	s.At(200).Plug("active", trace.Duplicate).At(203.2).Gives("standby", trace.ByPeer).At(207.5).Takes("active")
	f := Read(s.End(300)).Failbacks
	require.Len(t, f, 1, "One answer ends one failback.")
	require.Equal(t, seconds(200), f[0].From, "It counts from the last return.")
}

// N2: the times are promised from the cable's return, and so they count. Behind spanning tree frames pass later.
func TestFailbacks_OfAPortThatIsHeldCountFromTheCablesReturn(t *testing.T) {
	f := Read(heldReturn().End(400)).Failbacks
	require.Len(t, f, 1)
	require.Equal(t, seconds(200), f[0].From)
	require.True(t, f[0].Late)
}

// heldReturn is a master whose cable returns at 200 s, and whose port forwards 30 s later.
func heldReturn() *story.Story {
	s := story.Taken().At(200).Fault("plug", "active").Link("active", true).Port("active", trace.Listening)
	s.At(203).Own("active", trace.Preferred).Holds("active", trace.Preferred) // nobody was heard (FIELD-FACTS, surprise 7)
	s.At(230).Port("active", trace.Forwarding).At(230.5).Asks("active", trace.Released, 0.1).Gives("standby", trace.ByPeer)
	return s.At(231).Cache("pc", "active")
}

// Only whom the peer served is given back: one whose cache never followed the VIP has been waiting, all the
// while, and then is answered as before.
func TestFailbacks_OnlyForAClientThatThePeerServed(t *testing.T) {
	s := story.Taken().At(200).Plug("active", trace.Preferred)
	s.Header.Clients = append(s.Header.Clients, trace.Client{
		Name: "old", Address: netip.MustParsePrefix("192.168.10.51/24"), MAC: trace.MAC{2, 0, 0, 0, 0, 10}, Profile: "ad-client",
	})
	s.Header.Cables = append(s.Header.Cables, trace.Cable{Name: "old", A: "old", B: "sw"})
	s.At(-100).Link("old", true).Own("old", trace.Preferred).Uses("old").At(-65).Cache("old", "active")
	s.At(203.2).Gives("standby", trace.ByPeer).Cache("pc", "active")
	f := Read(s.End(400))
	require.Len(t, f.Failbacks, 1)
	require.Equal(t, "pc", f.Failbacks[0].Client)
	require.Positive(t, f.Failbacks[0].Length())
	require.Equal(t, []finding.Span{span(-65, 60, "active"), span(203, 400, "active")}, useIn(f, "old", vip).Answered)
}

// A master that comes back while its peer holds nothing has nothing to be given.
func TestFailbacks_NoneWhereNothingWasTaken(t *testing.T) {
	require.Empty(t, Read(story.Guide().At(60).Unplug("active").At(61).Plug("active", trace.Preferred).End(300)).Failbacks, "W19: a flap")
	require.Empty(t, Read(story.Guide().At(60).Unplug("standby").At(61).Plug("standby", trace.Absent).End(300)).Failbacks, "a slave")
}

// A client that begins to use the VIP after the return has not seen it.
func TestFailbacks_NoneForAClientThatBeginsLater(t *testing.T) {
	require.Empty(t, Read(startingAt(story.ComesBack(7.5), seconds(205))).Failbacks)
	require.Len(t, Read(startingAt(story.ComesBack(7.5), seconds(150))).Failbacks, 1)
}

// Of several VIPs each comes back by itself.
func TestFailbacks_OfTwoVIPs(t *testing.T) {
	other := netip.MustParseAddr("192.168.10.201")
	s := story.Taken().At(200).Plug("active", trace.Duplicate).At(203.2).Gives("standby", trace.ByPeer).At(207.5).Takes("active")
	s.Header.VIPs = []trace.VIP{{Address: other}, {Address: vip}}
	s.At(-50).Add("active", trace.Address{IP: other, State: trace.Preferred}).Add("pc", trace.Use{VIP: other})
	s.At(61).Add("active", trace.Address{IP: other, State: trace.Absent}).At(94).Add("standby", trace.Address{IP: other, State: trace.Preferred})
	f := Read(s.End(300)).Failbacks
	require.Len(t, f, 2)
	require.Equal(t, []bool{true, false}, []bool{f[0].Open, f[1].Open}, "the other one stays with the standby")
	require.Equal(t, []netip.Addr{other, vip}, []netip.Addr{f[0].VIP, f[1].VIP})
}

// From a boot it counts from the network, not from the power button.
func TestFailbacks_OfABootCountFromItsNetwork(t *testing.T) {
	s := story.Guide().At(60).PowerOff("active").At(94).Takes("standby").At(200).Fault("power-on", "active").Power("active", trace.Booting)
	s.At(260).Link("active", true).Power("active", trace.On).At(263).Own("active", trace.Preferred).Service("active", trace.Running)
	f := Read(s.At(263.5).Gives("standby", trace.ByPeer).At(268).Takes("active").End(400)).Failbacks
	require.Len(t, f, 1)
	require.Equal(t, seconds(260), f[0].From)
	require.Equal(t, seconds(8), f[0].Length())
}

// Nothing is given back to a client that the master answers all along, whatever came home: no failback of 0.0 s.
func TestFailbacks_NoneForAClientThatTheMasterAnsweredAllAlong(t *testing.T) {
	tr := story.Guide().End(100)
	r := NewReader(&tr.Header)
	for i := range tr.Records {
		r.Read(&tr.Records[i])
	}
	r.returns = append(r.returns, homecoming{at: seconds(10), master: "active", peer: "standby"})
	require.Empty(t, r.Close(tr.End).Failbacks)
}

// began is a master whose watcher was stopped at 60 s, and is started at 200 s on a network that was there all along.
func began() *story.Story {
	s := story.Guide().At(60).Service("active", trace.Stopped).Holds("active", trace.Absent).At(94).Takes("standby")
	return s.At(200).Fault("start-service", "active").Service("active", trace.Running)
}

// A watcher that is started has its VIP given back, too. The maker promises no time for that; by the settings it is that of
// a network that comes up, less the time in which its own address is tentative.
func TestFailbacks_OfAWatcherThatIsStarted(t *testing.T) {
	f := Read(began().At(201).Gives("standby", trace.ByPeer).At(205.5).Takes("active").End(300))
	require.Len(t, f.Failbacks, 1)
	one := f.Failbacks[0]
	require.True(t, one.Began)
	require.Equal(t, []string{"active", "standby"}, []string{one.Master, one.Peer})
	require.Equal(t, []any{seconds(200), seconds(205.5)}, []any{one.From, one.To})
	network := f.wayBack(one.To, "active", "standby")
	dad := f.Header.Node("active").DAD
	require.Equal(t, finding.Promise{Least: network.Least - dad, Most: network.Most - dad}, one.Promise)

	open := Read(began().End(300)).Failbacks
	require.Len(t, open, 1)
	require.True(t, open[0].Open)
}

// At a boot the network comes up before the watcher is started: it is one failback, from the network's return.
func TestFailbacks_OfAStartBehindTheNetworkIsOne(t *testing.T) {
	s := story.Guide().At(60).PowerOff("active").At(94).Takes("standby").At(200).Fault("power-on", "active").Power("active", trace.Booting)
	s.At(260).Link("active", true).Power("active", trace.On).At(263).Own("active", trace.Preferred).At(270).Service("active", trace.Running)
	f := Read(s.At(271).Gives("standby", trace.ByPeer).At(276).Takes("active").End(400)).Failbacks
	require.Len(t, f, 1)
	require.Equal(t, seconds(260), f[0].From)
	require.False(t, f[0].Began)
}

// Nothing is given back where nobody has taken it: a short stop, and a slave's start.
func TestFailbacks_NoneOfAStartWithNothingToGive(t *testing.T) {
	s := story.Guide().At(60).Service("active", trace.Stopped).Holds("active", trace.Absent).At(65).Service("active", trace.Running).At(100).Takes("active")
	require.Empty(t, Read(s.End(200)).Failbacks)
	require.Empty(t, Read(story.Guide().At(60).Service("standby", trace.Stopped).At(90).Service("standby", trace.Running).End(200)).Failbacks)
}
