package host

import (
	"errors"
	"fmt"
	"net/netip"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/policy"
	"ipwsim/netstack/wire"
)

var windowsTCP = policy.TCP{SYNRetry: 3 * time.Second, SYNs: 3, MinRTO: 300 * time.Millisecond, Retransmissions: 5}

// segments notes what of TCP the host puts on its cable, from now on: the time and SYN, data or RST.
func (l *lan) segments(h *Host) *[]string {
	var seen []string
	start := l.s.Now()
	l.net.AddTap(func(at time.Duration, c *wire.Cable, b []byte) {
		if c.Name() != h.Name() || [6]byte(b[6:12]) != h.NIC().MAC() || b[13] != 0 || b[wire.HeaderLen+9] != 6 {
			return
		}
		ip := b[wire.HeaderLen:]
		length := int(ip[2])<<8 | int(ip[3])
		tcp := ip[20:length]
		what := ""
		switch flags, payload := tcp[13], len(tcp)-int(tcp[12]>>4)*4; {
		case flags&2 != 0:
			what = "SYN"
		case flags&4 != 0:
			what = "RST"
		case payload > 0:
			what = "data"
		default:
			return
		}
		seen = append(seen, fmt.Sprintf("%v %s", (at-start).Round(10*time.Millisecond), what))
	})
	return &seen
}

// connecting starts a connect and gives when it ended, and how, once the world has gone on for that long.
func connecting(l *lan, h *Host, to string, forLong time.Duration) (took time.Duration, err error) {
	start := l.s.Now()
	h.Domain().Go("connect", func() {
		_, err = h.Connect(netip.Addr{}, netip.MustParseAddrPort(to), time.Hour, nil)
		took = l.s.Now() - start
	})
	l.run(forLong)
	return took, err
}

// pair is a host with these times and its peer, which knows it.
func newPair(t *testing.T, p policy.TCP) (l *lan, h, peer *Host) {
	l = newLAN(t)
	h = l.add("192.168.10.1/24", func(cfg *Config) { cfg.TCP = p })
	peer = l.add("192.168.10.2/24")
	l.run(5 * time.Second)
	l.echoes(h, "192.168.10.2", 1)
	return l, h, peer
}

// H14: Windows sends its SYN at 0, 3 and 9 s, and gives up at 21 s. Linux goes on after 1, 3, 7, 15 s.
func TestH14_SYNs(t *testing.T) {
	for _, c := range []struct {
		policy policy.TCP
		want   []string
		took   time.Duration
	}{
		{windowsTCP, []string{"0s SYN", "3s SYN", "9s SYN"}, 21 * time.Second},
		{policy.TCP{}, []string{"0s SYN", "1s SYN", "3s SYN", "7s SYN", "15s SYN", "31s SYN", "1m3s SYN"}, 127 * time.Second},
	} {
		l, h, peer := newPair(t, c.policy)
		peer.NIC().Firewall().BlockTCP = map[uint16]bool{25: true}
		seen := l.segments(h)
		took, err := connecting(l, h, "192.168.10.2:25", 3*time.Minute)
		require.Error(t, err)
		require.Equal(t, c.took, took)
		require.Equal(t, c.want, *seen)
	}
}

// H14: a connect in whose time the port opens is made by the next SYN.
func TestH14_AConnectThatComesTrue(t *testing.T) {
	l, h, peer := newPair(t, windowsTCP)
	peer.NIC().Firewall().BlockTCP = map[uint16]bool{25: true}
	_, err := peer.Listen(netip.MustParseAddrPort("0.0.0.0:25"))
	require.NoError(t, err)
	l.s.After(4*time.Second, func() { peer.NIC().Firewall().BlockTCP = nil })
	seen := l.segments(h)
	took, err := connecting(l, h, "192.168.10.2:25", 30*time.Second)
	require.NoError(t, err)
	require.InDelta(t, 9, took.Seconds(), 0.01)
	require.Equal(t, []string{"0s SYN", "3s SYN", "9s SYN"}, *seen)
}

// H14: a host that nobody knows is asked for with each SYN, and no more; Windows goes on till 21 s, Linux is told at once.
func TestH14_NobodyAnswersARP(t *testing.T) {
	for _, c := range []struct {
		policy policy.TCP
		asks   []string
		took   time.Duration
		err    error
	}{
		{windowsTCP, []string{"0s", "1s", "2s", "3s", "4s", "5s", "9s", "10s", "11s"}, 21 * time.Second, syscall.ETIMEDOUT},
		{policy.TCP{}, []string{"0s", "1s", "2s"}, 3 * time.Second, syscall.EHOSTUNREACH},
	} {
		l, h, _ := newPair(t, c.policy)
		start := l.s.Now()
		l.arps = nil
		took, err := connecting(l, h, "192.168.10.77:25", time.Minute)
		require.True(t, errors.Is(err, c.err), "%v", err)
		require.Equal(t, c.took, took)
		var asks []string
		for _, a := range l.arps {
			var at, from, what, target string
			_, _ = fmt.Sscan(a, &at, &from, &what, &target)
			if d, _ := time.ParseDuration(at); from == "h1" && target == "192.168.10.77" {
				asks = append(asks, (d - start).String())
			}
		}
		require.Equal(t, c.asks, asks)
	}
}

