package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/exchange"
	"ipwsim/reports/runtest"
	"ipwsim/scenarios/seeds"
)

const limited99 = "# Limited\ncluster guide\nping client vip\nat 5s unplug active\nexpect failover p50 < %s\nend 50s\n"

// A scenario under many seeds is told as one, by all reports; the status is that of all of them.
func TestRunSeeds(t *testing.T) {
	dir := t.TempDir()
	html, xml := filepath.Join(dir, "seeds.html"), filepath.Join(dir, "seeds.xml")
	got := ipwsim("run", scenario(t, "case.txtar", passing), "--seeds", "1..5,9", "--workers", "1", "--html", html, "--junit", xml)
	require.Equal(t, exitPass, got.status, got.err)
	require.Empty(t, got.err)
	require.Contains(t, got.out, "6 seeds (1..5,9): 6 PASS, 0 WEAK, 0 FAIL\n")
	require.Regexp(t, `run:\S*ipwsim\S*run\S*case.txtar--seed[1-9]$`, unwrapped(got.out))
	requireColumns(t, got.out)
	require.Contains(t, contents(t, html), "<svg")
	require.Contains(t, contents(t, xml), `name="seeds"`)
	require.Contains(t, ipwsim("run", "cable-pull", "--seeds", "1..2", "--workers", "1", "--lang", "ja").out, "シード 2 個 (1..2): 成功 2")

	for text, want := range map[string]int{
		failing: exitFindings, fmt.Sprintf(limited99, "40s"): exitPass, fmt.Sprintf(limited99, "20s"): exitFindings, impossible: exitError,
	} {
		require.Equal(t, want, ipwsim("run", scenario(t, "case.txtar", text), "--seeds", "1..2", "--workers", "1").status, text)
	}
	many := ipwsim("run", scenario(t, "good.txtar", passing), scenario(t, "case.txtar", impossible), "--seeds", "1,2", "--workers", "1")
	require.Equal(t, exitError, many.status)
	require.Contains(t, many.out, "PASS  good\n", "one that cannot run keeps no other from it")
	require.Contains(t, many.err, "plugged in already")
}

// One run decides no limit, and says so.
func TestALimitOfOneRun(t *testing.T) {
	got := ipwsim("run", scenario(t, "case.txtar", fmt.Sprintf(limited99, "20s")))
	require.Equal(t, exitPass, got.status)
	require.Contains(t, unwrapped(got.out), unwrapped("n/a: one seed decides nothing about it; `ipwsim run --seeds` does"))
}

func TestJSONOfSeedsIsWhatTheSchemaSays(t *testing.T) {
	printed := ipwsim("schema", "seeds")
	require.Equal(t, said{exitPass, string(exchange.SeedsSchema), ""}, printed)
	valid := runtest.Schema(t, []byte(printed.out), true)
	t.Setenv(asCommand, "1") // its workers are the command
	var all []string
	for _, workers := range []string{"1", "2"} {
		got := ipwsim("run", "cable-pull", "l3-offices", "--seeds", "1..6", "--json", "--workers", workers)
		require.Less(t, got.status, exitError, got.err)
		require.NoError(t, valid([]byte(got.out)))
		all = append(all, got.out)
	}
	require.Equal(t, all[0], all[1], "on any number of workers the same")
	require.Equal(t, exitError, ipwsim("schema", "trees").status)
}

// Each flag that is for one run is refused beside many, with one line, before anything is run.
func TestFlagsThatMakeNoSenseWithSeeds(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	for _, flag := range []string{"--seed=1", "--save=" + dir, "--pcap=" + dir, "--files=" + dir, "--hash", "--perfetto=" + dir, "--annotations"} {
		got := ipwsim("run", "cable-pull", "--seeds", "1..3", flag)
		name, _, _ := strings.Cut(flag, "=")
		require.Equal(t, exitError, got.status)
		require.Contains(t, got.err, name+": found --seeds too, expected one of them: it is for one run of a scenario\n")
		require.NoFileExists(t, dir)
	}
	require.Contains(t, ipwsim("run", "cable-pull", "--workers", "2").err, "--workers: found no --seeds")
	require.Contains(t, ipwsim("run", "cable-pull", "--seeds", "5..1").err, `--seeds: found "5..1", expected the smaller seed first`)
	require.Contains(t, ipwsim("run", "cable-pull", "--seeds", "").err, "--seeds")
	require.Contains(t, ipwsim("run", "cable-pull", "--seeds", "1", "--html", t.TempDir()).err, "--html: found folder")
}

// Ctrl-C ends it with what is done so far, which all reports tell.
func TestSeedsAreInterrupted(t *testing.T) {
	f := runFlags{seeds: "1..1000", workers: 1}
	var err error
	f.set, err = seeds.Parse(f.seeds)
	require.NoError(t, err)
	sources, _, err := load([]string{scenario(t, "case.txtar", passing), scenario(t, "next.txtar", passing)}, f)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	all, err := seedsOf(ctx, sources, f, &seedBar{meter{w: cutOff{"1 of 2000 seeds", cancel}}, 2000})
	require.EqualError(t, err, "interrupted: 1 of 1000 seeds were run")
	require.Len(t, all, 1, "nothing else is begun")
	require.Equal(t, []int{1, 1000}, []int{all[0].Done, all[0].Total})
	var b strings.Builder
	require.NoError(t, writeSeeds(&b, all, outputs{lang: &langFlag{}}))
	require.Contains(t, b.String(), "CUT  case\n")
	require.Contains(t, unwrapped(b.String()), "interrupted,1000wereaskedfor")

	got := ipwsimUntil(ctx, "run", "cable-pull", "--seeds", "1..3", "--workers", "1")
	require.Equal(t, exitError, got.status)
	require.Empty(t, got.out)
}
