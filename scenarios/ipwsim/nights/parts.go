package nights

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/reports/words"
	"ipwsim/scenarios"
	"ipwsim/scenarios/bugs"
	"ipwsim/scenarios/explore"
	"ipwsim/scenarios/history"
	"ipwsim/scenarios/ipwsim/lookup"
	"ipwsim/scenarios/ipwsim/runs"
	"ipwsim/scenarios/night"
	"ipwsim/scenarios/script"
	"ipwsim/scenarios/search"
	"ipwsim/sim/cluster"
	"ipwsim/sim/finding"
	"ipwsim/sim/searched"
	"ipwsim/sim/world"
)

// taskOf is what the shards of a plan have in common.
func taskOf(p night.Plan) search.Task {
	return search.Task{Seed: p.Seed, Cases: p.Cases, Cluster: p.Cluster}
}

// scenarioJobs run the shipped scenarios.
func scenarioJobs() (all []night.Job[searched.Scenario], err error) {
	sources, err := runs.Shipped()
	for _, src := range sources {
		all = append(all, night.Job[searched.Scenario]{Name: src.Script.Name, Do: func(ctx context.Context) (searched.Scenario, error) {
			r, err := src.Run(ctx)
			if err != nil && ctx.Err() == nil {
				why := finding.Phrase{En: words.English.Error(err), Ja: words.Japanese.Error(err)}
				return searched.Scenario{Name: src.Script.Name, Title: src.Script.Title, Outcome: finding.Bad, Reasons: []finding.Phrase{why}}, nil
			}
			if err != nil {
				return searched.Scenario{}, err
			}
			return scenarioOf(r), nil
		}})
	}
	return all, err
}

func scenarioOf(r *finding.Run) searched.Scenario {
	s := searched.Scenario{Name: r.Scenario, Title: r.Title, Outcome: r.Outcome()}
	for _, o := range r.Objections() {
		s.Reasons = append(s.Reasons, finding.Phrase{
			En: words.Teller{Lang: words.English, Facts: r.Facts}.Objection(o), Ja: words.Teller{Lang: words.Japanese, Facts: r.Facts}.Objection(o),
		})
	}
	return s
}

// benched are scenarios whose whole run is held against a bare world of the same cluster and length.
var benched = []string{"cable-pull", "l3-offices", "mail-step-15"}

// benchRuns is how often each side runs, unless that takes longer than benchTime; the fastest counts.
const (
	benchRuns = 20
	benchTime = time.Second
)

func benchJobs() (all []night.Job[searched.Bench]) {
	for _, name := range benched {
		all = append(all, night.Job[searched.Bench]{Name: name, Do: func(ctx context.Context) (searched.Bench, error) { return bench(ctx, name) }})
	}
	return all
}

func bench(ctx context.Context, name string) (b searched.Bench, err error) {
	b = searched.Bench{Name: name}
	data, err := scenarios.Read(name)
	if err != nil {
		return b, err
	}
	s, problems := script.Parse(name+".txtar", data)
	if err := problems.Err(); err != nil {
		return b, err
	}
	files, err := fs.Sub(scenarios.Clusters(), s.Cluster)
	if err != nil {
		return b, err
	}
	bp, problems := cluster.Load(cluster.Overlay(files, s.Files), ".")
	if bp == nil {
		return b, problems.Err()
	}
	whole := func() error { _, err := script.Run(ctx, s, script.Options{Cluster: lookup.Finder{}.Find}); return err }
	bare := func() error {
		w := world.New(bp, world.Options{Scenario: name, Seed: 1})
		defer w.Close()
		w.Settle()
		w.RunUntil(s.EndsAt())
		return w.Err()
	}
	started := time.Now()
	for i := 0; i < benchRuns && (i == 0 || time.Since(started) < benchTime); i++ {
		for _, side := range []struct {
			best *time.Duration
			do   func() error
		}{{&b.Time, whole}, {&b.Floor, bare}} {
			begun := time.Now()
			if err := side.do(); err != nil {
				return b, err
			}
			if took := time.Since(begun); *side.best == 0 || took < *side.best {
				*side.best = took
			}
		}
	}
	return b, nil
}

// explored are clusters of the guide's two nodes that a night follows all ways of, and how many departures far. Its
// result is the same each night, but for a watcher that was changed.
var explored = []struct{ interval, timeout, vips, departures int }{
	{30, 3, 1, 2}, {10, 3, 1, 2}, {5, 7, 1, 2}, {10, 3, 2, 1},
}

// exploredLong are those of a long night, which has the half minute and the 500 MB for each.
var exploredLong = []struct{ interval, timeout, vips, departures int }{{10, 3, 1, 3}, {10, 3, 2, 2}}

