package host

import (
	"net/netip"
	"slices"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/stack"

	"ipwsim/netstack/policy"
	"ipwsim/netstack/vtime"
	"ipwsim/netstack/wire"
)

// AddressState is the state of an address of an interface (H1). Only Preferred sends, answers ARP
// and answers ping.
type AddressState int

// The states Windows knows, and Absent for an address that is not configured.
const (
	Absent AddressState = iota
	Tentative
	Preferred
	Duplicate
)

// String is the state's name in lower case.
func (s AddressState) String() string {
	return [...]string{"absent", "tentative", "preferred", "duplicate"}[s]
}

// DADPolicy is how a host brings an address into use (H3, H4).
type DADPolicy = policy.DAD

// address is one configured address.
type address struct {
	prefix netip.Prefix
	skip   bool // not a source by itself (H13)
	state  AddressState
	sent   int // probes of the current detection
	timer  vtime.Timer

	announced time.Duration // when its announcement went out, if an answer to it counts
	noticed   time.Duration // when the owner last took notice of a claim
	defended  time.Duration // when it last announced for one
}

// answerTime is how long after an announcement a reply to it counts (H15).
//
// Inferred: as long as one goes without an answer before the next request.
const answerTime = time.Second

// never is before any time of a run.
const never = -forGood

// Add configures an address. It becomes Tentative, and with link Preferred or Duplicate after
// duplicate address detection. Adding a configured address says false and changes nothing.
func (n *NIC) Add(prefix netip.Prefix) bool { return n.add(newAddress(prefix)) }

// AddSkipped is Add with netsh's skipassource: the host sends from the address only what names it (H13).
func (n *NIC) AddSkipped(prefix netip.Prefix) bool {
	a := newAddress(prefix)
	a.skip = true
	return n.add(a)
}

func newAddress(prefix netip.Prefix) *address {
	return &address{prefix: prefix, announced: never, noticed: never, defended: never}
}

func (n *NIC) add(a *address) bool {
	if n.find(a.prefix.Addr()) != nil {
		return false
	}
	n.addresses = append(n.addresses, a)
	n.listens()
	if n.port.Up() {
		n.startDAD(a, 0)
	} else {
		n.setState(a, Tentative, wire.MAC{})
	}
	return true
}

// Remove takes an address away; false when it is not configured.
func (n *NIC) Remove(ip netip.Addr) bool {
	i := slices.IndexFunc(n.addresses, func(a *address) bool { return a.prefix.Addr() == ip })
	if i < 0 {
		return false
	}
	a := n.addresses[i]
	a.timer.Stop()
	n.setState(a, Absent, wire.MAC{})
	n.addresses = slices.Delete(n.addresses, i, i+1)
	n.listens()
	n.host.setRoutes()
	if n.host.cfg.TCP.Removal == policy.End {
		n.host.endConnections(ip)
	}
	return true
}

// State is the state of an address.
func (n *NIC) State(ip netip.Addr) AddressState {
	if a := n.find(ip); a != nil {
		return a.state
	}
	return Absent
}

// Addresses are the configured addresses in the order they were added.
func (n *NIC) Addresses() []netip.Prefix {
	var all []netip.Prefix
	for _, a := range n.addresses {
		all = append(all, a.prefix)
	}
	return all
}

func (n *NIC) find(ip netip.Addr) *address {
	for _, a := range n.addresses {
		if a.prefix.Addr() == ip {
			return a
		}
	}
	return nil
}

// suspend makes the address unusable while there is no link (H5).
func (n *NIC) suspend(a *address) {
	a.timer.Stop()
	n.setState(a, Tentative, wire.MAC{})
}

// startDAD begins duplicate address detection (RFC 5227, 2.1; H3). The first probe goes out after the
// delay, or at once.
func (n *NIC) startDAD(a *address, delay time.Duration) {
	a.timer.Stop()
	a.sent = 0
	n.setState(a, Tentative, wire.MAC{})
	if delay > 0 {
		a.timer = n.host.domain.After(delay, func() { n.probe(a) })
		return
	}
	n.probe(a)
}

func (n *NIC) probe(a *address) {
	dad := n.host.cfg.DAD
	if a.sent == dad.Probes {
		n.setState(a, Preferred, wire.MAC{})
		for range dad.Announcements {
			n.Announce(a.prefix.Addr())
		}
		if dad.AnswerIsConflict && dad.Announcements > 0 {
			a.announced = n.host.domain.Now()
		}
		return
	}
	a.sent++
	n.sendARP(wire.Broadcast, arpProbe(n.mac, a.prefix.Addr()))
	a.timer = n.host.domain.After(dad.Interval, func() { n.probe(a) })
}

// Announce sends a gratuitous ARP, request form (RFC 5227, 2.3).
func (n *NIC) Announce(ip netip.Addr) { n.sendARP(wire.Broadcast, arpAnnouncement(n.mac, ip)) }

// conflict ends the detection of a tentative address that another host uses or probes for (H3), or the
// use of one whose announcement was answered (H15).
func (n *NIC) conflict(a *address, owner wire.MAC) {
	a.timer.Stop()
	n.setState(a, Duplicate, owner)
	n.tell(a, owner, false)
}

func (n *NIC) tell(a *address, with wire.MAC, owner bool) {
	if n.host.cfg.OnConflict != nil {
		n.host.cfg.OnConflict(a.prefix.Addr(), with, owner)
	}
}

func (n *NIC) setState(a *address, s AddressState, owner wire.MAC) {
	if a.state == s {
		return
	}
	was := a.state
	a.state = s
	switch {
	case s == Preferred:
		n.use(a)
	case was == Preferred:
		must(n.host.stack.RemoveAddress(n.id, addr4(a.prefix.Addr())))
		n.host.setRoutes()
	}
	if n.host.cfg.OnAddress != nil {
		n.host.cfg.OnAddress(a.prefix.Addr(), s, owner)
	}
}

// use gives the address to netstack: from now on it answers.
func (n *NIC) use(a *address) {
	peb := stack.NeverPrimaryEndpoint
	if a == n.addresses[0] {
		peb = stack.CanBePrimaryEndpoint
	}
	must(n.host.stack.AddProtocolAddress(n.id, tcpip.ProtocolAddress{
		Protocol: header.IPv4ProtocolNumber,
		AddressWithPrefix: tcpip.AddressWithPrefix{
			Address:   addr4(a.prefix.Addr()),
			PrefixLen: a.prefix.Bits(),
		},
	}, stack.AddressProperties{PEB: peb}))
	n.host.setRoutes()
}
