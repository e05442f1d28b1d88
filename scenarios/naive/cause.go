package naive

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// cause is what took away what the client depended on, as things stand when the outage begins.
func (r *Run) cause(s *state, c *machine, vip netip.Addr, o *finding.Outage) finding.Cause {
	if !c.usable() {
		return r.ofMachine(s, c, o.From)
	}
	n := s.machines[o.Before[0]]
	switch {
	case !n.runs(), !s.linked(n): // a frozen one does not run either
		return r.ofMachine(s, n, o.From)
	case !n.holds(vip):
		return r.ofHolder(s, n, vip, o.From)
	case n.shuts(trace.EchoRule):
		if c := r.byFault(s, touches(n.name, trace.EchoPart, trace.PublicPart), n.name, o.From); c.Fault != 0 {
			return c
		}
		return byNumber(s, s.latest(touches(n.name, trace.PowerPart, trace.LinkPart), true), n.name, o.From)
	case !s.joins(c, n, vip, heed{}):
		return r.ofWay(s, c, n, o.From)
	}
	for _, m := range []*machine{n, c} {
		for was, still := range s.wrong { // order: any one will do
			if id := s.latest(touches(m.name, trace.PortPart), true); still && was.mac == m.mac && id != 0 {
				return byNumber(s, id, m.name, o.From)
			}
		}
	}
	return r.ofCaches(s, c, n, vip, o.From)
}

// latest is the number of the latest fault, of those in force or of all, that touches one of the parts.
func (s *state) latest(parts []trace.Touch, all bool) int {
	for _, f := range slices.Backward(s.faults) {
		touches := slices.ContainsFunc(f.Touches, func(t trace.Touch) bool { return slices.Contains(parts, t) })
		if touches && (all || f.Open) {
			return f.ID
		}
	}
	return 0
}

// byFault puts the outage down to a fault in force, if there is one that touches a part.
func (r *Run) byFault(s *state, parts []trace.Touch, node string, at time.Duration) finding.Cause {
	return byNumber(s, s.latest(parts, false), node, at)
}

func byNumber(s *state, id int, node string, at time.Duration) finding.Cause {
	for _, f := range s.faults {
		if f.ID == id {
			return finding.Cause{Kind: finding.ByFault, At: f.At, Node: node, Fault: id}
		}
	}
	return finding.Cause{Kind: finding.ByNobody, At: at, Node: node}
}

// ofMachine is what the machine is down by: what took its power, run or link, else what gave them back, for then
// its address is tentative once more.
func (r *Run) ofMachine(s *state, m *machine, at time.Duration) finding.Cause {
	parts := []trace.Touch{{Part: trace.PowerPart, Of: m.name}, {Part: trace.RunPart, Of: m.name}}
	for _, p := range s.ports(m.name) {
		parts = append(parts, touches(p.cable, trace.LinkPart, trace.PortPart)...)
		parts = append(parts, trace.Touch{Part: trace.PowerPart, Of: s.far(p)})
	}
	if id := s.latest(parts, false); id != 0 {
		return byNumber(s, id, m.name, at)
	}
	return byNumber(s, s.latest(parts, true), m.name, at)
}

// ofHolder is why a node that stands has not got the VIP any more.
func (r *Run) ofHolder(s *state, n *machine, vip netip.Addr, at time.Duration) finding.Cause {
	for _, g := range slices.Backward(r.releases()) {
		if g.node != n.name || g.vip != vip || at < g.from || g.to < at {
			continue
		}
		switch {
		case g.why == trace.AtStart:
			return byNumber(s, s.latest(touches(n.name, trace.WatcherPart, trace.PowerPart), true), n.name, at)
		case g.why == trace.ByCycle:
			return finding.Cause{Kind: finding.ByCycle, At: g.from, Node: n.name, Rule: g.rule}
		case g.why == trace.ByPeer || g.why == trace.Outranked:
			return finding.Cause{Kind: finding.ByGiveBack, At: g.from, Node: n.name, Rule: g.rule, Fault: r.ofAskers(s, n)}
		case n.service != trace.Running || n.power == trace.Stopping:
			return r.byFault(s, []trace.Touch{{Part: trace.WatcherPart, Of: n.name}, {Part: trace.PowerPart, Of: n.name}}, n.name, at)
		}
		break
	}
	if last := r.lastClash(n.name, vip, at); n.addresses[vip] == trace.Duplicate && last.Host != "" && (speaker{by: last.By}).alien() {
		return finding.Cause{Kind: finding.CauseKind(last.By), At: last.At, Node: last.Whose, Fault: last.Fault}
	}
	byHand := byNumber(s, s.latest([]trace.Touch{{Part: trace.AddressPart, Of: n.name, End: vip.String()}}, true), n.name, at)
	if byHand.Fault != 0 && (n.addresses[vip] == trace.Absent || byHand.At == at) {
		return byHand
	}
	if n.addresses[vip] == trace.Duplicate || n.watch[vip].State == trace.Releasing {
		c := finding.Cause{Kind: finding.ByConflict, At: at, Node: n.name, Rule: "W19"}
		if r.nodes[0].Watcher != nil { // both nodes have the same
			c.Rule = "V6"
		}
		for _, o := range r.nodes {
			if id := r.behindTaking(o.Role, vip, at); o.Role != n.name && id != 0 && c.Fault == 0 {
				c.Fault = id
			}
		}
		return c
	}
	return r.ofMachine(s, n, at)
}

