package cluster

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

// N5: a client in another subnet, behind an L3 switch.
func TestN5TheRoutedCluster(t *testing.T) {
	bp := load(t, "l3")
	require.Len(t, bp.Routers, 1)
	r := bp.Routers[0]
	require.Equal(t, "core1", r.Name)
	require.Equal(t, "l3-cisco-ios", r.Profile.Name)
	require.Equal(t, []RouterInterface{
		{netip.MustParsePrefix("192.168.10.1/24"), trace.MAC{2, 0, 0, 2, 1, 1}, "servers"},
		{netip.MustParsePrefix("192.168.20.1/24"), trace.MAC{2, 0, 0, 2, 1, 2}, "office"},
	}, r.Interfaces)
	require.Equal(t, netip.MustParseAddr("192.168.20.1"), bp.Clients[0].Gateway)
	for _, n := range bp.Nodes {
		require.Equal(t, netip.MustParseAddr("192.168.10.1"), n.Gateway)
	}
	require.Empty(t, bp.Trunks, "the router joins the switches")
}

// N5: the core knows the offices' subnets, they know the servers' and each other's.
func TestN5RoutesOfTheOffices(t *testing.T) {
	bp := load(t, "offices")
	require.Equal(t, []string{
		"192.168.21.0/24 via 192.168.100.11", "192.168.22.0/24 via 192.168.100.12",
		"192.168.23.0/24 via 192.168.100.13", "192.168.24.0/24 via 192.168.100.14",
	}, routesOf(bp.Routers[0]))
	require.Equal(t, []string{
		"192.168.10.0/24 via 192.168.100.1", "192.168.22.0/24 via 192.168.100.12",
		"192.168.23.0/24 via 192.168.100.13", "192.168.24.0/24 via 192.168.100.14",
	}, routesOf(bp.Routers[1]))
	require.Equal(t, []trace.Route{
		{Prefix: netip.MustParsePrefix("192.168.10.0/24"), Via: netip.MustParseAddr("192.168.100.1")},
		{Prefix: netip.MustParsePrefix("192.168.22.0/24"), Via: netip.MustParseAddr("192.168.100.12")},
		{Prefix: netip.MustParsePrefix("192.168.23.0/24"), Via: netip.MustParseAddr("192.168.100.13")},
		{Prefix: netip.MustParsePrefix("192.168.24.0/24"), Via: netip.MustParseAddr("192.168.100.14")},
	}, Header(bp, "", 0).Routers[1].Routes)
}

func TestHeaderOfARoutedCluster(t *testing.T) {
	bp := load(t, "l3")
	h := Header(bp, "", 0)
	require.Equal(t, []trace.Router{{Name: "core1", Profile: "l3-cisco-ios", Holds: 4 * time.Hour, Fixed: true, Interfaces: []trace.RouterInterface{
		{Cable: "core1-servers", Address: bp.Routers[0].Interfaces[0].Address, MAC: bp.Routers[0].Interfaces[0].MAC},
		{Cable: "core1-office", Address: bp.Routers[0].Interfaces[1].Address, MAC: bp.Routers[0].Interfaces[1].MAC},
	}}}, h.Routers)
	require.Contains(t, h.Cables, trace.Cable{Name: "core1-office", A: "core1", B: "office"})
	require.Equal(t, bp.Clients[0].Gateway, h.Clients[0].Gateway)
	require.Equal(t, bp.Nodes[0].Gateway, h.Nodes[0].Gateway)
}

// H11: for a client behind a router the batch may ask the router itself.
func TestN5TheBatchMayAskTheRouter(t *testing.T) {
	toml, _ := guide(t).ReadFile("cluster.toml")
	routed := string(toml) + `
[[switch]]
name = "office"
[[router]]
name = "core1"
[[router.interface]]
address = "192.168.10.1/24"
switch = "sw1"
[[router.interface]]
address = "192.168.20.1/24"
switch = "office"
`
	ask := func(target string) (warnings int) {
		files := map[string][]byte{"cluster.toml": []byte(routed)}
		for _, role := range []string{Active, Standby} {
			files[role+"/arpclear.bat"] = []byte("ping -n 1 " + target + " -S 192.168.10.202\r\n")
		}
		bp, problems := Load(Overlay(guide(t), files), ".")
		require.NotNil(t, bp, "%v", problems)
		require.Equal(t, defaultRouter, bp.Routers[0].Profile.Name, "the default")
		return len(problems)
	}
	require.Zero(t, ask("192.168.10.1"))
	require.Zero(t, ask("192.168.10.150"))
	require.NotZero(t, ask("192.168.10.9"))
}
