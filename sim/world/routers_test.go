package world_test

import (
	"crypto/sha256"
	"fmt"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/wire"
	"ipwsim/sim/cluster"
	"ipwsim/sim/trace"
	"ipwsim/sim/world"
)

// profiled is the cluster l3 with another ARP policy of its router.
func profiled(t testing.TB, profile string) *cluster.Blueprint {
	if profile == "l3-cisco-ios" {
		return shipped(t, "l3", nil)
	}
	return shipped(t, "l3", toml(t, "l3", "l3-cisco-ios", profile))
}

// entries are the MACs the router has had for the VIP, since the time.
func entries(w *world.World, since time.Duration) (macs []string) {
	for _, r := range w.Trace().Records {
		if b, ok := r.Body.(trace.Neighbor); ok && r.Host == "core1" && b.IP == vip && r.At >= since && b.State == trace.Reachable {
			macs = append(macs, b.MAC.String())
		}
	}
	return macs
}

// lately is when a client may have begun to use the VIP, just before time 0.
const lately = -3 * time.Second

// lines are the client's ping.exe lines since the time, without repeats.
func lines(w *world.World, since time.Duration) (all []string) {
	for _, r := range w.Trace().Records {
		b, ok := r.Body.(trace.PingLine)
		if !ok || r.At < since {
			continue
		}
		if line := fmt.Sprintf("%s %v ttl %d", b.Outcome, b.From, b.TTL); len(all) == 0 || all[len(all)-1] != line {
			all = append(all, line)
		}
	}
	return all
}

// outage is how long echo requests went unanswered after the fault.
func (e *echoer) outage(fault time.Duration) time.Duration {
	for _, s := range e.sent {
		if s.at > fault && s.answered {
			return s.at - fault
		}
	}
	return -1
}

const (
	activeMAC  = "02-00-00-00-00-01"
	standbyMAC = "02-00-00-00-00-02"
)

// N5: a client behind a router reaches the VIP, one hop away.
func TestN5_AClientBehindARouter(t *testing.T) {
	w := settled(t, shipped(t, "l3", nil), 1)
	require.NoError(t, w.Ping("client", vip))
	run(w, 10*time.Second)
	require.Equal(t, []string{"reply 192.168.10.202 ttl 127"}, lines(w, 0))
	require.Equal(t, []string{activeMAC}, entries(w, lately))
}

// N5: each office reaches the VIP over two routers, and the core alone knows who has it.
func TestN5_OfficesBehindTheCore(t *testing.T) {
	w := settled(t, shipped(t, "offices", nil), 1)
	for _, c := range w.Trace().Header.Clients {
		require.NoError(t, w.Ping(c.Name, vip))
		since := w.Now()
		run(w, 10*time.Second)
		require.Equal(t, []string{"reply 192.168.10.202 ttl 126"}, lines(w, since), c.Name)
		w.EndPings()
	}
	asked := map[string]bool{}
	for _, r := range w.Trace().Records {
		if b, ok := r.Body.(trace.Neighbor); ok && b.IP == vip && w.Trace().Header.Node(r.Host) == nil {
			asked[r.Host] = true
		}
	}
	require.Equal(t, map[string]bool{"core": true}, asked)
}

// Inferred: routes do not change during a run. A second core that could carry the packets is not
// asked to.
func TestN5_RoutesDoNotReconverge(t *testing.T) {
	bp := shipped(t, "offices", nil)
	spare := cluster.Router{Name: "spare", Profile: bp.Routers[0].Profile, Interfaces: []cluster.RouterInterface{
		{Address: netip.MustParsePrefix("192.168.10.2/24"), MAC: trace.MAC{2, 0, 0, 2, 9, 1}, Switch: "servers"},
		{Address: netip.MustParsePrefix("192.168.100.2/24"), MAC: trace.MAC{2, 0, 0, 2, 9, 2}, Switch: "backbone"},
	}}
	bp.Routers = append(bp.Routers, spare)
	cluster.Converge(bp.Routers)
	w := settled(t, bp, 1)
	e := newEchoer(t, w)
	e.until(10 * time.Second)
	require.NoError(t, do(w, "unplug core-backbone"))
	e.until(3 * time.Minute)
	require.Equal(t, time.Duration(-1), e.outage(10*time.Second))
	require.NoError(t, do(w, "plug core-backbone"))
	e.until(4 * time.Minute)
	require.Less(t, e.outage(3*time.Minute), 5*time.Second)
}

