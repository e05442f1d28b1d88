package check

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// stop is an orderly stop: 0.5 s of netsh, then stopped.
func stop(s *story.Story, at float64) *story.Story {
	return s.At(at).Service("active", trace.StopPending).At(at+0.5).Gives("active", story.AtStop).Service("active", trace.Stopped)
}

// "Stopping the service releases the VIP: no address is left behind."
func TestP6_StopReleasesTheVIP(t *testing.T) {
	r := wants(t, "P6", Pass, stop(story.Guide(), 60).End(300), "P6: a stop that releases first passes.")
	require.Equal(t, 1, r.Judged, "One stop was judged.")
}

func TestP6_StopThatLeavesTheVIPIsCaught(t *testing.T) {
	for _, state := range []trace.AddressState{trace.Preferred, trace.Tentative, trace.Duplicate} {
		s := story.Guide().At(60).Service("active", trace.StopPending).Holds("active", state).At(60.5).Service("active", trace.Stopped)
		r := wants(t, "P6", Fail, s.End(300), "P6: whatever its state, the VIP must be gone.")
		require.Equal(t, finding.Note{
			Kind: "p6.left-behind", Node: "active", VIP: vip, At: seconds(60.5), Until: seconds(300), Text: string(state), Time: seconds(60.5),
			Rules: []string{"W6"},
		}, r.Findings[0].Note, "A finding says what was left, and how long.")
	}
}

func TestP6_LateReleaseIsCaught(t *testing.T) {
	s := story.Guide().At(60).Service("active", trace.StopPending).At(60.5).Service("active", trace.Stopped).At(60.6).Holds("active", trace.Absent)
	wants(t, "P6", Fail, s.End(300), "P6: stopped means released, not released soon.")
	s = story.Guide().At(60).Service("active", trace.StopPending).At(60.5).Service("active", trace.Stopped).Holds("active", trace.Absent)
	wants(t, "P6", Pass, s.End(300), "P6: within one instant the order does not matter.")
}

func TestP6_VIPComingBackWhileStoppedIsCaught(t *testing.T) {
	s := stop(story.Guide(), 60).At(100).Holds("active", trace.Tentative).At(101).Holds("active", trace.Absent)
	wants(t, "P6", Fail, s.End(300), "P6 holds until the service starts again.")
	s = stop(story.Guide(), 60).At(99).Service("active", trace.StartPending).At(100).Holds("active", trace.Tentative)
	wants(t, "P6", Pass, s.End(300), "P6 ends when the service starts.")
}

// What somebody adds by hand while the service stands still is not left by it (H18).
func TestP6_WhatIsAddedByHandIsNotLeft(t *testing.T) {
	s := stop(story.Guide(), 60).At(100).Fault("add-address", "active").Holds("active", trace.Tentative).At(103).Holds("active", trace.Preferred)
	wants(t, "P6", Pass, s.End(300), "P6: it was gone when the service stopped.")
	s = stop(story.Guide(), 60).At(100).Fault("add-address", "active").Holds("active", trace.Tentative).At(103).Holds("active", trace.Absent)
	s = s.At(110).Holds("active", trace.Tentative)
	wants(t, "P6", Fail, s.End(300), "P6: it came once more, and by no hand.")
	s = stop(story.Guide(), 60).At(100).Fault("add-address", "active").Holds("active", trace.Tentative).At(101).PowerOff("active").At(110).Power("active", trace.On).Holds("active", trace.Tentative)
	wants(t, "P6", Pass, s.End(300), "P6: Windows keeps what was added by hand.")
	s = story.Guide().At(60).Service("active", trace.StopPending).Holds("active", trace.Absent).At(60.1).Fault("add-address", "active").Holds("active", trace.Tentative)
	s = s.At(60.5).Service("active", trace.Stopped)
	wants(t, "P6", Pass, s.End(300), "P6: it was added by hand while the service was stopping.")
	s = story.Guide().At(60).Service("active", trace.StopPending).Holds("active", trace.Absent).At(60.1).Fault("add-address", "active").Holds("active", trace.Tentative)
	s = s.At(60.2).Fault("shutdown", "active").Power("active", trace.Stopping).At(60.5).Service("active", trace.Stopped).Power("active", trace.Off)
	wants(t, "P6", Pass, s.End(300), "P6: nor does the shutdown answer for it that came meanwhile.")
	s = story.Guide().At(60).Holds("active", trace.Absent).Fault("add-address", "active").Holds("active", trace.Tentative)
	s = s.Fault("shutdown", "active").Power("active", trace.Stopping).Service("active", trace.Stopped).Power("active", trace.Off)
	wants(t, "P6", Pass, s.End(300), "P6: nor in the very instant in which it came.")
	s = stop(story.Guide(), 60).At(100).Fault("add-address", "active").Holds("active", trace.Tentative).PowerOff("active").At(110).Power("active", trace.On).Holds("active", trace.Tentative)
	wants(t, "P6", Pass, s.End(300), "P6: what went with the power at once comes back with it.")
}

