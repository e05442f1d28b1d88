package windows

import (
	"net/netip"
	"strings"

	"ipwsim/core"
	"ipwsim/sim/trace"
)

// NetshAddress is `netsh interface ip add|delete address`, as an administrator types it: interface
// names compare without case. acting is called just before it changes something, done with what it printed.
func (m *Machine) NetshAddress(add bool, typed, own string, ip netip.Addr, acting func(), done func(output string)) {
	ended := func(_ int, output string) { done(output) }
	line := core.DeleteAddress{VIP: ip, Interface: typed}.String()
	what := trace.Command{Does: trace.DeleteAddress, IP: ip, Line: line}
	if add {
		what = trace.Command{Does: trace.AddAddress, IP: ip, Line: core.AddAddress{VIP: ip, Interface: typed}.String()}
	}
	switch {
	case !strings.EqualFold(typed, own):
		m.commands.netsh(what, true, ended, func() (int, netshText) { return exitFailed, textNoInterface })
	case ip == m.Address().Addr() && !add: // a machine without an address of its own is not simulated
		m.commands.netsh(what, true, ended, func() (int, netshText) { return exitFailed, textFailed })
	case add:
		m.commands.add(typed, ip, true, acting, ended)
	default:
		m.commands.remove(typed, ip, true, acting, ended)
	}
}

// DeleteARP is `arp -d`, of everything or, with a valid ip, of one entry. done is called with false
// when there is none.
func (m *Machine) DeleteARP(ip netip.Addr, done func(found bool)) {
	if !ip.IsValid() {
		m.commands.FlushARP(func(int, string) { done(true) })
		return
	}
	found := false
	what := trace.Command{Does: trace.FlushARP, IP: ip, Line: core.FlushARP{}.String() + " " + ip.String()}
	m.commands.run(what, arpTime, func(int, string) { done(found) }, func() (int, string) {
		if _, state := m.host.NIC().Neighbor(ip); state == 0 {
			return exitFailed, ""
		}
		found = true
		m.host.NIC().Forget(ip)
		return exitOK, ""
	})
}

// ServiceState is what Windows says of IPWCS.
func (n *Node) ServiceState() trace.ServiceState {
	switch {
	case n.service == nil:
		return trace.Stopped
	case n.service.stopping:
		return trace.StopPending
	}
	return trace.Running
}
