// Command ipwsim simulates a cluster of two Windows mail servers kept by IPWatcher, in virtual time.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/netstack/vtime"
	"ipwsim/reports/term"
)

// Exit statuses.
const (
	exitPass     = 0
	exitFindings = 1 // it ran, and something did not hold
	exitError    = 2 // it could not run
	exitCrash    = 3 // it crashed, or stood still: a defect of the program
)

// errFindings says that the command did its work and found something.
var errFindings = errors.New("findings")

// errSaid says that the command could not run, and has said why.
var errSaid = errors.New("said")

func main() { os.Exit(guarded(os.Args[1:], os.Stdout, os.Stderr, execute)) }

// execute runs the command line and returns the exit status.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := command()
	lang := root.PersistentFlags().Lookup("lang").Value.(*langFlag)
	lang.find(args)
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
	err = outcome(ctx, err, out.Close(), c.Annotations[endsByInterrupt] != "")
	switch {
	case err == nil:
		return exitPass
	case errors.Is(err, errFindings):
		return exitFindings
	case err == errSaid:
		return exitError
	}
	fmt.Fprintln(messages, strings.TrimSpace(lang.Error(unknownCommand(root, err))))
	if !understood {
		fmt.Fprintln(messages, lang.Say("usage-hint", c.CommandPath()))
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
	lang := newLangFlag()
	root.PersistentFlags().Var(lang, "lang", "`LANG` of what people read, en or ja; else the environment's")
	root.PersistentFlags().Lookup("lang").DefValue = "" // help is the same in every environment
	root.AddCommand(runCommand(lang), reportCommand(lang), diffCommand(lang), studyCommand(lang), searchCommand(lang), nightlyCommand(lang), workerCommand(), compareCommand(lang), exploreCommand(lang), historyCommand(lang), initCommand(lang), checkCommand(lang), auditCommand(lang), graphCommand(lang),
		listCommand(lang), profilesCommand(), completionCommand(), consoleCommand(lang), serveCommand(lang), schemaCommand(), verbsTopic(lang), rulesPage(lang))
	bound(root)
	root.SetFlagErrorFunc(flagError)
	root.Flags().Bool("version", false, "print the program's version")
	root.Version = strings.TrimPrefix(program(), "ipwsim ")
	root.SetVersionTemplate("ipwsim {{.Version}}\n")
	root.SetHelpCommand(helpCommand(lang))
	completed(root)
	return root
}

// flagError is pflag's error with words that can be said in another language.
func flagError(_ *cobra.Command, err error) error {
	var none *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var bad *pflag.InvalidValueError
	switch {
	case errors.As(err, &none) && none.GetSpecifiedShortnames() != "":
		return diag.Errorf("unknown shorthand flag: %q in -%s", none.GetSpecifiedName()[0], none.GetSpecifiedShortnames())
	case errors.As(err, &none):
		return diag.Errorf("unknown flag: --%s", none.GetSpecifiedName())
	case errors.As(err, &bare) && bare.GetSpecifiedShortnames() != "":
		return diag.Errorf("flag needs an argument: %q in -%s", bare.GetSpecifiedName()[0], bare.GetSpecifiedShortnames())
	case errors.As(err, &bare):
		return diag.Errorf("flag needs an argument: --%s", bare.GetSpecifiedName())
	case errors.As(err, &bad):
		name := "--" + bad.GetFlag().Name
		if short := bad.GetFlag().Shorthand; short != "" && bad.GetFlag().ShorthandDeprecated == "" {
			name = "-" + short + ", " + name
		}
		if n, is := bad.GetFlag().Value.(number); is {
			return diag.Errorf("%s: found %q, expected %s", name, bad.GetValue(), n.want())
		}
		if _, is := bad.GetFlag().Value.(given); is {
			return diag.Errorf("%s: found %q, expected %s", name, bad.GetValue(), notEmpty)
		}
		if want := valuesOf[bad.GetFlag().Value.Type()]; want.Format != "" {
			return diag.Errorf("%s: found %q, expected %s", name, bad.GetValue(), want)
		}
		return diag.Errorf("%s: %w", name, bad.Unwrap())
	}
	return err
}

