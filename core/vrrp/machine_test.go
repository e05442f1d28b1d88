package vrrp

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/core"
)

var (
	vip    = netip.MustParseAddr("192.168.10.202")
	second = netip.MustParseAddr("192.168.10.203")
	own    = netip.MustParseAddr("192.168.10.200")
	peer   = netip.MustParseAddr("192.168.10.201")
)

const (
	iface = "イーサネット"
	s     = time.Second
	ms    = time.Millisecond
)

// rig drives a machine and tells its actions in words.
type rig struct {
	t   *testing.T
	m   *Machine
	now time.Duration
	ran int
}

func newRig(t *testing.T, change func(*Settings), vips ...netip.Addr) *rig {
	set := DefaultSettings()
	set.Own = own
	if change != nil {
		change(&set)
	}
	var entries []core.Entry
	for _, ip := range vips {
		entries = append(entries, core.Entry{Peer: `\\peer`, VIP: ip, Interface: iface})
	}
	return &rig{t: t, m: New(set, entries)}
}

// told is an action in words.
func (r *rig) told(a core.Action) string {
	switch a := a.(type) {
	case core.Run:
		r.ran = a.ID
		switch c := a.Command.(type) {
		case core.AddAddress:
			return "add " + last(c.VIP)
		case core.DeleteAddress:
			return "delete " + last(c.VIP)
		}
	case core.StateChanged:
		return fmt.Sprintf("%s %s (%s, %s)", last(a.VIP), a.State, a.Why, Rule(a.Why))
	case core.Advertise:
		p, ok := parse(own, a.Packet)
		require.True(r.t, ok)
		return fmt.Sprint("advertise ", p.priority)
	case core.Announce:
		return "announce " + last(a.VIP)
	case core.WriteEvent:
		return fmt.Sprint("event ", a.ID)
	case core.Stopped:
		return "stopped"
	case core.JoinAdverts:
		return "join"
	case core.LeaveAdverts:
		return "leave"
	}
	return fmt.Sprintf("%T", a)
}

func last(ip netip.Addr) string { return fmt.Sprint(".", ip.As4()[3]) }

// on feeds an event and wants these actions, parted by semicolons.
func (r *rig) on(ev core.Event, want string) {
	r.t.Helper()
	var got []string
	for _, a := range r.m.Step(r.now, ev) {
		got = append(got, r.told(a))
	}
	require.Equal(r.t, want, strings.Join(got, "; "), "at %v", r.now)
}

// at lets the time come and wants what is due then, and nothing before.
func (r *rig) at(t time.Duration, want string) {
	r.t.Helper()
	due, waits := r.m.Deadline()
	require.True(r.t, waits, "it waits for a time")
	require.Equal(r.t, t, due)
	r.now = t
	r.on(core.Tick{}, want)
}

func (r *rig) done(exit int, want string) {
	r.t.Helper()
	r.on(core.CommandDone{ID: r.ran, Exit: exit}, want)
}

func (r *rig) address(ip netip.Addr, a core.AddressState, want string) {
	r.t.Helper()
	r.on(core.AddressChanged{VIP: ip, State: a}, want)
}

// hears feeds an advertisement of the peer.
func (r *rig) hears(priority byte, want string) {
	r.t.Helper()
	a := advert{router: 51, priority: priority, interval: s, vips: []netip.Addr{vip}}
	r.on(core.Advertised{From: peer, Packet: a.packet(peer)}, want)
}

// listening is a rig whose machine is a backup since 0 s.
func listening(t *testing.T, change func(*Settings)) *rig {
	t.Helper()
	r := newRig(t, change, vip)
	r.on(core.Start{}, ".202 releasing (start, W5); delete .202")
	r.done(1, "join; .202 polling (first check, W5)")
	return r
}

// mastering is a rig whose machine holds the VIP since 3.609375 s.
func mastering(t *testing.T) *rig {
	t.Helper()
	r := listening(t, nil)
	r.at(3609375*time.Microsecond, "advertise 100; .202 taking (master down, V2); add .202")
	r.address(vip, core.Preferred, ".202 held (added, W8); announce .202")
	r.done(0, "event 100")
	return r
}

func TestV2_Times(t *testing.T) {
	for priority, want := range map[byte]time.Duration{100: 3609375, 254: 3007812, 1: 3996093, 150: 3414062} {
		set := DefaultSettings()
		set.Priority = priority
		require.Equal(t, want, set.Down()/time.Microsecond)
	}
}

// V1, V2: nobody is heard, so the backup becomes master, advertises each second and announces again.
func TestV2_MasterDown(t *testing.T) {
	r := mastering(t)
	for i := range 4 {
		r.at(time.Duration(4609375+i*1000000)*time.Microsecond, "advertise 100")
	}
	r.at(8609375*time.Microsecond, "announce .202; advertise 100")
}

