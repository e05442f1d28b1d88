package nightpage

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/runtest"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/searched"
)

// bad is a night with something of everything, and names that would like to be more than names.
func bad() *searched.Night {
	return &searched.Night{
		Program: "ipwsim devel", Begun: time.Date(2026, 11, 29, 1, 0, 0, 0, time.UTC), Length: time.Hour, Used: time.Hour, Workers: 2,
		Again: "ipwsim nightly --for 1h --seed 7 -o new-folder", Since: "2026-11-28T01:00:00Z",
		Search: &searched.Search{
			Seed: 7, Cases: 30_000, Probes: []searched.Count{{Name: "pair held/off", Count: 3}, {Name: "reason gone"}},
			Safety: []searched.Count{{Name: "a node's firewall drops echo requests (H8)", Count: 9}},
			Failures: []searched.Failure{{
				Name: "p3-dual", Check: "P3", Title: finding.Phrase{En: "Both hold it <script>", Ja: "両方が保持 <script>"}, New: true,
				Text: "# x\n# ja: y\ncluster guide\nat 5s unplug \"<b>\"\n", Rerun: "ipwsim run stories/p3-dual.txtar",
			}},
			Broken: []searched.Broken{{Shard: 4, Error: "a worker died", Rerun: "ipwsim search --part 4"}},
		},
		Scenarios:  []searched.Scenario{{Name: "cable-pull", Outcome: finding.Well}, {Name: "worse", Outcome: finding.Bad, Reasons: []finding.Phrase{{En: "it took 3 s", Ja: "3 秒かかった"}}}},
		Explored:   runtest.Explored(),
		Unexplored: 1,
		Shares:     runtest.Shares(),
		Benches:    []searched.Bench{{Name: "cable-pull", Time: 12 * time.Millisecond, Floor: 8 * time.Millisecond}},
		Bugs: []searched.Bug{
			{Name: "deaf", Kind: "host", Tried: true, Caught: true, Check: "P1", Cases: 12, Took: 3 * time.Second},
			{Name: "blind", Kind: "watcher", Tried: true, Cases: 3000, Took: 90 * time.Second}, {Name: "late", Kind: "mail"},
		},
		Fuzz: []searched.Fuzz{{Package: "./core/table", Target: "FuzzParse", Failed: true, Output: "panic: x"}}, Targets: 18,
	}
}

// textsOf are those of the night's page.
func textsOf(t *testing.T, n *searched.Night, l words.Lang) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, Write(&b, n, l))
	return runtest.Read(t, b.String())
}

// The page has what failed first, with the scenario and the command to run it again; then what was searched, the known
// bugs, and the probes.
func TestThePageHasItsParts(t *testing.T) {
	for lang, parts := range map[words.Lang][]string{
		words.English: {"FAIL", "problems found: 2; shipped scenarios that failed: 1", "New since", "What failed", "Both hold it <script>", "new", "ipwsim run stories/p3-dual.txtar",
			"the scenario", `at 5s unplug "<b>"`, "part 4 was not done: a worker died", "ipwsim search --part 4", "30000 cases", "a node's firewall drops", "Known bugs", "caught", "deaf", "P1",
			"not caught", "blind", "3000", "not tried", "late", "worse", "it took 3 s", "All that can happen", "3 clusters; 1 hold.", "holds", "2319880", "breaks", "P3: They clash, after 1 departures and 9 s", "ipwsim explore --interval 3", "end 9s", "not decided",
			"FuzzParse", "panic: x", "cable-pull: 1.5 times its floor", "Time", "700.0", "9.7 %", "known bugs", "6000.0", "Probes", "reason gone", "--seed 7 -o new-folder"},
		words.Japanese: {"失敗", "見つかった問題", "両方が保持 <script>", "新規", "ノードのファイアウォール", "既知のバグ", "検出", "検出できず", "未試行", "3 秒かかった", "網羅探索", "衝突する", "時間の内訳", "プローブ"},
	} {
		text := textsOf(t, bad(), lang)
		at := 0
		for _, part := range parts {
			i := strings.Index(text[at:], part)
			require.GreaterOrEqual(t, i, 0, "%q after\n%s", part, text[:at])
			at += i
		}
	}
}

// A night that found nothing says so.
func TestThePageOfAQuietNight(t *testing.T) {
	quiet := &searched.Night{Search: &searched.Search{Cases: 250, Probes: []searched.Count{{Name: "pair held/off", Count: 3}}}, NoBugs: "known bugs are not tried: there was no time to build them"}
	text := textsOf(t, quiet, words.English)
	require.Contains(t, text, "A night of search: nothing was found")
	require.Contains(t, text, "known bugs are not tried: there was no time to build them")
	require.NotContains(t, text, "What failed")
}
