package windows

import (
	"fmt"
	"net/netip"

	"ipwsim/netstack/wire"
	"ipwsim/sim/trace"
)

// conflict writes what Windows writes of an address that two machines have (H15).
func (m *Machine) conflict(ip netip.Addr, with wire.MAC, owner bool) {
	e := trace.Event{Source: trace.Tcpip, ID: trace.AddressTaken, IP: ip, MAC: trace.MAC(with)}
	if owner {
		e.ID = trace.AddressClaimed
	}
	e.Text = fmt.Sprintf("The system detected an address conflict for IP address %v with the system having network hardware address %v.", ip, e.MAC)
	m.log(e)
}

// linkChanged writes of a link that is lost.
func (m *Machine) linkChanged(up bool) {
	if !up {
		m.log(trace.Event{Source: trace.Tcpip, ID: trace.LinkLost, Text: "The network adapter was disconnected from the network."})
	}
	if m.onLink != nil {
		m.onLink(up)
	}
}

// log writes into the event log.
//
// Inferred: nobody reads that of a client, so that it is not kept.
func (m *Machine) log(e trace.Event) {
	if m.onEvent != nil {
		m.onEvent(e)
	}
}

// logged writes into the node's event log, which Task Scheduler reads (H10).
func (n *Node) logged(e trace.Event) {
	n.env.Record(n.name, e)
	n.tasks.logged(e.Source, e.ID)
}
