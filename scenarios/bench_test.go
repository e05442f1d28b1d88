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
	"ipwsim/sim/finding"
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
		require.Equal(b, finding.Well, out.Outcome())
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "runs/s")
}

// BenchmarkHop is the cost of one frame on one cable, with every client of a world pinging the VIP:
// ns/hop of many clients is to be held against that of the one. In the offices there are a core and
// four L3 switches on the way.
func BenchmarkHop(b *testing.B) {
	for _, clients := range []int{1, 300} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) { benchmarkHop(b, segment(b, clients)) })
	}
	for _, each := range []int{1, 250} {
		b.Run(fmt.Sprintf("offices=4x%d", each), func(b *testing.B) { benchmarkHop(b, routed(b, each)) })
	}
}

func benchmarkHop(b *testing.B, bp *clusters.Blueprint) {
	m := newMeter(b, bp)
	for b.Loop() {
		m.run(time.Second)
	}
	b.ReportMetric(m.perHop(), "ns/hop")
	b.ReportMetric(m.kB/float64(len(bp.Clients)), "kB/client")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkScale holds a large world against a small one, by turns, so that whatever else the machine
// does falls on both: x is the ratio of what a frame costs on a cable.
func BenchmarkScale(b *testing.B) {
	for _, c := range []struct {
		name         string
		large, small *clusters.Blueprint
		each, other  time.Duration // a turn of them, about as many frames
	}{
		{"switch=300/1", segment(b, 300), segment(b, 1), 10 * time.Second, 50 * time.Minute},
		{"offices=1000/4", routed(b, 250), routed(b, 1), time.Second, 250 * time.Second},
		{"offices=1000/switch=1", routed(b, 250), segment(b, 1), time.Second, 50 * time.Minute},
	} {
		b.Run(c.name, func(b *testing.B) {
			large, small := newMeter(b, c.large), newMeter(b, c.small)
			for b.Loop() {
				large.run(c.each)
				small.run(c.other)
			}
			b.ReportMetric(large.perHop()/small.perHop(), "x")
			b.ReportMetric(large.perHop(), "ns/hop")
			b.ReportMetric(small.perHop(), "ns/hop-small")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// meter is a pinging world with what it has cost.
type meter struct {
	w    *world.World
	kB   float64 // of live heap
	hops int
	took time.Duration
}

func newMeter(b *testing.B, bp *clusters.Blueprint) *meter {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	m := &meter{w: pinging(b, bp)}
	b.Cleanup(m.w.Close)
	runtime.GC()
	runtime.ReadMemStats(&after)
	m.kB = float64(after.HeapAlloc-before.HeapAlloc) / 1024
	m.w.Network().AddTap(func(time.Duration, *wire.Cable, []byte) { m.hops++ })
	return m
}

// run lets virtual time pass and counts frames and wall clock.
func (m *meter) run(d time.Duration) {
	start := time.Now() // wall clock: of a benchmark
	m.w.RunUntil(m.w.Now() + d)
	m.took += time.Since(start) // wall clock: of a benchmark
}

func (m *meter) perHop() float64 { return float64(m.took.Nanoseconds()) / float64(m.hops) }

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

// routed is the offices cluster with so many clients behind each office's L3 switch.
func routed(t testing.TB, clients int) *clusters.Blueprint {
	bp, problems := clusters.Load(scenarios.Clusters(), "offices")
	require.NoError(t, problems.Err())
	offices := bp.Clients
	bp.Clients = nil
	for o, first := range offices {
		for n := range clients {
			c := first
			a := first.Address.Addr().As4()
			a[3] = byte(2 + n) // .1 is the gateway
			c.Name = fmt.Sprintf("client%d-%d", o+1, n+1)
			c.MAC = trace.MAC{2, 0, 0, 1, byte(o), byte(n)}
			c.Address = netip.PrefixFrom(netip.AddrFrom4(a), 24)
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
