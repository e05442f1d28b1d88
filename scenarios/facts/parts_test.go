package facts

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

func TestParts_NamesWhatStoodInTheWay(t *testing.T) {
	for name, c := range map[string]struct {
		tell func() *story.Story
		want []finding.Part
		dual float64
	}{
		"a failover: the count, then detection": {
			func() *story.Story {
				return story.Guide().At(60).Unplug("active").At(91).Holds("standby", trace.Tentative).At(94).Takes("standby")
			},
			parts(finding.Counting, 31, finding.Detection, 3), 0,
		},
		"a client with a wrong ARP entry": {
			func() *story.Story {
				return story.Guide().At(60).Unplug("active").At(94).Holds("standby", trace.Preferred).At(120).Cache("pc", "standby")
			},
			parts(finding.Counting, 34, finding.WrongCache, 26), 0,
		},
		"a client whose ARP requests nobody answers": {
			func() *story.Story {
				s := story.Guide().At(60).Add("pc", trace.Neighbor{IP: vip, State: trace.Incomplete})
				return s.At(63).Add("pc", trace.Neighbor{IP: vip, State: trace.Unreachable})
			},
			parts(finding.NoEntry, 3), 0,
		},
		"the client's own cable": {
			func() *story.Story {
				s := story.Guide().At(60).Link("pc", false).Own("pc", trace.Tentative)
				return s.At(70).Link("pc", true).At(73).Own("pc", trace.Preferred)
			},
			parts(finding.ClientDown, 13), 0,
		},
		"a closed firewall": {
			func() *story.Story { return story.Guide().At(60).Blocks("active", trace.EchoRule) },
			pinged(parts(finding.Blocked, 940)), 0,
		},
		"a public network, whatever else is closed": {
			func() *story.Story {
				return story.Guide().At(60).Blocks("active", trace.Inbound).At(100).Blocks("active", trace.EchoRule)
			},
			parts(finding.Public, 940), 0,
		},
		"two holders, the cache at a third": {
			func() *story.Story {
				s := story.Guide().At(60).Holds("standby", trace.Preferred)
				s.Add("pc", trace.Neighbor{IP: vip, MAC: trace.MAC{2, 9}, State: trace.Reachable})
				return s.At(65).Forget("pc")
			},
			parts(finding.WrongCache, 5), 5,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := only(c.tell().End(1000))
			require.Equal(t, got.Length(), sum(got), "the parts add up")
			require.Equal(t, c.want, got.Parts)
			require.Equal(t, seconds(c.dual), got.Dual)
		})
	}
}

// Whatever happens, the parts add up to what the client missed.
func TestParts_AlwaysAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, u := range Read(randomTrace(t)).Uses {
			for i := range u.Outages {
				o := &u.Outages[i]
				require.Equal(t, o.Length(), sum(o), "%v", o)
				require.LessOrEqual(t, o.Dual, o.Length())
			}
		}
	})
}

// A waiting gets its right name from how it ends, and from what the watchers do meanwhile.
func TestParts_AWaitingHasTheNameOfWhatIsWaitedFor(t *testing.T) {
	lost := func() *story.Story { return story.Guide().At(60).Unplug("active") }
	takes := func(s *story.Story, at float64, why trace.Reason) *story.Story {
		s.At(at).Watch("standby", trace.Taking, why)
		return s.At(at+0.8).Holds("standby", trace.Tentative).At(at + 3.8).Takes("standby")
	}
	for name, c := range map[string]struct {
		tell *story.Story
		want []finding.Part
	}{
		"W12: a count, netsh, address detection": {
			takes(lost(), 90, story.Free), parts(finding.Counting, 30, finding.Netsh, 0.8, finding.Detection, 3),
		},
		"W13: a slave that yields waits two intervals": {
			takes(lost(), 122, story.Yielded), parts(finding.Yielding, 62, finding.Netsh, 0.8, finding.Detection, 3),
		},
		"W19: a flap, which is over before the count": {
			lost().At(70).Plug("active", trace.Preferred), parts(finding.HolderAway, 10, finding.Redetection, 3),
		},
		"both nodes gone": {
			takes(lost().At(60).Unplug("standby").At(100).Plug("standby", trace.Absent), 133, story.Free),
			parts(finding.NodesGone, 43, finding.Counting, 30, finding.Netsh, 0.8, finding.Detection, 3),
		},
		"both gone for a moment: the holder was away": {
			lost().Unplug("standby").At(70).Plug("active", trace.Preferred), parts(finding.HolderAway, 10, finding.Redetection, 3),
		},
		"a standby without its watcher is no node that could": {
			story.Guide().At(20).Service("standby", trace.Stopped).At(60).Unplug("active"), parts(finding.NodesGone, 940),
		},
		"H8: a standby that nobody could ping counts all the same, and then mail goes on": {
			takes(lost().At(60).Blocks("standby", trace.EchoRule), 90, story.Free),
			append(parts(finding.Counting, 30, finding.Netsh, 0.8, finding.Detection, 3), toPingAlone(906.2)),
		},
		"W20: a node that finds the VIP taken": {
			lost().At(90).Holds("standby", trace.Duplicate).At(91).Holds("standby", trace.Absent).At(120).Takes("standby"),
			parts(finding.Counting, 59, finding.Conflict, 1),
		},
		"H2: a release is netsh's too": {
			story.Guide().At(60).Watch("active", trace.Releasing, trace.ByCycle).At(60.1).Holds("active", trace.Absent).
				At(60.5).Watch("active", trace.Polling, story.GivenUp).At(90).Takes("active"),
			parts(finding.Netsh, 0.4, finding.Counting, 29.5),
		},
		"H2: netsh fails, and all that is waited for from then on is that": {
			takes(lost().At(90).Watch("standby", trace.Taking, story.Free).At(90.5).
				Add("standby", trace.Command{IP: vip, Does: trace.AddAddress, Exit: 1}).
				Watch("standby", trace.Polling, story.GivenUp), 120, story.Free),
			parts(finding.Counting, 30, finding.Netsh, 1.3, finding.Failing, 29.5, finding.Detection, 3),
		},
		"H2: netsh lies, which the watcher finds after a while": {
			takes(lost().At(90).Watch("standby", trace.Taking, story.Free).At(120).
				Watch("standby", trace.Polling, trace.NotAdded), 150, story.Free),
			parts(finding.Counting, 30, finding.Failing, 60, finding.Netsh, 0.8, finding.Detection, 3),
		},
		"the way back": {
			story.Guide().At(60).Entry("active", "192.168.10.50", 8).At(65).Entry("active", "192.168.10.50", 9), parts(finding.WayBack, 5),
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := only(c.tell.End(1000))
			require.Equal(t, c.want, o.Parts)
			require.Equal(t, o.Length(), sum(o))
		})
	}
}

// toPingAlone is a closed firewall, while mail goes on.
func toPingAlone(sec float64) finding.Part {
	p := parts(finding.Blocked, sec)[0]
	p.Pings = p.Time
	return p
}
