package diag

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A list of very many problems tells the first, that there are more, and whether there is an error.
func TestAListDoesNotGrowWithoutEnd(t *testing.T) {
	var l List
	for range 20_000 {
		l.Warnf("x", 1, "odd")
	}
	require.Len(t, l, 5001)
	require.Equal(t, "x:1: warning: found 5000 problems up to here; those that follow are not told", l[5000].String())
	require.NoError(t, l.Err())
	for range 20_000 {
		l.Errorf("x", 2, "bad")
	}
	require.Len(t, l, 5002)
	require.Error(t, l.Err())
	require.Equal(t, "x:2: error: bad", l[5001].String())
}
