package clusters_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"

	"github.com/stretchr/testify/require"
)

// From what two servers exported to a run: three commands, and none of them asks for more.
func TestFromExportsToARun(t *testing.T) {
	for _, pair := range []string{"harbor", "works"} {
		dir := filepath.Join(t.TempDir(), "ours")
		got := clitest.Run("init", "../../setup/testdata/"+pair, dir)
		require.Equal(t, cli.ExitPass, got.Status, got.Err)
		require.Contains(t, clitest.OneLine(got.Out), "nothing says what")
		require.Contains(t, clitest.OneLine(got.Out), "Next: ipwsim check "+dir)
		clitest.Columns(t, strings.ReplaceAll(got.Out, dir, "DIR"))

		got = clitest.Run("check", dir)
		require.Equal(t, cli.ExitPass, got.Status, got.Out)
		got = clitest.Run("run", "cable-pull", "--cluster", dir)
		require.NotEqual(t, cli.ExitError, got.Status, got.Err)
	}
}

func TestInitOfTwoFoldersInJapanese(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "クラスター 1")
	got := clitest.Run("init", "--lang", "ja", "../../setup/testdata/works/wk-b", "../../setup/testdata/works/wk-a/", dir)
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	require.Contains(t, clitest.Unwrapped(got.Out), "どのファイルにもないため仮定したこと")
	toml := clitest.Read(t, filepath.Join(dir, "cluster.toml"))
	require.Contains(t, toml, "name = \"our\"\n")
	require.Contains(t, toml, "# 仮定: ")
}

// The next command can be pasted, whatever the folder's name: it is quoted, and in one line.
func TestInitSaysACommandToPaste(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "op work "+strings.Repeat("クラスター", 8))
	for lang, said := range map[string]string{"en": "Next:", "ja": "次は"} {
		dir := filepath.Join(dir, lang)
		require.NoError(t, os.MkdirAll(filepath.Dir(dir), 0o755))
		got := clitest.Run("init", "../../setup/testdata/works", dir, "--lang", lang)
		require.Equal(t, cli.ExitPass, got.Status, got.Err)
		before, _, found := strings.Cut(got.Out, "\n  ipwsim check '"+dir+"'\n")
		require.True(t, found, got.Out)
		require.True(t, strings.HasSuffix(strings.ReplaceAll(before, "\n", ""), said), "wherever its line was broken")
	}
}

// What is missing is left open: init says so by its status, and check refuses it.
func TestInitWithoutIPConfig(t *testing.T) {
	from := t.TempDir()
	require.NoError(t, os.CopyFS(from, os.DirFS("../../setup/testdata/works")))
	for _, file := range []string{"ipconfig.txt", "route.txt", "arp.txt"} { // the others have its address, too
		require.NoError(t, os.Remove(filepath.Join(from, "wk-a", file)))
	}
	dir := filepath.Join(t.TempDir(), "ours")
	got := clitest.Run("init", from, dir)
	require.Equal(t, cli.ExitFindings, got.Status, got.Err)
	require.Contains(t, clitest.OneLine(got.Out), "standby: address = ? the own address of WK-A")
	got = clitest.Run("check", dir)
	require.Equal(t, cli.ExitFindings, got.Status)
	require.Contains(t, got.Out, "not answered yet: \"standby: address")
	require.Contains(t, clitest.Run("check", dir, "--lang", "ja").Out, "未回答の行: 「standby: address = ? the own", "in the words that the line has")
	require.Equal(t, cli.ExitError, clitest.Run("run", "cable-pull", "--cluster", dir).Status)
}

// A command that is to be typed is not broken over lines.
func TestInitTellsCommandsWhole(t *testing.T) {
	from := t.TempDir()
	require.NoError(t, os.CopyFS(from, os.DirFS("../../setup/testdata/works")))
	require.NoError(t, os.Remove(filepath.Join(from, "wk-a", "epost.reg")))
	got := clitest.Run("init", from, filepath.Join(t.TempDir(), "ours"))
	require.Contains(t, got.Out, "  - wk-a has no export of the mail server's settings: `reg export HKLM\\SOFTWARE\\EPOST\\MS epost.reg /y`, into standby/mail/\n")
}

