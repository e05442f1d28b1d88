package facts

import (
	"slices"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// loss says how the nodes are lost to the client now: how the first is, if all are.
func (m *model) loss(c *host, vip int, set nodes) finding.Loss {
	first := finding.NotLost
	for i, n := range m.nodes {
		if set&(1<<i) == 0 {
			continue
		}
		loss := m.lossOf(n, c, vip)
		if loss == finding.NotLost {
			return loss
		}
		if first == finding.NotLost {
			first = loss
		}
	}
	return first
}

func (m *model) lossOf(n, c *host, vip int) finding.Loss {
	stopped := n.service == trace.StopPending || n.service == trace.Stopped
	switch {
	case n.power == trace.Frozen:
		return finding.LostFrozen
	case !n.runs():
		return finding.LostPower
	case !n.linked():
		return finding.LostLink
	case n.power == trace.Stopping && !n.holds(vip):
		return finding.LostDown
	case stopped && !n.holds(vip):
		return finding.LostStop
	case c.connected() && !m.joins(c, n, vip, noCache) && !m.unruled(c, n, vip): // a rule on frames loses nobody
		return finding.LostPath
	}
	return finding.NotLost
}

// obstacle names what stands between the client and an answer now, the nearest to the client first.
func (m *model) obstacle(c *host, vip int) silence {
	met := []finding.Obstacle{finding.NodesGone}
	holders, astray := 0, false
	for _, n := range m.nodes {
		switch {
		case !n.runs():
			continue
		case !m.joins(c, n, vip, noCache):
			if n.linked() && n.holds(vip) {
				met = append(met, m.apart(c, n, vip))
			}
			continue
		case n.holds(vip):
			holders++
		}
		if n.answers(vip) {
			met = m.misled(met, c, n, vip)
			astray = astray || m.joins(c, n, vip, allCaches)
		} else if what := m.lacking(n, vip); what != "" {
			met = append(met, what)
		}
	}
	if slices.ContainsFunc(m.others, func(o *host) bool { return o.holds(vip) && m.joins(c, o, vip, noCache) }) {
		met = append(met, finding.Foreign)
	}
	if !c.usable() || !c.connected() {
		met = append(met, finding.ClientDown)
	}
	first := func(w finding.Obstacle) bool { return slices.Contains(met, w) }
	s := silence{dual: holders > 1, what: finding.Obstacles[slices.IndexFunc(finding.Obstacles, first)]}
	s.pings = m.connects(c, vip)
	if astray && s.what != finding.ClientDown { // the caches are right, the switches are not
		s.what = finding.OutOfReach
	}
	return s
}

// apart says what parts the client from a node with link that holds the VIP.
func (m *model) apart(c, n *host, vip int) finding.Obstacle {
	if m.unruled(c, n, vip) {
		return finding.Filtered
	}
	return finding.OutOfReach
}

// misled adds which ARP entries lead elsewhere than to a node that would answer.
func (m *model) misled(met []finding.Obstacle, c, n *host, vip int) []finding.Obstacle {
	if m.joins(c, n, vip, ownCache) {
		met = append(met, finding.RouterCache)
	}
	if m.joins(c, n, vip, cachesThere) {
		met = append(met, finding.WayBack)
	}
	if c.neighbors[c.hop(m.vips[vip])].usable {
		return append(met, finding.WrongCache)
	}
	return append(met, finding.NoEntry)
}

// lacking says why a node within reach does not answer, and "" where it has no part in the VIP.
func (m *model) lacking(n *host, vip int) finding.Obstacle {
	state, watching := n.watch[vip].State, n.keeps(vip)
	switch {
	case n.holds(vip) && n.firewall[trace.Inbound]:
		return finding.Public
	case n.holds(vip):
		return finding.Blocked
	case n.states[vip] == trace.Tentative && state == trace.Held:
		return finding.Redetection
	case n.states[vip] == trace.Tentative:
		return finding.Detection
	case n.states[vip] == trace.Duplicate:
		return finding.Conflict
	case watching && (state == trace.Taking || state == trace.Releasing):
		return finding.Netsh
	case !watching || !n.node.Watches(n.iface):
		return ""
	case n.node.Watcher != nil:
		return finding.Awaiting
	}
	return finding.Counting
}
