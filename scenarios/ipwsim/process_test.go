//go:build unix

package main

import (
	"bufio"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
	"ipwsim/scenarios/ipwsim/root"
)

// Every command whose output cannot be written says so and could not run.
func TestFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("this system has no /dev/full")
	}
	defer full.Close()
	for _, args := range [][]string{{"list"}, {"profiles"}, {"help"}, {"help", "W12"}, {"help", "verbs"}, {"help", "study", "columns"}, {"run", "-h"}, {"schema"}, {"check", clitest.OurCluster(t, "", "", "")}, {"run", "cable-pull", "--json"}} {
		var said strings.Builder
		require.Equal(t, cli.ExitError, root.Execute(t.Context(), args, full, &said), args)
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
	c.Env = append(os.Environ(), clitest.AsCommand+"=1")
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
	require.Equal(t, cli.ExitError, exit.ExitCode())
	require.Equal(t, "interrupted\n", said.String())
	info, err := os.Stat(fifo)
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&os.ModeNamedPipe)
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
	c.Env, c.Stdout = append(os.Environ(), clitest.AsCommand+"=1"), out
	require.NoError(t, c.Run())
	text, page, found := strings.Cut(clitest.Read(t, path), "<!doctype html>")
	require.True(t, found)
	require.Equal(t, clitest.Run("run", "cable-pull").Out, text)
	require.True(t, strings.HasSuffix(strings.TrimSpace(page), "</html>"))
}

// H20: a node whose own mask leaves its peer out, without a gateway, does not answer its requests. That is the simulated
// network's matter, and nothing is said of it outside of the report.
func TestANodeWithoutAWayBackIsNoError(t *testing.T) {
	base, err := fs.Sub(scenarios.Clusters(), "guide")
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "narrow")
	require.NoError(t, os.CopyFS(dir, base))
	toml := filepath.Join(dir, "cluster.toml")
	text := strings.Replace(clitest.Read(t, toml), "192.168.10.201/24", "192.168.10.201/32", 1)
	require.Contains(t, text, "192.168.10.201/32")
	require.NoError(t, os.WriteFile(toml, []byte(text), 0o644))
	self, err := os.Executable()
	require.NoError(t, err)
	c := exec.Command(self, "run", "cable-pull", "--cluster", dir)
	var said strings.Builder
	c.Env, c.Stderr = append(os.Environ(), clitest.AsCommand+"=1"), &said
	var exit *exec.ExitError
	require.ErrorAs(t, c.Run(), &exit)
	require.Equal(t, cli.ExitFindings, exit.ExitCode())
	require.Empty(t, said.String())
}

// Every command that wants a folder or a file says at once, in a sentence about what was typed, that it is neither.
func TestPipesForFoldersAndFiles(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(fifo, 0o600))
	for _, args := range [][]string{
		{"report", fifo}, {"diff", fifo, fifo}, {"compare", fifo, fifo}, {"init", fifo, fifo + "-new"}, {"history", fifo}, {"run", fifo},
		{"study", fifo, "-o", fifo + "-new"}, {"study", "merge", "--from", fifo, fifo, "-o", fifo + "-new"}, {"run", "cable-pull", "--cluster", fifo}, {"check", fifo},
	} {
		got := clitest.Run(args...)
		require.Equal(t, cli.ExitError, got.Status, args)
		require.Regexp(t, regexp.QuoteMeta(fifo)+`.*expected a `, strings.Split(got.Err, "\n")[0], "%v", args)
		require.NotContains(t, got.Err, "not a directory", args)
	}
}
