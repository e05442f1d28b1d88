package reports

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func annotated(t require.TestingT, all ...Annotation) string {
	var b bytes.Buffer
	require.NoError(t, Annotate(&b, all))
	return b.String()
}

func TestAnnotations(t *testing.T) {
	r := slowFailover()
	r.Warnings = []string{"ReleaseTime is odd"}
	out := annotated(t, Annotations([]Result{cablePull(), r})...)
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	require.Equal(t, "::error file="+r.File+",line=5,title="+r.Scenario+"::line 5: expect failover 30s..40s; seen: 55.2 s", lines[0])
	require.Equal(t, "::warning file="+r.File+",title="+r.Scenario+"::ReleaseTime is odd", lines[len(lines)-1])
	require.Empty(t, annotated(t, Annotations([]Result{cablePull()})...), "a run that passed has nothing to say")
}

func TestAnnotationsAreEscaped(t *testing.T) {
	require.Equal(t, "::error file=C%3A\\a%2Cb.txtar,line=3,title=100%25::50%25: a, b%0Ac\\x1b[2J\n",
		annotated(t, Annotation{File: `C:\a,b.txtar`, Line: 3, Title: "100%", Text: "50%: a, b\nc\x1b[2J"}))
	require.Equal(t, "::warning::text\n", annotated(t, Annotation{Warning: true, Text: "text"}))
}

// parsed reads an annotation as GitHub's runner does.
func parsed(t require.TestingT, line string) Annotation {
	rest, ok := strings.CutPrefix(line, "::")
	require.True(t, ok, line)
	head, text, ok := strings.Cut(rest, "::")
	require.True(t, ok, line)
	level, where, _ := strings.Cut(head, " ")
	a := Annotation{Warning: level == "warning"}
	undo := strings.NewReplacer("%25", "%", "%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",")
	for _, p := range strings.Split(where, ",") {
		name, value, _ := strings.Cut(p, "=")
		switch name {
		case "file":
			a.File = undo.Replace(value)
		case "title":
			a.Title = undo.Replace(value)
		}
	}
	a.Text = undo.Replace(text)
	return a
}

func TestAnyAnnotationIsOneLineThatReadsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Annotation{Warning: rapid.Bool().Draw(t, "warning"), File: rapid.String().Draw(t, "file"), Title: rapid.String().Draw(t, "title"), Text: rapid.String().Draw(t, "text")}
		out := annotated(t, a)
		require.Equal(t, 1, strings.Count(out, "\n"))
		require.NotContains(t, out, "\r")
		want := Annotation{Warning: a.Warning, File: safe(a.File), Title: safe(a.Title), Text: strings.Join(safeLines(a.Text), "\n")}
		require.Equal(t, want, parsed(t, strings.TrimSuffix(out, "\n")))
	})
}
