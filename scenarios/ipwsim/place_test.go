package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"

	"github.com/stretchr/testify/require"
)

// Every command that works for long refuses a place it cannot write to, or that something else uses, before it
// begins: nothing is printed, and the place is as it was.
func TestPlacesAreLookedAtFirst(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range map[string]string{
		"notes/notes.txt": "mine", "site/index.html": "<!doctype html>\n<html lang=\"en\">mine",
		"cluster/cluster.toml": "mine", "other/plan.json": "{}", "audited/audit.json": "{}",
	} {
		require.NoError(t, os.MkdirAll(filepath.Dir(in(name)), 0o777))
		require.NoError(t, os.WriteFile(in(name), []byte(text), 0o600))
	}
	const folder = ", expected a folder that is new or empty"
	pages, audit := folder+", or that holds pages of runs that ipwsim wrote", folder+", or that holds an audit that ipwsim wrote"
	for want, args := range map[string][]string{
		"-o: found notes.txt in " + in("notes") + audit:                                    {"audit", "guide", "-o", in("notes")},
		"-o: found index.html in " + in("site") + audit:                                    {"audit", "guide", "-o", in("site")},
		"-o: found cluster.toml in " + in("cluster") + audit:                               {"audit", "guide", "-o", in("cluster")},
		"-o: found plan.json in " + in("other") + audit:                                    {"audit", "guide", "-o", in("other")},
		"-o: found file " + in("notes/notes.txt") + ", expected a folder":                  {"audit", "guide", "-o", in("notes/notes.txt")},
		"-o: cannot write into " + in("notes/notes.txt/a") + ": ":                          {"audit", "guide", "-o", in("notes/notes.txt/a")},
		"--html: cannot write " + in("no/a.html") + ": found no folder " + in("no"):        {"audit", "guide", "--html", in("no/a.html")},
		"--pages: found index.html in " + in("site") + pages:                               {"run", "--all", "--pages", in("site")},
		"--pages: found notes.txt in " + in("notes") + pages:                               {"run", "--all", "--pages", in("notes")},
		"--pages: found audit.json in " + in("audited") + pages:                            {"run", "--all", "--pages", in("audited")},
		"--pages: cannot write into " + in("notes/notes.txt/a") + ": ":                     {"run", "--all", "--pages", in("notes/notes.txt/a")},
		"--pcap: cannot write into " + in("notes/notes.txt/b") + ": ":                      {"run", "--all", "--pcap", in("notes/notes.txt/b")},
		"--save: found notes.txt in " + in("notes") + folder:                               {"run", "--all", "--save", in("notes")},
		"-o: " + in("notes") + " holds other files; expected an empty or new folder":       {"study", "-o", in("notes")},
		"-o: " + in("cluster") + " holds other files; expected an empty or new folder, or": {"study", "merge", "--from", in("no"), "-o", in("cluster")},
		"-o: read " + in("notes/notes.txt") + ": it is a file; expected a folder":          {"study", "-o", in("notes/notes.txt/c")},
		"-o: cannot write into " + in("notes/notes.txt/d") + ": ":                          {"search", "-o", in("notes/notes.txt/d")},
		"cannot write into " + in("notes/notes.txt/e") + ": ":                              {"nightly", "--for", "1h", "-o", in("notes/notes.txt/e")},
	} {
		got := clitest.Run(args...)
		require.Equal(t, cli.ExitError, got.Status, args)
		require.Empty(t, got.Out, args)
		require.Contains(t, got.Err, want, args)
		require.NotContains(t, strings.Join(strings.Fields(clitest.Run(append(args, "--lang", "ja")...).Err), ""), "expected", args)
	}
	require.True(t, strings.HasSuffix(clitest.Read(t, in("site"), "index.html"), ">mine"))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 5)
}

// What a command wrote before is no hindrance, with files of others beside it.
func TestPlacesOfBefore(t *testing.T) {
	dir := t.TempDir()
	for range 2 {
		require.Equal(t, cli.ExitPass, clitest.Run("run", "cable-pull", "--pages", dir).Status)
		require.NoError(t, os.WriteFile(filepath.Join(dir, "results.xml"), nil, 0o600))
	}
}
