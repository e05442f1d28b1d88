package runs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
	"ipwsim/scenarios/script"
)

func TestMain(m *testing.M) { clitest.Main(m) }

func TestRunTakesFilesNamesAndFolders(t *testing.T) {
	dir := t.TempDir()
	clitest.WriteText(t, filepath.Join(dir, "first.txtar"), clitest.Passing)
	clitest.WriteText(t, filepath.Join(dir, "second.txtar"), clitest.Failing)
	clitest.WriteText(t, filepath.Join(dir, "notes.txt"), "no scenario")

	got := clitest.Run("run", filepath.Join(dir, "first.txtar"))
	require.Equal(t, cli.ExitPass, got.Status)
	require.Regexp(t, `\APASS +first\n +Passes\n(.*\n){4} +failover +3\d\.\d s  client -> 192\.168\.10\.202, then answered by standby\n +guide 30-40 s: kept; expected 30-40 s: ok\n`, got.Out)

	got = clitest.Run("run", "cable-pull")
	require.Equal(t, cli.ExitPass, got.Status)
	require.Regexp(t, `\APASS +cable-pull\n`, got.Out)
	require.Contains(t, got.Out, "run again: ipwsim run cable-pull --seed 1\n")

	got = clitest.Run("run", dir)
	require.Equal(t, cli.ExitFindings, got.Status)
	require.Regexp(t, `\APASS +first .*\nFAIL +second .*\n\n2 scenarios: 1 passed, 0 with a weakness, 1 failed\n`, got.Out)
	require.Contains(t, got.Out, "line 5: expect failover 1s..2s; seen: ")
	require.Empty(t, got.Err)
}

// A study's name is that of another command's work.
func TestAStudyIsNoScenario(t *testing.T) {
	require.Equal(t, clitest.Said{Status: cli.ExitError, Err: "found field, which is a study, expected a scenario; `ipwsim study field` runs it\n"}, clitest.Run("run", "field"))
	require.NotEmpty(t, scenarios.Studies("field"), "the study it speaks of is there")
}

func TestRunSuggestsWhatWasMeant(t *testing.T) {
	for arg, want := range map[string]string{
		"cable-pul":                  `no file, folder or shipped scenario is called "cable-pul" (did you mean "cable-pull"?); ` + "`ipwsim list`",
		"somewhere/cable-pull.txtar": `no file, folder or shipped scenario is called "somewhere/cable-pull.txtar" (did you mean "cable-pull"?)`,
		"earthquake":                 "no file, folder or shipped scenario is called \"earthquake\"; `ipwsim list`",
	} {
		got := clitest.Run("run", arg)
		require.Equal(t, cli.ExitError, got.Status)
		require.Contains(t, got.Err, want)
	}
}

// Each of several scenarios ends as the list says: those with ! as a weakness, the others as a pass.
func TestRunOfSeveral(t *testing.T) {
	names := fewOf(scenarios.Names())
	got := clitest.Run(append([]string{"run"}, names...)...)
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	clitest.Columns(t, got.Out)
	outcomes, marks := firstWords(got.Out, `(?m)^(PASS|WEAK|FAIL) +(\S+)`), firstWords(clitest.Run("list").Out, `(?m)^([ !]) (\S+) `)
	require.Len(t, outcomes, len(names))
	for _, name := range names {
		want := map[string]string{" ": "PASS", "!": "WEAK"}[marks[name]]
		require.NotEmpty(t, want, name)
		require.Equal(t, want, outcomes[name], name)
	}
	weak := strings.Count(got.Out, "\nWEAK ")
	require.Greater(t, weak, 1)
	require.Contains(t, got.Out, fmt.Sprintf("\n%d scenarios: %d passed, %d with a weakness, 0 failed\n",
		len(outcomes), len(outcomes)-weak, weak))
}

// fewOf is each seventh of the names.
func fewOf(names []string) (few []string) {
	for some := range slices.Chunk(names, 7) {
		few = append(few, some[0])
	}
	return few
}

// firstWords are what stands before each name, by name.
func firstWords(text, pattern string) map[string]string {
	all := map[string]string{}
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		all[m[2]] = m[1]
	}
	return all
}

func TestRunOnAnotherCluster(t *testing.T) {
	dir := clitest.OurCluster(t, "cluster.toml", "192.168.10.150", "192.168.10.151")
	got := clitest.Run("run", "cable-pull", "--cluster", dir)
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	require.Contains(t, got.Out, "Reply from 192.168.10.151: Destination host unreachable.")
	require.Contains(t, clitest.OneLine(got.Out), "run again: ipwsim run cable-pull --cluster "+dir+" --seed 1")
}

// A cluster's folder beside the scenario goes before a shipped one.
func TestRunFindsTheClusterBesideTheScenario(t *testing.T) {
	for _, name := range []string{"ours", "guide"} {
		dir := clitest.OurCluster(t, "cluster.toml", "192.168.10.150", "192.168.10.151")
		require.NoError(t, os.Rename(dir, filepath.Join(filepath.Dir(dir), name)))
		path := filepath.Join(filepath.Dir(dir), "case.txtar")
		clitest.WriteText(t, path, strings.Replace(clitest.Passing, "cluster guide", "cluster "+name, 1))
		got := clitest.Run("run", path)
		require.Equal(t, cli.ExitPass, got.Status, got.Err)
		require.Contains(t, got.Out, "Reply from 192.168.10.151: Destination host unreachable.")
	}
}

