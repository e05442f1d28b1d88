package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/reports/studytext"
	"ipwsim/scenarios"
	"ipwsim/scenarios/audit"
	"ipwsim/scenarios/pool"
	"ipwsim/scenarios/search"
	"ipwsim/scenarios/seeds"
	"ipwsim/scenarios/study"
	"ipwsim/sim/studied"
)

func studyRunCommand(lang *langFlag) *cobra.Command {
	f := studyFlags{draft: study.NewDraft(), lang: lang}
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
		Args:    arguments(0, 1),
		RunE: func(c *cobra.Command, args []string) error {
			p, err := f.onePlan(c, args)
			if err != nil {
				return err
			}
			shard, err := study.ParseShard(text)
			if err != nil {
				return diag.Errorf("--shard: %w", err)
			}
			bar := newRunBar(c.ErrOrStderr(), f.lang.Lang)
			defer bar.end()
			err = withWorkers(f.workers, func(opt study.Options) error {
				opt.Progress = bar.show
				return p.RunShard(c.Context(), f.out, shard, opt)
			})
			if errors.Is(err, context.Canceled) {
				return diag.Errorf("interrupted: the shard %s is not written", shard)
			}
			return err
		},
	}
	f.register(c)
	c.Flags().StringVar(&text, "shard", "", "the part `I/N`, from 1/N to N/N")
	return c
}

// onePlan is the only plan of the command line.
func (f studyFlags) onePlan(c *cobra.Command, args []string) (planned, error) {
	plans, err := f.plans(c, args)
	if err != nil {
		return planned{}, err
	}
	if len(plans) != 1 || f.out == "" {
		return planned{}, diag.Errorf("found no -o DIR or several studies, expected one study and the folder for its files")
	}
	return plans[0], f.check(plans)
}

func studyMergeCommand(lang *langFlag) *cobra.Command {
	f := &studyFlags{draft: study.NewDraft(), lang: lang}
	var from string
	c := &cobra.Command{
		Use:   "merge --from DIR [flags] [FILE.toml] -o DIR",
		Short: "Put the shards of a study together",
		Long: `merge reads the files of study run, proves that every run of the plan is there
exactly once, and writes what study writes. Otherwise it says what is missing or
twice, and writes nothing.`,
		Example: "  ipwsim study merge --from shards plan.toml -o study",
		Args:    arguments(0, 1),
		RunE: func(c *cobra.Command, args []string) error {
			p, err := f.onePlan(c, args)
			if err != nil {
				return err
			}
			if from == "" {
				return diag.Errorf("found no --from DIR, expected the folder of the shards")
			}
			rows, err := p.Merge(from)
			if err != nil {
				return err
			}
			return withWorkers(f.workers, func(opt study.Options) error {
				a, err := f.finish(c, p, rows, opt)
				if err != nil {
					return err
				}
				return f.printJSON(c.OutOrStdout(), []*studied.Answers{a})
			})
		},
	}
	f.register(c)
	f.answers.register(c)
	c.Flags().StringVar(&from, "from", "", "the shards are in this `DIR`")
	return c
}

// studyColumns is the page `ipwsim help study columns`.
func studyColumns(lang *langFlag) *cobra.Command {
	c := &cobra.Command{Use: "columns", Short: "What is in rows.parquet and rows.csv"}
	c.SetHelpFunc(func(c *cobra.Command, _ []string) {
		if err := studytext.Columns(c.OutOrStdout(), lang.page(c.OutOrStdout())); err != nil {
			fmt.Fprintln(c.ErrOrStderr(), err)
		}
	})
	return c
}

// workerName is the command that a crew's processes are started with.
const workerName = "worker"

// searches is the argument of a worker that searches.
const searches = "search"

// workerCommand is what the command starts of itself, once a core.
func workerCommand() *cobra.Command {
	return &cobra.Command{
		Use:    workerName,
		Hidden: true,
		Args:   arguments(0, 1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 && args[0] == searches {
				return search.Serve(c.InOrStdin(), c.OutOrStdout(), func(name string) (fs.FS, error) { return fs.Sub(scenarios.Clusters(), name) })
			}
			if len(args) > 0 && args[0] == asSeeds {
				return seeds.Serve(c.InOrStdin(), c.OutOrStdout())
			}
			if len(args) > 0 && args[0] == audits {
				return audit.Serve(c.InOrStdin(), c.OutOrStdout())
			}
			return study.Serve(c.InOrStdin(), c.OutOrStdout())
		},
	}
}

// withWorkers calls do with options for so many workers: processes, unless one is enough. Only who runs worlds has the
// collector's pace of worlds: this process has the rows of all of them.
func withWorkers(n int, do func(study.Options) error) error {
	opt := study.Options{Workers: n}
	if n > 1 {
		crew, err := pool.Hire(n, workerName)
		if err != nil {
			return err
		}
		defer crew.Close()
		opt.Crew = crew
	} else {
		debug.SetGCPercent(study.GCPercent)
	}
	return do(opt)
}
