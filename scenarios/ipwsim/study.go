package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/scenarios"
	"ipwsim/scenarios/study"
	"ipwsim/sim/cluster"
)

// studyFlags are the flags of `ipwsim study` that make a plan, and where it goes.
type studyFlags struct {
	draft   *study.Draft
	axes    map[string]*string // those with a flag of their own, by name
	more    []string           // --axis
	out     string
	workers int
	answers answerFlags
}

func studyCommand() *cobra.Command {
	f := &studyFlags{draft: study.NewDraft()}
	c := &cobra.Command{
		Use:   "study [flags] [FILE.toml] -o DIR",
		Short: "How long clients wait, by settings: thousands of runs",
		Long:  studyLong(),
		Example: `  ipwsim study --interval 5,10,20,30,60 --ping-timeout 1,2,3,5 -o study
  ipwsim study --cluster DIR --loss 0,1%,5% --precision 0.2s -o study
  ipwsim study --interval 10..60/10 --axis client.profile=linux,ad-client -o DIR
  ipwsim study plan.toml -o study
  ipwsim study --interval 5,10,30 --want "p99 failover < 20s" -o study
  ipwsim study show study --cell 3 --worst
  ipwsim help study columns     what is in rows.parquet and rows.csv`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return runStudy(c, args, *f) },
	}
	f.register(c)
	f.answers.register(c)
	c.AddCommand(studyRunCommand(), studyMergeCommand(), studyShowCommand(), studyColumns())
	return c
}

func studyLong() string {
	var axes strings.Builder
	if err := study.Manual(&axes); err != nil {
		return err.Error()
	}
	return `study runs every combination of the settings many times, with the same seeds in
each: the VIP's holder is lost at a random phase and comes back after another
node has taken over. It prints how long a client waits, and writes each run into
DIR. An interrupted study goes on when the command is given again.

A setting varies over values parted by commas; from..to/step is a range. A study
can be a file, with the same names:

  cluster = "our-cluster"
  runs = 1000              # or precision = "0.2s"
  seed = 1
  [[axis]]
  name = "interval"
  values = "5,10,20..60/20"

What can vary, as --axis NAME=VALUES:
` + axes.String() + `
Then come confidence intervals, false take-overs and outage a year, the worst
case of each cell, and the frontier between outage and false take-overs. --want
finds the fastest setting that keeps a promise, such as

  p99 failover < 20s, false < 1/year

with ` + study.WantManual() + `.
It is confirmed with fresh seeds and held against the cluster as it is.

Exit status: 0 it ran, 2 it could not.`
}

// flagAxes are the axes that have a flag of their own.
var flagAxes = []struct{ name, usage string }{
	{"interval", "Interval of both nodes: `VALUES`, in seconds"},
	{"ping-timeout", "PingTimeout of both nodes, `VALUES` in seconds"},
	{"release-time", "ReleaseTime of both nodes, `VALUES` in intervals"},
	{"loss", "frames every cable loses: `VALUES`, as 1%"},
	{"netsh", "what netsh takes, `VALUES` as 0.2s..1s"},
	{"profile", "Windows version of both nodes, `VALUES` as srv-2008"},
	{"fault", "`VALUES` of unplug, shutdown, power, freeze"},
}

func (f *studyFlags) register(c *cobra.Command) {
	f.axes = map[string]*string{}
	fl := c.Flags()
	for _, a := range flagAxes {
		f.axes[a.name] = fl.String(a.name, "", a.usage)
	}
	fl.StringArrayVar(&f.more, "axis", nil, "any other setting, `NAME=VALUES`; repeatable")
	fl.StringVar(&f.draft.Cluster, "cluster", "", "the cluster in this `DIR`; the guide's if left out")
	fl.IntVar(&f.draft.Runs, "runs", 0, fmt.Sprintf("runs `N` of a cell; %d, with --precision %d", study.DefaultRuns, study.DefaultLeast))
	fl.StringVar(&f.draft.Precision, "precision", "", "more runs until the median is known to `TIME`")
	fl.IntVar(&f.draft.MaxRuns, "max-runs", 0, fmt.Sprintf("with --precision, at most `N` runs; %d", study.DefaultMaxRuns))
	fl.Uint64Var(&f.draft.Seed, "seed", study.DefaultSeed, "base seed `N`")
	fl.StringVar(&f.draft.Horizon, "horizon", "", "wait so long for an answer; `TIME`, by the cell")
	fl.BoolVar(&f.draft.FailoverOnly, "failover-only", false, "no failback, in two thirds of the time")
	fl.StringVarP(&f.out, "output", "o", "", "write the study into this `DIR`")
	fl.IntVar(&f.workers, "workers", runtime.GOMAXPROCS(0), "worlds `N` at a time")
}

// plan reads the plan of the command line or of the file.
func (f studyFlags) plan(c *cobra.Command, args []string) (*study.Plan, error) {
	d := f.draft
	base := ""
	if len(args) == 1 {
		if other := f.planFlags(c); len(other) > 0 {
			return nil, fmt.Errorf("found %s beside %s, expected flags or a file", strings.Join(other, ", "), args[0])
		}
		data, err := os.ReadFile(args[0])
		if err != nil {
			return nil, err
		}
		read, problems := study.ParseFile(args[0], data)
		if err := problems.Err(); err != nil {
			return nil, err
		}
		d, base = read, filepath.Dir(args[0])
	} else if err := f.addAxes(c, d); err != nil {
		return nil, err
	}
	for name, n := range map[string]*int{"runs": &d.Runs, "max-runs": &d.MaxRuns} {
		if len(args) == 0 && !c.Flags().Changed(name) {
			*n = study.LeftOut
		}
	}
	bp, problems := loadStudyCluster(d.Cluster, base)
	if bp == nil {
		return nil, problems.Err()
	}
	for _, p := range problems {
		fmt.Fprintln(c.ErrOrStderr(), p)
	}
	p, problems := d.Plan(bp)
	return p, problems.Err()
}

