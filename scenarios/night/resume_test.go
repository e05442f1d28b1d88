package night

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/scenarios/bugs"
	"ipwsim/sim/searched"
)

var plan = Plan{Version: Version, Program: "p", Seed: 5, Cases: 2}

// nightIn is a night of 6 shards of 2 cases, with two scenarios, of which it counts the runs.
func nightIn(t *testing.T, dir string, p Plan, runs *atomic.Int32) *Night {
	t.Helper()
	f, err := Open(dir, p, true)
	require.NoError(t, err)
	t.Cleanup(func() { _ = f.Close() }) // some are closed
	job := func(name string) Job[searched.Scenario] {
		return Job[searched.Scenario]{name, func(context.Context) (searched.Scenario, error) {
			runs.Add(1)
			return searched.Scenario{Name: name}, nil
		}}
	}
	return &Night{
		Folder: f, Length: time.Hour, Shards: 6, Workers: 2, Crew: crewOf(t, 2), Scenarios: []Job[searched.Scenario]{job("a"), job("b")},
		NoBugs: diag.Errorf("no bugs"), NoSource: diag.Errorf("no source"),
	}
}

// told is a night without what the time of day changes.
func told(t *testing.T, n *Night) *searched.Night {
	t.Helper()
	out, err := n.Run(t.Context())
	require.NoError(t, err)
	require.NoError(t, n.Close())
	out.Used, out.Search.Took = 0, 0
	for i := range out.Shares {
		out.Shares[i].Took = 0
	}
	return out
}

// Whoever is interrupted, and has the line that he was writing cut off, goes on: nothing is lost, nothing is counted
// twice, and the night is the one that it would have been.
func TestANightGoesOnWhereItWasKilled(t *testing.T) {
	var runs atomic.Int32
	whole := told(t, nightIn(t, t.TempDir(), plan, &runs))
	require.Equal(t, 12, whole.Search.Cases)
	require.Len(t, whole.Scenarios, 2)
	require.Equal(t, []string{"no bugs", "no source"}, []string{whole.NoBugs, whole.NoFuzz})

	runs.Store(0)
	dir := t.TempDir()
	for range 3 {
		n := nightIn(t, dir, plan, &runs)
		ctx, cancel := context.WithCancel(t.Context())
		n.Progress = func(s Status) {
			if s.Part == "part.search" {
				cancel()
			}
		}
		_, err := n.Run(ctx)
		require.ErrorIs(t, err, context.Canceled)
		require.NoError(t, n.Close())
		log := filepath.Join(dir, LogFile)
		text, err := os.ReadFile(log)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(log, text[:len(text)-30], 0o666))
	}
	require.Equal(t, whole, told(t, nightIn(t, dir, plan, &runs)))
	require.EqualValues(t, 2, runs.Load(), "what was done is not done again")
	require.Equal(t, whole, told(t, nightIn(t, dir, plan, &runs)), "nor when nothing is left")
}

// The time of those who were interrupted counts.
func TestANightEndsWhenItsTimeIsUsed(t *testing.T) {
	var runs atomic.Int32
	dir := t.TempDir()
	n := nightIn(t, dir, plan, &runs)
	require.NoError(t, n.put("search 0", 59*time.Minute+59*time.Second, time.Second, shard{Error: "x"}))
	require.NoError(t, n.Close())
	n = nightIn(t, dir, plan, &runs)
	n.Shards = -1
	out := told(t, n)
	require.Zero(t, out.Search.Cases, "there is no time for another")
	require.Len(t, out.Search.Broken, 1)
	require.Zero(t, runs.Load())
}

// One folder has one plan, until the night is over; then it is the last one.
func TestAFolderHasOnePlan(t *testing.T) {
	dir := t.TempDir()
	other, program := plan, plan
	other.Seed, program.Program = 6, "q"
	open := func(p Plan, given bool) Plan {
		f, err := Open(dir, p, given)
		require.NoError(t, err)
		defer f.Close()
		return f.Plan
	}
	f, err := Open(dir, plan, true)
	require.NoError(t, err)
	require.NoError(t, f.put("scenario a", time.Second, 0, 1))
	_, err = Open(dir, plan, true)
	require.ErrorContains(t, err, "another process is at work there")
	require.NoError(t, f.Close())

	for _, p := range []Plan{other, program} {
		_, err := Open(dir, p, true)
		require.ErrorContains(t, err, dir+" holds a night that is not over")
	}
	require.EqualValues(t, 5, open(other, false).Seed, "whoever draws the seed from the date goes on with the night that is there")

	require.NoError(t, disk.WriteBytes(filepath.Join(dir, ResultFile), []byte("{}")))
	require.EqualValues(t, 5, open(plan, true).Seed)
	f, err = Open(dir, other, true)
	require.NoError(t, err)
	require.Empty(t, f.done)
	require.NoError(t, f.Close())
	require.FileExists(t, filepath.Join(dir, LastFile))
	require.NoFileExists(t, filepath.Join(dir, ResultFile))

	strange := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(strange, "holiday.jpg"), nil, 0o600))
	_, err = Open(strange, plan, true)
	require.ErrorContains(t, err, "holds other files")
	require.NoError(t, os.WriteFile(filepath.Join(dir, PlanFile), []byte("{"), 0o600))
	_, err = Open(dir, plan, true)
	require.ErrorContains(t, err, "not a plan")
}

