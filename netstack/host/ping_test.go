package host

import (
	"math"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
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
