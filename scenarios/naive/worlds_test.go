package naive_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
	"ipwsim/scenarios/facts"
	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/verb"
)

// Worlds with faults of all kinds: the two agree on what happened in them.
func TestDrawnWorldsAgree(t *testing.T) {
	t.Parallel()
	each(t, 200, func(t *testing.T, seed uint64) {
		p := drawPlan(newSource(seed))
		defer func() {
			if broken := recover(); broken != nil { // it is not the two that disagree: a machine of the world panics
				t.Logf("seed %d:\n%s", seed, p.text(all(len(p.steps))))
				panic(broken)
			}
		}()
		ran, keep := p.run(t, all(len(p.steps)))
		if differences(byReader(ran), byNaive(ran)) == "" {
			return
		}
		fewer := fewest(len(keep), func(some []int) bool {
			try, done := p.run(t, pick(keep, some))
			return len(done) == len(some) && differences(byReader(try), byNaive(try)) != ""
		})
		ran, keep = p.run(t, pick(keep, fewer))
		t.Errorf("seed %d:\n%s\nthe scenario, less what does not matter:\n%s", seed, differences(byReader(ran), byNaive(ran)), p.text(keep))
	})
}

func all(n int) (all []int) {
	for i := range n {
		all = append(all, i)
	}
	return all
}

func pick(from, places []int) (some []int) {
	for _, i := range places {
		some = append(some, from[i])
	}
	return some
}

// run runs the scenario with these of its steps. One that changes nothing is an error: it is left out.
func (p *plan) run(t require.TestingT, keep []int) (*trace.Trace, []int) {
	const head = 3 // lines before the first step
	for {
		s, problems := script.Parse("drawn", []byte(p.text(keep)))
		require.NoError(t, problems.Err(), p.text(keep))
		ran, err := script.Run(context.Background(), s, script.Options{Cluster: clusters})
		if err == nil {
			return ran.Trace, keep
		}
		line := wrongLine(err)
		require.True(t, line > head && line <= head+len(keep), "%v\n%s", err, p.text(keep))
		i := line - head - 1
		keep = slices.Delete(slices.Clone(keep), i, i+1)
	}
}

// Each verb of scenarios is among what is drawn.
func TestAllVerbsAreDrawn(t *testing.T) {
	var text strings.Builder
	for seed := range uint64(1000) {
		p := drawPlan(newSource(seed))
		text.WriteString(p.text(all(len(p.steps))))
	}
	for _, v := range verb.All {
		require.Contains(t, text.String(), " "+v.Name+" ", "nothing draws it")
	}
}

// wrongLine is the line that an error complains of; 0 for none.
func wrongLine(err error) int {
	var wrong diag.List
	if errors.As(err, &wrong) {
		return wrong[0].Line
	}
	return 0
}

// P10: in worlds with faults of all kinds the watcher keeps to its rules.
func TestP10_DrawnWorldsKeepTheRules(t *testing.T) {
	t.Parallel()
	each(t, 200, func(t *testing.T, seed uint64) {
		p := drawPlan(newSource(seed))
		ran, keep := p.run(t, all(len(p.steps)))
		broken := func(tr *trace.Trace) []finding.Finding { return result(facts.Read(tr), "P10").Findings }
		if len(broken(ran)) == 0 {
			return
		}
		fewer := fewest(len(keep), func(some []int) bool {
			try, done := p.run(t, pick(keep, some))
			return len(done) == len(some) && len(broken(try)) > 0
		})
		ran, keep = p.run(t, pick(keep, fewer))
		t.Errorf("seed %d: %+v\nthe scenario, less what does not matter:\n%s", seed, broken(ran), p.text(keep))
	})
}
