package host

import (
	"fmt"
	"net/netip"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/stack"

	"ipwsim/netstack/wire"
)

// NIC is a host's network interface.
type NIC struct {
	host      *Host
	mac       wire.MAC
	port      *wire.Port
	link      *link
	neighbors stack.NetworkInterface // netstack's side, as its ARP endpoint got it
	addresses []*address
	seen      map[netip.Addr]neighbor // the ARP cache as its events tell it
	ageing    *ageing                 // nil: RFC 4861 alone
	firewall  Firewall
}

func (n *NIC) init() {
	n.seen = map[netip.Addr]neighbor{}
	n.ageing = newAgeing(n, &n.host.cfg.Neighbor)
	n.link = &link{nic: n}
	must(n.host.stack.CreateNIC(nicID, n.link))
	n.port.Attach(n)
}

// Port is where the cable plugs in.
func (n *NIC) Port() *wire.Port { return n.port }

// MAC is the interface's Ethernet address.
func (n *NIC) MAC() wire.MAC { return n.mac }

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
		if n.arpIn(f) {
			n.link.deliver(f)
		}
	case wire.TypeIPv4:
		if n.ageing != nil {
			n.ageing.heardIPv4(f)
		}
		if !n.firewall.admits(f.B[wire.HeaderLen:]) {
			return
		}
		tcp := isTCP(f.B[wire.HeaderLen:])
		if tcp {
			n.host.touchTCP()
		}
		n.link.deliver(f)
		if tcp {
			n.host.barrier()
		}
	}
}

// LinkChanged is media sense (H5): without link no address is usable and the ARP cache is empty;
// with link, duplicate address detection runs for each address.
func (n *NIC) LinkChanged(_ *wire.Port, up bool) {
	if n.host.domain.Dead() {
		return
	}
	for _, a := range n.addresses {
		if up {
			n.startDAD(a)
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

// sourceFor is the first usable address on ip's subnet.
func (n *NIC) sourceFor(ip netip.Addr) (netip.Addr, bool) {
	for _, a := range n.addresses {
		if a.state == Preferred && a.prefix.Contains(ip) {
			return a.prefix.Addr(), true
		}
	}
	return netip.Addr{}, false
}

func (n *NIC) setRoutes() {
	var routes []tcpip.Route
	for _, a := range n.addresses {
		if a.state != Preferred {
			continue
		}
		subnet, err := tcpip.NewSubnet(addr4(a.prefix.Masked().Addr()), tcpip.MaskFromBytes(mask(a.prefix.Bits())))
		if err != nil {
			panic(fmt.Sprintf("host %s: address %v: %v", n.host.cfg.Name, a.prefix, err))
		}
		routes = append(routes, tcpip.Route{Destination: subnet, NIC: nicID})
	}
	n.host.stack.SetRouteTable(routes)
}

func mask(bits int) []byte {
	m := ^uint32(0) << (32 - bits)
	return []byte{byte(m >> 24), byte(m >> 16), byte(m >> 8), byte(m)}
}

// must panics on a netstack error that no input can cause.
func must(err tcpip.Error) {
	if err != nil {
		panic("netstack: " + err.String())
	}
}
