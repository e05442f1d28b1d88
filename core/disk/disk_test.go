//go:build unix

package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func get(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}

func pipe(t *testing.T, path string) string {
	t.Helper()
	require.NoError(t, syscall.Mkfifo(path, 0o600))
	return path
}

func link(t *testing.T, to, path string) string {
	t.Helper()
	require.NoError(t, os.Symlink(to, path))
	return path
}

// Nothing but a regular file of its size is opened: the rest would wait, or never end.
func TestOnlyRegularFilesAreRead(t *testing.T) {
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	socket, err := net.Listen("unix", file("socket"))
	require.NoError(t, err)
	defer socket.Close()
	huge := put(t, file("huge"), "")
	require.NoError(t, os.Truncate(huge, 5<<30))
	put(t, file("file"), "text")
	for path, want := range map[string]string{
		pipe(t, file("pipe")):               "it is a pipe; expected a regular file",
		link(t, "pipe", file("to-pipe")):    "it is a pipe; expected a regular file",
		file("socket"):                      "it is a socket; expected a regular file",
		"/dev/zero":                         "it is a device; expected a regular file",
		dir:                                 "it is a folder; expected a regular file",
		huge:                                "it has 5368709120 bytes or more; expected at most 100",
		"/proc/self/maps":                   "bytes or more; expected at most 100", // which says 0
		file("none"):                        "no such file",
		link(t, "loop", file("loop")):       "too many levels of symbolic links",
		link(t, "/dev/zero", file("to-it")): "it is a device; expected a regular file",
	} {
		_, err := Read(path, 100)
		require.ErrorContains(t, err, want, path)
		require.NotContains(t, err.Error(), "\n")
		if rel, within := strings.CutPrefix(path, dir+"/"); within && rel != "huge" {
			_, err := fs.ReadFile(Folder(dir), rel)
			require.ErrorContains(t, err, want, path)
			_, err = Folder(dir).Open(rel)
			require.ErrorContains(t, err, want, path)
		}
	}
	for _, path := range []string{file("file"), link(t, "file", file("to-file"))} {
		data, err := Read(path, 4)
		require.NoError(t, err)
		require.Equal(t, "text", string(data))
	}
	data, err := fs.ReadFile(Folder(dir), "to-file")
	require.NoError(t, err)
	require.Equal(t, "text", string(data))
}

// A regular file is there, whole, when all is written; what cannot be written leaves it as it was.
// Where a folder should be and a file is, that is said, of the file; and a library is given regular files only.
func TestWhatIsInTheWayIsNamed(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, []byte("12345"), 0o666))
	below := filepath.Join(file, "a", "b")
	_, read := Read(below, 10)
	_, list := List(file)
	for _, err := range []error{read, list, Regular(below, 10)} {
		require.EqualError(t, err, "read "+file+": it is a file; expected a folder")
	}
	require.NoError(t, Regular(file, 5))
	require.EqualError(t, Regular(file, 4), "read "+file+": it has 5 bytes or more; expected at most 4")
	require.EqualError(t, Regular(dir, 4), "read "+dir+": it is a folder; expected a regular file")
	require.ErrorIs(t, Regular(filepath.Join(dir, "no"), 4), fs.ErrNotExist)
	_, err := List(filepath.Join(dir, "no"))
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestAFileIsWrittenWholeOrNotAtAll(t *testing.T) {
	path := put(t, filepath.Join(t.TempDir(), "results.xml"), "as it was")
	broken := errors.New("the disk is full")
	err := Write(path, func(w io.Writer) error {
		_, err := io.WriteString(w, "half")
		require.NoError(t, err)
		require.Equal(t, "as it was", get(t, path))
		return broken
	})
	require.ErrorIs(t, err, broken)
	require.Equal(t, "as it was", get(t, path))
	left, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, left, 1, "the temporary file is gone")
}

func say(w io.Writer) error { _, err := io.WriteString(w, "new"); return err }

// A symlink stays and leads to what was written, there before or not.
func TestSymlinksAreFollowed(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "far/file"), "old")
	first := link(t, "far/file", filepath.Join(dir, "first"))
	fresh := link(t, "first-new", filepath.Join(dir, "second"))
	link(t, "far/new", filepath.Join(dir, "first-new"))
	for path, at := range map[string]string{first: "far/file", fresh: "far/new"} {
		require.NoError(t, Write(path, say))
		require.Equal(t, "new", get(t, filepath.Join(dir, at)))
		info, err := os.Lstat(path)
		require.NoError(t, err)
		require.NotZero(t, info.Mode()&fs.ModeSymlink)
	}
	require.ErrorContains(t, Write(link(t, "loop", filepath.Join(dir, "loop")), say), "too many symlinks")
}

