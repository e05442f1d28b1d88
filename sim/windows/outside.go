package windows

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"ipwsim/core"
	"ipwsim/netstack/host"
	"ipwsim/netstack/wire"
	"ipwsim/sim/trace"
)

// What is done to a machine from outside, past its watcher (H18).

// AddAddress gives the interface a further address, with the mask that netsh gives it, and keeps it as netsh does. It says
// false when the address is there or no host's there (IsHosts), or the machine is not on.
func (n *Node) AddAddress(ip netip.Addr) bool {
	prefix := trace.Added(n.Address(), ip)
	if n.state != trace.On || !IsHosts(prefix) || !n.host.NIC().Add(prefix) {
		return false
	}
	n.store(prefix)
	return true
}

// DeleteAddress takes a further address away. It says false when that is not there or the machine is not on.
func (n *Node) DeleteAddress(ip netip.Addr) bool {
	if n.state != trace.On || ip == n.Address().Addr() || !n.host.NIC().Remove(ip) {
		return false
	}
	n.unstore(ip)
	return true
}

// RenameInterface gives the interface another name. The tables of watchers know the old one: netsh finds none of that
// name. It says false when the interface has that name.
func (n *Node) RenameInterface(name string) bool {
	if n.cfg.Interface == name {
		return false
	}
	n.cfg.Interface = name
	n.env.Record(n.name, trace.Interface{Name: name})
	return true
}

// FailOver has the other card of the team take over, with its MAC: caches elsewhere and the switch's table know the
// old one until the node is heard, or the team announces, which is the work of Windows: a frozen machine's announces
// nothing (H7). It says false without a team.
//
// Inferred: both cards are on the node's one cable, and the link does not go.
func (n *Node) FailOver() bool {
	if n.cfg.Team == nil {
		return false
	}
	mac := n.cfg.Team[0]
	if n.mac == wire.MAC(mac) {
		mac = n.cfg.Team[1]
	}
	n.mac = wire.MAC(mac)
	n.env.Record(n.name, trace.Card{MAC: mac})
	if n.host == nil {
		return true
	}
	n.host.NIC().SetMAC(n.mac)
	if n.cfg.Announces && n.host.Domain().Running() {
		for _, a := range n.host.NIC().Addresses() {
			if n.host.NIC().State(a.Addr()) == host.Preferred {
				n.host.NIC().Announce(a.Addr())
			}
		}
	}
	return true
}

// StepClock sets the wall clock forward, or back. Timers go by the tick count, and do not notice; what is stamped from
// then on is.
func (n *Node) StepClock(step time.Duration) bool {
	n.setClock(trace.Clock{Step: step})
	return step != 0
}

// Drift has the clock run fast from now on by so many millionths, or slow where that is negative; 0: right. All that
// Windows times goes by it, but for the boot. It says false when it runs so already.
func (n *Node) Drift(ppm int64) bool {
	if n.ppm == ppm {
		return false
	}
	n.ppm = ppm
	n.setClock(trace.Drift{PPM: ppm})
	if n.host != nil {
		n.host.Domain().SetDrift(ppm)
	}
	return true
}

// Watches says whether all of the watcher's table is about an interface of that name; case is not told apart.
func (n *Node) Watches(name string) bool {
	return !slices.ContainsFunc(n.cfg.Entries, func(e core.Entry) bool { return !strings.EqualFold(e.Interface, name) })
}

// isInterface says whether the interface has that name; netsh does not tell case apart.
func (n *Node) isInterface(name string) bool { return strings.EqualFold(n.cfg.Interface, name) }
