package rules

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The ranges have every rule that there is, and no other: W12 is in W1-W22.
func TestRanges(t *testing.T) {
	require.True(t, IsID("w99"))
	require.False(t, IsID("audit"))
	require.False(t, IsID("W"))
	ends := map[string]bool{}
	for _, r := range strings.Split(Ranges(), ", ") {
		for _, end := range strings.Split(r, "-") {
			_, is := Lookup(end)
			require.True(t, is, end)
			ends[end] = true
		}
	}
	last := ""
	for i, r := range All() {
		if i == 0 || r.ID[:1] != last {
			require.True(t, ends[r.ID], "%s begins its letter", r.ID)
		}
		last = r.ID[:1]
	}
}
