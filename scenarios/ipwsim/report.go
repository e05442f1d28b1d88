package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"ipwsim/reports"
	"ipwsim/scenarios/saved"
	"ipwsim/scenarios/script"
)

func reportCommand() *cobra.Command {
	var o outputs
	c := &cobra.Command{
		Use:   "report DIR",
		Short: "Make the reports of saved runs again",
		Long: `report reads what ipwsim run --save DIR saved, checks and judges it again, and
makes the same reports, to the byte, without running anything.

Exit status: 0 all held, 1 findings, 2 could not read.`,
		Example: `  ipwsim run cable-pull --save monday
  ipwsim report monday
  ipwsim report monday --json
  ipwsim report monday --perfetto monday.json   for ui.perfetto.dev`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("found %s, expected one that ipwsim run --save wrote", plural(len(args), "folder"))
			}
			return o.check()
		},
		RunE: func(c *cobra.Command, args []string) error {
			results, err := again(args[0])
			if err != nil {
				return err
			}
			if err := checkHTML(o.html, len(results)); err != nil {
				return err
			}
			if err := write(c.OutOrStdout(), c.ErrOrStderr(), results, o, len(results) > 1); err != nil {
				return err
			}
			return findings(results)
		},
	}
	o.flags(c)
	return c
}

// again judges the saved runs of the folder.
func again(dir string) ([]reports.Result, error) {
	runs, err := saved.ReadAll(dir)
	if err != nil {
		return nil, err
	}
	var all []reports.Result
	for _, run := range runs {
		s, problems := script.Parse(run.File, run.Scenario)
		if err := problems.Err(); err != nil {
			return nil, fmt.Errorf("%s: the saved scenario cannot be read:\n%w", dir, err)
		}
		out, err := script.Judge(s, run.Find, run.Played)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", dir, err)
		}
		all = append(all, result(source{script: s, warnings: problems, arg: run.Arg}, run.Cluster, out))
	}
	return all, nil
}

// keep saves the run that is the nth of its command.
func keep(dir string, src source, cluster string, nth int, out *script.Outcome) error {
	files, err := src.script.ClusterFiles(src.find)
	if err != nil {
		return err
	}
	run := saved.Run{
		File: src.script.File, Arg: src.arg, Cluster: cluster, Order: nth,
		Scenario: src.data, Files: files, Played: out.Played,
	}
	return run.Write(dir)
}
