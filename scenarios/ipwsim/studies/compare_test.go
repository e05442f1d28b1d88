package studies_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
	"ipwsim/sim/studied"
)

func TestCompare(t *testing.T) {
	before, _ := smallStudy(t, "--interval", "5,10", "--failover-only")
	after, _ := smallStudy(t, "--interval", "10,20", "--failover-only")
	got := clitest.Run("compare", before, after)
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	require.Contains(t, got.Out, "Failover is the same for every seed.", "10 s in both")
	require.Equal(t, 1, strings.Count(got.Out, "\nB  "), "one cell is in both")

	got = clitest.Run("compare", before, "--cells", "0,1")
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	clitest.Columns(t, strings.ReplaceAll(got.Out, before, "before"))
	require.Contains(t, got.Out, "   interval: 5s, then 10s\n")
	require.Contains(t, got.Out, "For the client that fares worst: client in 20 of 20 runs (192.168.10.202).")
	require.Contains(t, got.Out, "Failover is significantly longer in B.")
	require.Contains(t, clitest.Run("compare", before, "--cells", "0,1", "--lang", "ja").Out, "B のほうが有意に長くなります。")
	require.Contains(t, got.Out, "ipwsim study show "+before+" --cell 1 --seed ")

	got = clitest.Run("compare", before, "--cells", "0,1", "--json")
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	require.Equal(t, 20, comparisonsIn(t, got.Out)[0].Failover.Longer)

	for want, args := range map[string][]string{
		"found one folder, expected two, or --cells":                   {before},
		"--cells: found 1 numbers, expected two, as 3,7":               {before, "--cells", "1"},
		": found cell 7, expected 0 to 1":                              {before, "--cells", "1,7"},
		"found no plan.json, expected the folder of a study":           {before, t.TempDir()},
		"found a cluster and a study":                                  {before, clitest.OurCluster(t, "", "", "")},
		"--client, --vip: found two studies":                           {before, after, "--client", "client"},
		`--workers: found "0", expected a whole number from 1 to 1024`: {before, after, "--workers", "0"},
	} {
		got := clitest.Run(append([]string{"compare"}, args...)...)
		require.Equal(t, cli.ExitError, got.Status)
		require.Contains(t, got.Err, want)
		require.Empty(t, got.Out)
	}
}

func comparisonsIn(t *testing.T, text string) (all []studied.Comparison) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(text), &all))
	require.NotEmpty(t, all)
	return all
}

// One cluster is run with two watchers (V1).
func TestCompareWatchers(t *testing.T) {
	got := clitest.Run("compare", "guide", "--watchers", "ipwcs,vrrp", "--runs", "6")
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	require.Contains(t, got.Out, "watcher: ipwcs, then vrrp")
	require.Contains(t, got.Out, "ipwsim study show guide --watcher vrrp --seed")
	require.Contains(t, got.Out, "Failover is significantly shorter in B.")
	for args, want := range map[string]string{
		"guide --watchers ipwcs":              "found 1 names, expected two",
		"guide vrrp --watchers ipwcs,vrrp":    "found guide vrrp, expected one cluster",
		"guide --watchers ipwcs,keepalived":   `unknown watcher "keepalived"`,
		"nowhere --watchers ipwcs,vrrp":       "expected one cluster",
		"guide --cells 0,1 --watchers a,vrrp": "and no --cells",
	} {
		require.Contains(t, clitest.Run(append([]string{"compare"}, strings.Fields(args)...)...).Err, want, args)
	}
	got = clitest.Run("study", "show", "guide", "--watcher", "vrrp", "--seed", "1000001")
	require.Contains(t, got.Out, "ipwsim study show guide --watcher vrrp --cell 0 --seed 1000001")
}

// Two clusters are run with the same seeds.
func TestCompareClusters(t *testing.T) {
	guide, slow := clitest.OurCluster(t, "", "", ""), clitest.OurCluster(t, "cluster.toml", `["0.2s", "1s"]`, `["4s", "5s"]`)
	got := clitest.Run("compare", guide, guide, "--runs", "6")
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	require.Contains(t, got.Out, "Failover is the same for every seed.")
	got = clitest.Run("compare", guide, slow, "--runs", "20")
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	require.Contains(t, got.Out, "   netsh: 200ms..1s, then 4s..5s\n")
	require.Contains(t, got.Out, "Failover is significantly longer in B.")
	got = clitest.Run("study", "show", guide, "--seed", "1000002")
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	require.Contains(t, got.Out, "seed 1000002")

	for want, args := range map[string][]string{
		"--cells: found two clusters, which have no cells":                      {"--cells", "0,1"},
		`error: client: there is no client "clint" (did you mean "client"?)`:    {"--client", "clint"},
		"error: vip: there is no VIP 192.168.10.203; expected 192.168.10.202\n": {"--vip", "192.168.10.203"},
		`error: vip: found "here", expected an address` + "\n":                  {"--vip", "here"},
		`--runs: found "010", expected a whole number from 1 to 1000000`:        {"--runs", "010"},
		`--workers: found "0", expected a whole number from 1 to 1024`:          {"--workers", "0"},
	} {
		require.Contains(t, clitest.Run(append([]string{"compare", guide, slow}, args...)...).Err, want)
	}
}

// Two clusters with the same machines in another order do not differ, and both sides speak for the client that fares
// worst; --client narrows both to another.
func TestCompareInAnotherOrder(t *testing.T) {
	a, b := offices(t, pc, adPC), offices(t, adPC, pc)
	got := clitest.Run("compare", a, b, "--runs", "6")
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	require.Contains(t, got.Out, "Failover is the same for every seed.")
	require.Regexp(t, `(?m)^failback +6 +0/0 `, got.Out)
	require.Equal(t, 2, strings.Count(got.Out, "For the client that fares worst: ad-pc in 6 of 6 runs (192.168.10.202)."))

	got = clitest.Run("compare", a, b, "--runs", "6", "--client", "pc", "--json")
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	one := comparisonsIn(t, got.Out)[0]
	require.Equal(t, "pc", one.A.Client)
	require.Equal(t, []studied.Who{{Client: "pc", VIP: "192.168.10.202", Runs: 6}}, one.B.For)
}
