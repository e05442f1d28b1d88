package host

import (
	"net/netip"
	"slices"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/stack"

	"ipwsim/netstack/wire"
)

// NeighborState is a state of an ARP cache entry, in RFC 4861's names.
type NeighborState int

// The states of an entry; Removed says that it is gone.
const (
	Removed NeighborState = iota
	Incomplete
	Reachable
	Stale
	Delay
	Probe
	Unreachable
)

// String is the state's name in lower case.
func (s NeighborState) String() string {
	return [...]string{"removed", "incomplete", "reachable", "stale", "delay", "probe", "unreachable"}[s]
}

// neighbor is an entry as last told.
type neighbor struct {
	mac   wire.MAC
	state NeighborState
	since time.Duration // when it entered the state
}

// Neighbor returns what the host's ARP cache has for ip; Removed when nothing.
func (n *NIC) Neighbor(ip netip.Addr) (wire.MAC, NeighborState) {
	e := n.seen[ip]
	return e.mac, e.state
}

// Neighbors are the addresses that the ARP cache has something for, in order.
func (n *NIC) Neighbors() []netip.Addr {
	all := make([]netip.Addr, 0, len(n.seen))
	for ip := range n.seen { // order: sorted below
		all = append(all, ip)
	}
	slices.SortFunc(all, netip.Addr.Compare)
	return all
}

// FlushNeighbors empties the ARP cache, as `arp -d` does.
func (n *NIC) FlushNeighbors() {
	for _, ip := range n.Neighbors() {
		n.Forget(ip)
	}
}

// Forget removes what the ARP cache has for ip, which must be something.
func (n *NIC) Forget(ip netip.Addr) {
	must(n.host.stack.RemoveNeighbor(n.id, header.IPv4ProtocolNumber, addr4(ip)))
}

// neighborEvents hears from netstack's neighbour cache, whose locks are held meanwhile.
type neighborEvents Host

var _ stack.NUDDispatcher = (*neighborEvents)(nil)

// OnNeighborAdded is part of stack.NUDDispatcher.
func (e *neighborEvents) OnNeighborAdded(id tcpip.NICID, n stack.NeighborEntry) { e.changed(id, n) }

// OnNeighborChanged is part of stack.NUDDispatcher.
func (e *neighborEvents) OnNeighborChanged(id tcpip.NICID, n stack.NeighborEntry) { e.changed(id, n) }

// OnNeighborRemoved is part of stack.NUDDispatcher.
func (e *neighborEvents) OnNeighborRemoved(id tcpip.NICID, n stack.NeighborEntry) {
	n.State, n.LinkAddr = stack.Unknown, ""
	e.changed(id, n)
}

var neighborStates = map[stack.NeighborState]NeighborState{
	stack.Unknown:     Removed,
	stack.Incomplete:  Incomplete,
	stack.Reachable:   Reachable,
	stack.Stale:       Stale,
	stack.Delay:       Delay,
	stack.Probe:       Probe,
	stack.Unreachable: Unreachable,
}

func (e *neighborEvents) changed(id tcpip.NICID, entry stack.NeighborEntry) {
	h := (*Host)(e)
	if h.gone {
		return
	}
	nic := h.nics[id-1]
	ip := netipAddr(entry.Addr)
	if nic.ageing != nil && nic.ageing.moving == ip {
		return
	}
	now := neighbor{state: neighborStates[entry.State], since: h.domain.Now()}
	if len(entry.LinkAddr) == 6 && now.state >= Reachable && now.state <= Probe {
		now.mac = wire.MAC([]byte(entry.LinkAddr))
	}
	was := nic.seen[ip]
	if now.state == Removed {
		delete(nic.seen, ip)
		if len(nic.seen) == 0 {
			nic.listens()
		}
	} else {
		nic.seen[ip] = now
		nic.knows(ip)
	}
	if nic.ageing != nil {
		nic.ageing.changed(ip, was, now)
	}
	if h.cfg.OnNeighbor != nil {
		h.cfg.OnNeighbor(ip, now.mac, now.state)
	}
	if was.state == Incomplete && now.state == Unreachable {
		h.resolutionFailed(ip, was.since)
	}
}
