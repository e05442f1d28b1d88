package facts

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"ipwsim/sim/trace"
)

// model is what the records so far say stands: who is up, who reaches whom, who has which address. It starts
// with everything down.
type model struct {
	header  *trace.Header
	vips    []netip.Addr
	nodes   []*host // by role
	clients []*host // as in the header
	routers []*router
	others  []*host // strangers (N7)
	byName  map[string]*host
	net     *network
	rules   []trace.Rule // in force

	names [][]string // the roles of a set of nodes, sorted
}

// nodes is a set of nodes, a bit each.
type nodes uint8

func newModel(h *trace.Header) *model {
	m := &model{header: h, byName: make(map[string]*host, len(h.Clients)+8)}
	for _, v := range h.VIPs {
		m.vips = append(m.vips, v.Address)
	}
	for i := range h.Nodes {
		n := &h.Nodes[i]
		one := newHost(n.Role, n.Address, n.MAC, trace.Off, m.vips)
		one.gateway, one.node, one.iface = n.Gateway, n, n.Interface
		one.widen()
		m.nodes = append(m.nodes, one)
	}
	slices.SortStableFunc(m.nodes, func(a, b *host) int { return strings.Compare(a.name, b.name) })
	for i := range h.Clients {
		c := &h.Clients[i]
		// A client's power is not recorded unless a fault touches it.
		one := newHost(c.Name, c.Address, c.MAC, trace.On, m.vips)
		one.gateway, one.client = c.Gateway, c
		m.clients = append(m.clients, one)
	}
	for i := range h.Others {
		if o := &h.Others[i]; o.What == trace.Stranger {
			m.others = append(m.others, newHost(o.Name, o.Address, o.MAC, trace.On, m.vips))
		}
	}
	hosts := slices.Concat(m.nodes, m.clients, m.others)
	for _, one := range hosts {
		m.byName[one.name] = one
	}
	for i := range h.Routers {
		r := newRouter(&h.Routers[i], m.vips)
		m.routers = append(m.routers, r)
		m.byName[r.name] = r.host
	}
	m.net = newNetwork(h.Cables, hosts, m.routers)
	m.inspect()
	m.nameSets()
	for i, n := range m.nodes {
		n.place = i
	}
	for i, c := range m.clients {
		c.place = i
	}
	return m
}

func (m *model) nameSets() {
	m.names = make([][]string, 1<<len(m.nodes))
	for set := range m.names {
		for i, n := range m.nodes {
			if set&(1<<i) != 0 {
				m.names[set] = append(m.names[set], n.name)
			}
		}
	}
}

// inspect tells each host which addresses switches let it speak for.
func (m *model) inspect() {
	for _, one := range m.net.hosts {
		one.inspected = nil
		for _, i := range m.net.ends[one] {
			sw := m.net.cables[i].far(one.name)
			for _, inspection := range m.header.Inspections {
				if inspection.Switch == sw {
					one.inspected = append(one.inspected, inspection)
				}
			}
		}
	}
}

// vip is the VIP's place, or -1.
func (m *model) vip(ip netip.Addr) int { return slices.Index(m.vips, ip) }

// isNodes says whether the address is a node's own.
func (m *model) isNodes(ip netip.Addr) bool {
	return slices.ContainsFunc(m.nodes, func(n *host) bool { return n.own == ip })
}

// answerers is P0: the nodes that would answer an echo request the client sends to the VIP now.
func (m *model) answerers(c *host, vip int) (by nodes) {
	if !c.usable() {
		return 0
	}
	for i, n := range m.nodes {
		if n.answers(vip) && m.joins(c, n, vip, allTables) {
			by |= 1 << i
		}
	}
	return by
}

// connects says whether a connection of the client to the VIP, as mail programs make it, would get through now, though an
// echo request might not: a holder's firewall is closed for those alone (H8), or rules drop them.
func (m *model) connects(c *host, vip int) bool {
	return c.usable() && slices.ContainsFunc(m.nodes, func(n *host) bool {
		return n.holds(vip) && !n.blocked(trace.MailRule) && m.joinsBy(tcp, tcp, c, n, vip, allTables)
	})
}

// ready are the nodes that could serve the client, were the VIP theirs: up, the service running, connected to
// a client that can ask, and not misconfigured (P4; H8 for the echo). held says whether some node would answer
// the client, were the ARP caches empty.
func (m *model) ready(c *host, vip int) (ready nodes, held bool) {
	if !c.usable() {
		return 0, false
	}
	for i, n := range m.nodes {
		watches, answers := n.keeps(vip) && n.node.Watches(n.iface) && !n.blocked(trace.EchoRule), n.answers(vip)
		if !watches && !answers || !m.joins(c, n, vip, noCache) {
			continue
		}
		if watches {
			ready |= 1 << i
		}
		held = held || answers
	}
	return ready, held
}

// sees says whether the node's polls for the VIP are answered by another node. Those that go over routers find it as their
// ARP caches have it (H20, N5).
func (m *model) sees(n *host, vip int) bool {
	if !n.keeps(vip) {
		return false
	}
	heed := noCache
	if n.routed(m.vips[vip]) {
		heed = routerCaches
	}
	for _, o := range m.nodes {
		if o != n && o.answers(vip) && m.joins(n, o, vip, heed) {
			return true
		}
	}
	return m.seesForeign(n, vip)
}

