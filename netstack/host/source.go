package host

import (
	"math/bits"
	"net/netip"

	"gvisor.dev/gvisor/pkg/tcpip"

	"ipwsim/netstack/policy"
)

// Source is the address that the host sends from to ip (H13); the zero Addr when it cannot.
func (h *Host) Source(ip netip.Addr) netip.Addr {
	n, hop := h.hop(ip)
	if n == nil {
		return netip.Addr{}
	}
	return n.source(hop, ip)
}

// unlikeFirst is the address, unless it is its interface's first: that one netstack takes by itself.
func (h *Host) unlikeFirst(ip netip.Addr) netip.Addr {
	for _, n := range h.nics {
		if len(n.addresses) > 0 && n.addresses[0].prefix.Addr() == ip {
			return netip.Addr{}
		}
	}
	return ip
}

// source is the usable address to send from to dst by that next hop. Addresses of other subnets than
// the hop's take part: routes are the interface's (RFC 1122's strong end system, by interface).
func (n *NIC) source(hop, dst netip.Addr) netip.Addr {
	var best *address
	for _, a := range n.addresses {
		switch {
		case a.state != Preferred || a.skip:
		case best == nil:
			best = a
		case n.host.cfg.Source == policy.Nearest && nearer(a.prefix.Addr(), best.prefix.Addr(), hop, dst):
			best = a
		}
	}
	if best == nil {
		return netip.Addr{}
	}
	return best.prefix.Addr()
}

// nearer says whether a has more high bits in common with the first of the goals in which they differ.
func nearer(a, b netip.Addr, goals ...netip.Addr) bool {
	for _, g := range goals {
		if x, y := common(a, g), common(b, g); x != y {
			return x > y
		}
	}
	return false
}

// common is how many high bits two IPv4 addresses have in common.
func common(a, b netip.Addr) int {
	return bits.LeadingZeros32(number(a) ^ number(b))
}

func number(a netip.Addr) uint32 {
	b := a.As4()
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}

// hop is where a packet to ip goes first, and by which interface: by netstack's rule, the longest
// prefix, of equals the first.
func (h *Host) hop(ip netip.Addr) (*NIC, netip.Addr) {
	var best *tcpip.Route
	for i, r := range h.routes {
		if r.Destination.Contains(addr4(ip)) && (best == nil || r.Destination.Prefix() > best.Destination.Prefix()) {
			best = &h.routes[i]
		}
	}
	switch {
	case best == nil:
		return nil, netip.Addr{}
	case best.Gateway.BitLen() > 0:
		ip = netipAddr(best.Gateway)
	}
	return h.nics[best.NIC-1], ip
}
