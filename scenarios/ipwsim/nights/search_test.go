package nights_test

import (
	"testing"

	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"

	"github.com/stretchr/testify/require"
)

// A search ends with what it has done, on drawn clusters, a shipped one or one's own, and a part of it alone.
func TestSearch(t *testing.T) {
	for want, args := range map[string][]string{
		"Clusters and faults were drawn with seed 5.": {"--cases", "3", "--seed", "5"},
		"4 cases in":  {"--cases", "4", "--workers", "1", "--part", "2"},
		"18 cases in": {"--cases", "17"},
		"Faults were drawn for the cluster offices with seed 1.":     {"--cases", "2", "--cluster", "offices"},
		"Faults were drawn for the cluster our-cluster with seed 1.": {"--cases", "2", "--cluster", clitest.OurCluster(t, "", "", "")},
	} {
		got := clitest.Run(append([]string{"search"}, args...)...)
		require.Equal(t, cli.ExitPass, got.Status, got.Err+got.Out)
		require.Contains(t, clitest.OneLine(got.Out), want)
		clitest.Columns(t, got.Out)
	}
}

// A search of no case has shown nothing.
func TestASearchOfNoCaseFails(t *testing.T) {
	got := clitest.Run("search", "--for", "1ns")
	require.Equal(t, cli.ExitFindings, got.Status, got.Err+got.Out)
	require.Contains(t, got.Out, "FAIL  no case was run: there was no time for one")
}
