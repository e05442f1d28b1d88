package clitest

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/runtest"
	"ipwsim/scenarios"
	"ipwsim/scenarios/history"
	"ipwsim/scenarios/night"
)

// Scenarios, by what comes of them.
const (
	Passing    = "# Passes\ncluster guide\nping client vip\nat 5s unplug active\nexpect failover 30s..40s\nend 50s\n"
	Failing    = "# Fails\ncluster guide\nping client vip\nat 5s unplug active\nexpect failover 1s..2s\nend 50s\n"
	Unexpected = "# Fails a check\ncluster guide\nping client vip\nat 5s netsh standby lie\nat 10s unplug active\nend 100s\n"
	Malformed  = "# Malformed\ncluster guide\nat 5 unplug active\nexpect holder active\n"
	Impossible = "# Impossible\ncluster guide\nat 5s plug active\nexpect holder active\n"
	Refused    = "# Refused\ncluster guide\nexpect problem is the real address\n" + realVIP
	realVIP    = "-- active/ipwatch.dat --\n-c=\\\\hvt162EPST12 -i=192.168.10.200 -f=イーサネット\n" +
		"-- standby/ipwatch.dat --\n-c=\\\\hvt162EPST11 -i=192.168.10.200 -f=イーサネット\n"
)

// Scenario writes a scenario file into a new folder and returns its path.
func Scenario(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	WriteText(t, path, text)
	return path
}

// Read is what a file holds.
func Read(t testing.TB, path ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(path...))
	require.NoError(t, err)
	return string(data)
}

// WriteText writes a file.
func WriteText(t testing.TB, path, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}

// OurCluster is a copy of the guide's cluster with one file changed; "" leaves it as it is.
func OurCluster(t testing.TB, file, old, new string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "our-cluster")
	guide, err := fs.Sub(scenarios.Clusters(), "guide")
	require.NoError(t, err)
	require.NoError(t, os.CopyFS(dir, guide))
	if file == "" {
		return dir
	}
	path := filepath.Join(dir, filepath.FromSlash(file))
	data := Read(t, path)
	require.Contains(t, data, old)
	WriteText(t, path, strings.ReplaceAll(data, old, new))
	return dir
}

// Nights is a folder with so many nights, of which the last is slower by so much.
func Nights(t testing.TB, n int, slower float64) string {
	t.Helper()
	dir := t.TempDir()
	h, err := history.Open(filepath.Join(dir, night.HistoryFile))
	require.NoError(t, err)
	for i := range n {
		one := history.Night{
			ID: fmt.Sprint(i), Date: time.Date(2026, 11, 1+i, 2, 0, 0, 0, time.UTC), Version: "v1", Seed: uint64(i), Cluster: "abc", Cases: 100_000,
			Bugs:     []history.Bug{{Name: "deaf", Cases: 200, Caught: true}, {Name: "mute", Cases: 100_000}},
			Probes:   []history.Probe{{Name: "take", Cases: 9}, {Name: "yield"}},
			Failures: []history.Failure{{Signature: "P3 twice", Cases: int64(i)}},
			Samples:  []history.Sample{{Name: "cable-pull failover", Unit: history.Seconds}, {Name: "ping", Unit: history.Ratio, Values: []float64{1.5}}},
		}
		for k := range 50 {
			v := 33 + float64((7*k+3*i)%50)/25
			if i == n-1 {
				v += slower
			}
			one.Samples[0].Values = append(one.Samples[0].Values, v)
		}
		_, err := h.Add(one)
		require.NoError(t, err)
	}
	require.NoError(t, h.Close())
	return dir
}

// OneLine is a text with its lines unwrapped.
func OneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// Unwrapped is a text without its blanks: lines of Japanese break where there are none.
func Unwrapped(text string) string { return strings.Join(strings.Fields(text), "") }

// Columns wants text that fits a terminal and does nothing to it.
func Columns(t testing.TB, text string) {
	t.Helper()
	runtest.Harmless(t, text, 80)
}
