package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A cluster is drawn as its files have it, shipped or one's own, in both languages.
func TestAClusterIsDrawn(t *testing.T) {
	got := ipwsim("graph", "guide")
	require.Equal(t, exitPass, got.status, got.err)
	require.Equal(t, `The network of cluster guide

sw1           switch
|--- active   192.168.10.200  VIP 192.168.10.202; master
|--- standby  192.168.10.201  slave
`+"`"+`--- client   192.168.10.150  windows-modern
`, got.out)
	require.Contains(t, ipwsim("graph", ourCluster(t, "", "", ""), "--lang", "ja").out, "マスター")
	for _, name := range shippedClusters() {
		require.Equal(t, exitPass, ipwsim("graph", name).status, name)
	}
}

// A run is drawn before, in the worst of it, and at the end; or at any time.
func TestARunIsDrawn(t *testing.T) {
	got := ipwsim("graph", "cable-pull")
	require.Equal(t, exitPass, got.status, got.err)
	for _, want := range []string{
		"Before the first fault, at 20.0 s", "In the longest silence, at 37.0 s", "At the end, after 110.0 s",
		"|-X- active (1)  192.168.10.200  VIP 192.168.10.202 tentative", "unplug active, 20.0 s to 80.0 s",
	} {
		require.Contains(t, got.out, want)
	}
	moment := ipwsim("graph", scenario(t, "case.txtar", "# A case\ncluster guide\nping client vip\nat 20s unplug active\nat 70s power-off standby\nend 80s\n"), "--at", "60s")
	require.Equal(t, exitPass, moment.status, moment.err)
	require.Contains(t, moment.out, "|--- standby     192.168.10.201  VIP 192.168.10.202")
	require.NotContains(t, moment.out, "power-off", "it is not done yet")
	require.NotEqual(t, got.out, ipwsim("graph", "cable-pull", "--seed", "9").out)
	require.Contains(t, ipwsim("graph", "cable-pull", "--cluster", "mail").out, "share")
}

// What was saved is drawn as what is run.
func TestASavedRunIsDrawn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kept")
	require.Equal(t, exitPass, ipwsim("run", "cable-pull", "--save", dir).status)
	require.Equal(t, ipwsim("graph", "cable-pull").out, ipwsim("graph", dir).out)
	require.Equal(t, exitError, ipwsim("graph", dir, "--seed", "1").status)
}

// The drawing goes into a file, beside the text, or alone to standard output: the same bytes each time.
func TestADrawingIsWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.svg")
	require.Contains(t, ipwsim("graph", "cable-pull", "--svg", file).out, "In the longest silence")
	drawn := contents(t, file)
	require.True(t, strings.HasPrefix(drawn, "<svg xmlns="))
	require.Equal(t, drawn, ipwsim("graph", "cable-pull", "--svg", "-").out)
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
		{[]string{scenario(t, "case.txtar", "# x\ncluster guide\nat 5s jump\n")}, "jump"},
	} {
		got := ipwsim(append([]string{"graph"}, c.args...)...)
		require.Equal(t, exitError, got.status, c.args)
		require.Contains(t, got.err, c.want)
		require.Empty(t, got.out)
	}
}
