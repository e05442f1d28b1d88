package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/field"
)

func TestFieldTableHasEveryCell(t *testing.T) {
	var out, errs bytes.Buffer
	require.Equal(t, exitPass, execute(context.Background(), []string{"run", "field"}, &out, &errs), errs.String())
	rows := 0
	for _, line := range strings.Split(out.String(), "\n") {
		require.LessOrEqual(t, len([]rune(line)), columns, line)
		if strings.Contains(line, " 3.0 ") || strings.Contains(line, "24.0 ") {
			rows++
		}
	}
	require.Equal(t, len(field.Cells()), rows)
}

func TestFieldTableAsJSON(t *testing.T) {
	var out, errs bytes.Buffer
	require.Equal(t, exitPass, execute(context.Background(), []string{"run", "field", "--json", "--seed", "3"}, &out, &errs), errs.String())
	var doc struct {
		Kind string `json:"ipwsim"`
		Rows []struct {
			Failover struct {
				Seconds float64            `json:"seconds"`
				Parts   map[string]float64 `json:"parts"`
			} `json:"failover"`
		} `json:"rows"`
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &doc))
	require.Equal(t, "field", doc.Kind)
	require.Len(t, doc.Rows, len(field.Cells()))
	for _, r := range doc.Rows {
		sum := 0.0
		for _, p := range r.Failover.Parts { // order: a sum of few numbers, compared loosely
			sum += p
		}
		require.InDelta(t, r.Failover.Seconds, sum, 1e-6)
	}
}

func TestFieldTableTakesNoOtherFlags(t *testing.T) {
	var out, errs bytes.Buffer
	require.Equal(t, exitError, execute(context.Background(), []string{"run", "field", "--hash"}, &out, &errs))
	require.Contains(t, errs.String(), "--seed, --lang, --json and --html only")
}
