package main

import (
	"path/filepath"
	"testing"

	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"

	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { clitest.Main(m) }

func TestExitStatus(t *testing.T) {
	file := func(text string) string { return clitest.Scenario(t, "case.txtar", text) }
	broken := clitest.OurCluster(t, "active/ipwatch.dat", "-i=192.168.10.202", "-i=192.168.10.200")
	good, bad, nothing := filepath.Join(t.TempDir(), "good"), filepath.Join(t.TempDir(), "bad"), filepath.Join(t.TempDir(), "no", "file")
	for _, c := range []struct {
		status int
		what   string
		args   []string
	}{
		{0, "everything holds", []string{"run", "cable-pull"}},
		{0, "a failover in its band", []string{"run", file(clitest.Passing)}},
		{0, "a cluster refused as expected", []string{"run", file(clitest.Refused)}},
		{0, "a good cluster", []string{"check", clitest.OurCluster(t, "", "", "")}},
		{0, "a good scenario", []string{"check", file(clitest.Passing)}},
		{0, "a scenario of a refused cluster", []string{"check", file(clitest.Refused)}},
		{0, "the list", []string{"list"}},
		{0, "the profiles", []string{"profiles"}},
		{0, "one profile", []string{"profiles", "srv-2008"}},
		{0, "the schema", []string{"schema"}},
		{0, "a run that is saved", []string{"run", file(clitest.Passing), "--save", good}},
		{0, "reports of a run that passed", []string{"report", good}},
		{0, "a run and itself", []string{"diff", good, good}},
		{0, "no command", []string{}},
		{0, "the version", []string{"--version"}},
		{0, "help", []string{"help"}},
		{0, "help on a command", []string{"help", "run"}},
		{0, "help on scenario files", []string{"help", "verbs"}},
		{0, "help on a rule", []string{"help", "W12"}},
		{0, "help on the rules", []string{"help", "rules"}},
		{0, "a weakness that a scenario is there to show", []string{"run", "ad-client"}},
		{0, "a weakness beside what passes", []string{"run", file(clitest.Passing), "ad-client"}},
		{1, "an expectation does not hold", []string{"run", file(clitest.Failing)}},
		{1, "one of two does not hold", []string{"run", file(clitest.Passing), file(clitest.Failing)}},
		{1, "a weakness beside what fails", []string{"run", "ad-client", file(clitest.Failing)}},
		{1, "a weakness that is not expected", []string{"run", file(clitest.Unexpected)}},
		{1, "a broken cluster", []string{"check", broken}},
		{1, "a broken scenario", []string{"check", file(clitest.Malformed)}},
		{1, "a good and a broken one", []string{"check", file(clitest.Passing), file(clitest.Malformed)}},
		{1, "a run with findings that is saved", []string{"run", file(clitest.Failing), "--save", bad}},
		{1, "reports of a run with findings", []string{"report", bad}},
		{1, "two runs", []string{"diff", good, bad}},
		{2, "a folder that is taken", []string{"run", file(clitest.Passing), "--save", good}},
		{2, "a trace that cannot be written", []string{"run", file(clitest.Passing), "--perfetto", nothing}},
		{2, "two things for standard output", []string{"run", file(clitest.Passing), "--json", "--annotations"}},
		{2, "no saved run", []string{"report", t.TempDir()}},
		{2, "no folder", []string{"report", nothing}},
		{2, "nothing to report", []string{"report"}},
		{2, "reports that cannot be written", []string{"report", good, "--junit", nothing}},
		{2, "one run to compare", []string{"diff", good}},
		{2, "a run that is not there", []string{"diff", good, nothing}},
		{2, "more than the schema", []string{"schema", "all"}},
		{2, "a profile that does not exist", []string{"profiles", "srv-1066"}},
		{2, "profiles of no cluster", []string{"profiles", "--cluster", nothing}},
		{2, "a study where a scenario should be", []string{"run", "field"}},
		{2, "a file that does not exist", []string{"run", filepath.Join(t.TempDir(), "no.txtar")}},
		{2, "a name that does not exist", []string{"run", "no-such-scenario"}},
		{2, "a folder without scenarios", []string{"run", t.TempDir()}},
		{2, "a malformed scenario", []string{"run", file(clitest.Malformed)}},
		{2, "a step that cannot be done", []string{"run", file(clitest.Impossible)}},
		{2, "a cluster refused by surprise", []string{"run", "cable-pull", "--cluster", broken}},
		{2, "a cluster that does not exist", []string{"run", "cable-pull", "--cluster", filepath.Join(t.TempDir(), "no")}},
		{2, "a file for a cluster", []string{"run", "cable-pull", "--cluster", file(clitest.Passing)}},
		{2, "nothing to run", []string{"run"}},
		{2, "a language that does not exist", []string{"run", "cable-pull", "--lang", "fr"}},
		{2, "nothing to check", []string{"check"}},
		{2, "a missing folder", []string{"check", filepath.Join(t.TempDir(), "no")}},
		{2, "a missing folder and a broken scenario", []string{"check", filepath.Join(t.TempDir(), "no"), file(clitest.Malformed)}},
		{2, "a file of another kind", []string{"check", filepath.Join(broken, "cluster.toml")}},
		{2, "more than the list", []string{"list", "all"}},
		{2, "cases and a time", []string{"search", "--cases", "5", "--for", "1m"}},
		{2, "no time", []string{"search", "--for", "0s"}},
		{2, "a search of no cluster", []string{"search", "--cluster", nothing}},
		{2, "a search of a broken cluster", []string{"search", "--cluster", broken}},
		{2, "a night without a folder", []string{"nightly", "--for", "1m"}},
		{2, "a night without time", []string{"nightly", "-o", filepath.Join(t.TempDir(), "night")}},
		{2, "a night since none", []string{"nightly", "--for", "1m", "-o", filepath.Join(t.TempDir(), "night"), "--since", t.TempDir()}},
		{2, "a night in another folder", []string{"nightly", "--for", "1m", "-o", good}},
		{2, "no such command", []string{"rnu"}},
		{2, "no such topic", []string{"help", "rnu"}},
		{2, "no such rule", []string{"help", "Q99"}},
	} {
		got := clitest.Run(c.args...)
		require.Equal(t, c.status, got.Status, "%s: ipwsim %q\n%s%s", c.what, c.args, got.Out, got.Err)
		require.Equal(t, c.status == 2, got.Err != "", "standard error is for what could not be run: %q: %s", c.args, got.Err)
	}
}

// A folder that was dropped on the program is audited; what check refuses has no page.
func TestAFolderIsDropped(t *testing.T) {
	empty := t.TempDir()
	got := clitest.Run(empty)
	require.Equal(t, cli.ExitFindings, got.Status)
	require.Contains(t, got.Err, "cluster.toml: error: it does not exist")
	require.NoFileExists(t, empty+"-audit.html")
}