// worker is a program that answers each shard as the bug that is switched on has it.
const worker = `#!/bin/sh
while read task; do
	case $BUG in
	dies) echo broken >&2; exit 1 ;;
	fails) echo '{"value":{"cases":7,"failed":1,"stories":[{"check":"P3","kind":"p3.dual","text":"'$STORY'"}]}}' ;;
	*) echo '{"value":{"cases":50}}' ;;
	esac
	echo '{"last":true}'
done
`

// A bug is caught by a story that passes in the sound program, or by what a worker dies of; one that is not has all its
// cases, and what was done is not done again.
func TestKnownBugsAreTried(t *testing.T) {
	var runs atomic.Int32
	bug := func(name, env string) Bug { return Bug{Bug: searched.Bug{Name: name}, Env: "BUG=" + env} }
	built := 0
	dir := t.TempDir()
	known := func() *Night {
		n := nightIn(t, dir, plan, &runs)
		n.Shards, n.NoBugs, n.Bugs = 1, nil, []Bug{bug("a", "dies"), bug("b", "fails"), bug("c", "nothing")}
		n.Build = func(_ context.Context, out string) error { built++; return os.WriteFile(out, []byte(worker), 0o755) }
		n.Fails = func(_ context.Context, story bugs.Story) (bool, error) { return story.Text != "passes", nil }
		return n
	}
	t.Setenv("STORY", "passes")
	out := told(t, known())
	require.Empty(t, out.NoBugs)
	for i := range out.Bugs {
		require.True(t, out.Bugs[i].Tried)
		out.Bugs[i].Took = 0
	}
	require.True(t, out.Bugs[0].Caught)
	require.Contains(t, out.Bugs[0].Error, "a worker died 3 times")
	require.Contains(t, out.Bugs[0].Error, "broken")
	require.Equal(t, searched.Bug{Name: "b", Caught: true, Tried: true, Check: "P3", By: "p3.dual", Cases: 1}, out.Bugs[1])
	require.Equal(t, searched.Bug{Name: "c", Tried: true, Cases: bugCases * bugShards}, out.Bugs[2])
	require.Len(t, out.Unseen(), 1)
	again := told(t, known())
	require.Equal(t, 1, built)
	require.Equal(t, out.Bugs[1].Cases, again.Bugs[1].Cases)

	t.Setenv("STORY", "fails here too")
	dir = t.TempDir()
	out = told(t, known())
	require.False(t, out.Bugs[1].Caught)
	require.Equal(t, 7*bugShards, out.Bugs[1].Cases)

	dir = t.TempDir()
	n := known()
	n.Build = func(context.Context, string) error { return errors.New("no compiler") }
	out = told(t, n)
	require.Equal(t, "no compiler", out.NoBugs)
	require.Equal(t, 3, out.Untried())

	dir = t.TempDir()
	n = known()
	n.Build = func(context.Context, string) error { return nil } // and yet there is no program
	_, err := n.Run(t.Context())
	require.ErrorContains(t, err, "cannot start a worker", "which catches nothing")
}

// A bug is tried on the cases that ask its switch alone; the others count, for they go with it as without.
func TestKnownBugsAreTriedWhereTheyAreAsked(t *testing.T) {
	n := nightIn(t, t.TempDir(), plan, new(atomic.Int32))
	n.Shards, n.NoBugs = 1, nil
	n.Build = func(_ context.Context, out string) error {
		sound := `case ,$BUG in ,) echo '{"value":{"cases":3,"kept":[{"number":0,"asked":[7]},{"number":1},{"number":2,"asked":[7]}]}}' ;; *) `
		return os.WriteFile(out, []byte(strings.Replace(strings.Replace(worker, "case $BUG in", sound+"case $BUG in", 1), "esac", "esac ;; esac", 1)), 0o755)
	}
	n.Fails = func(context.Context, bugs.Story) (bool, error) { return true, nil }
	for number, name := range []string{7: "asked", 8: "never-asked"} {
		if name != "" {
			n.Bugs = append(n.Bugs, Bug{Bug: searched.Bug{Name: name}, Env: "BUG=dies", Number: number})
		}
	}
	out := told(t, n)
	require.True(t, out.Bugs[0].Caught)
	require.Equal(t, 1, out.Bugs[0].Cases)
	require.False(t, out.Bugs[1].Caught, "its program would have died")
	require.Equal(t, 3*bugShards, out.Bugs[1].Cases)
}

