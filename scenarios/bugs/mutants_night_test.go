package bugs

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"io/fs"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/scenarios/pool"
	"ipwsim/scenarios/script"
	"ipwsim/scenarios/search"
	"ipwsim/sim/finding"
)

var (
	mutantCases = flag.Int("mutants", 0, "search for each mutant of the watcher in so many `cases`, and tell the score")
	verdictsAt  = flag.String("verdicts", "", "keep what came of each mutant in this `file`, and go on from it")
)

// mutantShard is how many cases all mutants have that were not caught, before any has more. Those that are known as
// equivalent have no more.
const mutantShard = 100

// Each mutant of the watcher is caught by the search and the rules, or known as one that is not.
func TestMutantsAreCaught(t *testing.T) {
	if *mutantCases == 0 {
		t.Skip("it takes half an hour and more; -mutants 2000 runs it")
	}
	root, err := Root()
	require.NoError(t, err)
	all, err := Mutants(root)
	require.NoError(t, err)
	program := filepath.Join(t.TempDir(), "mutants")
	require.NoError(t, BuildMutants(t.Context(), root, program))
	kept, err := openVerdicts(*verdictsAt)
	require.NoError(t, err)
	defer kept.Close()
	caught, drawn := 0, drawnBy(program)
	left, table, by := all, survivors(t), map[string]string{}
	for shard := 0; shard*mutantShard < *mutantCases; shard++ {
		verdicts, err := pool.Map(t.Context(), len(left), runtime.GOMAXPROCS(0), func(ctx context.Context, i int) (Verdict, error) {
			return kept.do(left[i], shard, func() (v Verdict, err error) {
				err = v.Look(ctx, shard, searchOf(program, left[i].Env(), left[i].Number, drawn, true), failsHere)
				return v, err
			})
		}, nil)
		require.NoError(t, err)
		var survive []Mutant
		for i, v := range verdicts {
			switch key := left[i].Key(); {
			case v.Caught:
				caught++
				by[key] = cmp.Or(v.Story.By, "an expectation")
			default:
				by[key] = ""
				if table[key].judgement != equivalent {
					survive = append(survive, left[i])
				}
			}
		}
		left = survive
		t.Logf("%d of %d mutants are caught in %d cases", caught, len(all), (shard+1)*mutantShard)
	}
	for _, s := range surprises(table, by) {
		t.Error(s)
	}
}

// drawn are the cases of a shard, of which each bug or mutant is tried on those that ask its switch.
type drawn func(ctx context.Context, shard int) ([]search.Kept, error)

// drawnBy draws each shard once, in a program with nothing switched on.
func drawnBy(program string) drawn {
	var mu sync.Mutex
	shards := map[int][]search.Kept{}
	return func(ctx context.Context, shard int) ([]search.Kept, error) {
		mu.Lock()
		defer mu.Unlock()
		if shards[shard] == nil {
			crew := pool.HireOther(program, nil, 1, "worker", "search")
			defer crew.Close()
			r, err := search.Ask(ctx, crew, search.Ground{}, search.Task{Seed: *searchSeed, Shard: shard, Cases: mutantShard, Keep: true})
			if err != nil {
				return nil, err
			}
			shards[shard] = r.Kept
		}
		return shards[shard], nil
	}
}

// searchOf searches the program with a setting, and tells failures whole or made small. What its worker dies of catches
// it, and so does a shard that takes several times the processor's time of any other: it hangs.
func searchOf(program, env string, number int, draw drawn, whole bool) Search {
	return func(ctx context.Context, shard int) (cases int, found []Story, err error) {
		kept, err := draw(ctx, shard)
		given := search.Asking(kept, number)
		if err != nil || len(given) == 0 {
			return len(kept), nil, err
		}
		const each = mutantShard
		limit := "ulimit -t 600"
		if whole {
			limit = "ulimit -t 20"
		}
		crew := pool.HireOther("/bin/sh", []string{env}, 1, "-c", limit+`; exec "$0" worker search`, program)
		defer crew.Close()
		defer func() {
			if broken := recover(); broken != nil {
				cases, found, err = each, []Story{{By: search.Crash}}, nil
			}
		}()
		r, err := search.Ask(ctx, crew, search.Ground{}, search.Task{Seed: *searchSeed, Shard: shard, Cases: each, Stop: true, Whole: whole, Given: given})
		var ours *fs.PathError
		switch {
		case ctx.Err() != nil, errors.As(err, &ours): // it was never started
			return 0, nil, err
		case err != nil: // it was killed
			return each, []Story{{By: search.Crash}}, nil
		}
		for _, s := range r.Stories {
			found = append(found, Story{Case: s.Case % each, By: s.Check, Faults: s.Faults, Text: s.Text})
		}
		return len(kept), found, nil
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
