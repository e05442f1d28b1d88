package main

import (
	"testing"

	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"

	"github.com/stretchr/testify/require"
)

// Who names what is not there, or what another command takes, is told what there is and which command to type.
func TestHints(t *testing.T) {
	ours := clitest.OurCluster(t, "", "", "")
	for want, args := range map[string][]string{
		`found no folder, file or shipped cluster called "gude" (did you mean "guide"?); shipped are `: {"audit", "gude"},
		`found no folder, file or shipped cluster called "nosuch"; shipped are `:                       {"check", "nosuch"},
		"found no rule Q99, expected one of W1-W22, ":                                                  {"help", "q99"},
		`unknown command "nosuch" for "ipwsim"`:                                                        {"help", "nosuch"},
		`found "nobody", expected one of seeds, study, search, audit`:                                  {"worker", "nobody"},
		"found cluster " + ours + ", expected a scenario; `ipwsim audit ":                              {"run", ours},
		"found no scenario file in " + t.TempDir()[:1]:                                                 {"run", t.TempDir()},
	} {
		got := clitest.Run(args...)
		require.Equal(t, cli.ExitError, got.Status, args)
		require.Contains(t, clitest.OneLine(got.Err), want, args)
		require.Empty(t, got.Out, args)
		if args[1] != "nosuch" {
			require.NotContains(t, clitest.Run(append(args, "--lang", "ja")...).Err, "expected", args)
		}
	}
	graph := clitest.OneLine(clitest.Run("graph", ours).Out)
	require.Regexp(t, `^The network of cluster guide sw1 `, graph, "its title once")
}
