package naive

import (
	"net/netip"
	"slices"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// state is what stands after some records. Before the first all is down.
type state struct {
	h        *trace.Header
	machines map[string]*machine // nodes, clients and routers
	up       map[string]bool     // cables
	cut      map[port]bool       // what the machine or switch sends on the cable vanishes
	lost     map[port]bool       // what it sends is lost, each frame of it
	held     map[port]bool       // spanning tree holds the switch's port
	cables   []trace.Cable       // as they lie now
	wrong    map[old]bool        // a switch looks for a machine where it was
	rules    []trace.Rule
	faults   []finding.Fault  // by number
	used     map[usedVIP]bool // clients and VIPs
	zones    map[string]int   // see zone
}

// old is what a switch knows no better of a MAC.
type old struct {
	sw  string
	mac trace.MAC
}

// port is the end of a cable at a machine or a switch.
type port struct{ of, cable string }

type usedVIP struct {
	client string
	vip    netip.Addr
}

// machine is a node, a client or a router.
type machine struct {
	name      string
	subnet    netip.Prefix // with its own address
	gateway   netip.Addr
	mac       trace.MAC
	node      *trace.Node
	client    *trace.Client
	router    *trace.Router
	power     trace.PowerState
	service   trace.ServiceState
	addresses map[netip.Addr]trace.AddressState
	entries   map[netip.Addr]entry
	blocked   map[trace.FirewallRule]bool
	watch     map[netip.Addr]trace.Watch // the watcher's last word
	iface     string                     // a node's interface's name
}

// entry is an ARP entry: where packets go, or whether asking is in vain.
type entry struct {
	usable bool
	mac    trace.MAC
	asks   bool // and is told, or gives up, later
	vain   bool
}

func newState(h *trace.Header) *state {
	s := &state{
		h: h, machines: map[string]*machine{}, up: map[string]bool{}, cut: map[port]bool{}, lost: map[port]bool{}, held: map[port]bool{},
		used: map[usedVIP]bool{}, cables: slices.Clone(h.Cables), wrong: map[old]bool{},
	}
	for i := range h.Nodes {
		n := &h.Nodes[i]
		s.add(&machine{name: n.Role, subnet: n.Address, gateway: n.Gateway, mac: n.MAC, node: n, iface: n.Interface, power: trace.Off})
	}
	for i := range h.Clients {
		c := &h.Clients[i]
		s.add(&machine{name: c.Name, subnet: c.Address, gateway: c.Gateway, mac: c.MAC, client: c, power: trace.On})
	}
	for _, o := range h.Others {
		if o.What == trace.Stranger {
			s.add(&machine{name: o.Name, subnet: o.Address, mac: o.MAC, power: trace.On})
		}
	}
	for i := range h.Routers {
		s.add(&machine{name: h.Routers[i].Name, router: &h.Routers[i], power: trace.On})
	}
	return s
}

func (s *state) add(m *machine) {
	m.forget()
	m.blocked = map[trace.FirewallRule]bool{}
	s.machines[m.name] = m
}

// forget is what a machine without power does. Its firewall's rules are on the disk.
func (m *machine) forget() {
	m.service = ""
	m.addresses = map[netip.Addr]trace.AddressState{}
	m.entries = map[netip.Addr]entry{}
	m.watch = map[netip.Addr]trace.Watch{}
}

// apply takes a record in, and says whether it may change what stands.
func (s *state) apply(rec trace.Record, q question) bool {
	switch b := rec.Body.(type) {
	case trace.Link:
		s.up[b.Cable] = b.Up
		for p := range s.held { // order: each by itself; a new link starts spanning tree anew, if there is any
			if p.cable == b.Cable {
				delete(s.held, p)
			}
		}
	case trace.PortState:
		s.held[port{b.Switch, b.Cable}] = b.State != trace.Forwarding
	case trace.Moved:
		s.move(b)
	case trace.Astray:
		s.wrong[old{b.Switch, b.MAC}] = !b.Over
	case trace.Impairment:
		s.cut[port{b.From, b.Cable}], s.lost[port{b.From, b.Cable}] = b.Cut, b.Loss >= 1
	case trace.Rule:
		s.rules = append(s.rules, b)
	case trace.RuleOver:
		left := []trace.Rule{}
		for _, one := range s.rules {
			if one.Text != b.Text {
				left = append(left, one)
			}
		}
		s.rules = left
	case trace.Fault:
		s.faults = append(s.faults, finding.Fault{Fault: b, At: rec.At, Until: rec.At, Open: b.Lasts()})
		for _, id := range b.Ends {
			s.over(rec, id)
		}
		return false
	case trace.Over:
		s.over(rec, b.Fault)
		return false
	default:
		m := s.machines[rec.Host]
		return m != nil && s.applyTo(m, b, q)
	}
	s.zones = nil
	return true
}

// move has the machine's cable end at another switch, on a new way that nothing is wrong with.
func (s *state) move(b trace.Moved) {
	for i := range s.cables {
		c := &s.cables[i]
		if c.Name != b.Cable {
			continue
		}
		for _, end := range []string{c.A, c.B} {
			p := port{end, c.Name}
			s.cut[p], s.lost[p], s.held[p] = false, false, false
		}
		c.B = b.Switch
	}
}

func (s *state) over(rec trace.Record, id int) {
	for i := range s.faults {
		if s.faults[i].ID == id {
			s.faults[i].Until, s.faults[i].Open = rec.At, false
		}
	}
}

// applyTo takes a record of a machine in.
func (s *state) applyTo(m *machine, body trace.Body, q question) bool {
	switch b := body.(type) {
	case trace.Power:
		m.power = b.State
		if b.State == trace.Off {
			m.forget()
		}
	case trace.Address:
		m.addresses[b.IP] = b.State
	case trace.Neighbor:
		now := entry{usable: b.State.Usable(), asks: q.told, vain: q.vain}
		if now.usable {
			now.mac = b.MAC
		}
		was := m.entries[b.IP]
		m.entries[b.IP] = now
		return was != now
	case trace.Card:
		m.mac = b.MAC
	case trace.Interface:
		m.iface = b.Name
	case trace.Config:
		if m.node == nil {
			return false
		}
		m.node = m.node.Reads(b)
	case trace.Firewall:
		m.blocked[b.Rule] = b.Blocked
	case trace.Service:
		if b.Name != trace.Watcher {
			return false
		}
		m.service = b.State
	case trace.Watch:
		m.watch[b.VIP] = b
	case trace.Use:
		return s.use(m, b.VIP)
	case trace.PingStart:
		return s.use(m, b.Target)
	case trace.Connect: // it and what mail programs do are on record when they are over
		return s.use(m, b.Server.Addr())
	case trace.MailSend:
		return s.use(m, b.Server.Addr())
	case trace.MailPoll:
		return s.use(m, b.Server.Addr())
	default:
		return false
	}
	return true
}

func (s *state) use(m *machine, vip netip.Addr) bool {
	if m.client == nil {
		return false
	}
	s.used[usedVIP{m.name, vip}] = true
	return true
}

func (m *machine) own() netip.Addr { return m.subnet.Addr() }

// isNear says whether the machine looks for an address on its own segment: it has one in use whose mask says so, the own
// one or a VIP.
func (m *machine) isNear(ip netip.Addr) bool {
	if m.subnet.Contains(ip) {
		return true
	}
	if m.node == nil {
		return false
	}
	for held, state := range m.addresses { // order: any
		if state == trace.Preferred && held != m.own() && trace.Added(m.subnet, held).Contains(ip) {
			return true
		}
	}
	return false
}

// runs says whether the machine does anything.
func (m *machine) runs() bool { return m.power == trace.On || m.power == trace.Stopping }

// usable says whether it can send and be answered under its own address.
func (m *machine) usable() bool { return m.runs() && m.addresses[m.own()] == trace.Preferred }

func (m *machine) holds(vip netip.Addr) bool {
	return m.runs() && m.addresses[vip] == trace.Preferred
}

func (m *machine) answers(vip netip.Addr) bool { return m.holds(vip) && !m.shuts(trace.EchoRule) }

// works says whether the watcher runs, with a network under it or not.
func (m *machine) works() bool { return m.runs() && m.service == trace.Running }

// watches says whether the watcher is at work.
func (m *machine) watches() bool {
	return m.power == trace.On && m.service == trace.Running && m.usable()
}

// keeps says whether the watcher is at work, and for the VIP too.
func (m *machine) keeps(vip netip.Addr) bool { return m.watches() && m.node.Keeps(vip) }

// wouldTake says whether the watcher is at work for the VIP, and finds its interface.
func (m *machine) wouldTake(vip netip.Addr) bool { return m.keeps(vip) && m.node.Watches(m.iface) }

// couldTake says whether it does, and would be heard.
func (m *machine) couldTake(vip netip.Addr) bool { return m.wouldTake(vip) && !m.shuts(trace.EchoRule) }

// shuts says whether the firewall drops such packets: by a rule of their own, or because nothing gets in.
func (m *machine) shuts(rule trace.FirewallRule) bool {
	return m.blocked[rule] || m.blocked[trace.Inbound]
}

// leads says whether packets for the address go to the MAC, or will when it has been asked for.
func (m *machine) leads(ip netip.Addr, mac trace.MAC) bool {
	e := m.entries[ip]
	if e.usable {
		return e.mac == mac
	}
	return !e.vain
}

// linked says whether a cable of the machine has link.
func (s *state) linked(m *machine) bool {
	return slices.ContainsFunc(s.ports(m.name), func(p port) bool { return s.up[p.cable] })
}

// connected says whether a cable of the machine passes frames, both ways.
func (s *state) connected(m *machine) bool { return slices.ContainsFunc(s.ports(m.name), s.passes) }

// speaks says whether the switches let the machine's ARP for the address pass.
func (s *state) speaks(m *machine, ip netip.Addr) bool {
	for _, p := range s.ports(m.name) {
		for _, i := range s.h.Inspections {
			if i.Switch == s.far(p) && !slices.Contains(i.Bindings, trace.Binding{IP: ip, MAC: m.mac}) {
				return false
			}
		}
	}
	return true
}
