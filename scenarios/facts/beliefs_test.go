package facts

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// believed is a belief in a node's MAC.
func believed(host, whose string, from, to float64, wrong ...finding.Span) finding.Belief {
	last := map[string]byte{"active": 1, "standby": 2}[whose]
	return finding.Belief{Host: host, VIP: vip, MAC: trace.MAC{2, 0, 0, 0, 0, last}, Whose: whose, From: seconds(from), To: seconds(to), Wrong: wrong}
}

func still(b finding.Belief) finding.Belief { b.Open = true; return b }

func TestN3_Beliefs(t *testing.T) {
	stranger := trace.MAC{2, 9, 9, 9, 9, 9}
	entry := func(s *story.Story, host string, mac trace.MAC, state trace.NeighborState) *story.Story {
		return s.Add(host, trace.Neighbor{IP: vip, MAC: mac, State: state})
	}
	active := trace.MAC{2, 0, 0, 0, 0, 1}
	for name, c := range map[string]struct {
		tell *story.Story
		want []finding.Belief
	}{
		"one holder, one belief": {story.Guide(), []finding.Belief{still(believed("pc", "active", -65, 100))}},
		"states of one entry are one belief": {
			entry(entry(story.Guide().At(10), "pc", active, trace.Stale).At(20), "pc", active, trace.Probe),
			[]finding.Belief{still(believed("pc", "active", -65, 100))},
		},
		"the client learns late: wrong from the take-over on": {
			story.Guide().At(20).Unplug("active").Holds("active", trace.Tentative).At(50).Holds("standby", trace.Preferred).At(57).Cache("pc", "standby"),
			[]finding.Belief{believed("pc", "active", -65, 57, span(50, 57, "standby")), still(believed("pc", "standby", 57, 100))},
		},
		"never learnt": {
			story.Guide().At(20).Gives("active", trace.ByCycle).At(50).Holds("standby", trace.Preferred),
			[]finding.Belief{still(believed("pc", "active", -65, 100, span(50, 100, "standby")))},
		},
		"while nobody holds the VIP nothing is wrong": {
			story.Guide().At(20).Gives("active", trace.ByCycle),
			[]finding.Belief{still(believed("pc", "active", -65, 100))},
		},
		"of two holders either is right": {
			story.Guide().At(20).Holds("standby", trace.Preferred),
			[]finding.Belief{still(believed("pc", "active", -65, 100))},
		},
		"an entry without a usable MAC is no belief": {
			entry(entry(story.Guide().At(10).Forget("pc").At(12), "pc", trace.MAC{}, trace.Incomplete).At(15), "pc", trace.MAC{}, trace.Unreachable).At(30).Cache("pc", "active"),
			[]finding.Belief{believed("pc", "active", -65, 10), still(believed("pc", "active", 30, 100))},
		},
		"power off empties the cache": {
			story.Guide().At(10).Power("pc", trace.Off),
			[]finding.Belief{believed("pc", "active", -65, 10)},
		},
		"what comes and goes within an instant is left out": {
			story.Guide().At(10).Cache("pc", "standby").Cache("pc", "active"),
			[]finding.Belief{believed("pc", "active", -65, 10), still(believed("pc", "active", 10, 100))},
		},
		"nobody's MAC": {
			entry(story.Guide().At(10), "pc", stranger, trace.Reachable),
			[]finding.Belief{believed("pc", "active", -65, 10),
				{Host: "pc", VIP: vip, MAC: stranger, From: seconds(10), To: seconds(100), Open: true, Wrong: []finding.Span{span(10, 100, "active")}}},
		},
		"a node's own holding makes its entry idle": {
			story.Guide().At(0).Cache("standby", "active").At(20).Gives("active", trace.ByCycle).At(50).Holds("standby", trace.Preferred),
			[]finding.Belief{still(believed("standby", "active", 0, 100)), still(believed("pc", "active", -65, 100, span(50, 100, "standby")))},
		},
		"another address's entry says nothing": {
			story.Guide().At(10).Add("pc", trace.Neighbor{IP: story.Inner, State: trace.Removed}),
			[]finding.Belief{still(believed("pc", "active", -65, 100))},
		},
		"a router's cache counts, its client has none": {
			story.Routed().At(20).Gives("active", trace.ByCycle).At(50).Holds("standby", trace.Preferred).At(80).Cache("core1", "standby"),
			[]finding.Belief{believed("core1", "active", -65, 80, span(50, 80, "standby")), still(believed("core1", "standby", 80, 100))},
		},
	} {
		require.Equal(t, c.want, Read(c.tell.End(100)).Beliefs, name)
	}
}

// P0 and N3: who answers a client on the segment is who its entry names, and never while it is wrong.
func TestN3_BeliefsAgreeWithWhatIsAnswered(t *testing.T) {
	right, wrong := 0, 0
	agree := func(t *rapid.T) {
		tr := randomTrace(t)
		for _, b := range Read(tr).Beliefs {
			require.False(t, b.MAC.IsZero())
			require.LessOrEqual(t, b.From, b.To)
			for _, c := range tr.Header.Clients {
				if c.Name != b.Host || !c.Address.Contains(b.VIP) {
					continue
				}
				for _, s := range useOf(tr, c.Name, b.VIP).Answered {
					if s.Overlap(b.From, b.To) > 0 {
						require.Equal(t, []string{b.Whose}, s.By, "%+v", b)
						right++
					}
					for _, w := range b.Wrong {
						require.Zero(t, s.Overlap(w.From, w.To), "%+v", b)
						wrong++
					}
				}
			}
		}
	}
	for tries := 0; tries < 10 && (right == 0 || wrong == 0); tries++ { // few stories have both
		rapid.Check(t, agree)
	}
	require.Positive(t, right)
	require.Positive(t, wrong)
}
