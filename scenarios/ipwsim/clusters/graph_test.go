package clusters_test

import (
	"path/filepath"
	"strings"
	"testing"

	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
	"ipwsim/scenarios/ipwsim/lookup"

	"github.com/stretchr/testify/require"
)

// A cluster is drawn as its files have it, shipped or one's own, in both languages.
func TestAClusterIsDrawn(t *testing.T) {
	got := clitest.Run("graph", "guide")
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	require.Equal(t, `The network of cluster guide

sw1           switch
|--- active   192.168.10.200 hvt162EPST11  VIP 192.168.10.202; master
|--- standby  192.168.10.201 hvt162EPST12  slave
`+"`"+`--- client   192.168.10.150              windows-modern
`, got.Out)
	require.Contains(t, clitest.Run("graph", clitest.OurCluster(t, "", "", ""), "--lang", "ja").Out, "マスター")
	for _, name := range lookup.Shipped() {
		require.Equal(t, cli.ExitPass, clitest.Run("graph", name).Status, name)
	}
}

// A run is drawn before, in the worst of it, and at the end; or at any time.
func TestARunIsDrawn(t *testing.T) {
	got := clitest.Run("graph", "cable-pull")
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	for _, want := range []string{
		"Before the first fault, at 20.0 s", "In the longest silence, at 37.0 s", "At the end, after 110.0 s",
		"|-X- active (1)  192.168.10.200 hvt162EPST11  VIP 192.168.10.202 tentative", "unplug active, 20.0 s to 80.0 s",
	} {
		require.Contains(t, got.Out, want)
	}
	moment := clitest.Run("graph", clitest.Scenario(t, "case.txtar", "# A case\ncluster guide\nping client vip\nat 20s unplug active\nat 70s power-off standby\nend 80s\n"), "--at", "60s")
	require.Equal(t, cli.ExitPass, moment.Status, moment.Err)
	require.Contains(t, moment.Out, "|--- standby     192.168.10.201 hvt162EPST12  VIP 192.168.10.202")
	require.NotContains(t, moment.Out, "power-off", "it is not done yet")
	require.NotEqual(t, got.Out, clitest.Run("graph", "cable-pull", "--seed", "9").Out)
	require.Contains(t, clitest.Run("graph", "cable-pull", "--cluster", "mail").Out, "share")
}

// What was saved is drawn as what is run.
func TestASavedRunIsDrawn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kept")
	require.Equal(t, cli.ExitPass, clitest.Run("run", "cable-pull", "--save", dir).Status)
	require.Equal(t, clitest.Run("graph", "cable-pull").Out, clitest.Run("graph", dir).Out)
	require.Equal(t, cli.ExitError, clitest.Run("graph", dir, "--seed", "1").Status)
}

// The drawing goes into a file, beside the text, or alone to standard output: the same bytes each time.
func TestADrawingIsWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.svg")
	require.Contains(t, clitest.Run("graph", "cable-pull", "--svg", file).Out, "In the longest silence")
	drawn := clitest.Read(t, file)
	require.True(t, strings.HasPrefix(drawn, "<svg xmlns="))
	require.Equal(t, drawn, clitest.Run("graph", "cable-pull", "--svg", "-").Out)
}

func TestWhatCannotBeDrawn(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"gide"}, `found no folder, file, shipped cluster or shipped scenario called "gide" (did you mean "guide"?)`},
		{[]string{"guide", "--at", "5s"}, "--at: found cluster guide, expected a scenario"},
		{[]string{"cable-pull", "--at", "500s"}, "--at: found 8m20s, expected a time from 0s to 1m50s, when the run ends"},
		{[]string{"cable-pull", "--at", "-1s"}, "--at: found -1s"},
		{[]string{"vip-is-real"}, "found a cluster that is refused"},
		{[]string{"guide", "--svg", "/no/such/a.svg"}, "--svg: cannot write /no/such/a.svg: found no folder /no/such"},
		{[]string{t.TempDir()}, "cluster.toml"},
		{[]string{clitest.Scenario(t, "case.txtar", "# x\ncluster guide\nat 5s jump\n")}, "jump"},
	} {
		got := clitest.Run(append([]string{"graph"}, c.args...)...)
		require.Equal(t, cli.ExitError, got.Status, c.args)
		require.Contains(t, got.Err, c.want)
		require.Empty(t, got.Out)
	}
}
