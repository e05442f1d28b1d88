package clusters_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
)

func TestMain(m *testing.M) { clitest.Main(m) }

func TestCheckFindsNothingInTheShippedClusters(t *testing.T) {
	entries, err := fs.ReadDir(scenarios.Clusters(), ".")
	require.NoError(t, err)
	require.NotEmpty(t, entries)
	for _, e := range entries {
		dir := filepath.Join("../../testdata/clusters", e.Name())
		require.Equal(t, clitest.Said{Status: 0, Out: dir + ": 0 errors, 0 warnings\n"}, clitest.Run("check", dir))
	}
}

// Every problem of every file, with names that can be opened from here.
func TestCheckReportsEveryProblemOfACluster(t *testing.T) {
	dir := clitest.OurCluster(t, "active/ipwatch.dat", "192.168.10.202", "192.168.10.2O2")
	clitest.WriteText(t, filepath.Join(dir, "standby", "ipwcs.reg"), "Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\EPOST\\IPWCS]\n\"Balance\"=dword:00000002\n")
	require.NoError(t, os.Remove(filepath.Join(dir, "cluster.toml")))

	got := clitest.Run("check", dir+"/")
	require.Equal(t, cli.ExitFindings, got.Status)
	require.Regexp(t, `(?m)^`+dir+`/active/ipwatch\.dat:1: error: `, got.Out)
	require.Regexp(t, `(?m)^`+dir+`/standby/ipwcs\.reg:4: error: `, got.Out)
	require.Regexp(t, `(?m)^`+dir+`/cluster\.toml: error: `, got.Out)
	require.Regexp(t, `(?m)^`+dir+`/: [3-9] errors, \d+ warnings?\n$`, got.Out)
	require.Empty(t, got.Err)
}

func TestCheckOfAScenario(t *testing.T) {
	path := clitest.Scenario(t, "case.txtar", clitest.Malformed)
	require.Equal(t, clitest.Said{Status: 1, Out: path + ":3: error: found time \"5\" without a unit, expected one as in 20s, 1m30s or 500ms\n" + path + ": 1 error, 0 warnings\n"},
		clitest.Run("check", path))

	path = clitest.Scenario(t, "case.txtar", "cluster guide\nexpect answered pc\n")
	require.Equal(t, clitest.Said{Status: 1, Out: path + ":1: warning: found no title, expected a comment in the first line that names the scenario\n" +
		path + ":2: error: no client is called \"pc\", expected client\n" + path + ": 1 error, 1 warning\n"}, clitest.Run("check", path))

	path = clitest.Scenario(t, "case.txtar", "# Title\ncluster guid\nexpect holder active\n")
	got := clitest.Run("check", path)
	require.Equal(t, cli.ExitFindings, got.Status)
	require.Contains(t, got.Out, path+`:2: error: cluster "guid": found neither a folder beside the scenario nor a shipped cluster of that name (did you mean "guide"?); shipped are guide, l3, mail, offices, strangers, two-switch, vrrp`)
}

// What can be told of a scenario is told at once: names that the cluster does not have, beside lines that cannot be read; and
// what people call the nodes is known.
func TestCheckTellsAllAtOnce(t *testing.T) {
	path := clitest.Scenario(t, "case.txtar", "# Title\ncluster guide\nping clinet vip\nat 20s unplug master\nexpect holder slave\nexpect answered pc99\nend 60s\n")
	got := clitest.Run("check", path)
	for _, want := range []string{
		`:3: error: no client is called "clinet" (did you mean "client"?)`, `:4: error: no cable is called "master" (did you mean "active"?)`,
		`:5: error: holder: found "slave" (did you mean "standby"?)`, `:6: error: no client is called "pc99"`, ": 4 errors, 0 warnings",
	} {
		require.Contains(t, got.Out, path+want)
	}
}

