package scenarios_test

import (
	"context"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/words"
	"ipwsim/scenarios"
	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
)

func cluster(name string) (fs.FS, error) { return fs.Sub(scenarios.Clusters(), name) }

// shipped parses a shipped scenario.
func shipped(t testing.TB, name string) *script.Script {
	t.Helper()
	data, err := scenarios.Read(name)
	require.NoError(t, err)
	s, problems := script.Parse(name+".txtar", data)
	require.Empty(t, problems, "a shipped scenario has no error and no warning")
	return s
}

// TestScenarios runs every shipped scenario: each states by itself what must hold.
func TestScenarios(t *testing.T) {
	for _, name := range scenarios.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := shipped(t, name)
			out, err := script.Run(context.Background(), s, script.Options{Cluster: cluster})
			require.NoError(t, err)
			require.Equal(t, wanted(s), out.Outcome(), "%s\n%s\nrun again: go run ./scenarios/ipwsim run %s --seed %d",
				s.Title.En, complaints(out), name, out.Seed)
		})
	}
}

// wanted is how a shipped scenario ends: as the list of them says.
func wanted(s *script.Script) finding.Outcome {
	if s.ShowsWeakness() {
		return finding.Weakness
	}
	return finding.Well
}

// complaints says what did not hold, a line each.
func complaints(r *finding.Run) string {
	t := words.Teller{Lang: words.English, Facts: r.Facts}
	var lines []string
	for _, o := range r.Objections() {
		lines = append(lines, t.Objection(o))
	}
	return strings.Join(lines, "\n")
}

// resultOf is what the check says of the run.
func resultOf(t require.TestingT, r *finding.Run, id string) *finding.Result {
	for i := range r.Results {
		if r.Results[i].ID == id {
			return &r.Results[i]
		}
	}
	require.Fail(t, "no check", id)
	return nil
}
