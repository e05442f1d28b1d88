package bugs

import (
	"context"
	"flag"
	"io/fs"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/scenarios/pool"
	"ipwsim/scenarios/script"
	"ipwsim/scenarios/search"
	"ipwsim/sim/finding"
)

var mutantCases = flag.Int("mutants", 0, "search for each mutant of the watcher in so many `cases`, and tell the score")

// Each mutant of the watcher, and whether the search and the rules catch it. Those that they do not are told by their
// place: each is equivalent, or a finding.
func TestMutantsAreCaught(t *testing.T) {
	if *mutantCases == 0 {
		t.Skip("it takes some minutes; -mutants 400 runs it")
	}
	root, err := Root()
	require.NoError(t, err)
	all, err := Mutants(root)
	require.NoError(t, err)
	program := filepath.Join(t.TempDir(), "mutants")
	require.NoError(t, BuildMutants(t.Context(), root, program))
	var caught atomic.Int32
	verdicts, err := pool.Map(t.Context(), len(all), runtime.GOMAXPROCS(0), func(ctx context.Context, i int) (Verdict, error) {
		v, err := Judge(ctx, *mutantCases, searchOf(program, all[i].Env()), failsHere)
		if v.Caught {
			caught.Add(1)
		}
		return v, err
	}, func(done int) {
		if done%20 == 0 {
			t.Logf("%d of %d mutants, %d caught", done, len(all), caught.Load())
		}
	})
	require.NoError(t, err)
	for i, v := range verdicts {
		if !v.Caught {
			t.Logf("not caught in %d cases: %s: %q became %q", v.Cases, all[i].Place(), all[i].From, all[i].To)
		}
	}
	t.Logf("caught %d of %d", caught.Load(), len(all))
	require.Greater(t, int(caught.Load()), len(all)*3/4)
}

// searchOf searches the program with a setting; what its worker dies of catches it.
func searchOf(program, env string) Search {
	return func(ctx context.Context, shard int) (cases int, found []Story, err error) {
		const each = 100
		crew := pool.HireOther(program, []string{env}, 1, "worker", "search")
		defer crew.Close()
		defer func() {
			if broken := recover(); broken != nil {
				cases, found, err = each, []Story{{By: search.Crash}}, nil
			}
		}()
		r, err := search.Ask(ctx, crew, search.Ground{}, search.Task{Seed: *searchSeed, Shard: shard, Cases: each, Stop: true})
		if err != nil {
			return 0, nil, err
		}
		for _, s := range r.Stories {
			found = append(found, Story{Case: s.Case % each, By: s.Check, Faults: s.Faults, Text: s.Text})
		}
		return r.Cases, found, nil
	}
}

// failsHere says whether the sound program fails the story by the same.
func failsHere(ctx context.Context, story Story) (bool, error) {
	if story.By == search.Crash {
		return false, nil
	}
	s, problems := script.Parse("story.txtar", []byte(story.Text))
	if err := problems.Err(); err != nil {
		return false, err
	}
	run, err := script.Run(ctx, s, script.Options{Cluster: func(name string) (fs.FS, error) { return fs.Sub(scenarios.Clusters(), name) }})
	if err != nil {
		return false, err
	}
	for _, o := range run.Objections() {
		if by := byOf(o); by == story.By {
			return true, nil
		}
	}
	return false, nil
}

func byOf(o finding.Objection) string {
	if o.Result != nil {
		return o.Result.ID
	}
	return ""
}
