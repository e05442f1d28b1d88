package windows

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core"
	"ipwsim/netstack/host"
	"ipwsim/netstack/wire"
	"ipwsim/sim/trace"
)

// tapARP notes the ARP packets about an address that enter the network at the machine's cable.
func (l *lab) tapARP(m *Machine, ip netip.Addr) *[]string {
	var seen []string
	l.env.Net.AddTap(func(at time.Duration, c *wire.Cable, b []byte) {
		if c.Name() != m.Name() || [6]byte(b[6:12]) != [6]byte(m.mac) || b[12] != 8 || b[13] != 6 || [4]byte(b[38:42]) != ip.As4() {
			return
		}
		sender, what := netip.AddrFrom4([4]byte(b[28:32])), "request"
		switch {
		case sender.IsUnspecified():
			what = "probe"
		case sender == ip:
			what = "announcement"
		}
		seen = append(seen, fmt.Sprintf("%v %s", at, what))
	})
	return &seen
}

// The times of a VIP that the watcher adds, by the server's profile: added at 34.05 s, 33.55 s after
// the first check and half a second of netsh.
func TestH3_H4_TheAddedVIP(t *testing.T) {
	for _, c := range []struct {
		profile string
		dad     host.DADPolicy
		arp     []string
		usable  time.Duration
	}{
		{"srv-2003", host.DADPolicy{Announcements: 1}, []string{"31.05s announcement"}, 31050 * ms},
		{"srv-2008", host.DADPolicy{Probes: 3, Interval: s}, []string{"34.05s probe", "35.05s probe", "36.05s probe"}, 37050 * ms},
		{"srv-2012plus", dad3, []string{"34.05s probe", "35.05s probe", "36.05s probe", "37.05s announcement"}, 37050 * ms},
	} {
		l := newLab(t, func(cfg *NodeConfig) { cfg.DAD = c.dad })
		l.active.Start()
		l.run(30*s + c.dad.Duration()) // past the polls of W11, which ask for the VIP too
		seen := l.tapARP(l.active.Machine, vip)
		l.run(c.usable - l.s.Now() - 1)
		require.NotEqual(t, trace.Preferred, l.active.AddressState(vip), "H3: not usable before its probes, %s", c.profile)
		l.run(1)
		require.Equal(t, trace.Preferred, l.active.AddressState(vip), "H3: 3 probes 1 s apart, %s", c.profile)
		l.run(10 * s)
		require.Equal(t, c.arp, (*seen)[len(*seen)-len(c.arp):], "H3, H4: what %s sends for the VIP", c.profile)
	}
}

// H5: with the cable out every address is unusable at once and the ARP cache is empty; the addresses
// stay configured. With the cable in, detection runs again. The watcher releases nothing (W19).
func TestH5_CablePull(t *testing.T) {
	l := settled(t)
	l.cables["active"].SetPlugged(false)
	require.Equal(t, []string{"link down", "192.168.10.200 tentative", "192.168.10.202 tentative"},
		l.story("active", "link", "address"), "H5: addresses unusable at once")
	_, state := l.active.Host().NIC().Neighbor(l.standby.Address().Addr())
	require.Equal(t, host.Removed, state, "H5: ARP cache flushed")
	require.Len(t, l.active.Host().NIC().Addresses(), 2, "H5: the configured addresses stay")
	l.run(s)
	l.skip()
	l.cables["active"].SetPlugged(true)
	l.run(3*s - 1)
	require.Equal(t, []string{"link up"}, l.story("active", "link", "address", "watch"), "H5: detection again, 3 s")
	l.run(1)
	require.Equal(t, []string{"link up", "192.168.10.200 preferred", "192.168.10.202 preferred"},
		l.story("active", "link", "address", "watch"), "W19: a one-second flap releases nothing")
}

// H5, W19, W16: after a long pull the address is Duplicate, goes, and comes back from the peer.
func TestH5_W19_CableReturnsToATakenVIP(t *testing.T) {
	l := settled(t)
	l.cables["active"].SetPlugged(false)
	l.run(time.Minute)
	l.skip()
	l.cables["active"].SetPlugged(true)
	l.run(10 * s)
	require.Equal(t, []string{
		"192.168.10.202 duplicate", "releasing W19", "192.168.10.202 absent", "polling W11",
		"192.168.10.200 preferred", "taking W16",
		"192.168.10.202 tentative", "192.168.10.202 preferred", "held W8",
	}, l.story("active", "address", "watch"), "W19: a Duplicate is deleted, then W16")
	require.Equal(t, trace.Absent, l.standby.AddressState(vip), "C1: one holder")
}