// N5, H4: the new owner's announcement updates the router's entry, so the client behind it notices the
// switch as soon as one on the segment.
func TestN5_AnnouncementHealsTheRouter(t *testing.T) {
	for seed := range uint64(10) {
		w := settled(t, shipped(t, "l3", nil), seed)
		e := newEchoer(t, w)
		const fault = 10 * time.Second
		e.until(fault)
		require.NoError(t, do(w, "unplug active"))
		e.until(time.Minute)
		outage := e.outage(fault)
		require.True(t, 30*time.Second <= outage && outage <= 40*time.Second, "seed %d: %v", seed, outage)
		require.Equal(t, []string{activeMAC, standbyMAC}, entries(w, lately)[:2])
	}
}

// N3: a router that drops what is not meant for it sends to the old owner until its entry's end.
func TestN3_AStrictRouterWaitsForItsEntrysEnd(t *testing.T) {
	for profile, age := range map[string]time.Duration{"l3-alaxala-strict": 4 * time.Hour, "l3-generic-10min": 10 * time.Minute} {
		w := settled(t, profiled(t, profile), 1)
		require.NoError(t, w.Ping("client", vip))
		run(w, 10*time.Second)
		require.NoError(t, do(w, "unplug active"))
		run(w, age-11*time.Second)
		require.Equal(t, []string{cluster.Standby}, holders(w, vip))
		require.Equal(t, []string{"timeout invalid IP ttl 0"}, lines(w, 11*time.Second), profile)
		before := w.Now()
		run(w, 10*time.Second)
		require.Contains(t, lines(w, before), "reply 192.168.10.202 ttl 127", profile)
		require.Equal(t, []string{standbyMAC}, entries(w, before), profile)
	}
}

// H11: for a client behind a router the batch asks the router, and so heals it.
func TestH11_TheBatchHealsAStrictRouter(t *testing.T) {
	files := toml(t, "l3", "l3-cisco-ios", "l3-alaxala-strict")
	for _, role := range []string{cluster.Active, cluster.Standby} {
		files[role+"/arpclear.bat"] = "arp -d\r\nping -n 10 192.168.20.50 -S 192.168.10.202\r\n"
	}
	w := settled(t, shipped(t, "l3", files), 1)
	e := newEchoer(t, w)
	const fault = 10 * time.Second
	e.until(fault)
	require.NoError(t, do(w, "unplug active"))
	e.until(time.Minute)
	outage := e.outage(fault)
	require.True(t, 30*time.Second <= outage && outage <= 40*time.Second, "%v", outage)
}

// H9: faults on a router's cables, and what ping.exe says of them.
func TestH9_RouterCables(t *testing.T) {
	w := settled(t, shipped(t, "l3", nil), 1)
	require.NoError(t, w.Ping("client", vip))
	run(w, 10*time.Second)
	for _, c := range []struct{ cable, says string }{
		{"core1-servers", "unreachable 192.168.20.1 ttl 0"},
		{"core1-office", "unreachable 192.168.20.50 ttl 0"},
	} {
		require.NoError(t, do(w, "unplug "+c.cable))
		run(w, 2*time.Minute)
		since := w.Now() - time.Minute
		require.Equal(t, []string{c.says}, lines(w, since), c.cable)
		require.NoError(t, do(w, "plug "+c.cable))
		run(w, time.Minute)
		require.Equal(t, []string{"reply 192.168.10.202 ttl 127"}, lines(w, w.Now()-30*time.Second), c.cable)
	}
}

// One seed is one history, frame by frame, whatever the number of processors.
func TestRoutedWorldIsDeterministic(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	bp := shipped(t, "l3", nil)
	hash := func() string {
		w := world.New(bp, world.Options{Seed: 3})
		defer w.Close()
		sum := sha256.New()
		w.Network().AddTap(func(at time.Duration, c *wire.Cable, b []byte) { fmt.Fprintf(sum, "%d %s %x\n", at, c.Name(), b) })
		w.Settle()
		play(t, w, "ping; unplug active; wait; wait; flap core1-office 5s; wait; plug active; wait; wait")
		fmt.Fprint(sum, written(t, w))
		return fmt.Sprintf("%x", sum.Sum(nil))
	}
	first := hash()
	for _, procs := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(procs)
		for range 3 {
			require.Equal(t, first, hash(), "GOMAXPROCS %d", procs)
		}
	}
}

// The header says what a check needs to know of the ways.
func TestHeaderOfARoutedWorld(t *testing.T) {
	h := settled(t, shipped(t, "l3", nil), 1).Trace().Header
	require.Equal(t, "core1", h.Routers[0].Name)
	require.Equal(t, netip.MustParseAddr("192.168.20.1"), h.Clients[0].Gateway)
}
