package scenarios_test

import (
	"context"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/scenarios/script"
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
			if !out.Passed() {
				t.Errorf("%s\n%s\nrun again: go run ./scenarios/ipwsim run %s --seed %d", s.Title, complaints(out), name, out.Seed)
			}
		})
	}
}

// complaints says what did not hold, a line each.
func complaints(out *script.Outcome) string {
	var lines []string
	for _, v := range out.Expects {
		if !v.OK {
			lines = append(lines, v.Expect.Text()+"; seen: "+v.Seen)
		}
	}
	for _, c := range out.Checks {
		for _, f := range c.Findings {
			lines = append(lines, c.ID+": "+f.Sentence)
		}
		if len(c.Findings) == 0 && c.Verdict == "inconclusive" {
			lines = append(lines, c.ID+" is inconclusive: "+c.Reason)
		}
	}
	return strings.Join(lines, "\n")
}
