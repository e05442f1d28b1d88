package disk

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whether a place takes files is known without a change to it: what is there stays, and what is not is not made.
func TestTakes(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	require.NoError(t, os.WriteFile(in("old"), []byte("kept"), 0o600))
	require.NoError(t, os.Symlink("missing/new", in("astray")))
	require.NoError(t, os.Symlink("itself", in("itself")))

	for path, want := range map[string]string{
		"old": "", "new": "",
		"missing/new": "it does not exist", "astray": "it does not exist", "itself": "too many symlinks", ".": "it is a folder",
	} {
		requireSays(t, "cannot write "+in(path)+": ", want, Takes(in(path)))
	}
	for path, want := range map[string]string{
		".": "", "a/b/c": "",
		"old": "it is a file; expected a folder", "old/below/it": in("old") + " is a file", "itself": "",
	} {
		if path == "itself" { // each system has its own words
			require.ErrorContains(t, TakesFiles(in(path)), "cannot write into "+in(path)+": ")
			continue
		}
		requireSays(t, "cannot write into "+in(path)+": ", want, TakesFiles(in(path)))
	}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 3, "as it was")
	data, err := os.ReadFile(in("old"))
	require.NoError(t, err)
	require.Equal(t, "kept", string(data))
}

func requireSays(t *testing.T, begin, want string, err error) {
	t.Helper()
	if want == "" {
		require.NoError(t, err)
		return
	}
	require.EqualError(t, err, begin+want)
}
