package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/study"
)

// sumOf is the SHA-256 of a study's Parquet file.
func sumOf(t *testing.T, dir string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "rows.parquet"))
	require.NoError(t, err)
	return fmt.Sprintf("%x", sha256.Sum256(data))
}

func TestStudy(t *testing.T) {
	dir := t.TempDir()
	got := ipwsim("study", "--interval", "5,10", "--fault", "unplug,freeze", "--runs", "5", "-o", dir)
	require.Equal(t, exitPass, got.status, got.err)
	requireColumns(t, strings.ReplaceAll(got.out, dir, "study"))
	require.Regexp(t, `(?m)^ +runs +failover +failback +within$`, got.out)
	require.Regexp(t, `(?m)^5s unplug +5( +\d+\.\d){6} +0\.0%$`, got.out)
	require.Regexp(t, `(?m)^10s freeze +5( +\d+\.\d){4} +- +- +0\.0%$`, got.out, "a freeze has no failback")
	require.Contains(t, got.out, "20 runs of 4 cells. For the client that fares worst: client in 20 of 20 runs\n")
	require.Contains(t, got.out, "The page: "+filepath.Join(dir, "index.html"))
	for _, name := range []string{"rows.parquet", "rows.csv", "columns.txt", "plan.json", "plan.toml", "cells.json"} {
		require.FileExists(t, filepath.Join(dir, name))
	}
	csv, err := os.ReadFile(filepath.Join(dir, "rows.csv"))
	require.NoError(t, err)
	require.Equal(t, 21, strings.Count(string(csv), "\n"))
	require.NotContains(t, string(csv), "NaN", "what was not measured is empty")
	require.Equal(t, sumOf(t, dir), sumOf(t, studyOf(t, filepath.Join(dir, "plan.toml"))), "plan.toml is the study")
	columns, err := os.ReadFile(filepath.Join(dir, "columns.txt"))
	require.NoError(t, err)
	require.Equal(t, string(columns), ipwsim("help", "study", "columns").out)
}

// studyOf runs the study of a file.
func studyOf(t *testing.T, file string) string {
	dir := t.TempDir()
	got := ipwsim("study", file, "-o", dir)
	require.Equal(t, exitPass, got.status, got.err)
	return dir
}

func TestBadStudiesWriteNothing(t *testing.T) {
	plan := filepath.Join(t.TempDir(), "plan.toml")
	writeText(t, plan, "runs = 5\ncolour = 1\n")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--interval", "0,x", "--loss", "2"}, "error: interval: \"0\" is no time in whole seconds from 1s to 24h; expected one as 5, 5s or 1m\n" +
			"error: interval: \"x\" is no time in whole seconds from 1s to 24h; expected one as 5, 5s or 1m\n" +
			"error: loss: found \"2\", expected a percentage above 0%, up to 100%, as 5%\n"},
		{[]string{"--axis", "interval"}, "error: --axis: found \"interval\", expected NAME=VALUES, as client.profile=linux,ad-client\n"},
		{[]string{"--runs", "0"}, "error: runs: found 0, expected 1 to 1000000\n"},
		{[]string{"--workers", "0"}, "--workers: found 0, expected 1 or more\n"},
		{[]string{plan}, plan + ":2: error: unknown key \"colour\"; expected cluster, client, vip, runs, precision, max-runs, seed, phase, horizon, failover-only, or [[axis]] with name and values\n"},
		{[]string{plan, "--runs", "5"}, "found --runs beside " + plan + ", expected flags or a file\n"},
		{[]string{"--client", "pc"}, "error: client: there is no client \"pc\"; expected client\n"},
		{[]string{"--vip", "10.0.0.1"}, "error: vip: there is no VIP 10.0.0.1; expected 192.168.10.202\n"},
		{[]string{"--lang", "fr"}, "--lang: found \"fr\", expected en or ja\n"},
		{[]string{"--cluster", "nowhere"}, "error: --cluster: stat nowhere: no such file or directory\n"},
	} {
		dir := filepath.Join(t.TempDir(), "study")
		got := ipwsim(append([]string{"study", "-o", dir}, c.args...)...)
		require.Equal(t, said{exitError, "", c.want}, got)
		require.NoDirExists(t, dir)
	}
	require.Equal(t, "found no -o DIR, expected the folder for the study's files\n", ipwsim("study").err)
	require.Contains(t, ipwsim("study", "run", "-o", "x", "--shard", "5/4").err, `--shard: found "5/4", expected i/n with i from 1 to n, as 3/8`)
}

