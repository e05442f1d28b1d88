package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/reports/term"
	"ipwsim/scenarios"
	"ipwsim/scenarios/study"
	"ipwsim/sim/cluster"
	"ipwsim/sim/studied"
)

// studyFlags are the flags of `ipwsim study` that make a plan, and where it goes.
type studyFlags struct {
	draft   *study.Draft
	axes    map[string]*string // those with a flag of their own, by name
	more    []string           // --axis
	out     string
	workers int
	lang    *langFlag
	json    bool
	answers answerFlags
}

func studyCommand(lang *langFlag) *cobra.Command {
	f := &studyFlags{draft: study.NewDraft(), lang: lang}
	c := &cobra.Command{
		Use:   "study [flags] [FILE.toml|NAME] -o DIR",
		Short: "How long clients wait, by settings: thousands of runs",
		Long:  studyLong(),
		Example: `  ipwsim study --interval 5,10,20,30,60 --ping-timeout 1,2,3,5 -o study
  ipwsim study --cluster DIR --client ad-pc --loss 0,1% --precision 0.2s -o DIR
  ipwsim study --interval 10..60/10 --axis client.profile=linux,ad-client -o DIR
  ipwsim study plan.toml -o study
  ipwsim study field                   the shipped studies of the field: tables
  ipwsim study --interval 5,10,30 --want "p99 failover < 20s" -o study
  ipwsim study show study --cell 3 --worst
  ipwsim help study columns     what is in rows.parquet and rows.csv`,
		Args: arguments(0, 1),
		RunE: func(c *cobra.Command, args []string) error { return runStudy(c, args, *f) },
	}
	f.register(c)
	f.answers.register(c)
	c.AddCommand(studyRunCommand(lang), studyMergeCommand(lang), studyShowCommand(lang), studyColumns(lang))
	return c
}

