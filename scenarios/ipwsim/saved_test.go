package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
)

// Every report of a saved run is the same to the byte as that of the run itself.
func TestReportsAreMadeAgainToTheByte(t *testing.T) {
	ours := ourCluster(t, "cluster.toml", "192.168.10.150", "192.168.10.151")
	for _, args := range [][]string{
		{"cable-pull", "--hash", "--seed", "7"},
		{"cable-pull", "--cluster", ours},
		{"garp-lost"}, {"l3-switch"}, {"vip-is-real"}, {"own-profile"},
		{scenario(t, "case.txtar", failing)},
		{scenario(t, "case.txtar", refused)},
		{scenario(t, "case.txtar", warned)},
		{"split-brain", "cable-pull", scenario(t, "case.txtar", failing), "vip-is-real"},
	} {
		dir := filepath.Join(t.TempDir(), "saved")
		junit, perfetto := filepath.Join(t.TempDir(), "junit.xml"), filepath.Join(t.TempDir(), "perfetto.json")
		first := ipwsim(append([]string{"run", "--save", dir, "--junit", junit, "--perfetto", perfetto, "--annotations"}, args...)...)
		require.Less(t, first.status, exitError, first.err)
		files := []string{read(t, junit), read(t, perfetto)}

		require.Equal(t, first, ipwsim("report", dir, "--junit", junit, "--perfetto", perfetto, "--annotations"), args)
		require.Equal(t, files, []string{read(t, junit), read(t, perfetto)}, args)
		for _, how := range [][]string{{"--json"}, {"--lang", "ja", "--full"}} {
			require.Equal(t, ipwsim(append(append([]string{"run"}, args...), how...)...), ipwsim(append([]string{"report", dir}, how...)...), "%v %v", args, how)
		}
	}
}

func TestSavedRunsThatCannotBeRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "saved")
	require.Equal(t, exitPass, ipwsim("run", "cable-pull", "--save", dir).status)
	path := filepath.Join(dir, "trace.jsonl")
	require.NoError(t, os.Truncate(path, 1000))
	for _, args := range [][]string{{"report", dir}, {"diff", dir, dir}} {
		got := ipwsim(args...)
		require.Equal(t, exitError, got.status)
		require.Empty(t, got.out)
		require.Contains(t, got.err, path+": found SHA-256 ")
	}

	got := ipwsim("run", "cable-pull", "--save", dir)
	require.Equal(t, exitError, got.status)
	require.Contains(t, got.err, "--save: found SHA256SUMS in "+dir+", expected a folder that is new or empty")
	got = ipwsim("run", "cable-pull", scenario(t, "cable-pull.txtar", passing), "--save", filepath.Join(t.TempDir(), "new"))
	require.Equal(t, exitError, got.status)
	require.Contains(t, got.err, "--save: found two scenarios called cable-pull")
}

// What an ipwsim of another version of the format saved is not taken for a run of this one.
func TestAnOlderSavedRunIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "saved")
	require.Equal(t, exitPass, ipwsim("run", "cable-pull", "--save", dir).status)
	meta, sums := filepath.Join(dir, "meta.json"), filepath.Join(dir, "SHA256SUMS")
	now := read(t, meta)
	require.Contains(t, now, `"version": 2`)
	older := strings.Replace(now, `"version": 2`, `"version": 1`, 1)
	list := read(t, sums)
	require.Contains(t, list, sum(now))
	writeText(t, meta, older)
	writeText(t, sums, strings.Replace(list, sum(now), sum(older), 1))
	want := dir + ": meta.json: found a run saved in version 1 of the format, and this ipwsim reads version 2: " +
		"run the scenario again, or use the ipwsim that saved it"
	for _, args := range [][]string{{"report", dir}, {"report", dir, "--json"}, {"diff", dir, dir}} {
		got := ipwsim(args...)
		require.Equal(t, exitError, got.status)
		require.Empty(t, got.out)
		require.Contains(t, got.err, want)
	}
}

func sum(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }

func TestDiff(t *testing.T) {
	dir := t.TempDir()
	save := func(name string, args ...string) string {
		path := filepath.Join(dir, name)
		require.Equal(t, exitPass, ipwsim(append([]string{"run", "--save", path}, args...)...).status)
		return path
	}
	data, err := scenarios.Read("cable-pull")
	require.NoError(t, err)
	later := scenario(t, "cable-pull.txtar", strings.Replace(string(data), "at 80s plug", "at 85s plug", 1))
	one, same, seed, fault := save("one", "cable-pull"), save("same", "cable-pull"), save("seed", "cable-pull", "--seed", "2"), save("fault", later)
	ours := save("ours", "cable-pull", "--cluster", ourCluster(t, "cluster.toml", "192.168.10.150", "192.168.10.151"))

	for _, c := range []struct {
		other  string
		status int
		says   []string
	}{
		{same, exitPass, []string{"SAME"}},
		{seed, exitFindings, []string{"setting seed: 1 | 2", "cause settings that differ (seed)"}},
		{fault, exitFindings, []string{"file the scenario's", "when 80.000 s", "cause a fault that differs: the cable of active was plugged in at 80.000 s; the last fault before it, the same in both: the cable of active was pulled at 20.000 s"}},
		{ours, exitFindings, []string{"file cluster.toml", "setting clients[0].address: 192.168.10.150/24 | 192.168.10.151/24"}},
	} {
		got := ipwsim("diff", one, c.other)
		require.Equal(t, c.status, got.status, got.err)
		for _, want := range c.says {
			require.Contains(t, oneLine(got.out), want)
		}
		requireColumns(t, got.out)
	}
	got := ipwsim("diff", one, save("refused", "vip-is-real"))
	require.Equal(t, exitError, got.status)
	require.Contains(t, got.err, "found a cluster that was refused, expected a run")
}

func TestAnnotationsComeAfterTheText(t *testing.T) {
	path := scenario(t, "case.txtar", failing)
	got := ipwsim("run", path, "--annotations")
	require.Equal(t, exitFindings, got.status)
	require.Regexp(t, `\n::error file=`+path+`,line=5,title=case::line 5: expect failover 1s\.\.2s; seen: 3\d\.\d+ s for client\n$`, got.out)
	require.Equal(t, 1, strings.Count(got.out, "::error "))
	require.Contains(t, ipwsim("run", "ad-client", "--annotations").out, "\n::notice file=ad-client.txtar,title=ad-client::P8: ", "a weakness is no error")
	require.NotContains(t, ipwsim("run", "cable-pull", "--annotations").out, "::")

	broken := ourCluster(t, "active/ipwatch.dat", "-i=192.168.10.202", "-i=192.168.10.200")
	got = ipwsim("check", broken, "--annotations")
	require.Equal(t, exitFindings, got.status)
	require.Contains(t, got.out, "::error file="+broken+"/active/ipwatch.dat,line=1::-i=192.168.10.200 is the real address of active")
}