// V2: each advertisement of the master begins the wait anew.
func TestV2_MasterIsThere(t *testing.T) {
	r := listening(t, nil)
	for r.now = s; r.now < 20*s; r.now += 3 * s {
		r.hears(150, "")
	}
	r.at(19*s+3609375*time.Microsecond, "advertise 100; .202 taking (master down, V2); add .202")
}

// V3: a backup does not heed a lower master, unless it is not to preempt.
func TestV3_Preemption(t *testing.T) {
	for _, preempts := range []bool{true, false} {
		r := listening(t, func(set *Settings) { set.Preempt = preempts })
		r.now = 2 * s
		r.hears(90, "")
		if preempts {
			r.at(3609375*time.Microsecond, "advertise 100; .202 taking (master down, V2); add .202")
		} else {
			r.at(5609375*time.Microsecond, "advertise 100; .202 taking (master down, V2); add .202")
		}
	}
}

// V3: of two masters the higher priority stays, or the higher address.
func TestV3_TwoMasters(t *testing.T) {
	for priority, want := range map[byte]string{
		99:  "advertise 100; announce .202",
		100: ".202 releasing (outranked, V3); delete .202",
		101: ".202 releasing (outranked, V3); delete .202",
	} {
		mastering(t).hears(priority, want)
	}
	r := mastering(t)
	r.hears(101, ".202 releasing (outranked, V3); delete .202")
	r.address(vip, core.Absent, ".202 polling (given up, V8)")
	r.done(0, "")
}

// V4: a master that stops says so once the VIP is gone; the other takes it after the skew time.
func TestV4_Stop(t *testing.T) {
	r := mastering(t)
	r.on(core.Stop{}, ".202 releasing (stop, W6); delete .202")
	r.at(4609375*time.Microsecond, "advertise 100")
	r.address(vip, core.Absent, "")
	r.done(0, "advertise 0; leave; stopped")
	r.on(core.Tick{}, "")
	_, waits := r.m.Deadline()
	require.False(t, waits)

	other := listening(t, nil)
	other.now = s
	other.hears(150, "")
	other.hears(0, "")
	other.at(s+609375*time.Microsecond, "advertise 100; .202 taking (resigned, V4); add .202")
}

// V4: one that is no master has nothing to say, and one that never started neither.
func TestV4_StopOfABackup(t *testing.T) {
	listening(t, nil).on(core.Stop{}, ".202 releasing (stop, W6); leave; stopped")
	newRig(t, nil, vip).on(core.Stop{}, "stopped")
}

// W6: a delete that fails does not keep the service from stopping.
func TestV4_StopWhoseDeleteFails(t *testing.T) {
	r := mastering(t)
	r.on(core.Stop{}, ".202 releasing (stop, W6); delete .202")
	r.done(1, "advertise 0; leave; stopped")
}

// W6: an add that was under way is undone, whether the interface has spoken of it yet or not.
func TestV4_StopDuringAnAdd(t *testing.T) {
	for _, spoken := range []bool{false, true} {
		r := listening(t, nil)
		r.at(3609375*time.Microsecond, "advertise 100; .202 taking (master down, V2); add .202")
		r.on(core.Stop{}, ".202 releasing (stop, W6)")
		if spoken {
			r.address(vip, core.Tentative, "")
		}
		r.done(0, "event 100; delete .202")
		if !spoken {
			r.address(vip, core.Tentative, "")
		}
		r.address(vip, core.Absent, "")
		r.done(0, "advertise 0; leave; stopped")
	}
}

// W6: a duplicate that was to be tried again later goes at once.
func TestV4_StopWithADuplicate(t *testing.T) {
	r := listening(t, nil)
	r.at(3609375*time.Microsecond, "advertise 100; .202 taking (master down, V2); add .202")
	r.address(vip, core.Duplicate, "")
	r.done(0, "event 100")
	r.on(core.Stop{}, ".202 releasing (stop, W6); delete .202")
	r.address(vip, core.Absent, "")
	r.done(0, "advertise 0; leave; stopped")
}

// V5: without a network nothing is advertised or taken; with it back all begins anew.
func TestV5_LinkLost(t *testing.T) {
	r := mastering(t)
	r.on(core.NetworkDown{Interface: "another"}, "")
	r.on(core.NetworkDown{Interface: iface}, ".202 releasing (link lost, V5); delete .202")
	r.address(vip, core.Absent, ".202 polling (given up, V8)")
	r.done(0, "")
	_, waits := r.m.Deadline()
	require.False(t, waits)
	r.now = 20 * s
	r.on(core.NetworkUp{Interface: iface}, "")
	r.at(23609375*time.Microsecond, "advertise 100; .202 taking (master down, V2); add .202")
}

