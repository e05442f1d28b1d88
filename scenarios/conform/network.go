package conform

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

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
		n.hand = true // told once
	}
}
