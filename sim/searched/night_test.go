package searched

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
)

// What a night comes to: each thing that fails fails it, and what it did not see, or had no time for, is a weakness.
func TestTheOutcomeOfANight(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*Night)
		want  finding.Outcome
	}{
		"nothing":                    {func(*Night) {}, finding.Well},
		"a failure":                  {func(n *Night) { n.Search.Failures = make([]Failure, 1) }, finding.Bad},
		"a part not done":            {func(n *Night) { n.Search.Broken = make([]Broken, 1) }, finding.Bad},
		"no case":                    {func(n *Night) { n.Search.Cases = 0 }, finding.Bad},
		"a probe never reached":      {func(n *Night) { n.Search.Probes = []Count{{"x", 0}} }, finding.Bad},
		"a scenario that fails":      {func(n *Night) { n.Scenarios = []Scenario{{Outcome: finding.Bad}} }, finding.Bad},
		"a target that fails":        {func(n *Night) { n.Fuzz = []Fuzz{{Failed: true}} }, finding.Bad},
		"what breaks":                {func(n *Night) { n.Explored = []Explored{{Complete: true, Rule: "P3"}} }, finding.Bad},
		"what was cut off":           {func(n *Night) { n.Explored = []Explored{{}} }, finding.Bad},
		"what holds":                 {func(n *Night) { n.Explored = []Explored{{Complete: true}} }, finding.Well},
		"a bug not caught":           {func(n *Night) { n.Bugs = []Bug{{Tried: true}} }, finding.Weakness},
		"a bug not tried":            {func(n *Night) { n.Bugs = []Bug{{}} }, finding.Weakness},
		"a bug caught":               {func(n *Night) { n.Bugs = []Bug{{Tried: true, Caught: true}} }, finding.Well},
		"no time for a scenario":     {func(n *Night) { n.Unrun = 1 }, finding.Weakness},
		"no time for an exploration": {func(n *Night) { n.Unexplored = 1 }, finding.Weakness},
	} {
		n := &Night{Search: &Search{Cases: EnoughCases}}
		c.spoil(n)
		require.Equal(t, c.want, n.Outcome(), name)
	}
}
