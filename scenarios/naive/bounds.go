package naive

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// latency is what the network may add to a computed time.
const latency = 100 * time.Millisecond

// settings are what the nodes' watchers have read last up to a time, by role.
func (r *Run) settings(at time.Duration) (all []*trace.Node) {
	for _, n := range r.nodes {
		for _, rec := range r.configs {
			if rec.Host == n.Role && rec.At <= at {
				n = n.Reads(rec.Body.(trace.Config))
			}
		}
		all = append(all, n)
	}
	return all
}

// setting is that of one node.
func (r *Run) setting(role string, at time.Duration) *trace.Node { return r.settings(at)[r.node(role)] }

// kept is how many VIPs are in a node's table at a time.
func (r *Run) kept(at time.Duration) (n int) {
	for _, vip := range r.vips {
		if len(r.nodes) == 0 || slices.ContainsFunc(r.settings(at), func(n *trace.Node) bool { return n.Keeps(vip) }) {
			n++
		}
	}
	return n
}

func (r *Run) asGuide(at time.Duration) bool {
	return r.areGuides(r.slowed, at) && r.areGuides(r.hurried, at)
}

func (r *Run) areGuides(of func(string, time.Duration) *trace.Node, at time.Duration) bool {
	for _, n := range r.nodes {
		n = of(n.Role, at)
		if n.Watcher != nil || n.Interval != 30*time.Second || n.PingTimeout != 3*time.Second || n.NetshMax > time.Second || n.DAD > 3*time.Second {
			return false
		}
	}
	return r.kept(at) == 1
}

// netsh is the most that a node's netsh takes to do its command for every VIP.
func (r *Run) netsh(n *trace.Node, at time.Duration) time.Duration {
	return time.Duration(r.kept(at)) * n.NetshMax
}

// settling is the most that a split brain may last in a network that is whole.
func (r *Run) settling(at time.Duration) (most time.Duration) {
	for _, n := range r.nodes {
		n = r.slowed(n.Role, at)
		if n.Watcher != nil {
			most = max(most, n.Watcher.Settles+r.netsh(n, at)+n.DAD)
		} else {
			most = max(most, n.Interval+2*n.PingTimeout+r.netsh(n, at)+n.DAD)
		}
	}
	return most + latency
}

// sighting is what a watcher knew of a VIP when it was lost.
type sighting struct {
	counted         time.Duration
	fresh, glimpsed bool
	inTheWay        bool // a copy stands on its own interface
}

func (r *Run) sighting(n *trace.Node, vip netip.Addr, from, until time.Duration) (s sighting) {
	since, saw := longAgo, longAgo
	for _, at := range r.anew(n, vip) {
		if at <= until {
			since = at
		}
	}
	for _, seen := range r.when(func(m *moment) bool { return m.copies[r.node(n.Role)][r.vip(vip)].sees }) {
		start, end := max(seen.From, since), min(seen.To, from)
		if end-start >= r.slowed(n.Role, from).PingTimeout+latency {
			saw = end
		} else if end > start {
			s.glimpsed = true
		}
	}
	s.fresh = saw == longAgo
	for _, h := range r.Holdings() {
		s.inTheWay = s.inTheWay || h.Node == n.Role && (h.VIP == vip || h.State == trace.Duplicate) && h.From < from && from <= h.To
	}
	s.counted = min(max(saw, since), from) - from
	return s
}

// anew are the times at which the node's watcher forgets that it has seen the VIP.
func (r *Run) anew(n *trace.Node, vip netip.Addr) (all []time.Duration) {
	releasing := false
	for _, rec := range r.t.Records {
		if rec.Host != n.Role {
			continue
		}
		switch b := rec.Body.(type) {
		case trace.Service:
			if b.Name == trace.Watcher && b.State == trace.Running {
				all = append(all, rec.At)
			}
		case trace.Watch:
			if b.VIP != vip {
				continue
			}
			if releasing || b.State == trace.Releasing {
				all = append(all, rec.At)
			}
			releasing = b.State == trace.Releasing
		}
	}
	return all
}

