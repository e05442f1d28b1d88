//go:build unix

package root

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"ipwsim/netstack/vtime"
	"ipwsim/scenarios/ipwsim/cli"

	"github.com/stretchr/testify/require"
)

// asCrash in the environment makes the test's program be one that crashes, as its argument says.
const asCrash = "IPWSIM_TEST_AS_CRASH"

func TestMain(m *testing.M) {
	if os.Getenv(asCrash) != "" {
		os.Exit(guarded(os.Args[1:], os.Stdout, os.Stderr, func(context.Context, []string, io.Writer, io.Writer) int {
			switch os.Args[1] {
			case "hang":
				vtime.OnHang(errors.New("it stands still"))
			case "abort":
				go panic("boom")
				select {}
			case "error":
				panic(errors.New("boom"))
			}
			panic("boom")
		}))
	}
	os.Exit(m.Run())
}

// What the end shows of a command: that it was interrupted, or that its output was not written.
func TestOutcomes(t *testing.T) {
	running, ended := context.Background(), canceled()
	full, bad := &os.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.ENOSPC}, errors.New("bad")
	for name, c := range map[string]struct {
		ctx          context.Context
		err, written error
		ends         bool
		want         string // "": none
	}{
		"all went well":                  {running, nil, nil, false, ""},
		"findings":                       {running, cli.ErrFindings, nil, false, "findings"},
		"the disk is full":               {running, nil, full, false, "cannot write the output: no space left on device"},
		"full, with findings":            {running, cli.ErrFindings, full, false, "cannot write the output: no space left on device"},
		"full, with another error":       {running, bad, full, false, "bad\ncannot write the output: no space left on device"},
		"interrupted":                    {ended, nil, nil, false, "interrupted"},
		"interrupted, with findings":     {ended, cli.ErrFindings, nil, false, "interrupted"},
		"interrupted, and it says where": {ended, bad, nil, false, "bad"},
		"interrupted, and says no more":  {ended, context.Canceled, nil, false, "interrupted"},
		"what ends so":                   {ended, nil, nil, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := outcome(c.ctx, c.err, c.written, c.ends)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, c.want)
		})
	}
}

func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// A crash, and a world that stands still, say where and what in the end, and have a status of their own.
func TestACrashHasAStatusOfItsOwn(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	for what, why := range map[string]string{"panic": "boom", "error": "boom", "hang": "it stands still"} {
		c := exec.Command(self, what)
		c.Env = append(os.Environ(), asCrash+"=1")
		var said strings.Builder
		c.Stderr = &said
		require.Error(t, c.Run())
		require.Equal(t, cli.ExitCrash, c.ProcessState.ExitCode(), said.String())
		require.Contains(t, said.String(), "goroutine ")
		require.True(t, strings.HasSuffix(said.String(), "\nipwsim crashed, which is a defect of the program and not of its files: "+why+"\n"), said.String())
	}
}

// A crash that cannot be caught, on another goroutine, has neither of the statuses of what ran and what could not.
func TestACrashThatNobodyCatches(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	c := exec.Command(self, "abort")
	c.Env = append(os.Environ(), asCrash+"=1")
	var said strings.Builder
	c.Stderr = &said
	require.Error(t, c.Run())
	require.Equal(t, syscall.SIGABRT, c.ProcessState.Sys().(syscall.WaitStatus).Signal())
	require.True(t, strings.HasPrefix(said.String(), "panic: boom"), said.String())
}
