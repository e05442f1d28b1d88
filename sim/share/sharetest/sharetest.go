// Package sharetest is the contract of a share.FS: what every implementation must do, whether it is a
// disk, a folder, or a mount over a network.
package sharetest

import (
	"bytes"
	"fmt"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/share"
)

// Run holds the contract against empty shares that open returns.
func Run(t *testing.T, open func(*testing.T) share.FS) {
	for _, c := range []struct {
		name string
		test func(*testing.T, share.FS)
	}{
		{"a file is there once it was made", testCreate},
		{"a rename moves a file and replaces none", testRename},
		{"of two who move a file one succeeds", testRenameOnce},
		{"files and empty folders are removed", testRemove},
		{"a folder lists what is in it, sorted", testReadDir},
		{"a long folder lists all of it", testLongFolder},
		{"a large file comes back whole", testLargeFile},
		{"what is not there is fs.ErrNotExist", testNotExist},
		{"names that no share can have are fs.ErrInvalid", testInvalid},
		{"a deep folder is a folder", testDeep},
		{"what the caller does with its bytes afterwards changes no file", testOwnBytes},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
	t.Run("agrees with a naive model", func(t *testing.T) { testModel(t, open) })
}

func testCreate(t *testing.T, s share.FS) {
	require.NoError(t, s.Create("a", []byte("hello")))
	data, err := s.ReadFile("a")
	require.NoError(t, err)
	require.Equal(t, "hello", string(data))
	info, err := s.Stat("a")
	require.NoError(t, err)
	require.Equal(t, share.Info{Name: "a", Size: 5, ModTime: info.ModTime}, info)
	require.False(t, info.ModTime.IsZero())

	require.ErrorIs(t, s.Create("a", []byte("other")), fs.ErrExist)
	data, err = s.ReadFile("a")
	require.NoError(t, err)
	require.Equal(t, "hello", string(data), "the name is taken, the file untouched")

	require.NoError(t, s.Create("empty", nil))
	data, err = s.ReadFile("empty")
	require.NoError(t, err)
	require.Empty(t, data)
}

func testRename(t *testing.T, s share.FS) {
	require.NoError(t, s.Mkdir("tmp"))
	require.NoError(t, s.Mkdir("queue"))
	require.NoError(t, s.Create("tmp/a", []byte("new")))
	require.NoError(t, s.Create("queue/b", []byte("old")))
	require.ErrorIs(t, s.Rename("tmp/a", "queue/b"), fs.ErrExist)
	require.ErrorIs(t, s.Rename("tmp/a", "tmp/a"), fs.ErrExist)
	require.ErrorIs(t, s.Rename("tmp/a", "queue"), fs.ErrExist)
	require.ErrorIs(t, s.Rename("tmp/a", "nowhere/a"), fs.ErrNotExist)
	require.ErrorIs(t, s.Rename("tmp", "queue/tmp"), fs.ErrNotExist, "a folder is no file")
	require.NoError(t, s.Rename("tmp/a", "queue/a"))
	_, err := s.Stat("tmp/a")
	require.ErrorIs(t, err, fs.ErrNotExist)
	for name, want := range map[string]string{"queue/a": "new", "queue/b": "old"} { // order: each for itself
		data, err := s.ReadFile(name)
		require.NoError(t, err)
		require.Equal(t, want, string(data))
	}
}

func testRenameOnce(t *testing.T, s share.FS) {
	require.NoError(t, s.Create("a", []byte("x")))
	require.NoError(t, s.Rename("a", "b"))
	require.ErrorIs(t, s.Rename("a", "c"), fs.ErrNotExist)
}

func testRemove(t *testing.T, s share.FS) {
	require.NoError(t, s.Mkdir("d"))
	require.NoError(t, s.Create("d/a", []byte("x")))
	require.ErrorIs(t, s.Remove("d"), fs.ErrExist, "not empty")
	require.NoError(t, s.Remove("d/a"))
	require.ErrorIs(t, s.Remove("d/a"), fs.ErrNotExist)
	require.NoError(t, s.Remove("d"))
	_, err := s.Stat("d")
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func testReadDir(t *testing.T, s share.FS) {
	all, err := s.ReadDir(".")
	require.NoError(t, err)
	require.Empty(t, all)
	require.NoError(t, s.Mkdir("m"))
	require.NoError(t, s.Create("z", []byte("12345")))
	require.NoError(t, s.Create("a", nil))
	require.NoError(t, s.Create("m/inner", []byte("1")))
	all, err = s.ReadDir(".")
	require.NoError(t, err)
	require.Equal(t, []string{"a 0 false", "m 0 true", "z 5 false"}, lines(all))
	all, err = s.ReadDir("m")
	require.NoError(t, err)
	require.Equal(t, []string{"inner 1 false"}, lines(all))
	_, err = s.ReadDir("z")
	require.ErrorIs(t, err, fs.ErrNotExist, "a file is no folder")
}

func lines(all []share.Info) []string {
	var text []string
	for _, i := range all {
		text = append(text, fmt.Sprint(i.Name, " ", i.Size, " ", i.IsDir))
	}
	return text
}

func testLongFolder(t *testing.T, s share.FS) {
	const n = 150
	require.NoError(t, s.Mkdir("d"))
	var want []string
	for i := range n {
		name := fmt.Sprintf("%03d-%0200d", i, i)
		require.NoError(t, s.Mkdir("d/"+name))
		want = append(want, name+" 0 true")
	}
	all, err := s.ReadDir("d")
	require.NoError(t, err)
	require.Equal(t, want, lines(all))
}

func pattern(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i * i >> 3)
	}
	return b
}

