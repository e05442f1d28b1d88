package host

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/policy"
	"ipwsim/netstack/wire"
)

// senders notes who the host's packets and ARP requests, but for probes, come from.
func (l *lan) senders(h *Host) *[]string {
	var seen []string
	l.net.AddTap(func(_ time.Duration, c *wire.Cable, b []byte) {
		if c.Name() != h.Name() || [6]byte(b[6:12]) != h.NIC().MAC() {
			return
		}
		ip := b[wire.HeaderLen:]
		switch p, ok := parseARP(ip); {
		case b[13] == 6 && ok && p.op == arpRequest && !p.isProbe() && !p.isGratuitous():
			seen = append(seen, "asks from "+p.sender.String())
		case b[13] == 0:
			seen = append(seen, "sends from "+netip.AddrFrom4([4]byte(ip[12:16])).String())
		}
	})
	return &seen
}

// H13: what a host sends comes from the address with the most high bits in common with the next hop;
// of equals from the first. Windows 2003 sends from the first whatever the numbers.
func TestH13_SourceAddress(t *testing.T) {
	for _, c := range []struct {
		name, first, to, want string
		source                policy.Source
		skip                  bool
	}{
		{"the VIP is nearer", "192.168.10.10", "192.168.10.210", vip, policy.Nearest, false},
		{"the first address is nearer", "192.168.10.10", "192.168.10.20", "192.168.10.10", policy.Nearest, false},
		{"of equals the first, as in the guide", "192.168.10.200", "192.168.10.150", "192.168.10.200", policy.Nearest, false},
		{"the next hop counts, not the destination", "192.168.10.10", "192.168.20.10", vip, policy.Nearest, false},
		{"skipassource", "192.168.10.10", "192.168.10.210", "192.168.10.10", policy.Nearest, true},
		{"Windows 2003", "192.168.10.10", "192.168.10.210", "192.168.10.10", policy.First, false},
	} {
		l := newLAN(t)
		h := l.add(c.first+"/24", func(cfg *Config) { cfg.Source = c.source })
		h.SetGateway(netip.MustParseAddr("192.168.10.193"))
		if c.skip {
			h.NIC().AddSkipped(vipPrefix)
		} else {
			h.NIC().Add(vipPrefix)
		}
		l.run(5 * time.Second)
		require.Equal(t, c.want, h.Source(netip.MustParseAddr(c.to)).String(), c.name)
	}
}

// H13: where the next hop tells nothing the destination does.
func TestH13_ThenTheDestination(t *testing.T) {
	l := newLAN(t)
	h := l.add("10.1.1.1/8", func(cfg *Config) { cfg.Source = policy.Nearest })
	h.NIC().Add(netip.MustParsePrefix("10.1.2.1/8"))
	h.AddRoute(netip.MustParsePrefix("10.1.2.128/25"), netip.MustParseAddr("10.200.0.1"))
	l.run(5 * time.Second)
	require.Equal(t, "10.1.2.1", h.Source(netip.MustParseAddr("10.1.2.200")).String())
	require.Equal(t, "10.1.1.1", h.Source(netip.MustParseAddr("10.200.0.2")).String())
}

// H13: only an address in use is a source, and a host without any cannot send.
func TestH13_AmongUsableAddresses(t *testing.T) {
	l := newLAN(t)
	h := l.add("192.168.10.10/24", func(cfg *Config) { cfg.Source = policy.Nearest })
	near := netip.MustParseAddr("192.168.10.210")
	require.False(t, h.Source(near).IsValid(), "tentative")
	l.run(5 * time.Second)
	h.NIC().Add(vipPrefix)
	require.Equal(t, "192.168.10.10", h.Source(near).String(), "the VIP is tentative")
	l.run(5 * time.Second)
	require.Equal(t, vip, h.Source(near).String())
	h.NIC().Remove(vipAddr)
	require.Equal(t, "192.168.10.10", h.Source(near).String())
}

// H13, from outside: the ARP request, the echo request, the request that asks whether the neighbour
// is still there, and the SYN all come from the VIP as soon as it is in use; -S comes before that.
func TestH13_OnTheWire(t *testing.T) {
	const ask, send = "asks from " + vip, "sends from " + vip
	l := newLAN(t)
	h := l.add("192.168.10.10/24", func(cfg *Config) { cfg.Source = policy.Nearest })
	peer := l.add("192.168.10.210/24")
	l.run(5 * time.Second)
	seen := l.senders(h)
	p := h.NewPinger(netip.MustParseAddr("192.168.10.210"), netip.Addr{}, 128, 32, PingHandler{})
	p.Send(1)
	l.run(time.Second)
	require.Equal(t, []string{"asks from 192.168.10.10", "sends from 192.168.10.10"}, *seen)

	h.NIC().Add(vipPrefix)
	l.run(5 * time.Second)
	h.NIC().FlushNeighbors()
	*seen = nil
	p.Send(2)
	l.run(time.Second)
	require.Equal(t, []string{ask, send}, *seen, "one pinger, another source")

	l.run(time.Minute)
	peer.PowerOff()
	p.Send(3)
	*seen = nil
	l.run(10 * time.Second)
	require.Equal(t, []string{ask, ask, ask}, (*seen)[:3], "unicast, nobody's packet")

	*seen = nil
	h.NIC().FlushNeighbors()
	h.NewPinger(netip.MustParseAddr("192.168.10.210"), netip.MustParseAddr("192.168.10.10"), 128, 32, PingHandler{}).Send(1)
	l.run(time.Millisecond)
	require.Equal(t, []string{"asks from 192.168.10.10"}, *seen, "-S")

	h.Domain().Go("dial", func() {
		_, _ = h.Dial(netip.Addr{}, netip.MustParseAddrPort("192.168.10.20:25"), time.Second)
	})
	l.run(time.Millisecond)
	require.Equal(t, "asks from 192.168.10.10", (*seen)[1], "the first is nearer")
	h.Domain().Go("dial", func() {
		_, _ = h.Dial(netip.Addr{}, netip.MustParseAddrPort("192.168.10.211:25"), time.Second)
	})
	l.run(time.Millisecond)
	require.Equal(t, ask, (*seen)[2])
}

// H1, H13: a source that is named must be in use; else nothing is sent at all.
func TestH13_ANamedSourceMustBeInUse(t *testing.T) {
	l := newLAN(t)
	h := l.add("192.168.10.10/24")
	other := l.add("192.168.10.11/24")
	l.run(5 * time.Second)
	send := func() bool {
		p := h.NewPinger(netip.MustParseAddr("192.168.10.11"), vipAddr, 128, 32, PingHandler{})
		defer p.Close()
		return p.Send(1)
	}
	require.False(t, send(), "absent")
	h.NIC().Add(vipPrefix)
	require.False(t, send(), "tentative")
	l.run(5 * time.Second)
	require.True(t, send())
	h.NIC().Remove(vipAddr)
	require.False(t, send(), "absent again")
	other.NIC().Add(vipPrefix)
	l.run(5 * time.Second)
	h.NIC().Add(vipPrefix)
	l.run(5 * time.Second)
	require.Equal(t, Duplicate, h.NIC().State(vipAddr))
	require.False(t, send(), "duplicate")
}
