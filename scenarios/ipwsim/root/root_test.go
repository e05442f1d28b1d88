package root_test

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
	"ipwsim/scenarios/ipwsim/root"
	"ipwsim/scenarios/manual"
)

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
		got := clitest.Run(args...)
		require.Equal(t, cli.ExitError, got.Status, args)
		require.Contains(t, got.Err, hint)
		require.Empty(t, got.Out)
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
	top := root.New()
	top.InitDefaultHelpCmd()
	all := commands(top)
	require.Len(t, all, 28, "the root, run, search, nightly, report, diff, study with run, merge, show and columns, compare, explore, history, init, check, audit, graph, console, list, clusters, profiles, completion, serve, schema, help, verbs and rules")
	for _, c := range all {
		path := strings.Fields(c.CommandPath())[1:]
		got := clitest.Run(append(path, "-h")...)
		require.Equal(t, cli.ExitPass, got.Status)
		require.Contains(t, got.Out, "\nExamples", "ipwsim %s -h", strings.Join(path, " "))
		clitest.Columns(t, got.Out)
		if _, both := manual.Lookup(strings.Join(path, " ")); !both {
			require.Equal(t, got.Out, clitest.Run(append([]string{"help"}, path...)...).Out, "help says the same")
		}
	}
}

// Every shipped name that help pages mention exists.
func TestExamplesNameShippedScenarios(t *testing.T) {
	n := 0
	for _, c := range commands(root.New()) {
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

func TestListShowsEveryScenarioWithItsTitle(t *testing.T) {
	for lang, title := range map[string]string{"en": "Cable pull and return", "ja": "ケーブルを抜き、挿し直す"} {
		got := clitest.Run("list", "--lang", lang)
		require.Equal(t, cli.ExitPass, got.Status, got.Err)
		for _, name := range scenarios.Names() {
			require.Regexp(t, `(?m)^[ !] `+name+` +\S`, got.Out)
		}
		require.Regexp(t, `(?m)^  cable-pull +`+title, got.Out)
		clitest.Columns(t, got.Out)
	}
}

// The version is that of the reports.
func TestTheVersion(t *testing.T) {
	require.Equal(t, cli.Program()+"\n", clitest.Run("--version").Out)
}
