package host

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gvisor.dev/gvisor/pkg/tcpip/header"

	"ipwsim/netstack/wire"
)

// routed is a server (h1) and a client (h2) on switches of their own, and between them a router
// (h3), whose second interface has the MAC 04.
type routed struct {
	*lan
	server, client, router *Host
	icmp                   []string // where a station puts it on its cable
}

const (
	serverIP = "192.168.10.2"
	clientIP = "192.168.20.50"
	inside   = "192.168.10.1" // the router's
	outside  = "192.168.20.1"
)

func newRouted(t testing.TB, change ...func(*Config)) *routed {
	r := &routed{lan: newLAN(t)}
	r.net.AddTap(r.sniffICMP)
	servers := r.sw
	r.server = r.add(serverIP + "/24")
	r.sw = wire.NewSwitch(r.net, "sw2")
	r.client = r.add(clientIP + "/24")
	forward := func(c *Config) { c.DAD, c.Forward = DADPolicy{Announcements: 1}, true }
	r.router = r.add(outside+"/24", append([]func(*Config){forward}, change...)...)
	r.plug(r.router, 4, inside, servers)
	r.server.SetGateway(netip.MustParseAddr(inside))
	r.client.SetGateway(netip.MustParseAddr(outside))
	r.run(5 * time.Second)
	return r
}

// sniffICMP notes MACs, addresses, type and TTL of each ICMP packet at its sender's cable.
func (r *routed) sniffICMP(_ time.Duration, c *wire.Cable, b []byte) {
	if b[12] != 8 || b[13] != 0 || c.Name() != fmt.Sprintf("h%d", b[11]) {
		return
	}
	ip := header.IPv4(b[wire.HeaderLen:])
	r.icmp = append(r.icmp, fmt.Sprintf("%02x>%02x %v>%v type %d ttl %d checksum %v",
		b[11], b[5], ip.SourceAddress(), ip.DestinationAddress(), header.ICMPv4(ip.Payload()).Type(), ip.TTL(), ip.IsChecksumValid()))
}

// N5: a router takes one off the time to live and puts the next hop's MAC and its own in the frame.
func TestN5_ForwardedFrames(t *testing.T) {
	r := newRouted(t)
	require.Equal(t, []string{"1.6ms reply 1"}, r.echoes(r.client, serverIP, 1), "ARP and echo on either side")
	require.Equal(t, []string{
		"02>03 192.168.20.50>192.168.10.2 type 8 ttl 128 checksum true",
		"04>01 192.168.20.50>192.168.10.2 type 8 ttl 127 checksum true",
		"01>04 192.168.10.2>192.168.20.50 type 0 ttl 128 checksum true",
		"03>02 192.168.10.2>192.168.20.50 type 0 ttl 127 checksum true",
	}, r.icmp)
}

// Without Forward a host with two interfaces keeps their subnets apart.
func TestHostDoesNotForwardUnasked(t *testing.T) {
	r := newRouted(t, func(c *Config) { c.Forward = false })
	require.Empty(t, r.echoes(r.client, serverIP, 1))
	require.Equal(t, []string{"02>03 192.168.20.50>192.168.10.2 type 8 ttl 128 checksum true"}, r.icmp)
}

// N5: a conversation through a router, which is cut and goes on.
func TestN5_TCPThroughARouter(t *testing.T) {
	r := newRouted(t)
	echoServer(r.server, 25)
	r.s.After(2*time.Millisecond, func() { r.net.Cables()[3].SetPlugged(false) })
	r.s.After(2*time.Second, func() { r.net.Cables()[3].SetPlugged(true) })
	answer, took, err := call(r.lan, r.client, 25, time.Minute)
	require.NoError(t, err)
	require.Equal(t, "HELLO\n", answer)
	require.Greater(t, took, 2*time.Second, "the cut was in the middle")
}

// N5: one ARP cache an interface.
func TestN5_AnARPCacheForEachInterface(t *testing.T) {
	r := newRouted(t)
	r.echoes(r.client, serverIP, 1)
	for i, known := range []string{clientIP, serverIP} {
		for _, ip := range []string{clientIP, serverIP} {
			_, state := r.router.NICs()[i].Neighbor(netip.MustParseAddr(ip))
			require.Equal(t, ip == known, state != Removed, "interface %d, %s: %v", i, ip, state)
		}
	}
	_, state := r.client.NIC().Neighbor(netip.MustParseAddr(serverIP))
	require.Equal(t, Removed, state, "the client never asks for an address of another subnet")

	r.net.Cables()[3].SetPlugged(false) // towards the servers
	_, state = r.router.NICs()[0].Neighbor(netip.MustParseAddr(clientIP))
	require.NotEqual(t, Removed, state, "H5: the other interface loses nothing")
	_, state = r.router.NICs()[1].Neighbor(netip.MustParseAddr(serverIP))
	require.Equal(t, Removed, state)
	require.Equal(t, Preferred, r.router.NICs()[0].State(netip.MustParseAddr(outside)))
	require.Equal(t, Tentative, r.router.NICs()[1].State(netip.MustParseAddr(inside)))
}

// H5: the way over the gateway ends with the link and comes back with the address.
func TestH5_GatewayOverALinkFlap(t *testing.T) {
	r := newRouted(t)
	require.Equal(t, []string{"1.6ms reply 1"}, r.echoes(r.client, serverIP, 1))
	r.net.Cables()[1].SetPlugged(false)
	require.Equal(t, []string{"0s failure 1"}, r.echoes(r.client, serverIP, 1))
	r.net.Cables()[1].SetPlugged(true)
	require.Equal(t, []string{"0s failure 1"}, r.echoes(r.client, serverIP, 1), "tentative for 3 s")
	require.Equal(t, []string{"1.2ms reply 1"}, r.echoes(r.client, serverIP, 1))
}

// A host without a gateway cannot send out of its subnet.
func TestNoGateway(t *testing.T) {
	r := newRouted(t)
	r.client.SetGateway(netip.Addr{})
	require.Equal(t, []string{"0s failure 1"}, r.echoes(r.client, serverIP, 1))
}

// H9: who tells that there is no way: the host itself of its gateway, the router of the target.
func TestH9_UnreachableBehindARouter(t *testing.T) {
	r := newRouted(t)
	told := func() (seq uint16, from netip.Addr, took time.Duration) {
		start := r.s.Now()
		p := r.client.NewPinger(netip.MustParseAddr(serverIP), netip.Addr{}, 128, 32, PingHandler{
			Unreachable: func(s uint16, ip netip.Addr) { seq, from, took = s, ip, r.s.Now()-start },
		})
		defer p.Close()
		p.Send(7)
		r.run(4 * time.Second)
		return
	}
	r.net.Cables()[0].SetPlugged(false)
	seq, from, took := told()
	require.Equal(t, uint16(7), seq)
	require.Equal(t, outside, from.String(), "the router looked for the server in vain")
	require.InDelta(t, 3, took.Seconds(), 0.01)

	r.net.Cables()[3].SetPlugged(false)
	seq, from, took = told()
	require.Equal(t, uint16(7), seq)
	require.Equal(t, outside, from.String(), "the router has no way at all")
	require.InDelta(t, 0, took.Seconds(), 0.01)

	r.net.Cables()[2].SetPlugged(false)
	r.client.NIC().FlushNeighbors()
	seq, from, took = told()
	require.Equal(t, uint16(7), seq)
	require.False(t, from.IsValid(), "the client looked for its gateway in vain")
	require.InDelta(t, 3, took.Seconds(), 0.01)
}