func TestP6_Shutdown(t *testing.T) {
	shutdown := func() *story.Story {
		return story.Guide().At(60).Fault("shutdown", "active").Power("active", trace.Stopping)
	}
	right := stop(shutdown(), 60).At(65).Power("active", trace.Off)
	wants(t, "P6", Pass, right.End(300), "H6: an orderly shutdown stops the service first.")
	r := wants(t, "P6", Fail, shutdown().At(65).Power("active", trace.Off).End(300), "H6: a shutdown that ends with the VIP in place is caught.")
	require.Equal(t, finding.Kind("p6.off"), r.Findings[0].Kind)
	require.Equal(t, seconds(65), r.Findings[0].At, "The finding names the moment.")
	kept := stop(story.Guide(), 60).At(65).Power("active", trace.Off).At(100).Power("active", trace.On).Holds("active", trace.Tentative)
	wants(t, "P6", Fail, kept.End(300), "P6: a VIP that comes back at boot was left behind.")
}

func TestP6_PowerLossPromisesNothing(t *testing.T) {
	s := story.Guide().At(60).Fault("power-off", "active").Power("active", trace.Off).Service("active", trace.Stopped)
	s.At(200).Power("active", trace.On).Holds("active", trace.Tentative)
	r := wants(t, "P6", NotApplicable, s.End(300), "H6: a power loss releases nothing, the VIP is there at boot.")
	require.Equal(t, finding.Kind("p6.none"), r.Reason.Kind)
	s = story.Guide().At(60).Fault("shutdown", "active").Power("active", trace.Stopping).Service("active", trace.StopPending)
	s.At(61).Fault("power-off", "active").Service("active", trace.Stopped).Power("active", trace.Off)
	s.At(200).Power("active", trace.On).Holds("active", trace.Tentative)
	wants(t, "P6", NotApplicable, s.At(201).Service("active", trace.StartPending).End(300), "H6: a shutdown cut short by a power loss is none.")
}

func TestP6_DyingServiceIsNoStop(t *testing.T) {
	s := story.Guide().At(60).Service("active", trace.Stopped)
	wants(t, "P6", NotApplicable, s.End(300), "P6 speaks of stopping, not of dying.")
}

func TestP6_PendingStopIsInconclusive(t *testing.T) {
	s := story.Guide().At(60).Service("active", trace.StopPending)
	r := wants(t, "P6", Inconclusive, s.End(62), "P6: a stop cut off by the trace's end proves nothing.")
	require.Equal(t, finding.Note{Kind: "p6.pending", Node: "active", At: seconds(60), Until: seconds(62), Time: seconds(2)}, r.Findings[0].Note)
}

func TestP6_NoDataIsInconclusive(t *testing.T) {
	wants(t, "P6", Inconclusive, &trace.Trace{}, "P6: an empty trace proves nothing.")
	r := wants(t, "P6", Inconclusive, story.Bare().At(0).Power("active", trace.On).End(300), "P6: without a record of the service nothing is proved.")
	require.Equal(t, finding.Kind("missing.service"), r.Reason.Because.Kind)
	s := story.Bare()
	s.Header.Nodes[0].Startup.Delayed = true
	wants(t, "P6", NotApplicable, s.At(0).Power("active", trace.On).End(60), "H17: a service that starts two minutes later has no record yet.")
	wants(t, "P6", NotApplicable, story.Guide().End(300), "P6 has nothing to judge while no service stops.")
}
