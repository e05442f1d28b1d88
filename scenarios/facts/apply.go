package facts

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// apply takes one record in, with what becomes of it where it asks for an ARP entry.
func (r *Reader) apply(rec *trace.Record, f fate) {
	r.mail.audit.workers.see(rec)
	switch b := rec.Body.(type) {
	case trace.Link:
		r.network(b.Cable, b)
	case trace.PortState:
		r.network(b.Cable, b)
	case trace.Moved:
		r.network(b.Cable, b)
		r.model.inspect()
		clear(r.ways)
	case trace.Astray:
		r.stirred = rec.At
		r.changed = r.model.net.apply(b) || r.changed
		r.astray(rec.At, b)
	case trace.Unknown:
		r.stirred = rec.At
		r.unknown(rec.At, r.model.header, b)
	case trace.Impairment:
		r.network(b.Cable, b)
		r.impaired(rec.At, b)
	case trace.Rule:
		r.stirred = rec.At
		r.model.rules = append(r.model.rules, b)
		r.rule(rec.At, b)
		r.changed = true
	case trace.RuleOver:
		r.stirred = rec.At
		r.model.rules = slices.DeleteFunc(r.model.rules, func(x trace.Rule) bool { return x.Text == b.Text })
		r.ruleOver(rec.At, b.Text)
		r.changed = true
	case trace.Fault:
		r.fault(rec.At, b)
		for _, s := range r.past.stops {
			s.fault(rec.At, b)
		}
	case trace.Over:
		r.over(rec.At, b.Fault)
	case trace.Neighbor:
		r.neighbor(rec, b, f)
	case trace.Use, trace.PingStart, trace.PingLine, trace.Task:
		r.people.see(r, rec)
	case trace.Log, trace.Event, trace.PingEnd, trace.Console, trace.Port, trace.Polls, trace.Adverts: // what machines say
	default:
		r.people.see(r, rec)
		r.mail.see(rec)
		if h := r.model.byName[rec.Host]; h != nil {
			r.host(h, rec)
		}
	}
}

// network takes a record of a cable in.
func (r *Reader) network(cable string, b trace.Body) {
	r.changed, r.stirred = r.model.net.apply(b) || r.changed, r.at
	if !r.apart[cable] {
		r.changes = append(r.changes, r.at)
	}
}

// neighbor takes a change of an ARP cache in.
func (r *Reader) neighbor(rec *trace.Record, b trace.Neighbor, f fate) {
	h := r.model.byName[rec.Host]
	if h == nil {
		return
	}
	was, now := h.neighbors[b.IP], neighbor{mac: b.MAC, usable: b.State.Usable(), asks: b.State == trace.Incomplete && f == known, vain: f == vain}
	h.neighbors[b.IP] = now
	v := r.model.vip(b.IP)
	if v >= 0 {
		r.believe(rec.Host, v, rec.At, now)
	}
	if was.usable == now.usable && was.vain == now.vain && was.asks == now.asks && (was.mac == now.mac || !now.usable) {
		return // packets go where they went
	}
	if h.client == nil && r.clientAt(b.IP) == nil {
		r.stirred = rec.At
	}
	switch {
	case h.client != nil:
		if v >= 0 || b.IP == h.gateway {
			r.soil(h.place)
		}
	case r.clientAt(b.IP) != nil:
		r.soil(r.clientAt(b.IP).place)
	case h.node == nil, b.IP == h.gateway, r.model.isNodes(b.IP):
		r.changed = true
	}
}

// clientAt is the client with the address, or nil.
func (r *Reader) clientAt(ip netip.Addr) *host { return r.byAddress[ip] }

// host takes a record of a node, a client or a router in.
func (r *Reader) host(h *host, rec *trace.Record) {
	counts := true
	switch b := rec.Body.(type) {
	case trace.Power:
		r.power(h, rec.At, b.State)
	case trace.Address:
		if v := r.model.vip(b.IP); h.node != nil && v >= 0 {
			r.hold(h, v, rec.At, b)
		}
		if own := b.IP == h.own || r.model.vip(b.IP) >= 0; own && b.State == trace.Duplicate && (h.node != nil || h.client != nil) {
			r.conflict(h, rec.At, b)
		}
		counts = h.address(b.IP, b.State)
	case trace.Firewall:
		if h.firewall == nil {
			h.firewall = map[trace.FirewallRule]bool{}
		}
		h.firewall[b.Rule] = b.Blocked
		r.mark(h, rec.At)
	case trace.Card:
		h.mac = b.MAC
	case trace.Drift:
		h.slow, h.fast = min(h.slow, b.PPM), max(h.fast, b.PPM)
		counts = false
	case trace.Interface:
		if h.node != nil {
			h.iface = b.Name
		}
	case trace.Config:
		if counts = h.node != nil; counts {
			h.node = h.node.Reads(b)
			r.reads(rec.At)
		}
	case trace.Service:
		if counts = b.Name == trace.Watcher && h.node != nil; counts {
			r.service(h, rec.At, b)
		}
	case trace.Watch:
		if counts = h.node != nil && r.model.vip(b.VIP) >= 0; counts {
			r.watch(h, rec.At, b)
		}
	case trace.Pipe:
		r.asked(rec.At, rec.Host, b)
		r.unreached(h, b)
		counts = false
	case trace.Command:
		if v := r.model.vip(b.IP); h.node != nil && v >= 0 && b.Does == trace.AddAddress && b.Exit != 0 {
			why := NetshFailed
			if b.Missing {
				why = NoInterface
			}
			r.setbacks = append(r.setbacks, Setback{Node: h.name, VIP: b.IP, At: rec.At, Why: why, Excusing: true})
		}
		counts = false
	default:
		counts = false
	}
	r.stirs(h, rec.Body)
	switch {
	case !counts:
	case h.client != nil:
		r.soil(h.place)
	default:
		r.changed = true
	}
}