// V6: a node that cannot add lets another one go first, and is a master of the lowest priority then.
func TestV6_AddFails(t *testing.T) {
	r := listening(t, nil)
	r.at(3609375*time.Microsecond, "advertise 100; .202 taking (master down, V2); add .202")
	r.done(1, "advertise 0; .202 polling (add failed, V6)")
	r.now = 5 * s
	r.hears(90, "")
	r.at(8996093750*time.Nanosecond, "advertise 1; .202 taking (master down, V2); add .202")
	r.address(vip, core.Preferred, ".202 held (added, W8); announce .202")
	r.hears(90, "advertise 100; announce .202")
}

// V6: so is one whose command lies (H2).
func TestV6_AddLies(t *testing.T) {
	r := listening(t, nil)
	r.at(3609375*time.Microsecond, "advertise 100; .202 taking (master down, V2); add .202")
	r.done(0, "event 100")
	r.at(4609375*time.Microsecond, "advertise 0; .202 polling (not added, V6)")
}

// V6: an address that another host has still is tried again.
func TestV6_Duplicate(t *testing.T) {
	r := listening(t, nil)
	r.at(3609375*time.Microsecond, "advertise 100; .202 taking (master down, V2); add .202")
	r.address(vip, core.Tentative, "")
	r.done(0, "event 100")
	r.address(vip, core.Duplicate, "")
	r.at(4609375*time.Microsecond, "advertise 100; delete .202")
	r.address(vip, core.Absent, "")
	r.done(0, "add .202")
	r.address(vip, core.Preferred, ".202 held (added, W8); announce .202")
}

// H7: a backup that was frozen has heard nobody, and waits anew.
func TestV2_Overslept(t *testing.T) {
	r := listening(t, nil)
	r.now = 100 * s
	r.on(core.Tick{}, "")
	r.at(103609375*time.Microsecond, "advertise 100; .202 taking (master down, V2); add .202")
}

// W8: one command at a time, for all VIPs of the virtual router.
func TestV1_TwoVIPs(t *testing.T) {
	r := newRig(t, nil, vip, second)
	r.on(core.Start{}, ".202 releasing (start, W5); .203 releasing (start, W5); delete .202")
	r.done(1, "delete .203")
	r.done(1, "join; .202 polling (first check, W5); .203 polling (first check, W5)")
	r.at(3609375*time.Microsecond, "advertise 100; .202 taking (master down, V2); .203 taking (master down, V2); add .202")
	r.address(vip, core.Preferred, ".202 held (added, W8); announce .202")
	r.done(0, "event 100; add .203")
}

// V1: what somebody else put on the interface of a backup goes.
func TestV1_Found(t *testing.T) {
	r := listening(t, nil)
	r.address(vip, core.Preferred, ".202 releasing (found, V8); delete .202")
}

// RFC 5798, 5.2: what is read is what was written; anything else is not.
func TestV1_Packet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := advert{
			router: rapid.Byte().Draw(t, "router"), priority: rapid.Byte().Draw(t, "priority"),
			interval: time.Duration(rapid.IntRange(1, 4095).Draw(t, "interval")) * hundredth,
		}
		for range rapid.IntRange(0, 5).Draw(t, "vips") {
			a.vips = append(a.vips, netip.AddrFrom4([4]byte{10, 0, 0, rapid.Byte().Draw(t, "vip")}))
		}
		b := a.packet(own)
		got, ok := parse(own, b)
		require.True(t, ok)
		require.Equal(t, a, got)
		b[rapid.IntRange(0, len(b)-1).Draw(t, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		_, ok = parse(own, b)
		require.False(t, ok, "a damaged one")
		_, ok = parse(own, b[:rapid.IntRange(0, len(b)-1).Draw(t, "length")])
		require.False(t, ok, "one cut short")
	})
}

// Another virtual router's advertisements are not heeded.
func TestV1_AnotherRouter(t *testing.T) {
	a := advert{router: 52, priority: 200, interval: s, vips: []netip.Addr{vip}}
	mastering(t).on(core.Advertised{From: peer, Packet: a.packet(peer)}, "")
}

// V8: what the start's delete has left on the interface is deleted again an advert later.
func TestV8_WhatTheStartHasLeft(t *testing.T) {
	r := newRig(t, nil, vip)
	r.on(core.Start{}, ".202 releasing (start, W5); delete .202")
	r.address(vip, core.Preferred, "")
	r.now = ms
	r.done(1, "join")
	r.at(s+ms, "delete .202")
	r.address(vip, core.Absent, ".202 polling (first check, W5)")
	r.done(0, "")
}

// V2, V8: a VIP that somebody has deleted is added again, and is not announced meanwhile.
func TestV2_WhatIsGoneIsNotAnnounced(t *testing.T) {
	r := mastering(t)
	for i := range 4 {
		r.at(3609375*time.Microsecond+time.Duration(i+1)*s, "advertise 100")
	}
	r.address(vip, core.Absent, ".202 taking (gone, V8); add .202")
	r.at(8609375*time.Microsecond, "advertise 100")
	r.address(vip, core.Preferred, ".202 held (added, W8); announce .202")
}
