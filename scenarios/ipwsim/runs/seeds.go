package runs

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/reports/exchange"
	"ipwsim/reports/studypage"
	"ipwsim/reports/studytext"
	"ipwsim/reports/words"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/seeds"
	"ipwsim/sim/finding"
	"ipwsim/sim/studied"
	"ipwsim/sim/trace"
)

// Seeders run a scenario under many seeds.
var Seeders = cli.Trade{Name: "seeds", Serve: seeds.Serve}

// ofOneRun are the flags of `ipwsim run` that mean nothing with many seeds.
var ofOneRun = []string{"seed", "save", "pcap", "files", "hash", "perfetto", "annotations", "pages"}

// checkSeeds reads --seeds, and demands flags that make sense with it.
func (f *runFlags) checkSeeds(fl *pflag.FlagSet) (err error) {
	if !fl.Changed("seeds") {
		if fl.Changed("workers") {
			return diag.Errorf("--workers: found no --seeds, expected it: each scenario runs once")
		}
		return nil
	}
	for _, name := range ofOneRun {
		if fl.Changed(name) {
			return diag.Errorf("--%s: found --seeds too, expected one of them: it is for one run of a scenario", name)
		}
	}
	if f.set, err = seeds.Parse(f.seeds); err != nil {
		return diag.Errorf("--seeds: %w", err)
	}
	return nil
}

// runSeeds runs each scenario under all seeds.
func runSeeds(c *cobra.Command, sources []Source, f runFlags) error {
	bar := newSeedBar(c.ErrOrStderr(), f.lang.Lang, len(sources)*len(f.set.All))
	all, runErr := seedsOf(c.Context(), sources, f, bar.show)
	bar.End()
	if len(all) == 0 {
		return runErr
	}
	if err := errors.Join(writeSeeds(c.OutOrStdout(), all, f.outputs), warnSeeds(c.ErrOrStderr(), all, f.lang), runErr); err != nil {
		return err
	}
	for _, s := range all {
		if !s.Good() {
			return cli.ErrFindings
		}
	}
	return nil
}

// seedsOf is what came of the scenarios. One that cannot run keeps no other from running, but an interrupt does. show is
// told how many seeds are done.
func seedsOf(ctx context.Context, sources []Source, f runFlags, show func(done int)) (all []*studied.Seeds, err error) {
	opt := seeds.Options{Workers: f.workers}
	if f.workers > 1 {
		if opt.Crew, err = Seeders.Hire(f.workers); err != nil {
			return nil, err
		}
		defer opt.Crew.Close()
	}
	for i, src := range sources {
		opt.Progress = func(done int) { show(i*len(f.set.All) + done) }
		s, failed := seeds.Run(ctx, src.seeded(f.cluster), f.set, opt)
		if s != nil {
			s.Program, s.Problems = cli.Program(), append(append(s.Problems[:0:0], src.warnings...), s.Problems...)
			all = append(all, s)
		}
		if err = errors.Join(err, failed); ctx.Err() != nil {
			break
		}
	}
	return all, err
}

// Seeds is what comes of the scenario under all these seeds, on the cluster in the folder; "" for its own.
func (s Source) Seeds(ctx context.Context, cluster string, set seeds.Set, workers int) (*studied.Seeds, error) {
	all, err := seedsOf(ctx, []Source{s}, runFlags{cluster: cluster, set: set, workers: workers}, func(int) {})
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// seeded is the scenario as many seeds need it.
func (s Source) seeded(cluster string) seeds.Scenario {
	return seeds.Scenario{Script: s.Script, Data: s.data, Find: s.find, Folder: cluster, Rerun: func(seed uint64) string {
		return rerun(s.arg, cluster, &finding.Run{Played: finding.Played{Seed: seed, Trace: &trace.Trace{}}})
	}}
}

// writeSeeds prints the report and writes the files.
func writeSeeds(w io.Writer, all []*studied.Seeds, o outputs) (err error) {
	if o.json {
		err = exchange.SeedsJSON(w, all)
	} else {
		opt := o.lang.Page(w)
		opt.Full = o.full
		err = studytext.Seeds(w, all, opt)
	}
	for _, file := range []struct {
		path  string
		write func(io.Writer) error
	}{
		{o.junit, func(w io.Writer) error { return exchange.SeedsJUnit(w, all) }},
		{o.html, func(w io.Writer) error { return studypage.Seeds(w, all, o.lang.Lang) }},
	} {
		if file.path != "" {
			err = errors.Join(err, disk.Write(file.path, file.write))
		}
	}
	return err
}

// warnSeeds prints the problems of the files, which the reports have no room for, each once.
func warnSeeds(w io.Writer, all []*studied.Seeds, lang *cli.Lang) error {
	var runs []*finding.Run
	for _, s := range all {
		runs = append(runs, &finding.Run{Scenario: s.Scenario, Problems: s.Problems})
	}
	return warn(w, runs, lang)
}

// seedBar says how many seeds are done, how fast, and when they all are.
type seedBar struct {
	cli.Meter
	total int
}

func newSeedBar(w io.Writer, lang words.Lang, total int) *seedBar {
	return &seedBar{cli.NewMeter(w, lang), total}
}

func (b *seedBar) show(done int) {
	b.Tell(func(took time.Duration) string {
		rate, left := cli.RateOf(done, b.total-done, took)
		return b.Say("progress.seeds", done, b.total, rate, left)
	})
}
