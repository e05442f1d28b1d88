package windows

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/arp"
	"ipwsim/netstack/policy"
	"ipwsim/netstack/wire"
	"ipwsim/sim/trace"
)

const (
	flush  = "arp -d\r\n"
	ping3  = "ping -n 3 192.168.10.151 -S 192.168.10.202\r\n"
	ping4  = "ping -n 4 192.168.10.151 -S 192.168.10.202\r\n"
	ping10 = "ping -n 10 192.168.10.151 -S 192.168.10.202\r\n"
	pingR  = "ping -n 4 192.168.10.151\r\n"
)

// cured is a lab where the master is lost and the standby, which announces nothing (H4), has the
// batch file. A client of Vista's kind, which ignores gratuitous ARP, has both nodes in its cache
// and is in the standby's. It is returned as it stands when the standby has just added the VIP.
func cured(t *testing.T, text string) (*lab, *Client) {
	l := newLab(t, task(t, "standby", text, OnAddAddress), func(c *NodeConfig) { c.DAD.Announcements = 0 })
	vista := modern
	vista.GratuitousRequest, vista.GratuitousReply = arp.Ignore, arp.Ignore
	c := NewClient(l.env, "vista", trace.MAC{2, 0, 0, 0, 0, 151}, netip.MustParsePrefix("192.168.10.151/24"), vista, policy.System{DAD: dad3, TCP: tcp})
	l.connect("vista", c.Port())
	c.Start()
	t.Cleanup(c.cut)
	l.active.Start()
	l.standby.Start()
	l.run(time.Minute)
	c.Ping(vip, netip.Addr{}, 1, nil)
	l.standby.Ping(c.Address().Addr(), netip.Addr{}, 1, nil)
	l.run(s)
	l.active.PowerOff()
	for l.standby.AddressState(vip) != trace.Tentative {
		l.run(10 * ms)
	}
	return l, c
}

// owner is whom the client takes for the VIP's owner.
func (l *lab) owner(c *Client) string {
	mac, _ := c.Host().NIC().Neighbor(vip)
	for _, n := range []*Node{l.active, l.standby} {
		if mac == wire.MAC(n.cfg.MAC) {
			return n.Name()
		}
	}
	return "nobody"
}

// H11: a batch does not wait for what it has begun by `start`: who stands behind is asked at once. The task runs until all of
// it has ended.
func TestH11WhatIsStartedApart(t *testing.T) {
	for text, healed := range map[string]bool{
		flush + "ping -n 10 192.168.10.199 -S 192.168.10.202\r\n" + ping10:          false,
		flush + "start /b ping -n 10 192.168.10.199 -S 192.168.10.202\r\n" + ping10: true,
	} {
		l, c := cured(t, text)
		l.run(10 * s)
		require.Equal(t, healed, l.owner(c) == "standby", text)
		require.False(t, l.taskEnded(), text)
		l.run(time.Minute)
		require.True(t, l.taskEnded(), text)
		require.Equal(t, "standby", l.owner(c))
	}
}

// taskEnded says whether the standby's task has run to its end.
func (l *lab) taskEnded() (ended bool) {
	for _, r := range l.env.Trace.Records {
		if x, is := r.Body.(trace.Task); is && r.Host == "standby" {
			ended = x.State == trace.TaskFinished
		}
	}
	return ended
}

// H11: what heals is the ARP request, and it needs `arp -d`, the VIP as its sender, and an address
// that is tentative no more (FIELD-FACTS, surprises 4 and 6).
func TestH11_WhatHeals(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       string
	}{
		{"the guide's batch", flush + ping4, "standby"},
		{"no arp -d: the client's MAC is known, so nobody asks for it", ping4, "active"},
		{"no -S: the request comes from the real address", flush + pingR, "active"},
		{"too few pings: the address is tentative for 3 s", flush + ping3, "active"},
		{"a second round comes late enough", flush + ping3 + ping3, "standby"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, client := cured(t, c.text)
			client.BlockEcho(true) // its answers would make it probe the owner it knows
			require.Equal(t, "active", l.owner(client), "stale (N3)")
			l.run(3100 * ms)
			require.Equal(t, c.want, l.owner(client), "as soon as the address is usable")
			l.run(time.Minute)
			require.Equal(t, c.want, l.owner(client), "later pings change nothing")
		})
	}
}

// H11: a client that answers echoes heals without `arp -d` as well, but only when it has found out
// that nobody takes its answers: 5 s of DELAY and 3 s of probes later.
func TestH11_AnswersHealLate(t *testing.T) {
	l, client := cured(t, ping10)
	added := l.s.Now()
	for l.owner(client) != "standby" {
		l.run(10 * ms)
		require.Less(t, l.s.Now()-added, time.Minute)
	}
	took := l.s.Now() - added
	require.GreaterOrEqual(t, took, 11*s, "3 s tentative, 8 s to doubt the old owner")
	require.LessOrEqual(t, took, 15100*ms, "and 4 s to the next echo at most (H9)")
}

// H11: the request for the client's MAC has the VIP as its sender, with the new owner's MAC.
func TestH11_TheFrameThatHeals(t *testing.T) {
	l, client := cured(t, flush+ping4)
	type request struct {
		to, mac        wire.MAC
		sender, target netip.Addr
	}
	var seen []request
	l.env.Net.AddTap(func(_ time.Duration, c *wire.Cable, b []byte) {
		f := wire.Frame{B: b}
		isRequest := f.Type() == wire.TypeARP && binary.BigEndian.Uint16(b[20:]) == 1
		if c.Name() == "vista" && isRequest && f.Src() == wire.MAC(l.standby.cfg.MAC) && !netip.AddrFrom4([4]byte(b[28:32])).IsUnspecified() {
			seen = append(seen, request{f.Dst(), wire.MAC(b[22:28]), netip.AddrFrom4([4]byte(b[28:32])), netip.AddrFrom4([4]byte(b[38:42]))})
		}
	})
	l.run(3100 * ms)
	require.Equal(t, []request{{wire.Broadcast, wire.MAC(l.standby.cfg.MAC), vip, client.Address().Addr()}}, seen)
}
