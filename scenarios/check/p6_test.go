package check

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

// stop is an orderly stop: 0.5 s of netsh, then stopped.
func stop(s *story, at float64) *story {
	return s.at(at).service("active", "stop pending").at(at+0.5).gives("active", "W6").service("active", "stopped")
}

// "Stopping the service releases the VIP: no address is left behind."
func TestP6_StopReleasesTheVIP(t *testing.T) {
	r := wants(t, "P6", Pass, stop(guide(), 60).end(300), "P6: a stop that releases first passes.")
	require.Equal(t, 1, r.Judged, "One stop was judged.")
}

func TestP6_StopThatLeavesTheVIPIsCaught(t *testing.T) {
	for _, state := range []trace.AddressState{trace.Preferred, trace.Tentative, trace.Duplicate} {
		s := guide().at(60).service("active", "stop pending").holds("active", state).at(60.5).service("active", "stopped")
		r := wants(t, "P6", Fail, s.end(300), "P6: whatever its state, the VIP must be gone.")
		require.Equal(t, "P6: active stopped IPWCS at 60.5 s, so 192.168.10.202 should be absent there until it starts again (W6); it was "+
			string(state)+" from 60.5 s to 300 s", r.Findings[0].Sentence, "A finding says what was left, and how long.")
	}
}

func TestP6_LateReleaseIsCaught(t *testing.T) {
	s := guide().at(60).service("active", "stop pending").at(60.5).service("active", "stopped").at(60.6).holds("active", trace.Absent)
	wants(t, "P6", Fail, s.end(300), "P6: stopped means released, not released soon.")
	s = guide().at(60).service("active", "stop pending").at(60.5).service("active", "stopped").holds("active", trace.Absent)
	wants(t, "P6", Pass, s.end(300), "P6: within one instant the order does not matter.")
}

func TestP6_VIPComingBackWhileStoppedIsCaught(t *testing.T) {
	s := stop(guide(), 60).at(100).holds("active", trace.Tentative).at(101).holds("active", trace.Absent)
	wants(t, "P6", Fail, s.end(300), "P6 holds until the service starts again.")
	s = stop(guide(), 60).at(99).service("active", "start pending").at(100).holds("active", trace.Tentative)
	wants(t, "P6", Pass, s.end(300), "P6 ends when the service starts.")
}

func TestP6_Shutdown(t *testing.T) {
	right := stop(guide().at(60).fault("shutdown", "active").power("active", trace.Stopping), 60)
	wants(t, "P6", Pass, right.at(65).power("active", trace.Off).end(300), "H6: an orderly shutdown stops the service first.")
	wrong := guide().at(60).fault("shutdown", "active").power("active", trace.Stopping).at(65).power("active", trace.Off)
	r := wants(t, "P6", Fail, wrong.end(300), "H6: a shutdown that ends with the VIP in place is caught.")
	require.Contains(t, r.Findings[0].Sentence, "was off at 65 s", "The finding names the moment.")
	kept := stop(guide(), 60).at(65).power("active", trace.Off).at(100).power("active", trace.On).holds("active", trace.Tentative)
	wants(t, "P6", Fail, kept.end(300), "P6: a VIP that comes back at boot was left behind.")
}

func TestP6_PowerLossPromisesNothing(t *testing.T) {
	s := guide().at(60).fault("power-off", "active").power("active", trace.Off).service("active", "stopped")
	s.at(200).power("active", trace.On).holds("active", trace.Tentative)
	wants(t, "P6", NotApplicable, s.end(300), "H6: a power loss releases nothing, the VIP is there at boot.")
	s = guide().at(60).fault("shutdown", "active").power("active", trace.Stopping).service("active", "stop pending")
	s.at(61).fault("power-off", "active").service("active", "stopped").power("active", trace.Off)
	s.at(200).power("active", trace.On).holds("active", trace.Tentative)
	wants(t, "P6", NotApplicable, s.at(201).service("active", "start pending").end(300), "H6: a shutdown cut short by a power loss is none.")
}

func TestP6_DyingServiceIsNoStop(t *testing.T) {
	s := guide().at(60).service("active", "stopped")
	wants(t, "P6", NotApplicable, s.end(300), "P6 speaks of stopping, not of dying.")
}

func TestP6_PendingStopIsInconclusive(t *testing.T) {
	wants(t, "P6", Inconclusive, guide().at(60).service("active", "stop pending").end(62), "P6: a stop cut off by the trace's end proves nothing.")
}

func TestP6_NoDataIsInconclusive(t *testing.T) {
	wants(t, "P6", Inconclusive, &trace.Trace{}, "P6: an empty trace proves nothing.")
	wants(t, "P6", Inconclusive, bare().at(0).power("active", trace.On).end(300), "P6: without a record of the service nothing is proved.")
	wants(t, "P6", NotApplicable, guide().end(300), "P6 has nothing to judge while no service stops.")
}
