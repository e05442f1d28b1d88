package disk

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func put(t *testing.T, path, text string) string {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
	return path
}

func all(string) bool { return true }

func summed(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"a": "x", "b": "y\n", "below/a": "x", "below/c": ""} {
		put(t, filepath.Join(dir, name), text)
	}
	require.NoError(t, WriteSums(dir))
	return dir
}

func TestSummedFilesAreRead(t *testing.T) {
	files, err := ReadSummed(summed(t), func(name string) bool { return name != "b" })
	require.NoError(t, err)
	require.Equal(t, map[string][]byte{"a": []byte("x"), "below/a": []byte("x"), "below/c": {}}, files)
	_, err = ReadSummed(t.TempDir(), all)
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// A byte that was changed, in a file or in the list, is noticed, and so is a file that was cut off or taken away.
func TestEachDamageIsNoticed(t *testing.T) {
	dir := summed(t)
	names := []string{"a", "b", "below/a", "below/c", SumsFile}
	rapid.Check(t, func(rt *rapid.T) {
		path := filepath.Join(dir, rapid.SampledFrom(names).Draw(rt, "file"))
		whole, err := os.ReadFile(path)
		require.NoError(rt, err)
		damaged := bytes.Clone(whole)
		if len(whole) == 0 {
			damaged = []byte{0}
		} else {
			at := rapid.IntRange(0, len(whole)-1).Draw(rt, "at")
			damaged[at] = rapid.Byte().Filter(func(b byte) bool { return b != whole[at] }).Draw(rt, "byte")
		}
		defer func() { require.NoError(rt, os.WriteFile(path, whole, 0o666)) }()
		require.NoError(rt, os.WriteFile(path, damaged, 0o666))
		_, err = ReadSummed(dir, all)
		require.ErrorContains(rt, err, dir)
		require.NotErrorIs(rt, err, fs.ErrNotExist)
	})
	for _, name := range names[:3] {
		dir := summed(t)
		require.NoError(t, os.Remove(filepath.Join(dir, name)))
		_, err := ReadSummed(dir, all)
		require.ErrorContains(t, err, name+": it does not exist")
		require.NotErrorIs(t, err, fs.ErrNotExist)
	}
}

func TestAFileOutsideIsNotRead(t *testing.T) {
	dir := summed(t)
	put(t, filepath.Join(dir, SumsFile), "00  ../../etc/passwd\n")
	_, err := ReadSummed(dir, all)
	require.ErrorContains(t, err, SumsFile+`:1: found "00  ../../etc/passwd", expected`)
}