// mark notes that the network of the nodes is not what it was.
func (r *Reader) mark(h *host, at time.Duration) {
	if h.node != nil {
		r.changes = append(r.changes, at)
	}
}

func (r *Reader) power(h *host, at time.Duration, s trace.PowerState) {
	r.mark(h, at)
	if h.node != nil && s == trace.Off {
		r.past.stops[h.place].off(at)
	}
	if s == trace.Off {
		r.forget(h.name, at)
		r.forgetTakings(h.name)
		h.died = h.died || h.power != trace.Off && h.power != trace.Booting
	}
	if h.power == trace.Frozen && h.node != nil {
		r.nodes[h.place].thawed = at
	}
	h.turn(s)
	if h.node != nil && s == trace.On {
		r.powered = true
		r.atOnce = r.atOnce || !h.node.Startup.Manual && !h.node.Startup.Delayed
	}
}

func (r *Reader) service(h *host, at time.Duration, b trace.Service) {
	h.service = b.State
	r.serviced = true
	r.past.stops[h.place].service(at, b)
	if b.State == trace.Running {
		r.nodes[h.place].started(at)
	}
}

// hold notes what follows from a node's VIP coming to be in another state.
func (r *Reader) hold(h *host, v int, at time.Duration, b trace.Address) {
	was := h.states[v]
	if was == trace.Absent || was == "" {
		r.nodes[h.place].vips[v].added = true
	}
	switch b.State {
	case trace.Tentative:
		r.nodes[h.place].vips[v].detects = at
	case trace.Preferred:
		r.past.held[v] = true
		r.takeOver(h, v, at)
	case trace.Duplicate:
		r.clash(h, v, at, inUse(h.node), b.Owner)
	}
	if was != trace.Absent && was != "" {
		r.nodes[h.place].vips[v].added = false
	}
}

// takeOver notes a node's coming to hold a VIP that another one holds. What counts is whether frames got from one to
// the other when its watcher decided to add it, or if it had it, as at its link's return or after a boot, whether they
// do now. Where one of them was frozen in the detection the holder could not say that it has the VIP, or the node not hear
// it, for it ends its detection as it wakes. One that wakes without a link takes nothing.
func (r *Reader) takeOver(h *host, vip int, at time.Duration) {
	decided := taking{hears: r.hears(h, 0), serve: r.serve(h, vip), helps: r.helps(h, vip)}
	if t := r.lastTaking(h.name, vip); t != nil && !t.gone && r.nodes[h.place].vips[vip].added {
		decided = *t
	}
	for i, o := range r.model.nodes {
		if o != h && h.linked() && o.holds(vip) && o.linked() && !o.resigned(vip) {
			since := r.nodes[h.place].vips[vip].detects
			slept := h.states[vip] == trace.Tentative && max(r.nodes[i].thawed, r.nodes[h.place].thawed) >= since
			r.takeovers = append(r.takeovers, Takeover{
				VIP: r.model.vips[vip], At: at, Taker: h.name, From: o.name, Heard: decided.hears&(1<<i) != 0, Served: decided.serve&(1<<i) != 0,
				Slept: slept, Helps: decided.helps, Fault: decided.fault,
			})
		}
	}
}

// heard says whether what one of the nodes sends arrives at the other now.
func (r *Reader) heard(a, b *host) bool {
	return r.arrives(a.name, b.name) || r.arrives(b.name, a.name)
}

// hears are the other nodes that the node hears now and has heard for some time, or that hear it.
func (r *Reader) hears(h *host, long time.Duration) (all nodes) {
	for i := range r.joins {
		j := &r.joins[i]
		o := j.a
		if h == j.a {
			o = j.b
		}
		if (h == j.a || h == j.b) && r.heard(j.a, j.b) && (long == 0 || j.heard != never && j.heard <= r.at-long) {
			all |= 1 << o.place
		}
	}
	return all
}

