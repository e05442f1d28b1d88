package runs_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/exchange"
	"ipwsim/reports/runtest"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
)

const limited99 = "# Limited\ncluster guide\nping client vip\nat 5s unplug active\nexpect failover p50 < %s\nend 50s\n"

// A scenario under many seeds is told as one, by all reports; the status is that of all of them.
func TestRunSeeds(t *testing.T) {
	dir := t.TempDir()
	html, xml := filepath.Join(dir, "seeds.html"), filepath.Join(dir, "seeds.xml")
	got := clitest.Run("run", clitest.Scenario(t, "case.txtar", clitest.Passing), "--seeds", "1..5,9", "--workers", "1", "--html", html, "--junit", xml)
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	require.Empty(t, got.Err)
	require.Contains(t, got.Out, "6 seeds (1..5,9): 6 PASS, 0 WEAK, 0 FAIL\n")
	require.Regexp(t, `run:\S*ipwsim\S*run\S*case.txtar--seed[1-9]$`, clitest.Unwrapped(got.Out))
	clitest.Columns(t, got.Out)
	require.Contains(t, clitest.Read(t, html), "<svg")
	require.Contains(t, clitest.Read(t, xml), `name="seeds"`)
	require.Contains(t, clitest.Run("run", "cable-pull", "--seeds", "1..2", "--workers", "1", "--lang", "ja").Out, "シード 2 個 (1..2): 成功 2")

	for text, want := range map[string]int{
		clitest.Failing: cli.ExitFindings, fmt.Sprintf(limited99, "40s"): cli.ExitPass, fmt.Sprintf(limited99, "20s"): cli.ExitFindings, clitest.Impossible: cli.ExitError,
	} {
		require.Equal(t, want, clitest.Run("run", clitest.Scenario(t, "case.txtar", text), "--seeds", "1..2", "--workers", "1").Status, text)
	}
	many := clitest.Run("run", clitest.Scenario(t, "good.txtar", clitest.Passing), clitest.Scenario(t, "case.txtar", clitest.Impossible), "--seeds", "1,2", "--workers", "1")
	require.Equal(t, cli.ExitError, many.Status)
	require.Contains(t, many.Out, "PASS  good\n", "one that cannot run keeps no other from it")
	require.Contains(t, many.Err, "plugged in already")
}

// One run decides no limit, and says so.
func TestALimitOfOneRun(t *testing.T) {
	got := clitest.Run("run", clitest.Scenario(t, "case.txtar", fmt.Sprintf(limited99, "20s")))
	require.Equal(t, cli.ExitPass, got.Status)
	require.Contains(t, clitest.Unwrapped(got.Out), clitest.Unwrapped("n/a: one seed decides nothing about it; `ipwsim run --seeds` does"))
}

func TestJSONOfSeedsIsWhatTheSchemaSays(t *testing.T) {
	printed := clitest.Run("schema", "seeds")
	require.Equal(t, clitest.Said{Status: cli.ExitPass, Out: string(exchange.SeedsSchema)}, printed)
	valid := runtest.Schema(t, []byte(printed.Out), true)
	t.Setenv(clitest.AsCommand, "1") // its workers are the command
	var all []string
	for _, workers := range []string{"1", "2"} {
		got := clitest.Run("run", "cable-pull", "l3-offices", "--seeds", "1..6", "--json", "--workers", workers)
		require.Less(t, got.Status, cli.ExitError, got.Err)
		require.NoError(t, valid([]byte(got.Out)))
		all = append(all, got.Out)
	}
	require.Equal(t, all[0], all[1], "on any number of workers the same")
	require.Equal(t, cli.ExitError, clitest.Run("schema", "trees").Status)
}

// Each flag that is for one run is refused beside many, with one line, before anything is run.
func TestFlagsThatMakeNoSenseWithSeeds(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	for _, flag := range []string{"--seed=1", "--save=" + dir, "--pcap=" + dir, "--files=" + dir, "--hash", "--perfetto=" + dir, "--annotations"} {
		got := clitest.Run("run", "cable-pull", "--seeds", "1..3", flag)
		name, _, _ := strings.Cut(flag, "=")
		require.Equal(t, cli.ExitError, got.Status)
		require.Contains(t, got.Err, name+": found --seeds too, expected one of them: it is for one run of a scenario\n")
		require.NoFileExists(t, dir)
	}
	require.Contains(t, clitest.Run("run", "cable-pull", "--workers", "2").Err, "--workers: found no --seeds")
	require.Contains(t, clitest.Run("run", "cable-pull", "--seeds", "5..1").Err, `--seeds: found "5..1", expected the smaller seed first`)
	require.Contains(t, clitest.Run("run", "cable-pull", "--seeds", "").Err, "--seeds")
	require.Contains(t, clitest.Run("run", "cable-pull", "--seeds", "1", "--html", t.TempDir()).Err, "--html: found folder")
}

// Nothing is reported where Ctrl-C came before the first run.
func TestSeedsAreInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got := clitest.RunUntil(ctx, "run", "cable-pull", "--seeds", "1..3", "--workers", "1")
	require.Equal(t, cli.ExitError, got.Status)
	require.Empty(t, got.Out)
}
