package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/exchange"
	"ipwsim/reports/runtest"
)

// What --json prints is one document that the printed schema allows, and nothing else.
func TestJSONIsWhatTheSchemaSays(t *testing.T) {
	printed := ipwsim("schema")
	require.Equal(t, said{exitPass, string(exchange.Schema), ""}, printed)
	valid := runtest.Schema(t, []byte(printed.out), true)
	for _, args := range [][]string{
		{"cable-pull"}, {"cable-pull", "vip-is-real", "ad-client"}, {scenario(t, "case.txtar", failing)}, {scenario(t, "case.txtar", refused), "--hash"},
	} {
		got := ipwsim(append([]string{"run", "--json"}, args...)...)
		require.Less(t, got.status, exitError, got.err)
		require.Empty(t, got.err)
		require.NoError(t, valid([]byte(got.out)), args)
		require.Equal(t, got.status == exitPass, reported(t, args...).Passed)
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
	require.NoError(t, json.Unmarshal([]byte(ipwsim(append([]string{"run", "--json"}, args...)...).out), &d))
	require.NotEmpty(t, d.Results)
	return d
}
