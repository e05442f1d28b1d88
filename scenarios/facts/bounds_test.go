package facts

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// with is the header of the guide's cluster with other settings.
func with(interval, timeout float64) *trace.Header {
	return story.Bare().Every(func(n *trace.Node) { n.Interval, n.PingTimeout = seconds(interval), seconds(timeout) }).Header
}

func band(least, most float64) finding.Band {
	return finding.Band{Least: seconds(least), Most: seconds(most)}
}

// W14: Interval + netsh + DAD at least, PingTimeout more at the most; two Intervals for a slave that has not
// seen the VIP (W13), and at least as long as one poll takes to be missed. The network adds its latency.
func TestW14_TakeTime(t *testing.T) {
	fresh, glimpsed := Sighting{Fresh: true}, Sighting{Fresh: true, Glimpsed: true}
	for _, c := range []struct {
		name              string
		interval, timeout float64
		node              string
		saw               Sighting
		want              finding.Band
	}{
		{"the defaults", 30, 3, "standby", Sighting{}, band(33.1, 37.1)},
		{"the master takes it as fast as the slave", 30, 3, "active", fresh, band(33.1, 38.1)},
		{"W13: a slave that has not seen it", 30, 3, "standby", fresh, band(63.1, 68.1)},
		{"W13: one that may have seen it", 30, 3, "standby", glimpsed, band(33.1, 68.1)},
		{"a count that had begun before", 30, 3, "standby", Sighting{Counted: seconds(-10)}, band(23.1, 37.1)},
		{"other settings", 10, 1, "standby", Sighting{}, band(13.1, 15.1)},
		{"PingTimeout above Interval: nobody knows before that a poll is missed", 5, 20, "standby", Sighting{}, band(23.1, 44.1)},
		{"the same of a fresh slave", 5, 20, "standby", fresh, band(23.1, 45.1)},
		{"two Intervals above PingTimeout", 15, 20, "standby", fresh, band(33.1, 55.1)},
	} {
		h := with(c.interval, c.timeout)
		require.Equal(t, c.want, TakeTime(h, h.Node(c.node), c.saw).Band, c.name)
	}
	h := with(30, 3)
	require.Equal(t, []string{"W11", "W12", "W14"}, TakeTime(h, h.Node("standby"), Sighting{}).Rules)
	require.Equal(t, []string{"W11", "W13", "W14"}, TakeTime(h, h.Node("standby"), fresh).Rules)
	h.VIPs = append(h.VIPs, trace.VIP{})
	require.Equal(t, band(33.1, 38.1), TakeTime(h, h.Node("standby"), Sighting{}).Band, "H2: netsh does one address after the other.")
}

// V2, V3: three advertisements and the skew time, netsh and detection; who has just begun may have given way to one that takes
// longer, and waits for that.
func TestV3_WhoGaveWayWaitsForTheOther(t *testing.T) {
	h := story.Bare().Every(func(n *trace.Node) {
		n.Watcher = &trace.OtherWatcher{Least: seconds(0.3), Most: seconds(1.8), Settles: seconds(0.5)}
	}).Header
	quick, slow := h.Node("standby"), h.Node("active")
	quick.DAD, slow.NetshMax = time.Second, 2*time.Second
	require.Equal(t, band(1.4, 3.9), TakeTime(h, quick, Sighting{}).Band, "it has heard the other one until now")
	require.Equal(t, band(1.4, 8.9), TakeTime(h, quick, Sighting{Fresh: true}).Band, "1.8 s, two commands of 2 s, 3 s and the latency")
	require.Equal(t, band(3.4, 8.9), TakeTime(h, slow, Sighting{Fresh: true}).Band)
}

func TestW14_PingTimeoutAboveIntervalHasItsOwnFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := with(float64(rapid.IntRange(5, 60).Draw(t, "interval")), float64(rapid.IntRange(1, 60).Draw(t, "timeout")))
		n := h.Node("standby")
		most := n.PingTimeout + max(n.Interval, n.PingTimeout) + n.NetshMax + n.DAD + Latency
		require.Equal(t, most, TakeTime(h, n, Sighting{}).Most)
		require.LessOrEqual(t, TakeTime(h, n, Sighting{}).Least, most)
	})
}