// valuesOf is what flags of pflag's types can be.
var valuesOf = map[string]diag.Text{
	"intSlice": diag.Say("whole numbers parted by commas"),
	"float64":  diag.Say("a number"),
	"duration": diag.Say("a time as 10s, 1m30s or 500ms"),
}

// unknownCommand is cobra's error about a command that the root has not, in such words.
func unknownCommand(root *cobra.Command, err error) error {
	var said *diag.Text // it has such words already
	_, rest, is := strings.Cut(err.Error(), "unknown command ")
	first, _, found := strings.Cut(rest, " for ")
	if !is || !found || errors.As(err, &said) {
		return err
	}
	name := strings.Trim(first, `"`)
	all := []error{diag.Errorf("unknown command %s for %q", first, root.CommandPath())}
	if near := root.SuggestionsFor(name); len(near) > 0 {
		all = append(all, errors.New(""), diag.Errorf("Did you mean this?"))
		for _, n := range near {
			all = append(all, errors.New("  "+n))
		}
		all = append(all, errors.New(""))
	}
	return errors.Join(all...)
}

// arguments demands so many of them.
func arguments(least, most int) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch n := len(args); {
		case n >= least && n <= most:
			return nil
		case least == most:
			return diag.Errorf("accepts %d arg(s), received %d", most, n)
		case least == 0:
			return diag.Errorf("accepts at most %d arg(s), received %d", most, n)
		default:
			return diag.Errorf("accepts between %d and %d arg(s), received %d", least, most, n)
		}
	}
}

// patience is how long a command that was interrupted may take to end by itself. All that it could lose is a file that
// is not finished, which nobody takes for a whole one.
const patience = 700 * time.Millisecond

// endsByInterrupt marks commands that go on until they are interrupted.
const endsByInterrupt = "ends by interrupt"

var errInterrupted = diag.Errorf("interrupted")

// interruptible is a context that the first Ctrl-C or SIGTERM ends. What has not ended soon after, or gets a second, is
// ended by end.
func interruptible(end func()) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		cancel()
		select {
		case <-signals:
		case <-time.After(patience):
		}
		end()
	}()
	return ctx
}

// leave ends the program at once, with a word why.
func leave(stderr io.Writer, lang *langFlag, why error, status int) {
	disk.Abandon()
	fmt.Fprintln(stderr, lang.Error(why))
	os.Exit(status)
}

// guarded runs the command line of the process. A crash, or a world that stands still, has a status of its own; a crash
// that nobody can catch, as for want of memory, ends by SIGABRT: Go's own status for it is that of what could not run.
func guarded(args []string, stdout, stderr *os.File, run func(context.Context, []string, io.Writer, io.Writer) int) int {
	debug.SetTraceback("crash")
	lang := newLangFlag()
	lang.find(args)
	ctx := interruptible(func() { leave(stderr, lang, errInterrupted, exitError) })
	vtime.OnHang = func(why error) {
		all := make([]byte, 1<<20)
		fmt.Fprintf(stderr, "%s\n", all[:runtime.Stack(all, true)])
		leave(stderr, lang, crash(why), exitCrash)
	}
	defer func() {
		if c := diag.Caught(recover()); c != nil {
			fmt.Fprintf(stderr, "%s\n", c.Stack)
			why, is := c.Why.(error)
			if !is {
				why = diag.Errorf("%s", fmt.Sprint(c.Why))
			}
			leave(stderr, lang, crash(why), exitCrash)
		}
	}()
	status := run(ctx, args, stdout, stderr)
	linger(os.Stdin, stderr, lang)
	return status
}

func crash(why error) error {
	return diag.Errorf("ipwsim crashed, which is a defect of the program and not of its files: %w", why)
}

// outcome is what a command has come to, with what only the end shows: that it was interrupted, or that its output was
// not written.
func outcome(ctx context.Context, err, written error, ends bool) error {
	if written != nil {
		err = errors.Join(silent(err), diag.Errorf("cannot write the output: %w", diag.FileReason(written)))
	}
	if ctx.Err() != nil && !ends && (silent(err) == nil || err == context.Canceled) {
		return errInterrupted
	}
	return err
}

// silent is an error without findings, which are no error beside another.
func silent(err error) error {
	if errors.Is(err, errFindings) {
		return nil
	}
	return err
}
