package loopback_test

import (
	"io"
	"net"
	"net/netip"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/loopback"
	"ipwsim/sim/trace"
)

var (
	vip    = netip.MustParseAddr("192.168.10.202")
	own    = netip.MustParseAddr("192.168.10.200")
	free   = netip.MustParseAddrPort("127.0.0.1:0")
	anyOf  = netip.IPv4Unspecified()
	nobody = func(trace.Body) {}
)

func port(ip netip.Addr, p uint16) netip.AddrPort { return netip.AddrPortFrom(ip, p) }

func newNet(t *testing.T) *loopback.Net {
	n := loopback.NewNet()
	t.Cleanup(n.Close)
	return n
}

// accepted is the next connection of the listener.
func accepted(t *testing.T, l net.Listener) net.Conn {
	t.Helper()
	c, err := l.Accept()
	require.NoError(t, err)
	return c
}

// A service that listens on any address hears all of the machine's, and can tell them apart (M2, M3).
func TestAServiceSeesSimulatedAddresses(t *testing.T) {
	n := newNet(t)
	h := loopback.NewHost(n, 1, []netip.Addr{vip, own}, nobody)
	defer h.End()
	at := map[netip.Addr]netip.AddrPort{}
	for _, ip := range []netip.Addr{vip, own} {
		on, err := n.Open(port(ip, 25), free)
		require.NoError(t, err)
		at[ip] = on
	}
	l, err := h.Listen(port(anyOf, 25))
	require.NoError(t, err)
	for ip, on := range at {
		client, err := net.Dial("tcp", on.String())
		require.NoError(t, err)
		c := accepted(t, l)
		require.Equal(t, port(ip, 25).String(), c.LocalAddr().String())
		require.Equal(t, client.LocalAddr().String(), c.RemoteAddr().String())
		require.NoError(t, c.Close())
		require.NoError(t, client.Close())
	}
	_, err = h.Listen(port(vip, 25))
	require.ErrorIs(t, err, syscall.EADDRNOTAVAIL, "it is taken")
	require.NoError(t, l.Close())
	_, err = l.Accept()
	require.ErrorIs(t, err, net.ErrClosed)
}

func TestAMachineListensOnItsOwnAddresses(t *testing.T) {
	n := newNet(t)
	_, err := n.Open(port(vip, 25), free)
	require.NoError(t, err)
	h := loopback.NewHost(n, 1, []netip.Addr{own}, nobody)
	defer h.End()
	require.True(t, h.Holds(own))
	require.False(t, h.Holds(vip))
	for _, at := range []netip.AddrPort{port(vip, 25), port(own, 25), port(anyOf, 25)} {
		_, err = h.Listen(at)
		require.ErrorIs(t, err, syscall.EADDRNOTAVAIL, at)
	}
}

// What is not simulated cannot be reached, be it on this computer or beyond.
func TestNothingLeavesTheNet(t *testing.T) {
	n := newNet(t)
	on, err := n.Open(port(own, 25), free)
	require.NoError(t, err)
	server := loopback.NewHost(n, 1, []netip.Addr{own}, nobody)
	defer server.End()
	l, err := server.Listen(port(own, 25))
	require.NoError(t, err)
	h := loopback.NewHost(n, 1, nil, nobody)
	defer h.End()
	for _, to := range []netip.AddrPort{on, port(own, 26), netip.MustParseAddrPort("192.0.2.1:25")} {
		_, err = h.Dial(netip.Addr{}, to, time.Second)
		require.ErrorIs(t, err, syscall.EHOSTUNREACH, to)
	}
	c, err := h.Dial(netip.Addr{}, port(own, 25), time.Second)
	require.NoError(t, err)
	require.NoError(t, accepted(t, l).Close())
	_, err = io.ReadAll(c)
	require.NoError(t, err)
	require.NoError(t, c.Close())
}

func TestPorts(t *testing.T) {
	n := newNet(t)
	on, err := n.Open(port(vip, 25), free)
	require.NoError(t, err)
	_, err = n.Open(port(vip, 25), free)
	require.EqualError(t, err, "two services of one machine are to listen on 192.168.10.202:25")
	_, err = n.Open(port(vip, 110), on)
	require.EqualError(t, err, on.String()+" is in use by another program")

	elsewhere, err := n.Open(port(vip, 110), netip.MustParseAddrPort("192.0.2.1:25"))
	require.NoError(t, err)
	require.Equal(t, free.Addr(), elsewhere.Addr(), "an address that this computer does not have")

	n.Close()
	l, err := net.Listen("tcp", on.String())
	require.NoError(t, err, "the port is free again")
	require.NoError(t, l.Close())
}

// A loss of power ends every call that waits, and End returns when they have.
func TestEnd(t *testing.T) {
	n := newNet(t)
	_, err := n.Open(port(vip, 25), free)
	require.NoError(t, err)
	h := loopback.NewHost(n, 1, []netip.Addr{vip}, nobody)
	l, err := h.Listen(port(vip, 25))
	require.NoError(t, err)
	client, err := h.Dial(netip.Addr{}, port(vip, 25), time.Second)
	require.NoError(t, err)
	server := accepted(t, l)
	waited := make(chan string, 4)
	wait := func(what string, f func() bool) {
		h.Go(what, func() {
			if f() {
				waited <- what
			}
		})
	}
	read := func(c net.Conn) func() bool {
		return func() bool {
			defer c.Close()
			_, err := c.Read(make([]byte, 1))
			return err != nil
		}
	}
	wait("sleep", func() bool { return !h.Sleep(time.Hour) })
	wait("accept", func() bool { _, err := l.Accept(); return err != nil })
	wait("read, client", read(client))
	wait("read, server", read(server))
	h.End()
	require.Len(t, waited, 4)

	wait("go", func() bool { return true })
	require.False(t, h.Sleep(time.Hour))
	_, err = h.Dial(netip.Addr{}, port(vip, 25), time.Second)
	require.Error(t, err)
	require.Len(t, waited, 4, "nothing starts on a machine that has ended")
	h.End()
}

func TestRandomFollowsTheSeed(t *testing.T) {
	n := newNet(t)
	draw := func(seed uint64, name string) uint64 {
		return loopback.NewHost(n, seed, nil, nobody).Random(name).Uint64()
	}
	require.Equal(t, draw(1, "a"), draw(1, "a"))
	require.NotEqual(t, draw(1, "a"), draw(2, "a"))
	require.NotEqual(t, draw(1, "a"), draw(1, "b"))
}
