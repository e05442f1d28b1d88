package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/words"
	"ipwsim/scenarios/night"
	"ipwsim/scenarios/search"
	"ipwsim/sim/finding"
	"ipwsim/sim/searched"
)

// A search ends with what it has done, on drawn clusters, a shipped one or one's own, and a part of it alone.
func TestSearch(t *testing.T) {
	for want, args := range map[string][]string{
		"Clusters and faults were drawn with seed 5.": {"--cases", "3", "--seed", "5"},
		"4 cases in":  {"--cases", "4", "--workers", "1", "--part", "2"},
		"18 cases in": {"--cases", "17"},
		"Faults were drawn for the cluster offices with seed 1.":     {"--cases", "2", "--cluster", "offices"},
		"Faults were drawn for the cluster our-cluster with seed 1.": {"--cases", "2", "--cluster", ourCluster(t, "", "", "")},
	} {
		got := ipwsim(append([]string{"search"}, args...)...)
		require.Equal(t, exitPass, got.status, got.err+got.out)
		require.Contains(t, oneLine(got.out), want)
		requireColumns(t, got.out)
	}
}

// A search of no case has shown nothing.
func TestASearchOfNoCaseFails(t *testing.T) {
	got := ipwsim("search", "--for", "1ns")
	require.Equal(t, exitFindings, got.status, got.err+got.out)
	require.Contains(t, got.out, "FAIL  no case was run: there was no time for one")
}

// What fails is told in both languages, as the run of its scenario tells it, in a file that fails by itself.
func TestAStoryIsEntitledAndFails(t *testing.T) {
	dir := t.TempDir()
	g, err := findGround("")
	require.NoError(t, err)
	s := &searched.Search{Failures: []searched.Failure{
		{Name: "expect", Kind: "expect failover 1s..2s", Text: "# Found\n# ja: found\n# at 5s; by seed 1\ncluster guide\nping client vip\nat 5s unplug active\nexpect failover 1s..2s\nend 50s\n"},
		{Name: "crash", Check: search.Crash, Kind: "nil map", Text: "# Found\n# ja: found\ncluster guide\n"},
		{Name: "gone", Check: "P3", Kind: "p3.dual", Text: "# Found\n# ja: found\n" + passing},
	}}
	require.NoError(t, g.tell(t.Context(), s, dir))
	first := s.Failures[0]
	require.Regexp(t, `^expect failover 1s..2s; seen: .* s for client$`, first.Title.En)
	require.Regexp(t, `^expect failover 1s..2s / 結果: `, first.Title.Ja)
	begin := "# " + first.Title.En + "\n# ja: " + first.Title.Ja + "\n# at 5s; by seed 1\ncluster guide\n"
	require.True(t, strings.HasPrefix(read(t, filepath.Join(dir, "expect.txtar")), begin))
	require.Equal(t, "ipwsim run "+filepath.Join(dir, "expect.txtar"), first.Rerun)
	require.Equal(t, exitFindings, ipwsim("run", filepath.Join(dir, "expect.txtar")).status)
	require.Equal(t, finding.Phrase{En: "The program crashes: nil map", Ja: "プログラムが異常終了する: nil map"}, s.Failures[1].Title)
	require.Contains(t, s.Failures[2].Title.En, "a defect of ipwsim")
}

func TestSearchLine(t *testing.T) {
	b := &searchBar{meter: meter{Lang: words.English}, shards: 8, done: 2}
	sum := night.NewSum()
	sum.Cases, sum.Probes[search.Probes[0]] = 500, 1
	require.Regexp(t, `^500 cases, 50 a second; probes 1 of \d+; failures 0; 30s left$`, b.line(sum, 10*time.Second))
	b = &searchBar{meter: meter{Lang: words.Japanese}, shards: -1, length: time.Minute}
	require.Regexp(t, `^500 ケース、毎秒 50、プローブ 1 / \d+、失敗 0 件、残り 50s$`, b.line(sum, 10*time.Second))
}