func TestRunErrorsNameTheirPlace(t *testing.T) {
	path := clitest.Scenario(t, "case.txtar", clitest.Malformed)
	require.Equal(t, path+":3: error: found time \"5\" without a unit, expected one as in 20s, 1m30s or 500ms\n", clitest.Run("run", path).Err)

	path = clitest.Scenario(t, "case.txtar", clitest.Impossible)
	require.Equal(t, path+":3: error: at 5s: plug active: the cable is plugged in already\n", clitest.Run("run", path).Err)

	ours := clitest.OurCluster(t, "active/ipwatch.dat", "-i=192.168.10.202", "-i=192.168.10.200")
	got := clitest.Run("run", "cable-pull", "--cluster", ours)
	require.Contains(t, got.Err, fmt.Sprintf("cable-pull.txtar:3: error: cluster %q is refused:\n", ours))
	require.Contains(t, got.Err, "\n"+ours+"/active/ipwatch.dat:1: error: -i=192.168.10.200 is the real address of active")
}

// What could be run is reported, whatever became of the others.
func TestRunReportsTheRestAfterAnError(t *testing.T) {
	bad := clitest.Scenario(t, "bad.txtar", clitest.Impossible)
	got := clitest.Run("run", "cable-pull", bad, "split-brain")
	require.Equal(t, cli.ExitError, got.Status)
	require.Regexp(t, `(?m)^PASS +cable-pull `, got.Out)
	require.Regexp(t, `(?m)^\w+ +split-brain`, got.Out)
	require.Equal(t, bad+":3: error: at 5s: plug active: the cable is plugged in already\n", got.Err)
}

func TestSeed(t *testing.T) {
	got := clitest.Run("run", "cable-pull", "--seed", "18446744073709551615")
	require.Equal(t, cli.ExitPass, got.Status)
	require.Contains(t, got.Out, "seed 18446744073709551615, ")
	require.Contains(t, clitest.Run("run", "cable-pull", "--seed", "0").Out, "seed 0, ", "a seed of 0 is one")
	require.Contains(t, clitest.Run("run", "cable-pull").Out, "seed 1, ")
}

func TestAClusterRefusedAsExpectedIsAPass(t *testing.T) {
	path := clitest.Scenario(t, "case.txtar", clitest.Refused)
	got := clitest.Run("run", path)
	require.Equal(t, cli.ExitPass, got.Status)
	require.Regexp(t, `\APASS +case\n`, got.Out)
	require.Contains(t, clitest.OneLine(got.Out), "the cluster is refused: active/ipwatch.dat:1: -i=192.168.10.200 is the real address", "it says why")
	require.NotContains(t, got.Out, "--seed", "where nothing was run, the seed is of no matter")

	got = clitest.Run("run", clitest.Scenario(t, "case.txtar", strings.Replace(clitest.Refused, "is the real address", "no address at all", 1)))
	require.Equal(t, cli.ExitFindings, got.Status)
	require.Regexp(t, `\AFAIL +case\n`, got.Out)
}

// warned is a scenario that warns of itself, and of its cluster.
const warned = "cluster guide\nping client vip\nexpect holder active\n" +
	"-- standby/ipwcs.reg --\nWindows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\EPOST\\IPWCS]\n\"Balance\"=dword:00000001\n\"ReleaseTime\"=dword:00000020\n"

func TestWarningsAreNotLost(t *testing.T) {
	path := clitest.Scenario(t, "case.txtar", warned)
	const title, cluster = "found no title", "ReleaseTime is 32 here and 60 in active/ipwcs.reg"

	one := clitest.Run("run", path)
	require.Equal(t, cli.ExitPass, one.Status, one.Out)
	words := clitest.OneLine(one.Out)
	require.Contains(t, words, "warning: "+path+":1: "+title)
	require.Contains(t, words, "warning: standby/ipwcs.reg:5: "+cluster)

	require.Contains(t, clitest.Run("run", path, "--json").Out, title)

	many := clitest.Run("run", path, path, "cable-pull")
	require.Equal(t, cli.ExitPass, many.Status)
	require.Equal(t, 1, strings.Count(clitest.Unwrapped(many.Err), clitest.Unwrapped("case: warning: "+path+":1: "+title)), "said once: %s", many.Err)
	require.Equal(t, 1, strings.Count(clitest.Unwrapped(many.Err), clitest.Unwrapped("case: warning: standby/ipwcs.reg:5: "+cluster)))

	expected := clitest.Scenario(t, "case.txtar", "# Title\n"+strings.Replace(warned, "ping client vip", "expect problem ReleaseTime", 1))
	require.NotContains(t, clitest.Run("run", expected).Out, cluster, "what is expected needs no warning")
	require.Empty(t, clitest.Run("run", expected, "vip-is-real", "cable-pull").Err)
}

// On a cluster of one's own --all runs what fits any cluster, and says in a sentence what it leaves out.
func TestRunAllOnAnotherCluster(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "any-cable"), 0o755))
	t.Chdir(dir) // where a folder has the name of a scenario
	got := clitest.Run("run", "--all", "--cluster", "offices")
	require.NotEqual(t, cli.ExitError, got.Status, got.Err)
	require.Regexp(t, `(?m)^[1-9]\d* shipped scenarios are left out: each fits only the cluster`, got.Err)
	clitest.Columns(t, got.Err)
	ran := 0
	for _, name := range scenarios.Names() {
		data, err := scenarios.Read(name)
		require.NoError(t, err)
		s, _ := script.Parse(name, data)
		require.Equal(t, s.Cluster == script.AnyCluster, strings.Contains(got.Out, " "+name+" "), name)
		if s.Cluster == script.AnyCluster {
			ran++
		}
	}
	require.Greater(t, ran, 3)
	got = clitest.Run("run", "--all", "cable-pull", "--cluster", "guide")
	require.Contains(t, got.Out, " cable-pull ")
}
