package clusters

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/reports/exchange"
	"ipwsim/scenarios"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/lookup"
	"ipwsim/scenarios/ipwsim/runs"
	"ipwsim/scenarios/script"
	"ipwsim/sim/cluster"
)

// CheckCommand is `ipwsim check`.
func CheckCommand(lang *cli.Lang) *cobra.Command {
	var annotations, again bool
	var on string
	c := &cobra.Command{
		Use:   "check DIR|FILE.txtar...",
		Short: "Report everything wrong with a cluster's files, or a scenario's",
		Long: `check reads a cluster's folder (cluster.toml; active/ and standby/ with
ipwatch.dat, a .reg export and mail files) or a scenario file, and reports
every problem as file:line: error|warning: what was found and what was expected.
It does a scenario's steps as run does, so that what it passes, run starts.

With --watch it checks again whenever one of the files changes, until Ctrl-C;
the exit status is the last check's.

Exit status: 0 no error (there may be warnings), 1 errors, 2 could not read.`,
		Example: `  ipwsim check ./our-cluster
  ipwsim check guide
  ipwsim check our-case.txtar --cluster ./our-cluster
  ipwsim check --watch ./our-cluster   again when you save a file`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return diag.Errorf("found nothing to check, expected a cluster's folder or a scenario file")
			}
			return runs.CheckWatch(c.Flags())
		},
		RunE: func(c *cobra.Command, args []string) error {
			if again {
				return watch(c, args, lang, on)
			}
			return check(c, args, lang, on, annotations)
		},
	}
	c.Flags().StringVar(&on, "cluster", "", "the cluster in this `DIR`, not the scenario's own")
	c.Flags().BoolVar(&annotations, "annotations", false, "print GitHub's ::error lines after the text")
	c.Flags().BoolVar(&again, "watch", false, "again when a file of it changes, until Ctrl-C")
	return c
}

// watch checks again and again.
func watch(c *cobra.Command, args []string, lang *cli.Lang, on string) error {
	for _, arg := range args {
		if _, err := os.Stat(arg); err != nil && !slices.Contains(lookup.Shipped(), arg) {
			return notThere(arg, err)
		}
	}
	return runs.Watch(c, args, lang, func() error { return check(c, args, lang, on, false) })
}

// check reports on each of the folders and files, on scenarios as on a cluster; "": their own.
func check(c *cobra.Command, args []string, lang *cli.Lang, on string, annotations bool) error {
	var override fs.FS
	if on != "" {
		var err error
		if override, err = lookup.Folder(on); err != nil {
			return err
		}
	}
	var unread []error
	var notes []exchange.Annotation
	failed := false
	for _, path := range args {
		problems, err := checkPath(c.Context(), path, override)
		if err != nil {
			unread = append(unread, err)
			continue
		}
		for _, p := range problems {
			fmt.Fprintln(c.OutOrStdout(), lang.Located(p))
			notes = append(notes, exchange.Annotated(p))
		}
		errs, warns := problems.Count(diag.Error), problems.Count(diag.Warning)
		fmt.Fprintln(c.OutOrStdout(), lang.Say("check.count", path, counted(lang, errs, "check.error", "check.errors"), counted(lang, warns, "check.warning", "check.warnings")))
		failed = failed || errs > 0
	}
	if annotations {
		unread = append(unread, exchange.Annotate(c.OutOrStdout(), notes))
	}
	if err := errors.Join(unread...); err != nil || !failed {
		return err
	}
	return cli.ErrFindings
}

// checkPath returns the problems of a cluster's folder, or of a scenario's file on its cluster or another one.
func checkPath(ctx context.Context, path string, override fs.FS) (diag.List, error) {
	if _, err := os.Stat(path); err != nil && slices.Contains(lookup.Shipped(), path) {
		_, problems := cluster.Load(scenarios.Clusters(), path)
		return problems, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, notThere(path, err)
	}
	if info.IsDir() {
		_, problems := cluster.Load(disk.Folder(path), ".")
		return lookup.Below(path, problems), nil
	}
	if !strings.HasSuffix(path, ".txtar") {
		return nil, diag.Errorf("found file %s, expected a cluster's folder or a scenario file ending in .txtar", path)
	}
	data, err := disk.Read(path, disk.MostScenario)
	if err != nil {
		return nil, err
	}
	s, problems := script.Parse(path, data)
	find := lookup.Finder{Override: override, Scenario: path}.Find
	if problems.Err() != nil {
		problems = append(problems, s.Misnamed(find)...)
		problems.Sort()
		return problems, nil
	}
	return append(problems, s.Check(ctx, find)...), nil
}

// notThere says what there is where nothing has the name.
func notThere(path string, err error) error {
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return diag.Errorf("found no folder, file or shipped cluster called %q%s; shipped are %s", path, diag.Suggest(path, lookup.Shipped()), strings.Join(lookup.Shipped(), ", "))
}

// counted is a number of what the keys say of one and of several.
func counted(lang *cli.Lang, n int, one, several string) string {
	if n == 1 {
		return lang.Say(one)
	}
	return lang.Say(several, n)
}
