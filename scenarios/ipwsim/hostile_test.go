package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/exchange"
	"ipwsim/reports/term"
	"ipwsim/reports/text"
	"ipwsim/scenarios"
	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
)

// A profile's name from cluster.toml is one of letters, digits, - and _. One in a trace from elsewhere
// may be anything; the checks cite it, the reports show what it holds and a terminal obeys none of it.
func TestAProfileNameFromOutsideDoesNoHarm(t *testing.T) {
	data, err := scenarios.Read("cable-pull")
	require.NoError(t, err)
	s, _ := script.Parse("cable-pull.txtar", data)
	r, err := script.Run(t.Context(), s, script.Options{Cluster: finder{}.find})
	require.NoError(t, err)
	r.Trace.Header.Clients[0].Profile = "\x1b[2J\u202eevil\n\xff"
	r, err = script.Judge(s, finder{}.find, r.Played)
	require.NoError(t, err)

	var out, doc bytes.Buffer
	require.NoError(t, text.Run(&out, r, term.Options{Full: true}))
	requireColumns(t, out.String())
	require.Contains(t, oneLine(out.String()), `is \x1b[2J\u202eevil\x0a\xff, not windows-modern`)
	require.NoError(t, exchange.JSON(&doc, []*finding.Run{r}))
	require.Contains(t, doc.String(), `\u001b[2J`)
	for _, all := range []string{out.String(), doc.String()} {
		require.NotContains(t, all, "\x1b")
		require.NotContains(t, all, "\xff")
	}
}
