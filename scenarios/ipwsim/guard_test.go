//go:build unix

package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

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
		"findings":                       {running, errFindings, nil, false, "findings"},
		"the disk is full":               {running, nil, full, false, "cannot write the output: no space left on device"},
		"full, with findings":            {running, errFindings, full, false, "cannot write the output: no space left on device"},
		"full, with another error":       {running, bad, full, false, "bad\ncannot write the output: no space left on device"},
		"interrupted":                    {ended, nil, nil, false, "interrupted"},
		"interrupted, with findings":     {ended, errFindings, nil, false, "interrupted"},
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

// Every command whose output cannot be written says so and could not run.
func TestFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("this system has no /dev/full")
	}
	defer full.Close()
	for _, args := range [][]string{{"list"}, {"profiles"}, {"help"}, {"help", "W12"}, {"help", "verbs"}, {"help", "study", "columns"}, {"run", "-h"}, {"schema"}, {"check", ourCluster(t, "", "", "")}, {"run", "cable-pull", "--json"}} {
		var said strings.Builder
		require.Equal(t, exitError, execute(t.Context(), args, full, &said), args)
		require.Equal(t, "cannot write the output: no space left on device\n", said.String(), args)
	}
}

// A command that waits for what it does not get, here a reader of its page, is ended by SIGTERM.
func TestAnInterruptEndsWhatWaits(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "page")
	require.NoError(t, syscall.Mkfifo(fifo, 0o600))
	self, err := os.Executable()
	require.NoError(t, err)
	c := exec.Command(self, "run", "cable-pull", "--html", fifo)
	c.Env = append(os.Environ(), asCommand+"=1")
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	var said strings.Builder
	c.Stderr = &said
	require.NoError(t, c.Start())
	report := bufio.NewReader(out)
	_, err = report.ReadString('\n')
	require.NoError(t, err)
	require.NoError(t, c.Process.Signal(syscall.SIGTERM))
	_, err = io.Copy(io.Discard, report)
	require.NoError(t, err)
	err = c.Wait()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	require.Equal(t, exitError, exit.ExitCode())
	require.Equal(t, "interrupted\n", said.String())
	info, err := os.Stat(fifo)
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&os.ModeNamedPipe)
}

// A crash, and a world that stands still, say where and what in the end, and have a status of their own.
func TestACrashHasAStatusOfItsOwn(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	for what, why := range map[string]string{"panic": "boom", "error": "boom", "hang": "it stands still"} {
		c := exec.Command(self, what)
		c.Env = append(os.Environ(), asCommand+"="+asCrash)
		var said strings.Builder
		c.Stderr = &said
		require.Error(t, c.Run())
		require.Equal(t, exitCrash, c.ProcessState.ExitCode(), said.String())
		require.Contains(t, said.String(), "goroutine ")
		require.True(t, strings.HasSuffix(said.String(), "\nipwsim crashed, which is a defect of the program and not of its files: "+why+"\n"), said.String())
	}
}

// A crash that cannot be caught, on another goroutine, has neither of the statuses of what ran and what could not.
func TestACrashThatNobodyCatches(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	c := exec.Command(self, "abort")
	c.Env = append(os.Environ(), asCommand+"="+asCrash)
	var said strings.Builder
	c.Stderr = &said
	require.Error(t, c.Run())
	require.Equal(t, syscall.SIGABRT, c.ProcessState.Sys().(syscall.WaitStatus).Signal())
	require.True(t, strings.HasPrefix(said.String(), "panic: boom"), said.String())
}

// What a flag writes to the file that standard output goes to comes behind the text.
func TestStandardOutputKeepsTheText(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	out, err := os.Create(path)
	require.NoError(t, err)
	defer out.Close()
	self, err := os.Executable()
	require.NoError(t, err)
	c := exec.Command(self, "run", "cable-pull", "--html", "/dev/stdout")
	c.Env, c.Stdout = append(os.Environ(), asCommand+"=1"), out
	require.NoError(t, c.Run())
	text, page, found := strings.Cut(read(t, path), "<!doctype html>")
	require.True(t, found)
	require.Equal(t, ipwsim("run", "cable-pull").out, text)
	require.True(t, strings.HasSuffix(strings.TrimSpace(page), "</html>"))
}

// Every command that wants a folder or a file says at once, in a sentence about what was typed, that it is neither.
func TestPipesForFoldersAndFiles(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(fifo, 0o600))
	for _, args := range [][]string{
		{"report", fifo}, {"diff", fifo, fifo}, {"compare", fifo, fifo}, {"init", fifo, fifo + "-new"}, {"history", fifo}, {"run", fifo},
		{"study", fifo, "-o", fifo + "-new"}, {"study", "merge", "--from", fifo, fifo, "-o", fifo + "-new"}, {"run", "cable-pull", "--cluster", fifo}, {"check", fifo},
	} {
		got := ipwsim(args...)
		require.Equal(t, exitError, got.status, args)
		require.Regexp(t, regexp.QuoteMeta(fifo)+`.*expected a `, strings.Split(got.err, "\n")[0], "%v", args)
		require.NotContains(t, got.err, "not a directory", args)
	}
}
