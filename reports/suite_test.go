package reports

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// slowFailover is the cable pull gone wrong in every way a report has to tell.
func slowFailover() Result {
	r := cablePull()
	r.Scenario = "stp-port"
	r.Title = "The standby's switch port holds frames back for 30 s"
	r.Checks[0].Verdict = Fail
	r.Checks[0].Sentences = []string{"client: 192.168.10.202 was silent from 20.000 s to 75.200 s, 55.200 s."}
	r.Checks[2].Verdict = Inconclusive
	r.Checks[2].Reason = "the network was never whole for 36 s"
	r.Expectations[0] = Expectation{Line: 5, Text: "expect failover 30s..40s", Seen: "55.2 s"}
	r.Figures[0].To, r.Figures[0].Value, r.Figures[0].Silent = sec(75.2), sec(55.2), sec(55.2)
	r.Figures[1].Open, r.Figures[1].Value = true, sec(60)
	r.Warnings = []string{"ipwatch.dat:2: both nodes have Balance 1"}
	return r
}

func suite(t *testing.T, all []Result, opt Options) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, TextSuite(&b, all, opt))
	return b.String()
}

func TestSuiteGolden(t *testing.T) {
	many := cablePull()
	many.Scenario = "two-clients"
	more := many.Figures[0]
	more.Client, more.Value = "client2", sec(36.1)
	many.Figures = append(many.Figures, more)
	loose := cablePull()
	loose.Scenario = "loose"
	loose.Figures = []Figure{{Name: "failover", Value: sec(612.34)}}
	for _, l := range []string{"en", "ja"} {
		all := []Result{cablePull(), slowFailover(), many, loose, {Scenario: "empty"}}
		golden(t, "suite."+l+".txt", suite(t, all, Options{Lang: l}))
	}
}

func TestFailureGolden(t *testing.T) {
	golden(t, "failure.en.txt", text(t, slowFailover(), Options{}))
}

func TestSuiteCounts(t *testing.T) {
	out := suite(t, []Result{cablePull(), slowFailover()}, Options{})
	require.Contains(t, out, "2 scenarios: 1 passed, 1 failed\n")
}

func TestSuiteOfNothingFails(t *testing.T) {
	out := suite(t, nil, Options{})
	require.True(t, strings.HasPrefix(out, "FAIL  no data"), out)
}
