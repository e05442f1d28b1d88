package check

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

// deaf is a master back at 200 s, ready at 203 s, that asks in vain; the slave's cycle comes at
// some time, and the master takes the VIP so many seconds after it was ready.
func deaf(s *story, cycle, takes float64) *trace.Trace {
	s.at(200).plug("active", trace.Duplicate).at(204).asks("active", "no answer", 0.9).holds("active", trace.Absent)
	s.at(cycle).gives("standby", "W18: the release cycle")
	return s.at(203 + takes).takes("active").end(3000)
}

// "A release cycle with the master alive but unreachable by pipe returns the VIP to the master
// within ReleaseTime x Interval + 40 s": 1800 + 40.
func TestP7_CycleReturnsTheVIP(t *testing.T) {
	wants(t, "P7", Pass, deaf(taken(), 1894, 1726), "P7: the slave's next release gives the VIP to the master.")
	wants(t, "P7", Pass, deaf(taken(), 2003, 1840), "P7: 1840.0 s is within the cycle and 40 s.")
	wants(t, "P7", Fail, deaf(taken(), 2003, 1840.2), "P7: 1840.2 s is too long.")
}

func TestP7_SlaveThatNeverReleasesIsCaught(t *testing.T) {
	s := taken().at(200).plug("active", trace.Duplicate).at(204).asks("active", "no answer", 0.9)
	r := wants(t, "P7", Fail, s.end(2100), "P7: a slave that keeps the VIP past its cycle is caught.")
	require.Equal(t, `P7: active is back from 203 s but its pipe fails ("no answer" at 204 s), so the release cycle of standby `+
		"should bring it 192.168.10.202 within 1840 s (W16, W18); it was without it for 1897 s", r.Findings[0].Sentence,
		"A finding says what was expected and what was seen, with numbers and rules.")
}

func TestP7_OtherSettingsHaveTheirOwnTime(t *testing.T) {
	quick := func(takes float64) *trace.Trace {
		s := taken().every(func(n *trace.Node) {
			n.Interval, n.PingTimeout, n.ReleaseTime = 10*time.Second, time.Second, 600*time.Second
		})
		return deaf(s, 203+takes-14, takes)
	}
	wants(t, "P7", Pass, quick(616), "P7: cycle 600 + PingTimeout 1 + Interval 10 + 2 netsh + DAD 3 = 616 s.")
	wants(t, "P7", Fail, quick(616.2), "P7: 616.2 s is too long.")
}

func TestP7_OpenWaitIsInconclusive(t *testing.T) {
	s := taken().at(200).plug("active", trace.Duplicate).at(204).asks("active", "no answer", 0.9)
	wants(t, "P7", Inconclusive, s.end(1000), "P7: a wait cut off by the trace's end proves nothing.")
}

func TestP7_BrokenOffWaitIsLeft(t *testing.T) {
	s := taken().at(200).plug("active", trace.Duplicate).at(204).asks("active", "no answer", 0.9)
	r := wants(t, "P7", NotApplicable, s.at(500).unplug("active").end(3000), "P7: a master lost once more waits no longer.")
	require.Len(t, r.Left, 1, "The wait that was broken off is listed.")
}

func TestP7_WorkingPipeIsNotApplicable(t *testing.T) {
	wants(t, "P7", NotApplicable, comesBack(7.5), "P7: with the pipe at work there is nothing to wait for.")
	wants(t, "P7", NotApplicable, guide().end(300), "P7: a master that holds its VIP waits for nothing.")
	s := guide().at(10).asks("active", "no answer", 1)
	wants(t, "P7", NotApplicable, s.end(300), "P7: a request in vain while the master holds costs nothing.")
}

func TestP7_NoDataIsInconclusive(t *testing.T) {
	wants(t, "P7", Inconclusive, &trace.Trace{}, "P7: an empty trace proves nothing.")
	wants(t, "P7", Inconclusive, cold().end(300), "P7: without a holder nothing is proved.")
}
