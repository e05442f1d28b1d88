package setup_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/setup"
)

// A gateway of both servers that their batches ping is in the cluster, though nobody is known behind it: so check has
// nothing against that ping (H11). One that nobody pings is left out.
func TestAGatewayThatTheBatchesPing(t *testing.T) {
	for target, there := range map[string]bool{"10.90.0.1": true, "10.90.20.15": false} {
		m := exports(t, "works")
		for _, s := range []string{"wk-a", "wk-b"} {
			delete(m, s+"/route.txt")
			replaced(t, m, s+"/arpclear.bat", "10.91.12.50", target)
		}
		made, _ := make2(t, m, "wk-a", "wk-b", setup.Options{})
		bp, problems := load(made)
		require.NotNil(t, bp, problems)
		require.Equal(t, there, len(bp.Routers) == 1)
		require.NotContains(t, problems.Error(), "is no client")
	}
}
