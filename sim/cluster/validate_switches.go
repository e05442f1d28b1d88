package cluster

import "strings"

// checkSwitches wants one network: every switch reaches every other, by one way only.
func (d *draft) checkSwitches() {
	if !d.switchesKnown {
		return
	}
	if len(d.switches) == 0 {
		d.errorf(0, "there is no [[switch]]; expected at least one, to plug the nodes into")
		return
	}
	for _, m := range d.machines() {
		d.checkSwitchName(m.key+".switch", m.plugged)
	}
	groups := map[string]string{} // switch to the switch its group is known by
	for _, s := range d.switches {
		groups[s.v] = s.v
	}
	for _, t := range d.trunks {
		d.addTrunk(t, groups)
	}
	d.checkConnected(groups)
}

func (d *draft) checkSwitchName(what string, name field[string]) (known bool) {
	if !name.ok {
		return false
	}
	var names []string
	for _, s := range d.switches {
		if s.v == name.v {
			return true
		}
		names = append(names, s.v)
	}
	d.errorf(name.line, "%s: there is no switch %s; expected one of %s%s",
		what, name.v, strings.Join(names, ", "), didYouMean(name.v, names))
	return false
}

// addTrunk joins the groups of both ends. A second way between two switches would need spanning
// tree, which nobody simulates.
func (d *draft) addTrunk(t trunkDraft, groups map[string]string) {
	a := d.checkSwitchName("trunk.a", t.a)
	b := d.checkSwitchName("trunk.b", t.b)
	if !a || !b {
		return
	}
	from, to := groups[t.b.v], groups[t.a.v]
	if from == to {
		d.errorf(t.line, "the trunk from %s to %s closes a loop, and spanning tree is not simulated; expected one way between two switches", t.a.v, t.b.v)
		return
	}
	for name, group := range groups { // order: each entry on its own
		if group == from {
			groups[name] = to
		}
	}
}

// checkConnected reports each group of switches apart from the first one, once.
func (d *draft) checkConnected(groups map[string]string) {
	first := d.switches[0].v
	reported := map[string]bool{groups[first]: true}
	for _, s := range d.switches {
		if group := groups[s.v]; !reported[group] {
			reported[group] = true
			d.errorf(s.line, "there is no path from switch %s to %s; expected a [[trunk]] that joins them", s.v, first)
		}
	}
}
