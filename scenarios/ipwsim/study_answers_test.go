package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/study"
	"ipwsim/sim/studied"
)

func TestStudyAnswers(t *testing.T) {
	dir, out := smallStudy(t, "--interval", "5,10", "--want", "median failover < 12s, false < 1/year", "--faults-per-year", "2")
	requireColumns(t, strings.ReplaceAll(out, dir, "study"))
	require.Contains(t, oneLine(out), "Assumed: 2 faults a year")
	require.Contains(t, out, "Fastest that keeps it: interval 5s\nWith fresh seeds, a study of it alone: kept\nToday's setting: broken\n")

	var a studied.Answers
	require.NoError(t, json.Unmarshal([]byte(contents(t, dir, "summary.json")), &a))
	require.Len(t, a.Cells, 2)
	require.Equal(t, 2.0, a.Rates.Faults)
	require.Equal(t, 20, a.Want.Fresh[0].Runs)
	require.Contains(t, out, contents(t, dir, "summary.txt"), "a small study is printed whole")
	require.Contains(t, contents(t, dir, "index.html"), " --faults-per-year 2", "how it is made again")
}

// JSON is summary.json, of one study alone and of several as a list.
func TestStudyJSON(t *testing.T) {
	dir := t.TempDir()
	got := ipwsim("study", "--runs", "3", "--failover-only", "--json", "-o", dir)
	require.Equal(t, exitPass, got.status, got.err)
	require.NotContains(t, contents(t, dir, "summary.txt"), "its return", "there is no failback")
	require.JSONEq(t, contents(t, dir, "summary.json"), got.out)
	require.Equal(t, said{exitPass, got.out, ""}, ipwsim("study", filepath.Join(dir, "plan.toml"), "--json", "-o", t.TempDir()))
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
	require.Contains(t, oneLine(got.out), "Cell 1: interval 10s; its worst case: fault at ")
	require.Contains(t, got.out, "17.0 s  client -> 192.168.10.202", "W14: 10 + 3 + 1 + 3 s")
	require.Contains(t, got.out, "Request timed out.")
	r, err := study.Load(dir)
	require.NoError(t, err)
	row := r.Rows[3]
	require.Equal(t, uint64(1000003), row.Seed)
	got = ipwsim("study", "show", dir, "--seed", "1000003", "--full")
	require.Equal(t, exitPass, got.status, got.err)
	require.Contains(t, oneLine(got.out), "run again: ipwsim study show "+dir+" --cell 0 --seed 1000003")
	require.Contains(t, got.out, "failover  "+fmt.Sprintf("%.1f s", row.Failover)+"  client -> 192.168.10.202", "as rows.csv has it")
	require.Contains(t, ipwsim("study", "show", dir, "--seed", "1000003", "--lang", "ja").out, "要求がタイムアウトしました。")

	gone := ourCluster(t, "", "", "")
	of := filepath.Join(t.TempDir(), "study")
	require.Equal(t, exitPass, ipwsim("study", "--cluster", gone, "--runs", "2", "--failover-only", "-o", of).status)
	require.NoError(t, os.Rename(gone, gone+"-moved"))
	require.Equal(t, exitPass, ipwsim("study", "show", of, "--seed", "1000001", "--cluster", gone+"-moved").status, "the same, by its content")
	require.Contains(t, ipwsim("study", "show", of, "--seed", "1000001").err, of+": found no folder "+gone+", where its cluster was; --cluster DIR says")

	for want, args := range map[string][]string{
		"--cell: found 2, expected 0 to 1":                 {dir, "--cell", "2", "--worst"},
		"expected either --seed S or --worst":              {dir},
		"found \"xx\", expected en or ja":                  {dir, "--worst", "--lang", "xx"},
		"the cluster or the program has changed since":     {dir, "--worst", "--cluster", ourCluster(t, "cluster.toml", `"2m"`, `"3m"`)},
		"found no plan.toml and no cluster.toml, expected": {t.TempDir(), "--worst"},
	} {
		got := ipwsim(append([]string{"study", "show"}, args...)...)
		require.Equal(t, exitError, got.status)
		require.Contains(t, got.err, want)
	}
}
