package bugs

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
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

// mutantShard is how many cases all mutants have that were not caught, before any has more.
const mutantShard = 100

// Each mutant of the watcher is caught by the search and the rules, or known as one that is not.
func TestMutantsAreCaught(t *testing.T) {
	if *mutantCases == 0 {
		t.Skip("it takes half an hour and more; -mutants 400 runs it")
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
	left, by := all, map[string]string{}
	for shard := 0; shard*mutantShard < *mutantCases; shard++ {
		verdicts, err := pool.Map(t.Context(), len(left), runtime.GOMAXPROCS(0), func(ctx context.Context, i int) (Verdict, error) {
			return kept.do(left[i], shard, func() (v Verdict, err error) {
				err = v.Look(ctx, shard, searchOf(program, left[i].Env(), true), failsHere)
				return v, err
			})
		}, nil)
		require.NoError(t, err)
		var survive []Mutant
		for i, v := range verdicts {
			if by[left[i].Key()] = ""; v.Caught {
				by[left[i].Key()] = cmp.Or(v.Story.By, "an expectation")
			} else {
				survive = append(survive, left[i])
			}
		}
		left = survive
		t.Logf("%d of %d mutants are caught in %d cases", len(all)-len(left), len(all), (shard+1)*mutantShard)
	}
	for _, s := range surprises(survivors(t), by) {
		t.Error(s)
	}
}

// verdicts are kept in a file, a line each, so that a run that was ended loses nothing.
type verdicts struct {
	mu   sync.Mutex
	file *os.File // nil: nowhere
	by   map[string]keptVerdict
}

type keptVerdict struct {
	Seed   uint64
	Shard  int
	Mutant string
	Caught bool
	By     string
	Case   int
}

func (k keptVerdict) key() string { return fmt.Sprint(k.Seed, " ", k.Shard, " ", k.Mutant) }

func openVerdicts(name string) (*verdicts, error) {
	v := &verdicts{by: map[string]keptVerdict{}}
	if name == "" {
		return v, nil
	}
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	v.file = f
	for d := json.NewDecoder(f); ; {
		var k keptVerdict
		switch err := d.Decode(&k); {
		case errors.Is(err, io.EOF):
			return v, nil
		case err != nil:
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		v.by[k.key()] = k
	}
}

// do is what came of a shard with a mutant, by the file or by look.
func (v *verdicts) do(m Mutant, shard int, look func() (Verdict, error)) (Verdict, error) {
	k := keptVerdict{Seed: *searchSeed, Shard: shard, Mutant: m.Key()}
	v.mu.Lock()
	old, is := v.by[k.key()]
	v.mu.Unlock()
	if is {
		return Verdict{Caught: old.Caught, Cases: old.Case, Story: Story{By: old.By}}, nil
	}
	got, err := look()
	if err != nil || v.file == nil {
		return got, err
	}
	k.Caught, k.By, k.Case = got.Caught, got.Story.By, got.Cases
	v.mu.Lock()
	defer v.mu.Unlock()
	return got, json.NewEncoder(v.file).Encode(k)
}

func (v *verdicts) Close() {
	if v.file != nil {
		v.file.Close()
	}
}

// searchOf searches the program with a setting; what its worker dies of catches it, and so does a shard that takes
// several times the processor's time of any other: it hangs.
func searchOf(program, env string, whole bool) Search {
	return func(ctx context.Context, shard int) (cases int, found []Story, err error) {
		const each = mutantShard
		crew := pool.HireOther("/bin/sh", []string{env}, 1, "-c", `ulimit -t 12; exec "$0" worker search`, program)
		defer crew.Close()
		defer func() {
			if broken := recover(); broken != nil {
				cases, found, err = each, []Story{{By: search.Crash}}, nil
			}
		}()
		r, err := search.Ask(ctx, crew, search.Ground{}, search.Task{Seed: *searchSeed, Shard: shard, Cases: each, Stop: true, Whole: whole})
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