// W11: every poll is an echo on its way, or an ARP request for one. Polls come exactly when the
// resolution before them gives up, with the default PingTimeout.
func TestW11_EveryPollReachesTheWire(t *testing.T) {
	l := newLab(t)
	seen := l.tapARP(l.active.Machine, vip)
	l.active.Start()
	l.run(33 * s)
	var want []string
	for at := 3550 * ms; at < 33*s; at += s {
		want = append(want, fmt.Sprintf("%v request", at))
	}
	require.Equal(t, want, *seen, "W11: one echo each PingTimeout, each asking three times for the VIP's MAC")
}

// W11: answered within PingTimeout or missed: an answer to the poll before does not count for this one.
func TestW11_LateAnswersAreMissed(t *testing.T) {
	for by, want := range map[time.Duration][]string{2900 * ms: nil, 3100 * ms: {"taking W12", "releasing W20", "polling W11"}} {
		l := settled(t)
		l.delayed(l.standby.Machine, by)
		l.skip()
		l.run(36 * s)
		require.Equal(t, want, l.story("standby", "watch"), "W11: PingTimeout 3 s, answers after %v", by)
	}
}

// The port keeps the time itself, though no other poll comes after.
func TestW11_LateAnswerToTheLastPoll(t *testing.T) {
	for by, want := range map[time.Duration]int{2900 * ms: 1, 3100 * ms: 0} {
		l := idle(t)
		l.delayed(l.active.Machine, by)
		l.run(4 * s)
		answers := 0
		newService(l.active).Echo(l.client.Address().Addr(), 3*s, func() { answers++ })
		l.run(time.Minute)
		require.Equal(t, want, answers, "W11: PingTimeout 3 s, the answer after %v", by)
	}
}

// H7: nothing runs while frozen; then the machine goes on with what it believed.
func TestH7_FreezeAndResume(t *testing.T) {
	l := settled(t)
	require.True(t, l.active.Freeze())
	require.Equal(t, []string{"power frozen"}, l.story("active", "power"))
	l.skip()
	l.run(time.Minute)
	for _, r := range l.env.Trace.Records[l.seen:] {
		require.NotEqual(t, "active", r.Host, "H7: nothing runs while frozen, but at %v: %+v", r.At, r.Body)
	}
	require.True(t, l.cables["active"].Up(), "H7: the link stays")
	require.Equal(t, trace.Preferred, l.standby.AddressState(vip), "W12: to the slave the VIP is free")
	l.skip()
	require.True(t, l.active.Resume())
	require.Equal(t, trace.Preferred, l.active.AddressState(vip), "H7: it still believes that it holds the VIP")
	l.run(s)
	require.Equal(t, []string{"releasing W15", "192.168.10.202 absent", "polling W11"}, l.story("standby", "watch", "address"),
		"W17: the master asserts the VIP, which ends the split brain")
	require.Equal(t, trace.Preferred, l.active.AddressState(vip))
}

// H7: a slave that was frozen while it polled has no evidence that the VIP is free.
func TestH7_FrozenSlaveDoesNotTakeTheVIP(t *testing.T) {
	l := settled(t)
	l.standby.Freeze()
	l.run(time.Hour)
	l.skip()
	l.standby.Resume()
	l.run(time.Minute)
	require.Empty(t, l.story("standby", "watch", "address"), "H7, W12: the count starts anew after a freeze")
}

// H8: with its firewall closed for echo requests the holder looks dead to the peer, which tries to
// take the VIP again and again and finds it Duplicate each time (W20).
func TestH8_BlockedEchoMakesThePeerTry(t *testing.T) {
	l := settled(t)
	require.True(t, l.active.BlockEcho(true))
	require.False(t, l.active.BlockEcho(true), "a fault that changes nothing says false")
	l.run(2 * time.Minute)
	try := func(why string) []string {
		return []string{"taking " + why, "192.168.10.202 tentative", "192.168.10.202 duplicate", "releasing W20", "192.168.10.202 absent", "polling W11"}
	}
	require.Equal(t, slices.Concat(try("W12"), try("W13")), l.story("standby", "watch", "address")[:12], "H8: DAD conflict again and again")
	require.Equal(t, trace.Preferred, l.active.AddressState(vip), "H3: the owner keeps its address")
	require.True(t, l.active.BlockEcho(false))
	require.False(t, l.active.BlockEcho(false))
}

// H8: the firewall is a setting: it outlives a reboot, and can be changed without power.
func TestH8_FirewallOutlivesAReboot(t *testing.T) {
	l := newLab(t)
	require.True(t, l.active.BlockEcho(true))
	require.True(t, l.active.BlockPipe(true))
	require.False(t, l.active.BlockPipe(true))
	l.active.Start()
	l.run(5 * s)
	p := l.client.Ping(l.active.Address().Addr(), netip.Addr{}, 1, nil)
	_, took, err := l.call(l.client.Machine, l.active.Address().Addr(), releaseRequest(vip, core.Master))
	require.Equal(t, errHostDown, err, "H8: the pipe's firewall")
	require.Equal(t, 21*s, took)
	require.Zero(t, p.received, "H8: the echo's firewall")
}
