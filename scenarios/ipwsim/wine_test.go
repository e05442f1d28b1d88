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
	needs(t, "wine")
	needs(t, "x86_64-w64-mingw32-ld")
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
	writeText(t, exports, prng)
	do("x86_64-w64-mingw32-ld", "-shared", "--entry=0", "-o", filepath.Join(dir, "prefix", "drive_c", "windows", "system32", "bcryptprimitives.dll"), exports)
	return w
}

// run is what the program comes to.
func (w windows) run(t *testing.T, args ...string) said {
	t.Helper()
	return w.wine(t, append([]string{w.exe}, args...)...)
}

func (w windows) wine(t *testing.T, args ...string) said {
	t.Helper()
	c := exec.Command("wine", args...)
	var out, err strings.Builder
	c.Env, c.Dir, c.Stdout, c.Stderr = w.env, w.dir, &out, &err
	_ = c.Run() // its status says more
	return said{c.ProcessState.ExitCode(), out.String(), err.String()}
}

// The Windows program does what this one does: to the byte, with its statuses, and with names in Japanese.
func TestTheWindowsProgram(t *testing.T) {
	if !*wine {
		t.Skip("long: make windows runs it, in CI too")
	}
	w := newWindows(t)
	hash := w.run(t, "run", "cable-pull", "--hash")
	require.Equal(t, exitPass, hash.status, hash.err)
	of := regexp.MustCompile(`\b[0-9a-f]{64}\b`)
	want := of.FindString(ipwsim("run", "cable-pull", "--hash").out)
	require.NotEmpty(t, want)
	require.Equal(t, want, of.FindString(hash.out))

	const ours = "社内 クラスター"
	folder := filepath.Join(w.dir, ours)
	require.NoError(t, os.CopyFS(folder, os.DirFS(ourCluster(t, "", "", ""))))
	checked := w.run(t, "check", ours)
	require.Equal(t, exitPass, checked.status, checked.err)
	page := w.run(t, "run", "cable-pull", "--cluster", ours, "--html", ours+"/結果.html", "--lang", "ja")
	require.Equal(t, exitPass, page.status, page.err)
	require.Contains(t, strings.Join(strings.Fields(page.out), " "), `run cable-pull --cluster "社内 クラスター" --seed 1`)
	require.Contains(t, read(t, filepath.Join(folder, "結果.html")), "</html>")

	w.audits(t, ours)

	writeText(t, filepath.Join(w.dir, "失敗.txtar"), failing)
	require.Equal(t, exitFindings, w.run(t, "run", "失敗.txtar").status)
	none := w.run(t, "check", "無い")
	require.Equal(t, exitError, none.status)
	require.Contains(t, none.err, "無い")

	// what goes into a pipe or a file is UTF-8, whatever the console's code page is
	list := ipwsim("list", "--lang", "ja").out
	require.Equal(t, said{exitPass, list, ""}, w.run(t, "list", "--lang", "ja"))
	require.Equal(t, exitPass, w.wine(t, "cmd", "/c", "chcp 932 >nul & ipwsim.exe list --lang ja > list.txt").status)
	require.Equal(t, list, read(t, filepath.Join(w.dir, "list.txt")))
}

// audits lets both programs audit the folder: they say the same, but for how each shell writes paths.
func (w windows) audits(t *testing.T, folder string) {
	t.Helper()
	got := w.run(t, "audit", folder, "--quick", "--lang", "ja", "-o", "監査", "--html", "監査.html", "--open")
	require.Equal(t, exitFindings, got.status, got.err)
	t.Chdir(w.dir)
	want := ipwsim("audit", folder, "--quick", "--lang", "ja", "-o", "here")
	require.Equal(t, exitFindings, want.status, want.err)
	paths := strings.NewReplacer(`監査\\`, "here/", `監査\`, "here/", `\"`, "'", `"`, "'", "&#34;", "'", "&#39;", "'")
	for _, name := range []string{"audit.json", "index.html", "01-freeze-active.txtar"} {
		require.Equal(t, paths.Replace(read(t, filepath.Join("here", name))), paths.Replace(read(t, filepath.Join("監査", name))), name)
	}
	require.Equal(t, read(t, "監査/index.html"), read(t, "監査.html"))
	require.Contains(t, got.out, "\nページ: 監査.html\n")
}
