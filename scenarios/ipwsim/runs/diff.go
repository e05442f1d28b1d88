package runs

import (
	"bytes"
	"errors"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/reports/diff"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/saved"
)

// DiffCommand is `ipwsim diff`.
func DiffCommand(lang *cli.Lang) *cobra.Command {
	return &cobra.Command{
		Use:   "diff RUN1 RUN2",
		Short: "Say where two saved runs part",
		Long: `diff compares two runs that ipwsim run --save saved: which files and settings
differ, the first record that does, what led to it, and the records around it.

Exit status: 0 the same, 1 they differ, 2 could not read.`,
		Example: `  ipwsim run cable-pull --seed 1 --save one
  ipwsim run cable-pull --seed 2 --save two
  ipwsim diff one two`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return diag.Errorf("found %s, expected two that ipwsim run --save wrote", folders(len(args)))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			a, errA := saved.Read(args[0])
			b, errB := saved.Read(args[1])
			if err := errors.Join(errA, errB); err != nil {
				return err
			}
			for i, run := range []*saved.Run{a, b} {
				if run.Played.Trace == nil {
					return diag.Errorf("%s: found a cluster that was refused, expected a run: there is no trace to compare", args[i])
				}
			}
			d, err := diff.Traces(a.Played.Trace, b.Played.Trace)
			if err != nil {
				return err
			}
			files := differing(a, b)
			if err := diff.Text(c.OutOrStdout(), [2]string{args[0], args[1]}, files, d, lang.Page(c.OutOrStdout())); err != nil {
				return err
			}
			if d.Any() || len(files) > 0 {
				return cli.ErrFindings
			}
			return nil
		},
	}
}

// folders is a number of them.
func folders(n int) diag.Text {
	if n == 1 {
		return diag.Say("1 folder")
	}
	return diag.Say("%d folders", n)
}

// differing are the scenario's and the cluster's files that the runs do not share.
func differing(a, b *saved.Run) (all []diff.File) {
	if !bytes.Equal(a.Scenario, b.Scenario) {
		all = append(all, diff.File{})
	}
	names := slices.Collect(maps.Keys(a.Files))
	for name := range b.Files {
		if _, both := a.Files[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		x, inA := a.Files[name]
		y, inB := b.Files[name]
		switch {
		case !inA:
			all = append(all, diff.File{Name: name, Only: 2})
		case !inB:
			all = append(all, diff.File{Name: name, Only: 1})
		case !bytes.Equal(x, y):
			all = append(all, diff.File{Name: name})
		}
	}
	return all
}
