package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// From what two servers exported to a run: three commands, and none of them asks for more.
func TestFromExportsToARun(t *testing.T) {
	for _, pair := range []string{"harbor", "works"} {
		dir := filepath.Join(t.TempDir(), "ours")
		got := ipwsim("init", "../setup/testdata/"+pair, dir)
		require.Equal(t, exitPass, got.status, got.err)
		require.Contains(t, oneLine(got.out), "nothing says what")
		require.Contains(t, oneLine(got.out), "Next: ipwsim check "+dir)
		requireColumns(t, strings.ReplaceAll(got.out, dir, "DIR"))

		got = ipwsim("check", dir)
		require.Equal(t, exitPass, got.status, got.out)
		got = ipwsim("run", "cable-pull", "--cluster", dir)
		require.NotEqual(t, exitError, got.status, got.err)
	}
}

func TestInitOfTwoFoldersInJapanese(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "クラスター 1")
	got := ipwsim("init", "--lang", "ja", "../setup/testdata/works/wk-b", "../setup/testdata/works/wk-a/", dir)
	require.Equal(t, exitPass, got.status, got.err)
	require.Contains(t, unwrapped(got.out), "どのファイルにもないため仮定したこと")
	toml := read(t, filepath.Join(dir, "cluster.toml"))
	require.Contains(t, toml, "name = \"our\"\n")
	require.Contains(t, toml, "# 仮定: ")
}

// The next command can be pasted, whatever the folder's name: it is quoted, and in one line.
func TestInitSaysACommandToPaste(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "op work "+strings.Repeat("クラスター", 8))
	for lang, said := range map[string]string{"en": "Next:", "ja": "次は"} {
		dir := filepath.Join(dir, lang)
		require.NoError(t, os.MkdirAll(filepath.Dir(dir), 0o755))
		got := ipwsim("init", "../setup/testdata/works", dir, "--lang", lang)
		require.Equal(t, exitPass, got.status, got.err)
		require.Contains(t, got.out, said+"\n  ipwsim check '"+dir+"'\n")
	}
}

// What is missing is left open: init says so by its status, and check refuses it.
func TestInitWithoutIPConfig(t *testing.T) {
	from := t.TempDir()
	require.NoError(t, os.CopyFS(from, os.DirFS("../setup/testdata/works")))
	require.NoError(t, os.Remove(filepath.Join(from, "wk-a", "ipconfig.txt")))
	dir := filepath.Join(t.TempDir(), "ours")
	got := ipwsim("init", from, dir)
	require.Equal(t, exitFindings, got.status, got.err)
	require.Contains(t, oneLine(got.out), "standby: address = ? the own address of WK-A")
	got = ipwsim("check", dir)
	require.Equal(t, exitFindings, got.status)
	require.Contains(t, got.out, "not answered yet: standby: address")
	require.Equal(t, exitError, ipwsim("run", "cable-pull", "--cluster", dir).status)
}

func TestInitRefuses(t *testing.T) {
	full := t.TempDir()
	writeText(t, filepath.Join(full, "notes.txt"), "mine")
	torn := t.TempDir()
	require.NoError(t, os.CopyFS(torn, os.DirFS("../setup/testdata/works")))
	writeText(t, filepath.Join(torn, "wk-a", "ipwatch.dat"), "-c=x\n")
	writeText(t, filepath.Join(torn, "wk-b", "ipconfig-2.txt"), "Windows IP Configuration\n")
	for want, args := range map[string][]string{
		"found 0 folders, expected what was collected":                                    {"init"},
		"--collect: found \"x\", expected no folder beside it":                            {"init", "--collect", "x"},
		"found no folder in " + full + ", expected two, one for each server":              {"init", full, filepath.Join(full, "new")},
		"found file ../setup/testdata/works.toml, expected a folder":                      {"init", "../setup/testdata/works.toml", full, filepath.Join(full, "new")},
		filepath.Join(torn, "wk-a", "ipwatch.dat") + ":1: error: ":                        {"init", torn, filepath.Join(full, "new")},
		filepath.Join(torn, "wk-b", "ipconfig.txt") + ": error: it is like wk-b/ipconfig": {"init", torn, filepath.Join(full, "new")},
		full: {"init", "../setup/testdata/works", full},
	} {
		got := ipwsim(args...)
		require.Equal(t, exitError, got.status)
		require.Contains(t, got.err, want)
	}
	require.NoDirExists(t, filepath.Join(full, "new"))
	require.Equal(t, "mine", read(t, filepath.Join(full, "notes.txt")))
}

