package cluster

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

func TestHeaderHoldsWhatStandsFixed(t *testing.T) {
	bp := load(t, "two-switch")
	h := Header(bp, "cable pull", 42)
	require.Equal(t, "cable pull", h.Scenario)
	require.Equal(t, "two-switch", h.Cluster)
	require.Equal(t, uint64(42), h.Seed, "of the run, not of the cluster")
	require.Equal(t, bp.Start, h.Epoch)
	require.Equal(t, trace.Version, h.Version)
	require.Equal(t, []trace.VIP{{Address: bp.VIPs[0]}}, h.VIPs)
	require.Equal(t, []trace.Client{{
		Name: "client", Address: bp.Clients[0].Address, MAC: bp.Clients[0].MAC, Profile: "windows-modern",
		Holds: 53 * time.Second,
	}}, h.Clients)
}

// An idle client uses no VIP by itself; all others do.
func TestHeaderOfAnIdleClient(t *testing.T) {
	toml, err := guide(t).ReadFile("cluster.toml")
	require.NoError(t, err)
	const more = "\n[[client]]\nname = \"idle\"\naddress = \"192.168.10.99/24\"\nswitch = \"sw1\"\nidle = true\n"
	bp := own(t, string(toml)+more)
	clients := Header(bp, "", 0).Clients
	require.Equal(t, "idle", clients[len(clients)-1].Name)
	for _, c := range clients {
		require.Equal(t, c.Name == "idle", c.Idle, c.Name)
	}
}

func TestHeaderNamesCablesAfterMachinesAndSwitches(t *testing.T) {
	require.Equal(t, []trace.Cable{
		{Name: "active", A: "active", B: "sw1"},
		{Name: "standby", A: "standby", B: "sw2"},
		{Name: "client", A: "client", B: "sw1"},
		{Name: "sw1-sw2", A: "sw1", B: "sw2"},
	}, Header(load(t, "two-switch"), "", 0).Cables)
}

// C5, H2, H3, W18: what a check needs to know of a node.
func TestHeaderOfANode(t *testing.T) {
	bp := load(t, "guide")
	h := Header(bp, "", 0)
	require.Equal(t, trace.Node{
		Role: "standby", Name: "hvt162EPST12", Address: bp.Nodes[1].Address, MAC: bp.Nodes[1].MAC,
		Interface: "イーサネット", Profile: "srv-2012plus",
		Master: false, Interval: 30 * time.Second, PingTimeout: 3 * time.Second, ReleaseTime: 30 * time.Minute,
		NetshMin: 200 * time.Millisecond, NetshMax: time.Second, DAD: 3 * time.Second, Notices: 10 * time.Second, Tries: []time.Duration{0, 3 * time.Second, 9 * time.Second, 21 * time.Second},
	}, *h.Node("standby"))
	require.True(t, h.Node("active").Master)
}

func TestHeaderCanBeSaved(t *testing.T) {
	_, err := json.Marshal(Header(load(t, "guide"), "", 0))
	require.NoError(t, err)
}
