package nights_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core/disk"
	"ipwsim/reports/exchange"
	"ipwsim/reports/runtest"
	"ipwsim/scenarios/history"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
	"ipwsim/scenarios/night"
)

func TestMain(m *testing.M) { clitest.Main(m) }

// ourNight are the arguments of a small night on our cluster, which is all in a search.
func ourNight(cluster, dir string, more ...string) []string {
	return append([]string{"nightly", "--for", "1h", "--cases", "16", "--seed", "9", "--cluster", cluster, "-o", dir}, more...)
}

// A night on one's own cluster leaves its reports, which say the same when the command is given again; the next night in
// the folder is held against it.
func TestANight(t *testing.T) {
	our, dir := clitest.OurCluster(t, "", "", ""), filepath.Join(t.TempDir(), "night")
	got := clitest.Run(ourNight(our, dir)...)
	require.Equal(t, cli.ExitPass, got.Status, got.Err+got.Out)
	clitest.Columns(t, strings.ReplaceAll(got.Out, dir, "night"))
	require.Contains(t, clitest.OneLine(got.Out), "16 cases in")
	require.Contains(t, clitest.OneLine(got.Out), "Faults were drawn for the cluster our-cluster with seed 9.")
	require.Contains(t, clitest.OneLine(got.Out), "known bugs are not tried: the night is of one cluster only")
	require.NotContains(t, got.Out, "New since")

	valid := runtest.Schema(t, []byte(clitest.Run("schema", "nightly").Out), true)
	require.Equal(t, string(exchange.NightSchema), clitest.Run("schema", "nightly").Out)
	require.NoError(t, valid([]byte(clitest.Read(t, dir, night.ResultFile))))
	require.NoError(t, xml.Unmarshal([]byte(clitest.Read(t, dir, night.JUnitFile)), new(any)))
	require.Contains(t, clitest.Read(t, dir, night.PageFile), night.HistoryPage)
	require.Contains(t, clitest.Read(t, dir, night.HistoryPage), "<svg")
	require.Contains(t, clitest.Read(t, dir, night.PageFile), "ipwsim nightly --for 1h0m0s --seed 9 -o new-folder")

	again := clitest.Run(ourNight(our, dir, "--lang", "ja")...)
	require.Equal(t, cli.ExitPass, again.Status)
	require.Contains(t, again.Out, "16 ケースを")

	next := clitest.Run(ourNight(our, dir, "--seed", "10")...)
	require.Equal(t, cli.ExitPass, next.Status, next.Err)
	require.Contains(t, next.Out, "New since")
	other := filepath.Join(t.TempDir(), "other")
	since := clitest.Run(ourNight(our, other, "--since", dir)...)
	require.Contains(t, since.Out, "New since")
}

// A machine does its part of the search and reports nothing, as a task of Slurm's too; who comes last reports all.
func TestMachinesDoTheirPartsOfANight(t *testing.T) {
	our, dir := clitest.OurCluster(t, "", "", ""), filepath.Join(t.TempDir(), "night")
	require.Equal(t, clitest.Said{}, clitest.Run(ourNight(our, dir, "--shard", "1/2")...))
	self, err := os.Executable()
	require.NoError(t, err)
	task := exec.Command("../../study/launch/slurm.sh", ourNight(our, dir)...)
	task.Env = append(os.Environ(), clitest.AsCommand+"=1", "IPWSIM="+self, "SLURM_ARRAY_TASK_ID=2", "SLURM_ARRAY_TASK_COUNT=2")
	out, err := task.CombinedOutput()
	require.NoError(t, err, string(out))
	require.Empty(t, out)
	log := clitest.Read(t, night.ShardDir(dir, 2, 2), night.LogFile)
	require.Equal(t, 4, strings.Count(log, `"key":"search `), "of 8")
	require.NoFileExists(t, filepath.Join(dir, night.ResultFile))
	got := clitest.Run(ourNight(our, dir)...)
	require.Equal(t, cli.ExitPass, got.Status, got.Err)
	require.Contains(t, got.Out, "16 cases in")
	require.Contains(t, clitest.Run(ourNight(our, dir, "--shard", "3/2")...).Err, `--shard: found "3/2", expected i/n with i from 1 to n`)
}

// A night that is killed ten times goes on with the same command, and ends as one that was not: after each of its shards,
// and while it writes its history and its reports, of which none is ever half there.
func TestANightThatIsKilledTenTimesGoesOn(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1795910400")
	our, dir, whole := clitest.OurCluster(t, "", "", ""), filepath.Join(t.TempDir(), "night"), filepath.Join(t.TempDir(), "whole")
	require.Equal(t, cli.ExitPass, clitest.Run(ourNight(our, whole)...).Status)
	self, err := os.Executable()
	require.NoError(t, err)
	there := func(name string) func() bool {
		return func() bool { return disk.Exists(filepath.Join(dir, name)) }
	}
	shards := func(n int) func() bool {
		return func() bool {
			text, err := os.ReadFile(filepath.Join(dir, night.LogFile))
			return err == nil && bytes.Count(text, []byte(`"key":"search `)) >= n
		}
	}
	moments := []func() bool{
		there(night.PlanFile), shards(1), shards(2), shards(4), shards(6), shards(8), there(night.HistoryFile), there(night.HistoryFile),
		there(night.PageFile), there(night.JUnitFile),
	}
	for i, come := range moments {
		c := exec.Command(self, ourNight(our, dir, "--workers", "1")...)
		c.Env = append(os.Environ(), clitest.AsCommand+"=1")
		require.NoError(t, c.Start())
		for limit := time.Now().Add(time.Minute); !come() && time.Now().Before(limit); {
			time.Sleep(time.Millisecond)
		}
		_ = c.Process.Kill() // it may be done, where a moment is short
		_ = c.Wait()         // it was killed
		require.True(t, come(), "moment %d", i)
		if there(night.HistoryFile)() {
			require.LessOrEqual(t, nightsOf(t, dir), 1, "the database is whole, and has the night once")
		}
	}
	require.Equal(t, cli.ExitPass, clitest.Run(ourNight(our, dir)...).Status)
	require.Equal(t, nightTold(t, whole), nightTold(t, dir))
	require.Equal(t, 1, nightsOf(t, dir))
}

// nightsOf is how many nights the history of a folder has.
func nightsOf(t *testing.T, dir string) int {
	h, err := history.Open(filepath.Join(dir, night.HistoryFile))
	require.NoError(t, err)
	defer h.Close()
	nights, err := h.Nights()
	require.NoError(t, err)
	return len(nights)
}

// nightTold is what a night's document says that is the same however long it took.
func nightTold(t *testing.T, dir string) (doc map[string]any) {
	require.NoError(t, json.Unmarshal([]byte(clitest.Read(t, dir, night.ResultFile)), &doc))
	delete(doc, "used_seconds")
	delete(doc, "shares")
	delete(doc["search"].(map[string]any), "took_seconds")
	return doc
}
