package scenarios_test

import (
	"context"
	"fmt"
	"net/netip"
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
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) { benchmarkHop(b, clients) })
	}
}

func benchmarkHop(b *testing.B, clients int) {
	w := pingingWorld(b, clients)
	defer w.Close()
	hops := 0
	w.Network().AddTap(func(time.Duration, *wire.Cable, []byte) { hops++ })
	for b.Loop() {
		w.RunUntil(w.Now() + time.Second)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(hops), "ns/hop")
	b.ReportMetric(0, "ns/op")
}

// pingingWorld is the guide's cluster with so many clients, all pinging, after a minute.
func pingingWorld(t testing.TB, clients int) *world.World {
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
	w := world.New(bp, world.Options{Scenario: "hops", Seed: 1})
	w.Settle()
	for _, c := range bp.Clients {
		require.NoError(t, w.Ping(c.Name, bp.VIPs[0]))
		w.RunUntil(w.Now() + 3*time.Millisecond) // not all at one instant
	}
	w.RunUntil(time.Minute)
	return w
}
