package nighttext

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core/golden"
	"ipwsim/reports/runtest"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/searched"
)

// A night is told with all that failed, what is new, what the search did not see, and what there was no time for.
func TestANightIsTold(t *testing.T) {
	s := twoFound()
	s.Failures[0].Rerun, s.Failures[0].New = "ipwsim run stories/p3-dual.txtar", true
	bad := &searched.Night{
		Begun: time.Date(2026, 11, 29, 1, 0, 0, 0, time.UTC), Length: time.Hour, Used: 3599 * time.Second, Workers: 2, Since: "2026-11-28T01:00:00Z",
		Search: s, Gone: []string{"p1-late"}, Unrun: 2, Targets: 18,
		Scenarios:  []searched.Scenario{{Name: "cable-pull", Outcome: finding.Well}, {Name: "ad-client", Outcome: finding.Weakness}, {Name: "worse", Outcome: finding.Bad, Reasons: []finding.Phrase{{En: "it took 3 s", Ja: "3 秒かかった"}}}},
		Explored:   runtest.Explored(),
		Unexplored: 1,
		Shares:     runtest.Shares(),
		Benches:    []searched.Bench{{Name: "cable-pull", Time: 12 * time.Millisecond, Floor: 8 * time.Millisecond}},
		Bugs: []searched.Bug{
			{Name: "deaf", Tried: true, Caught: true, Check: "P1", Cases: 12, Took: 3 * time.Second},
			{Name: "blind", Title: finding.Phrase{En: "It sees no answer.", Ja: "応答を見ない。"}, Tried: true, Cases: 3000, Took: 90 * time.Second}, {Name: "late"},
		},
		Fuzz: []searched.Fuzz{{Package: "./core", Target: "FuzzStep"}, {Package: "./core/table", Target: "FuzzParse", Failed: true}},
	}
	none := twoFound()
	none.Failures, none.Broken, none.Probes[1].Count = nil, nil, 5
	well := &searched.Night{Begun: bad.Begun, Length: time.Minute, Used: time.Minute, Workers: 1, Search: none, NoBugs: "known bugs are not tried: the night is of one cluster only", NoFuzz: "there is no Go toolchain"}
	for name, n := range map[string]*searched.Night{"night-bad": bad, "night-well": well} {
		for _, lang := range []words.Lang{words.English, words.Japanese} {
			var b bytes.Buffer
			require.NoError(t, Night(&b, n, term.Options{Lang: lang}))
			runtest.Harmless(t, b.String(), 80)
			golden.Hold(t, "testdata/"+strings.Join([]string{name, lang.Code(), "txt"}, "."), b.String())
		}
	}
}
