package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/runtest"
	"ipwsim/scenarios/history"
)

// nightsIn is a folder with so many nights, of which the last is slower by so much.
func nightsIn(t *testing.T, n int, slower float64) string {
	t.Helper()
	dir := t.TempDir()
	h, err := history.Open(filepath.Join(dir, historyFile))
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

// The status says whether a test calls something a regression; all reports tell of it.
func TestHistory(t *testing.T) {
	dir := nightsIn(t, 12, 1)
	html := filepath.Join(dir, "history.html")
	for lang, head := range map[string]string{"en": "\nRegressions\n  cable-pull failover  35.0 s  ", "ja": "\n悪化\n  cable-pull failover  35.0 s  "} {
		got := ipwsim("history", dir, "--html", html, "--lang", lang)
		require.Equal(t, exitFindings, got.status, got.err)
		require.Contains(t, got.out, head)
		require.Contains(t, got.out, "Mann-Whitney U")
		require.Contains(t, got.out, "100000")
		require.Contains(t, got.out, "1/2")
		require.NotRegexp(t, `history\.[a-z]`, got.out, "every text is there")
		requireColumns(t, got.out)
		page := contents(t, html)
		require.NotRegexp(t, `history\.[a-z]`, page)
		require.Contains(t, page, `class="badge fail"`)
		require.Contains(t, page, `<path class="line over thin" d="M`)
	}
	same := ipwsim("history", filepath.Join(nightsIn(t, 12, 0), historyFile))
	require.Equal(t, exitPass, same.status, same.out)
	require.Contains(t, same.out, "\nNo regression and no improvement.\n")
	require.Regexp(t, `(?m)^cable-pull failover +[▁▂▃▄▅▆▇█]{10} +3\d\.\d s +3\d\.\d s +3\d\.\d s +[0-9.e-]+$`, same.out)
	require.Regexp(t, `(?m)^mute +x{10} +not in 100000 +1$`, same.out)
}

func TestAHistoryWithNothingToCompare(t *testing.T) {
	empty := ipwsim("history", nightsIn(t, 0, 0))
	require.Equal(t, said{exitPass, "There is no night in it yet.\n", ""}, empty)
	one := ipwsim("history", nightsIn(t, 1, 0))
	require.Equal(t, exitPass, one.status)
	require.Contains(t, unwrapped(one.out), "nodatatocompareitwith")
	require.NotContains(t, one.out, "No regression", "nobody knows")

	dir := t.TempDir()
	none := ipwsim("history", dir)
	require.Equal(t, exitError, none.status)
	require.Contains(t, none.err, "cannot read the history "+filepath.Join(dir, historyFile))
	require.NoFileExists(t, filepath.Join(dir, historyFile), "it is not made")
	writeText(t, filepath.Join(dir, historyFile), "no database at all, but long enough to be looked at as one: "+fmt.Sprint(make([]int, 100)))
	damaged := ipwsim("history", dir)
	require.Equal(t, exitError, damaged.status)
	require.Regexp(t, `^\S+history.db: the history cannot be used, it may be damaged: .+\n$`, damaged.err)
}

func TestJSONOfAHistory(t *testing.T) {
	got := ipwsim("history", nightsIn(t, 3, 1), "--json")
	var d struct {
		Ipwsim  string
		Passed  bool
		Nights  []struct{ Seed string }
		Changes []struct {
			Name, Test, Verdict string
			P                   float64
			Trend               []struct{ Value float64 }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(got.out), &d), got.out)
	schema := ipwsim("schema", "history")
	require.Equal(t, exitPass, schema.status)
	valid := runtest.Schema(t, []byte(schema.out), true)
	require.NoError(t, valid([]byte(got.out)))
	require.NoError(t, valid([]byte(ipwsim("history", nightsIn(t, 0, 0), "--json").out)), "no night at all")
	require.Equal(t, "history", d.Ipwsim)
	require.False(t, d.Passed)
	require.Equal(t, "2", d.Nights[2].Seed)
	require.Equal(t, []any{"cable-pull failover", "Mann-Whitney U", "regression"}, []any{d.Changes[0].Name, d.Changes[0].Test, d.Changes[0].Verdict})
	require.Len(t, d.Changes[0].Trend, 3)
}
