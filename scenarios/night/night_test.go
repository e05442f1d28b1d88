package night

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/scenarios/pool"
	"ipwsim/scenarios/search"
)

// asWorker is the argument that makes the test's program a worker.
const asWorker = "as-worker"

func TestMain(m *testing.M) {
	if slices.Contains(os.Args, asWorker) {
		if err := search.Serve(os.Stdin, os.Stdout, func(name string) (fs.FS, error) { return fs.Sub(scenarios.Clusters(), name) }); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func none(int) bool { return false }

func crewOf(t *testing.T, n int) *pool.Crew {
	crew, err := pool.Hire(n, asWorker)
	require.NoError(t, err)
	t.Cleanup(crew.Close)
	return crew
}

// A hunt has the same sum on any number of workers: that of its shards in any order.
func TestAHuntIsTheSameOnAnyWorkers(t *testing.T) {
	task := search.Task{Seed: 3, Cases: 4}
	sums := map[int]*Sum{}
	for _, workers := range []int{1, 2} {
		sum := NewSum()
		h := Hunt{Task: task, Crew: crewOf(t, workers), Workers: workers}
		require.NoError(t, h.Do(t.Context(), UpTo(3, none), func(d Done) error { sum.Add(d); return nil }))
		sums[workers] = sum
	}
	require.Equal(t, sums[1].Searched(task), sums[2].Searched(task))
	require.Equal(t, 12, sums[1].Cases)
	require.NotZero(t, sums[1].Twice)
	reached := sums[1].Reached()
	require.NotZero(t, reached)
	sums[1].Probes["what no night asks for"] = 1
	require.Equal(t, reached, sums[1].Reached())
}

// A shard that cannot be done is told of as others are, and the rest goes on; an interrupt ends it all.
func TestAShardThatCannotBeDoneIsTold(t *testing.T) {
	h := Hunt{Task: search.Task{Cases: 1, Cluster: "nowhere"}, Crew: crewOf(t, 1), Workers: 1}
	sum := NewSum()
	ctx, cancel := context.WithCancel(t.Context())
	err := h.Do(ctx, UpTo(-1, func(i int) bool { return i == 1 }), func(d Done) error {
		if sum.Add(d); d.Shard == 3 {
			cancel()
		}
		return nil
	})
	require.ErrorIs(t, err, context.Canceled)
	s := sum.Searched(h.Task)
	require.Zero(t, s.Cases)
	require.Len(t, s.Broken, 3)
	require.Equal(t, 2, s.Broken[1].Shard)
	require.True(t, s.Bad())

	stop := errors.New("stop")
	require.ErrorIs(t, h.Do(t.Context(), UpTo(5, none), func(Done) error { return stop }), stop)
}

// Failures are one by check, kind and reason; the smallest story of each stays, and names differ.
func TestTheSmallestStoryOfEachFailureStays(t *testing.T) {
	story := func(kind, why string, faults int, text string) search.Story {
		return search.Story{Failure: search.Failure{Check: "P3", Kind: kind, Why: why}, Faults: faults, Text: text}
	}
	all := []Done{
		{Shard: 0, Result: &search.Result{Cases: 1, Failed: 1, Stories: []search.Story{story("p3.dual", "", 3, "three")}}},
		{Shard: 1, Result: &search.Result{Cases: 1, Failed: 1, Stories: []search.Story{story("p3.dual", "", 1, "short"), story("p3-dual", "", 1, "other")}}},
		{Shard: 2, Result: &search.Result{Cases: 1, Failed: 1, Stories: []search.Story{story("p3.dual", "", 1, "longer"), story("p3.dual", "why.x", 1, "because")}}},
	}
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 0, 2}} {
		sum := NewSum()
		for _, i := range order {
			sum.Add(all[i])
		}
		s := sum.Searched(search.Task{})
		require.Equal(t, 3, s.Failed)
		var names, texts []string
		for _, f := range s.Failures {
			names, texts = append(names, f.Name), append(texts, f.Text)
		}
		require.Equal(t, []string{"p3-dual", "p3-dual-2", "p3-dual-why-x"}, names)
		require.Equal(t, []string{"other", "short", "because"}, texts)
		require.Equal(t, 3, s.Failures[1].Shards)
		require.Equal(t, 1, s.Failures[1].Shard)
	}
}