func testLargeFile(t *testing.T, s share.FS) {
	want := pattern(300_000)
	require.NoError(t, s.Create("large", want))
	data, err := s.ReadFile("large")
	require.NoError(t, err)
	require.True(t, bytes.Equal(want, data))
}

func testNotExist(t *testing.T, s share.FS) {
	require.NoError(t, s.Create("file", []byte("x")))
	require.NoError(t, s.Mkdir("folder"))
	for _, name := range []string{"nothing", "nothing/below", "file/below", "folder/nothing"} {
		_, err := s.ReadFile(name)
		require.ErrorIs(t, err, fs.ErrNotExist, name)
		_, err = s.ReadDir(name)
		require.ErrorIs(t, err, fs.ErrNotExist, name)
		_, err = s.Stat(name)
		require.ErrorIs(t, err, fs.ErrNotExist, name)
		require.ErrorIs(t, s.Remove(name), fs.ErrNotExist, name)
		require.ErrorIs(t, s.Rename(name, "elsewhere"), fs.ErrNotExist, name)
		require.ErrorIs(t, s.Create(name+"/file", nil), fs.ErrNotExist, name)
		require.ErrorIs(t, s.Mkdir(name+"/folder"), fs.ErrNotExist, name)
	}
	_, err := s.ReadFile("folder")
	require.ErrorIs(t, err, fs.ErrNotExist, "a folder is no file")
}

func testInvalid(t *testing.T, s share.FS) {
	require.NoError(t, s.Create("file", []byte("x")))
	for _, name := range []string{
		"", "/", "/file", "..", "../file", "a/../file", "./file", "file/", "a//b", `..\file`, `c:\file`, "a:b", "nul\x00", "line\n",
		"a*", "a?", `"a"`, "<a>", "a|b", string(make([]byte, 3)), "long" + string(bytes.Repeat([]byte("x"), 252)),
	} {
		require.ErrorIs(t, s.Create(name, nil), fs.ErrInvalid, "%q", name)
		_, err := s.ReadFile(name)
		require.ErrorIs(t, err, fs.ErrInvalid, "%q", name)
		_, err = s.ReadDir(name)
		require.ErrorIs(t, err, fs.ErrInvalid, "%q", name)
		_, err = s.Stat(name)
		require.ErrorIs(t, err, fs.ErrInvalid, "%q", name)
		require.ErrorIs(t, s.Mkdir(name), fs.ErrInvalid, "%q", name)
		require.ErrorIs(t, s.Remove(name), fs.ErrInvalid, "%q", name)
		require.ErrorIs(t, s.Rename(name, "b"), fs.ErrInvalid, "%q", name)
		require.ErrorIs(t, s.Rename("file", name), fs.ErrInvalid, "%q", name)
	}
	for _, err := range []error{s.Create(".", nil), s.Mkdir("."), s.Remove("."), s.Rename("file", ".")} {
		require.ErrorIs(t, err, fs.ErrInvalid, "the root")
	}
	all, err := s.ReadDir(".")
	require.NoError(t, err)
	require.Equal(t, []string{"file 1 false"}, lines(all))
}

func testDeep(t *testing.T, s share.FS) {
	name := "d"
	require.NoError(t, s.Mkdir(name))
	for range 20 {
		name += "/d"
		require.NoError(t, s.Mkdir(name))
	}
	require.NoError(t, s.Create(name+"/file", []byte("deep")))
	data, err := s.ReadFile(name + "/file")
	require.NoError(t, err)
	require.Equal(t, "deep", string(data))
}

func testOwnBytes(t *testing.T, s share.FS) {
	data := []byte("hello")
	require.NoError(t, s.Create("a", data))
	copy(data, "HELLO")
	for range 2 {
		got, err := s.ReadFile("a")
		require.NoError(t, err)
		require.Equal(t, "hello", string(got))
		copy(got, "HELLO")
	}
}
