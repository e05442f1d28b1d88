package host

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/arp"
	"ipwsim/netstack/wire"
)

// moved is a LAN in which a knows the VIP at b, which then loses it without a word; the VIP goes to c.
func moved(t *testing.T, reaction arp.Reaction) (*lan, *Host, *Host) {
	l := newLAN(t)
	a := l.add("192.168.10.1/24", func(c *Config) {
		c.Neighbor.GratuitousRequest = reaction
		c.Neighbor.MinRandomFactor, c.Neighbor.MaxRandomFactor = 1, 1 // entries are good for 30 s
	})
	b, c := l.add("192.168.10.2/24"), l.add("192.168.10.3/24")
	b.NIC().Add(vipPrefix)
	l.run(5 * time.Second)
	require.NotEmpty(t, l.echoes(a, vip, 1))
	l.net.Cables()[1].SetPlugged(false)
	c.NIC().Add(vipPrefix)
	return l, a, c
}

// N3: `windows-modern` overwrites an entry it has when the address is announced.
func TestN3_AnnouncementUpdates(t *testing.T) {
	l, a, c := moved(t, arp.Update)
	l.run(4 * time.Second)
	mac, _ := a.NIC().Neighbor(vipAddr)
	require.Equal(t, c.NIC().MAC(), mac)
	require.Equal(t, []string{"800µs reply 1"}, l.echoes(a, vip, 1))
}

// N3: `windows-vista7` pays no heed: requests go to the dead MAC until the entry is given up.
func TestN3_AnnouncementIgnored(t *testing.T) {
	l, a, c := moved(t, arp.Ignore)
	l.run(4 * time.Second)
	mac, _ := a.NIC().Neighbor(vipAddr)
	require.NotEqual(t, c.NIC().MAC(), mac)
	require.Empty(t, l.echoes(a, vip, 1), "lost without a word")

	// Confirmed at 5 s, the entry is good until 35 s. The next echo starts 5 s of grace, then come
	// three unicast probes a second apart, and at 44 s resolution begins anew.
	require.Equal(t, 17*time.Second, l.s.Now())
	require.Equal(t, "27.0008s reply 28", l.echoes(a, vip, 45)[0])
}

func TestN3_AnnouncementCreatesNothingUnlessAsked(t *testing.T) {
	for reaction, want := range map[arp.Reaction]NeighborState{arp.Ignore: Removed, arp.Update: Removed, arp.Create: Stale} {
		l := newLAN(t)
		a := l.add("192.168.10.1/24", func(c *Config) { c.Neighbor.GratuitousRequest = reaction })
		l.run(5 * time.Second)
		l.add(vip + "/24")
		l.run(5 * time.Second)
		_, state := a.NIC().Neighbor(vipAddr)
		require.Equal(t, want, state, "reaction %d", reaction)
	}
}

// FIELD-FACTS: a probe (sender 0.0.0.0) updates nobody's cache.
func TestN6_ProbeUpdatesNobody(t *testing.T) {
	l, a, c := moved(t, arp.Update)
	l.run(2500 * time.Millisecond) // probes, no announcement yet
	mac, _ := a.NIC().Neighbor(vipAddr)
	require.NotEqual(t, c.NIC().MAC(), mac)
}

// N6 (RFC 826): a request aimed at a host updates, and makes, its entry for the asker.
func TestN6_RequestAimedAtTheHostCreates(t *testing.T) {
	l := newLAN(t)
	a, b := l.add("192.168.10.1/24"), l.add("192.168.10.2/24")
	l.run(5 * time.Second)
	l.echoes(a, "192.168.10.2", 1)
	mac, state := b.NIC().Neighbor(netip.MustParseAddr("192.168.10.1"))
	require.Equal(t, a.NIC().MAC(), mac)
	require.NotEqual(t, Removed, state)
}

// H9: about 3 s after ARP finds nobody the host knows; the next request asks anew.
func TestH9_UnreachableAfterThreeRequests(t *testing.T) {
	l := newLAN(t)
	a := l.add("192.168.10.1/24")
	l.run(5 * time.Second)
	l.arps = nil
	require.Equal(t, []string{"3s unreachable 1"}, l.echoes(a, vip, 1))
	require.Equal(t, []string{
		"5s h1 request 192.168.10.202",
		"6s h1 request 192.168.10.202",
		"7s h1 request 192.168.10.202",
	}, l.arps)
}

// The late first answer of the guide's transcript: an echo that waited for ARP is sent when the
// address appears.
func TestH9_EchoWaitsForResolution(t *testing.T) {
	l := newLAN(t)
	a, b := l.add("192.168.10.1/24"), l.add("192.168.10.2/24")
	l.run(5 * time.Second)
	b.NIC().Add(vipPrefix)
	l.run(800 * time.Millisecond)
	require.Equal(t, []string{"2.201s reply 1"}, l.echoes(a, vip, 1))
}

// What a machine that loses its power had in its ARP cache is told in the same order in every run, and
// then nothing more, whatever becomes of its connections.
func TestPowerOffForgetsNeighborsInOrder(t *testing.T) {
	l := newLAN(t)
	var told, want []string
	a := l.add("192.168.10.1/24", func(c *Config) {
		c.OnNeighbor = func(ip netip.Addr, _ wire.MAC, s NeighborState) {
			told = append(told, ip.String()+" "+s.String())
		}
	})
	for _, ip := range []string{"192.168.10.2", "192.168.10.3", "192.168.10.4", "192.168.10.5", "192.168.10.6"} {
		want = append(want, ip+" removed")
		echoServer(l.add(ip+"/24"), 7)
	}
	l.run(5 * time.Second)
	connected := 0
	for n := range want {
		a.Domain().Go("client", func() {
			_, err := a.Dial(netip.Addr{}, netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 168, 10, byte(2 + n)}), 7), time.Minute)
			require.NoError(t, err)
			connected++
		})
	}
	l.run(time.Second)
	require.Equal(t, len(want), connected)
	told = nil
	a.PowerOff()
	require.Equal(t, want, told)
}
