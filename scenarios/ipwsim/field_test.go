package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/studied"
)

// `run field` and `study field` print the same tables, of the shipped studies, each cell a line.
func TestTheFieldIsAStudy(t *testing.T) {
	got := ipwsim("run", "field")
	require.Equal(t, exitPass, got.status, got.err)
	requireColumns(t, got.out)
	require.Equal(t, got, ipwsim("study", "field"))
	rows := 0
	for line := range strings.SplitSeq(got.out, "\n") {
		if n := len(strings.Fields(line)); n == 9 && strings.Contains(line, ".") {
			rows++
		}
	}
	require.Equal(t, 60, rows)
	require.Contains(t, got.out, "\nprofile srv-2008, cure off\n")
	require.Contains(t, ipwsim("run", "field", "--lang", "ja").out, "最も待たされるクライアント")
}

func TestTheFieldAsJSON(t *testing.T) {
	got := ipwsim("run", "field", "--json", "--seed", "3")
	require.Equal(t, exitPass, got.status, got.err)
	var all []studied.Answers
	require.NoError(t, json.Unmarshal([]byte(got.out), &all))
	cells := 0
	for _, a := range all {
		require.Equal(t, "study", a.Kind)
		cells += len(a.Cells)
		for _, c := range a.Cells {
			o := c.Failover.Typical
			require.InDelta(t, o.Seconds, o.Free+o.Tentative+o.Cache, 1e-6)
		}
	}
	require.Equal(t, 60, cells)
}

// The pages show the tables.
func TestThePagesOfTheField(t *testing.T) {
	dir := t.TempDir()
	require.Equal(t, exitPass, ipwsim("study", "field", "-o", dir).status)
	page, err := os.ReadFile(filepath.Join(dir, "field-segment", "index.html"))
	require.NoError(t, err)
	require.Contains(t, string(page), "<h3>profile srv-2008, cure on</h3>")
	require.FileExists(t, filepath.Join(dir, "field-router", "summary.json"))
}

func TestFieldTableTakesNoOtherFlags(t *testing.T) {
	got := ipwsim("run", "field", "--hash")
	require.Equal(t, exitError, got.status)
	require.Contains(t, got.err, "--seed, --lang, --json and --html only")
}