// takeTime is the band from the VIP's loss to the node's holding it, with the settings of a time.
func (r *Run) takeTime(n *trace.Node, at time.Duration, s sighting) (b finding.Band) {
	count := func(n *trace.Node, twice bool) time.Duration {
		if twice {
			return max(2*n.Interval, n.PingTimeout)
		}
		return max(n.Interval, n.PingTimeout)
	}
	yields := s.fresh && !r.setting(n.Role, at).Master
	least, most := count(r.hurried(n.Role, at), yields && !s.glimpsed), count(r.slowed(n.Role, at), yields)
	fast, slow := r.hurried(n.Role, at), r.slowed(n.Role, at)
	begun, poll := s.counted, slow.PingTimeout
	if n.Watcher != nil { // it polls nothing
		least, most, begun, poll = fast.Watcher.Least, slow.Watcher.Most, 0, 0
	}
	b.Least = max(0, begun+least+fast.NetshMin+fast.DAD-latency)
	n = slow
	b.Most = poll + most + r.netsh(n, at) + n.DAD + latency
	if s.fresh {
		b.Most += r.netsh(n, at) // it may be deleting the VIP still
	}
	for _, o := range r.nodes { // to whom it gave way
		if n.Watcher != nil && s.fresh && o.Watcher != nil {
			o = r.slowed(o.Role, at)
			b.Most = max(b.Most, o.Watcher.Most+o.DAD+2*r.netsh(o, at)+latency)
		}
	}
	if s.inTheWay && n.Watcher == nil {
		b.Most += r.netsh(n, at)
	}
	return b
}

func (r *Run) failoverBand(o *finding.Outage, taker *trace.Node) finding.Band {
	s := r.sighting(taker, o.VIP, o.From, o.To)
	if r.asGuide(o.From) && !s.fresh && s.counted == 0 {
		return finding.Band{Least: 30 * time.Second, Most: 40 * time.Second}
	}
	return r.takeTime(taker, o.From, s)
}

// failbackBand goes by the settings at the end: the master's watcher may have started in between.
func (r *Run) failbackBand(f *finding.Failback) finding.Band {
	if r.asGuide(f.To) && !f.Began {
		return finding.Band{Least: 5 * time.Second, Most: 10 * time.Second}
	}
	master, peer := r.slowed(f.Master, f.To), r.slowed(f.Peer, f.To)
	soon, soonPeer := r.hurried(f.Master, f.To), r.hurried(f.Peer, f.To)
	least, most := 2*soon.DAD+soonPeer.NetshMin+soon.NetshMin-latency, 2*master.DAD+2*r.netsh(master, f.To)+r.netsh(peer, f.To)+2*master.PingTimeout+latency
	if master.Watcher != nil {
		least = 2*soon.DAD + soon.Watcher.Returns + soon.NetshMin - latency
		most = 3*master.DAD + master.Watcher.Returns + master.Watcher.Settles + 4*r.netsh(master, f.To) + r.netsh(peer, f.To) + latency
	}
	if f.Began { // its address was its own before
		return finding.Band{Least: max(0, max(0, least)-master.DAD), Most: most - master.DAD}
	}
	return finding.Band{Least: max(0, least), Most: most}
}

// cycle is the most that a master may wait for a slave that it cannot ask, with the settings of a time.
func (r *Run) cycle(master, slave *trace.Node, at time.Duration) time.Duration {
	slave = r.slowed(slave.Role, at)
	if r.areGuides(r.slowed, at) {
		return slave.ReleaseTime + 40*time.Second
	}
	return slave.ReleaseTime + r.netsh(slave, at) + r.takeTime(master, at, sighting{}).Most
}

// cureTime is how long a node's batch takes to ping what heals the client's way to the VIP: 0 if it never does, and early
// if it pings it, but no request goes after the address's detection.
func cureTime(n *trace.Node, c *trace.Client, vip netip.Addr) (took time.Duration, early bool) {
	behindRouter := !c.Address.Contains(vip)
	now := time.Duration(0)
	for _, p := range n.Cure {
		heals := p.Source == vip && (!behindRouter && p.Target == c.Address.Addr() || behindRouter && !n.Address.Contains(p.Target))
		first := now + p.After
		now = first + time.Duration(p.Count)*time.Second // one request a second
		if !heals {
			continue
		}
		early = true
		if last := now - time.Second; p.Count > 0 && last >= n.DAD {
			return first + time.Second, false
		}
	}
	return 0, early
}
