package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
)

func TestCheckFindsNothingInTheShippedClusters(t *testing.T) {
	entries, err := fs.ReadDir(scenarios.Clusters(), ".")
	require.NoError(t, err)
	require.NotEmpty(t, entries)
	for _, e := range entries {
		dir := filepath.Join("../testdata/clusters", e.Name())
		require.Equal(t, said{0, dir + ": 0 errors, 0 warnings\n", ""}, ipwsim("check", dir))
	}
}

// Every problem of every file, with names that can be opened from here.
func TestCheckReportsEveryProblemOfACluster(t *testing.T) {
	dir := ourCluster(t, "active/ipwatch.dat", "192.168.10.202", "192.168.10.2O2")
	writeText(t, filepath.Join(dir, "standby", "ipwcs.reg"), "Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\EPOST\\IPWCS]\n\"Balance\"=dword:00000002\n")
	require.NoError(t, os.Remove(filepath.Join(dir, "cluster.toml")))

	got := ipwsim("check", dir+"/")
	require.Equal(t, exitFindings, got.status)
	require.Regexp(t, `(?m)^`+dir+`/active/ipwatch\.dat:1: error: `, got.out)
	require.Regexp(t, `(?m)^`+dir+`/standby/ipwcs\.reg:4: error: `, got.out)
	require.Regexp(t, `(?m)^`+dir+`/cluster\.toml: error: `, got.out)
	require.Regexp(t, `(?m)^`+dir+`/: [3-9] errors, \d+ warnings?\n$`, got.out)
	require.Empty(t, got.err)
}

func TestCheckOfAScenario(t *testing.T) {
	path := scenario(t, "case.txtar", malformed)
	require.Equal(t, said{1, path + ":3: error: found time \"5\" without a unit, expected one as in 20s, 1m30s or 500ms\n" + path + ": 1 error, 0 warnings\n", ""},
		ipwsim("check", path))

	path = scenario(t, "case.txtar", "cluster guide\nexpect answered pc\n")
	require.Equal(t, said{1, path + ":1: warning: found no title, expected a comment in the first line that names the scenario\n" +
		path + ":2: error: no client is called \"pc\", expected client\n" + path + ": 1 error, 1 warning\n", ""}, ipwsim("check", path))

	path = scenario(t, "case.txtar", "# Title\ncluster guid\nexpect holder active\n")
	got := ipwsim("check", path)
	require.Equal(t, exitFindings, got.status)
	require.Contains(t, got.out, path+`:2: error: cluster "guid": found neither a folder beside the scenario nor a shipped cluster of that name (did you mean "guide"?); shipped are guide, l3, mail, offices, strangers, two-switch, vrrp`)
}

func TestCheckGoesOnAfterWhatItCannotRead(t *testing.T) {
	missing, bad := filepath.Join(t.TempDir(), "no"), scenario(t, "case.txtar", malformed)
	got := ipwsim("check", missing, bad)
	require.Equal(t, exitError, got.status)
	require.Contains(t, got.err, missing)
	require.Contains(t, got.out, bad+": 1 error, 0 warnings\n")
}

// What check passes, run starts: it does the steps, those of a scenario's own files too, and names each that cannot be
// done.
func TestWhatCheckPassesRunStarts(t *testing.T) {
	for text, want := range map[string]string{
		"# t\ncluster guide\nat 10s plug active\nat 20s resume active\nexpect holder active\n":                  ":4: error: at 20s: resume active: ",
		"# t\ncluster guide\nsend client a@example.com b@example.com\nexpect mail lost 0\n":                     ":3: error: at 0s: the cluster has no mail server",
		"# t\ncluster mail\nat 9s read client imap nobody@example.com\nexpect mail lost 0\n":                    ":3: error: at 9s: ",
		"# t\ncluster guide\nat 5s run-batch active\nexpect holder active\n-- active/arpclear.bat --\narp -d\n": "",
	} {
		path := scenario(t, "case.txtar", text)
		checked, run := ipwsim("check", path), ipwsim("run", path)
		if want == "" {
			require.Equal(t, checked.status == exitPass, run.status != exitError, "%s%s", checked.out, run.err)
			continue
		}
		require.Equal(t, exitFindings, checked.status)
		require.Contains(t, checked.out, path+want)
		require.Equal(t, exitError, run.status)
	}
}

// A shipped cluster goes by its name wherever a cluster's folder is asked for, and a folder of that name goes first.
func TestShippedClustersByName(t *testing.T) {
	require.Equal(t, said{exitPass, "guide: 0 errors, 0 warnings\n", ""}, ipwsim("check", "guide"))
	require.Equal(t, exitPass, ipwsim("run", "cable-pull", "--cluster", "mail").status)
	require.Equal(t, exitPass, ipwsim("profiles", "--cluster", "offices").status)
	require.Equal(t, exitPass, ipwsim("compare", "guide", "guide", "--runs", "2", "--workers", "1").status)
	require.Equal(t, exitPass, ipwsim("study", "show", "guide", "--seed", "3").status)
	t.Chdir(t.TempDir())
	require.NoError(t, os.Mkdir("guide", 0o755))
	require.Equal(t, exitFindings, ipwsim("check", "guide").status)
}

// Expectations that exclude each other are an error to check, though they can be run: one of them fails.
func TestCheckNamesContradictions(t *testing.T) {
	path := scenario(t, "case.txtar", "# t\ncluster guide\nexpect holder active\nexpect holder none\n")
	got := ipwsim("check", path)
	require.Equal(t, exitFindings, got.status)
	require.Contains(t, got.out, path+":4: error: found `expect holder none`, which contradicts `expect holder active` in line 3")
	require.Equal(t, exitFindings, ipwsim("run", path).status)
}
