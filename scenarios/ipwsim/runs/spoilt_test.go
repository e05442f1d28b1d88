package runs

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/reports/diff"
	"ipwsim/reports/exchange"
	"ipwsim/reports/page"
	"ipwsim/reports/runtest"
	"ipwsim/reports/term"
	"ipwsim/reports/text"
	"ipwsim/scenarios"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/lookup"
	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// A trace that was edited by hand, lines taken away, doubled, moved or of another host, gives a report
// or an error, whatever it says then.
func TestReportsOfSpoiltTraces(t *testing.T) {
	data, err := scenarios.Read("l3-switch")
	require.NoError(t, err)
	s, problems := script.Parse("l3-switch.txtar", data)
	require.NoError(t, problems.Err())
	played, err := script.Run(context.Background(), s, script.Options{Cluster: lookup.Finder{}.Find})
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, played.Trace.Write(&b))
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")

	rapid.Check(t, func(t *rapid.T) {
		spoilt := append([]string{}, lines...)
		for range rapid.IntRange(1, 40).Draw(t, "times") {
			i, j := rapid.IntRange(0, len(spoilt)-1).Draw(t, "line"), rapid.IntRange(0, len(spoilt)-1).Draw(t, "other")
			switch rapid.IntRange(0, 3).Draw(t, "how") {
			case 0:
				spoilt = append(spoilt[:i], spoilt[i+1:]...)
			case 1:
				spoilt[j] = spoilt[i]
			case 2:
				spoilt[i], spoilt[j] = spoilt[j], spoilt[i]
			case 3:
				name := rapid.SampledFrom([]string{"active", "standby", "client", "core1", "192.168.10.202", "preferred", "up", `"nodes":[`, `"clients":[`}).Draw(t, "word")
				spoilt[i] = strings.Replace(spoilt[i], name, rapid.SampledFrom([]string{"active", "core1", "", "x"}).Draw(t, "by"), 1)
			}
		}
		p := played.Played
		if p.Trace, err = trace.Read(strings.NewReader(strings.Join(spoilt, "\n"))); err != nil {
			require.NotContains(t, err.Error(), "\n")
			return
		}
		out, err := script.Judge(s, lookup.Finder{}.Find, p)
		if err != nil {
			return
		}
		all := []*finding.Run{out}
		require.NoError(t, write(io.Discard, io.Discard, all, outputs{lang: cli.NewLang(), annotations: true, full: true}))
		require.NoError(t, exchange.JSON(io.Discard, all))
		require.NoError(t, exchange.JUnit(io.Discard, all))
		require.NoError(t, exchange.Perfetto(io.Discard, all))
		require.NoError(t, page.Run(io.Discard, out, page.Options{}))
		_, err = diff.Traces(played.Trace, p.Trace)
		require.NoError(t, err)
	})
}

// A profile's name from cluster.toml is one of letters, digits, - and _. One in a trace from elsewhere
// may be anything; the checks cite it, the reports show what it holds and a terminal obeys none of it.
func TestAProfileNameFromOutsideDoesNoHarm(t *testing.T) {
	data, err := scenarios.Read("cable-pull")
	require.NoError(t, err)
	s, _ := script.Parse("cable-pull.txtar", data)
	r, err := script.Run(t.Context(), s, script.Options{Cluster: lookup.Finder{}.Find})
	require.NoError(t, err)
	r.Trace.Header.Clients[0].Profile = "\x1b[2J\u202eevil\n\xff"
	r, err = script.Judge(s, lookup.Finder{}.Find, r.Played)
	require.NoError(t, err)

	var out, doc bytes.Buffer
	require.NoError(t, text.Run(&out, r, term.Options{Full: true}))
	runtest.Harmless(t, out.String(), 80)
	require.Contains(t, strings.Join(strings.Fields(out.String()), " "), `is \x1b[2J\u202eevil\x0a\xff, not windows-modern`)
	require.NoError(t, exchange.JSON(&doc, []*finding.Run{r}))
	require.Contains(t, doc.String(), `\u001b[2J`)
	for _, all := range []string{out.String(), doc.String()} {
		require.NotContains(t, all, "\x1b")
		require.NotContains(t, all, "\xff")
	}
}
