package studies

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/study"
	"ipwsim/sim/studied"
)

func runCommand(lang *cli.Lang) *cobra.Command {
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
		Args:    cli.Arguments(0, 1),
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
			defer bar.End()
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

func mergeCommand(lang *cli.Lang) *cobra.Command {
	f := &studyFlags{draft: study.NewDraft(), lang: lang}
	var from string
	c := &cobra.Command{
		Use:   "merge --from DIR [flags] [FILE.toml] -o DIR",
		Short: "Put the shards of a study together",
		Long: `merge reads the files of study run, proves that every run of the plan is there
exactly once, and writes what study writes. Otherwise it says what is missing or
twice, and writes nothing.`,
		Example: "  ipwsim study merge --from shards plan.toml -o study",
		Args:    cli.Arguments(0, 1),
		RunE: func(c *cobra.Command, args []string) error {
			p, err := f.onePlan(c, args)
			if err != nil {
				return err
			}
			if from == "" {
				return diag.Errorf("found no --from DIR, expected the folder of the shards")
			}
			if err := cli.Free(studyFolders([]planned{p})...); err != nil {
				return err
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