// Each bug has a shard, to be accounted for; then those come first that need the fewest cases.
func TestTheOrderOfKnownBugs(t *testing.T) {
	n := nightIn(t, t.TempDir(), plan, new(atomic.Int32))
	for name, needed := range map[string]int{"many": 900, "new": 0, "few": 40, "some": 300} {
		n.Bugs = append(n.Bugs, Bug{Bug: searched.Bug{Name: name}, Needed: needed})
	}
	slices.SortFunc(n.Bugs, func(a, b Bug) int { return cmp.Compare(a.Name, b.Name) })
	var order []string
	for range 24 {
		b := n.Bugs[n.nextBug(nil)]
		order = append(order, b.Name)
		got, shards := n.sofar(b)
		got.Tried, got.Cases = true, got.Cases+50
		got.Caught = b.Name == "new" && shards == 2 || b.Name == "some" && shards == 7 || b.Name == "many" && shards == 3
		require.NoError(t, n.keep(bugKey(b, shards), 0, got))
	}
	require.Equal(t, []string{"few", "many", "new", "some"}, order[:4], "each once")
	require.Equal(t, []string{"few", "new", "few", "new"}, order[4:8], "new ones as those that need little, until they have had more")
	require.Equal(t, "few few few few some some some some some some few some few few few few", strings.Join(order[8:], " "))
	require.Less(t, n.nextBug(map[int]bool{0: true}), len(n.Bugs))
	require.Equal(t, "many", n.Bugs[n.nextBug(map[int]bool{0: true})].Name, "of those that nobody is at")
}

// What costs a part more than it has leaves the rest of the night to the others, also when it is gone on with.
func TestAPartHasItsShare(t *testing.T) {
	n := nightIn(t, t.TempDir(), plan, new(atomic.Int32))
	n.start = time.Now()
	left := func(share float64, parts ...string) time.Duration {
		ctx, cancel := n.limit(t.Context(), share, parts...)
		defer cancel()
		end, _ := ctx.Deadline()
		return time.Until(end).Round(time.Minute)
	}
	require.Equal(t, 6*time.Minute, left(0.1, searched.PartBugs))
	require.NoError(t, n.keep("bug a 0", 4*time.Minute, searched.Bug{}))
	require.Equal(t, 4*time.Minute, left(0.1, searched.PartBugs), "two had two minutes each")
	require.Equal(t, 6*time.Minute, left(0.1, searched.PartFuzz))
	require.Equal(t, time.Hour, left(1))
}

// Whatever the tests of the source have for the fuzzer is a target; what hidden folders hold is not.
func TestEachFuzzTargetIsFound(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":           "module ipwsim\n",
		"core/a_test.go":   "package core\n\nfunc FuzzA(f *testing.F) {}\n\nfunc TestA(t *testing.T) {}\n\nfunc FuzzB(f *testing.F) {}\n",
		"core/a.go":        "package core\n\nfunc FuzzC() {}\n",
		"sim/x/x_test.go":  "package x\n\nfunc FuzzX(f *testing.F) {}\n",
		".old/a/a_test.go": "package a\n\nfunc FuzzOld(f *testing.F) {}\n",
	} {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	t.Chdir(filepath.Join(dir, "sim"))
	s, err := FindSource()
	require.NoError(t, err)
	require.Equal(t, []Target{{"./core", "FuzzA"}, {"./core", "FuzzB"}, {"./sim/x", "FuzzX"}}, s.Targets)
}

// The targets of the watcher come first each night, the others in another order.
func TestTheWatcherIsFuzzedFirst(t *testing.T) {
	s := Source{Targets: []Target{{"./sim/x", "A"}, {"./core", "B"}, {"./sim/x", "C"}, {"./core/table", "D"}, {"./coreless", "E"}, {"./sim/y", "F"}}}
	for seed := range uint64(9) {
		order := s.order(seed)
		require.Equal(t, []Target{{"./core", "B"}, {"./core/table", "D"}}, order[:2])
		require.ElementsMatch(t, s.Targets, order)
	}
	require.NotEqual(t, s.order(1), s.order(2))
}

