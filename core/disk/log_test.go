package disk

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func reopened(t require.TestingT, path string) []string {
	l, records, err := OpenLog(path)
	require.NoError(t, err)
	require.NoError(t, l.Close())
	var all []string
	for _, r := range records {
		all = append(all, string(r))
	}
	return all
}

func TestALogKeepsItsRecords(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	l, none, err := OpenLog(path)
	require.NoError(t, err)
	require.Empty(t, none)
	for _, r := range []string{"one", "two", "three"} {
		require.NoError(t, l.Add([]byte(r)))
	}
	_, _, err = OpenLog(path)
	require.ErrorContains(t, err, "another process is at work there")
	require.NoError(t, l.Close())
	require.Equal(t, []string{"one", "two", "three"}, reopened(t, path))
}

// Wherever a log is cut off, or a byte of it is changed, the records that are whole are there, and what is added later.
func TestOfADamagedLogTheRestIsThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	l, _, err := OpenLog(path)
	require.NoError(t, err)
	all := []string{"one", "two", "three"}
	for _, r := range all {
		require.NoError(t, l.Add([]byte(r)))
	}
	require.NoError(t, l.Close())
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	whole := string(data)
	rapid.Check(t, func(rt *rapid.T) {
		at := rapid.IntRange(0, len(whole)-1).Draw(rt, "at")
		damaged, want := whole[:at], 0
		for i, end := 0, 0; i < len(all); i++ {
			if end += sumLength + 1 + len(all[i]); end <= at {
				want++
			}
			end++ // its line break
		}
		if rapid.Bool().Draw(rt, "changed") {
			b := rapid.Byte().Filter(func(b byte) bool { return b != whole[at] }).Draw(rt, "byte")
			damaged = whole[:at] + string(b) + whole[at+1:]
			want = -1
		}
		require.NoError(rt, os.WriteFile(path, []byte(damaged), 0o666))
		l, records, err := OpenLog(path)
		require.NoError(rt, err)
		require.NoError(rt, l.Add([]byte("more")))
		require.NoError(rt, l.Close())
		again := reopened(rt, path)
		require.Equal(rt, "more", again[len(again)-1])
		require.Len(rt, again, len(records)+1)
		require.Subset(rt, append(all, "more"), again, "nothing else")
		if want >= 0 {
			require.Len(rt, records, want)
		} else {
			require.GreaterOrEqual(rt, len(records), len(all)-2, "a line, or two whose break is gone")
			require.Less(rt, len(records), len(all))
		}
	})
}
