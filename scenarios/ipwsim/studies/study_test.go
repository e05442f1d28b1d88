package studies_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/runtest/browser"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
)

func TestMain(m *testing.M) {
	clitest.BeCommand()
	browser.Main(m)
}

func TestStudy(t *testing.T) {
	dir := t.TempDir()
	got := clitest.Run("study", "--interval", "5,10", "--fault", "unplug,freeze", "--runs", "5", "-o", dir)
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	clitest.Columns(t, strings.ReplaceAll(got.Out, dir, "study"))
	require.Regexp(t, `(?m)^ +runs +failover +failback +within$`, got.Out)
	require.Regexp(t, `(?m)^5s unplug +5( +\d+\.\d){6} +0\.0%$`, got.Out)
	require.Regexp(t, `(?m)^10s freeze +5( +\d+\.\d){4} +- +- +0\.0%$`, got.Out, "a freeze has no failback")
	require.Contains(t, clitest.OneLine(got.Out), "20 runs of 4 cells. For the client that fares worst: client in 20 of 20 runs (192.168.10.202).")
	require.Contains(t, got.Out, "The page: "+filepath.Join(dir, "index.html"))
	for _, name := range []string{"rows.parquet", "rows.csv", "columns.txt", "plan.json", "plan.toml", "cells.json"} {
		require.FileExists(t, filepath.Join(dir, name))
	}
	csv := clitest.Read(t, dir, "rows.csv")
	require.Equal(t, 21, strings.Count(csv, "\n"))
	require.NotContains(t, csv, "NaN", "what was not measured is empty")
	require.Equal(t, sumOf(t, dir), sumOf(t, studyOf(t, filepath.Join(dir, "plan.toml"))), "plan.toml is the study")
	require.Equal(t, clitest.Read(t, dir, "columns.txt"), clitest.Run("help", "study", "columns").Out)
}

func TestBadStudiesWriteNothing(t *testing.T) {
	plan := filepath.Join(t.TempDir(), "plan.toml")
	clitest.WriteText(t, plan, "runs = 5\ncolour = 1\n")
	our := offices(t, pc, adPC)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--interval", "0,x", "--loss", "2"}, "error: interval: \"0\" is no time in whole seconds from 1s to 24h; expected one as 5, 5s or 1m\n" +
			"error: interval: \"x\" is no time in whole seconds from 1s to 24h; expected one as 5, 5s or 1m\n" +
			"error: loss: found \"2\", expected a percentage above 0%, up to 100%, as 5%\n"},
		{[]string{"--axis", "interval"}, "error: --axis: found \"interval\", expected NAME=VALUES, as client.profile=linux,ad-client\n"},
		{[]string{"--runs", "0"}, "--runs: found \"0\", expected a whole number from 1 to 1000000\n`ipwsim study -h` shows what can be said\n"},
		{[]string{"--workers", "0"}, "--workers: found \"0\", expected a whole number from 1 to 1024\n`ipwsim study -h` shows what can be said\n"},
		{[]string{plan}, plan + ":2: error: unknown key \"colour\"; expected cluster, client, vip, runs, precision, max-runs, seed, phase, horizon, failover-only, or [[axis]] with name and values\n"},
		{[]string{plan, "--runs", "5", "--client", "pc"}, "found --client, --runs beside " + plan + ", expected flags or a file\n"},
		{[]string{"field", "--vip", "192.168.10.202"}, "found --vip beside field, expected flags or a file\n"},
		{[]string{filepath.Dir(plan)}, "found folder " + filepath.Dir(plan) + ", expected a study's file; `ipwsim study show " + filepath.Dir(plan) + " --cell 0 --worst` shows a run of a study that is there, and index.html in it is its page\n"},
		{[]string{"fields"}, "no file or shipped study is called \"fields\"; shipped are field-router, field-segment\n"},
		{[]string{"--client", "pc"}, "error: client: there is no client \"pc\"; expected client\n"},
		{[]string{"--cluster", our, "--client", "ad-p"}, "error: client: there is no client \"ad-p\" (did you mean \"ad-pc\"?); expected one of ad-pc, pc\n"},
		{[]string{"--vip", "10.0.0.1"}, "error: vip: there is no VIP 10.0.0.1; expected 192.168.10.202\n"},
		{[]string{"--vip", "vip"}, "error: vip: found \"vip\", expected an address\n"},
		{[]string{"--lang", "fr"}, "--lang: found \"fr\", expected en or ja\n`ipwsim study -h` shows what can be said\n"},
		{[]string{"--cluster", "nowhere"}, "error: --cluster: cannot read the folder nowhere: it does not exist\n"},
	} {
		dir := filepath.Join(t.TempDir(), "study")
		got := clitest.Run(append([]string{"study", "-o", dir}, c.args...)...)
		for line := range strings.Lines(got.Err) { // check's word of the cluster's files
			if strings.Contains(line, ": warning: ") {
				got.Err = strings.Replace(got.Err, line, "", 1)
			}
		}
		require.Equal(t, clitest.Said{Status: cli.ExitError, Err: c.want}, got)
		require.NoDirExists(t, dir)
	}
	require.Equal(t, "found no -o DIR, expected the folder for the study's files\n", clitest.Run("study").Err)
	require.Contains(t, clitest.Run("study", "run", "-o", "x", "--shard", "5/4").Err, `--shard: found "5/4", expected i/n with i from 1 to n, and n to 10000, as 3/8`)
}

