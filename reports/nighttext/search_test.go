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

// twoFound is a search that found a failure, and a part that could not be done.
func twoFound() *searched.Search {
	return &searched.Search{
		Seed: 7, Cases: 2000, Runs: 2204, Twice: 100, Failed: 31, Virtual: 90 * time.Hour, Took: 40 * time.Second,
		Probes: []searched.Count{{Name: "pair held/off", Count: 3}, {Name: "pair off/releasing"}, {Name: "reason gone", Count: 1}},
		Safety: []searched.Count{{Name: "a node's firewall drops echo requests (H8)", Count: 61}, {Name: "a router answers for addresses that are not its own (N7)", Count: 4}},
		Failures: []searched.Failure{{
			Name: "p3-dual", Check: "P3", Kind: "p3.dual", At: 12 * time.Second, Shard: 3, Case: 812, Faults: 2, Shards: 5,
			Title: finding.Phrase{En: "P3: active and standby held 192.168.10.202 for 4.1 s", Ja: "P3: active と standby が 192.168.10.202 を 4.1 秒保持"},
			Text:  "# P3\ncluster guide\nat 5s unplug active\n",
		}},
		Broken: []searched.Broken{{Shard: 6, Error: "a worker died 3 times", Rerun: "ipwsim search --seed 7 --part 6 --cases 250"}},
	}
}

func TestASearchIsTold(t *testing.T) {
	found, filed, none := twoFound(), twoFound(), twoFound()
	filed.Failures[0].Rerun = "ipwsim run found/p3-dual.txtar"
	filed.Cluster = "our-cluster"
	none.Failures, none.Broken, none.Safety = nil, nil, nil
	none.Probes[1].Count = 1
	for name, s := range map[string]*searched.Search{"found": found, "filed": filed, "none": none} {
		for _, lang := range []words.Lang{words.English, words.Japanese} {
			var b bytes.Buffer
			require.NoError(t, Search(&b, s, term.Options{Lang: lang}))
			runtest.Harmless(t, b.String(), 80)
			golden.Hold(t, "testdata/"+strings.Join([]string{name, lang.Code(), "txt"}, "."), b.String())
		}
	}
}
