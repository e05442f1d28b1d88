package runs

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/seeds"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

func init() { watchEvery = time.Millisecond }

// passing are scenario files that pass.
func passing(t *testing.T, names ...string) (all []string) {
	dir := t.TempDir()
	for _, name := range names {
		path := filepath.Join(dir, name+".txtar")
		require.NoError(t, os.WriteFile(path, []byte("# Passes\ncluster guide\nping client vip\nat 5s unplug active\nend 50s\n"), 0o600))
		all = append(all, path)
	}
	return all
}

func TestAnInterruptedSuiteKeepsWhatWasRun(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // one scenario after the other
	sources, _, err := load(passing(t, "1st", "2nd", "3rd", "4th"), runFlags{})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	runs, err := runAll(ctx, sources, runFlags{}, func(done int) {
		if done == 2 {
			cancel()
		}
	})
	require.EqualError(t, err, "interrupted: 2 of 4 scenarios were run")
	require.Len(t, runs, 2)
	require.Equal(t, []string{"1st", "2nd"}, []string{runs[0].Scenario, runs[1].Scenario})
}

// Ctrl-C ends it with what is done so far, which all reports tell.
func TestInterruptedSeedsKeepWhatWasRun(t *testing.T) {
	f := runFlags{seeds: "1..1000", workers: 1}
	var err error
	f.set, err = seeds.Parse(f.seeds)
	require.NoError(t, err)
	sources, _, err := load(passing(t, "case", "next"), f)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	all, err := seedsOf(ctx, sources, f, func(int) { cancel() })
	require.EqualError(t, err, "interrupted: 1 of 1000 seeds were run")
	require.Len(t, all, 1, "nothing else is begun")
	require.Equal(t, []int{1, 1000}, []int{all[0].Done, all[0].Total})
	var b strings.Builder
	require.NoError(t, writeSeeds(&b, all, outputs{lang: cli.NewLang()}))
	require.Contains(t, b.String(), "CUT  case\n")
	require.Contains(t, strings.Join(strings.Fields(b.String()), ""), "interrupted,1000wereaskedfor")
}

// The page leads to the captures where they were written, wherever it stands itself.
func TestAPageKnowsItsCaptures(t *testing.T) {
	for _, c := range []struct{ pcap, dir, want string }{
		{"", "x", ""},
		{"/a/captures", "/a", "captures"},
		{"/a/b c/captures", "/a/pages", "../b%20c/captures"},
		{"/a/?#", "/a", "%3F%23"},
		{"/a/all.pcapng", "/a", ""},
	} {
		require.Equal(t, c.want, captures(c.pcap, c.dir), c.pcap)
	}
}

func TestTheCommandToRunAgain(t *testing.T) {
	ran := &finding.Run{Played: finding.Played{Seed: 7, Trace: &trace.Trace{}}}
	require.Equal(t, "ipwsim run 'a b.txtar' --cluster 'our cluster' --seed 7", rerun("a b.txtar", "our cluster", ran))
	require.Equal(t, "ipwsim run vip-is-real", rerun("vip-is-real", "", &finding.Run{}), "nothing was run, so no seed mattered")
}
