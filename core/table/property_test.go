package table_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/core"
	"ipwsim/core/table"
)

// anyEntry draws entries that W1 allows, with the VIPs in 10.0.0.0/8 told apart by their place in the table.
func anyEntry(t *rapid.T, place int) core.Entry {
	return core.Entry{
		Peer:      `\\` + rapid.StringMatching(`[A-Za-z][A-Za-z0-9_-]{0,14}`).Draw(t, "peer"),
		VIP:       netip.AddrFrom4([4]byte{10, byte(place), rapid.Byte().Draw(t, "third"), 1}),
		Interface: rapid.StringMatching(`[A-Za-zイーサネット表ソ能ﾂｱ接続한é]([A-Za-z0-9 イーサネット表ソ能ﾂｱ接続*()=-]{0,20}[0-9ト])?`).Draw(t, "interface"),
	}
}

func TestW1W4AnyTableIsReadBackAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries := make([]core.Entry, rapid.IntRange(1, 5).Draw(t, "entries"))
		for i := range entries {
			entries[i] = anyEntry(t, i)
		}
		made, problems := table.New(entries...)
		require.Empty(t, problems)
		got, problems := table.Parse("", made.Format())
		require.Empty(t, problems)
		require.Equal(t, made, got)
		require.Equal(t, entries, got.Entries())
	})
}

func TestW4AppendingOneByOneIsTheSameAsAtOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries := make([]core.Entry, rapid.IntRange(1, 5).Draw(t, "entries"))
		var grown table.Table
		for i := range entries {
			entries[i] = entry(fmt.Sprintf(`\\epst%d`, i), fmt.Sprintf("10.0.0.%d", i+1), rapid.SampledFrom([]string{"Ethernet 2", "イーサネット"}).Draw(t, "interface"))
			var problems interface{ Err() error }
			grown, problems = grown.Append(entries[i])
			require.NoError(t, problems.Err())
		}
		made, problems := table.New(entries...)
		require.Empty(t, problems)
		require.Equal(t, made, grown)
	})
}

func TestW1AnyMixOfLineEndsIsKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		lines := rapid.IntRange(1, 6).Draw(t, "lines")
		for i := range lines {
			if i == 0 || rapid.Bool().Draw(t, "entry") {
				b.WriteString(anyEntry(t, i).String())
			}
			b.WriteString(rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "end"))
		}
		got, problems := table.Parse("", []byte(b.String()))
		require.Empty(t, problems)
		require.Equal(t, b.String(), string(got.Format()))
	})
}
