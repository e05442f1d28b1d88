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
	"syscall"
	"time"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/netstack/vtime"
)

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
	return run(ctx, args, stdout, stderr)
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
