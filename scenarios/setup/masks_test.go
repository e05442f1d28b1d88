package setup_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/setup"
)

// Servers with different masks make a cluster that can be played (H20): each has its own, and all others the one that the
// files speak for, whichever server has it. A mask that is too narrow lacks neighbours of the other server's, and its
// server's gateway is there for them; one that is too wide has routes over the gateway in it.
func TestMasksThatDiffer(t *testing.T) {
	const narrow, wide, right = "255.255.255.240", "255.255.0.0", "255.255.255.0"
	for name, c := range map[string]struct {
		folder, mask, route string
		active, standby     string
		routers             int
	}{
		"the standby's is narrow": {"HBMAIL2", narrow, "", "172.30.8.11/24", "172.30.8.12/28", 1},
		"the active's is narrow":  {"HBMAIL1", narrow, "", "172.30.8.11/28", "172.30.8.12/24", 1},
		"the standby's is wide":   {"HBMAIL2", wide, "", "172.30.8.11/24", "172.30.8.12/16", 0},
		"the active's is wide, and a route tells": {
			"HBMAIL1", wide, "     172.30.20.0    255.255.255.0       172.30.8.1      172.30.8.12    271\r\n", "172.30.8.11/16", "172.30.8.12/24", 1,
		},
	} {
		m := exports(t, "harbor")
		replaced(t, m, c.folder+"/ipconfig.txt", right, c.mask)
		if c.route != "" {
			replaced(t, m, "HBMAIL2/route.txt", "       172.30.8.0    255.255.255.0", c.route+"       172.30.8.0    255.255.255.0")
		}
		made, problems := make2(t, m, "HBMAIL1", "HBMAIL2", setup.Options{})
		require.Contains(t, problems.Error(), c.folder+"/ipconfig.txt:", name)
		require.Contains(t, problems.Error(), "expected the same on both nodes", name)
		bp, problems := load(made)
		require.NoError(t, problems.Err(), name)
		require.Equal(t, []string{c.active, c.standby}, []string{bp.Nodes[0].Address.String(), bp.Nodes[1].Address.String()}, name)
		require.Equal(t, "172.30.8.0/24", bp.Subnet.String(), name)
		require.Equal(t, bp.Subnet, bp.Clients[0].Address.Masked(), name)
		require.Len(t, bp.Routers, c.routers, name)
		require.Contains(t, problems.Error(), "(H20); expected", name)
	}
}
