package host

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/vtime"
	"ipwsim/netstack/wire"
)

// lan is hosts on one switch, with what happened to them.
type lan struct {
	s     *vtime.Scheduler
	net   *wire.Network
	sw    *wire.Switch
	hosts []*Host
	log   []string
}

var modern = NeighborPolicy{
	BaseReachable: 30 * time.Second, MinRandomFactor: 0.5, MaxRandomFactor: 1.5,
	Retransmit: time.Second, DelayFirstProbe: 5 * time.Second, UnicastProbes: 3, MulticastProbes: 3,
	GratuitousRequest: Update, GratuitousReply: Update,
}

var dad3 = DADPolicy{Probes: 3, Interval: time.Second, Announcements: 1}

func newLAN(t testing.TB) *lan {
	s := vtime.NewScheduler(0, time.Date(2025, 2, 7, 16, 19, 27, 0, time.FixedZone("JST", 9*3600)))
	l := &lan{s: s, net: wire.NewNetwork(s)}
	l.sw = wire.NewSwitch(l.net, "sw1")
	t.Cleanup(l.close)
	return l
}

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
		l.log = append(l.log, fmt.Sprintf("%v %s %v %d", l.s.Now(), name, ip, s))
	}
	for _, f := range change {
		f(&cfg)
	}
	h := New(l.net, wire.MAC{2, 0, 0, 0, 0, n}, cfg)
	l.hosts = append(l.hosts, h)
	l.net.Connect(name, h.NIC().Port(), l.sw.AddPort(name), 100*time.Microsecond, nil)
	if ip != "" {
		h.NIC().Add(netip.MustParsePrefix(ip))
	}
	return h
}

func TestPing(t *testing.T) {
	l := newLAN(t)
	a, b := l.add("192.168.10.1/24"), l.add("192.168.10.2/24")
	_ = b
	l.s.RunUntil(4 * time.Second)
	var got []string
	p := a.NewPinger(netip.MustParseAddr("192.168.10.2"), netip.Addr{}, 128, 32, PingHandler{
		Reply:       func(r Reply) { got = append(got, fmt.Sprint(l.s.Now(), r)) },
		Unreachable: func(seq uint16) { got = append(got, fmt.Sprint(l.s.Now(), " unreachable ", seq)) },
	})
	require.True(t, p.Send(1))
	l.s.RunUntil(5 * time.Second)
	require.True(t, p.Send(2))
	l.s.RunUntil(10 * time.Second)
	q := a.NewPinger(netip.MustParseAddr("192.168.10.9"), netip.Addr{}, 128, 32, PingHandler{
		Unreachable: func(seq uint16) { got = append(got, fmt.Sprint(l.s.Now(), " unreachable ", seq)) },
	})
	require.True(t, q.Send(1))
	l.s.RunUntil(20 * time.Second)
	for _, g := range got {
		t.Log(g)
	}
	t.Log(l.log)
}