// giving is a watcher giving a VIP up, until it is in another state.
type giving struct {
	node     string
	vip      netip.Addr
	from, to time.Duration
	why      trace.Reason
	rule     string
}

// releases are all of the run.
func (r *Run) releases() (all []giving) {
	for k, rec := range r.t.Records {
		b, ok := rec.Body.(trace.Watch)
		if !ok || r.node(rec.Host) < 0 || r.vip(b.VIP) < 0 || b.State != trace.Releasing {
			continue
		}
		g := giving{rec.Host, b.VIP, rec.At, r.t.End, b.Why, b.Rule}
		for _, later := range r.t.Records[k+1:] {
			if next, ok := later.Body.(trace.Watch); ok && later.Host == rec.Host && next.VIP == b.VIP {
				g.to = later.At
				break
			}
		}
		all = append(all, g)
	}
	return all
}

// ofAskers is the latest fault, or end of one, of other nodes or of the way to them.
func (r *Run) ofAskers(s *state, n *machine) int {
	parts := []trace.Touch{{Part: trace.PipePart, Of: n.name, End: "firewall"}, {Part: trace.PipePart, Of: n.name, End: "account"}}
	for _, o := range r.nodes {
		if o.Role != n.name {
			parts = append(parts, touches(o.Role, trace.PowerPart, trace.RunPart, trace.WatcherPart)...)
			parts = append(parts, s.partsOfWay(n.name, o.Role)...)
		}
	}
	if len(r.nodes) == 1 {
		return 0 // nobody asks
	}
	return s.latest(parts, true)
}

func touches(of string, parts ...trace.Part) (all []trace.Touch) {
	for _, p := range parts {
		all = append(all, trace.Touch{Part: p, Of: of})
	}
	return all
}

// behindTaking is the number of the fault behind the node's last decision up to a time to take the VIP.
func (r *Run) behindTaking(role string, vip netip.Addr, until time.Duration) int {
	n := 0
	for n < len(r.t.Records) && r.t.Records[n].At <= until {
		n++
	}
	k := r.lastTaking(n, role, vip)
	if k < 0 {
		return 0
	}
	return r.decisionFault(role, r.after(k))
}

// decisionFault is the number of the fault that keeps a node from hearing another one, as things stand.
func (r *Run) decisionFault(role string, s *state) int {
	parts := s.inForce(trace.FramesPart)
	for _, o := range r.nodes {
		if o.Role != role {
			parts = append(parts, touches(o.Role, trace.PowerPart, trace.RunPart, trace.WatcherPart, trace.EchoPart, trace.PublicPart, trace.NetshPart)...)
			parts = append(parts, s.partsOfWay(role, o.Role)...)
		}
	}
	return s.latest(parts, false)
}

// inForce are what faults touch of these kinds.
func (s *state) inForce(parts ...trace.Part) (all []trace.Touch) {
	for _, f := range s.faults {
		for _, t := range f.Touches {
			if slices.Contains(parts, t.Part) {
				all = append(all, t)
			}
		}
	}
	return all
}

