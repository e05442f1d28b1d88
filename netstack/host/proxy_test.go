package host

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// N7: a router that answers for others: to whom it answers for an address of nobody, and what that does to who adds it.
func TestN7_ProxyARP(t *testing.T) {
	free, far := netip.MustParseAddr("192.168.10.77"), netip.MustParseAddr(clientIP)
	for _, c := range []struct {
		name  string
		proxy func(*NIC, netip.Addr) bool
		state AddressState // of the free address, that the server adds
	}{
		{"none", nil, Preferred},
		{"for all", func(*NIC, netip.Addr) bool { return true }, Duplicate},
		{"for what it has a way to elsewhere", (*NIC).RoutesElsewhere, Preferred},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRouted(t, func(cfg *Config) { cfg.ProxyARP = c.proxy })
			r.server.NIC().Add(netip.PrefixFrom(free, 24))
			r.run(4 * time.Second)
			require.Equal(t, c.state, r.server.NIC().State(free))

			inside := r.router.NICs()[1]
			require.Equal(t, true, inside.RoutesElsewhere(far))
			require.Equal(t, false, inside.RoutesElsewhere(free))
			require.Equal(t, false, inside.RoutesElsewhere(netip.MustParseAddr("10.0.0.1")), "no way at all")
		})
	}
}
