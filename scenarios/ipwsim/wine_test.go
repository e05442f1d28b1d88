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

// prng is the one function that Go's runtime wants of a DLL that Wine 8 does not have, by the one that it has.
const prng = `#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T n) { return SystemFunction036(data, (ULONG)n); }
BOOL WINAPI DllMain(HINSTANCE dll, DWORD why, LPVOID nothing) { return TRUE; }
`

// windows is the program as Windows runs it.
type windows struct {
	exe string
	env []string
	dir string // where it is run
}

func newWindows(t *testing.T) windows {
	needs(t, "wine")
	needs(t, "x86_64-w64-mingw32-gcc")
	dir := t.TempDir()
	w := windows{filepath.Join(dir, "ipwsim.exe"), append(os.Environ(), "WINEPREFIX="+filepath.Join(dir, "prefix"), "WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree,mshtml="), dir}
	do := func(name string, args ...string) {
		c := exec.Command(name, args...)
		c.Env = append(w.env, "CGO_ENABLED=0")
		if name == "go" {
			c.Env = append(c.Env, "GOOS=windows", "GOARCH=amd64")
		}
		out, err := c.CombinedOutput()
		require.NoError(t, err, "%s %q: %s", name, args, out)
	}
	do("go", "build", "-o", w.exe, ".")
	do("wineboot", "--init")
	t.Cleanup(func() {
		end := exec.Command("wineserver", "--kill") // that of this prefix
		end.Env = w.env
		_ = end.Run() // it may have ended
	})
	source := filepath.Join(dir, "prng.c")
	writeText(t, source, prng)
	do("x86_64-w64-mingw32-gcc", "-shared", "-o", filepath.Join(dir, "prefix", "drive_c", "windows", "system32", "bcryptprimitives.dll"), source, "-ladvapi32")
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

	require.NoError(t, os.CopyFS(filepath.Join(w.dir, "社内 クラスター"), os.DirFS(ourCluster(t, "", "", ""))))
	require.Equal(t, exitPass, w.run(t, "check", "社内 クラスター").status)
	page := w.run(t, "run", "cable-pull", "--cluster", "社内 クラスター", "--html", "社内 クラスター/結果.html", "--lang", "ja")
	require.Equal(t, exitPass, page.status, page.err)
	require.Contains(t, page.out, `run cable-pull --cluster "社内 クラスター" --seed 1`)
	require.Contains(t, read(t, filepath.Join(w.dir, "社内 クラスター", "結果.html")), "</html>")

	writeText(t, filepath.Join(w.dir, "失敗.txtar"), failing)
	require.Equal(t, exitFindings, w.run(t, "run", "失敗.txtar").status)
	none := w.run(t, "check", "無い")
	require.Equal(t, exitError, none.status)
	require.Contains(t, none.err, "無い")

	// what goes into a file is UTF-8, whatever the console's code page is
	require.Equal(t, exitPass, w.wine(t, "cmd", "/c", "chcp 932 >nul & ipwsim.exe list --lang ja > list.txt").status)
	require.Equal(t, ipwsim("list", "--lang", "ja").out, read(t, filepath.Join(w.dir, "list.txt")))
}
