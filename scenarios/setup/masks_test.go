package setup_test

import (
	"bytes"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/setup"
)

const (
	harborMask  = "255.255.255.0"
	harborRoute = "       172.30.8.0    255.255.255.0"
)

// masked gives a server of harbor another mask, and its route to its own subnet too where that is given.
func masked(t *testing.T, m fstest.MapFS, folder, mask, route string) {
	replaced(t, m, folder+"/ipconfig.txt", harborMask, mask)
	if route != "" {
		replaced(t, m, folder+"/route.txt", harborRoute, "  "+route+"  "+mask)
	}
}

// Servers with different masks make a cluster that can be played (H20): each has its own, and all others the one that the
// files speak for, whichever server has it. A mask that is too narrow lacks neighbours, and its server's gateway is there
// for them; one that is too wide has routes over the gateway in it. Else the voices count: each server's mask, and a route or
// a VIP that says otherwise than its server's mask.
func TestMasksThatDiffer(t *testing.T) {
	const narrow, wide = "255.255.255.240", "255.255.0.0"
	const far = "     172.30.20.0    255.255.255.0       172.30.8.1      172.30.8.12    271\r\n"
	for name, c := range map[string]struct {
		folder, mask, own, route string
		active, standby          string
		routers                  int
		why                      string
	}{
		"the standby's is narrow": {"HBMAIL2", narrow, "172.30.8.0", "", "172.30.8.11/24", "172.30.8.12/28", 1, "172.30.8.40 is on it (HBMAIL1/arp.txt:6), the mask of HBMAIL1 says so (HBMAIL1/ipconfig.txt:19);"},
		"the active's is narrow":  {"HBMAIL1", narrow, "172.30.8.0", "", "172.30.8.11/28", "172.30.8.12/24", 1, "172.30.8.40 is on it (HBMAIL1/arp.txt:6), the mask of HBMAIL2 says so (HBMAIL2/ipconfig.txt:19);"},
		"the standby's is wide":   {"HBMAIL2", wide, "", "", "172.30.8.11/24", "172.30.8.12/16", 0, "the mask of HBMAIL1 says so (HBMAIL1/ipconfig.txt:19), a route of HBMAIL2 without a gateway says so (HBMAIL2/route.txt:7);"},
		"the active's is wide":    {"HBMAIL1", wide, "", "", "172.30.8.11/16", "172.30.8.12/24", 0, "a route of HBMAIL1 without a gateway says so (HBMAIL1/route.txt:7), the mask of HBMAIL2 says so (HBMAIL2/ipconfig.txt:19);"},
		"the active's is wide, and a route tells": {
			"HBMAIL1", wide, "172.30.0.0", far, "172.30.8.11/16", "172.30.8.12/24", 1, "172.30.20.0/24 is behind a gateway (HBMAIL2/route.txt:7), the mask of HBMAIL2 says so",
		},
	} {
		m := exports(t, "harbor")
		masked(t, m, c.folder, c.mask, c.own)
		if c.route != "" {
			replaced(t, m, "HBMAIL2/route.txt", harborRoute, c.route+harborRoute)
		}
		made, problems := make2(t, m, "HBMAIL1", "HBMAIL2", setup.Options{})
		require.Contains(t, problems.Error(), c.folder+"/ipconfig.txt:19: warning: the subnet of "+c.folder, name)
		require.Contains(t, problems.Error(), "and the segment is 172.30.8.0/24: "+c.why, name)
		require.NotContains(t, string(made.Files["cluster.toml"]), "either_mask", name)
		bp, problems := load(made)
		require.NoError(t, problems.Err(), name)
		require.Equal(t, []string{c.active, c.standby}, []string{bp.Nodes[0].Address.String(), bp.Nodes[1].Address.String()}, name)
		require.Equal(t, "172.30.8.0/24", bp.Subnet.String(), name)
		require.Equal(t, bp.Subnet, bp.Clients[0].Address.Masked(), name)
		require.Equal(t, bp.Subnet, bp.Mail.Share.Address.Masked(), name)
		require.Len(t, bp.Routers, c.routers, name)
		require.Contains(t, problems.Error(), "(H20); expected", name)
	}
}

// What a server's mask makes of its own files is no evidence for that mask: the routes follow it, and so does the mask of a VIP
// that netsh adds. Where nothing else tells which mask is right, both servers are named and neither is blamed, by init and by
// check, and all others are where everybody is seen.
func TestMasksOfWhichEitherMayBeRight(t *testing.T) {
	for name, c := range map[string]struct{ folder, mask, route, subnet string }{
		"the active's is wide":    {"HBMAIL1", "255.255.0.0", "172.30.0.0", "172.30.8.0/24"},
		"the standby's is wide":   {"HBMAIL2", "255.255.0.0", "172.30.0.0", "172.30.8.0/24"},
		"the active's is narrow":  {"HBMAIL1", "255.255.255.128", "172.30.8.0", "172.30.8.0/25"},
		"the standby's is narrow": {"HBMAIL2", "255.255.255.128", "172.30.8.0", "172.30.8.0/25"},
	} {
		m := exports(t, "harbor")
		masked(t, m, c.folder, c.mask, c.route)
		made, problems := make2(t, m, "HBMAIL1", "HBMAIL2", setup.Options{})
		require.Len(t, problems, 1, name)
		require.Contains(t, problems[0].Message, "HBMAIL2/ipconfig.txt:19, and nothing else in the files says which is right; expected one mask on both nodes", name)
		require.Contains(t, string(made.Files["cluster.toml"]), "\neither_mask = true  # assumed: HBMAIL1 has the mask ", name)
		bp, problems := load(made)
		require.NoError(t, problems.Err(), name)
		require.True(t, bp.EitherMask)
		require.Equal(t, c.subnet, bp.Subnet.String(), name)
		require.Equal(t, bp.Subnet, bp.Mail.Share.Address.Masked(), name)
		require.Contains(t, problems.Error(), "which is right nobody has told (either_mask)", name)
		require.NotContains(t, problems.Error(), "as standby has it", name)
	}
}