// seesForeign says whether a machine that is no node answers the node's polls for the VIP (N7).
func (m *model) seesForeign(n *host, vip int) bool {
	return n.keeps(vip) && slices.ContainsFunc(m.others, func(o *host) bool { return o.answers(vip) && m.joins(n, o, vip, noCache) })
}

// host is a node, a client or a router as the trace left it.
type host struct {
	name    string
	place   int // among the nodes or the clients
	own     netip.Addr
	subnet  netip.Prefix
	further []netip.Prefix // what each VIP makes its subnet besides, on a node; nil: nothing
	gateway netip.Addr
	mac     trace.MAC
	node    *trace.Node   // with what its watcher has read last; nil for others
	client  *trace.Client // nil for others

	vips      []netip.Addr
	power     trace.PowerState
	service   trace.ServiceState // of the watcher; "" when never recorded
	ownState  trace.AddressState
	states    []trace.AddressState              // of each VIP
	addresses map[netip.Addr]trace.AddressState // of a router
	neighbors map[netip.Addr]neighbor           // of the ARP cache
	firewall  map[trace.FirewallRule]bool       // what it drops
	watch     []trace.Watch                     // the watcher's last word on each VIP
	watchedAt []time.Duration                   // and when it came
	iface     string                            // the name of a node's interface
	died      bool                              // peers may have connections that it knows nothing of any more
	slow      int64                             // by how many millionths its clock has been fast, at its slowest
	fast      int64                             // and at its fastest
	net       *network                          // that its cables are in; nil for a router, whose ports have them
	hasLink   bool                              // see linked
	on        []int                             // see segments
	inspected []trace.Inspection                // by the switches it is plugged into
}

// neighbor is an ARP entry: where packets go.
type neighbor struct {
	mac    trace.MAC
	usable bool // else packets wait for an answer
	asks   bool // it has been asked for, and will be told or gives up
	vain   bool // that will not come
}

func newHost(name string, address netip.Prefix, mac trace.MAC, power trace.PowerState, vips []netip.Addr) *host {
	return &host{
		name: name, own: address.Addr(), subnet: address, mac: mac, power: power, vips: vips,
		states: make([]trace.AddressState, len(vips)), neighbors: map[netip.Addr]neighbor{},
		watch: make([]trace.Watch, len(vips)), watchedAt: make([]time.Duration, len(vips)),
	}
}

// widen finds the further subnets of a node whose own mask does not make its subnet that of each VIP.
func (h *host) widen() {
	if !slices.ContainsFunc(h.vips, func(vip netip.Addr) bool { return !h.subnet.Contains(vip) }) {
		return
	}
	for _, vip := range h.vips {
		h.further = append(h.further, trace.Added(h.subnet, vip))
	}
}

// turn changes the power; with it off nothing of the stack is left.
func (h *host) turn(s trace.PowerState) {
	h.power = s
	if s == trace.Off {
		h.ownState, h.service = "", ""
		clear(h.states)
		clear(h.addresses)
		clear(h.neighbors)
		clear(h.watch)
	}
}

// address takes the state of one of its addresses in, and says whether it counts.
func (h *host) address(ip netip.Addr, s trace.AddressState) bool {
	if h.addresses != nil {
		h.addresses[ip] = s
		return true
	}
	if i := slices.Index(h.vips, ip); i >= 0 {
		h.states[i] = s
		return true
	}
	if ip == h.own {
		h.ownState = s
		return true
	}
	return false
}

// runs says whether the machine's network answers at all (H6, H7).
func (h *host) runs() bool { return h.power == trace.On || h.power == trace.Stopping }

// usable says whether the host can send and be answered under its own address (H1).
func (h *host) usable() bool { return h.runs() && h.ownState == trace.Preferred }

// holds says whether the VIP is the machine's to defend: ARP for it is answered.
func (h *host) holds(vip int) bool { return h.runs() && h.states[vip] == trace.Preferred }

// resigned says whether the node's watcher heard a higher priority, and its netsh is about to delete the VIP (V3).
func (h *host) resigned(vip int) bool {
	return h.watch[vip].State == trace.Releasing && h.watch[vip].Why == trace.Outranked
}

func (h *host) blocked(rule trace.FirewallRule) bool {
	return h.firewall[rule] || h.firewall[trace.Inbound]
}

// answers says whether an echo request that arrives for the VIP is answered (H8).
func (h *host) answers(vip int) bool { return h.holds(vip) && !h.blocked(trace.EchoRule) }

// watches says whether the node's watcher is at work with a network under it.
func (h *host) watches() bool {
	return h.power == trace.On && h.service == trace.Running && h.usable()
}

// keeps says whether the node's watcher is at work and has the VIP in its table.
func (h *host) keeps(vip int) bool { return h.watches() && h.node.Keeps(h.vips[vip]) }

// maySpeak says whether the switches let the host's ARP for the address pass.
func (h *host) maySpeak(ip netip.Addr) bool {
	for _, i := range h.inspected {
		if !slices.Contains(i.Bindings, trace.Binding{IP: ip, MAC: h.mac}) {
			return false
		}
	}
	return true
}

// connected says whether a cable of its own passes frames in both directions.
func (h *host) connected() bool { return len(h.segments()) > 0 }

// reaches says whether a frame gets from one host to the other.
func (h *host) reaches(o *host) bool {
	for _, s := range h.segments() {
		if slices.Contains(o.segments(), s) {
			return true
		}
	}
	return false
}
