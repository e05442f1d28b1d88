package cluster

import (
	"maps"
	"strings"
)

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
