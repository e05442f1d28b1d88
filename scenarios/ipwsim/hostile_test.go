package main

import (
	"bytes"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports"
	"ipwsim/scenarios"
	"ipwsim/scenarios/check"
	"ipwsim/scenarios/script"
)

// A profile's name from cluster.toml is one of letters, digits, - and _. One in a trace from elsewhere
// may be anything; the checks cite it, the reports show what it holds and a terminal obeys none of it.
func TestAProfileNameFromOutsideDoesNoHarm(t *testing.T) {
	data, err := scenarios.Read("cable-pull")
	require.NoError(t, err)
	s, _ := script.Parse("cable-pull.txtar", data)
	out, err := script.Run(t.Context(), s, script.Options{Cluster: func(name string) (fs.FS, error) {
		return fs.Sub(scenarios.Clusters(), name)
	}})
	require.NoError(t, err)
	out.Trace.Header.Clients[0].Profile = "\x1b[2J\u202eevil\n\xff"
	out.Checks = check.All(out.Trace)
	r := result(source{script: s, arg: "cable-pull"}, "", out)

	var text, doc bytes.Buffer
	require.NoError(t, reports.Text(&text, r, reports.Options{Full: true}))
	require.Contains(t, text.String(), `is \x1b[2J\u202eevil\x0a\xff, not windows-modern`)
	require.NoError(t, reports.JSON(&doc, []reports.Result{r}))
	require.Contains(t, doc.String(), `\u001b[2J`)
	for _, all := range []string{text.String(), doc.String()} {
		require.NotContains(t, all, "\x1b")
		require.NotContains(t, all, "\xff")
	}
}
