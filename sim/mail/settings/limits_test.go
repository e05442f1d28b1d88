package settings

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestVeryManyLinesAreRefused(t *testing.T) {
	rows, problems := ParseAccounts("x.idx", []byte(strings.Repeat("x\n", 20_001)))
	require.Empty(t, rows)
	require.EqualError(t, problems.Err(), "x.idx:20001: error: found 20001 lines; expected at most 20000")
}