func TestAStudyOfOurOwnCluster(t *testing.T) {
	our := ourCluster(t, "active/ipwcs.reg", "", "")
	writeText(t, filepath.Join(filepath.Dir(our), "plan.toml"), "cluster = \"our-cluster\"\nruns = 2\n")
	studyOf(t, filepath.Join(filepath.Dir(our), "plan.toml"))
	got := ipwsim("study", "--cluster", our, "--runs", "2", "-o", t.TempDir())
	require.Equal(t, exitPass, got.status, got.err)
	require.Contains(t, got.out, "as it is")
}

func TestAnInterruptedStudyGoesOn(t *testing.T) {
	args := []string{"study", "--failover-only", "--interval", "5,6", "--runs", "150", "-o"}
	whole, dir := t.TempDir(), t.TempDir()
	require.Equal(t, exitPass, ipwsim(append(args, whole)...).status)
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(60*time.Millisecond, cancel)
	got := ipwsimUntil(ctx, append(args, dir)...)
	require.Equal(t, said{exitError, "", "interrupted: what was run is in " + dir + "; the same command goes on from there\n"}, got)
	require.NoFileExists(t, filepath.Join(dir, "rows.parquet"))
	require.Equal(t, exitPass, ipwsim(append(args, dir)...).status)
	require.Equal(t, sumOf(t, whole), sumOf(t, dir))
}

// killed is ipwsim as GNU parallel starts it; the first two workers are killed at work.
const killed = `#!/bin/sh
if mkdir "$KILLS/1" 2>/dev/null || mkdir "$KILLS/2" 2>/dev/null; then
	"$REAL" "$@" &
	pid=$!
	sleep 0.15
	kill -9 $pid
	wait $pid
	status=$?
	echo $status >>"$KILLS/statuses"
	exit $status
fi
exec "$REAL" "$@"
`

// An existing engine runs the shards, two of its workers are killed, and the study is the same to the byte.
func TestShardsUnderGNUParallel(t *testing.T) {
	if _, err := exec.LookPath("parallel"); err != nil {
		message := "parallel is not installed (apt-get install parallel): shards on an engine are not checked"
		if os.Getenv("IPWSIM_NO_SKIP") != "" {
			t.Fatal(message)
		}
		t.Skip(message)
	}
	dir, self := t.TempDir(), executable(t)
	plan, shards, kills := filepath.Join(dir, "plan.toml"), filepath.Join(dir, "shards"), filepath.Join(dir, "kills")
	writeText(t, plan, "runs = 400\nfailover-only = true\n[[axis]]\nname = \"interval\"\nvalues = \"5,6\"\n")
	require.NoError(t, os.Mkdir(kills, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "ipwsim"), []byte(killed), 0o755))
	c := exec.Command("../study/launch/parallel.sh", plan, shards, "3", "--jobs", "2")
	c.Env = append(os.Environ(), asCommand+"=1", "REAL="+self, "KILLS="+kills, "IPWSIM="+filepath.Join(dir, "ipwsim"), "HOME="+dir)
	out, err := c.CombinedOutput()
	require.NoError(t, err, string(out))
	statuses, err := os.ReadFile(filepath.Join(kills, "statuses"))
	require.NoError(t, err)
	require.Equal(t, "137\n137\n", string(statuses), "two workers were killed at work")

	merged := filepath.Join(dir, "merged")
	got := ipwsim("study", "merge", "--from", shards, plan, "-o", merged)
	require.Equal(t, exitPass, got.status, got.err)
	require.Equal(t, sumOf(t, studyOf(t, plan)), sumOf(t, merged))

	require.NoError(t, os.Remove(filepath.Join(shards, "shard-2-of-3.jsonl")))
	other := filepath.Join(dir, "other")
	got = ipwsim("study", "merge", "--from", shards, plan, "-o", other)
	require.Equal(t, exitError, got.status)
	require.Contains(t, got.err, "cell 0 has 267 of its 400 runs; expected all: run the shards that are missing")
	require.NoDirExists(t, other)
}

func executable(t *testing.T) string {
	self, err := os.Executable()
	require.NoError(t, err)
	return self
}

func TestStatusLine(t *testing.T) {
	s := study.Status{Done: 300, Total: 1000, New: 100, Cells: 20}
	require.Equal(t, "300 of 1000 runs of 20 cells, 50 a second, 14s left", statusLine(words.English, s, 2*time.Second))
}
