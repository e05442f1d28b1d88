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
	case !n.linked:
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
	var holders, answering, coming, back, led, asked, astray, apart, filtered, duplicate, busy, counting, public int
	for _, n := range m.nodes {
		if !n.runs() {
			continue
		}
		watching := n.keeps(vip)
		if !m.joins(c, n, vip, noCache) {
			switch {
			case !n.linked || !n.holds(vip):
			case m.unruled(c, n, vip):
				filtered++
			default:
				apart++
			}
			continue
		}
		state := n.watch[vip].State
		switch {
		case n.answers(vip):
			holders++
			answering++
			if m.joins(c, n, vip, allCaches) {
				astray++
			}
			if m.joins(c, n, vip, ownCache) {
				led++
			}
			if m.joins(c, n, vip, cachesThere) {
				asked++
			}
		case n.holds(vip):
			holders++
			if n.firewall[trace.Inbound] {
				public++
			}
		case n.states[vip] == trace.Tentative && state == trace.Held:
			back++
		case n.states[vip] == trace.Tentative:
			coming++
		case n.states[vip] == trace.Duplicate:
			duplicate++
		case watching && (state == trace.Taking || state == trace.Releasing):
			busy++
		case watching && n.node.Watches(n.iface) && !n.blocked(trace.EchoRule):
			counting++
		}
	}
	s := silence{dual: holders > 1}
	switch {
	case !c.usable(), !c.connected():
		s.what = finding.ClientDown
	case astray > 0: // the caches are right, the switches are not
		s.what = finding.OutOfReach
	case asked > 0:
		s.what = finding.WayBack
	case led > 0:
		s.what = finding.RouterCache
	case answering > 0 && c.neighbors[c.hop(m.vips[vip])].usable:
		s.what = finding.WrongCache
	case answering > 0:
		s.what = finding.NoEntry
	case public > 0:
		s.what = finding.Public
	case holders > 0:
		s.what = finding.Blocked
	case filtered > 0:
		s.what = finding.Filtered
	case back > 0:
		s.what = finding.Redetection
	case coming > 0:
		s.what = finding.Detection
	case slices.ContainsFunc(m.others, func(o *host) bool { return o.holds(vip) && m.joins(c, o, vip, noCache) }):
		s.what = finding.Foreign
	case apart > 0:
		s.what = finding.OutOfReach
	case duplicate > 0:
		s.what = finding.Conflict
	case busy > 0:
		s.what = finding.Netsh
	case counting > 0:
		s.what = finding.Counting
	default:
		s.what = finding.NodesGone
	}
	return s
}
