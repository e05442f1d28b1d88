package main

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"ipwsim/reports/runtest"
	"ipwsim/scenarios"
	"ipwsim/scenarios/manual"
)

// The tests speak English wherever they are run, but for those that set another language.
func init() {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		os.Unsetenv(name)
	}
}

// said is what a command line came to.
type said struct {
	status   int
	out, err string
}

func ipwsim(args ...string) said { return ipwsimUntil(context.Background(), args...) }

func ipwsimUntil(ctx context.Context, args ...string) said {
	var out, err bytes.Buffer
	status := execute(ctx, args, &out, &err)
	return said{status, out.String(), err.String()}
}

// scenario writes a scenario file into a new folder and returns its path.
func scenario(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	writeText(t, path, text)
	return path
}

// read is what a file holds.
func read(t testing.TB, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}

// oneLine is a text with its lines unwrapped.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func writeText(t testing.TB, path, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}

// ourCluster is a copy of the guide's cluster with one file changed; "" leaves it as it is.
func ourCluster(t testing.TB, file, old, new string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "our-cluster")
	guide, err := fs.Sub(scenarios.Clusters(), "guide")
	require.NoError(t, err)
	require.NoError(t, os.CopyFS(dir, guide))
	if file == "" {
		return dir
	}
	path := filepath.Join(dir, filepath.FromSlash(file))
	data := read(t, path)
	require.Contains(t, data, old)
	writeText(t, path, strings.ReplaceAll(data, old, new))
	return dir
}

const (
	passing    = "# Passes\ncluster guide\nping client vip\nat 5s unplug active\nexpect failover 30s..40s\nend 50s\n"
	failing    = "# Fails\ncluster guide\nping client vip\nat 5s unplug active\nexpect failover 1s..2s\nend 50s\n"
	unexpected = "# Fails a check\ncluster guide\nping client vip\nat 5s netsh standby lie\nat 10s unplug active\nend 100s\n"
	malformed  = "# Malformed\ncluster guide\nat 5 unplug active\nexpect holder active\n"
	impossible = "# Impossible\ncluster guide\nat 5s plug active\nexpect holder active\n"
	refused    = "# Refused\ncluster guide\nexpect problem is the real address\n" + realVIP
	realVIP    = "-- active/ipwatch.dat --\n-c=\\\\hvt162EPST12 -i=192.168.10.200 -f=イーサネット\n" +
		"-- standby/ipwatch.dat --\n-c=\\\\hvt162EPST11 -i=192.168.10.200 -f=イーサネット\n"
)

func TestExitStatus(t *testing.T) {
	file := func(text string) string { return scenario(t, "case.txtar", text) }
	broken := ourCluster(t, "active/ipwatch.dat", "-i=192.168.10.202", "-i=192.168.10.200")
	good, bad, nothing := filepath.Join(t.TempDir(), "good"), filepath.Join(t.TempDir(), "bad"), filepath.Join(t.TempDir(), "no", "file")
	for _, c := range []struct {
		status int
		what   string
		args   []string
	}{
		{0, "everything holds", []string{"run", "cable-pull"}},
		{0, "a failover in its band", []string{"run", file(passing)}},
		{0, "a cluster refused as expected", []string{"run", file(refused)}},
		{0, "a good cluster", []string{"check", ourCluster(t, "", "", "")}},
		{0, "a good scenario", []string{"check", file(passing)}},
		{0, "a scenario of a refused cluster", []string{"check", file(refused)}},
		{0, "the list", []string{"list"}},
		{0, "the profiles", []string{"profiles"}},
		{0, "one profile", []string{"profiles", "srv-2008"}},
		{0, "the schema", []string{"schema"}},
		{0, "a run that is saved", []string{"run", file(passing), "--save", good}},
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
		{0, "a weakness beside what passes", []string{"run", file(passing), "ad-client"}},
		{1, "an expectation does not hold", []string{"run", file(failing)}},
		{1, "one of two does not hold", []string{"run", file(passing), file(failing)}},
		{1, "a weakness beside what fails", []string{"run", "ad-client", file(failing)}},
		{1, "a weakness that is not expected", []string{"run", file(unexpected)}},
		{1, "a broken cluster", []string{"check", broken}},
		{1, "a broken scenario", []string{"check", file(malformed)}},
		{1, "a good and a broken one", []string{"check", file(passing), file(malformed)}},
		{1, "a run with findings that is saved", []string{"run", file(failing), "--save", bad}},
		{1, "reports of a run with findings", []string{"report", bad}},
		{1, "two runs", []string{"diff", good, bad}},
		{2, "a folder that is taken", []string{"run", file(passing), "--save", good}},
		{2, "a trace that cannot be written", []string{"run", file(passing), "--perfetto", nothing}},
		{2, "two things for standard output", []string{"run", file(passing), "--json", "--annotations"}},
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
		{2, "a malformed scenario", []string{"run", file(malformed)}},
		{2, "a step that cannot be done", []string{"run", file(impossible)}},
		{2, "a cluster refused by surprise", []string{"run", "cable-pull", "--cluster", broken}},
		{2, "a cluster that does not exist", []string{"run", "cable-pull", "--cluster", filepath.Join(t.TempDir(), "no")}},
		{2, "a file for a cluster", []string{"run", "cable-pull", "--cluster", file(passing)}},
		{2, "nothing to run", []string{"run"}},
		{2, "a language that does not exist", []string{"run", "cable-pull", "--lang", "fr"}},
		{2, "nothing to check", []string{"check"}},
		{2, "a missing folder", []string{"check", filepath.Join(t.TempDir(), "no")}},
		{2, "a missing folder and a broken scenario", []string{"check", filepath.Join(t.TempDir(), "no"), file(malformed)}},
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
		got := ipwsim(c.args...)
		require.Equal(t, c.status, got.status, "%s: ipwsim %q\n%s%s", c.what, c.args, got.out, got.err)
		require.Equal(t, c.status == 2, got.err != "", "standard error is for what could not be run: %q: %s", c.args, got.err)
	}
}

