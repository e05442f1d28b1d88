package script

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// onAnother is what becomes of the last expectation on the cluster of a folder.
func onAnother(t *testing.T, folder, expect string, tr *trace.Trace) finding.Expectation {
	s := parse(t, "# Title\ncluster guide\nat 20s unplug active\nexpect "+expect+"\n").On(folder)
	all := s.judge(nil, finding.Played{Trace: tr}).Expectations
	return all[len(all)-1]
}

// A scenario's times are those of the cluster that it was written for. On another they are an upper bound, which what the
// settings there promise lifts; both are told.
func TestTimesOfAnotherClusterAreAnUpperBound(t *testing.T) {
	for _, c := range []struct {
		expect string
		took   float64
		own    bool // on the scenario's own cluster
		other  bool // on another
	}{
		{"failover 30s..40s for client", 34, true, true},
		{"failover 30s..40s for client", 16, false, true},
		{"failover 10s..15s for client", 34, false, true}, // by the settings, 40 s at most
		{"failover 10s..15s for client", 44, false, false},
		{"outage 30s..40s for client", 16, false, true},
		{"outage 10s..15s for client", 44, false, false},
	} {
		tr := failsOver(c.took).end(100)
		require.Equal(t, c.own, onAnother(t, "", c.expect, tr).OK, "%v", c)
		require.Nil(t, onAnother(t, "", c.expect, tr).Own)
		e := onAnother(t, "./ours", c.expect, tr)
		require.Equal(t, c.other, e.OK, "%v", c)
		require.Equal(t, "guide", e.Own.Cluster)
		require.Zero(t, e.Band.Least)
		require.Equal(t, c.other, e.Hint == nil, "one that fails says for which cluster the scenario is")
		if e.Hint != nil {
			require.Equal(t, 37100*time.Millisecond, e.Hint.Time, "and how long a failover takes here")
		}
	}
	e := onAnother(t, "./ours", "failover 10s..15s for client", failsOver(34).end(100))
	require.Equal(t, finding.Band{Least: 10 * time.Second, Most: 15 * time.Second}, e.Own.Band)
	require.Equal(t, 40*time.Second, e.Band.Most)
}

// What is denied stays denied, and a scenario for any cluster is on its own everywhere.
func TestWhatHoldsOnEveryCluster(t *testing.T) {
	require.False(t, onAnother(t, "./ours", "no failover", failsOver(16).end(100)).OK)
	require.True(t, onAnother(t, "./ours", "outage 30s..40s", guide().end(100)).OK, "none is quicker still")
	require.False(t, onAnother(t, "./ours", "failover 30s..40s", guide().end(100)).OK, "a failover is what it is about")
	require.Equal(t, (&Script{Cluster: AnyCluster}), (&Script{Cluster: AnyCluster}).On("./ours"))
	require.False(t, (&Script{Cluster: "guide"}).On("guide").elsewhere)
}