// ofWay is what is broken on the way between two machines. A port that spanning tree holds is held since its link
// came, by whatever that was.
func (r *Run) ofWay(s *state, a, b *machine, at time.Duration) finding.Cause {
	var broken, waits, rules []trace.Touch
	for _, c := range s.laid(a.name, b.name) {
		link := []trace.Touch{{Part: trace.LinkPart, Of: c.Name}, {Part: trace.PowerPart, Of: c.A}, {Part: trace.PowerPart, Of: c.B}}
		if !s.up[c.Name] {
			broken = append(broken, link...)
		}
		for _, end := range []string{c.A, c.B} {
			if s.cut[port{end, c.Name}] {
				broken = append(broken, trace.Touch{Part: trace.CutPart, Of: c.Name, End: end})
			}
			if s.lost[port{end, c.Name}] {
				broken = append(broken, trace.Touch{Part: trace.QualityPart, Of: c.Name, End: end})
			}
			if s.held[port{end, c.Name}] {
				waits = append(waits, link...)
			}
		}
	}
	for _, x := range s.rules {
		if exact(x) {
			rules = append(rules, trace.Touch{Part: trace.FramesPart, Of: x.Text})
		}
	}
	if len(broken) == 0 && len(waits) > 0 {
		return finding.Cause{Kind: finding.ByFault, At: at, Fault: s.latest(append(waits, rules...), true)}
	}
	if c := r.byFault(s, append(broken, rules...), "", at); c.Fault != 0 {
		return c
	}
	return byNumber(s, s.latest(append(touches(a.name, trace.PortPart), touches(b.name, trace.PortPart)...), true), "", at)
}

// ofCaches is why no ARP entry on the way leads to the node.
func (r *Run) ofCaches(s *state, c, n *machine, vip netip.Addr, at time.Duration) finding.Cause {
	misled := []*machine{c}
	for i := range s.h.Routers {
		misled = append(misled, s.machines[s.h.Routers[i].Name])
	}
	for _, m := range misled {
		for _, o := range r.nodes {
			if e := m.entries[vip]; e.usable && o.Role != n.name && e.mac == s.machines[o.Role].mac {
				return finding.Cause{Kind: finding.ByTaking, At: at, Node: o.Role, Fault: r.behindTaking(o.Role, vip, at)}
			}
		}
		if e := m.entries[vip]; e.usable && e.mac != n.mac {
			if p := s.speakerOf(e.mac, vip); p.alien() {
				return finding.Cause{Kind: finding.CauseKind(p.by), At: at, Node: p.whose, Fault: s.doing(p, vip)}
			}
		}
	}
	if id := s.latest(touches(n.name, trace.CardPart), true); id != 0 {
		for _, m := range misled {
			if e := m.entries[vip]; e.usable && e.mac != n.mac {
				return byNumber(s, id, n.name, at)
			}
		}
	}
	cause := r.byFault(s, s.inForce(trace.FramesPart, trace.QualityPart), "", at)
	if cause.Kind == finding.ByNobody {
		cause.Kind = finding.ByCache
	}
	return cause
}

// partsOfWay are all parts that frames between two machines depend on.
func (s *state) partsOfWay(a, b string) (all []trace.Touch) {
	for _, c := range s.laid(a, b) {
		all = append(all, touches(c.Name, trace.LinkPart, trace.PortPart)...)
		for _, end := range []string{c.A, c.B} {
			if !s.isMachine(end) {
				all = append(all, trace.Touch{Part: trace.PowerPart, Of: end})
			}
			all = append(all, trace.Touch{Part: trace.CutPart, Of: c.Name, End: end}, trace.Touch{Part: trace.QualityPart, Of: c.Name, End: end})
		}
	}
	return all
}

// laid are the cables of the shortest way from one machine to another one over switches and routers, whatever
// their state, in this order; nil if there is none.
func (s *state) laid(a, b string) []trace.Cable {
	type way struct {
		end    string
		cables []trace.Cable
	}
	seen := map[string]bool{a: true}
	for ways := []way{{end: a}}; len(ways) > 0; ways = ways[1:] {
		w := ways[0]
		if w.end == b {
			return w.cables
		}
		if m := s.machines[w.end]; w.end != a && s.isMachine(w.end) && (m == nil || m.router == nil) {
			continue // a machine passes nothing on
		}
		for _, c := range s.cables {
			next := c.A
			if c.A == w.end {
				next = c.B
			}
			if (c.A == w.end || c.B == w.end) && !seen[next] {
				seen[next] = true
				ways = append(ways, way{next, append(slices.Clone(w.cables), c)})
			}
		}
	}
	return nil
}

// arrives says whether what one machine sends gets to the other one, whatever becomes of an answer.
func (s *state) arrives(from, to string) bool {
	way, sender := s.laid(from, to), from
	for _, c := range way {
		far := c.B
		if c.B == sender {
			far = c.A
		}
		if !s.up[c.Name] || s.cut[port{sender, c.Name}] || s.lost[port{sender, c.Name}] || s.held[port{c.A, c.Name}] || s.held[port{c.B, c.Name}] {
			return false
		}
		sender = far
	}
	return len(way) > 0
}
