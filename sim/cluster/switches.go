package cluster

import (
	"maps"
	"net/netip"
	"strings"
	"time"

	"ipwsim/sim/trace"
)

// switchDraft is a [[switch]].
type switchDraft struct {
	name     field[string]
	portFast field[bool]
	macAge   field[time.Duration]
	inspects field[bool]
	bindings []bindingDraft

	tracks, suppresses, learnsARP, blocks field[bool]
	trackDelay                            field[time.Duration]
}

// bindingDraft is a [[switch.binding]].
type bindingDraft struct {
	address field[netip.Addr]
	mac     field[trace.MAC]
}

func (d *draft) readSwitches(top *section) {
	switches, all := top.tables("switch")
	for _, s := range switches {
		one := switchDraft{
			name:     get(&s, "name", toLabel),
			portFast: getOr(&s, "port_fast", true, as[bool]),
			macAge:   getOr(&s, "mac_age", defaultMACAge, toMACAge),
			inspects: getOr(&s, "arp_inspection", false, as[bool]),
		}
		one.tracks = getOr(&s, "device_tracking", false, as[bool])
		delay, delayed := optional(&s, "device_tracking_delay", toTrackDelay)
		if one.trackDelay = delay; delayed && one.tracks.ok && !one.tracks.v {
			d.errorf(delay.line, "switch.device_tracking_delay: the switch tracks no devices; expected device_tracking = true with it")
		}
		one.suppresses = getOr(&s, "arp_suppression", false, as[bool])
		one.learnsARP = getOr(&s, "learn_from_arp", true, as[bool])
		one.blocks = getOr(&s, "block_unknown", false, as[bool])
		bindings, _ := s.tables("binding")
		for _, b := range bindings {
			one.bindings = append(one.bindings, bindingDraft{get(&b, "address", toHost), get(&b, "mac", toMAC)})
			if one.inspects.ok && !one.inspects.v {
				d.errorf(b.line(), "switch.binding: the switch inspects no ARP; expected arp_inspection = true with bindings")
			}
			b.close()
		}
		s.close()
		all = all && one.name.ok
		d.switches = append(d.switches, one)
	}
	d.switchesKnown = all
}

// switchMAC is the MAC that the switch of that place speaks from, if it says anything itself (N8).
func switchMAC(place int) trace.MAC {
	return trace.MAC{2, 0, 0, 5, byte((place + 1) >> 8), byte(place + 1)}
}

// theSwitch is the switch with what its inspection allows: every machine and router its own address,
// the active node the VIPs, and what the file adds.
//
// Inferred: so an administrator who does not think of failover would set it up.
func (d *draft) theSwitch(s switchDraft) Switch {
	one := Switch{
		Name: s.name.v, PortFast: s.portFast.v, MACAge: s.macAge.v,
		Tracks: s.tracks.v, TrackDelay: s.trackDelay.v, Suppresses: s.suppresses.v, DataOnly: !s.learnsARP.v, BlockUnknown: s.blocks.v,
	}
	if !s.inspects.v {
		return one
	}
	for _, m := range d.stations() {
		one.Bindings = append(one.Bindings, trace.Binding{IP: m.address.v.Addr(), MAC: m.mac.v})
	}
	for _, e := range d.nodes[0].table.Entries() {
		one.Bindings = append(one.Bindings, trace.Binding{IP: e.VIP, MAC: d.nodes[0].mac.v})
	}
	for _, b := range s.bindings {
		one.Bindings = append(one.Bindings, trace.Binding{IP: b.address.v, MAC: b.mac.v})
	}
	return one
}

// checkSwitches wants one network: every switch reaches every other, over trunks by one way only.
func (d *draft) checkSwitches() {
	if !d.switchesKnown {
		return
	}
	if len(d.switches) == 0 {
		d.errorf(0, "there is no [[switch]]; expected at least one, to plug the nodes into")
		return
	}
	for _, m := range d.stations() {
		d.checkSwitchName(m.key+".switch", m.plugged)
	}
	segments := groups{}
	for _, s := range d.switches {
		segments[s.name.v] = s.name.v
	}
	for _, t := range d.trunks {
		d.addTrunk(t, segments)
	}
	if d.checkConnected(segments) {
		d.segments = segments
	}
}

// groups are switches that reach each other: each is mapped to the one its group is known by.
type groups map[string]string

// join makes one group of two; false when they are one already.
func (g groups) join(a, b string) bool {
	from, to := g[b], g[a]
	if from == to {
		return false
	}
	for name, group := range g { // order: each entry on its own
		if group == from {
			g[name] = to
		}
	}
	return true
}

func (d *draft) checkSwitchName(what string, name field[string]) (known bool) {
	if !name.ok {
		return false
	}
	var names []string
	for _, s := range d.switches {
		if s.name.v == name.v {
			return true
		}
		names = append(names, s.name.v)
	}
	d.errorf(name.line, "%s: there is no switch %s; expected one of %s%s",
		what, name.v, strings.Join(names, ", "), didYouMean(name.v, names))
	return false
}

// addTrunk joins the segments of both ends. A second way between two switches would need a spanning
// tree that blocks one; only its wait after link up is simulated.
func (d *draft) addTrunk(t trunkDraft, segments groups) {
	a := d.checkSwitchName("trunk.a", t.a)
	b := d.checkSwitchName("trunk.b", t.b)
	if a && b && !segments.join(t.a.v, t.b.v) {
		d.errorf(t.line, "the trunk from %s to %s closes a ring of %s, and no spanning tree is simulated that would open it; expected one way between two switches", t.a.v, t.b.v, strings.Join(d.way(t), ", "))
	}
}

// way is the cables of the ring that a trunk closes: those above it in the file, and its own.
func (d *draft) way(t trunkDraft) []string {
	name := func(t trunkDraft) string { return Trunk{t.a.v, t.b.v}.Name() }
	seen := map[string]bool{}
	var path func(at string) []string
	path = func(at string) []string {
		if at == t.b.v {
			return []string{name(t)}
		}
		seen[at] = true
		for _, o := range d.trunks {
			next := o.b.v
			if next == at {
				next = o.a.v
			}
			if o.line >= t.line || o.a.v != at && o.b.v != at || seen[next] {
				continue
			}
			if rest := path(next); rest != nil {
				return append([]string{name(o)}, rest...)
			}
		}
		return nil
	}
	return path(t.a.v)
}

// checkConnected reports each group of switches apart from the first one, once.
func (d *draft) checkConnected(segments groups) (whole bool) {
	all := maps.Clone(segments)
	for _, r := range d.routers {
		r.join(all)
	}
	first := d.switches[0].name.v
	reported := map[string]bool{all[first]: true}
	for _, s := range d.switches {
		if group := all[s.name.v]; !reported[group] {
			reported[group] = true
			d.errorf(s.name.line, "there is no path from switch %s to %s; expected a [[trunk]] or a [[router]] that joins them", s.name.v, first)
		}
	}
	return len(reported) == 1
}

// join makes one group of the switches that the router is plugged into, as far as they are known.
func (r *routerDraft) join(all groups) {
	first := ""
	for _, m := range r.interfaces {
		switch _, known := all[m.plugged.v]; {
		case !known:
		case first == "":
			first = m.plugged.v
		default:
			all.join(first, m.plugged.v)
		}
	}
}
