package cluster

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A file that is large is refused with few sentences, not with one for each of its lines.
func TestLargeFilesAreRefusedInFewSentences(t *testing.T) {
	whole := string(guide(t)["cluster.toml"].Data)
	for want, text := range map[string]string{
		"found more than 1000 keys in a table":                  whole + strings.Repeat("a = 1\n", 2000),
		"found 30001 [[client]]; expected at most 20000":        whole + strings.Repeat("\n[[client]]\n", 30_000),
		"cluster.toml:1: error: keys or values are nested more": strings.Repeat("a.", 50_000) + "b = 1",
		"and 300 more unknown keys":                             whole + numbered(400),
	} {
		_, problems := Load(Overlay(guide(t), map[string][]byte{"cluster.toml": []byte(text)}), ".")
		require.ErrorContains(t, problems.Err(), want)
		require.Less(t, len(problems), 120)
	}
}

// numbered are so many keys that nobody knows.
func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "x%d = 1\n", i)
	}
	return b.String()
}
