package explore_test

import (
	"context"
	"flag"
	"io/fs"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core"
	"ipwsim/scenarios"
	"ipwsim/scenarios/explore"
	"ipwsim/scenarios/script"
)

// master is a cluster with a master and a slave.
func master(interval, timeout, release int) explore.Case {
	c := explore.Case{Netsh: [2]time.Duration{time.Second, time.Second}, VIPs: 1}
	for i := range c.Nodes {
		c.Nodes[i] = core.Settings{
			Balance: core.Balance(i), Interval: time.Duration(interval) * time.Second, PingTimeout: time.Duration(timeout) * time.Second, ReleaseTime: release,
		}
	}
	return c
}

// alike is one with two of a kind.
func alike(c explore.Case, b core.Balance) explore.Case {
	c.Nodes[0].Balance, c.Nodes[1].Balance = b, b
	return c
}

func with(c explore.Case, vips int, netsh ...time.Duration) explore.Case {
	c.VIPs = vips
	copy(c.Netsh[:], netsh)
	return c
}

// departures is how deep (make nightly goes deeper).
var departures = flag.Int("departures", 2, "explore to so many departures where one more takes minutes")

// What holds to the bound.
func TestHoldsToTheBound(t *testing.T) {
	const fast, slow = 200 * time.Millisecond, time.Second
	for name, c := range map[string]struct {
		explore.Case
		departures int
	}{
		"defaults":           {master(30, 3, 60), 1},
		"defaults, one fast": {with(master(30, 3, 60), 1, fast, slow), 1},
		"10 s":               {master(10, 3, 5), *departures},
		"6 s":                {master(6, 1, 5), *departures},
		"6 s, one fast":      {with(master(6, 1, 5), 1, slow, fast), 1},
		"PingTimeout above":  {master(5, 7, 5), 1},
		"two VIPs":           {with(master(10, 3, 5), 2), 1},
		"two masters":        {alike(master(10, 3, 5), core.Master), 1},
		"two slaves":         {alike(master(10, 3, 5), core.Slave), 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := explore.Explore(context.Background(), c.Case, explore.Bound{Departures: c.departures})
			require.NoError(t, err)
			require.Nil(t, got.Broken, "%+v", got.Broken)
			require.True(t, got.Complete)
			require.Equal(t, c.departures, got.Departures)
			t.Logf("%+v", got)
		})
	}
}

// What does not hold breaks in the real world as the story says.
func TestStoriesBreakTheRealWorld(t *testing.T) {
	for name, c := range map[string]struct {
		explore.Case
		rule  string
		trail []explore.Deed
	}{
		"Interval below PingTimeout": {master(3, 5, 5), "P4", nil},
		"Interval 1 s":               {with(master(1, 2, 5), 1, time.Second, 900*time.Millisecond), "P2", []explore.Deed{explore.Fails}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := explore.Explore(context.Background(), c.Case, explore.Bound{Departures: 1})
			require.NoError(t, err)
			require.NotNil(t, got.Broken)
			require.Equal(t, c.rule, got.Broken.Rule)
			var deeds []explore.Deed
			for _, d := range got.Broken.Trail {
				deeds = append(deeds, d.What)
			}
			require.Equal(t, c.trail, deeds)
			story := got.Broken.Scenario(c.Case)
			s, problems := script.Parse("story.txtar", story)
			require.NoError(t, problems.Err())
			out, err := script.Run(context.Background(), s, script.Options{Cluster: func(name string) (fs.FS, error) { return fs.Sub(scenarios.Clusters(), name) }})
			require.NoError(t, err)
			require.Len(t, out.Expectations, 1)
			require.True(t, out.Expectations[0].OK, "%s", story)
		})
	}
}

// Each deed has its words in the language of scenarios, and each story reads as one formatted.
func TestEveryDeedIsToldAsAScenario(t *testing.T) {
	c := master(10, 3, 5)
	for _, what := range []explore.Deed{
		explore.Unplug, explore.Plug, explore.Split, explore.Join, explore.Freeze, explore.Resume, explore.PowerOff, explore.PowerOn,
		explore.StopService, explore.StartService, explore.BlockEcho, explore.AllowEcho, explore.BlockPipe, explore.AllowPipe,
		explore.Fails, explore.Lies, explore.Hangs, explore.LosesEcho, explore.LateEcho, explore.Claimed,
	} {
		b := explore.Break{Rule: "P4", What: explore.Nobody, At: time.Minute, Trail: []explore.Departure{{At: 30 * time.Second, What: what, Node: 1}}}
		s, problems := script.Parse("story.txtar", b.Scenario(c))
		require.NoError(t, problems.Err(), what)
		require.Greater(t, len(s.Steps), 2, what)
		require.Equal(t, string(b.Scenario(c)), s.Format(), what)
	}
}

// A bound that cuts says so, and so does an interrupt.
func TestBoundsThatCut(t *testing.T) {
	got, err := explore.Explore(context.Background(), master(10, 3, 5), explore.Bound{Departures: 1, States: 100})
	require.NoError(t, err)
	require.Equal(t, []any{false, explore.CutByStates, 0}, []any{got.Complete, got.CutBy, got.Departures})
	got, err = explore.Explore(context.Background(), master(10, 3, 5), explore.Bound{Departures: 1, Time: 20 * time.Second})
	require.NoError(t, err)
	require.Equal(t, []any{false, explore.CutByTime}, []any{got.Complete, got.CutBy})
	ctx, cancel := context.WithCancel(context.Background())
	got, err = explore.Explore(ctx, master(10, 3, 5), explore.Bound{Departures: 9, Progress: func(r explore.Result) {
		if r.Departures == 1 {
			cancel()
		}
	}})
	require.NoError(t, err)
	require.Equal(t, []any{false, explore.CutByInterrupted, 1}, []any{got.Complete, got.CutBy, got.Departures})
	_, err = explore.Explore(context.Background(), with(master(10, 3, 5), 3), explore.Bound{})
	require.EqualError(t, err, "found 3 VIPs, expected 1 to 2")
}

// Two explorations of one case come to the same.
func TestExploresTheSameEachTime(t *testing.T) {
	var got [2]explore.Result
	for i := range got {
		var err error
		got[i], err = explore.Explore(context.Background(), with(master(1, 2, 5), 1, time.Second, 900*time.Millisecond), explore.Bound{Departures: 1})
		require.NoError(t, err)
	}
	require.Equal(t, got[0], got[1])
}
