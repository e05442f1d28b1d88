package check

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// deaf is a master back at 200 s, ready at 203 s, that asks in vain; the slave's cycle comes at
// some time, and the master takes the VIP so many seconds after it was ready.
func deaf(s *story.Story, cycle, takes float64) *trace.Trace {
	asksInVain(s).Holds("active", trace.Absent).At(cycle).Gives("standby", trace.ByCycle)
	return s.At(203 + takes).Takes("active").End(3000)
}

func asksInVain(s *story.Story) *story.Story {
	return s.At(200).Plug("active", trace.Duplicate).At(204).Asks("active", trace.NoAnswer, 0.9)
}

// "A release cycle with the master alive but unreachable by pipe returns the VIP to the master
// within ReleaseTime x Interval + 40 s": 1800 + 40.
func TestP7_CycleReturnsTheVIP(t *testing.T) {
	wants(t, "P7", Pass, deaf(story.Taken(), 1894, 1726), "P7: the slave's next release gives the VIP to the master.")
	wants(t, "P7", Pass, deaf(story.Taken(), 2003, 1840), "P7: 1840.0 s is within the cycle and 40 s.")
	wants(t, "P7", Fail, deaf(story.Taken(), 2003, 1840.2), "P7: 1840.2 s is too long.")
}

func TestP7_SlaveThatNeverReleasesIsCaught(t *testing.T) {
	r := wants(t, "P7", Fail, asksInVain(story.Taken()).End(2100), "P7: a slave that keeps the VIP past its cycle is caught.")
	require.Equal(t, finding.Note{
		Kind: "p7.waits", Node: "active", Peer: "standby", VIP: vip, At: seconds(203), Until: seconds(2100), Time: seconds(1897),
		Want: band(0, 1840), Rules: []string{"W16", "W18"},
		Because: &finding.Note{Kind: "why.request", Node: "active", At: seconds(203.1), Text: "error 53: the network path was not found"},
	}, r.Findings[0].Note, "A finding says what was expected and what was seen, with numbers and rules.")
}

func TestP7_OtherSettingsHaveTheirOwnTime(t *testing.T) {
	quick := func(takes float64) *trace.Trace {
		s := story.Taken().Every(func(n *trace.Node) {
			n.Interval, n.PingTimeout, n.ReleaseTime = 10*time.Second, time.Second, 600*time.Second
		})
		return deaf(s, 203+takes-14, takes)
	}
	wants(t, "P7", Pass, quick(616), "P7: cycle 600 + PingTimeout 1 + Interval 10 + 2 netsh + DAD 3 = 616 s.")
	wants(t, "P7", Fail, quick(616.2), "P7: 616.2 s is too long.")
}

func TestP7_OpenWaitIsInconclusive(t *testing.T) {
	wants(t, "P7", Inconclusive, asksInVain(story.Taken()).End(1000), "P7: a wait cut off by the trace's end proves nothing.")
}

func TestP7_BrokenOffWaitIsLeft(t *testing.T) {
	r := wants(t, "P7", NotApplicable, asksInVain(story.Taken()).At(500).Unplug("active").End(3000), "P7: a master lost once more waits no longer.")
	require.Len(t, r.Left, 1, "The wait that was broken off is listed.")
	require.Equal(t, finding.Kind("why.one-lost"), reason(t, r).Kind)
	require.Equal(t, finding.Kind("why.request"), reason(t, r).Because.Kind, "And why it waited.")
}

func TestP7_WorkingPipeIsNotApplicable(t *testing.T) {
	wants(t, "P7", NotApplicable, story.ComesBack(7.5), "P7: with the pipe at work there is nothing to wait for.")
	wants(t, "P7", NotApplicable, story.Guide().End(300), "P7: a master that holds its VIP waits for nothing.")
	s := story.Guide().At(10).Asks("active", trace.NoAnswer, 1)
	r := wants(t, "P7", NotApplicable, s.End(300), "P7: a request in vain while the master holds costs nothing.")
	require.Equal(t, finding.Kind("p7.none"), r.Reason.Kind)
}

func TestP7_NoDataIsInconclusive(t *testing.T) {
	wants(t, "P7", Inconclusive, &trace.Trace{}, "P7: an empty trace proves nothing.")
	wants(t, "P7", Inconclusive, story.Cold().End(300), "P7: without a holder nothing is proved.")
}
