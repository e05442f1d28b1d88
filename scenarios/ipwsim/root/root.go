// Package root puts the commands together: one command line, its help, and the process that it is.
package root

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/reports/term"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clusters"
	"ipwsim/scenarios/ipwsim/live"
	"ipwsim/scenarios/ipwsim/nights"
	"ipwsim/scenarios/ipwsim/runs"
	"ipwsim/scenarios/ipwsim/studies"
)

// Execute runs the command line and returns the exit status.
func Execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := New()
	lang := root.PersistentFlags().Lookup("lang").Value.(*cli.Lang)
	lang.Find(args)
	translate(root, lang.Lang)
	listTopics(root, lang.Lang)
	root.SetArgs(dropped(args))
	out, messages := term.NewOut(stdout), term.NewOut(stderr)
	root.SetOut(out)
	root.SetErr(messages)
	understood := false
	root.PersistentPreRun = func(*cobra.Command, []string) { understood = true }
	c, err := root.ExecuteContextC(ctx)
	understood = understood || err == nil
	err = outcome(ctx, err, out.Close(), c.Annotations[cli.EndsByInterrupt] != "")
	switch {
	case err == nil:
		return cli.ExitPass
	case errors.Is(err, cli.ErrFindings):
		return cli.ExitFindings
	case err == cli.ErrSaid:
		return cli.ExitError
	}
	fmt.Fprintln(messages, strings.TrimSpace(lang.Error(unknownCommand(root, err))))
	if !understood {
		fmt.Fprintln(messages, lang.Say("usage-hint", c.CommandPath()))
	}
	return cli.ExitError
}

// New is the command line of all commands.
func New() *cobra.Command {
	root := &cobra.Command{
		Use:   "ipwsim",
		Short: "Simulate a mail cluster kept by IPWatcher, and check what must hold",
		Long: `ipwsim runs the watcher of a two-node mail cluster on a simulated network in
virtual time: pull a cable, cut the power, split the switches, and see in
milliseconds when the cluster's address answers again.

A cluster's folder alone, as when you drop it on the program's icon, is audited:
the page is beside it, as our-cluster-audit.html.

Exit status: 0 all held, 1 findings, 2 could not run, 3 the program crashed.`,
		Example: `  ipwsim run cable-pull                 the guide's own test
  ipwsim run cable-pull --cluster DIR   the same on your own cluster
  ipwsim init COLLECTED DIR             a cluster of what servers export
  ipwsim check DIR                      what is wrong with a cluster's files
  ipwsim audit DIR                      what to change in it, and what it gains
  ipwsim ./our-cluster                  the same, and open its page
  ipwsim list                           the shipped scenarios
  ipwsim clusters                       the shipped clusters, to begin from
  ipwsim console guide                  type commands on its machines
  ipwsim serve                          mail services for your mail program
  ipwsim study --interval 5..60/5 -o DIR   how long clients wait, by settings
  ipwsim search --for 10m -o DIR        what breaks it: drawn worlds and faults
  ipwsim nightly --for 1h -o DIR        a night of it, with known bugs
  ipwsim compare A B                    two studies or clusters, by seed
  ipwsim explore                        all that can happen to two watchers
  ipwsim help verbs                     the language of scenario files
  ipwsim help W12                       a rule of the watcher, with its source`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	lang := cli.NewLang()
	root.PersistentFlags().Var(lang, "lang", "`LANG` of what people read, en or ja; else the environment's")
	root.PersistentFlags().Lookup("lang").DefValue = "" // help is the same in every environment
	root.AddCommand(
		runs.RunCommand(lang), runs.ReportCommand(lang), runs.DiffCommand(lang),
		studies.StudyCommand(lang), studies.CompareCommand(lang),
		nights.SearchCommand(lang), nights.NightlyCommand(lang), nights.HistoryCommand(lang), nights.ExploreCommand(lang),
		clusters.InitCommand(lang), clusters.Command(lang), clusters.CheckCommand(lang), clusters.AuditCommand(lang), clusters.GraphCommand(lang), clusters.ProfilesCommand(lang),
		live.ConsoleCommand(lang), live.ServeCommand(lang),
		listCommand(lang), schemaCommand(), completionCommand(), verbsTopic(lang), rulesPage(lang), workerCommand())
	bound(root)
	root.SetFlagErrorFunc(flagError)
	root.Flags().Bool("version", false, "print the program's version")
	root.Version = strings.TrimPrefix(cli.Program(), "ipwsim ")
	root.SetVersionTemplate("ipwsim {{.Version}}\n")
	root.SetHelpCommand(helpCommand(lang))
	completed(root)
	return root
}

// outcome is what a command has come to, with what only the end shows: that it was interrupted, or that its output was
// not written.
func outcome(ctx context.Context, err, written error, ends bool) error {
	if written != nil {
		err = errors.Join(cli.Silent(err), diag.Errorf("cannot write the output: %w", diag.FileReason(written)))
	}
	if ctx.Err() != nil && !ends && (cli.Silent(err) == nil || err == context.Canceled) {
		return cli.ErrInterrupted
	}
	return err
}

// workerCommand is what the command starts of itself, once a core.
func workerCommand() *cobra.Command {
	return &cobra.Command{
		Use:    cli.Worker,
		Hidden: true,
		Args:   cli.Arguments(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			var names []string
			for _, t := range []cli.Trade{runs.Seeders, studies.Runners, nights.Searchers, clusters.Auditors} {
				if t.Name == args[0] {
					return t.Serve(c.InOrStdin(), c.OutOrStdout())
				}
				names = append(names, t.Name)
			}
			return diag.Errorf("found %q, expected %s", args[0], diag.Say("one of %s", strings.Join(names, ", ")))
		},
	}
}
