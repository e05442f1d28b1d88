package conform

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// flush is the command that empties the ARP cache.
const flush = "arp -d"

// network is what a node's Windows makes of its network, beside its addresses: at a link's loss it forgets its neighbours
// (H5), and for a while after a boot or a link's return it may take the network for a public one (H16).
type network struct {
	lost   []netip.Addr  // neighbours that it knew when its link went, in this instant
	public bool          // its firewall lets nothing in
	due    time.Duration // by its clock: when that must be over, if it has link
	hand   bool          // somebody has said what the network is
}

// loses has it forget its neighbours, if it has no link.
func (m *machine) loses() {
	m.network.lost = nil
	if !m.link {
		m.network.lost = slices.Clone(m.cache)
	}
}

// judges begins the time for which the network may count as public.
func (m *machine) judges(now, boot time.Duration) {
	m.network.due = max(m.network.due, later(now, max(boot, m.of.PublicAfterLink)))
}

// firewall takes in what gets past it.
func (m *machine) firewall(b trace.Firewall) {
	if b.Rule == trace.Inbound {
		m.network.public = b.Blocked
	}
}

// holdsOn looks for neighbours and a public network that should be gone, before the time goes on.
func (m *machine) holdsOn(last, at time.Duration) {
	n := &m.network
	if len(n.lost) > 0 {
		m.breach(linkCache, n.lost[0], last)
		n.lost = nil
	}
	if due := max(n.due, m.awake); n.public && !n.hand && m.link && m.clock.own(at) > later(due, exact) {
		m.breach(publicLate, netip.Addr{}, last)
		n.public = false // told once
	}
}

// neighbor takes in what its ARP cache has for a neighbour.
func (m *machine) neighbor(b trace.Neighbor) {
	is := func(ip netip.Addr) bool { return ip == b.IP }
	m.cache, m.network.lost = slices.DeleteFunc(m.cache, is), slices.DeleteFunc(m.network.lost, is)
	if b.State != trace.Removed {
		m.cache = append(m.cache, b.IP)
	}
}

// flushed is the end of `arp -d`, which leaves nothing.
func (m *machine) flushed(at time.Duration) {
	if len(m.cache) > 0 {
		m.breach(cacheKept, m.cache[0], at)
	}
}

// tried takes in how long it tried to reach its peer in vain: as long as its Windows does. A stranger with the peer's
// address may have refused it sooner.
func (m *machine) tried(at time.Duration, b trace.Pipe) {
	now, took := m.clock.own(at), m.clock.own(at)-m.clock.own(at-b.Took)
	if b.Error != trace.PathNotFound || b.Took == 0 || m.awake >= now-took || len(m.of.Tries) == 0 || m.refused { // no such name; it was frozen meanwhile
		return
	}
	if end := m.of.Tries[len(m.of.Tries)-1]; took < end-exact || took > end+exact {
		m.breach(triesAstray, b.VIP, at)
	}
}
