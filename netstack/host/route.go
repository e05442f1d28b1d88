package host

import (
	"fmt"
	"net/netip"
	"slices"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
)

// SetGateway sends what is for no subnet of the host to that router. The route holds whenever an
// interface has a usable address in the router's subnet, and comes back with it (H5). A router that is in
// no subnet of the host's addresses is asked for as if it were, with any of them in use.
//
// Inferred: the latter of Windows, which warns of such a gateway when it is set, and takes it.
func (h *Host) SetGateway(ip netip.Addr) {
	h.gateway = ip
	h.setRoutes()
}

// AddRoute sends what is for the subnet to that router. Of several routes that fit, that with the
// longest prefix is taken; as the gateway's, it holds while the router is in a subnet in use. A host
// that is told of a better way (ICMP redirect) pays no heed, and a router tells nobody.
//
// Inferred: that goes for Windows and for L3 switches; netstack knows no redirects.
func (h *Host) AddRoute(subnet netip.Prefix, via netip.Addr) {
	h.static = append(h.static, staticRoute{subnet, via})
	h.setRoutes()
}

// staticRoute is a route to a subnet behind a router.
type staticRoute struct {
	subnet netip.Prefix
	via    netip.Addr
}

// onLink says whether ip is in the subnet of a usable address.
func (n *NIC) onLink(ip netip.Addr) bool {
	return slices.ContainsFunc(n.addresses, func(a *address) bool {
		return a.state == Preferred && a.prefix.Contains(ip)
	})
}

// setRoutes makes the routing table: the subnets of all usable addresses, then what lies behind routers.
func (h *Host) setRoutes() {
	var routes []tcpip.Route
	for _, n := range h.nics {
		for _, a := range n.addresses {
			if a.state == Preferred {
				routes = append(routes, tcpip.Route{Destination: h.subnet(a.prefix), NIC: n.id})
			}
		}
	}
	for _, s := range h.static {
		routes = h.addVia(routes, h.subnet(s.subnet), s.via)
	}
	routes = h.addVia(routes, header.IPv4EmptySubnet, h.gateway)
	if h.gateway.IsValid() && !h.covers(h.gateway) {
		routes = h.addBeyond(routes, h.gateway)
	}
	h.routes = routes
	h.stack.SetRouteTable(routes)
}

// addVia adds a route over each interface that has the router in its subnet.
func (h *Host) addVia(routes []tcpip.Route, subnet tcpip.Subnet, via netip.Addr) []tcpip.Route {
	for _, n := range h.nics {
		if n.onLink(via) {
			routes = append(routes, tcpip.Route{Destination: subnet, Gateway: addr4(via), NIC: n.id})
		}
	}
	return routes
}

// covers says whether ip is in the subnet of one of the host's addresses, usable or not.
func (h *Host) covers(ip netip.Addr) bool {
	return slices.ContainsFunc(h.nics, func(n *NIC) bool {
		return slices.ContainsFunc(n.addresses, func(a *address) bool { return a.prefix.Contains(ip) })
	})
}

// addBeyond adds the default route by a router that is in no subnet of the host's.
func (h *Host) addBeyond(routes []tcpip.Route, via netip.Addr) []tcpip.Route {
	for _, n := range h.nics {
		if slices.ContainsFunc(n.addresses, func(a *address) bool { return a.state == Preferred }) {
			routes = append(routes, tcpip.Route{Destination: header.IPv4EmptySubnet, Gateway: addr4(via), NIC: n.id})
		}
	}
	return routes
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