// longNight is how long one is at least.
const longNight = 30 * time.Minute

func exploreJobs(length time.Duration) (jobs []night.Job[searched.Explored]) {
	all := explored
	if length >= longNight {
		all = append(slices.Clone(all), exploredLong...)
	}
	for _, x := range all {
		f := exploreFlags{depth: x.departures, interval: x.interval, timeout: x.timeout, cycle: 60, vips: x.vips, balance: "0,1", netsh: "1s"}
		name := fmt.Sprintf("interval %d, ping-timeout %d, vips %d, depth %d", x.interval, x.timeout, x.vips, x.departures)
		jobs = append(jobs, night.Job[searched.Explored]{Name: name, Do: func(ctx context.Context) (searched.Explored, error) { return f.explored(ctx, name) }})
	}
	return jobs
}

// explored explores what the flags say, for a night.
func (f *exploreFlags) explored(ctx context.Context, name string) (e searched.Explored, err error) {
	one, err := f.cluster()
	if err != nil {
		return e, err
	}
	got, err := explore.Explore(ctx, one, explore.Bound{Departures: f.depth})
	if err != nil {
		return e, err
	}
	if ctx.Err() != nil {
		return e, ctx.Err()
	}
	e = searched.Explored{
		Name: name, Interval: one.Nodes[0].Interval, PingTimeout: one.Nodes[0].PingTimeout, VIPs: one.VIPs,
		Departures: got.Departures, States: got.States, Transitions: got.Transitions, Complete: got.Complete,
		Rerun: fmt.Sprintf("ipwsim explore --interval %d --ping-timeout %d --vips %d --depth %d", f.interval, f.timeout, f.vips, f.depth),
	}
	if b := got.Broken; b != nil {
		e.Complete = true // what breaks is decided
		e.Rule, e.Title, e.After, e.At = b.Rule, b.What.Phrase(), len(b.Trail), b.At
		e.Text = string(b.Scenario(one))
	}
	return e, nil
}

// knownBugs are the bugs that a search must find, with the cases that each took in the latest of these nights, and how a
// program is built that has them.
func knownBugs(nights []history.Night) (all []night.Bug, build func(ctx context.Context, out string) error, err error) {
	root, err := bugs.Root()
	if err != nil {
		return nil, nil, diag.Errorf("known bugs are not tried: %w", err)
	}
	needed := map[string]int{}
	for _, n := range nights { // by date
		for _, b := range n.Bugs {
			needed[b.Name] = int(b.Cases)
		}
	}
	for _, b := range bugs.All() {
		title := finding.Phrase{En: b.English, Ja: b.Japanese}
		all = append(all, night.Bug{Bug: searched.Bug{Name: b.Name, Kind: string(b.Kind), Title: title}, Env: b.Env(), Number: b.Number(), Needed: needed[b.Name]})
	}
	return all, func(ctx context.Context, out string) error { return buildBugs(ctx, root, out) }, nil
}

// buildBugs builds the program with the known bugs. It is built where what can be made again is kept: of one that is there
// already, of the same source, nothing is built. One night builds there at a time, and the copy is the night's own.
func buildBugs(ctx context.Context, root, out string) error {
	cache, err := os.UserCacheDir()
	if err != nil {
		return bugs.Build(ctx, root, out)
	}
	name := "known-bugs-" + disk.Sum([]byte(root))[:16]
	kept := filepath.Join(cache, "ipwsim", name)
	if os.MkdirAll(filepath.Dir(kept), 0o777) != nil { // nothing is kept for this user
		return bugs.Build(ctx, root, out)
	}
	lock, _, err := disk.OpenLog(filepath.Join(cache, "ipwsim", name+".lock"))
	if err != nil { // another night builds there
		return bugs.Build(ctx, root, out)
	}
	defer lock.Close()
	if err := bugs.Build(ctx, root, kept); err != nil {
		return err
	}
	data, err := disk.Read(kept, disk.MostResult)
	if err == nil {
		err = disk.WriteBytes(out, data)
	}
	if err != nil {
		return err
	}
	return os.Chmod(out, 0o755)
}

// fails says whether a story of the search fails here by the same. What else it fails by is no matter: it was made small
// with a bug at hand.
func fails(ctx context.Context, story bugs.Story) (bool, error) {
	s, problems := script.Parse("story.txtar", []byte(story.Text))
	if err := problems.Err(); err != nil {
		return false, err
	}
	r, err := script.Run(ctx, s, script.Options{Cluster: lookup.Finder{}.Find})
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(r.Objections(), func(o finding.Objection) bool {
		return o.Result != nil && o.Result.ID == story.By || o.Result == nil && story.By == ""
	}), nil
}