// A study of a cluster of one's own, beside the study's file or given by a flag.
func TestAStudyOfOurOwnCluster(t *testing.T) {
	our := clitest.OurCluster(t, "", "", "")
	clitest.WriteText(t, filepath.Join(filepath.Dir(our), "plan.toml"), "cluster = \"our-cluster\"\nruns = 2\n")
	byFile := studyOf(t, filepath.Join(filepath.Dir(our), "plan.toml"))
	dir := t.TempDir()
	got := clitest.Run("study", "--cluster", our, "--runs", "2", "-o", dir)
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	require.Contains(t, got.Out, "as it is")
	require.Equal(t, sumOf(t, byFile), sumOf(t, dir))
}

// The same machines in another order give the same rows and the same text, which is of the client that fares worst.
func TestTheOrderOfMachinesIsNoMatter(t *testing.T) {
	t.Parallel()
	one, out := smallStudy(t, "--cluster", offices(t, pc, adPC))
	other, out2 := smallStudy(t, "--cluster", offices(t, adPC, pc))
	require.Contains(t, clitest.OneLine(out), "For the client that fares worst: ad-pc in 20 of 20 runs (192.168.10.202).")
	require.Equal(t, strings.ReplaceAll(out, one, "study"), strings.ReplaceAll(out2, other, "study"))
	require.Equal(t, clitest.Read(t, one, "rows.csv"), clitest.Read(t, other, "rows.csv"))

	_, narrowed := smallStudy(t, "--cluster", offices(t, pc, adPC), "--client", "pc", "--vip", "192.168.10.202", "--failover-only")
	require.Contains(t, clitest.OneLine(narrowed), "For the client pc and the VIP 192.168.10.202.")
	require.NotContains(t, narrowed, "ad-pc")
}

// The shipped study of the field is two tables, which need no folder; their pages say for whom they speak.
func TestTheField(t *testing.T) {
	t.Parallel()
	field, err := field()
	require.NoError(t, err)
	clitest.Columns(t, strings.ReplaceAll(field.out, field.dir, "field"))
	require.Regexp(t, `(?m)^ad-client +!599\.0( +\d+\.\d){3} +!603\.0( +\d+\.\d){3}$`, field.out, "ten minutes")
	for name, runs := range map[string]int{"field-router": 40, "field-segment": 20} {
		whose := fmt.Sprintf("For the client that fares worst: client in %d of %d runs (192.168.10.202).", runs, runs)
		require.Contains(t, clitest.OneLine(field.out), fmt.Sprintf("%d runs of %d cells. %s", runs, runs, whose))
		require.Contains(t, field.pages[name], whose)
		require.Contains(t, field.out, "The page: "+filepath.Join(field.dir, name, "index.html"))
	}
	alone := clitest.Run("study", "field-segment")
	require.Equal(t, cli.ExitPass, alone.Status, alone.Err)
	require.Contains(t, field.out, alone.Out)
	require.NotContains(t, alone.Out, "The page")
}

// An interrupted study keeps what is done, says so, and goes on from there when it is given again.
func TestAnInterruptedStudyGoesOn(t *testing.T) {
	t.Parallel()
	args := []string{"study", "--failover-only", "--interval", "5,6", "--runs", "150", "--workers", "1", "-o"}
	whole, dir := t.TempDir(), t.TempDir()
	require.Equal(t, cli.ExitPass, clitest.Run(append(args, whole)...).Status)
	chunks := func() []string {
		all, err := filepath.Glob(filepath.Join(dir, "chunks", "*.jsonl"))
		require.NoError(t, err)
		return all
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for len(chunks()) == 0 && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	got := clitest.RunUntil(ctx, append(args, dir)...)
	require.Equal(t, clitest.Said{Status: cli.ExitError, Err: "interrupted: what was run is in " + dir + "; the same command goes on from there\n"}, got)
	require.NoFileExists(t, filepath.Join(dir, "rows.parquet"))
	kept := map[string]os.FileInfo{}
	for _, path := range chunks() {
		info, err := os.Stat(path)
		require.NoError(t, err)
		kept[path] = info
	}
	require.NotEmpty(t, kept)

	require.Equal(t, cli.ExitPass, clitest.Run(append(args, dir)...).Status)
	require.Equal(t, sumOf(t, whole), sumOf(t, dir))
	require.Greater(t, len(chunks()), len(kept))
	for path, before := range kept {
		after, err := os.Stat(path)
		require.NoError(t, err)
		require.True(t, os.SameFile(before, after), "what was run is not run again")
	}
}
