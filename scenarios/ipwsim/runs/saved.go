package runs

import (
	"errors"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/saved"
	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
)

// ReportCommand is `ipwsim report`.
func ReportCommand(lang *cli.Lang) *cobra.Command {
	o := outputs{lang: lang}
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
				return diag.Errorf("found %s, expected one that ipwsim run --save wrote", folders(len(args)))
			}
			return o.check()
		},
		RunE: func(c *cobra.Command, args []string) error {
			runs, err := Saved(args[0])
			if err != nil {
				return err
			}
			if err := o.checkRuns(len(runs)); err != nil {
				return err
			}
			if err := write(c.OutOrStdout(), c.ErrOrStderr(), runs, o); err != nil {
				return err
			}
			return findings(runs)
		},
	}
	o.flags(c)
	return c
}

// Saved are the saved runs of the folder, judged again.
func Saved(dir string) ([]*finding.Run, error) {
	kept, err := saved.ReadAll(dir)
	if err != nil {
		return nil, err
	}
	var all []*finding.Run
	for _, run := range kept {
		s, problems := script.Parse(run.File, run.Scenario)
		if err := problems.Err(); err != nil {
			return nil, errors.Join(diag.Errorf("%s: the saved scenario cannot be read:", dir), err)
		}
		r, err := script.Judge(s.On(run.Cluster), run.Find, run.Played)
		if err != nil {
			return nil, diag.Errorf("%s: %w", dir, err)
		}
		Source{Script: s, warnings: problems, arg: run.Arg}.tell(r, run.Cluster)
		r.Date = run.Date
		all = append(all, r)
	}
	return all, nil
}

// keep saves the run that is the nth of its command.
func keep(dir string, src Source, cluster string, nth int, r *finding.Run) error {
	files, err := src.Script.ClusterFiles(src.find)
	if err != nil {
		return err
	}
	run := saved.Run{
		File: src.Script.File, Arg: src.arg, Cluster: cluster, Order: nth, Date: r.Date,
		Scenario: src.data, Files: files, Played: r.Played,
	}
	return run.Write(dir)
}
