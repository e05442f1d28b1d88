package host

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/wire"
)

// chain is a server (h1) and a client (h2) with two routers between them, core (h3, and h8 in the
// middle subnet) and office (h4, and h9 there). Each knows of the subnet behind the other.
type chain struct {
	routed
	core, office *Host
	servers      *wire.Switch
}

const (
	serverNet = "192.168.10.0/24"
	clientNet = "192.168.20.0/24"
	coreMid   = "192.168.15.1"
	officeMid = "192.168.15.2"
)

func newChain(t testing.TB) *chain {
	c := &chain{routed: routed{lan: newLAN(t)}}
	c.net.AddTap(c.sniffICMP)
	forward := func(c *Config) { c.DAD, c.Forward = DADPolicy{Announcements: 1}, true }
	offices, middle := wire.NewSwitch(c.net, "sw2"), wire.NewSwitch(c.net, "sw3")
	c.servers = c.sw
	c.server = c.add(serverIP + "/24")
	c.sw = offices
	c.client = c.add(clientIP + "/24")
	c.sw = c.servers
	c.core = c.add(inside+"/24", forward)
	c.sw = offices
	c.office = c.add(outside+"/24", forward)
	c.plug(c.core, 8, coreMid, middle)
	c.plug(c.office, 9, officeMid, middle)
	c.core.AddRoute(netip.MustParsePrefix(clientNet), netip.MustParseAddr(officeMid))
	c.office.AddRoute(netip.MustParsePrefix(serverNet), netip.MustParseAddr(coreMid))
	c.server.SetGateway(netip.MustParseAddr(inside))
	c.client.SetGateway(netip.MustParseAddr(outside))
	c.run(5 * time.Second)
	return c
}

// plug gives the router a further interface, with the MAC that ends so and a cable named after it.
func (r *routed) plug(router *Host, mac byte, ip string, sw *wire.Switch) {
	name := fmt.Sprintf("h%d", mac)
	port := wire.NewPort(name, nil)
	port.SetPower(false)
	nic := router.AddNIC(port, wire.MAC{2, 0, 0, 0, 0, mac})
	r.net.Connect(name, port, sw.AddPort(name), 100*time.Microsecond, nil)
	nic.Add(netip.MustParsePrefix(ip + "/24"))
	port.SetPower(true)
}

// N5: each router on the way takes one off the time to live, both ways.
func TestN5_OverTwoRouters(t *testing.T) {
	c := newChain(t)
	require.Equal(t, []string{"2.4ms reply 1"}, c.echoes(c.client, serverIP, 1), "ARP and echo three times either way")
	require.Equal(t, []string{
		"02>04 192.168.20.50>192.168.10.2 type 8 ttl 128 checksum true",
		"09>08 192.168.20.50>192.168.10.2 type 8 ttl 127 checksum true",
		"03>01 192.168.20.50>192.168.10.2 type 8 ttl 126 checksum true",
		"01>03 192.168.10.2>192.168.20.50 type 0 ttl 128 checksum true",
		"08>09 192.168.10.2>192.168.20.50 type 0 ttl 127 checksum true",
		"04>02 192.168.10.2>192.168.20.50 type 0 ttl 126 checksum true",
	}, c.icmp)
}

// N5: a router keeps an ARP entry of the next router, and none of what lies behind it.
func TestN5_ARouterAsksForTheNextHop(t *testing.T) {
	c := newChain(t)
	c.echoes(c.client, serverIP, 1)
	mid := c.office.NICs()[1]
	mac, state := mid.Neighbor(netip.MustParseAddr(coreMid))
	require.Equal(t, wire.MAC{2, 0, 0, 0, 0, 8}, mac)
	require.Equal(t, Reachable, state)
	for _, n := range c.office.NICs() {
		_, state = n.Neighbor(netip.MustParseAddr(serverIP))
		require.Equal(t, Removed, state)
	}
}

// H5: a route goes with the link towards its router, and comes back with it.
func TestH5_RouteOverALinkFlap(t *testing.T) {
	c := newChain(t)
	require.Equal(t, []string{"2.4ms reply 1"}, c.echoes(c.client, serverIP, 1))
	office := c.net.Cables()[5]
	office.SetPlugged(false)
	require.Equal(t, []string{"400µs unreachable 1"}, c.echoes(c.client, serverIP, 1), "the office has no way at all")
	office.SetPlugged(true)
	c.run(time.Second)
	require.Equal(t, []string{"1.6ms reply 1"}, c.echoes(c.client, serverIP, 1), "only the office asks again")
}

