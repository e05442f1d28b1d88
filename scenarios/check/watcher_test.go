package check

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/facts"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// V7: vrrp is the guide's cluster with another watcher: what it promises besides netsh and address detection, 1.2 s to 4 s on
// the guide's nodes.
func vrrp(returns float64) *story.Story {
	s := story.Cold()
	s.Every(func(n *trace.Node) {
		n.Watcher = &trace.OtherWatcher{
			Kind: "vrrp", Least: seconds(0.6), Most: seconds(3.6), Returns: seconds(returns), Settles: time.Second,
		}
	})
	return s.At(-94).Takes("active")
}

// V2: its failover takes what it promises, and netsh and address detection, and not what IPWatcher's takes.
func TestP1_AnotherWatchersPromise(t *testing.T) {
	for took, want := range map[float64]finding.Verdict{3.6: Fail, 3.8: Pass, 7.6: Pass, 7.8: Fail, 34: Fail} {
		t.Run(fmt.Sprint(took), func(t *testing.T) {
			tr := vrrp(3.4).At(60).Unplug("active").At(60 + took).Takes("standby").End(300)
			r := wants(t, "P1", want, tr, "P1: 0.6 s to 3.6 s, and netsh and detection, pass, and no other.")
			if want == Fail {
				require.Equal(t, []string{"V2", "H2", "H3"}, r.Findings[0].Rules)
			}
		})
	}
}

// comesBack is the master's return, and its having the VIP so long after.
func comesBack(returns, after float64) *trace.Trace {
	s := vrrp(returns).At(60).Unplug("active").At(66).Takes("standby").At(200).Plug("active", trace.Absent)
	s.At(199.9+after).Watch("standby", trace.Releasing, trace.Outranked).Holds("standby", trace.Absent)
	return s.At(200 + after).Takes("active").End(300)
}

// V3, V5: so does its failback, unless it takes the VIP from nobody.
func TestP2_AnotherWatchersPromise(t *testing.T) {
	for after, want := range map[float64]finding.Verdict{9.4: Fail, 9.6: Pass, 18.4: Pass, 18.7: Fail} {
		wants(t, "P2", want, comesBack(3.4, after), "P2: two detections, 3.4 s and netsh at least; and one try more at the most.")
	}
	r := wants(t, "P2", NotApplicable, comesBack(0, 50), "P2: one that does not preempt promises nothing.")
	require.Equal(t, finding.Kind("why.no-preempt"), r.Left[0].Because.Kind)
}

// V3: two holders settle it within an advertisement and netsh, not an Interval and two polls.
func TestP3_AnotherWatchersPromise(t *testing.T) {
	for lasts, want := range map[float64]finding.Verdict{4.9: Pass, 5.3: Fail} {
		tr := vrrp(3.4).At(60).Holds("standby", trace.Preferred).At(60+lasts).Holds("standby", trace.Absent).End(300)
		r := wants(t, "P3", want, tr, "P3: 1 s, netsh and detection.")
		for _, f := range r.Findings {
			require.Equal(t, []string{"V3"}, f.Rules)
		}
	}
}

// V2: a node that stands ready for longer than it promises is blamed.
func TestP4_AnotherWatchersPromise(t *testing.T) {
	for took, want := range map[float64]finding.Verdict{7.6: Pass, 9: Fail} {
		tr := vrrp(3.4).At(60).Unplug("active").At(60 + took).Takes("standby").End(300)
		wants(t, "P4", want, tr, "P4: 3.6 s, netsh and detection.")
		wants(t, "P8", want, tr, "P8: the same is what a client waits.")
	}
}

// V3: who takes the VIP from a holder that has heard a higher priority takes it from nobody; from any other holder it does.
func TestP9_AnotherWatchersGivingWay(t *testing.T) {
	taken := func(why trace.Reason) *trace.Trace {
		s := vrrp(3.4).At(60).Watch("active", trace.Releasing, why).Watch("standby", trace.Taking, story.Free)
		return s.At(60.4).Takes("standby").At(60.5).Holds("active", trace.Absent).End(300)
	}
	wants(t, "P9", Pass, taken(trace.Outranked), "P9: it was giving way.")
	r := wants(t, "P9", Fail, taken(story.Free), "P9: it was not.")
	require.Equal(t, []string{"V2", "H3"}, r.Findings[0].Rules)
}

// P7 has nothing to judge: nobody asks over the pipe.
func TestP7_AnotherWatcherAsksNobody(t *testing.T) {
	r := wants(t, "P7", NotApplicable, comesBack(3.4, 12), "P7: without requests none fails.")
	require.Equal(t, finding.Kind("p7.none"), r.Reason.Kind)
}

// A silence is told by what the backup waits for, and put down to who outranked it.
func TestAnotherWatchersOutages(t *testing.T) {
	f := facts.Read(comesBack(3.4, 12))
	require.Equal(t, finding.Awaiting, f.Pairs[0].Outages[0].Parts[0].What)
	require.Equal(t, finding.GiveBackKind, f.Pairs[0].Outages[1].Kind)
}