func TestBounds_TheMakersFiguresAreForTheDefaults(t *testing.T) {
	require.True(t, AsGuide(story.Bare().Header))
	for name, change := range map[string]func(h *trace.Header){
		"Interval":           func(h *trace.Header) { h.Nodes[1].Interval++ },
		"PingTimeout":        func(h *trace.Header) { h.Nodes[0].PingTimeout++ },
		"netsh":              func(h *trace.Header) { h.Nodes[0].NetshMax = time.Second + 1 },
		"address detection":  func(h *trace.Header) { h.Nodes[1].DAD = 3*time.Second + 1 },
		"the number of VIPs": func(h *trace.Header) { h.VIPs = append(h.VIPs, trace.VIP{}) },
	} {
		h := story.Bare().Header
		change(h)
		require.False(t, AsGuide(h), name)
	}
}

func TestBounds_OfTheOtherTimes(t *testing.T) {
	h := with(30, 3)
	require.Equal(t, band(6.3, 15.1), WayBack(h, h.Node("active"), h.Node("standby")).Band, "W16: 2 DAD and two netsh; then three netsh and two polls.")
	require.Equal(t, seconds(40.1), Settling(h), "P3: 30 + 6 + 1 + 3 s.")
	require.Equal(t, seconds(1840), Cycle(h, h.Node("active"), h.Node("standby")), "P7: the cycle and the maker's 40 s.")
	quick := with(10, 1)
	require.Equal(t, seconds(1816.1), Cycle(quick, quick.Node("active"), quick.Node("standby")), "P7: the cycle, netsh, 1 + 10 + 1 + 3 s.")
}

// What a watcher knew of the VIP when it was lost (W11, W13).
func TestSighting(t *testing.T) {
	saw := func(s *story.Story) Sighting {
		return Read(s.End(100)).Sighting("standby", vip, seconds(60), seconds(90))
	}
	require.Equal(t, Sighting{}, saw(story.Guide().At(60).Unplug("active")), "It saw the VIP answered up to the loss.")
	require.Equal(t, Sighting{Counted: seconds(-10)}, saw(story.Guide().At(50).Blocks("active", trace.EchoRule)), "It has missed it for 10 s.")
	started := func(at float64) *story.Story {
		return story.Guide().At(-99).Service("standby", trace.Stopped).At(at).Service("standby", trace.Running).At(60).Unplug("active")
	}
	require.Equal(t, Sighting{}, saw(started(50)), "One poll or more was answered since its start.")
	require.Equal(t, Sighting{Fresh: true, Glimpsed: true, Counted: seconds(-2)}, saw(started(58)), "A poll a PingTimeout: it may have seen it.")
	require.Equal(t, Sighting{Fresh: true}, saw(started(61)), "It starts in the silence.")
	own := story.Guide().At(40).Watch("standby", trace.Releasing, trace.ByCycle).At(62).Watch("standby", trace.Polling, story.GivenUp).At(60).Unplug("active")
	require.True(t, saw(own).Fresh, "W13: until its own release is over it has seen nothing.")
	require.True(t, Read(story.Guide().End(100)).Sighting("nobody", vip, 0, 0).Fresh)
}

// A count that began long before the loss may be over at once, not before.
func TestTakeTime_NoTimeIsBelowZero(t *testing.T) {
	h := story.Guide().Header
	require.Zero(t, TakeTime(h, h.Node("standby"), Sighting{Counted: seconds(-100)}).Least)
}

// What reports hold a failover and a failback against.
func TestPromises(t *testing.T) {
	require.Equal(t, GuideFailover, only(story.FailsOver(34)).Promise)
	other := func(s *story.Story) *story.Story {
		return s.Every(func(n *trace.Node) { n.Interval, n.PingTimeout = seconds(10), seconds(1) })
	}
	o := only(other(story.Guide()).At(60).Unplug("active").At(75).Takes("standby").End(300))
	require.Equal(t, finding.Promise{Least: seconds(13.1), Most: seconds(15.1)}, o.Promise, "W14: by the settings of the taker.")
	open := only(other(story.Guide()).At(60).Unplug("active").End(65))
	require.Equal(t, finding.Promise{Least: seconds(13.1), Most: seconds(15.1)}, open.Promise, "or of the node that could")
	require.True(t, o.Kept(o.Length(), o.Open))
	require.False(t, open.Kept(open.Length(), open.Open), "what is not over keeps no promise")
	slow := other(story.Taken()).At(200).Plug("active", trace.Duplicate).At(203.2).Gives("standby", trace.ByPeer).At(208).Takes("active")
	require.Equal(t, finding.Promise{Least: seconds(6.3), Most: seconds(11.1)}, Read(slow.End(400)).Failbacks[0].Promise)
}

