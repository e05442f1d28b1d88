package check_test

import (
	"io/fs"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// shipped is the run of a shipped scenario.
func shipped(t *testing.T, name string) *finding.Run {
	data, err := scenarios.Read(name)
	require.NoError(t, err)
	return played(t, name, data)
}

// played is the run of a scenario.
func played(t *testing.T, name string, data []byte) *finding.Run {
	s, problems := script.Parse(name+".txtar", data)
	require.NoError(t, problems.Err())
	cluster := func(name string) (fs.FS, error) { return fs.Sub(scenarios.Clusters(), name) }
	run, err := script.Run(t.Context(), s, script.Options{Cluster: cluster})
	require.NoError(t, err)
	return run
}

// judged is what a check says of a run.
func judged(t *testing.T, run *finding.Run, id string) finding.Result {
	for _, r := range run.Results {
		if r.ID == id {
			return r
		}
	}
	require.Fail(t, "no result", id)
	return finding.Result{}
}

// P8: a client whose ARP entry outlives the switch waits for longer than the settings explain; with the cure it does
// not.
func TestP8_AStaleEntryIsAWeakness(t *testing.T) {
	stale := judged(t, shipped(t, "ad-client"), "P8")
	require.Equal(t, finding.Fail, stale.Verdict)
	require.Len(t, stale.Findings, 2, "failover and failback")
	for _, f := range stale.Findings {
		require.Equal(t, "client", f.Client)
		require.Equal(t, finding.WrongCache, f.What)
		require.Greater(t, f.Time, f.Want.Most)
		require.InDelta(t, 600, f.Time.Seconds(), 2, "N4")
	}
	require.Equal(t, finding.Pass, judged(t, shipped(t, "ad-client-cured"), "P8").Verdict, "H10, H11")
	require.Equal(t, finding.Pass, judged(t, shipped(t, "cable-pull"), "P8").Verdict)
}

// V1, V3: a VRRP master that goes on where it stood still wins the VIP back, and writes no event 100 for what it had all
// along: it is not said by IPWatcher's rule (W22).
func TestP8_AnotherWatcherThatHeldOn(t *testing.T) {
	run := played(t, "thaw", []byte("cluster vrrp\nping client vip\nat 20s freeze active\nat 30s resume active\nend 60s\n"))
	waits := judged(t, run, "P8")
	require.Equal(t, finding.Fail, waits.Verdict)
	require.Equal(t, &finding.Note{Kind: "why.held-on-vrrp", Node: "active", Rules: []string{"V1", "V3"}}, waits.Findings[0].Because)
	require.Equal(t, "V3", waits.Findings[0].Cause.Rule)
	require.Equal(t, finding.Pass, judged(t, run, "P10").Verdict)
}

// P9: a deaf standby takes the VIP from a holder that is up and connected, and is named; one that takes it from a dead
// holder is not, and neither side of a network that is split both ways, with clients on each.
func TestP9_ATakeOverFromAHealthyHolderIsNamed(t *testing.T) {
	deaf := judged(t, shipped(t, "one-way-cut"), "P9")
	require.Equal(t, finding.Fail, deaf.Verdict)
	require.Len(t, deaf.Findings, 1)
	require.Equal(t, "active", deaf.Findings[0].Node)
	require.Equal(t, "standby", deaf.Findings[0].Peer)
	require.Equal(t, 1, deaf.Findings[0].Fault, "the cut is behind it")

	dead := judged(t, shipped(t, "cable-pull"), "P9")
	require.Equal(t, finding.Pass, dead.Verdict)
	require.Empty(t, dead.Left)

	split := judged(t, shipped(t, "split-brain-pins"), "P9")
	require.Equal(t, finding.Pass, split.Verdict)
	require.Len(t, split.Left, 1)

	alone := judged(t, shipped(t, "split-brain"), "P9")
	require.Equal(t, finding.Fail, alone.Verdict, "nobody is on the taker's side, whom it could serve")
}

// W22: the split brain is over when the slave gives way, but the holder writes no event 100 and announces nothing: the
// far client goes on asking the slave until its entry has aged, and P8 names it.
func TestW22_ClientsStayWithTheSlaveAfterASplitBrain(t *testing.T) {
	run := shipped(t, "split-brain-pins")
	const healed = 900 * time.Second
	for _, r := range run.Trace.Records {
		if e, is := r.Body.(trace.Event); is {
			require.Less(t, r.At, healed, "%s %d", r.Host, e.ID)
		}
	}
	var late []finding.Finding
	for _, f := range judged(t, run, "P8").Findings {
		if f.At >= healed {
			late = append(late, f)
		}
	}
	require.Len(t, late, 1)
	require.Equal(t, "far", late[0].Client)
	require.Equal(t, finding.WrongCache, late[0].What)
	require.InDelta(t, 600, late[0].Time.Seconds(), 2)
}