// The mask of a VIP is no setting of the watcher's, which adds it without one: one that is not the own address's is told, and
// which the VIP gets when it moves.
func TestTheMaskOfAVIP(t *testing.T) {
	m := exports(t, "harbor")
	data := m["HBMAIL1/ipconfig.txt"].Data
	i := bytes.LastIndex(data, []byte(harborMask))
	m["HBMAIL1/ipconfig.txt"] = &fstest.MapFile{Data: append(append(bytes.Clone(data[:i]), "255.255.0.0"...), data[i+len(harborMask):]...)}
	made, problems := make2(t, m, "HBMAIL1", "HBMAIL2", setup.Options{})
	require.Len(t, problems, 1)
	require.Contains(t, problems[0].String(), "HBMAIL1/ipconfig.txt:21: warning: the VIP 172.30.8.10 has the mask 255.255.0.0 here, and the own address of HBMAIL1 the mask 255.255.255.0 (HBMAIL1/ipconfig.txt:19)")
	require.Contains(t, problems[0].Message, "so it gets 255.255.255.0 when it moves (H20)")
	bp, problems := load(made)
	require.NoError(t, problems.Err())
	require.Equal(t, "172.30.8.0/24", bp.Subnet.String())
}

// A gateway that the server's own mask leaves outside is told with the mask that would fit: the segment's, or, where both
// servers are cut off from it, any that both are in. So are neighbours that no mask of the servers has in their subnet.
func TestAMaskThatCutsTheGatewayOff(t *testing.T) {
	m := exports(t, "harbor")
	masked(t, m, "HBMAIL1", "255.255.255.248", "172.30.8.8")
	made, problems := make2(t, m, "HBMAIL1", "HBMAIL2", setup.Options{})
	require.Contains(t, problems.Error(), "HBMAIL1/ipconfig.txt:23: warning: the default gateway 172.30.8.1 is outside the subnet 172.30.8.8/29 of HBMAIL1, which has the mask 255.255.255.248 (HBMAIL1/ipconfig.txt:19)")
	require.Contains(t, problems.Error(), "expected the mask 255.255.255.0, as the segment's 172.30.8.0/24 has it")
	_, problems = load(made)
	require.NoError(t, problems.Err())
	require.Contains(t, problems.Error(), "node.active.gateway: 172.30.8.1 is outside the subnet 172.30.8.8/29")
	require.Contains(t, problems.Error(), "expected the prefix length /24, mask 255.255.255.0, which is the segment's")

	m = exports(t, "harbor")
	masked(t, m, "HBMAIL1", "255.255.255.248", "")
	masked(t, m, "HBMAIL2", "255.255.255.248", "")
	made, problems = make2(t, m, "HBMAIL1", "HBMAIL2", setup.Options{})
	for _, folder := range []string{"HBMAIL1", "HBMAIL2"} {
		require.Contains(t, problems.Error(), "172.30.8.8/29 by its mask 255.255.255.248 here, and the segment is 172.30.8.0/24: 172.30.8.1 is on it (HBMAIL1/ipconfig.txt:23), a route of HBMAIL1 without a gateway says so")
		require.Contains(t, problems.Error(), "the default gateway 172.30.8.1 is outside the subnet 172.30.8.8/29 of "+folder)
	}
	bp, problems := load(made)
	require.NoError(t, problems.Err())
	require.Equal(t, "172.30.8.0/24", bp.Subnet.String(), "both masks are wrong, and are played")
	require.Contains(t, problems.Error(), "node.standby.address: the subnet of 172.30.8.12 is 172.30.8.8/29 by its prefix length, and the segment's is 172.30.8.0/24")

	for _, folder := range []string{"HBMAIL1", "HBMAIL2"} {
		replaced(t, m, folder+"/route.txt", harborRoute, "  172.30.8.8  255.255.255.248")
	}
	_, problems = make2(t, m, "HBMAIL1", "HBMAIL2", setup.Options{})
	for _, folder := range []string{"HBMAIL1", "HBMAIL2"} {
		require.Contains(t, problems.Error(), "172.30.8.8/29 of "+folder+", which has")
		require.Contains(t, problems.Error(), "172.30.8.40, 172.30.8.60, 172.30.8.101 answered ARP requests of "+folder)
	}
	require.Contains(t, problems.Error(), "expected a mask that both are in, 255.255.255.240 or shorter")
	require.Contains(t, problems.Error(), "expected a mask that they are in, 255.255.255.128 or shorter")
}
