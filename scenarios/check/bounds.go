package check

import (
	"fmt"
	"net/netip"
	"time"

	"ipwsim/sim/trace"
)

// latency is what the network may add to a computed time: an echo in flight when the cable is
// pulled, an answer on its way. The vendor's own bands are taken as they stand.
const latency = 100 * time.Millisecond

// band is the least and the most time something may take, both allowed.
type band struct {
	lo, hi time.Duration
	rules  string
}

// The vendor's measured bands [G 15], with the defaults and one VIP.
var (
	vendorFailover = band{30 * time.Second, 40 * time.Second, "P1, W14"}
	vendorFailback = band{5 * time.Second, 10 * time.Second, "P2, W17"}
)

func (b band) contains(d time.Duration) bool { return b.lo <= d && d <= b.hi }

func (b band) String() string { return fmt.Sprintf("%s to %s (%s)", secs(b.lo), secs(b.hi), b.rules) }

// vendorSettings says whether the vendor's bands apply: the defaults of W3, H2 and H3 on every
// node, and one VIP, since netsh does one address after the other.
func vendorSettings(h *trace.Header) bool {
	for _, n := range h.Nodes {
		if n.Interval != 30*time.Second || n.PingTimeout != 3*time.Second ||
			n.NetshMax > time.Second || n.DAD > 3*time.Second {
			return false
		}
	}
	return len(h.VIPs) == 1
}

// vendorProfiles says whether P1 and P2 speak of these machines, or why not.
func vendorProfiles(h *trace.Header, client string, vip netip.Addr) (why string) {
	for _, c := range h.Clients {
		if c.Name == client && !c.Address.Contains(vip) {
			return fmt.Sprintf("client %s is behind a router: the router's ARP cache decides (N4, N5)", client)
		}
		if c.Name == client && c.Profile != "windows-modern" {
			return fmt.Sprintf("client %s is %s, not windows-modern: its own ARP cache decides (N3, N4)", client, c.Profile)
		}
	}
	for _, n := range h.Nodes {
		if n.Profile != "srv-2012plus" {
			return fmt.Sprintf("node %s is %s, not srv-2012plus: its announcements decide (H4)", n.Role, n.Profile)
		}
	}
	return ""
}

// netsh is the most that netsh takes to do its command for every VIP, one after the other (H2).
func netsh(h *trace.Header, n *trace.Node) time.Duration {
	return time.Duration(len(h.VIPs)) * n.NetshMax
}

// takeover is W14: from the VIP's loss to the node's holding it. From the loss it takes
// 0..PingTimeout to the first missed poll (W11), one Interval (W12) or two (W13), netsh (H2) and
// the address's tentative time (H3). A watcher that has only just deleted the VIP polls when
// netsh is done with that (W5).
func takeover(h *trace.Header, n *trace.Node, s sighting) band {
	b := band{
		lo:    s.counted + n.Interval + n.NetshMin + n.DAD - latency,
		hi:    n.PingTimeout + n.Interval + netsh(h, n) + n.DAD + latency,
		rules: "W11, W12, W14",
	}
	if !s.fresh {
		return b
	}
	b.hi += netsh(h, n)
	if !n.Master {
		b.hi += n.Interval
		b.rules = "W11, W13, W14"
		if !s.glimpsed {
			b.lo += n.Interval
		}
	}
	return b
}

// wayBack bounds a failback by its steps. The master's own address is tentative for DAD (H3);
// it asks at once (W16); the peer deletes (H2); the master adds (H2), tentative for DAD again.
// At most, it must first delete its own duplicate (W19), and wait for one poll to see who
// answers and for another if it asked too early (W16).
func wayBack(h *trace.Header, master, peer *trace.Node) band {
	return band{
		lo:    2*master.DAD + peer.NetshMin + master.NetshMin - latency,
		hi:    2*master.DAD + 2*netsh(h, master) + netsh(h, peer) + 2*master.PingTimeout + latency,
		rules: "W16, H2, H3",
	}
}

// settling is how long a split brain may last in a network that is whole (P3): the longest of
// any node's Interval + 2 PingTimeout + address add.
func settling(h *trace.Header) time.Duration {
	var most time.Duration
	for i := range h.Nodes {
		n := &h.Nodes[i]
		most = max(most, n.Interval+2*n.PingTimeout+netsh(h, n)+n.DAD)
	}
	return most + latency
}

// cycle is how long the master may wait for a slave it cannot ask (P7): the slave's release
// cycle (W18), then a take-over by the master, the slave's netsh before it.
func cycle(h *trace.Header, master, slave *trace.Node) time.Duration {
	if vendorSettings(h) {
		return slave.ReleaseTime + 40*time.Second
	}
	return slave.ReleaseTime + netsh(h, slave) + takeover(h, master, sighting{}).hi
}