func TestInitCollect(t *testing.T) {
	got := ipwsim("init", "--collect", "--lang", "ja")
	require.Equal(t, exitPass, got.status)
	require.Contains(t, got.out, "\r\nipconfig /all > \"%D%\\ipconfig-all.txt\"\r\n")
}

// Where there are no two servers, init says what there is, and where they may be.
func TestInitFindsNoTwoServers(t *testing.T) {
	works := func(parts ...string) string {
		dir := filepath.Join(append([]string{t.TempDir()}, parts...)...)
		require.NoError(t, os.CopyFS(dir, os.DirFS("../setup/testdata/works")))
		return dir
	}
	add := func(dir, name string) string {
		require.NoError(t, os.Mkdir(filepath.Join(dir, name), 0o755))
		return dir
	}
	deep := filepath.Dir(works("in"))
	three := works()
	require.NoError(t, os.CopyFS(filepath.Join(three, "old"), os.DirFS("../setup/testdata/works/wk-a")))
	alone := add(works(), "logs")
	require.NoError(t, os.RemoveAll(filepath.Join(alone, "wk-b")))
	twice := works()
	require.NoError(t, os.RemoveAll(filepath.Join(twice, "wk-b")))
	require.NoError(t, os.CopyFS(filepath.Join(twice, "wk-a-copy"), os.DirFS("../setup/testdata/works/wk-a")))
	a := filepath.Join(twice, "wk-a")
	nameless := add(t.TempDir(), "x")
	pairs := filepath.Dir(works("in"))
	require.NoError(t, os.CopyFS(filepath.Join(pairs, "also"), os.DirFS("../setup/testdata/harbor")))
	many := t.TempDir()
	for i := range 10 {
		add(many, "d"+strconv.Itoa(i))
	}
	for want, from := range map[string][]string{
		"did you mean " + filepath.Join(pairs, "also") + "?":                           {pairs},
		"found in " + many + ": d0, d1, d2, d3, d4, d5, d6, d7, ...; expected":         {many},
		"did you mean " + filepath.Join(deep, "in") + "?":                              {deep},
		a + " is the folder of one server, expected":                                   {a},
		"found in " + three + ": old, wk-a, wk-b; expected two folders":                {three},
		"found in " + nameless + ": x; expected two folders":                           {nameless},
		"found one server's folder alone in " + alone + ": wk-a; expected":             {alone},
		"both folders are of WK-A: " + a + " and " + a + "-copy; expected one of each": {twice},
		"both folders are of WK-A: " + a + " and " + a + "/; expected one of each":     {a, a + "/"},
		"both are the folder " + nameless + "; expected one of each":                   {nameless, nameless},
	} {
		dir := filepath.Join(t.TempDir(), "new")
		got := ipwsim(append(append([]string{"init"}, from...), dir)...)
		require.Equal(t, exitError, got.status, want)
		require.Contains(t, got.err, want)
		require.NoDirExists(t, dir)
	}
	got := ipwsim("init", add(add(add(works(), "__MACOSX"), ".git"), "logs"), filepath.Join(t.TempDir(), "new"))
	require.Equal(t, exitPass, got.status, "what is no server's is left alone: %s", got.err)
}

// From a file that is large nothing is taken, unless it is one that a cluster has by its name.
func TestInitOfLargeFiles(t *testing.T) {
	from := t.TempDir()
	require.NoError(t, os.CopyFS(from, os.DirFS("../setup/testdata/works")))
	large := strings.Repeat("x", 3<<20)
	writeText(t, filepath.Join(from, "wk-a", "screen.png"), large)
	got := ipwsim("init", from, filepath.Join(t.TempDir(), "new"))
	require.Equal(t, exitPass, got.status, got.err)
	require.Contains(t, got.out, "wk-a/screen.png: nothing is taken from it\n")

	writeText(t, filepath.Join(from, "wk-a", "ipwatch.dat"), large)
	got = ipwsim("init", from, filepath.Join(t.TempDir(), "new"))
	require.Equal(t, exitError, got.status)
	require.Contains(t, got.err, "ipwatch.dat: error: cannot read the file: it has 3145728 bytes or more")
}
