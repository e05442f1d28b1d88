package cluster

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"ipwsim/core/disk"
)

func read(t *testing.T, fsys fs.FS, name string) string {
	data, err := fs.ReadFile(fsys, name)
	require.NoError(t, err)
	return string(data)
}

func names(t *testing.T, fsys fs.FS, dir string) (all []string) {
	entries, err := fs.ReadDir(fsys, dir)
	require.NoError(t, err)
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestOverlayAddsAndReplaces(t *testing.T) {
	base := fstest.MapFS{"a/old": {Data: []byte("base")}, "a/kept": {Data: []byte("kept")}}
	o := Overlay(base, map[string][]byte{"a/old": []byte("new"), "a/b/added": []byte("added"), "./top": nil})
	require.Equal(t, "new", read(t, o, "a/old"))
	require.Equal(t, "kept", read(t, o, "a/kept"))
	require.Equal(t, "added", read(t, o, "a/b/added"))
	require.Empty(t, read(t, o, "top"))
	require.Equal(t, []string{"a", "top"}, names(t, o, "."))
	require.Equal(t, []string{"b", "kept", "old"}, names(t, o, "a"))
	require.Equal(t, "base", read(t, base, "a/old"), "the base stays as it was")
}

func TestOverlayPutsFilesOverFoldersAndFoldersOverFiles(t *testing.T) {
	base := fstest.MapFS{"folder/file": {}, "file": {Data: []byte("x")}}
	o := Overlay(base, map[string][]byte{"folder": []byte("now a file"), "file/inside": []byte("now in a folder")})
	require.Equal(t, "now a file", read(t, o, "folder"))
	require.Equal(t, "now in a folder", read(t, o, "file/inside"))
	_, err := fs.Stat(o, "folder/file")
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.NoError(t, fstest.TestFS(o, "folder", "file/inside"))
}

func TestOverlayKeepsTheRulesOfFS(t *testing.T) {
	o := Overlay(os.DirFS(clusters), map[string][]byte{
		"guide/active/ipwatch.dat": []byte("new"), "other/cluster.toml": []byte("added"), "../out": nil, "": nil,
	})
	require.NoError(t, fstest.TestFS(o, "guide/active/ipwatch.dat", "guide/active/ipwcs.reg", "other/cluster.toml"))
	require.NoError(t, fstest.TestFS(Overlay(guide(t), nil), "cluster.toml"))
	sub, err := fs.Sub(o, "guide")
	require.NoError(t, err)
	require.NoError(t, fstest.TestFS(sub, "active/ipwatch.dat"))
}

func TestOverlayOfNothingOpensNothing(t *testing.T) {
	_, err := Overlay(fstest.MapFS{}, nil).Open("missing")
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = Overlay(fstest.MapFS{}, nil).Open("/rooted")
	require.ErrorIs(t, err, fs.ErrInvalid)
}

// Of the files that a scenario lays over a cluster these are read; Windows does not tell case apart.
func TestReads(t *testing.T) {
	for name, want := range map[string]bool{
		"cluster.toml": true, "active/ipwatch.dat": true, "active/IPWATCH.DAT": true, "standby/any.REG": true, "active/arpclear.bat": true,
		"standby/mail/hidden200.dat": true, "share/inbox/tanaka/1.eml": true,
		"standby/ipwcs.rge": false, "active/foo.dat": false, "ipwatch.dat": false, "guide/active/ipwatch.dat": false, "activ/ipwatch.dat": false, "share": false,
	} {
		require.Equal(t, want, Reads(name), name)
	}
}

// What lies in a cluster's folder and nothing reads is in nobody's way: a link to a folder, what cannot be read.
func TestFilesBesideThoseThatAreRead(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "active"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "active", "ipwatch.dat"), []byte("x"), 0o644))
	for name, to := range map[string]string{"up": "..", "notes.txt": os.DevNull, "gone": "nowhere"} {
		if err := os.Symlink(to, filepath.Join(dir, "active", name)); err != nil {
			t.Skip(err)
		}
	}
	files, err := Files(disk.Folder(dir))
	require.NoError(t, err)
	require.Equal(t, map[string][]byte{"active/ipwatch.dat": []byte("x")}, files)
}
