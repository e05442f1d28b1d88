package nights

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/words"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/night"
	"ipwsim/scenarios/script"
	"ipwsim/scenarios/search"
	"ipwsim/sim/finding"
	"ipwsim/sim/searched"
)

// The nights of the tests measure less than others, also those of the command that is started or killed.
func init() { measuredSeeds = 12 }

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

// What a night does in pieces is in smaller ones where it is short.
func TestAShortNightHasSmallParts(t *testing.T) {
	for length, want := range map[time.Duration]int{time.Hour: 250, 10 * time.Minute: 250, time.Minute: 25, 10 * time.Second: 10} {
		p, err := (&nightFlags{length: length}).plan(&ground{})
		require.NoError(t, err)
		require.Equal(t, want, p.Cases, length)
	}
}

func TestNightLine(t *testing.T) {
	b := &nightBar{Meter: cli.Meter{Lang: words.English}}
	require.Equal(t, "scenarios 3 / 100; 1m0s left", b.line(night.Status{Part: "part.scenario", Done: 3, Jobs: 100, Left: time.Minute}))
	require.Equal(t, "building the program with the known bugs; 30s left", b.line(night.Status{Part: "part.build", Left: 30 * time.Second}))
	sum := night.NewSum()
	sum.Cases = 500
	b = &nightBar{Meter: cli.Meter{Lang: words.English}, begun: time.Now().Add(-10 * time.Second), cases: 250}
	require.Regexp(t, `^500 cases, 2[45] a second.* 1m0s left$`, b.line(night.Status{Part: "part.search", Sum: sum, Left: time.Minute}), "the first shard took time, too")
}

// What fails is told in both languages, as the run of its scenario tells it, in a file that fails by itself.
func TestAStoryIsEntitledAndFails(t *testing.T) {
	dir := t.TempDir()
	g, err := findGround("")
	require.NoError(t, err)
	s := &searched.Search{Failures: []searched.Failure{
		{Name: "expect", Kind: "expect failover 1s..2s", Text: "# Found\n# ja: found\n# at 5s; by seed 1\ncluster guide\nping client vip\nat 5s unplug active\nexpect failover 1s..2s\nend 50s\n"},
		{Name: "crash", Check: search.Crash, Kind: "nil map", Text: "# Found\n# ja: found\ncluster guide\n"},
		{Name: "gone", Check: "P3", Kind: "p3.dual", Text: "# Found\n# ja: found\n" + "cluster guide\nping client vip\nend 5s\n"},
	}}
	require.NoError(t, g.tell(t.Context(), s, dir))
	first := s.Failures[0]
	require.Regexp(t, `^expect failover 1s..2s; seen: .* s for client$`, first.Title.En)
	require.Regexp(t, `^expect failover 1s..2s / 結果: `, first.Title.Ja)
	begin := "# Found by the search: " + first.Title.En + "\n# ja: 探索で見つかった: " + first.Title.Ja + "\n# at 5s; by seed 1\ncluster guide\n"
	data, err := os.ReadFile(filepath.Join(dir, "expect.txtar"))
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(data), begin))
	require.Equal(t, "ipwsim run "+filepath.Join(dir, "expect.txtar"), first.Rerun)
	again, problems := script.Parse("expect.txtar", data)
	require.NoError(t, problems.Err())
	run, err := script.Run(t.Context(), again, script.Options{Cluster: g.Find})
	require.NoError(t, err)
	require.Equal(t, finding.Bad, run.Outcome(), "it fails by itself")
	require.Equal(t, finding.Phrase{En: "The program crashes: nil map", Ja: "プログラムが異常終了する: nil map"}, s.Failures[1].Title)
	require.Contains(t, s.Failures[2].Title.En, "a defect of ipwsim")
}

func TestSearchLine(t *testing.T) {
	b := &searchBar{Meter: cli.Meter{Lang: words.English}, shards: 8, done: 2}
	sum := night.NewSum()
	sum.Cases, sum.Probes[search.Probes[0]] = 500, 1
	require.Regexp(t, `^500 cases, 50 a second; probes 1 of \d+; failures 0; 30s left$`, b.line(sum, 10*time.Second))
	b = &searchBar{Meter: cli.Meter{Lang: words.Japanese}, shards: -1, length: time.Minute}
	require.Regexp(t, `^500 ケース、毎秒 50、プローブ 1 / \d+、失敗 0 件、残り 50s$`, b.line(sum, 10*time.Second))
}
