package runs_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ipwsim/reports/exchange"
	"ipwsim/reports/runtest"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"

	"github.com/stretchr/testify/require"
)

// A figure is held against the expectation of its own stretch; `no` expects none.
func TestFiguresHaveTheBandOfTheirStretch(t *testing.T) {
	path := clitest.Scenario(t, "case.txtar", "# Bands\ncluster guide\nat 5s unplug active\nexpect failover 30s..40s\n"+
		"at 60s plug active\nexpect no failback 1s..2s\nat 100s unplug active\nexpect failover 20s..50s\nend 150s\n")
	var bands []string
	for _, f := range reported(t, path).Results[0].Figures {
		band := f.Name
		if e := f.Expected; e != nil {
			band += fmt.Sprintf(" %v-%v s", e.Band.Least, e.Band.Most)
		}
		bands = append(bands, band)
	}
	require.ElementsMatch(t, []string{"failover 30-40 s", "failback", "failover 20-50 s"}, bands)
}

func TestHash(t *testing.T) {
	hash := func(args ...string) string {
		return reported(t, append([]string{"cable-pull"}, args...)...).Results[0].Hash
	}
	require.Empty(t, hash())
	require.Regexp(t, `^[0-9a-f]{64}$`, hash("--hash"))
	require.Equal(t, hash("--hash", "--seed", "1"), hash("--hash"), "1 is the cluster's own seed")
	require.NotEqual(t, hash("--hash", "--seed", "2"), hash("--hash"))
	require.Contains(t, clitest.OneLine(clitest.Run("run", "cable-pull", "--hash").Out), "trace "+hash("--hash"))
}

func TestJUnit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.xml")
	got := clitest.Run("run", "cable-pull", clitest.Scenario(t, "case.txtar", clitest.Failing), "--junit", path)
	require.Equal(t, cli.ExitFindings, got.Status)
	require.Contains(t, got.Out, "2 scenarios: 1 passed, 0 with a weakness, 1 failed", "the text is printed too")
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	var suites struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
	}
	require.NoError(t, xml.Unmarshal(data, &suites))
	require.Equal(t, 2, suites.Tests)
	require.Equal(t, 1, suites.Failures)

	info, err := os.Stat(path)
	require.NoError(t, err)
	require.EqualValues(t, 0o644, info.Mode().Perm(), "a build server can read it")
	require.Len(t, entries(t, filepath.Dir(path)), 1, "nothing else is left")
}

func entries(t *testing.T, dir string) []os.DirEntry {
	all, err := os.ReadDir(dir)
	require.NoError(t, err)
	return all
}

func TestJUnitThatCannotBeWrittenCostsNoReport(t *testing.T) {
	const path = "/dev/full" // only writing finds what it is
	if _, err := os.Stat(path); err != nil {
		t.Skip("no /dev/full here")
	}
	got := clitest.Run("run", "cable-pull", "--junit", path)
	require.Equal(t, cli.ExitError, got.Status)
	require.Regexp(t, `\APASS +cable-pull\n`, got.Out)
	require.Regexp(t, `\Acannot write `+path+`: [a-z ]+\n\z`, got.Err, "no name of a temporary file")
}

// A file in a folder that is not there is refused before anything runs.
func TestFilesWithoutAFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "no")
	for _, flag := range []string{"--junit", "--perfetto", "--html"} {
		got := clitest.Run("run", "cable-pull", flag, filepath.Dir(dir))
		require.Equal(t, cli.ExitError, got.Status)
		require.Equal(t, flag+": found folder "+filepath.Dir(dir)+", expected a file to write\n", strings.Split(got.Err, "`")[0])
		got = clitest.Run("run", "cable-pull", flag, filepath.Join(dir, "x"))
		require.Equal(t, cli.ExitError, got.Status)
		require.Empty(t, got.Out)
		require.Equal(t, flag+": cannot write "+filepath.Join(dir, "x")+": found no folder "+dir+"\n", strings.Split(got.Err, "`")[0])
	}
}

func TestCaptures(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "captures")
	require.Equal(t, cli.ExitPass, clitest.Run("run", "cable-pull", "--pcap", dir).Status)
	requireCaptures(t, dir)

	dir = filepath.Join(t.TempDir(), "captures")
	require.Equal(t, cli.ExitPass, clitest.Run("run", "cable-pull", clitest.Scenario(t, "case.txtar", clitest.Passing), "--pcap", dir).Status)
	requireCaptures(t, filepath.Join(dir, "cable-pull"))
	requireCaptures(t, filepath.Join(dir, "case"))
}

