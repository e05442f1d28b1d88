//go:build linux

package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"

	"github.com/stretchr/testify/require"
)

var wine = flag.Bool("wine", false, "run the Windows program, under Wine: some minutes")

// prng names the one function that Go's runtime wants of a DLL that Wine 8 does not have, by one that it has.
const prng = "LIBRARY bcryptprimitives.dll\nEXPORTS\nProcessPrng = advapi32.SystemFunction036\n"

// windows is the program as Windows runs it.
type windows struct {
	exe string
	env []string
	dir string // where it is run
}

func newWindows(t *testing.T) windows {
	clitest.Needs(t, "wine")
	clitest.Needs(t, "x86_64-w64-mingw32-ld")
	dir := t.TempDir()
	env := []string{
		"WINEPREFIX=" + filepath.Join(dir, "prefix"), "WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree,mshtml=",
		"LC_ALL=C.UTF-8", // else names in Japanese do not get through
	}
	w := windows{filepath.Join(dir, "ipwsim.exe"), append(os.Environ(), env...), dir}
	do := func(name string, args ...string) {
		c := exec.Command(name, args...)
		c.Env = append(w.env, "CGO_ENABLED=0")
		if name == "go" {
			c.Env = append(c.Env, "GOOS=windows", "GOARCH=amd64", "GOFLAGS=-trimpath") // as .ci/dist: they share what is compiled
		}
		out, err := c.CombinedOutput()
		require.NoError(t, err, "%s %q: %s", name, args, out)
	}
	do("go", "build", "-buildvcs=false", "-o", w.exe, ".")
	do("wineboot", "--init")
	t.Cleanup(func() {
		end := exec.Command("wineserver", "--kill") // that of this prefix
		end.Env = w.env
		_ = end.Run() // it may have ended
	})
	exports := filepath.Join(dir, "prng.def")
	clitest.WriteText(t, exports, prng)
	do("x86_64-w64-mingw32-ld", "-shared", "--entry=0", "-o", filepath.Join(dir, "prefix", "drive_c", "windows", "system32", "bcryptprimitives.dll"), exports)
	return w
}

// run is what the program comes to.
func (w windows) run(t *testing.T, args ...string) clitest.Said {
	t.Helper()
	return w.wine(t, append([]string{w.exe}, args...)...)
}

func (w windows) wine(t *testing.T, args ...string) clitest.Said {
	t.Helper()
	c := exec.Command("wine", args...)
	var out, err strings.Builder
	c.Env, c.Dir, c.Stdout, c.Stderr = w.env, w.dir, &out, &err
	_ = c.Run() // its status says more
	return clitest.Said{Status: c.ProcessState.ExitCode(), Out: out.String(), Err: err.String()}
}

// The Windows program does what this one does: to the byte, with its statuses, and with names in Japanese.
func TestTheWindowsProgram(t *testing.T) {
	if !*wine {
		t.Skip("long: make windows runs it, in CI too")
	}
	w := newWindows(t)
	hash := w.run(t, "run", "cable-pull", "--hash")
	require.Equal(t, cli.ExitPass, hash.Status, hash.Err)
	of := regexp.MustCompile(`\b[0-9a-f]{64}\b`)
	want := of.FindString(clitest.Run("run", "cable-pull", "--hash").Out)
	require.NotEmpty(t, want)
	require.Equal(t, want, of.FindString(hash.Out))

	const ours = "社内 クラスター"
	folder := filepath.Join(w.dir, ours)
	require.NoError(t, os.CopyFS(folder, os.DirFS(clitest.OurCluster(t, "", "", ""))))
	checked := w.run(t, "check", ours)
	require.Equal(t, cli.ExitPass, checked.Status, checked.Err)
	page := w.run(t, "run", "cable-pull", "--cluster", ours, "--html", ours+"/結果.html", "--lang", "ja")
	require.Equal(t, cli.ExitPass, page.Status, page.Err)
	require.Contains(t, strings.Join(strings.Fields(page.Out), " "), `run cable-pull --cluster "社内 クラスター" --seed 1`)
	require.Contains(t, clitest.Read(t, filepath.Join(folder, "結果.html")), "</html>")

	w.audits(t, ours)

	clitest.WriteText(t, filepath.Join(w.dir, "失敗.txtar"), clitest.Failing)
	require.Equal(t, cli.ExitFindings, w.run(t, "run", "失敗.txtar").Status)
	none := w.run(t, "check", "無い")
	require.Equal(t, cli.ExitError, none.Status)
	require.Contains(t, none.Err, "無い")

	// what goes into a pipe or a file is UTF-8, whatever the console's code page is
	list := clitest.Run("list", "--lang", "ja").Out
	require.Equal(t, clitest.Said{Status: cli.ExitPass, Out: list}, w.run(t, "list", "--lang", "ja"))
	require.Equal(t, cli.ExitPass, w.wine(t, "cmd", "/c", "chcp 932 >nul & ipwsim.exe list --lang ja > list.txt").Status)
	require.Equal(t, list, clitest.Read(t, filepath.Join(w.dir, "list.txt")))
}

// audits lets both programs audit the folder: they say the same, but for how each shell writes paths.
func (w windows) audits(t *testing.T, folder string) {
	t.Helper()
	got := w.run(t, "audit", folder, "--quick", "--lang", "ja", "-o", "監査", "--html", "監査.html", "--open")
	require.Equal(t, cli.ExitFindings, got.Status, got.Err)
	t.Chdir(w.dir)
	want := clitest.Run("audit", folder, "--quick", "--lang", "ja", "-o", "here")
	require.Equal(t, cli.ExitFindings, want.Status, want.Err)
	paths := strings.NewReplacer(`監査\\`, "here/", `監査\`, "here/", `\"`, "'", `"`, "'", "&#34;", "'", "&#39;", "'")
	for _, name := range []string{"audit.json", "index.html", "01-freeze-active.txtar"} {
		require.Equal(t, paths.Replace(clitest.Read(t, filepath.Join("here", name))), paths.Replace(clitest.Read(t, filepath.Join("監査", name))), name)
	}
	require.Equal(t, clitest.Read(t, "監査/index.html"), clitest.Read(t, "監査.html"))
	require.Contains(t, got.Out, "\nページ: 監査.html\n")
}
