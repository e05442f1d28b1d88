package script

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/check"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// A check that the scenario expects to fail is a weakness that it shows; any other failure is one.
func TestOutcome(t *testing.T) {
	late, well := failsOver(45).end(100), failsOver(34).end(100) // fails P1, P4 and P8; fails none
	for _, c := range []struct {
		rule    string
		expects string
		trace   *trace.Trace
		want    finding.Outcome
	}{
		{"every check passes or does not apply", "", well, finding.Well},
		{"one failed check fails", "", late, finding.Bad},
		{"inconclusive is a failure", "expect holder none\n", guide().at(99).unplug("active").holds("active", trace.Absent).end(100), finding.Bad},
		{"one failed expectation fails", "expect holder standby\n", well, finding.Bad},
		{"findings may fail where they are expected", "expect finding P1\nexpect finding P4\nexpect finding P8\n", late, finding.Weakness},
		{"another finding may not", "expect finding P1\nexpect finding P4\n", late, finding.Bad},
		{"a finding that is not there fails", "expect finding P4\n", well, finding.Bad},
		{"`no finding` excuses nothing", "expect no finding P4\n", late, finding.Bad},
		{"a run without records is none", "expect holder none\n", &trace.Trace{}, finding.Bad},
	} {
		s, problems := Parse("case.txtar", []byte("# Title\ncluster guide\n"+c.expects))
		require.NoError(t, problems.Err())
		run := s.judge(nil, finding.Played{Trace: c.trace})
		require.Equal(t, c.want, run.Outcome(), c.rule)
		require.Equal(t, c.want == finding.Bad, len(run.Objections()) > 0, c.rule)
	}
}

func TestOutcomeOfARefusedCluster(t *testing.T) {
	s := parse(t, "# Title\ncluster guide\nexpect problem is the real address\n"+realVIP)
	run, err := Run(t.Context(), s, Options{Cluster: shippedCluster})
	require.NoError(t, err)
	require.True(t, run.Refused)
	require.Equal(t, finding.Well, run.Outcome(), "a refused cluster passes by its expectation alone")
}

// Only what `expect finding` names is expected, and only that.
func TestExpectedFindingsAreMarked(t *testing.T) {
	s := parse(t, "# Title\ncluster guide\nexpect finding P4\nexpect no finding P3\nexpect holder active\n")
	run := s.judge(nil, finding.Played{Trace: guide().end(100)})
	require.Len(t, run.Results, len(check.Checks))
	for _, r := range run.Results {
		require.Equal(t, r.ID == "P4", r.Expected, r.ID)
	}
}

// The faults of a run have their words, which are the vocabulary's.
func TestFaultsHaveTheirWords(t *testing.T) {
	run := parse(t, "# Title\ncluster guide\n").judge(nil, finding.Played{Trace: failsOver(34).end(100)})
	require.Len(t, run.Facts.Faults, 1)
	require.Equal(t, "the cable of {target} was pulled", run.Facts.Faults[0].Said.En)
	require.NotEmpty(t, run.Facts.Faults[0].Said.Ja)
}
