package host

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const vip = "192.168.10.202"

var (
	vipAddr   = netip.MustParseAddr(vip)
	vipPrefix = netip.MustParsePrefix(vip + "/24")
)

// H3: three ARP probes with sender 0.0.0.0, one second apart: three seconds tentative. H4: then one
// announcement, as srv-2012plus does.
func TestH3_H4_AddressIsProbedThenAnnounced(t *testing.T) {
	l := newLAN(t)
	l.add(vip + "/24")
	l.run(10 * time.Second)
	require.Equal(t, []string{
		"0s h1 192.168.10.202 tentative",
		"3s h1 192.168.10.202 preferred",
	}, l.log)
	require.Equal(t, []string{
		"0s h1 probe 192.168.10.202",
		"1s h1 probe 192.168.10.202",
		"2s h1 probe 192.168.10.202",
		"3s h1 announce 192.168.10.202",
	}, l.arps)
}

// H4: srv-2003 uses an address at once and announces it; srv-2008 announces nothing.
func TestH4_AnnouncementByProfile(t *testing.T) {
	for _, c := range []struct {
		profile string
		dad     DADPolicy
		arps    []string
	}{
		{"srv-2003", DADPolicy{Announcements: 1}, []string{"0s h1 announce 192.168.10.202"}},
		{"srv-2008", DADPolicy{Probes: 1, Interval: time.Second}, []string{"0s h1 probe 192.168.10.202"}},
	} {
		l := newLAN(t)
		l.add(vip+"/24", func(cfg *Config) { cfg.DAD = c.dad })
		l.run(10 * time.Second)
		require.Equal(t, c.arps, l.arps, c.profile)
	}
}

// H1: only a Preferred address answers ARP and ping.
func TestH1_TentativeAddressIsSilent(t *testing.T) {
	l := newLAN(t)
	a := l.add("192.168.10.1/24")
	b := l.add("192.168.10.2/24")
	l.run(5 * time.Second)
	b.NIC().Add(vipPrefix)
	require.Equal(t, []string{"3s unreachable 1"}, l.echoes(a, vip, 1), "tentative: nobody answers ARP")
	require.Equal(t, []string{"800µs reply 1"}, l.echoes(a, vip, 1), "preferred: answers ARP, then the echo")
}

// H3: the newcomer becomes Duplicate and the owner keeps the address.
func TestH3_ConflictMakesTheNewcomerDuplicate(t *testing.T) {
	l := newLAN(t)
	owner := l.add(vip + "/24")
	l.run(5 * time.Second)
	newcomer := l.add(vip + "/24")
	l.run(10 * time.Second)
	require.Equal(t, Preferred, owner.NIC().State(vipAddr))
	require.Equal(t, Duplicate, newcomer.NIC().State(vipAddr))
	require.Equal(t, "5.0004s h2 192.168.10.202 duplicate", l.log[len(l.log)-1], "the owner defends at once")
}

// RFC 5227, 2.1.1: of two hosts that probe for an address at the same time, neither gets it.
func TestH3_SimultaneousProbesAreAConflict(t *testing.T) {
	l := newLAN(t)
	a, b := l.add(vip+"/24"), l.add(vip+"/24")
	l.run(10 * time.Second)
	require.Equal(t, Duplicate, a.NIC().State(vipAddr))
	require.Equal(t, Duplicate, b.NIC().State(vipAddr))
}

// H5: link down makes addresses unusable at once and empties the ARP cache; they stay configured, and
// detection runs again at link up.
func TestH5_MediaSense(t *testing.T) {
	l := newLAN(t)
	a, _ := l.add("192.168.10.1/24"), l.add("192.168.10.2/24")
	l.run(5 * time.Second)
	l.echoes(a, "192.168.10.2", 1)
	_, state := a.NIC().Neighbor(netip.MustParseAddr("192.168.10.2"))
	require.Equal(t, Reachable, state)

	l.net.Cables()[0].SetPlugged(false)
	require.Equal(t, Tentative, a.NIC().State(netip.MustParseAddr("192.168.10.1")))
	_, state = a.NIC().Neighbor(netip.MustParseAddr("192.168.10.2"))
	require.Equal(t, Removed, state)
	require.Equal(t, []string{"0s failure 1"}, l.echoes(a, "192.168.10.2", 1), "no link: General failure")

	l.net.Cables()[0].SetPlugged(true)
	require.Len(t, a.NIC().Addresses(), 1, "the address stayed configured")
	require.Equal(t, []string{"0s failure 1"}, l.echoes(a, "192.168.10.2", 1), "tentative again for 3 s")
	require.Equal(t, []string{"800µs reply 1"}, l.echoes(a, "192.168.10.2", 1))
}