// H9: a next hop that is gone is found out by ARP, by the router before it.
func TestH9_TheNextHopIsGone(t *testing.T) {
	c := newChain(t)
	c.net.Cables()[4].SetPlugged(false)
	var from netip.Addr
	var took time.Duration
	start := c.s.Now()
	p := c.client.NewPinger(netip.MustParseAddr(serverIP), netip.Addr{}, 128, 32, PingHandler{
		Unreachable: func(_ uint16, ip netip.Addr) { from, took = ip, c.s.Now()-start },
	})
	defer p.Close()
	p.Send(1)
	c.run(4 * time.Second)
	require.Equal(t, outside, from.String())
	require.InDelta(t, 3, took.Seconds(), 0.01)
}

// The longest prefix wins: a route beats the gateway, a subnet of the host's own beats both.
func TestTheLongestPrefixWins(t *testing.T) {
	for prefix, want := range map[string]string{
		serverNet:         "3s unreachable 1", // by a router that is not there; the gateway is not asked
		"192.168.0.0/16":  "3s unreachable 1",
		"192.168.11.0/24": "2.4ms reply 1", // not of the server
	} {
		r := newChain(t)
		r.client.AddRoute(netip.MustParsePrefix(prefix), netip.MustParseAddr("192.168.20.9"))
		require.Equal(t, []string{want}, r.echoes(r.client, serverIP, 1), prefix)
	}
	r := newChain(t)
	r.office.AddRoute(netip.MustParsePrefix("192.0.0.0/8"), netip.MustParseAddr("192.168.15.9"))
	require.Equal(t, []string{"2.4ms reply 1"}, r.echoes(r.client, serverIP, 1), "shorter than its own route and subnet")
}

// A router sends a packet back into the subnet that it came from when the way leads there, and tells
// nobody of the shorter way.
func TestNoRedirects(t *testing.T) {
	c := newChain(t)
	c.sw = c.servers
	third := c.add("192.168.10.9/24", func(c *Config) { c.Forward = true })
	third.AddRoute(netip.MustParsePrefix(clientNet), netip.MustParseAddr(inside))
	c.server.SetGateway(netip.MustParseAddr("192.168.10.9"))
	c.run(5 * time.Second)
	for range 2 {
		c.icmp = nil
		require.Len(t, c.echoes(c.client, serverIP, 1), 1)
		require.Equal(t, []string{
			"02>04 192.168.20.50>192.168.10.2 type 8 ttl 128 checksum true",
			"09>08 192.168.20.50>192.168.10.2 type 8 ttl 127 checksum true",
			"03>01 192.168.20.50>192.168.10.2 type 8 ttl 126 checksum true",
			"01>05 192.168.10.2>192.168.20.50 type 0 ttl 128 checksum true",
			"05>03 192.168.10.2>192.168.20.50 type 0 ttl 127 checksum true",
			"08>09 192.168.10.2>192.168.20.50 type 0 ttl 126 checksum true",
			"04>02 192.168.10.2>192.168.20.50 type 0 ttl 125 checksum true",
		}, c.icmp)
	}
}

// H20: whom a host reaches over its gateway tells its mask, whoever is on its cable: the router hands back what is for its
// segment. A gateway that is in no subnet of the host's is asked for all the same, while an address is in use.
func TestH20_TheMaskTellsWhoIsNear(t *testing.T) {
	c := newChain(t)
	c.sw = c.servers
	narrow, wide := c.add("192.168.10.201/28"), c.add("192.168.10.7/16")
	wide.SetGateway(netip.MustParseAddr(inside))
	c.run(5 * time.Second)
	require.Equal(t, []string{"0s failure 1"}, c.echoes(narrow, serverIP, 1), "without a gateway")
	require.Equal(t, []string{"3s unreachable 1"}, c.echoes(wide, clientIP, 1), "the gateway is not asked")
	require.Equal(t, []string{"800µs reply 1"}, c.echoes(wide, serverIP, 1))

	narrow.SetGateway(netip.MustParseAddr(inside))
	c.icmp = nil
	require.Len(t, c.echoes(narrow, serverIP, 1), 1)
	require.Equal(t, []string{
		"05>03 192.168.10.201>192.168.10.2 type 8 ttl 128 checksum true",
		"03>01 192.168.10.201>192.168.10.2 type 8 ttl 127 checksum true",
		"01>05 192.168.10.2>192.168.10.201 type 0 ttl 128 checksum true",
	}, c.icmp)
	cable := c.net.Cables()[6]
	require.Equal(t, "h5", cable.Name())
	cable.SetPlugged(false)
	require.Equal(t, []string{"0s failure 1"}, c.echoes(narrow, serverIP, 1))
	cable.SetPlugged(true)
	require.Equal(t, []string{"0s failure 1"}, c.echoes(narrow, serverIP, 1), "tentative for 3 s")
	c.run(3 * time.Second)
	require.NotContains(t, c.echoes(narrow, serverIP, 1), "0s failure 1")
}
