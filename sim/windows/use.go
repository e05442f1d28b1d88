package windows

import (
	"net/netip"
	"time"

	"ipwsim/netstack/host"
	"ipwsim/sim/trace"
)

// Use makes the machine's programs use the address after the first time, the second time from then, and every so
// often: its ARP cache knows the address as those of people's machines do. While ping.exe asks for the address
// nothing more is sent.
//
// Inferred: an echo request stands for whatever the programs send.
func (c *Client) Use(vip netip.Addr, first, second, every time.Duration) {
	u := &use{client: c, vip: vip, every: every}
	u.pinger = c.host.NewPinger(vip, netip.Addr{}, windowsTTL, PingBytes, host.PingHandler{})
	c.host.Domain().After(first, func() {
		c.env.Record(c.name, trace.Use{VIP: vip})
		u.send()
		c.host.Domain().After(second, u.again)
	})
}

// use is programs of a client using one VIP.
type use struct {
	client *Client
	vip    netip.Addr
	every  time.Duration
	pinger *host.Pinger
	seq    uint16
}

func (u *use) send() {
	if u.client.pinging[u.vip] == 0 {
		u.seq++
		u.pinger.Send(u.seq)
	}
}

func (u *use) again() {
	u.send()
	u.client.host.Domain().After(u.every, u.again)
}
