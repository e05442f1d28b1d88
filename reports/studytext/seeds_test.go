package studytext_test

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/runtest"
	"ipwsim/reports/studytext"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/studied"
)

func seedsText(t *testing.T, opt term.Options, all ...*studied.Seeds) string {
	t.Helper()
	text := written(t, func(w io.Writer) error { return studytext.Seeds(w, all, opt) })
	require.NotRegexp(t, `seeds\.[a-z]`, text, "every text is there")
	runtest.Harmless(t, text, 80)
	return text
}

// The text says how figures spread, what the limits came to, why seeds failed, and which seed is worst.
func TestSeeds(t *testing.T) {
	text := seedsText(t, term.Options{}, runtest.Seeds())
	for _, line := range []string{
		"FAIL  made-up",
		"      A title",
		"      998 seeds (1..999,18446744073709551615): 900 PASS, 90 WEAK, 7 FAIL, 1",
		"      could not be run; interrupted, 1000 were asked for",
		"  PASS  line 7: expect failover p99 < 37s",
		"        p99 is 36.8 s (36.6-37.2) of 998 seeds; not sure: its interval reaches",
		"        max is >90.0 s of 998 seeds",
		"        no seed has such a time",
		"  FAIL  nothing was judged: 3 seeds, the first is 17",
		"  WEAK  failover longer than promised: 3 seeds, the first is 17",
		"  17: FAIL, longest silence >90.0 s",
		"  run: ipwsim run made-up --seed 17",
		"In 1 seeds it was not over when the run ended: > is a lower bound.",
		"... and 6 more clients and VIPs: --full, --json or --html shows them",
	} {
		require.Contains(t, text, line+"\n")
	}
	require.Regexp(t, `(?m)^failover +4 +31\.2 +34\.1 +36\.8 +37\.2 +>90\.0\n +33\.9-34\.3 +36\.5-\n`, text)
	require.NotContains(t, seedsText(t, term.Options{Full: true}, runtest.Seeds()), "more clients")
	require.Contains(t, seedsText(t, term.Options{Lang: words.Japanese}, runtest.Seeds()), "      題名\n")
	seedsText(t, term.Options{Width: 40}, runtest.Seeds())
}

func TestSeedsThatHold(t *testing.T) {
	well := &studied.Seeds{Scenario: "a", Asked: "1..2", Total: 2, Done: 2, Passed: 2, Worst: &studied.WorstSeed{Seed: "1", Outcome: finding.Well, Rerun: "x"}}
	require.True(t, strings.HasPrefix(seedsText(t, term.Options{}, well), "PASS  a\n"))
	weak := *well
	weak.Passed, weak.Weak = 1, 1
	text := seedsText(t, term.Options{}, &weak, well)
	require.True(t, strings.HasPrefix(text, "WEAK  a\n"))
	require.Contains(t, text, "Nobody was left waiting, and nothing was measured.")
	require.Contains(t, text, "\n\nPASS  a\n")
}
