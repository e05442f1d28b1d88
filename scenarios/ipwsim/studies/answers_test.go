package studies_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
	"ipwsim/scenarios/study"
	"ipwsim/sim/studied"
)

func TestStudyAnswers(t *testing.T) {
	dir, out := smallStudy(t, "--interval", "5,10", "--want", "median failover < 12s, false < 1/year", "--faults-per-year", "2")
	clitest.Columns(t, strings.ReplaceAll(out, dir, "study"))
	require.Contains(t, clitest.OneLine(out), "Assumed: 2 faults a year")
	require.Contains(t, out, "Fastest that keeps it: interval 5s\nWith fresh seeds, a study of it alone: kept\nToday's setting: broken\n")

	var a studied.Answers
	require.NoError(t, json.Unmarshal([]byte(clitest.Read(t, dir, "summary.json")), &a))
	require.Len(t, a.Cells, 2)
	require.Equal(t, 2.0, a.Rates.Faults)
	require.Equal(t, 20, a.Want.Fresh[0].Runs)
	require.Contains(t, out, clitest.Read(t, dir, "summary.txt"), "a small study is printed whole")
	require.Contains(t, clitest.Read(t, dir, "index.html"), " --faults-per-year 2", "how it is made again")
}

// JSON is summary.json, of one study alone and of several as a list.
func TestStudyJSON(t *testing.T) {
	dir := t.TempDir()
	got := clitest.Run("study", "--runs", "3", "--failover-only", "--json", "-o", dir)
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	require.NotContains(t, clitest.Read(t, dir, "summary.txt"), "its return", "there is no failback")
	require.JSONEq(t, clitest.Read(t, dir, "summary.json"), got.Out)
	require.Equal(t, clitest.Said{Status: cli.ExitPass, Out: got.Out}, clitest.Run("study", filepath.Join(dir, "plan.toml"), "--json", "-o", t.TempDir()))
}

// What cannot be understood of a promise or of the rates is said before anything is run.
func TestBadAnswersRunNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "study")
	got := clitest.Run("study", "-o", dir, "--want", "p99 < 3s, false < 1")
	require.Equal(t, cli.ExitError, got.Status)
	require.Contains(t, got.Err, "error: --want: unknown figure \"p99\"")
	require.Contains(t, got.Err, "error: --want: false: found \"1\", expected a number a year, as 1/year or 0.1/year")
	require.Equal(t, clitest.Said{Status: cli.ExitError, Err: "--repair: found -1s, expected 0s to 8760h\n"}, clitest.Run("study", "-o", dir, "--repair", "-1s"))
	require.NoDirExists(t, dir)
}

// A run of a study, or a cell's worst case, is one command away from its transcript.
func TestStudyShow(t *testing.T) {
	dir, _ := smallStudy(t, "--interval", "5,10")
	got := clitest.Run("study", "show", dir, "--cell", "1", "--worst")
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	require.Contains(t, clitest.OneLine(got.Out), "Cell 1: interval 10s; its worst case: fault at ")
	require.Contains(t, got.Out, "17.0 s  client -> 192.168.10.202", "W14: 10 + 3 + 1 + 3 s")
	require.Contains(t, got.Out, "Request timed out.")
	r, err := study.Load(dir)
	require.NoError(t, err)
	row := r.Rows[3].Row()
	require.Equal(t, uint64(1000003), row.Seed)
	got = clitest.Run("study", "show", dir, "--seed", "1000003", "--full")
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	require.Contains(t, clitest.OneLine(got.Out), "run again: ipwsim study show "+dir+" --cell 0 --seed 1000003")
	require.Contains(t, got.Out, "failover  "+fmt.Sprintf("%.1f s", row.Failover)+"  client -> 192.168.10.202", "as rows.csv has it")
	require.Contains(t, clitest.Run("study", "show", dir, "--seed", "1000003", "--lang", "ja").Out, "要求がタイムアウトしました。")

	gone := clitest.OurCluster(t, "", "", "")
	of := filepath.Join(t.TempDir(), "study")
	require.Equal(t, cli.ExitPass, clitest.Run("study", "--cluster", gone, "--runs", "2", "--failover-only", "-o", of).Status)
	require.NoError(t, os.Rename(gone, gone+"-moved"))
	require.Equal(t, cli.ExitPass, clitest.Run("study", "show", of, "--seed", "1000001", "--cluster", gone+"-moved").Status, "the same, by its content")
	require.Contains(t, clitest.Run("study", "show", of, "--seed", "1000001").Err, of+": found no folder "+gone+", where its cluster was; --cluster DIR says")

	for want, args := range map[string][]string{
		"--cell: found 2, expected 0 to 1":                 {dir, "--cell", "2", "--worst"},
		"expected either --seed S or --worst":              {dir},
		"found \"xx\", expected en or ja":                  {dir, "--worst", "--lang", "xx"},
		"the cluster or the program has changed since":     {dir, "--worst", "--cluster", clitest.OurCluster(t, "cluster.toml", `"2m"`, `"3m"`)},
		"found no plan.toml and no cluster.toml, expected": {t.TempDir(), "--worst"},
	} {
		got := clitest.Run(append([]string{"study", "show"}, args...)...)
		require.Equal(t, cli.ExitError, got.Status)
		require.Contains(t, got.Err, want)
	}
}
