package runs_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
)

// Every report of a saved run is the same to the byte as that of the run itself.
func TestReportsAreMadeAgainToTheByte(t *testing.T) {
	ours := clitest.OurCluster(t, "cluster.toml", "192.168.10.150", "192.168.10.151")
	for _, args := range [][]string{
		{"cable-pull", "--hash", "--seed", "7"},
		{"cable-pull", "--cluster", ours},
		{"garp-lost"}, {"l3-switch"}, {"vip-is-real"}, {"own-profile"},
		{clitest.Scenario(t, "case.txtar", clitest.Failing)},
		{clitest.Scenario(t, "case.txtar", clitest.Refused)},
		{clitest.Scenario(t, "case.txtar", warned)},
		{"split-brain", "cable-pull", clitest.Scenario(t, "case.txtar", clitest.Failing), "vip-is-real"},
	} {
		dir := filepath.Join(t.TempDir(), "saved")
		junit, perfetto := filepath.Join(t.TempDir(), "junit.xml"), filepath.Join(t.TempDir(), "perfetto.json")
		first := clitest.Run(append([]string{"run", "--save", dir, "--junit", junit, "--perfetto", perfetto, "--annotations"}, args...)...)
		require.Less(t, first.Status, cli.ExitError, first.Err)
		files := []string{clitest.Read(t, junit), clitest.Read(t, perfetto)}

		require.Equal(t, first, clitest.Run("report", dir, "--junit", junit, "--perfetto", perfetto, "--annotations"), args)
		require.Equal(t, files, []string{clitest.Read(t, junit), clitest.Read(t, perfetto)}, args)
		for _, how := range [][]string{{"--json"}, {"--lang", "ja", "--full"}} {
			require.Equal(t, clitest.Run(append(append([]string{"run"}, args...), how...)...), clitest.Run(append([]string{"report", dir}, how...)...), "%v %v", args, how)
		}
	}
}

func TestSavedRunsThatCannotBeRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "saved")
	require.Equal(t, cli.ExitPass, clitest.Run("run", "cable-pull", "--save", dir).Status)
	path := filepath.Join(dir, "trace.jsonl")
	require.NoError(t, os.Truncate(path, 1000))
	for _, args := range [][]string{{"report", dir}, {"diff", dir, dir}} {
		got := clitest.Run(args...)
		require.Equal(t, cli.ExitError, got.Status)
		require.Empty(t, got.Out)
		require.Contains(t, got.Err, path+": found SHA-256 ")
	}

	got := clitest.Run("run", "cable-pull", "--save", dir)
	require.Equal(t, cli.ExitError, got.Status)
	require.Contains(t, got.Err, "--save: found SHA256SUMS in "+dir+", expected a folder that is new or empty")
	got = clitest.Run("run", "cable-pull", clitest.Scenario(t, "cable-pull.txtar", clitest.Passing), "--save", filepath.Join(t.TempDir(), "new"))
	require.Equal(t, cli.ExitError, got.Status)
	require.Contains(t, got.Err, "--save: found two scenarios called cable-pull")
}

// What an ipwsim of another version of the format saved is not taken for a run of this one.
func TestAnOlderSavedRunIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "saved")
	require.Equal(t, cli.ExitPass, clitest.Run("run", "cable-pull", "--save", dir).Status)
	meta, sums := filepath.Join(dir, "meta.json"), filepath.Join(dir, "SHA256SUMS")
	now := clitest.Read(t, meta)
	require.Contains(t, now, `"version": 2`)
	older := strings.Replace(now, `"version": 2`, `"version": 1`, 1)
	list := clitest.Read(t, sums)
	require.Contains(t, list, sum(now))
	clitest.WriteText(t, meta, older)
	clitest.WriteText(t, sums, strings.Replace(list, sum(now), sum(older), 1))
	want := dir + ": meta.json: found a run saved in version 1 of the format, and this ipwsim reads version 2: " +
		"run the scenario again, or use the ipwsim that saved it"
	for _, args := range [][]string{{"report", dir}, {"report", dir, "--json"}, {"diff", dir, dir}} {
		got := clitest.Run(args...)
		require.Equal(t, cli.ExitError, got.Status)
		require.Empty(t, got.Out)
		require.Contains(t, got.Err, want)
	}
}

