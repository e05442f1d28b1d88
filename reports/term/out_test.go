package term_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/reports/runtest"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
)

// Whatever is written, in whatever pieces, comes out harmless and in its lines.
func TestNothingHarmfulComesOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		out := term.NewOut(&b)
		text := rapid.SliceOf(rapid.OneOf(runtest.Texts(), rapid.SampledFrom([]string{"\n", term.Wipe, string(term.Bad), "\u009b31m", "\u202e", "日本", "\xe6"}))).Draw(t, "text")
		all := strings.Join(text, "")
		for rest := all; rest != ""; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "piece")
			m, err := out.Write([]byte(rest[:n]))
			require.NoError(t, err)
			require.Equal(t, n, m)
			rest = rest[n:]
		}
		require.NoError(t, out.Close())
		lines := strings.Split(all, "\n")
		for i, line := range lines {
			parts := strings.Split(line, "\t")
			for j := range parts {
				parts[j] = words.Safe(parts[j])
			}
			lines[i] = strings.Join(parts, "\t")
		}
		require.Equal(t, strings.Join(lines, "\n"), b.String())
		require.True(t, utf8.ValidString(b.String()))
	})
}
