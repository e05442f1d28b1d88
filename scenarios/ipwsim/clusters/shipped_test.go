package clusters_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
	"ipwsim/scenarios/ipwsim/lookup"
)

// Each shipped cluster is listed with what it is, and can be copied: the copy has no other problems, and runs.
func TestShippedClusters(t *testing.T) {
	for _, lang := range []string{"en", "ja"} {
		got := clitest.Run("clusters", "--lang", lang)
		require.Equal(t, cli.ExitPass, got.Status, got.Err)
		lines := strings.Split(got.Out, "\n")
		for _, name := range lookup.Shipped() {
			require.Contains(t, strings.Join(lines, "|"), name+"  ")
		}
		require.Regexp(t, `(?m)^guide       \S`, got.Out, "with a sentence")
		require.NotRegexp(t, `(?m)^\S+ *$`, got.Out)
	}
	for _, name := range lookup.Shipped() {
		dir := filepath.Join(t.TempDir(), "ours")
		got := clitest.Run("clusters", name, dir)
		require.Equal(t, cli.ExitPass, got.Status, got.Err)
		require.Contains(t, got.Out, "ipwsim check ")
		require.Equal(t, clitest.Run("check", name).Out, strings.ReplaceAll(clitest.Run("check", dir).Out, dir, name))
		require.Equal(t, cli.ExitError, clitest.Run("clusters", name, dir).Status, "it is not empty")
	}
	require.Contains(t, clitest.Run("clusters", "guid", t.TempDir()).Err, "found \"guid\", expected a shipped cluster: `ipwsim clusters` lists them")
	require.Contains(t, clitest.Run("clusters", "guide").Err, "expected the name of a shipped cluster and a new folder, or neither")
}
