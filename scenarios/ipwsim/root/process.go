package root

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/netstack/vtime"
	"ipwsim/scenarios/ipwsim/cli"
)

// Main runs the command line of the process, whose first argument is the program's name, and returns the exit status.
func Main(args []string, stdout, stderr *os.File) int {
	cli.Called(args[0])
	return guarded(args[1:], stdout, stderr, Execute)
}

// patience is how long a command that was interrupted may take to end by itself. All that it could lose is a file that
// is not finished, which nobody takes for a whole one.
const patience = 700 * time.Millisecond

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
func leave(stderr io.Writer, lang *cli.Lang, why error, status int) {
	disk.Abandon()
	fmt.Fprintln(stderr, lang.Error(why))
	os.Exit(status)
}

// guarded runs the command line of the process. A crash, or a world that stands still, has a status of its own; a crash
// that nobody can catch, as for want of memory, ends by SIGABRT: Go's own status for it is that of what could not run.
func guarded(args []string, stdout, stderr *os.File, run func(context.Context, []string, io.Writer, io.Writer) int) int {
	debug.SetTraceback("crash")
	lang := cli.NewLang()
	lang.Find(args)
	ctx := interruptible(func() { leave(stderr, lang, cli.ErrInterrupted, cli.ExitError) })
	vtime.OnHang = func(why error) {
		all := make([]byte, 1<<20)
		fmt.Fprintf(stderr, "%s\n", all[:runtime.Stack(all, true)])
		leave(stderr, lang, crash(why), cli.ExitCrash)
	}
	defer func() {
		if c := diag.Caught(recover()); c != nil {
			fmt.Fprintf(stderr, "%s\n", c.Stack)
			why, is := c.Why.(error)
			if !is {
				why = diag.Errorf("%s", fmt.Sprint(c.Why))
			}
			leave(stderr, lang, crash(why), cli.ExitCrash)
		}
	}()
	status := run(ctx, args, stdout, stderr)
	linger(os.Stdin, stderr, lang)
	return status
}

func crash(why error) error {
	return diag.Errorf("ipwsim crashed, which is a defect of the program and not of its files: %w", why)
}
