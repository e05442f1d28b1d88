package check

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/sim/trace"
)

// believed is a belief in a node's MAC.
func believed(host, whose string, from, to float64, wrong ...Span) Belief {
	last := map[string]byte{"active": 1, "standby": 2}[whose]
	return Belief{Host: host, MAC: trace.MAC{2, 0, 0, 0, 0, last}, Whose: whose, From: seconds(from), To: seconds(to), Wrong: wrong}
}

func still(b Belief) Belief { b.Open = true; return b }

func TestN3_Beliefs(t *testing.T) {
	stranger := trace.MAC{2, 9, 9, 9, 9, 9}
	entry := func(s *story, host string, mac trace.MAC, state trace.NeighborState) *story {
		return s.add(host, trace.Neighbor{IP: vip, MAC: mac, State: state})
	}
	active := trace.MAC{2, 0, 0, 0, 0, 1}
	for name, c := range map[string]struct {
		tell *story
		want []Belief
	}{
		"one holder, one belief": {guide(), []Belief{still(believed("pc", "active", -65, 100))}},
		"states of one entry are one belief": {
			entry(entry(guide().at(10), "pc", active, trace.Stale).at(20), "pc", active, trace.Probe),
			[]Belief{still(believed("pc", "active", -65, 100))},
		},
		"the client learns late: wrong from the take-over on": {
			guide().at(20).unplug("active").holds("active", trace.Tentative).at(50).holds("standby", trace.Preferred).at(57).cache("pc", "standby"),
			[]Belief{believed("pc", "active", -65, 57, span(50, 57, "standby")), still(believed("pc", "standby", 57, 100))},
		},
		"never learnt": {
			guide().at(20).gives("active", "W18").at(50).holds("standby", trace.Preferred),
			[]Belief{still(believed("pc", "active", -65, 100, span(50, 100, "standby")))},
		},
		"while nobody holds the VIP nothing is wrong": {
			guide().at(20).gives("active", "W18"),
			[]Belief{still(believed("pc", "active", -65, 100))},
		},
		"of two holders either is right": {
			guide().at(20).holds("standby", trace.Preferred),
			[]Belief{still(believed("pc", "active", -65, 100))},
		},
		"an entry without a usable MAC is no belief": {
			entry(entry(guide().at(10).forget("pc").at(12), "pc", trace.MAC{}, trace.Incomplete).at(15), "pc", trace.MAC{}, trace.Unreachable).at(30).cache("pc", "active"),
			[]Belief{believed("pc", "active", -65, 10), still(believed("pc", "active", 30, 100))},
		},
		"power off empties the cache": {
			guide().at(10).power("pc", trace.Off),
			[]Belief{believed("pc", "active", -65, 10)},
		},
		"what comes and goes within an instant is left out": {
			guide().at(10).cache("pc", "standby").cache("pc", "active"),
			[]Belief{believed("pc", "active", -65, 10), still(believed("pc", "active", 10, 100))},
		},
		"nobody's MAC": {
			entry(guide().at(10), "pc", stranger, trace.Reachable),
			[]Belief{believed("pc", "active", -65, 10),
				{Host: "pc", MAC: stranger, From: seconds(10), To: seconds(100), Open: true, Wrong: []Span{span(10, 100, "active")}}},
		},
		"a node's own holding makes its entry idle": {
			guide().at(0).cache("standby", "active").at(20).gives("active", "W18").at(50).holds("standby", trace.Preferred),
			[]Belief{still(believed("standby", "active", 0, 100)), still(believed("pc", "active", -65, 100, span(50, 100, "standby")))},
		},
		"another address's entry says nothing": {
			guide().at(10).add("pc", trace.Neighbor{IP: inner, State: trace.Removed}),
			[]Belief{still(believed("pc", "active", -65, 100))},
		},
		"a router's cache counts, its client has none": {
			routed().at(20).gives("active", "W18").at(50).holds("standby", trace.Preferred).at(80).cache("core1", "standby"),
			[]Belief{believed("core1", "active", -65, 80, span(50, 80, "standby")), still(believed("core1", "standby", 80, 100))},
		},
	} {
		require.Equal(t, c.want, Beliefs(c.tell.end(100), vip), name)
	}
}

// P0 and N3: who answers a client on the segment is who its entry names, and never while it is wrong.
func TestN3_BeliefsAgreeWithWhatIsAnswered(t *testing.T) {
	right, wrong := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		tr := randomTrace(t)
		for _, b := range Beliefs(tr, vip) {
			require.False(t, b.MAC.IsZero())
			require.LessOrEqual(t, b.From, b.To)
			for _, c := range tr.Header.Clients {
				if c.Name != b.Host || !c.Address.Contains(vip) {
					continue
				}
				for _, s := range Answered(tr, c.Name, vip) {
					if s.overlap(b.From, b.To) > 0 {
						require.Equal(t, []string{b.Whose}, s.By, "%+v", b)
						right++
					}
					for _, w := range b.Wrong {
						require.Zero(t, s.overlap(w.From, w.To), "%+v", b)
						wrong++
					}
				}
			}
		}
	})
	require.Positive(t, right)
	require.Positive(t, wrong)
}
