package root

import (
	"strings"
	"testing"

	"ipwsim/scenarios/ipwsim/cli"

	"github.com/stretchr/testify/require"
)

// Numbers on flags are decimal and have the same ranges in every command, which each refusal names.
func TestNumbersHaveRanges(t *testing.T) {
	root := New()
	for command, flags := range map[string][]string{
		"study":      {"runs", "max-runs", "workers", "seed"},
		"study show": {"cell", "seed"}, "study run": {"runs", "workers"}, "study merge": {"runs", "workers"},
		"compare": {"runs", "workers", "seed"}, "run": {"seed"}, "console": {"seed"}, "serve": {"smtp", "pop3", "imap"},
	} {
		c, _, err := root.Find(strings.Fields(command))
		require.NoError(t, err)
		for _, name := range flags {
			v := c.Flags().Lookup(name).Value
			for _, bad := range []string{"", "-1", "010", "0x10", "1_0", "+1", " 1", "1e3", "18446744073709551616", "-9223372036854775808"} {
				require.ErrorContains(t, v.Set(bad), "expected a whole number from ", "%s --%s=%s", command, name, bad)
			}
			require.NoError(t, v.Set("1"))
			if s := spans[name]; s.least > 0 {
				require.Error(t, v.Set("0"))
			}
		}
	}
	for _, args := range [][]string{{"study", "--workers", "9223372036854775807"}, {"compare", "a", "b", "--workers", "2147483648"}} {
		var said strings.Builder
		require.Equal(t, cli.ExitError, Execute(t.Context(), args, &said, &said))
		require.Contains(t, said.String(), "expected a whole number from 1 to 1024\n")
	}
}
