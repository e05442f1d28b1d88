package reports

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

// brokenTwins are the cable pull with one thing changed, each of which must not pass.
var brokenTwins = map[string]func(*Result){
	"no trace":               func(r *Result) { r.Trace = nil },
	"a trace of nothing":     func(r *Result) { r.Trace = &trace.Trace{} },
	"an inconclusive check":  func(r *Result) { r.Checks[2].Verdict = Inconclusive },
	"a failed check":         func(r *Result) { r.Checks[2].Verdict = Fail },
	"a verdict left out":     func(r *Result) { r.Checks[2].Verdict = "" },
	"a verdict nobody knows": func(r *Result) { r.Checks[2].Verdict = "PASS" },
	"a failed expectation":   func(r *Result) { r.Expectations[1].OK = false },
	"an open figure":         func(r *Result) { r.Figures[1].Open = true },
	"a figure too long":      func(r *Result) { r.Figures[0].Value = r.Figures[0].BandMax + 1 },
	"a figure too short":     func(r *Result) { r.Figures[0].Value = r.Figures[0].BandMin - 1 },
	"nothing judged": func(r *Result) {
		r.Expectations = nil
		r.Checks = []Check{{ID: "P7", Verdict: NotApplicable}}
	},
}

func TestOnlyTheWholeTwinPasses(t *testing.T) {
	require.True(t, cablePull().Passed())
	for name, spoil := range brokenTwins {
		t.Run(name, func(t *testing.T) {
			r := cablePull()
			spoil(&r)
			require.False(t, r.Passed())
			requireFailureShown(t, r)
		})
	}
}

func requireFailureShown(t *testing.T, r Result) {
	t.Helper()
	for _, out := range []string{text(t, r, Options{}), suite(t, []Result{r}, Options{})} {
		require.True(t, strings.HasPrefix(out, "FAIL"), out)
		require.NotContains(t, out, "PASS")
		require.Contains(t, out, "- ", "the reason is given")
	}
	require.True(t, strings.HasPrefix(text(t, r, Options{Lang: "ja"}), "失敗"))

	var b bytes.Buffer
	require.NoError(t, JSON(&b, []Result{r}))
	var d Document
	require.NoError(t, json.Unmarshal(b.Bytes(), &d))
	require.False(t, d.Passed)
	require.Equal(t, Fail, d.Results[0].Verdict)
	require.NotEmpty(t, d.Results[0].Reasons)

	b.Reset()
	require.NoError(t, JUnit(&b, []Result{r}))
	require.Contains(t, b.String(), "<failure ")
}

func TestEmptyResultIsNoData(t *testing.T) {
	require.False(t, Result{}.Passed())
	require.Contains(t, text(t, Result{}, Options{}), "no data")
	require.Contains(t, text(t, Result{}, Options{Lang: "ja"}), "データなし")
	requireFailureShown(t, Result{})
}

func TestFigureWithoutPromiseFailsNothing(t *testing.T) {
	r := cablePull()
	r.Figures[0].BandMin, r.Figures[0].BandMax, r.Figures[0].Open = 0, 0, true
	require.True(t, r.Passed())
}

func TestNotApplicableMayBeSpeltOut(t *testing.T) {
	r := cablePull()
	r.Checks[3].Verdict = "not applicable"
	require.True(t, r.Passed())
	require.Equal(t, text(t, cablePull(), Options{}), text(t, r, Options{}))
	r.Checks, r.Expectations = r.Checks[3:], nil
	require.False(t, r.Passed(), "nothing was judged")
}

// A scenario may be there to show that a check fails; it then passes because the check does.
func TestExpectedFailurePasses(t *testing.T) {
	r := cablePull()
	r.Checks[0].Verdict = Fail
	require.False(t, r.Passed())
	r.Checks[0].Expected = true
	require.True(t, r.Passed())
	require.Contains(t, text(t, r, Options{}), r.Checks[0].ID+"  shown")
	r.Checks[0].Verdict = Inconclusive
	require.False(t, r.Passed(), "what could not be judged shows nothing")
}

// A scenario whose cluster is refused, as it expects, runs nothing and passes.
func TestRefusedClusterNeedsNoTrace(t *testing.T) {
	r := Result{Scenario: "vip-is-real", Refused: true, Expectations: []Expectation{{Text: "expect problem W2", OK: true}}}
	require.True(t, r.Passed())
	require.Contains(t, text(t, r, Options{}), "PASS")
	r.Expectations[0].OK = false
	require.False(t, r.Passed())
}