// An address added without link waits for it, then is probed.
func TestH5_AddWithoutLink(t *testing.T) {
	l := newLAN(t)
	a := l.add("")
	l.net.Cables()[0].SetPlugged(false)
	a.NIC().Add(vipPrefix)
	l.run(time.Minute)
	require.Equal(t, Tentative, a.NIC().State(vipAddr))
	require.Empty(t, l.arps)
	l.net.Cables()[0].SetPlugged(true)
	l.run(3 * time.Second)
	require.Equal(t, Preferred, a.NIC().State(vipAddr))
}

func TestRemovedAddressIsGone(t *testing.T) {
	l := newLAN(t)
	a, b := l.add("192.168.10.1/24"), l.add("192.168.10.2/24")
	b.NIC().Add(vipPrefix)
	require.False(t, b.NIC().Add(vipPrefix), "an address is configured once")
	l.run(5 * time.Second)
	require.True(t, b.NIC().Remove(vipAddr))
	require.False(t, b.NIC().Remove(vipAddr))
	require.Equal(t, []string{"3s unreachable 1"}, l.echoes(a, vip, 1))
	require.Equal(t, []string{"800µs reply 1"}, l.echoes(a, "192.168.10.2", 1), "the other address is untouched")
}

// H7: a frozen machine neither answers nor defends; it wakes believing what it believed.
func TestH7_FrozenOwnerDoesNotDefend(t *testing.T) {
	l := newLAN(t)
	owner, other := l.add("192.168.10.1/24"), l.add("192.168.10.2/24")
	owner.NIC().Add(vipPrefix)
	l.run(5 * time.Second)
	owner.Domain().Freeze()
	other.NIC().Add(vipPrefix)
	l.run(5 * time.Second)
	require.Equal(t, Preferred, other.NIC().State(vipAddr))
	owner.Domain().Thaw()
	l.run(5 * time.Second)
	require.Equal(t, Preferred, owner.NIC().State(vipAddr), "both own it now, and nobody has noticed")
}

// H6: a machine without power has no link and answers nothing; its successor behind the same socket
// starts anew.
func TestH6_PowerLossAndBoot(t *testing.T) {
	l := newLAN(t)
	a, b := l.add("192.168.10.1/24"), l.add("192.168.10.2/24")
	l.run(5 * time.Second)
	b.PowerOff()
	l.hosts = l.hosts[:1]
	require.False(t, l.net.Cables()[1].Up())
	require.Equal(t, []string{"3s unreachable 1"}, l.echoes(a, "192.168.10.2", 1))

	again := New(l.net, b.NIC().Port(), b.NIC().MAC(), Config{Name: "h2", Boot: 2, TTL: 128, Neighbor: modern, DAD: dad3})
	l.hosts = append(l.hosts, again)
	again.NIC().Add(netip.MustParsePrefix("192.168.10.2/24"))
	again.NIC().Port().SetPower(true)
	l.run(4 * time.Second)
	require.Equal(t, []string{"800µs reply 1"}, l.echoes(a, "192.168.10.2", 1))
}

// H7: a frozen machine does not sense its link; when it wakes it acts on what the link is then.
func TestH7_FrozenMachineSensesItsLinkWhenItWakes(t *testing.T) {
	own := netip.MustParseAddr("192.168.10.1")
	for _, c := range []struct {
		name string
		back bool
		want AddressState
	}{{"still out when it wakes", false, Tentative}, {"back before it wakes", true, Preferred}} {
		l := newLAN(t)
		a := l.add("192.168.10.1/24")
		l.run(5 * time.Second)
		a.Domain().Freeze()
		sent := len(l.arps)
		l.net.Cables()[0].SetPlugged(false)
		if c.back {
			l.net.Cables()[0].SetPlugged(true)
		}
		l.run(10 * time.Second)
		require.Equal(t, Preferred, a.NIC().State(own), "%s: asleep it knows nothing of it", c.name)
		require.Len(t, l.arps, sent, "%s: asleep it sends nothing", c.name)
		a.Domain().Thaw()
		l.run(time.Second)
		require.Equal(t, c.want, a.NIC().State(own), c.name)
	}
}

// N9: a host that takes its time after link up, as Linux does, has the address then, at once and
// without a probe; an address that is added later it has at once.
func TestN9_DelayAtLinkUp(t *testing.T) {
	l := newLAN(t)
	h := l.add("192.168.10.1/24", func(cfg *Config) { cfg.DAD = DADPolicy{Delay: 820 * time.Millisecond} })
	l.run(2 * time.Second)
	h.NIC().Add(vipPrefix)
	require.Equal(t, []string{
		"0s h1 192.168.10.1 tentative", "820ms h1 192.168.10.1 preferred",
		"2s h1 192.168.10.202 tentative", "2s h1 192.168.10.202 preferred",
	}, l.log)
	require.Empty(t, l.arps)
	l.net.Cables()[0].SetPlugged(false)
	l.net.Cables()[0].SetPlugged(true)
	l.run(820 * time.Millisecond)
	require.Equal(t, Preferred, h.NIC().State(vipAddr))
}
