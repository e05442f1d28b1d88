package naive_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/facts"
	"ipwsim/scenarios/naive"
	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// played is the trace of a scenario on a shipped cluster.
func played(t *testing.T, text string) *trace.Trace {
	t.Helper()
	s, problems := script.Parse("typed", []byte("# typed\n"+text))
	require.NoError(t, problems.Err())
	run, err := script.Run(context.Background(), s, script.Options{Cluster: clusters})
	require.NoError(t, err)
	require.Empty(t, differences(byReader(run.Trace), byNaive(run.Trace)))
	return run.Trace
}

// H18: for both an address that is typed away is the cause of what follows, as the verb's is.
func TestH18_TypedNetshIsTheCause(t *testing.T) {
	for _, line := range []string{"delete-address active", "type active netsh interface ip delete address イーサネット 192.168.10.202"} {
		ran := played(t, "cluster guide\nping client vip\nat 20s "+line+"\nend 100s\n")
		for _, uses := range [][]finding.Use{facts.Read(ran).Uses, naive.Read(ran).Uses()} {
			require.NotEmpty(t, uses[0].Outages)
			cause := uses[0].Outages[0].Cause
			require.Equal(t, finding.ByFault, cause.Kind)
			require.Equal(t, 1, cause.Fault)
			require.Equal(t, "active", cause.Node)
		}
	}
}