// An expectation of what cannot be over before the run ends is none that a run can fulfil.
func TestCheckFindsExpectationsThatComeTooLate(t *testing.T) {
	path := clitest.Scenario(t, "case.txtar", "# Title\ncluster guide\nat 100s unplug active\nexpect failover 30s..40s\nend 129s\n")
	require.Contains(t, clitest.Run("check", path).Out, path+":4: error: found `expect failover 30s..40s`, which no run can fulfil: what begins at 100s or later is over at 130s at the earliest, and the run ends at 129s")
	path = clitest.Scenario(t, "case.txtar", "# Title\ncluster guide\nat 100s unplug active\nexpect failover 30s..40s\nend 130s\n")
	require.NotContains(t, clitest.Run("check", path).Out, "error:")
}

// A scenario is checked on the cluster that it is to run on.
func TestCheckOnAnotherCluster(t *testing.T) {
	path := clitest.Scenario(t, "case.txtar", "# Title\ncluster guide\nread client pop3 tanaka@example.com\nexpect answered client\nend 60s\n")
	got := clitest.Run("check", path)
	require.Equal(t, cli.ExitFindings, got.Status)
	require.Contains(t, got.Out, "the cluster has no mail server")
	require.Equal(t, cli.ExitPass, clitest.Run("check", path, "--cluster", "mail").Status)
	require.Contains(t, clitest.Run("check", path, "--cluster", "nowhere").Err, "--cluster: cannot read the folder nowhere")
}

func TestCheckGoesOnAfterWhatItCannotRead(t *testing.T) {
	missing, bad := filepath.Join(t.TempDir(), "no"), clitest.Scenario(t, "case.txtar", clitest.Malformed)
	got := clitest.Run("check", missing, bad)
	require.Equal(t, cli.ExitError, got.Status)
	require.Contains(t, got.Err, missing)
	require.Contains(t, got.Out, bad+": 1 error, 0 warnings\n")
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
		path := clitest.Scenario(t, "case.txtar", text)
		checked, run := clitest.Run("check", path), clitest.Run("run", path)
		if want == "" {
			require.Equal(t, checked.Status == cli.ExitPass, run.Status != cli.ExitError, "%s%s", checked.Out, run.Err)
			continue
		}
		require.Equal(t, cli.ExitFindings, checked.Status)
		require.Contains(t, checked.Out, path+want)
		require.Equal(t, cli.ExitError, run.Status)
	}
}

// A shipped cluster goes by its name wherever a cluster's folder is asked for, and a folder of that name goes first.
func TestShippedClustersByName(t *testing.T) {
	require.Equal(t, clitest.Said{Status: cli.ExitPass, Out: "guide: 0 errors, 0 warnings\n"}, clitest.Run("check", "guide"))
	require.Equal(t, cli.ExitPass, clitest.Run("run", "cable-pull", "--cluster", "mail").Status)
	require.Equal(t, cli.ExitPass, clitest.Run("profiles", "--cluster", "offices").Status)
	require.Equal(t, cli.ExitPass, clitest.Run("compare", "guide", "guide", "--runs", "2", "--workers", "1").Status)
	require.Equal(t, cli.ExitPass, clitest.Run("study", "show", "guide", "--seed", "3").Status)
	t.Chdir(t.TempDir())
	require.NoError(t, os.Mkdir("guide", 0o755))
	require.Equal(t, cli.ExitFindings, clitest.Run("check", "guide").Status)
}

// Expectations that exclude each other are an error to check, though they can be run: one of them fails.
func TestCheckNamesContradictions(t *testing.T) {
	path := clitest.Scenario(t, "case.txtar", "# t\ncluster guide\nexpect holder active\nexpect holder none\n")
	got := clitest.Run("check", path)
	require.Equal(t, cli.ExitFindings, got.Status)
	require.Contains(t, got.Out, path+":4: error: found `expect holder none`, which contradicts `expect holder active` in line 3")
	require.Equal(t, cli.ExitFindings, clitest.Run("run", path).Status)
}
