package scenarios_test

import (
	"context"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/scenarios/script"
)

// hashOf runs a shipped scenario with a seed and returns the SHA-256 over every frame and record.
func hashOf(t *testing.T, s *script.Script, seed uint64) string {
	t.Helper()
	out, err := script.Run(context.Background(), s, script.Options{Cluster: cluster, Seed: &seed, Hash: true})
	require.NoError(t, err)
	require.Len(t, out.Hash, 64)
	return out.Hash
}

// One seed gives one history, whatever the number of processors: every frame's bytes and time, and
// every record of the trace. The first seed runs twice on each; nightly all do, of ten times as many seeds.
func TestSameSeedSameBytes(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for name, seeds := range map[string]uint64{"cable-pull": 8, "split-brain": 4, "pipe-denied": 4, "lossy-link": 4, "replug-no-port-fast": 2} {
		switch {
		case *nightly:
			seeds *= 10
		case raceEnabled:
			seeds = 3
		}
		s := shipped(t, name)
		seen := map[string]uint64{}
		for seed := range seeds {
			var first string
			for _, procs := range []int{1, 2, 8} {
				runtime.GOMAXPROCS(procs)
				runs := 1
				if seed == 0 || *nightly {
					runs = 2
				}
				for range runs {
					hash := hashOf(t, s, seed)
					if first == "" {
						first = hash
					}
					require.Equal(t, first, hash, "%s, seed %d, GOMAXPROCS %d", name, seed, procs)
				}
			}
			other, dup := seen[first]
			require.False(t, dup, "%s: seeds %d and %d give the same run: the seed does nothing", name, seed, other)
			seen[first] = seed
		}
	}
}

// The same for mail: services of foreign libraries on goroutines of their own, a file share, clients.
// Nightly runs take every mail scenario, 100 times each.
func TestMailSameSeedSameBytes(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	names, runs := []string{"mail-step-15", "mail-share-cut"}, 2
	switch {
	case *nightly:
		names, runs = nil, 100
		for _, name := range scenarios.Names() {
			if strings.HasPrefix(name, "mail-") {
				names = append(names, name)
			}
		}
	case raceEnabled:
		names, runs = names[:1], 3
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			s := shipped(t, name)
			first := hashOf(t, s, 1)
			for run := range runs {
				procs := []int{8, 1, 2}[run%3]
				runtime.GOMAXPROCS(procs)
				require.Equal(t, first, hashOf(t, s, 1), "run %d, GOMAXPROCS %d", run+1, procs)
			}
			require.NotEqual(t, first, hashOf(t, s, 2), "the seed does nothing")
		})
	}
}

// Worlds that run side by side do not touch each other, routers included.
func TestWorldsShareNothing(t *testing.T) {
	for _, name := range []string{"cable-pull", "l3-switch", "l3-offices"} {
		s := shipped(t, name)
		alone := hashOf(t, s, 1)
		for range 8 {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				require.Equal(t, alone, hashOf(t, s, 1))
			})
		}
	}
}
