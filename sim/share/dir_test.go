package share_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/share"
)

// No symbolic link leads out of the folder.
func TestDirHasNoWayOut(t *testing.T) {
	outside, inside := t.TempDir(), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(outside, "secret"), []byte("x"), 0o600))
	require.NoError(t, os.Symlink(outside, filepath.Join(inside, "link")))
	require.NoError(t, os.Symlink(filepath.Join(outside, "secret"), filepath.Join(inside, "file")))
	d, err := share.OpenDir(inside)
	require.NoError(t, err)
	defer d.Close()

	require.NoError(t, d.Create("own", nil))
	_, err = d.ReadFile("link/secret")
	require.Error(t, err)
	_, err = d.ReadFile("file")
	require.Error(t, err)
	_, err = d.ReadDir("link")
	require.Error(t, err)
	require.Error(t, d.Create("link/new", nil))
	require.Error(t, d.Mkdir("link/new"))
	require.Error(t, d.Rename("own", "link/own"))
	require.Error(t, d.Remove("link/secret"))
	all, err := os.ReadDir(outside)
	require.NoError(t, err)
	require.Len(t, all, 1)
}

// What is there outlives the program: another Dir of the same folder has it.
func TestDirIsThereAgain(t *testing.T) {
	path := t.TempDir()
	for _, want := range []int{0, 1, 2} {
		d, err := share.OpenDir(path)
		require.NoError(t, err)
		all, err := d.ReadDir(".")
		require.NoError(t, err)
		require.Len(t, all, want)
		require.NoError(t, d.Create(string(rune('a'+want)), nil))
		require.NoError(t, d.Close())
	}
}

func TestDirNeedsAFolder(t *testing.T) {
	_, err := share.OpenDir(filepath.Join(t.TempDir(), "nothing"))
	require.ErrorIs(t, err, os.ErrNotExist)
}
