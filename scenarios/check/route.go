package check

import (
	"net/netip"
	"slices"

	"ipwsim/sim/trace"
)

// router is an L3 switch as the trace left it (N5). It routes between its ports, and to what lies
// behind other routers, and does not bridge them. The host in it is its power, its addresses and its
// ARP entries, without a segment.
type router struct {
	*host
	ports  []*port
	routes []trace.Route
}

// port is an interface of a router, an end of its own.
type port struct {
	*host // own address, MAC and segment only
	cable string
}

func newRouter(r *trace.Router) *router {
	// A router is on unless a record says otherwise.
	all := &router{host: newHost(r.Name, netip.Prefix{}, trace.MAC{}, nil, trace.On), routes: r.Routes}
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

// caches says which ARP caches on the way between a client and a VIP are heeded; of the others it is
// assumed that they are right.
type caches int

const (
	noCache      caches = 0
	ownCache     caches = 1 << 0 // the client's
	routerCaches caches = 1 << 1 // of each router, there and back
	allCaches           = ownCache | routerCaches
)

// joins says whether an echo request of the client for the VIP gets to the node, and the answer
// back. The node's own cache is left out: clients and routers do not move.
func (w *world) joins(c, n *host, vip netip.Addr, heed caches) bool {
	if !c.routed(vip) {
		return c.reaches(n) && (heed&ownCache == 0 || c.leads(vip, n.mac))
	}
	return w.way(c, n, vip, heed) && w.way(n, c, c.own, heed&routerCaches)
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

// way says whether a packet for the address gets from one host to the other, over routers if it is
// not in the sender's subnet.
func (w *world) way(from, to *host, ip netip.Addr, heed caches) bool {
	if !from.routed(ip) {
		return from.reaches(to)
	}
	return slices.ContainsFunc(w.routers, func(r *router) bool {
		return r.hears(from, from, from.gateway, heed&ownCache != 0) && w.carries(r, to, ip, heed, len(w.routers))
	})
}

// carries says whether what the router has got for the address arrives at the host, over so many
// routers at most: one that comes to a router twice goes round for ever.
func (w *world) carries(r *router, to *host, ip netip.Addr, heed caches, hops int) bool {
	if hops == 0 {
		return false
	}
	return slices.ContainsFunc(r.ports, func(p *port) bool {
		if !r.works(p) {
			return false
		}
		if p.subnet.Contains(ip) {
			return p.reaches(to) && (heed&routerCaches == 0 || r.leads(ip, to.mac))
		}
		via, ok := r.via(p, ip)
		return ok && slices.ContainsFunc(w.routers, func(next *router) bool {
			return next.hears(p.host, r.host, via, heed&routerCaches != 0) && w.carries(next, to, ip, heed, hops-1)
		})
	})
}

// via is the next hop to the address, if it is in the port's subnet.
func (r *router) via(p *port, ip netip.Addr) (via netip.Addr, ok bool) {
	for _, x := range r.routes {
		if x.Prefix.Contains(ip) && p.subnet.Contains(x.Via) {
			return x.Via, true
		}
	}
	return via, false
}

// hears says whether the router gets what is sent from there to its address, by the sender's ARP
// entry of it, if that is heeded.
func (r *router) hears(there, sender *host, ip netip.Addr, heed bool) bool {
	return slices.ContainsFunc(r.ports, func(p *port) bool {
		return p.own == ip && r.works(p) && p.reaches(there) && (!heed || sender.leads(ip, p.mac))
	})
}