// What lasts as long as the program with the bugs is built is searched, and no shard of it is given up.
func TestThereIsASearchWhileTheProgramIsBuilt(t *testing.T) {
	n := nightIn(t, t.TempDir(), plan, new(atomic.Int32))
	searchedSome := make(chan struct{})
	n.Shards, n.NoBugs, n.Bugs = 12, nil, []Bug{{Bug: searched.Bug{Name: "a"}, Env: "BUG=dies"}}
	n.Build = func(_ context.Context, out string) error {
		<-searchedSome
		return os.WriteFile(out, []byte(worker), 0o755)
	}
	var parts []string
	var once sync.Once
	n.Progress = func(s Status) {
		if len(parts) == 0 || parts[len(parts)-1] != s.Part {
			parts = append(parts, s.Part)
		}
		if s.Part == "part.search" {
			once.Do(func() { close(searchedSome) })
		}
	}
	out := told(t, n)
	require.Equal(t, []string{"part.scenario", "part.search", "part.bug", "part.search"}, slices.DeleteFunc(parts, func(p string) bool { return p == "part.build" }))
	require.Equal(t, 24, out.Search.Cases)
	require.True(t, out.Bugs[0].Caught)
}

// In whatever part a night is interrupted, and has its last line cut off, it goes on to what it would have been.
func TestANightGoesOnInAnyPart(t *testing.T) {
	t.Setenv("STORY", "passes")
	full := func(dir string) *Night {
		n := nightIn(t, dir, plan, new(atomic.Int32))
		n.NoBugs = nil
		for _, env := range []string{"dies", "fails", "nothing"} {
			n.Bugs = append(n.Bugs, Bug{Bug: searched.Bug{Name: env}, Env: "BUG=" + env})
		}
		n.Build = func(_ context.Context, out string) error { return os.WriteFile(out, []byte(worker), 0o755) }
		n.Fails = func(context.Context, bugs.Story) (bool, error) { return false, nil }
		n.Explore = []Job[searched.Explored]{{"e", func(context.Context) (searched.Explored, error) { return searched.Explored{States: 7}, nil }}}
		n.Benches = []Job[searched.Bench]{{"b", func(context.Context) (searched.Bench, error) { return searched.Bench{Floor: 1}, nil }}}
		return n
	}
	end := func(dir string) *searched.Night {
		out := told(t, full(dir))
		for i := range out.Bugs {
			out.Bugs[i].Took = 0
		}
		return out
	}
	whole := end(t.TempDir())
	dir := t.TempDir()
	for _, part := range []string{"part.scenario", "part.explore", "part.bench", "part.bug", "part.search", "part.search"} {
		n := full(dir)
		ctx, cancel := context.WithCancel(t.Context())
		n.Progress = func(s Status) {
			if s.Part == part {
				cancel()
			}
		}
		_, err := n.Run(ctx)
		require.ErrorIs(t, err, context.Canceled, part)
		require.NoError(t, n.Close())
		log := filepath.Join(dir, LogFile)
		text, err := os.ReadFile(log)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(log, text[:max(0, len(text)-30)], 0o666))
	}
	require.Equal(t, whole, end(dir))
}

// What several machines do of a night is put together: each shard once, whoever did it.
func TestMachinesShareANight(t *testing.T) {
	var runs atomic.Int32
	whole := told(t, nightIn(t, t.TempDir(), plan, &runs))
	dir := t.TempDir()
	for i := range 2 {
		n := nightIn(t, ShardDir(dir, i+1, 3), plan, &runs)
		n.Scenarios, n.Skip = nil, func(shard int) bool { return shard%3 != i }
		require.Equal(t, 4, told(t, n).Search.Cases)
	}
	busy, err := Open(ShardDir(dir, 2, 3), plan, true)
	require.NoError(t, err)
	_, err = Open(dir, plan, true)
	require.ErrorContains(t, err, "another process is at work there")
	require.NoError(t, busy.Close())
	require.Equal(t, whole, told(t, nightIn(t, dir, plan, &runs)))

	other := plan
	other.Seed++
	require.NoError(t, disk.WriteBytes(filepath.Join(dir, ResultFile), []byte("{}")))
	f, err := Open(dir, other, true)
	require.NoError(t, err)
	require.Empty(t, f.done, "the next night has nothing of the last")
	require.NoError(t, f.Close())
	require.NoError(t, os.MkdirAll(ShardDir(dir, 1, 1), 0o777))
	f, err = Open(ShardDir(dir, 1, 1), plan, true)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	_, err = Open(dir, other, true)
	require.ErrorContains(t, err, "of another seed")
}
