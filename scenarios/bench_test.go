package scenarios_test

import (
	"context"
	"fmt"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/wire"
	"ipwsim/scenarios"
	"ipwsim/scenarios/script"
	clusters "ipwsim/sim/cluster"
	"ipwsim/sim/trace"
	"ipwsim/sim/world"
)

// BenchmarkFailover is one whole cable-pull run, file to verdict but for the parsing: cluster
// loaded, world made anew, cable pulled and plugged in again, all checks and expectations judged.
func BenchmarkFailover(b *testing.B) {
	s := shipped(b, "cable-pull")
	b.ReportAllocs()
	for b.Loop() {
		out, err := script.Run(context.Background(), s, script.Options{Cluster: cluster})
		require.NoError(b, err)
		require.True(b, out.Passed())
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "runs/s")
}

// BenchmarkHop is the cost of one frame on one cable, with every client of a world pinging the VIP:
// ns/hop of the 300 clients is to be held against that of the one.
func BenchmarkHop(b *testing.B) {
	for _, clients := range []int{1, 300} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) { benchmarkHop(b, segment(b, clients)) })
	}
	b.Run("routed=1000", func(b *testing.B) { benchmarkHop(b, routed(b, 4, 250)) })
}

func benchmarkHop(b *testing.B, bp *clusters.Blueprint) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	w := pinging(b, bp)
	defer w.Close()
	runtime.GC()
	runtime.ReadMemStats(&after)
	hops := 0
	w.Network().AddTap(func(time.Duration, *wire.Cable, []byte) { hops++ })
	for b.Loop() {
		w.RunUntil(w.Now() + time.Second)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(hops), "ns/hop")
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1024/float64(len(bp.Clients)), "kB/client")
	b.ReportMetric(0, "ns/op")
}

// segment is the guide's cluster with so many clients on its switch.
func segment(t testing.TB, clients int) *clusters.Blueprint {
	bp, problems := clusters.Load(scenarios.Clusters(), "guide")
	require.NoError(t, problems.Err())
	first := bp.Clients[0]
	bp.Clients = nil
	for i := range clients {
		c := first
		c.Name = fmt.Sprintf("client%d", i+1)
		c.MAC = trace.MAC{2, 0, 0, 1, byte(i >> 8), byte(i)}
		c.Address = netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 168, byte(8 + i/200), byte(1 + i%200)}), 20)
		bp.Clients = append(bp.Clients, c)
	}
	for i := range bp.Nodes {
		bp.Nodes[i].Address = netip.PrefixFrom(bp.Nodes[i].Address.Addr(), 20)
	}
	return bp
}

// routed is the l3 cluster with so many offices behind its L3 switch, each with so many clients.
func routed(t testing.TB, offices, clients int) *clusters.Blueprint {
	bp, problems := clusters.Load(scenarios.Clusters(), "l3")
	require.NoError(t, problems.Err())
	router, client := &bp.Routers[0], bp.Clients[0]
	router.Interfaces, bp.Clients, bp.Switches = router.Interfaces[:1], nil, bp.Switches[:1]
	for o := range offices {
		office := fmt.Sprintf("office%d", o+1)
		subnet := func(host byte) netip.Prefix {
			return netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 168, byte(20 + o), host}), 24)
		}
		bp.Switches = append(bp.Switches, clusters.Switch{Name: office, PortFast: true, MACAge: wire.MACAge})
		i := router.Interfaces[0]
		i.Address, i.Switch, i.MAC = subnet(254), office, trace.MAC{2, 0, 0, 2, 1, byte(2 + o)}
		router.Interfaces = append(router.Interfaces, i)
		for n := range clients {
			c := client
			c.Name = fmt.Sprintf("client%d-%d", o+1, n+1)
			c.MAC = trace.MAC{2, 0, 0, 1, byte(o), byte(n)}
			c.Address, c.Gateway, c.Switch = subnet(byte(1+n)), subnet(254).Addr(), office
			bp.Clients = append(bp.Clients, c)
		}
	}
	return bp
}

// pinging is a world in which every client pings the VIP and is answered, after a minute.
func pinging(t testing.TB, bp *clusters.Blueprint) *world.World {
	w := world.New(bp, world.Options{Scenario: "hops", Seed: 1})
	w.Settle()
	for _, c := range bp.Clients {
		require.NoError(t, w.Ping(c.Name, bp.VIPs[0]))
		w.RunUntil(w.Now() + 3*time.Millisecond) // not all at one instant
	}
	w.RunUntil(time.Minute)
	answered := map[string]bool{}
	for _, r := range w.Trace().Records {
		if l, ok := r.Body.(trace.PingLine); ok && l.Outcome == trace.Replied {
			answered[r.Host] = true
		}
	}
	require.Len(t, answered, len(bp.Clients), "every client is answered")
	return w
}
