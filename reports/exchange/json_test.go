package exchange_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/core/diag"
	"ipwsim/reports/exchange"
	"ipwsim/reports/runtest"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

var sec = runtest.Seconds

// decoded is the document as a script sees it.
func decoded(t require.TestingT, raw []byte) map[string]any {
	var d map[string]any
	require.NoError(t, json.Unmarshal(raw, &d))
	return d
}

// at is what stands at a path of names and numbers: "results 0 seed".
func at(t require.TestingT, doc any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			require.IsType(t, map[string]any{}, doc, p)
			doc = doc.(map[string]any)[p]
		case int:
			require.IsType(t, []any{}, doc, p)
			require.Greater(t, len(doc.([]any)), p)
			doc = doc.([]any)[p]
		}
	}
	return doc
}

func TestJSONHoldsWhatAScriptAsksFor(t *testing.T) {
	pull := runtest.Fresh(t, "cable-pull")
	pull.Seed, pull.Hash, pull.Program = 1<<64-1, "5c1d2a9f30b7", "v1.2.3"
	d := decoded(t, jsonOf(t, pull, runtest.Failing(t), runtest.Scenario(t, "ad-client"), &finding.Run{}))
	require.Equal(t, "result", d["ipwsim"])
	require.EqualValues(t, trace.Version, d["version"])
	require.Equal(t, false, d["passed"])
	require.Equal(t, map[string]any{"total": 4.0, "passed": 1.0, "weakness": 1.0, "failed": 2.0}, d["summary"])
	one := at(t, d, "results", 0)
	for name, want := range map[string]any{
		"scenario": "cable-pull", "file": "cable-pull.txtar", "verdict": "pass", "seed": "18446744073709551615", "hash": "5c1d2a9f30b7",
		"program": "v1.2.3", "cluster": "guide", "virtual_seconds": 110.0, "reasons": []any{}, "title_ja": pull.Title.Ja, "rerun": "ipwsim run cable-pull --seed 1",
	} {
		require.Equal(t, want, at(t, one, name), name)
	}
	require.InDelta(t, 34.02, at(t, one, "worst", "to").(float64)-20, .01)
	require.Equal(t, "the cable of active was pulled (20 s)", at(t, one, "worst", "sentence"))
	require.Equal(t, map[string]any{"kind": "fault", "at": 20.0, "node": "active", "fault": 1.0}, at(t, one, "worst", "cause"))
	require.Equal(t, "standby", at(t, one, "figures", 0, "by"))
	require.Equal(t, 40.0, at(t, one, "figures", 0, "expected", "band", "most"))
	require.Equal(t, "P1", at(t, one, "checks", 0, "id"))
	require.Equal(t, true, at(t, one, "expectations", 0, "ok"))
	require.Equal(t, "34.022 s for client", at(t, one, "expectations", 0, "sentence"))
	require.Equal(t, "unplug", at(t, one, "facts", "faults", 0, "verb"))
}

// Each reason has its kind: an expectation with its line, a check by its verdict, a weakness apart from both.
func TestJSONTellsReasonsApart(t *testing.T) {
	unsure := runtest.Fresh(t, "cable-pull")
	unsure.Results[0] = finding.Result{ID: "P1", Verdict: finding.Inconclusive, Reason: &finding.Note{Kind: "no-data", Because: &finding.Note{Kind: "missing.use"}}}
	d := decoded(t, jsonOf(t, runtest.Failing(t), runtest.Scenario(t, "ad-client"), unsure, &finding.Run{},
		runtest.Scenario(t, "pipe-denied")))
	kinds := func(i int) (all []any) {
		for _, r := range at(t, d, "results", i, "reasons").([]any) {
			require.NotEmpty(t, at(t, r, "sentence"))
			all = append(all, at(t, r, "kind"))
		}
		return all
	}
	require.Equal(t, []any{"expectation", "expectation", "expectation", "fail", "fail", "fail"}, kinds(0))
	require.Equal(t, 7.0, at(t, d, "results", 0, "reasons", 0, "line"))
	require.Equal(t, "weakness", at(t, d, "results", 1, "verdict"))
	require.Equal(t, []any{"weakness", "weakness", "weakness"}, kinds(1), "P8, and both promises of the guide")
	require.Equal(t, []any{"inconclusive"}, kinds(2))
	require.Equal(t, []any{"no data"}, kinds(3))
	require.Equal(t, []any{"weakness"}, kinds(4))
	require.Contains(t, at(t, d, "results", 4, "reasons", 0, "sentence"), "guide 5-10 s: outside")
	require.Nil(t, at(t, d, "results", 3, "facts"))

	alone := decoded(t, jsonOf(t, runtest.Scenario(t, "ad-client")))
	require.Equal(t, true, alone["passed"], "a weakness shown on purpose fails nothing")
}