// The maker promises 5-40 s of a failback that its cure has to heal.
func TestPromises_OfTheCure(t *testing.T) {
	back := func(cured bool) finding.Promise {
		s := story.Taken().At(200).Plug("active", trace.Duplicate).At(203.2).Gives("standby", trace.ByPeer)
		if cured {
			s.Header.Nodes[0].Cure = []trace.CurePing{{Target: s50, Source: vip, Count: 10}}
		}
		return Read(s.At(207).Holds("active", trace.Preferred).At(210).Cache("pc", "active").End(400)).Failbacks[0].Promise
	}
	require.Equal(t, guideCured, back(true))
	require.Equal(t, GuideFailback, back(false))
	before := story.Guide().At(60).Unplug("active").At(94).Holds("standby", trace.Preferred).At(100).Cache("pc", "standby")
	before.Header.Nodes[0].Cure = []trace.CurePing{{Target: s50, Source: vip, Count: 10}}
	before.At(200).Plug("active", trace.Duplicate).At(203.2).Gives("standby", trace.ByPeer).At(207).Takes("active")
	require.Equal(t, GuideFailback, Read(before.End(400)).Failbacks[0].Promise, "What the failover had to heal is none of the failback's.")
}

// H11: the batch pings one after the other, each request takes a second; it heals the entry of the VIP that a
// ping to the client, or to any host behind the client's router, has as its source.
func TestH11_CureTime(t *testing.T) {
	other := netip.MustParseAddr("192.168.10.51")
	far := netip.MustParseAddr("10.0.0.77")
	ping := func(to, as netip.Addr, count int) trace.CurePing {
		return trace.CurePing{Target: to, Source: as, Count: count}
	}
	for _, c := range []struct {
		name  string
		tell  func() *story.Story
		cure  []trace.CurePing
		takes float64 // 0: it does not heal
		early bool    // because its pings end too early
	}{
		{"the client, first", story.Guide, []trace.CurePing{ping(s50, vip, 10)}, 1, false},
		{"another before it", story.Guide, []trace.CurePing{ping(other, vip, 10), ping(s50, vip, 10)}, 11, false},
		{"without the VIP as its source", story.Guide, []trace.CurePing{ping(s50, netip.Addr{}, 10)}, 0, false},
		{"of another VIP", story.Guide, []trace.CurePing{ping(s50, other, 10)}, 0, false},
		{"another client alone", story.Guide, []trace.CurePing{ping(other, vip, 10)}, 0, false},
		{"nothing", story.Guide, nil, 0, false},
		{"H3: as long as the address is tentative", story.Guide, []trace.CurePing{ping(s50, vip, 3)}, 0, true},
		{"H3: one request longer", story.Guide, []trace.CurePing{ping(s50, vip, 4)}, 1, false},
		{"H3: as short, but after another", story.Guide, []trace.CurePing{ping(other, vip, 4), ping(s50, vip, 3)}, 5, false},
		{"H3: as short, but after a wait", story.Guide, []trace.CurePing{{Target: s50, Source: vip, Count: 1, After: 4 * time.Second}}, 5, false},
		{"N5: any host behind the router", story.Routed, []trace.CurePing{ping(other, vip, 4), ping(far, vip, 4)}, 5, false},
		{"N5: none behind it", story.Routed, []trace.CurePing{ping(other, vip, 4)}, 0, false},
	} {
		s := c.tell()
		s.Header.Nodes[1].Cure = c.cure
		f := Read(s.End(100))
		took, healing := f.CureTime(&f.Pairs[0], &f.Header.Nodes[1])
		require.Equal(t, c.takes > 0, healing == Heals, c.name)
		require.Equal(t, c.early, healing == TooEarly, c.name)
		require.Equal(t, seconds(c.takes), took, c.name)
	}
}

// W20: what somebody else has added is deleted before the watcher adds its own.
func TestACopyInTheWayIsDeletedFirst(t *testing.T) {
	h := &story.Guide().End(300).Header
	n := h.Node("standby")
	clear, inTheWay := TakeTime(h, n, Sighting{}), TakeTime(h, n, Sighting{InTheWay: true})
	require.Equal(t, clear.Least, inTheWay.Least)
	require.Equal(t, NetshTime(h, n), inTheWay.Most-clear.Most)

	s := story.Guide().At(30).Fault("add-address", "standby").Holds("standby", trace.Tentative).Holds("standby", trace.Duplicate)
	f := Read(s.At(60).Unplug("active").End(300))
	require.True(t, f.Sighting("standby", story.VIP, seconds(60), seconds(60)).InTheWay)
	require.False(t, f.Sighting("standby", story.VIP, seconds(20), seconds(20)).InTheWay)
}
