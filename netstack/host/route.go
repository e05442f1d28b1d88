package host

import (
	"fmt"
	"net/netip"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
)

// SetGateway sends what is for no subnet of the host to that router. The route holds whenever an
// interface has a usable address in the router's subnet, and comes back with it (H5).
func (h *Host) SetGateway(ip netip.Addr) {
	h.gateway = ip
	h.setRoutes()
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

// setRoutes makes the routing table: the subnets of all usable addresses, then the gateway.
func (h *Host) setRoutes() {
	var routes []tcpip.Route
	for _, n := range h.nics {
		for _, a := range n.addresses {
			if a.state == Preferred {
				routes = append(routes, tcpip.Route{Destination: h.subnet(a.prefix), NIC: n.id})
			}
		}
	}
	for _, n := range h.nics {
		if _, ok := n.sourceFor(h.gateway); ok {
			routes = append(routes, tcpip.Route{Destination: header.IPv4EmptySubnet, Gateway: addr4(h.gateway), NIC: n.id})
		}
	}
	h.stack.SetRouteTable(routes)
}

func (h *Host) subnet(p netip.Prefix) tcpip.Subnet {
	s, err := tcpip.NewSubnet(addr4(p.Masked().Addr()), tcpip.MaskFromBytes(mask(p.Bits())))
	if err != nil {
		panic(fmt.Sprintf("host %s: address %v: %v", h.cfg.Name, p, err))
	}
	return s
}

func mask(bits int) []byte {
	m := ^uint32(0) << (32 - bits)
	return []byte{byte(m >> 24), byte(m >> 16), byte(m >> 8), byte(m)}
}