// H14: data goes out five times more, each after twice the time, from 300 ms on; then the connection ends.
func TestH14_Data(t *testing.T) {
	l, h, peer := newPair(t, windowsTCP)
	ln, err := peer.Listen(netip.MustParseAddrPort("0.0.0.0:25"))
	require.NoError(t, err)
	peer.Domain().Go("serve", func() {
		c, err := ln.Accept()
		require.NoError(t, err)
		go func() {
			defer c.Close()
			_, _ = c.Read(make([]byte, 10))
		}()
	})
	var seen *[]string
	var ended time.Duration
	h.Domain().Go("client", func() {
		c, err := h.Connect(netip.Addr{}, netip.MustParseAddrPort("192.168.10.2:25"), time.Hour, nil)
		require.NoError(t, err)
		h.Domain().Current().Sleep(time.Second)
		seen = l.segments(h)
		start := l.s.Now()
		peer.NIC().Firewall().BlockTCP = map[uint16]bool{25: true}
		_, _ = c.Write([]byte("hello"))
		_, err = c.Read(make([]byte, 10))
		require.ErrorIs(t, err, syscall.ETIMEDOUT)
		ended = l.s.Now() - start
	})
	l.run(time.Minute)
	require.Equal(t, []string{"0s data", "300ms data", "900ms data", "2.1s data", "4.5s data", "9.3s data"}, *seen)
	require.InDelta(t, 18.9, ended.Seconds(), 0.01)
}

// H14: what the removal of its address does to a connection. One that hangs goes on when the address comes back in
// time; one that ends does so at once, and sends no reset.
func TestH14_RemovalOfTheAddress(t *testing.T) {
	for removal, want := range map[policy.Removal]string{policy.Hang: "hello", policy.End: ""} {
		p := windowsTCP
		p.Removal = removal
		l, h, peer := newPair(t, p)
		h.NIC().Add(vipPrefix)
		l.run(5 * time.Second)
		ln, err := h.Listen(netip.MustParseAddrPort("0.0.0.0:110"))
		require.NoError(t, err)
		failed := false
		h.Domain().Go("accept", func() {
			c, err := ln.Accept()
			require.NoError(t, err)
			go func() {
				defer c.Close()
				_, err := c.Read(make([]byte, 10))
				if failed = err != nil; !failed {
					_, _ = c.Write([]byte("hello"))
				}
			}()
		})
		got := ""
		peer.Domain().Go("client", func() {
			c, err := peer.Dial(netip.Addr{}, netip.MustParseAddrPort(vip+":110"), time.Second)
			require.NoError(t, err)
			peer.Domain().Current().Sleep(5 * time.Second)
			_, _ = c.Write([]byte("stat"))
			_ = c.SetReadDeadline(peer.Wall().Add(20 * time.Second))
			b := make([]byte, 10)
			n, _ := c.Read(b)
			got = string(b[:n])
		})
		l.run(time.Second)
		seen := l.segments(h)
		h.NIC().Remove(vipAddr)
		l.run(5 * time.Second)
		require.Empty(t, *seen, "nothing is sent from an address that is gone")
		require.Equal(t, removal == policy.End, failed)
		h.NIC().Add(vipPrefix)
		l.run(30 * time.Second)
		require.Equal(t, want, got, removal.String())
	}
}

// H14: each of several connects to a host that nobody knows goes on to its own end, whatever the others' questions come to.
func TestH14_ConnectsSideBySide(t *testing.T) {
	for ms := range 60 {
		l, h, _ := newPair(t, windowsTCP)
		after := time.Duration(ms) * 100 * time.Millisecond
		ends := map[string]time.Duration{}
		for name, begins := range map[string]time.Duration{"first": 0, "second": after} {
			l.s.After(begins, func() {
				h.Domain().Go(name, func() {
					_, err := h.Connect(netip.Addr{}, netip.MustParseAddrPort("192.168.10.77:25"), time.Minute, nil)
					require.ErrorIs(t, err, syscall.ETIMEDOUT, "the %s, %v apart", name, after)
					ends[name] = l.s.Now()
				})
			})
		}
		start := l.s.Now()
		l.run(time.Minute)
		require.Equal(t, map[string]time.Duration{"first": start + 21*time.Second, "second": start + after + 21*time.Second}, ends)
	}
}
