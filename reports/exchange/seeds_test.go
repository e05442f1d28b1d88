package exchange_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/exchange"
	"ipwsim/reports/runtest"
	"ipwsim/sim/studied"
)

func seedsJSON(t *testing.T, all ...*studied.Seeds) string {
	var b bytes.Buffer
	require.NoError(t, exchange.SeedsJSON(&b, all))
	return b.String()
}

func TestDocumentsOfSeedsAreValid(t *testing.T) {
	strict := runtest.Schema(t, exchange.SeedsSchema, true)
	doc := seedsJSON(t, runtest.Seeds())
	for _, d := range []string{doc, seedsJSON(t), seedsJSON(t, &studied.Seeds{})} {
		require.NoError(t, strict([]byte(d)), d)
		require.Contains(t, d, `"passed": false`, "what did not run has not passed")
	}
	require.Contains(t, seedsJSON(t, &studied.Seeds{Total: 1, Done: 1, Passed: 1}), `"passed": true`)
	for what, change := range map[string][2]string{
		"another kind":     {`"ipwsim": "seeds"`, `"ipwsim": "result"`},
		"a seed in number": {`"seed": "17"`, `"seed": 17`},
		"a cause unnamed":  {`"kind": "undecided"`, `"kind": "mood"`},
		"another figure":   {`"name": "silence"`, `"name": "noise"`},
	} {
		require.Contains(t, doc, change[0], what)
		require.Error(t, strict([]byte(strings.Replace(doc, change[0], change[1], 1))), what)
	}
}

// A build server sees a case for all seeds of a scenario, and one for each limit.
func TestJUnitOfSeeds(t *testing.T) {
	var b bytes.Buffer
	well := &studied.Seeds{Scenario: "well", Asked: "1..2", Total: 2, Done: 2, Passed: 2}
	require.NoError(t, exchange.SeedsJUnit(&b, []*studied.Seeds{runtest.Seeds(), well}))
	s := parse(t, b.String())
	require.Equal(t, []int{5, 3}, []int{s.Tests, s.Failures})
	all := s.Suites[0].Testcases
	require.Equal(t, []string{"made-up", "seeds"}, []string{all[0].Classname, all[0].Name})
	require.Contains(t, all[0].Failure.Data, "FAIL line 5: expect holder active: 3 seeds, the first is 17\n    run: ipwsim run made-up --seed 17\n")
	require.Contains(t, all[0].Failure.Data, "The worst seed 17: FAIL")
	require.Nil(t, all[1].Failure)
	require.Equal(t, "limit", all[2].Failure.Type)
	require.Equal(t, "no seed has such a time", all[3].Failure.Data)
	require.Nil(t, s.Suites[1].Testcases[0].Failure)

	b.Reset()
	require.NoError(t, exchange.SeedsJUnit(&b, nil))
	require.Equal(t, 1, parse(t, b.String()).Failures, "nothing run is no success")
}
