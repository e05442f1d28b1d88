package main

import (
	"context"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"ipwsim/reports/words"

	"github.com/stretchr/testify/require"
)

// A figure is held against the expectation of its own stretch; `no` expects none.
func TestFiguresHaveTheBandOfTheirStretch(t *testing.T) {
	path := scenario(t, "case.txtar", "# Bands\ncluster guide\nat 5s unplug active\nexpect failover 30s..40s\n"+
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
	require.Contains(t, oneLine(ipwsim("run", "cable-pull", "--hash").out), "trace "+hash("--hash"))
}

func TestJUnit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.xml")
	got := ipwsim("run", "cable-pull", scenario(t, "case.txtar", failing), "--junit", path)
	require.Equal(t, exitFindings, got.status)
	require.Contains(t, got.out, "2 scenarios: 1 passed, 0 with a weakness, 1 failed", "the text is printed too")
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
	got := ipwsim("run", "cable-pull", "--junit", path)
	require.Equal(t, exitError, got.status)
	require.Regexp(t, `\APASS +cable-pull\n`, got.out)
	require.Regexp(t, `\Acannot write `+path+`: [a-z ]+\n\z`, got.err, "no name of a temporary file")
}

// A file in a folder that is not there is refused before anything runs.
func TestFilesWithoutAFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "no")
	for _, flag := range []string{"--junit", "--perfetto", "--html"} {
		got := ipwsim("run", "cable-pull", flag, filepath.Dir(dir))
		require.Equal(t, exitError, got.status)
		require.Equal(t, flag+": found folder "+filepath.Dir(dir)+", expected a file to write\n", strings.Split(got.err, "`")[0])
		got = ipwsim("run", "cable-pull", flag, filepath.Join(dir, "x"))
		require.Equal(t, exitError, got.status)
		require.Empty(t, got.out)
		require.Equal(t, flag+": cannot write "+filepath.Join(dir, "x")+": found no folder "+dir+"\n", strings.Split(got.err, "`")[0])
	}
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
	got := ipwsim("run", file, "--pcap", filepath.Join(file, "below"))
	require.Equal(t, exitError, got.status)
	require.Contains(t, got.err, "--pcap: cannot write into "+filepath.Join(file, "below")+": "+file+" is a file")
	require.Empty(t, got.out)

	got = ipwsim("run", file, scenario(t, "case.txtar", passing), "--pcap", t.TempDir())
	require.Equal(t, exitError, got.status)
	require.Contains(t, got.err, "--pcap: found two scenarios called case, expected names that differ")
}

// cutOff cancels a context when a text is written to it.
type cutOff struct {
	at     string
	cancel func()
}

func (c cutOff) Write(p []byte) (int, error) {
	if strings.Contains(string(p), c.at) {
		c.cancel()
	}
	return len(p), nil
}

func TestAnInterruptedSuiteKeepsWhatWasRun(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // one scenario after the other
	dir := t.TempDir()
	for _, name := range []string{"1st", "2nd", "3rd", "4th"} {
		writeText(t, filepath.Join(dir, name+".txtar"), passing)
	}
	sources, _, err := load([]string{dir}, runFlags{})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	runs, err := runAll(ctx, sources, runFlags{}, &progress{meter{w: cutOff{"2 / 4", cancel}}, len(sources)})
	require.EqualError(t, err, "interrupted: 2 of 4 scenarios were run")
	require.Len(t, runs, 2)
	require.Equal(t, []string{"1st", "2nd"}, []string{runs[0].Scenario, runs[1].Scenario})
}

func TestNothingIsReportedWhereNothingWasRun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for n, args := range map[int][]string{1: {"cable-pull"}, 2: {"cable-pull", "split-brain", "--json"}} {
		want := said{exitError, "", fmt.Sprintf("interrupted: 0 of %d scenarios were run\n", n)}
		require.Equal(t, want, ipwsimUntil(ctx, append([]string{"run"}, args...)...))
	}
}

func TestProgress(t *testing.T) {
	var b strings.Builder
	p := newProgress(&b, words.English, 3) // no terminal
	p.done(1)
	require.Empty(t, b.String(), "work that is over soon needs no line")
	p.last = p.last.Add(-everyLine)
	p.done(2)
	p.done(3) // too soon
	p.end()
	require.Equal(t, "2 / 3\n", b.String(), "a line that stays, without control characters")
	b.Reset()

	shown := &progress{meter{w: &b, every: time.Hour}, 3}
	shown.done(1)
	shown.done(2) // too soon
	shown.last = time.Time{}
	shown.done(3)
	shown.end()
	require.Equal(t, "\r\x1b[K1 / 3\r\x1b[K3 / 3\r\x1b[K", b.String())
}

// The same scenario, seed and date give the same bytes of every report, in both languages.
func TestTheSameRunGivesTheSameBytes(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	reports := func(lang string) []string {
		dir := t.TempDir()
		junit, perfetto, page := filepath.Join(dir, "junit.xml"), filepath.Join(dir, "perfetto.json"), filepath.Join(dir, "page.html")
		args := []string{"run", "split-brain-pins", "--seed", "7", "--lang", lang}
		text := ipwsim(append(args, "--full", "--hash", "--junit", junit, "--perfetto", perfetto, "--html", page)...)
		require.Equal(t, exitPass, text.status, text.err)
		return []string{text.out, ipwsim(append(args, "--json", "--hash")...).out, read(t, junit), read(t, perfetto), read(t, page)}
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
