package script

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
)

// A scenario for any cluster names clients by their roles; who plays them the cluster says.
func TestRolesArePlayedByTheClustersClients(t *testing.T) {
	const text = "# t\ncluster any\nping each client vip\nat 20s unplug any client\nexpect answered each client\n" +
		"expect no outage for any client\nexpect log active any client\nend 40s\n"
	s, problems := Parse("t.txtar", []byte(text))
	require.Empty(t, problems)
	require.Contains(t, s.Format(), "at 0s ping each client vip\nat 20s unplug any client\nexpect answered each client\nexpect no outage for any client\nexpect log active any client\n")
	for cluster, want := range map[string][]string{
		"guide":   {"ping client vip", "unplug client", "expect answered client", "expect no outage for client", "expect log active any client"},
		"offices": nil,
	} {
		s.Cluster = cluster
		bp, _, err := s.blueprint(shippedCluster, "")
		require.NoError(t, err)
		played, err := s.cast(bp)
		require.NoError(t, err)
		require.NoError(t, played.checkNames(bp))
		require.Len(t, played.Steps, len(bp.Clients)+1)
		require.Len(t, played.Expects, len(bp.Clients)+2)
		if want == nil {
			continue
		}
		var got []string
		for _, st := range played.Steps {
			got = append(got, st.Call.String())
		}
		for _, e := range played.Expects {
			got = append(got, e.Text)
		}
		require.Equal(t, want, got)
	}
}

// Played without another cluster it is the guide's; a saved run is judged again in the same roles.
func TestAnyClusterIsTheGuidesUnlessAnotherIsGiven(t *testing.T) {
	s, problems := Parse("t.txtar", []byte("# t\ncluster any\nping each client vip\nat 20s unplug active\nexpect answered each client\n"))
	require.Empty(t, problems)
	run, err := Run(t.Context(), s, Options{Cluster: shippedCluster})
	require.NoError(t, err)
	require.Equal(t, "guide", run.Trace.Header.Cluster)
	again, err := Judge(s, shippedCluster, run.Played)
	require.NoError(t, err)
	require.Equal(t, finding.Well, again.Outcome())
	require.Equal(t, "expect answered client", again.Expectations[len(again.Expectations)-1].Text)
	require.True(t, strings.HasPrefix(s.Format(), "# t\ncluster any\n"))
}
