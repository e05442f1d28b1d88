package host

import (
	"math"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/wire"
)

// Identifiers have 16 bits. They are given out again when all have been, but never one that is in use.
func TestAnyNumberOfPings(t *testing.T) {
	l := newLAN(t)
	h := l.add("192.168.10.10/24")
	l.add("192.168.10.20/24")
	l.run(5 * time.Second)
	target := netip.MustParseAddr("192.168.10.20")
	heard := 0
	ping := func() *Pinger {
		return h.NewPinger(target, netip.Addr{}, 128, 0, PingHandler{Reply: func(Reply) { heard++ }})
	}
	first := ping()
	for range math.MaxUint16 + 10 {
		ping().Close()
	}
	last := ping()
	for _, p := range []*Pinger{first, last} {
		require.True(t, p.Send(1))
		l.run(time.Second)
	}
	require.Equal(t, 2, heard)

	var open []*Pinger
	for range math.MaxUint16 - 2 {
		open = append(open, ping())
	}
	require.True(t, open[len(open)-1].Send(1))
	none := ping()
	require.False(t, none.Send(1), "no identifier is left")
	none.Close()
	first.Close()
	require.True(t, ping().Send(1))
}

// A host answers itself at 127.0.0.0/8 (RFC 1122, 3.2.1.3), and sends nothing.
func TestPingOfTheHostItself(t *testing.T) {
	l := newLAN(t)
	h := l.add("192.168.10.10/24")
	l.run(5 * time.Second)
	target, heard := netip.MustParseAddr("127.0.0.1"), []Reply(nil)
	p := h.NewPinger(target, netip.Addr{}, 128, 0, PingHandler{Reply: func(r Reply) { heard = append(heard, r) }})
	l.net.AddTap(func(time.Duration, *wire.Cable, []byte) { require.Fail(t, "nothing is sent") })
	require.True(t, p.Send(7))
	l.run(time.Second)
	require.Equal(t, []Reply{{7, target, int(h.cfg.TTL)}}, heard)
	p.Send(8)
	p.Close()
	l.run(time.Second)
	require.Len(t, heard, 1)
}
