package facts

import (
	"slices"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// cause is what took away, now, what the client depended on to be answered by the nodes: an outage is put down
// to what a fault touches, not to the clock.
func (r *Reader) cause(c *host, vip int, before nodes) finding.Cause {
	if !c.usable() {
		return r.ofMachine(c)
	}
	for i, n := range r.model.nodes {
		if before&(1<<i) != 0 {
			return r.causeOf(c, n, vip)
		}
	}
	return finding.Cause{Kind: finding.ByNobody, At: r.at}
}

// causeOf is why the node does not answer the client any more.
func (r *Reader) causeOf(c, n *host, vip int) finding.Cause {
	m := r.model
	switch {
	case n.power == trace.Frozen, !n.runs(), !n.linked():
		return r.ofMachine(n)
	case !n.holds(vip):
		return r.ofHolder(n, vip)
	case n.blocked(trace.EchoRule):
		c := r.byFault([]trace.Touch{{Part: trace.EchoPart, Of: n.name}, {Part: trace.PublicPart, Of: n.name}}, n.name)
		if c.Fault == 0 { // it is public after a boot, or a link's return (H16)
			return r.mendedBy([]trace.Touch{{Part: trace.PowerPart, Of: n.name}, {Part: trace.LinkPart, Of: n.name}}, n.name)
		}
		return c
	case !m.joins(c, n, vip, noCache):
		parts, held := r.brokenWay(c.name, n.name)
		if held { // the port is held since its link came up, by whatever that was
			return finding.Cause{Kind: finding.ByFault, At: r.at, Fault: r.behind(parts, true)}
		}
		if c := r.byFault(parts, ""); c.Fault != 0 {
			return c
		}
		return r.mendedBy([]trace.Touch{{Part: trace.PortPart, Of: c.name}, {Part: trace.PortPart, Of: n.name}}, "")
	}
	for _, moved := range []*host{n, c} {
		if len(m.net.astray[moved.mac]) > 0 {
			if c := r.mendedBy([]trace.Touch{{Part: trace.PortPart, Of: moved.name}}, moved.name); c.Fault != 0 {
				return c
			}
		}
	}
	return r.ofCache(c, n, vip)
}

// byFault is the latest fault in force that touches one of the parts.
func (r *Reader) byFault(parts []trace.Touch, node string) finding.Cause {
	if id := r.behind(parts, false); id != 0 {
		return finding.Cause{Kind: finding.ByFault, At: r.numbered(id).At, Node: node, Fault: id}
	}
	return finding.Cause{Kind: finding.ByNobody, At: r.at, Node: node}
}

// ofMachine is what a machine is down or cut off by.
func (r *Reader) ofMachine(h *host) finding.Cause {
	parts := []trace.Touch{{Part: trace.PowerPart, Of: h.name}, {Part: trace.RunPart, Of: h.name}}
	for _, i := range r.model.net.ends[h] {
		c := &r.model.net.cables[i].Cable
		parts = append(parts, trace.Touch{Part: trace.LinkPart, Of: c.Name}, trace.Touch{Part: trace.PortPart, Of: c.Name})
		parts = append(parts, r.switchesOf(c)...)
	}
	c := r.byFault(parts, h.name)
	if c.Kind == finding.ByNobody { // what mended it makes the address tentative once more
		return r.mendedBy(parts, h.name)
	}
	return c
}

// mendedBy is the latest fault that touches one of the parts, over or not, or what gave them back.
func (r *Reader) mendedBy(parts []trace.Touch, node string) finding.Cause {
	if id := r.behind(parts, true); id != 0 {
		return finding.Cause{Kind: finding.ByFault, At: r.numbered(id).At, Node: node, Fault: id}
	}
	return finding.Cause{Kind: finding.ByNobody, At: r.at, Node: node}
}

// ofHolder is why a node that is up and connected has the VIP no more.
func (r *Reader) ofHolder(n *host, vip int) finding.Cause {
	if rel := r.released(nodeOf{n.name, vip}, r.at); rel != nil {
		watcher := []trace.Touch{{Part: trace.WatcherPart, Of: n.name}, {Part: trace.PowerPart, Of: n.name}}
		switch {
		case rel.why == trace.AtStart: // whatever made it start
			return r.mendedBy(watcher, n.name)
		case rel.why == trace.ByCycle:
			return finding.Cause{Kind: finding.ByCycle, At: rel.at, Node: n.name, Rule: rel.rule}
		case rel.why.ByAnother():
			return finding.Cause{Kind: finding.ByGiveBack, At: rel.at, Node: n.name, Rule: rel.rule, Fault: r.ofPeers(n)}
		case n.service != trace.Running || n.power == trace.Stopping:
			return r.byFault(watcher, n.name)
		}
	}
	if last := r.lastConflict(n.name, r.model.vips[vip]); n.states[vip] == trace.Duplicate && last != nil && last.By.Foreign() {
		return finding.Cause{Kind: finding.CauseKind(last.By), At: last.At, Node: last.Whose, Fault: last.Fault}
	}
	if id := r.behind([]trace.Touch{{Part: trace.AddressPart, Of: n.name, End: r.model.vips[vip].String()}}, true); id != 0 &&
		(n.states[vip] == trace.Absent || r.numbered(id).At == r.at) { // not by its watcher
		return finding.Cause{Kind: finding.ByFault, At: r.numbered(id).At, Node: n.name, Fault: id}
	}
	if n.states[vip] == trace.Duplicate || n.watch[vip].State == trace.Releasing {
		return finding.Cause{Kind: finding.ByConflict, At: r.at, Node: n.name, Rule: givesUp(n.node), Fault: r.ofTakers(n, vip)}
	}
	return r.ofMachine(n)
}

// givesUp is the rule by which a node gives up an address that another one has.
func givesUp(n *trace.Node) string {
	if n.Watcher != nil {
		return "V6"
	}
	return "W19"
}

// inUse is the rule by which a node's add ends where another one has the address.
func inUse(n *trace.Node) string {
	if n.Watcher != nil {
		return "V6"
	}
	return "W20"
}

// byHand says whether the fault of that number, 0 for none, took a VIP off a node past its watcher.
func (r *Reader) byHand(id int) bool {
	return slices.ContainsFunc(r.faults, func(f finding.Fault) bool {
		return f.ID == id && slices.ContainsFunc(f.Touches, func(t trace.Touch) bool { return t.Part == trace.AddressPart })
	})
}

// ofPeers is the latest fault, or end of one, that touched another node: what made it ask.
func (r *Reader) ofPeers(n *host) int {
	var parts []trace.Touch
	for _, o := range r.model.nodes {
		if o == n {
			continue
		}
		for _, p := range []trace.Part{trace.PowerPart, trace.RunPart, trace.WatcherPart} {
			parts = append(parts, trace.Touch{Part: p, Of: o.name})
		}
		way, _ := r.wayOf(n.name, o.name)
		parts = append(parts, way...)
		parts = append(parts, trace.Touch{Part: trace.PipePart, Of: n.name, End: "firewall"}, trace.Touch{Part: trace.PipePart, Of: n.name, End: "account"})
	}
	return r.behind(parts, true)
}

// ofTakers is the fault behind another node's having taken the VIP.
func (r *Reader) ofTakers(n *host, vip int) int {
	for _, o := range r.model.nodes {
		if t := r.lastTaking(o.name, vip); o != n && t != nil && t.fault != 0 {
			return t.fault
		}
	}
	return 0
}

// ofCache is why no ARP cache on the way leads to the node.
func (r *Reader) ofCache(c, n *host, vip int) finding.Cause {
	ip := r.model.vips[vip]
	misled := []*host{c}
	for _, x := range r.model.routers {
		misled = append(misled, x.host)
	}
	for _, h := range misled {
		e := h.neighbors[ip]
		if !e.usable || e.mac == n.mac {
			continue
		}
		for _, o := range r.model.nodes {
			if o != n && o.mac == e.mac {
				c := finding.Cause{Kind: finding.ByTaking, At: r.at, Node: o.name}
				if t := r.lastTaking(o.name, vip); t != nil {
					c.Fault = t.fault
				}
				return c
			}
		}
		if c, ok := r.foreignCause(e.mac, ip); ok {
			return c
		}
	}
	if old := r.mendedBy([]trace.Touch{{Part: trace.CardPart, Of: n.name}}, n.name); old.Fault != 0 &&
		slices.ContainsFunc(misled, func(h *host) bool { e := h.neighbors[ip]; return e.usable && e.mac != n.mac }) {
		return old // the entry is for the team's other card
	}
	var rules []trace.Touch
	for _, f := range r.faults {
		for _, t := range f.Touches {
			if t.Part == trace.FramesPart || t.Part == trace.QualityPart {
				rules = append(rules, t)
			}
		}
	}
	cause := r.byFault(rules, "")
	if cause.Kind == finding.ByNobody {
		cause.Kind = finding.ByCache
	}
	return cause
}

// decides is what makes a node take a VIP that another one may hold: the fault that keeps it from hearing the holder.
func (r *Reader) decides(n *host) int {
	var parts []trace.Touch
	for _, o := range r.model.nodes {
		if o == n {
			continue
		}
		for _, p := range []trace.Part{trace.PowerPart, trace.RunPart, trace.WatcherPart, trace.EchoPart, trace.PublicPart, trace.NetshPart} {
			parts = append(parts, trace.Touch{Part: p, Of: o.name})
		}
		way, _ := r.wayOf(n.name, o.name)
		parts = append(parts, way...)
	}
	for _, f := range r.faults {
		for _, t := range f.Touches {
			if t.Part == trace.FramesPart {
				parts = append(parts, t)
			}
		}
	}
	return r.behind(parts, false)
}

// brokenWay is what does not pass frames of the cables between two machines, as they are laid; held says that
// spanning tree holds a port on the way, and nothing else is wrong.
func (r *Reader) brokenWay(a, b string) (parts []trace.Touch, held bool) {
	for _, i := range r.way(a, b) {
		c := &r.model.net.cables[i]
		if !c.up {
			parts = append(parts, trace.Touch{Part: trace.LinkPart, Of: c.Name}, trace.Touch{Part: trace.PowerPart, Of: c.A}, trace.Touch{Part: trace.PowerPart, Of: c.B})
		}
		for _, end := range []string{c.A, c.B} {
			if c.cut[end] {
				parts = append(parts, trace.Touch{Part: trace.CutPart, Of: c.Name, End: end})
			}
			if c.lost[end] {
				parts = append(parts, trace.Touch{Part: trace.QualityPart, Of: c.Name, End: end})
			}
		}
	}
	if len(parts) == 0 {
		for _, i := range r.way(a, b) {
			c := &r.model.net.cables[i]
			if len(c.held) > 0 {
				held = true
				parts = append(parts, trace.Touch{Part: trace.LinkPart, Of: c.Name}, trace.Touch{Part: trace.PowerPart, Of: c.A}, trace.Touch{Part: trace.PowerPart, Of: c.B})
			}
		}
	}
	for _, rule := range r.model.rules {
		if exact(rule) {
			parts = append(parts, trace.Touch{Part: trace.FramesPart, Of: rule.Text})
		}
	}
	return parts, held
}

// wayOf is all that frames between two machines depend on.
func (r *Reader) wayOf(a, b string) (parts []trace.Touch, cables []int) {
	cables = r.way(a, b)
	for _, i := range cables {
		c := &r.model.net.cables[i]
		parts = append(parts, trace.Touch{Part: trace.LinkPart, Of: c.Name}, trace.Touch{Part: trace.PortPart, Of: c.Name})
		parts = append(parts, r.switchesOf(&c.Cable)...)
		for _, end := range []string{c.A, c.B} {
			parts = append(parts, trace.Touch{Part: trace.CutPart, Of: c.Name, End: end}, trace.Touch{Part: trace.QualityPart, Of: c.Name, End: end})
		}
	}
	return parts, cables
}

// switchesOf is the power of the switches at the cable's ends.
func (r *Reader) switchesOf(c *trace.Cable) (parts []trace.Touch) {
	for _, end := range []string{c.A, c.B} {
		if !r.model.header.IsMachine(end) {
			parts = append(parts, trace.Touch{Part: trace.PowerPart, Of: end})
		}
	}
	return parts
}

// way is the cables between two machines over switches and routers, as they are laid.
func (r *Reader) way(a, b string) []int {
	key := [2]string{a, b}
	if way, known := r.ways[key]; known {
		return way
	}
	from := map[string]int{a: -1} // each device, by the cable that leads to it
	for next := []string{a}; len(next) > 0; next = next[1:] {
		device := next[0]
		if device != a && r.model.byName[device] != nil && !r.isRouter(device) {
			continue // a machine passes nothing on
		}
		for i := range r.model.net.cables {
			c := &r.model.net.cables[i]
			if c.A != device && c.B != device {
				continue
			}
			if _, seen := from[c.far(device)]; !seen {
				from[c.far(device)] = i
				next = append(next, c.far(device))
			}
		}
	}
	var way []int
	for device := b; ; {
		i, reached := from[device]
		if !reached || i < 0 {
			break
		}
		way = append(way, i)
		device = r.model.net.cables[i].far(device)
	}
	r.ways[key] = way
	return way
}

// arrives says whether what one machine sends gets to the other, whatever becomes of an answer.
func (r *Reader) arrives(from, to string) bool {
	way, device := r.way(from, to), to
	for _, i := range way {
		c := &r.model.net.cables[i]
		if device = c.far(device); !c.up || c.cut[device] || c.lost[device] || len(c.held) > 0 {
			return false
		}
	}
	return len(way) > 0
}

func (r *Reader) isRouter(name string) bool {
	return slices.ContainsFunc(r.model.routers, func(x *router) bool { return x.name == name })
}
