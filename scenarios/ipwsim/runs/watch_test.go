package runs_test

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
	"ipwsim/scenarios/ipwsim/root"

	"github.com/stretchr/testify/require"
)

// onWait is an output that does the next of its deeds whenever the command waits for a change, and after the last ends
// the command.
type onWait struct {
	text  strings.Builder
	deeds []func()
	end   func()
}

func (o *onWait) Write(p []byte) (int, error) {
	n, err := o.text.Write(p)
	if bytes.Contains(p, []byte("Waiting for a file to change")) {
		if len(o.deeds) == 0 {
			o.end()
			return n, err
		}
		o.deeds[0]()
		o.deeds = o.deeds[1:]
	}
	return n, err
}

// whileWaiting runs a command line that waits, and does a deed each time.
func whileWaiting(t *testing.T, args []string, deeds ...func()) clitest.Said {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out := &onWait{deeds: deeds, end: cancel}
	var err bytes.Buffer
	status := root.Execute(ctx, args, out, &err)
	require.Empty(t, out.deeds, "each change was seen: %s%s", &out.text, &err)
	return clitest.Said{Status: status, Out: out.text.String(), Err: err.String()}
}

// replaced puts a new file in the place of the old one, as editors do.
func replaced(t *testing.T, path, text string) func() {
	return func() {
		clitest.WriteText(t, path+".new", text)
		require.NoError(t, os.Rename(path+".new", path))
	}
}

// A scenario is run again when its file changes, and when its cluster's does, whatever was wrong with it before. The
// status is the last run's.
func TestRunWatches(t *testing.T) {
	cluster := clitest.OurCluster(t, "", "", "")
	path := filepath.Join(filepath.Dir(cluster), "case.txtar")
	ours := strings.Replace(clitest.Passing, "cluster guide", "cluster our-cluster", 1)
	clitest.WriteText(t, path, ours)
	toml := filepath.Join(cluster, "cluster.toml")
	got := whileWaiting(t, []string{"run", path, "--watch"},
		replaced(t, path, strings.Replace(ours, "30s..40s", "1s..2s", 1)),
		replaced(t, path, clitest.Malformed),
		replaced(t, path, ours),
		replaced(t, toml, strings.ReplaceAll(clitest.Read(t, toml), "192.168.10.150", "192.168.10.151")))
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	require.Regexp(t, `(?s)\APASS .*\n\n={80}\n\S*case.txtar changed\n\nFAIL .*\n={80}\n\S*case.txtar changed\n\n\n.*\n={80}\n\S*case.txtar changed\n\nPASS .*\n\n={80}\n\S*cluster.toml changed\n\nPASS .*192\.168\.10\.151: .*\nWaiting for a file to change; Ctrl-C ends it\n\z`, got.Out)
	require.Equal(t, 5, strings.Count(got.Out, "\nWaiting for "))
	require.Equal(t, path+":3: error: found time \"5\" without a unit, expected one as in 20s, 1m30s or 500ms\n", got.Err)

	bad := replaced(t, path, clitest.Malformed)
	require.Equal(t, cli.ExitError, whileWaiting(t, []string{"run", path, "--watch"}, bad).Status)
	require.Equal(t, cli.ExitFindings, whileWaiting(t, []string{"check", path, "--watch"}).Status)
}

// A folder's scenarios are run again when there is another one; a change of two files says so.
func TestRunWatchesAFolder(t *testing.T) {
	dir := t.TempDir()
	clitest.WriteText(t, filepath.Join(dir, "a.txtar"), clitest.Passing)
	got := whileWaiting(t, []string{"run", dir, "--watch", "--html", filepath.Join(dir, "a.html")},
		replaced(t, filepath.Join(dir, "a.txtar"), "# More\n"+clitest.Passing))
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	got = whileWaiting(t, []string{"run", dir, "--watch"}, replaced(t, filepath.Join(dir, "b.txtar"), clitest.Passing))
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	require.Contains(t, got.Out, "2 scenarios: 2 passed")
}

func TestCheckWatches(t *testing.T) {
	cluster := clitest.OurCluster(t, "", "", "")
	table := filepath.Join(cluster, "active", "ipwatch.dat")
	got := whileWaiting(t, []string{"check", cluster, "--watch"}, replaced(t, table, strings.ReplaceAll(clitest.Read(t, table), "10.202", "10.200")))
	require.Equal(t, cli.ExitFindings, got.Status, got.Err)
	require.Regexp(t, `(?s)^\S+: 0 errors.*ipwatch.dat changed\n\n.*is the real address of active`, got.Out)
}

// What makes no sense is refused in a sentence, and does not wait.
func TestWatchRefuses(t *testing.T) {
	cluster := clitest.OurCluster(t, "", "", "")
	path := clitest.Scenario(t, "case.txtar", clitest.Passing)
	for want, args := range map[string][]string{
		"--watch: found nothing that can change":    {"run", "cable-pull"},
		"--watch: found nothing that can":           {"check", "guide"},
		"--save: found --watch too":                 {"run", path, "--save", t.TempDir()},
		"--json: found --watch too":                 {"run", path, "--json"},
		"--annotations: found --watch too":          {"check", path, "--annotations"},
		"--pcap: found " + cluster + "/c":           {"run", "cable-pull", "--cluster", cluster, "--pcap", cluster + "/c"},
		"no file, folder or shipped scenario is":    {"run", "no-such-scenario"},
		"--cluster: cannot read the folder no-such": {"run", path, "--cluster", "no-such"},
		clitest.Run("check", "no-such.txtar").Err:   {"check", "no-such.txtar"},
	} {
		got := clitest.Run(append(args, "--watch")...)
		require.Equal(t, cli.ExitError, got.Status, args)
		require.Contains(t, got.Err, want)
		require.Empty(t, got.Out)
	}
}

// Ctrl-C ends what waits, as its ordinary end; during a run it is as for any other.
func TestCtrlCEndsWatching(t *testing.T) {
	path := clitest.Scenario(t, "case.txtar", clitest.Passing)
	self, err := os.Executable()
	require.NoError(t, err)
	c := exec.Command(self, "run", path, "--watch")
	c.Env = append(os.Environ(), clitest.AsCommand+"=1")
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	for lines := bufio.NewScanner(out); lines.Scan() && !strings.HasPrefix(lines.Text(), "Waiting for"); {
	}
	require.NoError(t, c.Process.Signal(os.Interrupt))
	require.NoError(t, c.Wait())

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got := clitest.RunUntil(ctx, "run", path, "--watch")
	require.Equal(t, clitest.RunUntil(ctx, "run", path), got)
	require.Equal(t, cli.ExitError, got.Status)
}
