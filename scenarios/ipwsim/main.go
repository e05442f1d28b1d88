// Command ipwsim simulates a cluster of two Windows mail servers kept by IPWatcher, in virtual time.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// Exit statuses.
const (
	exitPass     = 0
	exitFindings = 1 // it ran, and something did not hold
	exitError    = 2 // it could not run
)

// errFindings says that the command did its work and found something.
var errFindings = errors.New("findings")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // so that a second Ctrl-C ends what does not want to end
	os.Exit(execute(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// execute runs the command line and returns the exit status.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := command()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	understood := false
	root.PersistentPreRun = func(*cobra.Command, []string) { understood = true }
	c, err := root.ExecuteContextC(ctx)
	switch {
	case err == nil:
		return exitPass
	case errors.Is(err, errFindings):
		return exitFindings
	}
	fmt.Fprintln(stderr, strings.TrimSpace(err.Error()))
	if !understood {
		fmt.Fprintf(stderr, "`%s -h` shows what can be said\n", c.CommandPath())
	}
	return exitError
}

func command() *cobra.Command {
	root := &cobra.Command{
		Use:   "ipwsim",
		Short: "Simulate a mail cluster kept by IPWatcher, and check what must hold",
		Long: `ipwsim runs the watcher of a two-node mail cluster on a simulated network in
virtual time: pull a cable, cut the power, split the switches, and see in
milliseconds when the cluster's address answers again.

Exit status: 0 all held, 1 findings, 2 could not run.`,
		Example: `  ipwsim run cable-pull                 the guide's own test
  ipwsim run cable-pull --cluster DIR   the same on your own cluster
  ipwsim check DIR                      what is wrong with a cluster's files
  ipwsim list                           the shipped scenarios
  ipwsim console guide                  type commands on its machines
  ipwsim serve                          mail services for your mail program
  ipwsim study --interval 5..60/5 -o DIR   how long clients wait, by settings
  ipwsim compare A B                    two studies or clusters, by seed
  ipwsim help verbs                     the language of scenario files
  ipwsim help W12                       a rule of the watcher, with its source`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	lang := newLangFlag()
	root.PersistentFlags().Var(lang, "lang", "`LANG` of what people read, en or ja; else as the environment says")
	root.AddCommand(runCommand(lang), reportCommand(lang), diffCommand(lang), studyCommand(lang), compareCommand(lang), checkCommand(),
		listCommand(lang), profilesCommand(), consoleCommand(lang), serveCommand(), schemaCommand(), verbsTopic())
	root.SetHelpCommand(helpCommand(lang))
	root.CompletionOptions.HiddenDefaultCmd = true
	return root
}
