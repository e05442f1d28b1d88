package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"

	"github.com/stretchr/testify/require"
)

// Names from outside begin no line of their own and obey nobody, in whatever command they are printed.
func TestNamesFromOutsideStayInTheirLine(t *testing.T) {
	const evil = "x\n::error file=f::pwn\n\x1b[31m\u009b\u202e"
	dir := t.TempDir()
	file, folder := filepath.Join(dir, evil+".txtar"), filepath.Join(dir, evil)
	clitest.WriteText(t, file, "# t\ncluster guide\nfault\n")
	good := filepath.Join(dir, "good"+evil+".txtar")
	clitest.WriteText(t, good, clitest.Passing)
	require.NoError(t, os.CopyFS(folder, os.DirFS(clitest.OurCluster(t, "", "", ""))))
	clitest.WriteText(t, filepath.Join(folder, "active", evil+".reg"), "x")
	saved := filepath.Join(dir, "saved"+evil)
	for _, args := range [][]string{
		{"check", file}, {"check", folder}, {"check", dir + evil}, {"check", good}, {"run", file}, {"run", good}, {"run", good, "--json"}, {"run", good, "--annotations"},
		{"run", good, "cable-pull"}, {"run", evil}, {"run", "cable-pull", "--cluster", folder}, {"run", "cable-pull", "--cluster", evil},
		{"run", "cable-pull", "--junit", filepath.Join(evil, "x")}, {"study", evil}, {"study", folder}, {"study", "--client", evil, "-o", saved},
		{"study", "--axis", evil, "-o", saved}, {"study", "--want", evil, "-o", saved}, {"compare", evil, evil}, {"profiles", evil}, {"profiles", "--cluster", evil},
		{"run", good, "--save", saved}, {"report", saved}, {"report", evil}, {"diff", saved, saved}, {"diff", evil, saved}, {"list", evil}, {"help", evil}, {evil}, {"--" + evil},
		{"serve", "--cluster", evil}, {"console", evil}, {"study", "show", evil, "--worst"}, {"study", "merge", "--from", evil, "-o", saved + "2"},
	} {
		for _, lang := range []string{"en", "ja"} {
			got := clitest.Run(append(args, "--lang", lang)...)
			all := got.Out + got.Err
			require.NotContains(t, all, "\x1b", args)
			require.NotContains(t, all, "\u009b", args)
			require.NotContains(t, all, "\u202e", args)
			for line := range strings.Lines(all) {
				require.False(t, strings.HasPrefix(line, "::error file=f"), "%q: %s", args, all)
			}
			_ = os.RemoveAll(saved + "2")
			if args[0] == "run" && args[len(args)-1] == saved && lang == "en" {
				require.Equal(t, cli.ExitPass, got.Status, got.Err)
				require.DirExists(t, saved)
			}
		}
	}
}

// No scenario's name leads out of the folder that was given.
func TestAScenarioWritesIntoItsFolder(t *testing.T) {
	for _, name := range []string{"...txtar", "..txtar", ".txtar"} {
		dir := t.TempDir()
		clitest.WriteText(t, filepath.Join(dir, name), clitest.Passing)
		clitest.WriteText(t, filepath.Join(dir, "ok.txtar"), clitest.Passing)
		got := clitest.Run("run", dir, "--pcap", filepath.Join(dir, "out/captures"))
		require.Equal(t, cli.ExitError, got.Status)
		require.Contains(t, got.Err, "for the scenario's name, expected one that its folders and pages can have")
		require.NoDirExists(t, filepath.Join(dir, "out"))
	}
}

// What is not there, or says nothing, is said.
func TestNothingIsSaid(t *testing.T) {
	plan := filepath.Join(t.TempDir(), "plan.toml")
	clitest.WriteText(t, plan, "# nothing\n")
	for want, args := range map[string][]string{
		plan + ": error: found no setting; expected one at least":                    {"study", plan, "-o", t.TempDir()},
		`--want: found "", expected a text that is not empty`:                        {"study", "--want", "", "-o", t.TempDir()},
		`--cluster: found " ", expected a text that is not empty`:                    {"run", "cable-pull", "--cluster", " "},
		"--from: cannot read the folder nowhere: it does not exist":                  {"study", "merge", "--from", "nowhere", "-o", t.TempDir()},
		"192.168.10.200/0 is in a subnet of all addresses; expected a prefix length": {"check", clitest.OurCluster(t, "cluster.toml", "192.168.10.200/24", "192.168.10.200/0")},
	} {
		got := clitest.Run(args...)
		require.Contains(t, got.Out+got.Err, want)
		require.NotEqual(t, cli.ExitPass, got.Status)
	}
}
