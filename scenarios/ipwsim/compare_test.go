package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/studied"
)

func TestCompare(t *testing.T) {
	before, _ := smallStudy(t, "--interval", "5,10", "--failover-only")
	after, _ := smallStudy(t, "--interval", "10,20", "--failover-only")
	got := ipwsim("compare", before, after)
	require.Equal(t, exitPass, got.status, got.err)
	require.Contains(t, got.out, "Failover is the same for every seed.", "10 s in both")
	require.Equal(t, 1, strings.Count(got.out, "\nB  "), "one cell is in both")

	got = ipwsim("compare", before, "--cells", "0,1")
	require.Equal(t, exitPass, got.status, got.err)
	requireColumns(t, strings.ReplaceAll(got.out, before, "before"))
	require.Contains(t, got.out, "   interval: 5s, then 10s\n")
	require.Contains(t, got.out, "For the client that fares worst: client in 20 of 20 runs (192.168.10.202).")
	require.Contains(t, got.out, "Failover is significantly longer in B.")
	require.Contains(t, ipwsim("compare", before, "--cells", "0,1", "--lang", "ja").out, "B のほうが有意に長くなります。")
	require.Contains(t, got.out, "ipwsim study show "+before+" --cell 1 --seed ")

	got = ipwsim("compare", before, "--cells", "0,1", "--json")
	require.Equal(t, exitPass, got.status, got.err)
	require.Equal(t, 20, comparisonsIn(t, got.out)[0].Failover.Longer)

	for want, args := range map[string][]string{
		"found one folder, expected two, or --cells":                   {before},
		"--cells: found 1 numbers, expected two, as 3,7":               {before, "--cells", "1"},
		": found cell 7, expected 0 to 1":                              {before, "--cells", "1,7"},
		"found no plan.json, expected the folder of a study":           {before, t.TempDir()},
		"found a cluster and a study":                                  {before, ourCluster(t, "", "", "")},
		"--client, --vip: found two studies":                           {before, after, "--client", "client"},
		`--workers: found "0", expected a whole number from 1 to 1024`: {before, after, "--workers", "0"},
	} {
		got := ipwsim(append([]string{"compare"}, args...)...)
		require.Equal(t, exitError, got.status)
		require.Contains(t, got.err, want)
		require.Empty(t, got.out)
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
	got := ipwsim("compare", "guide", "--watchers", "ipwcs,vrrp", "--runs", "6")
	require.Equal(t, exitPass, got.status, got.err)
	require.Contains(t, got.out, "watcher: ipwcs, then vrrp")
	require.Contains(t, got.out, "ipwsim study show guide --watcher vrrp --seed")
	require.Contains(t, got.out, "Failover is significantly shorter in B.")
	for args, want := range map[string]string{
		"guide --watchers ipwcs":              "found 1 names, expected two",
		"guide vrrp --watchers ipwcs,vrrp":    "found guide vrrp, expected one cluster",
		"guide --watchers ipwcs,keepalived":   `unknown watcher "keepalived"`,
		"nowhere --watchers ipwcs,vrrp":       "expected one cluster",
		"guide --cells 0,1 --watchers a,vrrp": "and no --cells",
	} {
		require.Contains(t, ipwsim(append([]string{"compare"}, strings.Fields(args)...)...).err, want, args)
	}
	got = ipwsim("study", "show", "guide", "--watcher", "vrrp", "--seed", "1000001")
	require.Contains(t, got.out, "ipwsim study show guide --watcher vrrp --cell 0 --seed 1000001")
}

// Two clusters are run with the same seeds.
func TestCompareClusters(t *testing.T) {
	guide, slow := ourCluster(t, "", "", ""), ourCluster(t, "cluster.toml", `["0.2s", "1s"]`, `["4s", "5s"]`)
	got := ipwsim("compare", guide, guide, "--runs", "6")
	require.Equal(t, exitPass, got.status, got.err)
	require.Contains(t, got.out, "Failover is the same for every seed.")
	got = ipwsim("compare", guide, slow, "--runs", "20")
	require.Equal(t, exitPass, got.status, got.err)
	require.Contains(t, got.out, "   netsh: 200ms..1s, then 4s..5s\n")
	require.Contains(t, got.out, "Failover is significantly longer in B.")
	got = ipwsim("study", "show", guide, "--seed", "1000002")
	require.Equal(t, exitPass, got.status, got.err)
	require.Contains(t, got.out, "seed 1000002")

	for want, args := range map[string][]string{
		"--cells: found two clusters, which have no cells":                      {"--cells", "0,1"},
		`error: client: there is no client "clint" (did you mean "client"?)`:    {"--client", "clint"},
		"error: vip: there is no VIP 192.168.10.203; expected 192.168.10.202\n": {"--vip", "192.168.10.203"},
		`error: vip: found "here", expected an address` + "\n":                  {"--vip", "here"},
		`--runs: found "010", expected a whole number from 1 to 1000000`:        {"--runs", "010"},
		`--workers: found "0", expected a whole number from 1 to 1024`:          {"--workers", "0"},
	} {
		require.Contains(t, ipwsim(append([]string{"compare", guide, slow}, args...)...).err, want)
	}
}

// Two clusters with the same machines in another order do not differ, and both sides speak for the client that fares
// worst; --client narrows both to another.
func TestCompareInAnotherOrder(t *testing.T) {
	a, b := offices(t, pc, adPC), offices(t, adPC, pc)
	got := ipwsim("compare", a, b, "--runs", "6")
	require.Equal(t, exitPass, got.status, got.err)
	require.Contains(t, got.out, "Failover is the same for every seed.")
	require.Regexp(t, `(?m)^failback +6 +0/0 `, got.out)
	require.Equal(t, 2, strings.Count(got.out, "For the client that fares worst: ad-pc in 6 of 6 runs (192.168.10.202)."))

	got = ipwsim("compare", a, b, "--runs", "6", "--client", "pc", "--json")
	require.Equal(t, exitPass, got.status, got.err)
	one := comparisonsIn(t, got.out)[0]
	require.Equal(t, "pc", one.A.Client)
	require.Equal(t, []studied.Who{{Client: "pc", VIP: "192.168.10.202", Runs: 6}}, one.B.For)
}
