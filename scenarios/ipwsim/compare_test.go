package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/study"
	"ipwsim/sim/studied"
)

// smallStudy is the folder of a small study with its answers.
func smallStudy(t *testing.T, args ...string) (dir, out string) {
	dir = filepath.Join(t.TempDir(), "study")
	got := ipwsim(append([]string{"study", "--runs", "20", "-o", dir}, args...)...)
	require.Equal(t, exitPass, got.status, got.err)
	return dir, got.out
}

func TestStudyAnswers(t *testing.T) {
	dir, out := smallStudy(t, "--interval", "5,10", "--want", "median failover < 12s, false < 1/year", "--faults-per-year", "2")
	requireColumns(t, strings.ReplaceAll(out, dir, "study"))
	require.Contains(t, strings.Join(strings.Fields(out), " "), "Assumed: 2 faults a year")
	require.Contains(t, out, "Fastest that keeps it: interval 5s\nWith fresh seeds, a study of it alone: kept\nToday's setting: broken\n")

	data, err := os.ReadFile(filepath.Join(dir, "summary.json"))
	require.NoError(t, err)
	var a studied.Answers
	require.NoError(t, json.Unmarshal(data, &a))
	require.Len(t, a.Cells, 2)
	require.Equal(t, 2.0, a.Rates.Faults)
	require.Equal(t, 20, a.Want.Fresh[0].Runs)
	text, err := os.ReadFile(filepath.Join(dir, "summary.txt"))
	require.NoError(t, err)
	require.Contains(t, out, string(text), "a small study is printed whole")
}

// What cannot be understood of a promise or of the rates is said before anything is run.
func TestBadAnswersRunNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "study")
	got := ipwsim("study", "-o", dir, "--want", "p99 < 3s, false < 1")
	require.Equal(t, exitError, got.status)
	require.Contains(t, got.err, "error: --want: unknown figure \"p99\"")
	require.Contains(t, got.err, "error: --want: false: found \"1\", expected a number a year, as 1/year or 0.1/year")
	require.Equal(t, said{exitError, "", "--repair: found -1s, expected 0s to 8760h\n"}, ipwsim("study", "-o", dir, "--repair", "-1s"))
	require.NoDirExists(t, dir)
}

// A run of a study, or a cell's worst case, is one command away from its transcript.
func TestStudyShow(t *testing.T) {
	dir, _ := smallStudy(t, "--interval", "5,10")
	got := ipwsim("study", "show", dir, "--cell", "1", "--worst")
	require.Equal(t, exitPass, got.status, got.err)
	require.Contains(t, got.out, "Cell 1: interval 10s; its worst case: fault at ")
	require.Contains(t, got.out, "17.0 s")
	require.Contains(t, got.out, "Request timed out.")
	r, err := study.Load(dir)
	require.NoError(t, err)
	row := r.Rows[3]
	got = ipwsim("study", "show", dir, "--seed", "1000003")
	require.Equal(t, exitPass, got.status, got.err)
	require.Equal(t, uint64(1000003), row.Seed)
	require.Contains(t, got.out, "seed 1000003")
	require.Contains(t, strings.Join(strings.Fields(got.out), " "), "--cell 0 --seed 1000003")

	for want, args := range map[string][]string{
		"--cell: found 2, expected 0 to 1":                 {dir, "--cell", "2", "--worst"},
		"expected either --seed S or --worst":              {dir},
		"--lang: found \"xx\", expected en or ja":          {dir, "--worst", "--lang", "xx"},
		"the cluster or the program has changed since":     {dir, "--worst", "--cluster", ourCluster(t, "cluster.toml", `"2m"`, `"3m"`)},
		"found no plan.toml and no cluster.toml, expected": {t.TempDir(), "--worst"},
	} {
		got := ipwsim(append([]string{"study", "show"}, args...)...)
		require.Equal(t, exitError, got.status)
		require.Contains(t, got.err, want)
	}
}

func TestCompare(t *testing.T) {
	before, _ := smallStudy(t, "--interval", "5,10", "--failover-only")
	after, _ := smallStudy(t, "--interval", "10,20", "--failover-only")
	got := ipwsim("compare", before, after)
	require.Equal(t, exitPass, got.status, got.err)
	require.Contains(t, got.out, "Failover is the same for every seed.", "10 s in both")
	require.Equal(t, 1, strings.Count(got.out, "\nB  "), "one cell is in both")

	got = ipwsim("compare", before, "--cells", "0,1")
	require.Equal(t, exitPass, got.status, got.err)
	require.Contains(t, got.out, "   interval: 5s, then 10s\n")
	require.Contains(t, got.out, "For the client that fares worst: client in 20 of 20 runs (192.168.10.202).")
	require.Contains(t, got.out, "Failover is significantly longer in B.")
	require.Contains(t, ipwsim("compare", before, "--cells", "0,1", "--lang", "ja").out, "B のほうが有意に長くなります。")
	require.Contains(t, got.out, "ipwsim study show "+before+" --cell 1 --seed ")

	got = ipwsim("compare", before, "--cells", "0,1", "--json")
	var all []studied.Comparison
	require.NoError(t, json.Unmarshal([]byte(got.out), &all))
	require.Equal(t, 20, all[0].Failover.Longer)

	for want, args := range map[string][]string{
		"found one folder, expected two, or --cells":         {before},
		"--cells: found 1 numbers, expected two, as 3,7":     {before, "--cells", "1"},
		": found cell 7, expected 0 to 1":                    {before, "--cells", "1,7"},
		"found no plan.json, expected the folder of a study": {before, t.TempDir()},
		"found a cluster and a study":                        {before, ourCluster(t, "", "", "")},
		"--client, --vip: found two studies":                 {before, after, "--client", "client"},
		"--workers: found 0, expected 1 or more":             {before, after, "--workers", "0"},
	} {
		got := ipwsim(append([]string{"compare"}, args...)...)
		require.Equal(t, exitError, got.status)
		require.Contains(t, got.err, want)
	}
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
}
