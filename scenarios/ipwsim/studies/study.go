// Package studies has the commands that run worlds by the thousand: studies of settings, and comparisons by seed.
package studies

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/reports/studytext"
	"ipwsim/reports/term"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/study"
	"ipwsim/sim/studied"
)

// studyFlags are the flags of `ipwsim study` that make a plan, and where it goes.
type studyFlags struct {
	draft   *study.Draft
	axes    map[string]*string // those with a flag of their own, by name
	more    []string           // --axis
	out     string
	workers int
	lang    *cli.Lang
	json    bool
	answers answerFlags
}

// StudyCommand is `ipwsim study`.
func StudyCommand(lang *cli.Lang) *cobra.Command {
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
		Args: cli.Arguments(0, 1),
		RunE: func(c *cobra.Command, args []string) error { return runStudy(c, args, *f) },
	}
	f.register(c)
	f.answers.register(c)
	c.AddCommand(runCommand(lang), mergeCommand(lang), showCommand(lang), columns(lang))
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
	if err := cli.Free(studyFolders(plans)...); err != nil {
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
			bar.End()
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

// columns is the page `ipwsim help study columns`.
func columns(lang *cli.Lang) *cobra.Command {
	c := &cobra.Command{Use: "columns", Short: "What is in rows.parquet and rows.csv"}
	c.SetHelpFunc(func(c *cobra.Command, _ []string) {
		if err := studytext.Columns(c.OutOrStdout(), lang.Page(c.OutOrStdout())); err != nil {
			fmt.Fprintln(c.ErrOrStderr(), err)
		}
	})
	return c
}
