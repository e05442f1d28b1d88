package exchange_test

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/core/diag"
	"ipwsim/reports/exchange"
	"ipwsim/reports/runtest"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
)

func annotated(t require.TestingT, all ...exchange.Annotation) string {
	var b bytes.Buffer
	require.NoError(t, exchange.Annotate(&b, all))
	return b.String()
}

// A failed expectation stands at its line, a failed check and a weakness shown on purpose at the file, and a problem of
// the cluster's files is a warning; a run in which all held has nothing to say.
func TestAnnotations(t *testing.T) {
	r := runtest.Failing(t)
	r.Problems = diag.List{{File: "ipwatch.dat", Line: 2, Severity: diag.Warning, Message: "ReleaseTime is odd"}, {Severity: diag.Warning, Message: "so is this"}}
	lines := strings.Split(annotated(t, exchange.Annotations([]*finding.Run{runtest.Scenario(t, "cable-pull"), r, runtest.Scenario(t, "ad-client")})...), "\n")
	require.Len(t, lines, 3+3+2+3+1)
	require.Equal(t, "::error file=failing.txtar,line=7,title=failing::line 7: expect failover 30s..40s; seen: 155.604 s for client", lines[0])
	require.True(t, strings.HasPrefix(lines[3], "::error file=failing.txtar,title=failing::P1: after the loss of active"), lines[3])
	require.Equal(t, "::warning file=failing.txtar,title=failing::ipwatch.dat:2: ReleaseTime is odd", lines[6])
	require.Equal(t, "::warning file=failing.txtar,title=failing::so is this", lines[7])
	require.True(t, strings.HasPrefix(lines[8], "::notice file=ad-client.txtar,title=ad-client::P8: "), lines[8])
	require.True(t, strings.HasPrefix(lines[9], "::notice file=ad-client.txtar,title=ad-client::failover 599.0 s "), lines[9])
	require.Empty(t, annotated(t, exchange.Annotations([]*finding.Run{runtest.Scenario(t, "cable-pull")})...))
}

func TestProblemsAsAnnotations(t *testing.T) {
	p := diag.Problem{File: "ipwatch.dat", Line: 2, Severity: diag.Error, Message: "two masters"}
	require.Equal(t, "::error file=ipwatch.dat,line=2::two masters\n", annotated(t, exchange.Annotated(p)))
	p.Severity = diag.Warning
	require.Equal(t, exchange.Warning, exchange.Annotated(p).Level)
}

func TestAnnotationsAreEscaped(t *testing.T) {
	require.Equal(t, "::error file=C%3A\\a%2Cb.txtar,line=3,title=100%25::50%25: a, b%0Ac\\x1b[2J\n",
		annotated(t, exchange.Annotation{Level: exchange.Error, File: `C:\a,b.txtar`, Line: 3, Title: "100%", Text: "50%: a, b\nc\x1b[2J"}))
	require.Equal(t, "::notice::text\n", annotated(t, exchange.Annotation{Level: exchange.Notice, Text: "text"}))
}

// parsed reads an annotation as GitHub's runner does.
func parsed(t require.TestingT, line string) exchange.Annotation {
	rest, ok := strings.CutPrefix(line, "::")
	require.True(t, ok, line)
	head, text, ok := strings.Cut(rest, "::")
	require.True(t, ok, line)
	level, where, _ := strings.Cut(head, " ")
	a := exchange.Annotation{Level: exchange.Level(level)}
	undo := strings.NewReplacer("%25", "%", "%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",")
	for _, p := range strings.Split(where, ",") {
		name, value, _ := strings.Cut(p, "=")
		switch name {
		case "file":
			a.File = undo.Replace(value)
		case "title":
			a.Title = undo.Replace(value)
		case "line":
			a.Line, _ = strconv.Atoi(value)
		}
	}
	a.Text = undo.Replace(text)
	return a
}

func TestAnyAnnotationIsOneLineThatReadsTheSame(t *testing.T) {
	levels := []exchange.Level{exchange.Error, exchange.Warning, exchange.Notice}
	rapid.Check(t, func(t *rapid.T) {
		text := func(name string) string { return runtest.Texts().Draw(t, name) }
		a := exchange.Annotation{Level: rapid.SampledFrom(levels).Draw(t, "level"), File: text("file"), Line: rapid.IntRange(0, 99).Draw(t, "line"), Title: text("title"), Text: text("text")}
		out := annotated(t, a)
		require.Equal(t, 1, strings.Count(out, "\n"))
		require.NotContains(t, out, "\r")
		a.File, a.Title, a.Text = words.Safe(a.File), words.Safe(a.Title), strings.Join(words.SafeLines(a.Text), "\n")
		require.Equal(t, a, parsed(t, strings.TrimSuffix(out, "\n")))
	})
}

// Any run has a line for each annotation.
func TestAnyRunIsAnnotated(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := exchange.Annotations(rapid.SliceOfN(runtest.Runs(), 0, 2).Draw(t, "runs"))
		require.Equal(t, len(all), strings.Count(annotated(t, all...), "\n"))
	})
}
