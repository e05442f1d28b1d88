package host

import (
	"net/netip"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/stack"

	"ipwsim/netstack/wire"
)

// NIC is a network interface of a host, with addresses and an ARP cache of its own.
type NIC struct {
	host      *Host
	id        tcpip.NICID // netstack's number of it: 1 for the first
	mac       wire.MAC
	port      *wire.Port
	link      *link
	neighbors stack.NetworkInterface // netstack's side, as its ARP endpoint got it
	addresses []*address
	seen      map[netip.Addr]neighbor // the ARP cache as its events tell it
	ageing    *ageing                 // nil: RFC 4861 alone
	firewall  Firewall
	sensed    bool // the link as the system last knew it
	redrawn   int  // times the reachable time was
	interest  wire.Interest
	groups    []*Group // joined
}

// AddNIC gives the host a further interface, with the MAC address and behind the port, which must
// be without power.
func (h *Host) AddNIC(port *wire.Port, mac wire.MAC) *NIC {
	n := &NIC{host: h, id: tcpip.NICID(len(h.nics) + 1), mac: mac, port: port, seen: map[netip.Addr]neighbor{}}
	n.ageing = newAgeing(n, &h.cfg.Neighbor)
	n.link = &link{nic: n, address: tcpip.LinkAddress(mac[:])}
	h.nics = append(h.nics, n)
	must(h.stack.CreateNIC(n.id, n.link))
	n.port.Attach(n)
	n.listens()
	n.redraw()
	return n
}

// Port is where the cable plugs in.
func (n *NIC) Port() *wire.Port { return n.port }

// MAC is the interface's Ethernet address.
func (n *NIC) MAC() wire.MAC { return n.mac }

// SetMAC gives the interface another Ethernet address, as a team does when its other card takes over. Nobody is told:
// see Announce.
func (n *NIC) SetMAC(mac wire.MAC) {
	n.mac, n.link.address = mac, tcpip.LinkAddress(mac[:])
}

// Firewall is the set of inbound rules, for reading and changing.
func (n *NIC) Firewall() *Firewall { return &n.firewall }

// send puts a frame on the wire, or back into the host when it is meant for the host itself.
func (n *NIC) send(f *wire.Frame) {
	if f.Dst() == n.mac {
		n.host.domain.After(wire.MinLatency, func() { n.Receive(n.port, f) })
		return
	}
	n.port.Send(f)
}

// Receive takes a frame from the wire. A frozen machine's network card serves nobody: it is lost.
func (n *NIC) Receive(_ *wire.Port, f *wire.Frame) {
	defer f.Free()
	if dst := f.Dst(); dst != n.mac && !dst.IsGroup() {
		return // flooded by a switch that does not know the station
	}
	if !n.host.domain.Running() {
		return
	}
	switch f.Type() {
	case wire.TypeARP:
		n.answerFor(f)
		n.arpIn(f)
	case wire.TypeIPv4:
		if n.ageing != nil {
			n.ageing.heardIPv4(f)
		}
		if !n.firewall.admits(f.B[wire.HeaderLen:]) {
			return
		}
		if f.Dst().IsGroup() && n.hearsGroup(f.B[wire.HeaderLen:]) || n.echo(f) || n.forward(f) {
			return
		}
		tcp := isTCP(f.B[wire.HeaderLen:])
		if tcp {
			n.host.touchTCP()
		}
		n.link.deliver(f)
		if tcp {
			n.host.barrier()
			n.host.domain.Settled()
		}
	}
}

// LinkChanged tells the host of its link. A frozen machine senses when it wakes what the link is
// then (H7): a flap in its sleep goes unnoticed.
func (n *NIC) LinkChanged(*wire.Port, bool) {
	if n.host.domain.Running() {
		n.senseLink()
		return
	}
	n.host.domain.After(0, n.senseLink) // never runs on a machine without power
}

// senseLink is media sense (H5): without link no address is usable and the ARP cache is empty; with
// link, duplicate address detection runs for each address.
func (n *NIC) senseLink() {
	up := n.port.Up()
	if up == n.sensed {
		return
	}
	n.sensed = up
	for _, a := range n.addresses {
		if up {
			n.startDAD(a, n.host.cfg.DAD.Delay)
		} else {
			n.suspend(a)
		}
	}
	if !up {
		n.FlushNeighbors()
	}
	if n.host.cfg.OnLink != nil {
		n.host.cfg.OnLink(up)
	}
}

// must panics on a netstack error that no input can cause.
func must(err tcpip.Error) {
	if err != nil {
		panic("netstack: " + err.String())
	}
}
