package setup_test

import (
	"testing"
	"testing/fstest"

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

// withoutGateway are the exports of works where no file names a router: neither ipconfig nor route print, and one segment.
func withoutGateway(t *testing.T, arp ...string) fstest.MapFS {
	m := exports(t, "works")
	for _, s := range []string{"wk-a", "wk-b"} {
		delete(m, s+"/route.txt")
		replaced(t, m, s+"/ipconfig.txt", "                                       10.90.0.1\r\n", "")
		replaced(t, m, s+"/arpclear.bat", "10.91.12.50", "10.90.20.15")
		for i := 0; i+1 < len(arp); i += 2 {
			replaced(t, m, s+"/arp.txt", arp[i], arp[i+1])
		}
	}
	return m
}

// Where no file names a gateway, the first address of the subnet is taken for no file server: it is likely the router. Of
// others one is; if there is none, it is asked for. A router that a route is by is none either, whatever its address.
func TestARouterIsTakenForNoFileServer(t *testing.T) {
	made, _ := make2(t, withoutGateway(t), "wk-a", "wk-b", setup.Options{})
	bp, problems := load(made)
	require.NoError(t, problems.Err())
	require.Equal(t, "10.90.1.40/16", bp.Mail.Share.Address.String())

	made, _ = make2(t, withoutGateway(t, "10.90.1.40 ", "10.90.0.1  "), "wk-a", "wk-b", setup.Options{})
	require.Contains(t, said(made.Open), `share: address = ? the address of the server of the share`)

	m := withoutGateway(t, "10.90.0.1 ", "10.90.1.39")
	for _, s := range []string{"wk-a", "wk-b"} {
		m[s+"/route.txt"] = &fstest.MapFile{Data: []byte("Network Destination        Netmask          Gateway       Interface  Metric\r\n          0.0.0.0          0.0.0.0       10.90.1.39       10.90.1.21    271\r\n")}
	}
	made, _ = make2(t, m, "wk-a", "wk-b", setup.Options{})
	require.NotContains(t, string(made.Files["cluster.toml"]), `address = "10.90.1.39/16"`)
}
