package host

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/arp"
)

// xp is a cache with fixed lifetimes that looks at everything sent and heard.
var xp = arp.Policy{
	Age: 600 * time.Second, Idle: 120 * time.Second, RenewedByTraffic: true,
	Retransmit: time.Second, MulticastProbes: 3,
}

// N3: segments that netstack's own goroutines send count as use, too.
func TestN3_TCPIsUse(t *testing.T) {
	l := newLAN(t)
	aged := func(c *Config) { c.Neighbor = xp }
	a, b := l.add("192.168.10.1/24", aged), l.add("192.168.10.2/24", aged)
	l.run(5 * time.Second)
	echoServer(b, 25)
	for range 3 { // at 5 s, 65 s, 125 s
		_, _, err := call(l, a, 25, time.Minute)
		require.NoError(t, err)
	}
	l.s.RunUntil(244 * time.Second)
	_, state := a.NIC().Neighbor(server)
	require.Equal(t, Reachable, state)
	l.s.RunUntil(246 * time.Second)
	_, state = a.NIC().Neighbor(server)
	require.Equal(t, Removed, state)
}