// serve are the other nodes that could serve each client that the node could serve now, for the VIP and were it theirs.
func (r *Reader) serve(h *host, vip int) (all nodes) {
	for i, o := range r.model.nodes {
		if o == h {
			continue
		}
		missed := slices.ContainsFunc(r.model.clients, func(c *host) bool {
			return c.usable() && r.model.joins(c, h, vip, noCache) && !(o.runs() && r.model.joins(c, o, vip, noCache))
		})
		if !missed {
			all |= 1 << i
		}
	}
	return all
}

// helps says whether the node could serve a client now, for the VIP and were it the node's.
func (r *Reader) helps(h *host, vip int) bool {
	return slices.ContainsFunc(r.model.clients, func(c *host) bool { return c.usable() && r.model.joins(c, h, vip, noCache) })
}

func (r *Reader) watch(h *host, at time.Duration, b trace.Watch) {
	v := r.model.vip(b.VIP)
	lines := r.nodes[h.place]
	if b.State == trace.Releasing && b.Why.ByAnother() && h.watch[v].State == trace.Taking {
		r.clash(h, v, at, b.Rule, trace.MAC{})
	}
	if b.State == trace.Taking {
		r.deaf(h, v, b.Rule)
		r.takings = append(r.takings, taking{
			nodeOf: nodeOf{h.name, v}, at: at, yielded: b.Rule == "W13", fault: r.decides(h), hears: r.hears(h, paced(h.node.Hearing(), h.slow)), serve: r.serve(h, v),
			helps: r.helps(h, v),
		})
	}
	if (b.Why == trace.AddFailed || b.Why == trace.NotAdded) && h.watch[v].State == trace.Taking {
		r.vain = append(r.vain, vainTaking{nodeOf{h.name, v}, h.watchedAt[v], at})
	}
	lines.watched(v, at, b.State)
	r.watched(at, nodeOf{h.name, v}, b)
	h.watch[v], h.watchedAt[v] = b, at
}

// taking is a watcher's decision to take a VIP.
type taking struct {
	nodeOf
	at      time.Duration
	yielded bool  // it had waited two intervals
	fault   int   // the number of the fault behind it; 0: none
	hears   nodes // the others that it heard then, or that heard it, for as long as a poll waits for its answer
	serve   nodes // the others that could serve all clients that it could serve then
	helps   bool  // it could serve one then
	gone    bool  // the machine has been off since
}

// vainTaking is from the decision to take a VIP to the finding that netsh failed, or lied (H2).
type vainTaking struct {
	nodeOf
	at, until time.Duration
}

// forgetTakings notes that the node is off: it may come back with what its watcher added once (H6).
func (p *past) forgetTakings(node string) {
	for i := range p.takings {
		p.takings[i].gone = p.takings[i].gone || p.takings[i].node == node
	}
}

// lastTaking is the node's last decision to take the VIP, or nil.
func (p *past) lastTaking(node string, vip int) *taking {
	for i := len(p.takings) - 1; i >= 0; i-- {
		if t := &p.takings[i]; t.nodeOf == (nodeOf{node, vip}) {
			return t
		}
	}
	return nil
}

// Setback is a node's failing to take a VIP that it set out to take. Its watcher polls on, so the time it has
// for taking it begins anew (W20).
type Setback struct {
	Node     string
	VIP      netip.Addr
	At       time.Duration
	Why      SetbackWhy
	Peer     string // that defends it
	Rule     string
	Excusing bool // another's doing or the host's, so it may happen for ever
}

// SetbackWhy is what a setback came of.
type SetbackWhy string

// The setbacks.
const (
	NetshFailed SetbackWhy = "netsh"
	NoInterface SetbackWhy = "interface" // of the table's name there is none (H18)
	Defended    SetbackWhy = "defended"  // by a node that holds the VIP
	Clashed     SetbackWhy = "clashed"   // with a node that was taking it too
	ByForeign   SetbackWhy = "foreign"   // somebody who is no node was taken for its owner
)

// clash is a take-over given up because of another node, or of who is none and was taken for the owner.
func (r *Reader) clash(n *host, vip int, at time.Duration, rule string, owner trace.MAC) {
	s := Setback{Node: n.name, VIP: r.model.vips[vip], At: at, Why: Clashed, Rule: rule}
	for _, o := range r.model.nodes {
		if o != n && o.holds(vip) && o.reaches(n) {
			s.Why, s.Peer, s.Excusing = Defended, o.name, true
			break
		}
	}
	if by, whose := r.claimant(owner, r.model.vips[vip]); by.Foreign() {
		s.Why, s.Peer, s.Excusing = ByForeign, whose, true
	}
	r.setbacks = append(r.setbacks, s)
}
