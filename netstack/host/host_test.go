package host

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"ipwsim/netstack/arp"
	"ipwsim/netstack/vtime"
	"ipwsim/netstack/wire"
)

var stateNames = map[AddressState]string{
	Absent: "absent", Tentative: "tentative", Preferred: "preferred", Duplicate: "duplicate",
}

// lan is hosts on one switch, with what happened to them.
type lan struct {
	s     *vtime.Scheduler
	net   *wire.Network
	sw    *wire.Switch
	hosts []*Host
	log   []string // changes of addresses
	arps  []string // ARP packets on the cable of each host that sent them
}

var modern = arp.Policy{
	BaseReachable: 30 * time.Second, MinRandomFactor: 0.5, MaxRandomFactor: 1.5,
	Retransmit: time.Second, DelayFirstProbe: 5 * time.Second, UnicastProbes: 3, MulticastProbes: 3,
	GratuitousRequest: arp.Update, GratuitousReply: arp.Update,
}

var dad3 = DADPolicy{Probes: 3, Interval: time.Second, Announcements: 1}

func newLAN(t testing.TB) *lan {
	s := vtime.NewScheduler(0, time.Date(2025, 2, 7, 16, 19, 27, 0, time.FixedZone("JST", 9*3600)))
	l := &lan{s: s, net: wire.NewNetwork(s)}
	l.sw = wire.NewSwitch(l.net, "sw1")
	l.net.AddTap(l.sniffARP)
	t.Cleanup(l.close)
	return l
}

// sniffARP notes each ARP packet where it enters the network.
func (l *lan) sniffARP(at time.Duration, c *wire.Cable, b []byte) {
	p, ok := parseARP(b[wire.HeaderLen:])
	if b[12] != 8 || b[13] != 6 || !ok || c.Name() != fmt.Sprintf("h%d", p.senderMAC[5]) {
		return
	}
	what := "reply"
	switch {
	case p.isProbe():
		what = "probe"
	case p.isGratuitous() && p.op == arpRequest:
		what = "announce"
	case p.op == arpRequest:
		what = "request"
	}
	l.arps = append(l.arps, fmt.Sprintf("%v %s %s %v", at, c.Name(), what, p.target))
}

// run lets d of virtual time pass.
func (l *lan) run(d time.Duration) { l.s.RunUntil(l.s.Now() + d) }

func (l *lan) close() {
	for _, h := range l.hosts {
		h.PowerOff()
	}
	l.s.Close()
}

func (l *lan) add(ip string, change ...func(*Config)) *Host {
	n := byte(len(l.hosts) + 1)
	name := fmt.Sprintf("h%d", n)
	cfg := Config{Name: name, Seed: 1, TTL: 128, Neighbor: modern, DAD: dad3}
	cfg.OnAddress = func(ip netip.Addr, s AddressState, owner wire.MAC) {
		l.log = append(l.log, fmt.Sprintf("%v %s %v %s", l.s.Now(), name, ip, stateNames[s]))
	}
	for _, f := range change {
		f(&cfg)
	}
	port := wire.NewPort(name, nil)
	port.SetPower(false)
	h := New(l.net, port, wire.MAC{2, 0, 0, 0, 0, n}, cfg)
	l.hosts = append(l.hosts, h)
	l.net.Connect(name, port, l.sw.AddPort(name), 100*time.Microsecond, nil)
	if ip != "" {
		h.NIC().Add(netip.MustParsePrefix(ip))
	}
	port.SetPower(true)
	return h
}

// echoes sends one echo request from a to ip each second for n seconds and returns what came of them.
func (l *lan) echoes(a *Host, ip string, n int) []string {
	var got []string
	start := l.s.Now()
	p := a.NewPinger(netip.MustParseAddr(ip), netip.Addr{}, 128, 32, PingHandler{
		Reply: func(r Reply) { got = append(got, fmt.Sprintf("%v reply %d", l.s.Now()-start, r.Seq)) },
		Unreachable: func(seq uint16, from netip.Addr) {
			got = append(got, fmt.Sprintf("%v unreachable %d", l.s.Now()-start, seq))
		},
	})
	defer p.Close()
	for seq := range n {
		if !p.Send(uint16(seq + 1)) {
			got = append(got, fmt.Sprintf("%v failure %d", l.s.Now()-start, seq+1))
		}
		l.run(time.Second)
	}
	l.run(3 * time.Second)
	return got
}
