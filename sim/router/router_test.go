package router_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/arp"
	"ipwsim/netstack/host"
	"ipwsim/netstack/vtime"
	"ipwsim/netstack/wire"
	"ipwsim/sim/router"
	"ipwsim/sim/trace"
)

// lab is a router with a host on each side, and the router's records.
type lab struct {
	s      *vtime.Scheduler
	net    *wire.Network
	router *router.Router
	hosts  [2]*host.Host
	log    []string
	arps   int // ARP frames the router sent
}

var policy = arp.Policy{
	Age: 10 * time.Minute, Retransmit: time.Second, MulticastProbes: 3, GratuitousRequest: arp.Update,
}

func newLab(t *testing.T) *lab {
	s := vtime.NewScheduler(0, time.Date(2025, 2, 7, 16, 19, 27, 0, time.UTC))
	l := &lab{s: s, net: wire.NewNetwork(s)}
	l.router = router.New(l.net, router.Config{
		Name: "core1", Seed: 1, Neighbor: policy,
		Interfaces: []router.Interface{
			{Address: netip.MustParsePrefix("10.0.1.1/24"), MAC: trace.MAC{2, 0, 0, 2, 1, 1}},
			{Address: netip.MustParsePrefix("10.0.2.1/24"), MAC: trace.MAC{2, 0, 0, 2, 1, 2}},
		},
		Record: func(name string, b trace.Body) {
			l.log = append(l.log, fmt.Sprintf("%v %s %v", s.Now(), name, b))
		},
	})
	l.net.AddTap(func(_ time.Duration, _ *wire.Cable, b []byte) {
		if b[12] == 8 && b[13] == 6 && b[9] == 2 {
			l.arps++
		}
	})
	for i := range l.hosts {
		l.connect(i)
	}
	t.Cleanup(func() {
		for _, h := range l.hosts {
			h.PowerOff()
		}
		l.router.Stop()
		s.Close()
	})
	return l
}

func (l *lab) connect(i int) {
	name := fmt.Sprintf("pc%d", i+1)
	port := wire.NewPort(name, nil)
	port.SetPower(false)
	h := host.New(l.net, port, wire.MAC{2, 0, 0, 0, 0, byte(i + 1)}, host.Config{Name: name, Seed: 1, TTL: 128, Neighbor: policy})
	l.net.Connect(name, port, l.router.Port(i), 100*time.Microsecond, nil)
	h.NIC().Add(netip.MustParsePrefix(fmt.Sprintf("10.0.%d.9/24", i+1)))
	h.SetGateway(netip.MustParseAddr(fmt.Sprintf("10.0.%d.1", i+1)))
	port.SetPower(true)
	l.hosts[i] = h
}

// pings sends one echo request from the first host to the second.
func (l *lab) pings() (answered bool) {
	p := l.hosts[0].NewPinger(netip.MustParseAddr("10.0.2.9"), netip.Addr{}, 128, 32, host.PingHandler{
		Reply: func(r host.Reply) { answered = r.TTL == 127 },
	})
	defer p.Close()
	p.Send(1)
	l.s.RunUntil(l.s.Now() + 10*time.Second)
	return answered
}

// A router uses its addresses at once, with one announcement each, and notes what befalls it.
func TestStart(t *testing.T) {
	l := newLab(t)
	require.False(t, l.pings(), "no power yet")
	l.router.Start()
	l.s.RunUntil(11 * time.Second)
	require.Equal(t, 2, l.arps)
	require.Equal(t, []string{
		"10s core1 {10.0.1.1 tentative 00-00-00-00-00-00}",
		"10s core1 {10.0.2.1 tentative 00-00-00-00-00-00}",
		"10s core1 {on}",
		"10s core1 {10.0.1.1 preferred 00-00-00-00-00-00}",
		"10s core1 {10.0.2.1 preferred 00-00-00-00-00-00}",
	}, l.log)
}

// N5: it routes between its subnets, and each interface learns its own neighbours for the age of the
// profile.
func TestN5_RoutesAndLearns(t *testing.T) {
	l := newLab(t)
	l.router.Start()
	l.s.RunUntil(time.Second)
	l.log = nil
	require.True(t, l.pings())
	require.Equal(t, []string{
		"1.0001s core1 {10.0.1.9 02-00-00-00-00-01 stale}",
		"1.0001s core1 {10.0.1.9 02-00-00-00-00-01 reachable}",
		"1.0003s core1 {10.0.2.9 00-00-00-00-00-00 incomplete}",
	}, l.log[:3])
	for i, ip := range []string{"10.0.1.9", "10.0.2.9"} {
		mac, _ := l.router.Host().NICs()[i].Neighbor(netip.MustParseAddr(ip))
		require.Equal(t, wire.MAC{2, 0, 0, 0, 0, byte(i + 1)}, mac)
	}
	l.s.RunUntil(11 * time.Minute)
	require.Contains(t, l.log[len(l.log)-1], "removed")
}

// The states' names are the trace's.
func TestStateNames(t *testing.T) {
	for s, want := range map[host.AddressState]trace.AddressState{
		host.Absent: trace.Absent, host.Tentative: trace.Tentative, host.Preferred: trace.Preferred, host.Duplicate: trace.Duplicate,
	} {
		require.Equal(t, string(want), s.String())
	}
	for s, want := range map[host.NeighborState]trace.NeighborState{
		host.Removed: trace.Removed, host.Incomplete: trace.Incomplete, host.Reachable: trace.Reachable, host.Stale: trace.Stale,
		host.Delay: trace.Delay, host.Probe: trace.Probe, host.Unreachable: trace.Unreachable,
	} {
		require.Equal(t, string(want), s.String())
	}
}
