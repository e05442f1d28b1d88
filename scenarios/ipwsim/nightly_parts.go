package main

import (
	"context"
	"io"
	"io/fs"
	"slices"
	"time"

	"ipwsim/reports/words"
	"ipwsim/scenarios"
	"ipwsim/scenarios/bugs"
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
	sources, _, err := load(nil, runFlags{all: true})
	for i, src := range sources {
		all = append(all, night.Job[searched.Scenario]{Name: src.script.Name, Do: func(ctx context.Context) (searched.Scenario, error) {
			r, err := runOne(ctx, src, runFlags{}, i, true)
			if err != nil && ctx.Err() == nil {
				why := finding.Phrase{En: words.English.Error(err), Ja: words.Japanese.Error(err)}
				return searched.Scenario{Name: src.script.Name, Title: src.script.Title, Outcome: finding.Bad, Reasons: []finding.Phrase{why}}, nil
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
var benched = []string{"cable-pull"}

// benchRuns is how often each side runs; the fastest counts.
const benchRuns = 20

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
	whole := func() error { _, err := script.Run(ctx, s, script.Options{Cluster: finder{}.find}); return err }
	bare := func() error {
		w := world.New(bp, world.Options{Scenario: name, Seed: 1})
		defer w.Close()
		w.Settle()
		w.RunUntil(s.EndsAt())
		return w.Err()
	}
	for range benchRuns {
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

// knownBugs are the bugs that a search must find, and how a program is built that has them.
func knownBugs() (all []night.Bug, build func(ctx context.Context, out string) error, err error) {
	root, err := bugs.Root()
	if err != nil {
		return nil, nil, err
	}
	for _, b := range bugs.All() {
		title := finding.Phrase{En: b.English, Ja: b.Japanese}
		all = append(all, night.Bug{Bug: searched.Bug{Name: b.Name, Kind: string(b.Kind), Title: title}, Env: b.Env()})
	}
	return all, func(ctx context.Context, out string) error { return bugs.Build(ctx, root, out) }, nil
}

// passes says whether a story of the search passes here what it fails by. What else it may fail is no matter: it was made
// small with a bug at hand.
func passes(ctx context.Context, story search.Story) (bool, error) {
	s, problems := script.Parse("story.txtar", []byte(story.Text))
	if err := problems.Err(); err != nil {
		return false, err
	}
	r, err := script.Run(ctx, s, script.Options{Cluster: finder{}.find})
	if err != nil {
		return false, err
	}
	return !slices.ContainsFunc(r.Objections(), func(o finding.Objection) bool {
		return o.Result != nil && o.Result.ID == story.Check || o.Result == nil && story.Check == ""
	}), nil
}

// nightBar says how far a night is.
type nightBar struct {
	meter
	search *searchBar
	part   string // of the line that stands there
}

func newNightBar(w io.Writer, lang words.Lang) *nightBar { return &nightBar{meter: newMeter(w, lang)} }

func (b *nightBar) show(s night.Status) {
	if s.Part != b.part { // a part that has just begun may last
		b.part, b.last = s.Part, time.Time{}
	}
	b.tell(func(time.Duration) string { return b.line(s) })
}

func (b *nightBar) line(s night.Status) string {
	if s.Sum != nil {
		if b.search == nil {
			b.search = &searchBar{meter: meter{Lang: b.Lang, start: time.Now()}, before: s.Before, shards: -1}
		}
		took := time.Since(b.search.start)
		b.search.length = s.Left + took
		return b.search.line(s.Sum, took)
	}
	text := b.Say(s.Part)
	if s.Jobs > 0 {
		text = b.Say(s.Part, s.Done, s.Jobs)
	}
	return b.Say("night.left", text, max(0, s.Left).Round(time.Second))
}