func TestJSONOfNothingHasNotPassed(t *testing.T) {
	raw := string(jsonOf(t))
	require.Contains(t, raw, `"passed": false`)
	require.Contains(t, raw, `"results": []`)
}

// Mail, and which copies have which fate.
func TestJSONOfMail(t *testing.T) {
	d := decoded(t, jsonOf(t, runtest.Scenario(t, "mail-services-dead"), runtest.Scenario(t, "cable-pull")))
	fates := at(t, d, "results", 0, "fates").(map[string]any)
	sum := 0.0
	for _, f := range finding.Fates {
		sum += fates[string(f)].(float64)
	}
	require.Len(t, fates, len(finding.Fates))
	require.Len(t, at(t, d, "results", 0, "facts", "mail", "copies"), int(sum))
	require.Nil(t, at(t, d, "results", 1, "fates"), "nobody used any")
	require.Nil(t, at(t, d, "results", 1, "facts", "mail"))
}

// Problems of files keep their places.
func TestJSONOfProblems(t *testing.T) {
	r := runtest.Fresh(t, "cable-pull")
	r.Problems = diag.List{{File: "ipwatch.dat", Line: 2, Severity: diag.Warning, Message: "both nodes have Balance 1"}}
	require.Equal(t, map[string]any{"file": "ipwatch.dat", "line": 2.0, "severity": "warning", "message": "both nodes have Balance 1"},
		at(t, decoded(t, jsonOf(t, r)), "results", 0, "problems", 0))
}

// Times are numbers of seconds, exact to the nanosecond, without an exponent.
func TestTimesAreExactNumbers(t *testing.T) {
	for want, d := range map[string]time.Duration{"0": 0, "34.6": sec(34.6), "-30": -30 * time.Second, "0.0000014": 1400, "8640000.000000001": 100*24*time.Hour + 1} {
		var b strings.Builder
		require.NoError(t, exchange.Write(&b, []time.Duration{d}))
		require.Equal(t, "[\n  "+want+"\n]\n", b.String())
	}
}

// Whatever the texts, they come out as they went in, but for bytes that are not UTF-8; and equal runs give equal bytes.
func TestJSONOfAnyTexts(t *testing.T) {
	for _, evil := range []string{"]]>", "\x00\x1b[31m", "<&\"'>", "\r\n\t", "\u202e", "\u2028", "名前"} {
		r := runtest.Fresh(t, "cable-pull")
		r.Scenario, r.Title.En, r.Expectations[0].Text = evil, evil, evil
		one := at(t, decoded(t, jsonOf(t, r)), "results", 0)
		require.Equal(t, []any{evil, evil, evil}, []any{at(t, one, "scenario"), at(t, one, "title"), at(t, one, "expectations", 0, "text")})
	}
	broken := runtest.Fresh(t, "cable-pull")
	broken.Scenario = "a\xffb"
	require.Equal(t, "a\ufffdb", at(t, decoded(t, jsonOf(t, broken)), "results", 0, "scenario"))
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(runtest.Runs(), 0, 2).Draw(t, "runs")
		raw := jsonOf(t, all...)
		require.Equal(t, raw, jsonOf(t, all...))
		require.Len(t, decoded(t, raw)["results"], len(all))
	})
}