// What is no regular file is written to, and stays what it is.
func TestPipesAndDevicesAreWrittenThrough(t *testing.T) {
	path := pipe(t, filepath.Join(t.TempDir(), "pipe"))
	read := make(chan string)
	go func() {
		data, _ := os.ReadFile(path) // an error is other text
		read <- string(data)
	}()
	require.NoError(t, Write(path, say))
	require.Equal(t, "new", <-read)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&fs.ModeNamedPipe)
	require.ErrorContains(t, Write("/dev/full", say), "cannot write /dev/full: no space left on device")
	require.ErrorContains(t, Write(t.TempDir(), say), "it is a folder")
}

// So is a pipe that has no name but in /proc, as standard output before a pipe and a shell's >(command) have.
func TestPipesWithoutANameAreWrittenThrough(t *testing.T) {
	out, in, err := os.Pipe()
	require.NoError(t, err)
	defer out.Close()
	fd := fmt.Sprint("/proc/self/fd/", in.Fd())
	require.NoError(t, Write(fd, say))
	require.NoError(t, Write(link(t, fd, filepath.Join(t.TempDir(), "stdout")), say))
	require.NoError(t, in.Close())
	data, err := io.ReadAll(out)
	require.NoError(t, err)
	require.Equal(t, "newnew", string(data))
}

// A file that standard output goes to holds what was written there before, and after.
func TestStandardOutputIsWrittenThrough(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	f, err := os.Create(path)
	require.NoError(t, err)
	defer f.Close()
	old := os.Stdout
	defer func() { os.Stdout = old }()
	os.Stdout = f
	for _, name := range []string{path, fmt.Sprint("/proc/self/fd/", f.Fd())} {
		_, err = f.WriteString("before ")
		require.NoError(t, err)
		require.NoError(t, Write(name, say))
		_, err = f.WriteString(" after\n")
		require.NoError(t, err)
	}
	broken := errors.New("no more")
	require.ErrorIs(t, Write(path, func(io.Writer) error { return broken }), broken)
	_, err = f.WriteString("end\n")
	require.NoError(t, err)
	require.Equal(t, "before new after\nbefore new after\nend\n", get(t, path))
}

// A folder is filled, or it is new or empty as it was: after an error, and when the program ends in between.
func TestAFolderIsFilledOrAsItWas(t *testing.T) {
	parent := t.TempDir()
	broken := errors.New("the disk is full")
	half := func(dir string) error { return WriteBytes(filepath.Join(dir, "a/b"), []byte("half")) }
	for _, dir := range []string{parent, filepath.Join(parent, "new")} {
		require.ErrorIs(t, Fill(dir, func() error { return errors.Join(half(dir), broken) }), broken)
		require.Empty(t, names(t, parent))
		require.NoError(t, Fill(dir, func() error {
			require.NoError(t, half(dir))
			Abandon()
			require.Empty(t, names(t, parent))
			return nil
		}))
	}
	dir := filepath.Join(parent, "full")
	require.NoError(t, Fill(dir, func() error { return half(dir) }))
	Abandon()
	require.Equal(t, "half", get(t, filepath.Join(dir, "a/b")))
	require.ErrorContains(t, Fill(dir, func() error { return broken }), "found a in "+dir+", expected a folder that is new or empty")
	require.Equal(t, "half", get(t, filepath.Join(dir, "a/b")))
}

func names(t *testing.T, dir string) (all []string) {
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// A folder of results holds nothing that waits for a reader or a writer.
func TestPlainFolders(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "below/file"), "text")
	link(t, "below/file", filepath.Join(dir, "link"))
	link(t, "below/new", filepath.Join(dir, "to-new"))
	require.NoError(t, Plain(dir))
	require.NoError(t, Plain(filepath.Join(dir, "none")))
	path := pipe(t, filepath.Join(dir, "below/pipe"))
	require.EqualError(t, Plain(dir), path+": it is a pipe; expected a regular file")
	require.NoError(t, os.Remove(path))
	link(t, "/dev/zero", path)
	require.EqualError(t, Plain(dir), path+": it is a device; expected a regular file")
}

// Permissions are those of the umask, and those that a file had.
func TestPermissions(t *testing.T) {
	old := syscall.Umask(0o027)
	defer syscall.Umask(old)
	path := filepath.Join(t.TempDir(), "file")
	mode := func() fs.FileMode {
		require.NoError(t, Write(path, say))
		info, err := os.Stat(path)
		require.NoError(t, err)
		return info.Mode()
	}
	require.Equal(t, fs.FileMode(0o640), mode())
	require.NoError(t, os.Chmod(path, 0o600))
	require.Equal(t, fs.FileMode(0o600), mode())
}

// Of those who claim a folder at once one is first, and its file is whole.
func TestOneClaimIsFirst(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plan.json")
	done := make(chan error)
	for _, who := range "abcdefgh" {
		go func() { done <- Claim(path, []byte(strings.Repeat(string(who), 1000))) }()
	}
	for range 8 {
		require.NoError(t, <-done)
	}
	text := get(t, path)
	require.Equal(t, strings.Repeat(text[:1], 1000), text)
	require.NoError(t, Claim(path, []byte("late")))
	require.Equal(t, text, get(t, path))
	left, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, left, 1)
}