// planFlags are the flags given that a file has instead.
func (f studyFlags) planFlags(c *cobra.Command) (given []string) {
	names := []string{"axis", "cluster", "runs", "precision", "max-runs", "seed", "horizon", "failover-only"}
	for _, a := range flagAxes {
		names = append(names, a.name)
	}
	for _, name := range names {
		if c.Flags().Changed(name) {
			given = append(given, "--"+name)
		}
	}
	return given
}

func (f studyFlags) addAxes(c *cobra.Command, d *study.Draft) error {
	for _, a := range flagAxes {
		if c.Flags().Changed(a.name) {
			d.Add(a.name, *f.axes[a.name])
		}
	}
	var problems diag.List
	for _, text := range f.more {
		name, values, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			problems.Errorf("", 0, "--axis: found %q, expected NAME=VALUES, as client.profile=linux,ad-client", text)
		}
		d.Add(name, values)
	}
	return problems.Err()
}

// loadStudyCluster loads a cluster's folder, which may be beside the study's file.
func loadStudyCluster(name, base string) (*cluster.Blueprint, diag.List) {
	if name == "" {
		return cluster.Load(scenarios.Clusters(), "guide")
	}
	if base != "" && !filepath.IsAbs(name) {
		name = filepath.Join(base, name)
	}
	var fsys fs.FS
	fsys, err := folder(name)
	if err != nil {
		return nil, diag.Of(err)
	}
	return cluster.Load(fsys, ".")
}

func runStudy(c *cobra.Command, args []string, f studyFlags) error {
	p, err := f.plan(c, args)
	if err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	bar := newRunBar(c.ErrOrStderr())
	rows, err := p.Execute(c.Context(), f.out, study.Options{Workers: f.workers, Progress: bar.show})
	bar.end()
	if err != nil {
		return goesOn(err, f.out)
	}
	return f.finish(c, p, rows)
}

func (f studyFlags) finish(c *cobra.Command, p *study.Plan, rows []study.Row) error {
	if err := p.Write(f.out, rows); err != nil {
		return err
	}
	if err := p.Summary(c.OutOrStdout(), rows); err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "\n%d runs of %d cells in %s\n", len(rows), len(p.Cells()), f.out)
	return f.answer(c, p, rows)
}

// check sees that there is where to write, and sets the program up for many worlds.
func (f studyFlags) check() error {
	if f.out == "" {
		return errors.New("found no -o DIR, expected the folder for the study's files")
	}
	if f.workers < 1 {
		return fmt.Errorf("--workers: found %d, expected 1 or more", f.workers)
	}
	debug.SetGCPercent(study.GCPercent)
	_, err := f.answers.promise()
	return err
}

func goesOn(err error, out string) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("interrupted: what was run is in %s; the same command goes on from there", out)
	}
	return err
}

func studyRunCommand() *cobra.Command {
	f := studyFlags{draft: study.NewDraft()}
	var text string
	c := &cobra.Command{
		Use:   "run --shard I/N [flags] [FILE.toml] -o DIR",
		Short: "Run one shard of a study",
		Long: `run does the I-th of N parts of a study and writes one file into DIR, under
another name until it is whole. Started again it does nothing when the file is
there, so a scheduler may start, kill and repeat it at will. study merge puts
the parts together. scenarios/study/launch has launchers for GNU parallel, Slurm
and Kubernetes.`,
		Example: "  ipwsim study run --shard 3/8 plan.toml -o shards",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			p, err := f.plan(c, args)
			if err != nil {
				return err
			}
			shard, err := study.ParseShard(text)
			if err != nil {
				return fmt.Errorf("--shard: %w", err)
			}
			if err := f.check(); err != nil {
				return err
			}
			bar := newRunBar(c.ErrOrStderr())
			defer bar.end()
			err = p.RunShard(c.Context(), f.out, shard, study.Options{Workers: f.workers, Progress: bar.show})
			if errors.Is(err, context.Canceled) {
				return fmt.Errorf("interrupted: the shard %s is not written", shard)
			}
			return err
		},
	}
	f.register(c)
	c.Flags().StringVar(&text, "shard", "", "the part `I/N`, from 1/N to N/N")
	return c
}

func studyMergeCommand() *cobra.Command {
	f := &studyFlags{draft: study.NewDraft()}
	var from string
	c := &cobra.Command{
		Use:   "merge --from DIR [flags] [FILE.toml] -o DIR",
		Short: "Put the shards of a study together",
		Long: `merge reads the files of study run, proves that every run of the plan is there
exactly once, and writes what study writes. Otherwise it says what is missing or
twice, and writes nothing.`,
		Example: "  ipwsim study merge --from shards plan.toml -o study",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			p, err := f.plan(c, args)
			if err != nil {
				return err
			}
			if err := f.check(); err != nil {
				return err
			}
			if from == "" {
				return errors.New("found no --from DIR, expected the folder of the shards")
			}
			rows, err := p.Merge(from)
			if err != nil {
				return err
			}
			return f.finish(c, p, rows)
		},
	}
	f.register(c)
	f.answers.register(c)
	c.Flags().StringVar(&from, "from", "", "the shards are in this `DIR`")
	return c
}

// studyColumns is the page `ipwsim help study columns`.
func studyColumns() *cobra.Command {
	c := &cobra.Command{Use: "columns", Short: "What is in rows.parquet and rows.csv"}
	c.SetHelpFunc(func(c *cobra.Command, _ []string) { fmt.Fprint(c.OutOrStdout(), study.Columns()) })
	return c
}
