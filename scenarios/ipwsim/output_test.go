package main

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/reports"
	"ipwsim/scenarios"
)

func TestJSON(t *testing.T) {
	for _, args := range [][]string{{"cable-pull"}, {"cable-pull", "vip-is-real"}, {scenario(t, "case.txtar", failing)}, {scenario(t, "case.txtar", refused)}} {
		got := ipwsim(append([]string{"run", "--json", "--hash"}, args...)...)
		require.Less(t, got.status, exitError)
		require.Empty(t, got.err)
		var d reports.Document
		dec := json.NewDecoder(strings.NewReader(got.out))
		dec.DisallowUnknownFields()
		require.NoError(t, dec.Decode(&d))
		require.ErrorIs(t, dec.Decode(&d), io.EOF, "one document and nothing else")
		require.Equal(t, got.status == exitPass, d.Passed)
		require.NotEmpty(t, d.Results)
	}
}

// A figure is promised what the expectation of its own stretch says; `no` promises nothing.
func TestFiguresHaveTheBandOfTheirStretch(t *testing.T) {
	path := scenario(t, "case.txtar", "# Bands\ncluster guide\nat 5s unplug active\nexpect failover 30s..40s\n"+
		"at 60s plug active\nexpect no failback 1s..2s\nat 100s unplug active\nexpect failover 20s..50s\nend 150s\n")
	var d reports.Document
	require.NoError(t, json.Unmarshal([]byte(ipwsim("run", path, "--json").out), &d))
	var bands []string
	for _, f := range d.Results[0].Figures {
		band := f.Name
		if f.Band != nil {
			band += fmt.Sprint(" ", time.Duration(f.Band.Min), " ", time.Duration(*f.Band.Max))
		}
		bands = append(bands, band)
	}
	require.ElementsMatch(t, []string{"failover 30s 40s", "failback", "failover 20s 50s"}, bands)
}

func TestHash(t *testing.T) {
	hash := func(args ...string) string {
		var d reports.Document
		require.NoError(t, json.Unmarshal([]byte(ipwsim(append([]string{"run", "cable-pull", "--json"}, args...)...).out), &d))
		return d.Results[0].Hash
	}
	require.Empty(t, hash())
	require.Regexp(t, `^[0-9a-f]{64}$`, hash("--hash"))
	require.Equal(t, hash("--hash", "--seed", "1"), hash("--hash"), "1 is the cluster's own seed")
	require.NotEqual(t, hash("--hash", "--seed", "2"), hash("--hash"))
	require.Contains(t, strings.Join(strings.Fields(ipwsim("run", "cable-pull", "--hash").out), " "), "trace "+hash("--hash"))
}

func TestJUnit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.xml")
	got := ipwsim("run", "cable-pull", scenario(t, "case.txtar", failing), "--junit", path)
	require.Equal(t, exitFindings, got.status)
	require.Contains(t, got.out, "2 scenarios: 1 passed, 1 failed", "the text is printed too")
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
	got := ipwsim("run", "cable-pull", "--junit", filepath.Join(t.TempDir(), "no", "results.xml"))
	require.Equal(t, exitError, got.status)
	require.Regexp(t, `\APASS +cable-pull\n`, got.out)
	require.Contains(t, got.err, "results.xml")
}

func TestAFileIsWrittenWholeOrNotAtAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.xml")
	writeText(t, path, "as it was")
	broken := errors.New("the disk is full")
	err := writeFile(path, func(w io.Writer) error {
		_, err := io.WriteString(w, "half")
		require.NoError(t, err)
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, "as it was", string(data))
		return broken
	})
	require.ErrorIs(t, err, broken)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "as it was", string(data))
	require.Len(t, entries(t, filepath.Dir(path)), 1, "the temporary file is gone")
}

func TestCaptures(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "captures")
	require.Equal(t, exitPass, ipwsim("run", "cable-pull", "--pcap", dir).status)
	requireCaptures(t, dir)

	dir = filepath.Join(t.TempDir(), "captures")
	require.Equal(t, exitPass, ipwsim("run", "cable-pull", scenario(t, "case.txtar", passing), "--pcap", dir).status)
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
	file := scenario(t, "case.txtar", passing)
	got := ipwsim("run", file, "--pcap", file)
	require.Equal(t, exitError, got.status)
	require.Contains(t, got.err, "case: captures: ")
	require.Empty(t, got.out)

	got = ipwsim("run", file, scenario(t, "case.txtar", passing), "--pcap", t.TempDir())
	require.Equal(t, exitError, got.status)
	require.Contains(t, got.err, "--pcap: found two scenarios called case, expected names that differ")
}

// interrupted is a context that is cancelled when it has been asked so many times.
type interrupted struct {
	context.Context
	left *atomic.Int64
}

func interruptedAfter(n int64) interrupted {
	i := interrupted{context.Background(), new(atomic.Int64)}
	i.left.Store(n)
	return i
}

func (i interrupted) Err() error {
	if i.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

func TestAnInterruptedSuiteReportsWhatWasRun(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // one scenario after the other
	dir := t.TempDir()
	for _, name := range []string{"1st", "2nd", "3rd", "4th"} {
		writeText(t, filepath.Join(dir, name+".txtar"), passing)
	}
	junit := filepath.Join(t.TempDir(), "results.xml")
	got := ipwsimUntil(interruptedAfter(15), "run", dir, "--junit", junit) // each looks 6 times
	require.Equal(t, exitError, got.status)
	require.Regexp(t, `\APASS +1st .*\nPASS +2nd .*\n\n2 scenarios: 2 passed, 0 failed\n\z`, got.out)
	require.Equal(t, "interrupted: 2 of 4 scenarios were run\n", got.err)
	require.FileExists(t, junit)
}

func TestAnInterruptedScenarioHasNoResult(t *testing.T) {
	got := ipwsimUntil(interruptedAfter(4), "run", scenario(t, "case.txtar", passing))
	require.Equal(t, said{exitError, "", "case: interrupted at 25s of virtual time: context canceled\n"}, got)
	got = ipwsimUntil(interruptedAfter(0), "run", "--all", "--json")
	require.Equal(t, exitError, got.status)
	require.Empty(t, got.out)
	require.Regexp(t, `^interrupted: 0 of \d+ scenarios were run\n$`, got.err)
	require.NotEmpty(t, scenarios.Names())
}

func TestProgressIsForTerminals(t *testing.T) {
	var b strings.Builder
	p := newProgress(&b, 3)
	p.done("one")
	p.end()
	require.Empty(t, b.String())

	shown := &progress{w: &b, total: 3}
	shown.done("one")
	shown.done("two")
	shown.end()
	require.Equal(t, "\r\x1b[K1 of 3  one\r\x1b[K2 of 3  two\r\x1b[K", b.String())
}
