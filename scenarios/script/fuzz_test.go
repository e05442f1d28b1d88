package script

import (
	"bytes"
	"strings"
	"testing"
	"unicode"

	"ipwsim/core/disk"
	"ipwsim/core/golden"

	"github.com/stretchr/testify/require"
)

// checkAny is what holds for every file: its problems can be read and found, and a scenario
// without an error can be written down again.
func checkAny(t require.TestingT, data []byte) {
	s, problems := Parse("any.txtar", data)
	for _, p := range problems {
		require.Equal(t, "any.txtar", p.File)
		require.NotEmpty(t, strings.TrimSpace(p.Message), "a problem says what is wrong")
		require.Equal(t, -1, strings.IndexFunc(p.Message, func(r rune) bool { return !unicode.IsPrint(r) }), "a message is one line of text: %q", p.Message)
		require.GreaterOrEqual(t, p.Line, 0)
		require.LessOrEqual(t, p.Line, 1+bytes.Count(data, []byte("\n")), "the file has the line: %s", p)
	}
	_, again := Parse("any.txtar", data)
	require.Equal(t, problems, again, "the same problems each time")
	if problems.Err() == nil && len(data) < disk.MostScenario/16 {
		requireSame(t, s)
	}
}

// Fuzz with -fuzzminimizetime=20x: by default all the time goes into shortening the first find.
func FuzzParse(f *testing.F) {
	for _, path := range append(golden.Files(f, "testdata/bad/*.txtar"), golden.Files(f, "../*.txtar")...) {
		f.Add(golden.Read(f, path))
	}
	f.Fuzz(func(t *testing.T, data []byte) { checkAny(t, data) })
}