func sum(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }

func TestDiff(t *testing.T) {
	dir := t.TempDir()
	save := func(name string, args ...string) string {
		path := filepath.Join(dir, name)
		require.Equal(t, cli.ExitPass, clitest.Run(append([]string{"run", "--save", path}, args...)...).Status)
		return path
	}
	data, err := scenarios.Read("cable-pull")
	require.NoError(t, err)
	later := clitest.Scenario(t, "cable-pull.txtar", strings.Replace(string(data), "at 80s plug", "at 85s plug", 1))
	one, same, seed, fault := save("one", "cable-pull"), save("same", "cable-pull"), save("seed", "cable-pull", "--seed", "2"), save("fault", later)
	ours := save("ours", "cable-pull", "--cluster", clitest.OurCluster(t, "cluster.toml", "192.168.10.150", "192.168.10.151"))

	for _, c := range []struct {
		other  string
		status int
		says   []string
	}{
		{same, cli.ExitPass, []string{"SAME"}},
		{seed, cli.ExitFindings, []string{"setting seed: 1 | 2", "cause settings that differ (seed)"}},
		{fault, cli.ExitFindings, []string{"file the scenario's", "when 80.000 s", "cause a fault that differs: the cable of active was plugged in at 80.000 s; the last fault before it, the same in both: the cable of active was pulled at 20.000 s"}},
		{ours, cli.ExitFindings, []string{"file cluster.toml", "setting clients[0].address: 192.168.10.150/24 | 192.168.10.151/24"}},
	} {
		got := clitest.Run("diff", one, c.other)
		require.Equal(t, c.status, got.Status, got.Err)
		for _, want := range c.says {
			require.Contains(t, clitest.OneLine(got.Out), want)
		}
		clitest.Columns(t, got.Out)
	}
	got := clitest.Run("diff", one, save("refused", "vip-is-real"))
	require.Equal(t, cli.ExitError, got.Status)
	require.Contains(t, got.Err, "found a cluster that was refused, expected a run")
}

func TestAnnotationsComeAfterTheText(t *testing.T) {
	path := clitest.Scenario(t, "case.txtar", clitest.Failing)
	got := clitest.Run("run", path, "--annotations")
	require.Equal(t, cli.ExitFindings, got.Status)
	require.Regexp(t, `\n::error file=`+path+`,line=5,title=case::line 5: expect failover 1s\.\.2s; seen: 3\d\.\d+ s for client\n$`, got.Out)
	require.Equal(t, 1, strings.Count(got.Out, "::error "))
	require.Contains(t, clitest.Run("run", "ad-client", "--annotations").Out, "\n::notice file=ad-client.txtar,title=ad-client::P8: ", "a weakness is no error")
	require.NotContains(t, clitest.Run("run", "cable-pull", "--annotations").Out, "::")

	broken := clitest.OurCluster(t, "active/ipwatch.dat", "-i=192.168.10.202", "-i=192.168.10.200")
	got = clitest.Run("check", broken, "--annotations")
	require.Equal(t, cli.ExitFindings, got.Status)
	require.Contains(t, got.Out, "::error file="+broken+"/active/ipwatch.dat,line=1::-i=192.168.10.200 is the real address of active")
}

// run --files leaves what the machines and the share hold, in a folder that must be empty.
func TestRunLeavesFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "machines")
	args := []string{"run", "mail-step-15", "--files", dir}
	require.Equal(t, cli.ExitPass, clitest.Run(args...).Status)
	for _, name := range []string{"active/Program Files/EPOST/MS/ipwatch.dat", "share/acceptlog/hvt162EPST12/20250207.log", "share/reg/domains.dat"} {
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		require.NoError(t, err)
		require.NotEmpty(t, data)
	}
	again := clitest.Run(args...)
	require.Equal(t, cli.ExitError, again.Status)
	require.Contains(t, again.Err, "--files: ")
}
