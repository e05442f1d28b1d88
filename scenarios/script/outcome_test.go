package script

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/check"
)

func TestOutcomePassed(t *testing.T) {
	checked := func(id string, v check.Verdict) check.Result { return check.Result{ID: id, Verdict: v} }
	verdict := func(t *testing.T, text string, ok bool) Verdict { return Verdict{Expect: expected(t, text), OK: ok} }
	for _, c := range []struct {
		rule   string
		checks []check.Result
		expect string
		ok     bool
		passed bool
	}{
		{"every check passes or does not apply", []check.Result{checked("P1", check.Pass), checked("P2", check.NotApplicable)}, "", false, true},
		{"one failed check fails", []check.Result{checked("P1", check.Pass), checked("P2", check.Fail)}, "", false, false},
		{"inconclusive is a failure", []check.Result{checked("P1", check.Inconclusive)}, "", false, false},
		{"one failed expectation fails", []check.Result{checked("P1", check.Pass)}, "holder active", false, false},
		{"a finding may fail where it is expected", []check.Result{checked("P4", check.Fail)}, "finding P4", true, true},
		{"another finding may not", []check.Result{checked("P4", check.Fail), checked("P3", check.Fail)}, "finding P4", true, false},
		{"a finding that is not there fails", []check.Result{checked("P4", check.Pass)}, "finding P4", false, false},
		{"`no finding` excuses nothing", []check.Result{checked("P4", check.Fail)}, "no finding P4", true, false},
		{"a refused cluster passes by its expectation alone", nil, "problem Balance", true, true},
		{"nothing judged is not passed", nil, "", false, false},
	} {
		o := &Outcome{Checks: c.checks}
		if c.expect != "" {
			o.Expects = append(o.Expects, verdict(t, c.expect, c.ok))
		}
		require.Equal(t, c.passed, o.Passed(), c.rule)
	}
}

func TestOutcomeExpected(t *testing.T) {
	o := &Outcome{Expects: []Verdict{{Expect: expected(t, "finding P4")}, {Expect: expected(t, "no finding P3")}, {Expect: expected(t, "holder active")}}}
	require.True(t, o.Expected("P4"))
	require.False(t, o.Expected("P3"), "`no finding` expects none")
	require.False(t, o.Expected("P1"))
}