func studyLong() string {
	var axes strings.Builder
	if err := study.Manual(&axes); err != nil {
		return err.Error()
	}
	return `study runs every combination of the settings many times, with the same seeds in
each: the VIP's holder is lost at a random phase and comes back after another
node has taken over. It prints how long the client that fares worst waits, and
writes each run into DIR. An interrupted study goes on when the command is given
again.

A setting varies over values parted by commas; from..to/step is a range. A study
can be a file, with the same names:

  cluster = "our-cluster"
  client = "ad-pc"         # whose waits count; left out: whoever fares worst
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

with
` + strings.Join(term.Wrap(study.WantManual(), 80), "\n") + `.
It is confirmed with fresh seeds and held against the cluster as it is.

A study of one run a cell is a table: it needs no -o, and says nothing of
chance.

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
	fl.StringVar(&f.draft.Client, "client", "", "`NAME` of the client; else whoever fares worst")
	fl.StringVar(&f.draft.VIP, "vip", "", "`ADDRESS` of the VIP; else the worst")
	fl.IntVar(&f.draft.Runs, "runs", 0, fmt.Sprintf("runs `N` of a cell; %d, with --precision %d", study.DefaultRuns, study.DefaultLeast))
	fl.StringVar(&f.draft.Precision, "precision", "", "more runs until the median is known to `TIME`")
	fl.IntVar(&f.draft.MaxRuns, "max-runs", 0, fmt.Sprintf("with --precision, at most `N` runs; %d", study.DefaultMaxRuns))
	fl.Uint64Var(&f.draft.Seed, "seed", study.DefaultSeed, "base seed `N`")
	fl.StringVar(&f.draft.Phase, "phase", "", "`TIME` from start to fault; else another in each run")
	fl.StringVar(&f.draft.Horizon, "horizon", "", "wait so long for an answer; `TIME`, by the cell")
	fl.BoolVar(&f.draft.FailoverOnly, "failover-only", false, "no failback, in two thirds of the time")
	fl.StringVarP(&f.out, "output", "o", "", "write the study into this `DIR`")
	fl.IntVar(&f.workers, "workers", runtime.GOMAXPROCS(0), "worker processes `N`; 1: none")
	fl.BoolVar(&f.json, "json", false, "print JSON instead of text: summary.json")
}

// planned is a plan with the folder that it goes to; "" for none.
type planned struct {
	*study.Plan
	dir string
}

// plans reads the plan of the command line, of the file, or those of a shipped study, in which case each has a folder
// of its own.
func (f studyFlags) plans(c *cobra.Command, args []string) ([]planned, error) {
	if len(args) == 0 {
		p, err := f.byFlags(c)
		return []planned{{p, f.out}}, err
	}
	if other := f.planFlags(c); len(other) > 0 {
		return nil, diag.Errorf("found %s beside %s, expected flags or a file", strings.Join(other, ", "), args[0])
	}
	if info, err := os.Stat(args[0]); err == nil && info.IsDir() {
		return nil, diag.Errorf("found folder %s, expected a study's file; `ipwsim study show %s --cell 0 --worst` shows a run of a study that is there, and index.html in it is its page", args[0], quoted(args[0]))
	}
	data, err := disk.Read(args[0], disk.MostPlan)
	if errors.Is(err, fs.ErrNotExist) {
		if names := scenarios.Studies(args[0]); len(names) > 0 {
			return shippedStudies(names, f.out)
		}
		return nil, diag.Errorf("no file or shipped study is called %q; shipped are %s", args[0], strings.Join(scenarios.Studies(""), ", "))
	}
	if err != nil {
		return nil, err
	}
	p, err := planOfFile(f.warner(c), args[0], data, filepath.Dir(args[0]), nil)
	return []planned{{p, f.out}}, err
}

// shippedStudies are the plans of shipped studies.
func shippedStudies(names []string, out string) (all []planned, err error) {
	for _, name := range names {
		data, err := scenarios.ReadStudy(name)
		if err != nil {
			return nil, err
		}
		dir := out
		if out != "" && len(names) > 1 {
			dir = filepath.Join(out, name)
		}
		p, err := planOfFile(unheard, name+".toml", data, "", nil)
		if err != nil {
			return nil, err
		}
		all = append(all, planned{p, dir})
	}
	return all, nil
}

// planOfFile is the plan in a file. change, which may be nil, changes it before it is checked.
func planOfFile(warn warner, name string, data []byte, base string, change func(*study.Draft)) (*study.Plan, error) {
	d, problems := study.ParseFile(name, data)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	if change != nil {
		change(d)
	}
	return planOn(warn, d, d.Cluster, base)
}

func (f studyFlags) byFlags(c *cobra.Command) (*study.Plan, error) {
	d := f.draft
	if err := f.addAxes(c, d); err != nil {
		return nil, err
	}
	for name, n := range map[string]*int{"runs": &d.Runs, "max-runs": &d.MaxRuns} {
		if !c.Flags().Changed(name) {
			*n = study.LeftOut
		}
	}
	return planOn(f.warner(c), d, d.Cluster, "")
}

// warner takes warnings about files.
type warner func(diag.Problem)

// unheard are warnings of files that are known.
func unheard(diag.Problem) {}

// warner prints warnings beside the output.
func (f studyFlags) warner(c *cobra.Command) warner {
	return func(p diag.Problem) { fmt.Fprintln(c.ErrOrStderr(), f.lang.Located(p)) }
}

// planOn is the draft on a cluster.
func planOn(warn warner, d *study.Draft, name, base string) (*study.Plan, error) {
	bp, problems := loadStudyCluster(name, base)
	if bp == nil {
		return nil, problems.Err()
	}
	for _, p := range problems {
		warn(p)
	}
	p, problems := d.Plan(bp)
	return p, problems.Err()
}

// planFlags are the flags given that a file has instead.
func (f studyFlags) planFlags(c *cobra.Command) (given []string) {
	names := []string{"axis", "cluster", "client", "vip", "runs", "precision", "max-runs", "seed", "phase", "horizon", "failover-only"}
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

// loadStudyCluster loads a cluster's folder, which may be beside the study's file, or a shipped cluster.
func loadStudyCluster(name, base string) (*cluster.Blueprint, diag.List) {
	if name == "" {
		name = "guide"
	}
	path := name
	if base != "" && !filepath.IsAbs(name) {
		path = filepath.Join(base, name)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if _, shipped := fs.Stat(scenarios.Clusters(), name); shipped == nil {
			return cluster.Load(scenarios.Clusters(), name)
		}
	}
	fsys, err := folder(path)
	if err != nil {
		return nil, diag.Of(err)
	}
	bp, problems := cluster.Load(fsys, ".")
	return bp, below(path, problems)
}

func runStudy(c *cobra.Command, args []string, f studyFlags) error {
	plans, err := f.plans(c, args)
	if err != nil {
		return err
	}
	return f.runAll(c, plans)
}

// runAll runs the plans one after the other, and prints and writes what they say.
func (f studyFlags) runAll(c *cobra.Command, plans []planned) error {
	if err := f.check(plans); err != nil {
		return err
	}
	if err := free(studyFolders(plans)...); err != nil {
		return err
	}
	var all []*studied.Answers
	err := withWorkers(f.workers, func(opt study.Options) error {
		for i, p := range plans {
			if i > 0 && !f.json {
				fmt.Fprintln(c.OutOrStdout())
			}
			bar := newRunBar(c.ErrOrStderr(), f.lang.Lang)
			opt.Progress = bar.show
			rows, err := p.Execute(c.Context(), p.dir, opt)
			bar.end()
			if err != nil {
				return goesOn(err, p.dir)
			}
			a, err := f.finish(c, p, rows, opt)
			if err != nil {
				return err
			}
			all = append(all, a)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return f.printJSON(c.OutOrStdout(), all)
}

// check sees that there is where to write.
func (f studyFlags) check(plans []planned) error {
	for _, p := range plans {
		if p.dir == "" && !p.Table() {
			return diag.Errorf("found no -o DIR, expected the folder for the study's files")
		}
	}
	_, err := f.answers.promise()
	return err
}

// goesOn says of an interrupt that nothing is lost.
func goesOn(err error, out string) error {
	if errors.Is(err, context.Canceled) && out != "" {
		return diag.Errorf("interrupted: what was run is in %s; the same command goes on from there", out)
	}
	return err
}
