package host_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/host"
	"ipwsim/netstack/wire"
)

// crowd is how many neighbours the tests have: more than netstack's cache holds by itself.
const crowd = 1500

// of is a neighbour's address and MAC, and the MAC that it has later.
func of(i int) (ip netip.Addr, before, after wire.MAC) {
	return netip.AddrFrom4([4]byte{10, 0, byte(1 + i/250), byte(1 + i%250)}), wire.MAC{2, 1, 0, 0, byte(i >> 8), byte(i)}, wire.MAC{2, 2, 0, 0, byte(i >> 8), byte(i)}
}

// crowded is a station whose host has been asked for its MAC by all of the crowd.
func crowded(t *testing.T, profile string) *station {
	st := bareStation(policyOf(t, profile), 1)
	st.host.NIC().Add(netip.PrefixFrom(netip.MustParseAddr("10.0.0.3"), 16))
	for i := range crowd {
		ip, mac, _ := of(i)
		st.put(arpFrame(1, mac, ip, unsetMAC, hostIP, hostMAC))
		st.until(time.Duration(i) * time.Millisecond)
	}
	st.until(2 * time.Second)
	return st
}

func holds(t *testing.T, st *station, want func(i int) wire.MAC) {
	t.Helper()
	for i := range crowd {
		ip, _, _ := of(i)
		mac, state := st.host.NIC().Neighbor(ip)
		require.Equal(t, want(i), mac, "neighbour %d", i)
		require.Equal(t, want(i) != wire.MAC{}, state == host.Reachable, "neighbour %d: %v", i, state)
	}
}

// An L3 switch knows all of a big office at once, and sends to each without asking.
func TestN5_ARouterHoldsThousandsOfNeighbours(t *testing.T) {
	st := crowded(t, "l3-cisco-ios")
	defer st.close()
	holds(t, st, func(i int) wire.MAC { _, mac, _ := of(i); return mac })
	st.asked = nil
	for i := range crowd {
		ip, mac, _ := of(i)
		st.packets = nil
		st.host.NewPinger(ip, netip.Addr{}, 128, 32, host.PingHandler{}).Send(1)
		st.until(st.s.Now() + time.Millisecond)
		require.Equal(t, []wire.MAC{mac}, st.packets, "neighbour %d", i)
	}
	require.Empty(t, st.asked)
}

// Each entry ends and is overwritten as one of a small office: by its age, by a request, by a flush.
func TestN4_ManyEntriesAreAsFew(t *testing.T) {
	st := crowded(t, "l3-cisco-ios")
	defer st.close()
	for i := range crowd {
		if ip, _, mac := of(i); i%3 == 0 {
			st.put(arpFrame(1, mac, ip, unsetMAC, hostIP, hostMAC))
		}
	}
	st.until(3 * time.Second)
	holds(t, st, func(i int) wire.MAC {
		_, before, after := of(i)
		if i%3 == 0 {
			return after
		}
		return before
	})
	st.host.NIC().FlushNeighbors()
	holds(t, st, func(int) wire.MAC { return wire.MAC{} })
	for i := range crowd {
		ip, mac, _ := of(i)
		st.put(arpFrame(1, mac, ip, unsetMAC, hostIP, hostMAC))
		st.until(st.s.Now() + time.Millisecond)
	}
	st.until(st.s.Now() + 3*time.Hour)
	holds(t, st, func(i int) wire.MAC { _, mac, _ := of(i); return mac })
	st.until(st.s.Now() + 2*time.Hour)
	holds(t, st, func(int) wire.MAC { return wire.MAC{} })
}