func TestWhatIsNotUnderstoodIsHinted(t *testing.T) {
	for hint, args := range map[string][]string{
		"`ipwsim run -h`":           {"run", "--sed", "3"},
		"`ipwsim run -h` shows":     {"run", "cable-pull", "--seed", "-1"},
		"`ipwsim check -h`":         {"check", "--all"},
		"`ipwsim list -h`":          {"list", "cable-pull"},
		"`ipwsim -h`":               {"--verbose"},
		"Did you mean this?\n  run": {"rnu"},
		"`ipwsim help` lists":       {"help", "rnu"},
		"expected en or ja":         {"run", "--lang", "de", "cable-pull"},
		"`ipwsim list` lists":       {"run"},
	} {
		got := ipwsim(args...)
		require.Equal(t, exitError, got.status, args)
		require.Contains(t, got.err, hint)
		require.Empty(t, got.out)
	}
}

// commands are the root and everything below it.
func commands(c *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{c}
	for _, sub := range c.Commands() {
		if !sub.Hidden {
			all = append(all, commands(sub)...)
		}
	}
	return all
}

func TestEveryCommandShowsExamples(t *testing.T) {
	root := command()
	root.InitDefaultHelpCmd()
	all := commands(root)
	require.Len(t, all, 27, "the root, run, search, nightly, report, diff, study with run, merge, show and columns, compare, explore, history, init, check, audit, graph, console, list, profiles, completion, serve, schema, help, verbs and rules")
	for _, c := range all {
		path := strings.Fields(c.CommandPath())[1:]
		got := ipwsim(append(path, "-h")...)
		require.Equal(t, exitPass, got.status)
		require.Contains(t, got.out, "\nExamples", "ipwsim %s -h", strings.Join(path, " "))
		requireColumns(t, got.out)
		if _, both := manual.Lookup(strings.Join(path, " ")); !both {
			require.Equal(t, got.out, ipwsim(append([]string{"help"}, path...)...).out, "help says the same")
		}
	}
}

// Every shipped name that help pages mention exists.
func TestExamplesNameShippedScenarios(t *testing.T) {
	n := 0
	for _, c := range commands(command()) {
		for _, line := range strings.Split(c.Example, "\n") {
			words := strings.Fields(line)
			if len(words) > 2 && words[1] == "run" && !strings.HasPrefix(words[2], "-") {
				require.Contains(t, scenarios.Names(), words[2])
				n++
			}
		}
	}
	require.Greater(t, n, 5)
}

// requireColumns wants text that fits a terminal and does nothing to it.
func requireColumns(t testing.TB, text string) {
	t.Helper()
	runtest.Harmless(t, text, 80)
}

func TestListShowsEveryScenarioWithItsTitle(t *testing.T) {
	for lang, title := range map[string]string{"en": "Cable pull and return", "ja": "ケーブルを抜き、挿し直す"} {
		got := ipwsim("list", "--lang", lang)
		require.Equal(t, exitPass, got.status, got.err)
		for _, name := range scenarios.Names() {
			require.Regexp(t, `(?m)^[ !] `+name+` +\S`, got.out)
		}
		require.Regexp(t, `(?m)^  cable-pull +`+title, got.out)
		requireColumns(t, got.out)
	}
}

// unwrapped is a text without its blanks: lines of Japanese break where there are none.
func unwrapped(text string) string { return strings.Join(strings.Fields(text), "") }