func requireCaptures(t *testing.T, dir string) {
	for _, cable := range []string{"active", "standby", "client"} {
		info, err := os.Stat(filepath.Join(dir, cable+".pcapng"))
		require.NoError(t, err)
		require.Greater(t, info.Size(), int64(1000))
	}
}

func TestCapturesThatCannotBeWritten(t *testing.T) {
	file := clitest.Scenario(t, "case.txtar", clitest.Passing)
	got := clitest.Run("run", file, "--pcap", filepath.Join(file, "below"))
	require.Equal(t, cli.ExitError, got.Status)
	require.Contains(t, got.Err, "--pcap: cannot write into "+filepath.Join(file, "below")+": "+file+" is a file")
	require.Empty(t, got.Out)

	got = clitest.Run("run", file, clitest.Scenario(t, "case.txtar", clitest.Passing), "--pcap", t.TempDir())
	require.Equal(t, cli.ExitError, got.Status)
	require.Contains(t, got.Err, "--pcap: found two scenarios called case, expected names that differ")
}

func TestNothingIsReportedWhereNothingWasRun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for n, args := range map[int][]string{1: {"cable-pull"}, 2: {"cable-pull", "split-brain", "--json"}} {
		want := clitest.Said{Status: cli.ExitError, Err: fmt.Sprintf("interrupted: 0 of %d scenarios were run\n", n)}
		require.Equal(t, want, clitest.RunUntil(ctx, append([]string{"run"}, args...)...))
	}
}

// The same scenario, seed and date give the same bytes of every report, in both languages.
func TestTheSameRunGivesTheSameBytes(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	reports := func(lang string) []string {
		dir := t.TempDir()
		junit, perfetto, page := filepath.Join(dir, "junit.xml"), filepath.Join(dir, "perfetto.json"), filepath.Join(dir, "page.html")
		args := []string{"run", "split-brain-pins", "--seed", "7", "--lang", lang}
		text := clitest.Run(append(args, "--full", "--hash", "--junit", junit, "--perfetto", perfetto, "--html", page)...)
		require.Equal(t, cli.ExitPass, text.Status, text.Err)
		return []string{text.Out, clitest.Run(append(args, "--json", "--hash")...).Out, clitest.Read(t, junit), clitest.Read(t, perfetto), clitest.Read(t, page)}
	}
	for _, lang := range []string{"en", "ja"} {
		first := reports(lang)
		for i, report := range first {
			require.Greater(t, len(report), 500, i)
		}
		require.Equal(t, first, reports(lang))
		require.Contains(t, first[4], "2023-11-14", "the date is the one that is set")
	}
}

// What --json prints is one document that the printed schema allows, and nothing else.
func TestJSONIsWhatTheSchemaSays(t *testing.T) {
	printed := clitest.Run("schema")
	require.Equal(t, clitest.Said{Status: cli.ExitPass, Out: string(exchange.Schema)}, printed)
	valid := runtest.Schema(t, []byte(printed.Out), true)
	for _, args := range [][]string{
		{"cable-pull"}, {"cable-pull", "vip-is-real", "ad-client"}, {clitest.Scenario(t, "case.txtar", clitest.Failing)}, {clitest.Scenario(t, "case.txtar", clitest.Refused), "--hash"},
	} {
		got := clitest.Run(append([]string{"run", "--json"}, args...)...)
		require.Less(t, got.Status, cli.ExitError, got.Err)
		require.Empty(t, got.Err)
		require.NoError(t, valid([]byte(got.Out)), args)
		require.Equal(t, got.Status == cli.ExitPass, reported(t, args...).Passed)
	}
}

// document is what tests look at in a JSON report.
type document struct {
	Passed  bool
	Results []struct {
		Seed, Hash string
		Verdict    string
		Figures    []struct {
			Name     string
			Expected *struct {
				Band struct{ Least, Most float64 }
			}
		}
	}
}

// reported runs scenarios and reads the JSON report.
func reported(t *testing.T, args ...string) (d document) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(clitest.Run(append([]string{"run", "--json"}, args...)...).Out), &d))
	require.NotEmpty(t, d.Results)
	return d
}
