package audit

import (
	"fmt"
	"time"

	"ipwsim/core"
	"ipwsim/core/registry"
	"ipwsim/scenarios/audit/edit"
	"ipwsim/sim/audited"
	"ipwsim/sim/cluster"
)

// value is a setting of IPWCS.
type value struct {
	name string
	kind audited.ChangeKind
	of   func(core.Settings) int
}

// values are those that both nodes should have alike.
var values = []value{
	{"Interval", audited.SameInterval, func(s core.Settings) int { return int(s.Interval / time.Second) }},
	{"PingTimeout", audited.SamePingTimeout, func(s core.Settings) int { return int(s.PingTimeout / time.Second) }},
	{"ReleaseTime", audited.SameRelease, func(s core.Settings) int { return s.ReleaseTime }},
}

// proposeEqual are changes of what differs between the nodes and should not, or is alike and should differ.
func (p *plan) proposeEqual() {
	a, b := &p.bp.Nodes[0], &p.bp.Nodes[1]
	if a.Watcher.Kind != cluster.IPWCS {
		return
	}
	for _, v := range values {
		x, y := v.of(a.Settings), v.of(b.Settings)
		if x == y {
			continue
		}
		node, from, to := b, y, p.agreed(v)
		if to == y {
			node, from = a, x
		}
		if v.kind == audited.SameInterval && p.tooShort() {
			continue // for both
		}
		d := p.draft(v.kind, audited.Mend)
		d.Node, d.From, d.To = node.Role, fmt.Sprint(from), fmt.Sprint(to)
		d.registry(node, node.Role, edit.Number(registry.SettingsKey, v.name, to))
		d.hand(node.Name, audited.RestartIPWCS)
		d.done()
	}
	switch {
	case a.Settings.Balance == b.Settings.Balance && a.Settings.Balance == core.Master:
		p.proposeBalance(b, 1)
	case a.Settings.Balance == b.Settings.Balance:
		p.proposeBalance(a, 0)
	}
}

func (p *plan) proposeBalance(n *cluster.Node, to int) {
	d := p.draft(audited.SameBalance, audited.Mend)
	d.Node, d.From, d.To = n.Role, fmt.Sprint(1-to), fmt.Sprint(to)
	d.registry(n, n.Role, edit.Number(registry.SettingsKey, "Balance", to))
	d.hand(n.Name, audited.RestartIPWCS)
	d.done()
}

// agreed is what both nodes are to have: the active node's, unless only the other has the guide's.
func (p *plan) agreed(v value) int {
	if other := v.of(p.bp.Nodes[1].Settings); other == v.of(core.DefaultSettings()) {
		return other
	}
	return v.of(p.bp.Nodes[0].Settings)
}

// tooShort says whether the Interval that both nodes are to have leaves a master no head start (W13).
func (p *plan) tooShort() bool { return p.agreed(values[0]) <= p.longestTake() }

// longestTake is how long a master may take to have a VIP that is free, in seconds; 0: there is no master.
func (p *plan) longestTake() (seconds int) {
	for i := range p.bp.Nodes {
		if n := &p.bp.Nodes[i]; n.Settings.Balance == core.Master {
			seconds = max(seconds, int(n.LongestTake()/time.Second))
		}
	}
	return seconds
}

// longInterval is the guide's Interval, or a multiple of it where a node takes as long as that.
func (p *plan) longInterval() int {
	guides := int(core.DefaultSettings().Interval / time.Second)
	to := guides
	for to <= p.longestTake() {
		to += guides
	}
	return to
}

// proposeSettings are other times for both nodes: several values of one where the best is not known, of which the list has
// one.
func (p *plan) proposeSettings() {
	a, b := p.bp.Nodes[0].Settings, p.bp.Nodes[1].Settings
	if p.bp.Nodes[0].Watcher.Kind != cluster.IPWCS {
		return
	}
	interval := int(a.Interval / time.Second)
	switch {
	case p.tooShort():
		interval = p.longInterval()
		p.proposeSetting(audited.Interval, audited.Mend, values[0], interval)
	case a.Interval != b.Interval:
		return // they are to be made equal first
	default:
		for _, to := range []int{interval / 2, interval / 4, 2 * interval} {
			if to > p.longestTake() {
				p.proposeSetting(audited.Interval, audited.Choice, values[0], to)
			}
		}
	}
	if timeout := int(a.PingTimeout / time.Second); 2*timeout > interval { // one lost echo makes a VIP free (W12)
		p.proposeSetting(audited.PingTimeout, audited.Mend, values[1], max(1, min(3, interval/3)))
	} else {
		p.proposeSetting(audited.PingTimeout, audited.Choice, values[1], 1)
	}
	for _, times := range []int{4, 16} {
		p.proposeSetting(audited.ReleaseTime, audited.Choice, values[2], times*a.ReleaseTime)
	}
}

// proposeSetting gives both nodes another value, unless they have it.
func (p *plan) proposeSetting(kind audited.ChangeKind, class audited.Class, v value, to int) {
	if to < 1 {
		return
	}
	d := p.draft(kind, class)
	d.To = fmt.Sprint(to)
	for i := range p.bp.Nodes {
		n := &p.bp.Nodes[i]
		has := v.of(n.Settings)
		if has == to {
			continue
		}
		d.From = also(d.From, []string{fmt.Sprint(has)})
		d.registry(n, n.Role, edit.Number(registry.SettingsKey, v.name, to))
		d.hand(n.Name, audited.RestartIPWCS)
	}
	d.done()
}