func TestInitRefuses(t *testing.T) {
	full := t.TempDir()
	clitest.WriteText(t, filepath.Join(full, "notes.txt"), "mine")
	torn := t.TempDir()
	require.NoError(t, os.CopyFS(torn, os.DirFS("../../setup/testdata/works")))
	clitest.WriteText(t, filepath.Join(torn, "wk-b", "ipconfig-2.txt"), "Windows IP Configuration\n")
	for want, args := range map[string][]string{
		"found 0 folders, expected what was collected":                       {"init"},
		"--collect: found \"x\", expected no folder beside it":               {"init", "--collect", "x"},
		"found no folder in " + full + ", expected two, one for each server": {"init", full, filepath.Join(full, "new")},
		"found file ../../setup/testdata/works.toml, expected a folder":      {"init", "../../setup/testdata/works.toml", full, filepath.Join(full, "new")},
		"wk-b/ipconfig.txt: error: it is like wk-b/ipconfig-2.txt":           {"init", torn, filepath.Join(full, "new")},
		full: {"init", "../../setup/testdata/works", full},
	} {
		got := clitest.Run(args...)
		require.Equal(t, cli.ExitError, got.Status)
		require.Contains(t, got.Err, want)
	}
	require.NoDirExists(t, filepath.Join(full, "new"))
	require.Equal(t, "mine", clitest.Read(t, filepath.Join(full, "notes.txt")))
}

func TestInitCollect(t *testing.T) {
	got := clitest.Run("init", "--collect", "--lang", "ja")
	require.Equal(t, cli.ExitPass, got.Status)
	require.Contains(t, got.Out, "\r\nipconfig /all > \"%D%\\ipconfig-all.txt\"\r\n")
}

// Where there are no two servers, init says what there is, and where they may be.
func TestInitFindsNoTwoServers(t *testing.T) {
	works := func(parts ...string) string {
		dir := filepath.Join(append([]string{t.TempDir()}, parts...)...)
		require.NoError(t, os.CopyFS(dir, os.DirFS("../../setup/testdata/works")))
		return dir
	}
	add := func(dir, name string) string {
		require.NoError(t, os.Mkdir(filepath.Join(dir, name), 0o755))
		return dir
	}
	deep := filepath.Dir(works("in"))
	three := works()
	require.NoError(t, os.CopyFS(filepath.Join(three, "old"), os.DirFS("../../setup/testdata/works/wk-a")))
	alone := add(works(), "logs")
	require.NoError(t, os.RemoveAll(filepath.Join(alone, "wk-b")))
	twice := works()
	require.NoError(t, os.RemoveAll(filepath.Join(twice, "wk-b")))
	require.NoError(t, os.CopyFS(filepath.Join(twice, "wk-a-copy"), os.DirFS("../../setup/testdata/works/wk-a")))
	a := filepath.Join(twice, "wk-a")
	nameless := add(t.TempDir(), "x")
	pairs := filepath.Dir(works("in"))
	require.NoError(t, os.CopyFS(filepath.Join(pairs, "also"), os.DirFS("../../setup/testdata/harbor")))
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
		got := clitest.Run(append(append([]string{"init"}, from...), dir)...)
		require.Equal(t, cli.ExitError, got.Status, want)
		require.Contains(t, got.Err, want)
		require.NoDirExists(t, dir)
	}
	got := clitest.Run("init", add(add(add(works(), "__MACOSX"), ".git"), "logs"), filepath.Join(t.TempDir(), "new"))
	require.Equal(t, cli.ExitPass, got.Status, "what is no server's is left alone: %s", got.Err)
}

// A server's folder may be a symlink to one.
func TestInitOfASymlink(t *testing.T) {
	dir := t.TempDir()
	for _, s := range []string{"wk-a", "wk-b"} {
		to, err := filepath.Abs("../../setup/testdata/works/" + s)
		require.NoError(t, err)
		if err := os.Symlink(to, filepath.Join(dir, s)); err != nil {
			t.Skip("the system makes no symlinks here:", err)
		}
	}
	got := clitest.Run("init", dir, filepath.Join(t.TempDir(), "new"))
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
}

// From a file that is large nothing is taken, unless it is one that a cluster has by its name.
func TestInitOfLargeFiles(t *testing.T) {
	from := t.TempDir()
	require.NoError(t, os.CopyFS(from, os.DirFS("../../setup/testdata/works")))
	large := strings.Repeat("x", 3<<20)
	clitest.WriteText(t, filepath.Join(from, "wk-a", "screen.png"), large)
	got := clitest.Run("init", from, filepath.Join(t.TempDir(), "new"))
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	require.Contains(t, got.Out, "wk-a/screen.png: nothing is taken from it\n")

	clitest.WriteText(t, filepath.Join(from, "wk-a", "ipwatch.dat"), large)
	got = clitest.Run("init", from, filepath.Join(t.TempDir(), "new"))
	require.Equal(t, cli.ExitError, got.Status)
	require.Contains(t, got.Err, "ipwatch.dat: error: the file has 3145728 bytes; expected at most 1048576")
}
