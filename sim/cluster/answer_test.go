package cluster

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// An answer is taken as the same key of a file is.
func TestAnswer(t *testing.T) {
	for _, c := range []struct {
		node      bool
		key, text string
		want      string // in the problem; "": none
	}{
		{true, "name", "MAIL-1", ""}, {true, "name", "a b", "expected letters, digits, - and _"},
		{true, "address", "10.0.0.1/24", ""}, {true, "address", "abc", "expected IPv4 with a prefix length"}, {false, "address", "10.0.0.1", "has no prefix length"},
		{true, "interface", "イーサネット 2", ""}, {true, "interface", "a\tb", "control character"},
		{false, "unc", `\\NAS\mail`, ""}, {false, "unc", `X:\mail`, "expected a UNC name"},
		{true, "profile", "srv-2008", ""}, {true, "profile", "linux", "unknown profile"}, {true, "profile", "10.0.0.1/24", "expected one of srv-2003, "},
		{false, "profile", "linux", ""}, {false, "profile", "srv-2008", "unknown profile"},
	} {
		if err := Answer(c.node, c.key, c.text); c.want == "" {
			require.NoError(t, err, c.text)
		} else {
			require.ErrorContains(t, err, c.want, c.text)
		}
	}
}
