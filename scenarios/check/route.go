package check

import (
	"net/netip"
	"slices"

	"ipwsim/sim/trace"
)

// router is an L3 switch as the trace left it (N5). It routes between its ports and does not
// bridge them. The host in it is its power, its addresses and its ARP entries, without a segment.
type router struct {
	*host
	ports []*port
}

// port is an interface of a router, an end of its own.
type port struct {
	*host // own address, MAC and segment only
	cable string
}

func newRouter(r *trace.Router) *router {
	// A router is on unless a record says otherwise.
	all := &router{host: newHost(r.Name, netip.Prefix{}, trace.MAC{}, nil, trace.On)}
	for _, i := range r.Interfaces {
		all.ports = append(all.ports, &port{newHost(r.Name, i.Address, i.MAC, nil, trace.On), i.Cable})
	}
	return all
}

// works says whether the port's address is usable. One that was never recorded is.
func (r *router) works(p *port) bool {
	state := r.addresses[p.own]
	return r.runs() && (state == "" || state == trace.Preferred)
}

// caches says which ARP caches on a client's way to a VIP are heeded; of the others it is assumed
// that they are right.
type caches int

const (
	noCache     caches = iota
	ownCache           // the client's
	cachesThere        // those on the way to the VIP
	allCaches          // those on the way back too
)

// joins says whether an echo request of the client for the VIP gets to the node, and the answer
// back.
func (w *world) joins(c, n *host, vip netip.Addr, heed caches) bool {
	request, reply := packet{"echo", c.own, vip}, packet{"reply", vip, c.own}
	back := noCache
	if heed == allCaches {
		back = allCaches
	}
	return n.maySpeak(vip) && w.way(c, n, request, heed) && w.way(n, c, reply, back)
}

// routed says whether the host sends packets for the address to its gateway.
func (h *host) routed(ip netip.Addr) bool { return !h.subnet.Contains(ip) }

// leads says whether packets for the address go to the MAC: without a usable entry the host asks
// first, and whoever has the address answers, unless its last question went out too early.
func (h *host) leads(ip netip.Addr, mac trace.MAC) bool {
	entry := h.neighbors[ip]
	if entry.State.Usable() {
		return entry.MAC == mac
	}
	return !h.vain[ip]
}

// way says whether a packet gets from one host to the other, by one router at most.
func (w *world) way(from, to *host, p packet, heed caches) bool {
	if !from.routed(p.dst) {
		return w.carries(from, to, p) && (heed == noCache || from.leads(p.dst, to.mac))
	}
	return slices.ContainsFunc(w.routers, func(r *router) bool {
		return w.takesFrom(r, from, p, heed) && w.bringsTo(r, to, p, heed)
	})
}

// takesFrom says whether the router is the host's gateway, and gets the packet.
func (w *world) takesFrom(r *router, h *host, p packet, heed caches) bool {
	return slices.ContainsFunc(r.ports, func(o *port) bool {
		return o.own == h.gateway && r.works(o) && w.carries(h, o.host, p) && (heed == noCache || h.leads(o.own, o.mac))
	})
}

// bringsTo says whether the packet that the router forwards arrives at the host.
func (w *world) bringsTo(r *router, h *host, p packet, heed caches) bool {
	return slices.ContainsFunc(r.ports, func(o *port) bool {
		return o.subnet.Contains(p.dst) && r.works(o) && w.carries(o.host, h, p) && (heed < cachesThere || r.leads(p.dst, h.mac))
	})
}
