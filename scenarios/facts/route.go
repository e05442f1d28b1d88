package facts

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

func newRouter(r *trace.Router, vips []netip.Addr) *router {
	// A router is on unless a record says otherwise.
	all := &router{host: newHost(r.Name, netip.Prefix{}, trace.MAC{}, trace.On, vips), routes: r.Routes}
	all.addresses = map[netip.Addr]trace.AddressState{}
	for _, i := range r.Interfaces {
		all.ports = append(all.ports, &port{newHost(r.Name, i.Address, i.MAC, trace.On, nil), i.Cable})
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
	routerCaches caches = 1 << 1 // of each router on the way there
	backCaches   caches = 1 << 2 // those on the way back, the node's own first
	switchTables caches = 1 << 3 // of each switch, which may look for a machine where it was (N10)
	cachesThere         = ownCache | routerCaches
	allCaches           = cachesThere | backCaches
	allTables           = allCaches | switchTables
)

// joins says whether an echo request of the client for the VIP gets to the node, and the answer
// back.
func (m *model) joins(c, n *host, vip int, heed caches) bool {
	return m.joinsBy("echo", "reply", c, n, vip, heed)
}

// joinsBy is joins for packets of other forms.
func (m *model) joinsBy(ask, answer string, c, n *host, vip int, heed caches) bool {
	ip := m.vips[vip]
	request, reply := packet{form: ask, src: c.own, dst: ip}, packet{form: answer, src: ip, dst: c.own}
	back := heed & switchTables
	if heed&backCaches != 0 {
		back |= cachesThere
	}
	return n.maySpeak(ip) && m.way(c, n, request, heed) && m.way(n, c, reply, back)
}

// routed says whether the host sends packets for the address to its gateway: it is in no subnet of the host's addresses
// (H20).
func (h *host) routed(ip netip.Addr) bool {
	if h.subnet.Contains(ip) {
		return false
	}
	for i, subnet := range h.further {
		if subnet.Contains(ip) && h.states[i] == trace.Preferred {
			return false
		}
	}
	return true
}

// hop is the address whose ARP entry packets for the address go by.
func (h *host) hop(ip netip.Addr) netip.Addr {
	if h.routed(ip) {
		return h.gateway
	}
	return ip
}

// leads says whether the host's packets for the address go to the other host, from there: without a usable entry it
// asks first, and whoever has the address answers, unless its last question went out too early, or rules drop what it
// would ask now or the answer.
func (m *model) leads(h, there, to *host, ip netip.Addr) bool {
	entry := h.neighbors[ip]
	switch {
	case entry.usable:
		return entry.mac == to.mac
	case entry.vain, entry.asks, len(m.rules) == 0:
		return !entry.vain
	}
	request, reply := packet{arp: true, form: "request", src: there.own, dst: ip}, packet{arp: true, form: "reply", src: ip, dst: there.own}
	return !m.dropped(there, to, request) && !m.dropped(to, there, reply)
}

// way says whether the packet gets from one host to the other, over routers if it is not for the
// sender's subnet.
func (m *model) way(from, to *host, p packet, heed caches) bool {
	if !from.routed(p.dst) {
		return m.carries(from, to, p) && (heed&ownCache == 0 || m.leads(from, from, to, p.dst)) && m.found(from, from, to, p.dst, heed)
	}
	return slices.ContainsFunc(m.routers, func(r *router) bool {
		return m.hears(r, from, from, from.gateway, p, heed&ownCache != 0) && m.forwards(r, to, p, heed, len(m.routers))
	})
}

// found says whether the switches' tables, if they are heeded, lead from there to the host. A sender without an entry
// asks all first, and the answer teaches them.
func (m *model) found(sender, there, to *host, ip netip.Addr, heed caches) bool {
	return heed&switchTables == 0 || !sender.neighbors[ip].usable || !m.net.looksElsewhere(there, to)
}

// forwards says whether the packet that the router has got arrives at the host, over so many routers
// at most: one that comes to a router twice goes round for ever.
func (m *model) forwards(r *router, to *host, p packet, heed caches, hops int) bool {
	if hops == 0 {
		return false
	}
	return slices.ContainsFunc(r.ports, func(o *port) bool {
		if !r.works(o) {
			return false
		}
		if o.subnet.Contains(p.dst) {
			return m.carries(o.host, to, p) && (heed&routerCaches == 0 || m.leads(r.host, o.host, to, p.dst)) && m.found(r.host, o.host, to, p.dst, heed)
		}
		via, ok := r.via(o, p.dst)
		return ok && slices.ContainsFunc(m.routers, func(next *router) bool {
			return m.hears(next, o.host, r.host, via, p, heed&routerCaches != 0) && m.forwards(next, to, p, heed, hops-1)
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

// hears says whether the router gets the packet that is sent from there to its address, by the
// sender's ARP entry of it, if that is heeded.
func (m *model) hears(r *router, there, sender *host, at netip.Addr, p packet, heed bool) bool {
	return slices.ContainsFunc(r.ports, func(o *port) bool {
		return o.own == at && r.works(o) && m.carries(there, o.host, p) && (!heed || m.leads(sender, there, o.host, at))
	})
}
