package main

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
	"ipwsim/reports/words"
	"ipwsim/scenarios/night"
)

// The nights of the tests measure less than others, also those of the command that is started or killed.
func init() { measuredSeeds = 12 }

// ourNight are the arguments of a small night on our cluster, which is all in a search.
func ourNight(cluster, dir string, more ...string) []string {
	return append([]string{"nightly", "--for", "1h", "--cases", "16", "--seed", "9", "--cluster", cluster, "-o", dir}, more...)
}

// A night on one's own cluster leaves its reports, which say the same when the command is given again; the next night in
// the folder is held against it.
func TestANight(t *testing.T) {
	our, dir := ourCluster(t, "", "", ""), filepath.Join(t.TempDir(), "night")
	got := ipwsim(ourNight(our, dir)...)
	require.Equal(t, exitPass, got.status, got.err+got.out)
	requireColumns(t, strings.ReplaceAll(got.out, dir, "night"))
	require.Contains(t, oneLine(got.out), "16 cases in")
	require.Contains(t, oneLine(got.out), "Faults were drawn for the cluster our-cluster with seed 9.")
	require.Contains(t, oneLine(got.out), "known bugs are not tried: the night is of one cluster only")
	require.NotContains(t, got.out, "New since")

	valid := runtest.Schema(t, []byte(ipwsim("schema", "nightly").out), true)
	require.Equal(t, string(exchange.NightSchema), ipwsim("schema", "nightly").out)
	require.NoError(t, valid([]byte(contents(t, dir, night.ResultFile))))
	require.NoError(t, xml.Unmarshal([]byte(contents(t, dir, night.JUnitFile)), new(any)))
	require.Contains(t, contents(t, dir, night.PageFile), night.HistoryPage)
	require.Contains(t, contents(t, dir, night.HistoryPage), "<svg")
	require.Contains(t, contents(t, dir, night.PageFile), "ipwsim nightly --for 1h0m0s --seed 9 -o new-folder")

	again := ipwsim(ourNight(our, dir, "--lang", "ja")...)
	require.Equal(t, exitPass, again.status)
	require.Contains(t, again.out, "16 ケースを")

	next := ipwsim(ourNight(our, dir, "--seed", "10")...)
	require.Equal(t, exitPass, next.status, next.err)
	require.Contains(t, next.out, "New since")
	other := filepath.Join(t.TempDir(), "other")
	since := ipwsim(ourNight(our, other, "--since", dir)...)
	require.Contains(t, since.out, "New since")
}

// A machine does its part of the search and reports nothing, as a task of Slurm's too; who comes last reports all.
func TestMachinesDoTheirPartsOfANight(t *testing.T) {
	our, dir := ourCluster(t, "", "", ""), filepath.Join(t.TempDir(), "night")
	require.Equal(t, said{}, ipwsim(ourNight(our, dir, "--shard", "1/2")...))
	self, err := os.Executable()
	require.NoError(t, err)
	task := exec.Command("../study/launch/slurm.sh", ourNight(our, dir)...)
	task.Env = append(os.Environ(), asCommand+"=1", "IPWSIM="+self, "SLURM_ARRAY_TASK_ID=2", "SLURM_ARRAY_TASK_COUNT=2")
	out, err := task.CombinedOutput()
	require.NoError(t, err, string(out))
	require.Empty(t, out)
	log := contents(t, night.ShardDir(dir, 2, 2), night.LogFile)
	require.Equal(t, 4, strings.Count(log, `"key":"search `), "of 8")
	require.NoFileExists(t, filepath.Join(dir, night.ResultFile))
	got := ipwsim(ourNight(our, dir)...)
	require.Equal(t, exitPass, got.status, got.err)
	require.Contains(t, got.out, "16 cases in")
	require.Contains(t, ipwsim(ourNight(our, dir, "--shard", "3/2")...).err, `--shard: found "3/2", expected i/n with i from 1 to n`)
}

// The seed of a night is that of its date, unless it is given.
func TestTheSeedOfANightIsOfItsDate(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1795910400") // 2026-11-29
	f := nightFlags{}
	p, err := f.plan(&ground{})
	require.NoError(t, err)
	require.EqualValues(t, 20261129, p.Seed)
	f.seed, f.seedSet = 7, true
	p, err = f.plan(&ground{})
	require.NoError(t, err)
	require.EqualValues(t, 7, p.Seed)
}

// A night that is killed ten times goes on with the same command, and ends as one that was not: after each of its shards,
// and while it writes its history and its reports, of which none is ever half there.
func TestANightThatIsKilledTenTimesGoesOn(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1795910400")
	our, dir, whole := ourCluster(t, "", "", ""), filepath.Join(t.TempDir(), "night"), filepath.Join(t.TempDir(), "whole")
	require.Equal(t, exitPass, ipwsim(ourNight(our, whole)...).status)
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
		there(night.PlanFile), shards(1), shards(2), shards(4), shards(6), shards(8), there(historyFile), there(historyFile),
		there(night.PageFile), there(night.JUnitFile),
	}
	for i, come := range moments {
		c := exec.Command(self, ourNight(our, dir, "--workers", "1")...)
		c.Env = append(os.Environ(), asCommand+"=1")
		require.NoError(t, c.Start())
		for limit := time.Now().Add(time.Minute); !come() && time.Now().Before(limit); {
			time.Sleep(time.Millisecond)
		}
		_ = c.Process.Kill() // it may be done, where a moment is short
		_ = c.Wait()         // it was killed
		require.True(t, come(), "moment %d", i)
		if there(historyFile)() {
			nights, err := readHistory([]string{dir})
			require.NoError(t, err, "the database is whole")
			require.LessOrEqual(t, len(nights), 1, "and has the night once")
		}
	}
	require.Equal(t, exitPass, ipwsim(ourNight(our, dir)...).status)
	require.Equal(t, nightTold(t, whole), nightTold(t, dir))
	nights, err := readHistory([]string{dir})
	require.NoError(t, err)
	require.Len(t, nights, 1)
}

// nightTold is what a night's document says that is the same however long it took.
func nightTold(t *testing.T, dir string) (doc map[string]any) {
	require.NoError(t, json.Unmarshal([]byte(contents(t, dir, night.ResultFile)), &doc))
	delete(doc, "used_seconds")
	delete(doc, "shares")
	delete(doc["search"].(map[string]any), "took_seconds")
	return doc
}

func TestNightLine(t *testing.T) {
	b := &nightBar{meter: meter{Lang: words.English}}
	require.Equal(t, "scenarios 3 / 100; 1m0s left", b.line(night.Status{Part: "part.scenario", Done: 3, Jobs: 100, Left: time.Minute}))
	require.Equal(t, "building the program with the known bugs; 30s left", b.line(night.Status{Part: "part.build", Left: 30 * time.Second}))
	sum := night.NewSum()
	sum.Cases = 500
	require.Regexp(t, `^500 cases, .* 1m0s left$`, b.line(night.Status{Part: "part.search", Sum: sum, Before: 250, Left: time.Minute}))
}
