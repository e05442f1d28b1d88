package facts

import (
	"slices"

	"ipwsim/sim/trace"
)

// network is the cables and what they join. Cables that meet at a switch form one segment; hosts and
// routers' ports end a segment, for they do not bridge.
type network struct {
	index  map[string]int // cable name to its place
	cables []cable
	meets  map[string][]int              // for each switch, the cables that end there
	ends   map[*host][]int               // for each host or port, the cables that end there
	astray map[trace.MAC]map[string]bool // the switches that look for it where it was (N10)
	hosts  []*host
	stale  bool // the segments are to be found anew
}

// cable is a cable as the records left it.
type cable struct {
	trace.Cable
	up   bool
	cut  map[string]bool // the ends that are not heard (N1)
	lost map[string]bool // the ends of whose frames each is lost (N1)
	held map[string]bool // the ends whose port spanning tree holds (N2)
}

// passes says whether frames get over the cable in both directions, as ARP and echo need.
func (c *cable) passes() bool { return c.up && len(c.cut) == 0 && len(c.lost) == 0 }

// far is the cable's other end.
func (c *cable) far(end string) string {
	if c.A == end {
		return c.B
	}
	return c.A
}

func newNetwork(cables []trace.Cable, hosts []*host, routers []*router) *network {
	n := &network{index: map[string]int{}, meets: map[string][]int{}, ends: map[*host][]int{}, astray: map[trace.MAC]map[string]bool{}, hosts: hosts}
	inRouter := n.plug(cables, routers)
	byName := map[string]*host{}
	for _, h := range hosts {
		byName[h.name] = h
	}
	for i, c := range cables {
		n.index[c.Name] = i
		n.cables = append(n.cables, cable{Cable: c, cut: map[string]bool{}, lost: map[string]bool{}, held: map[string]bool{}})
		for _, end := range []string{c.A, c.B} {
			switch h := byName[end]; {
			case inRouter[end]:
			case h != nil:
				n.ends[h] = append(n.ends[h], i)
			default:
				n.meets[end] = append(n.meets[end], i)
			}
		}
	}
	for _, h := range n.hosts {
		h.net = n
	}
	return n
}

// plug gives each port of the routers its cable, and says which names are routers'.
func (n *network) plug(cables []trace.Cable, routers []*router) map[string]bool {
	names := map[string]bool{}
	for _, r := range routers {
		names[r.name] = true
		for _, p := range r.ports {
			n.hosts = append(n.hosts, p.host)
			for i, c := range cables {
				if c.Name == p.cable && (c.A == r.name || c.B == r.name) {
					n.ends[p.host] = append(n.ends[p.host], i)
				}
			}
		}
	}
	return names
}

// apply takes a record of the network in and says whether it changed who reaches whom.
func (n *network) apply(body trace.Body) bool {
	switch b := body.(type) {
	case trace.Link:
		return n.change(b.Cable, func(c *cable) bool {
			changed := c.up != b.Up || len(c.held) > 0
			c.up = b.Up
			clear(c.held) // a port that is held says so right after
			return changed
		})
	case trace.PortState:
		return n.change(b.Cable, func(c *cable) bool { return set(c.held, b.Switch, b.State != trace.Forwarding) })
	case trace.Moved:
		return n.change(b.Cable, func(c *cable) bool {
			clear(c.cut)
			clear(c.lost)
			clear(c.held)
			n.meets[c.B] = slices.DeleteFunc(n.meets[c.B], func(i int) bool { return i == n.index[b.Cable] })
			c.B = b.Switch // a machine's cable begins at the machine
			n.meets[c.B] = append(n.meets[c.B], n.index[b.Cable])
			return true
		})
	case trace.Astray:
		if n.astray[b.MAC] == nil {
			n.astray[b.MAC] = map[string]bool{}
		}
		return set(n.astray[b.MAC], b.Switch, !b.Over)
	case trace.Impairment:
		return n.change(b.Cable, func(c *cable) bool {
			cut := set(c.cut, b.From, b.Cut)
			return set(c.lost, b.From, b.Loss >= 1) || cut
		})
	}
	return false
}

// set puts the key in or out and says whether that changed anything.
func set(m map[string]bool, key string, in bool) bool {
	if m[key] == in {
		return false
	}
	if in {
		m[key] = true
	} else {
		delete(m, key)
	}
	return true
}

func (n *network) change(name string, do func(*cable) bool) bool {
	i, known := n.index[name]
	if !known || !do(&n.cables[i]) {
		return false
	}
	n.stale = true
	return true
}

// linked says whether a cable of the host has link.
func (h *host) linked() bool {
	h.net.join()
	return h.hasLink
}

// segments are where the host's cables lead that pass frames.
func (h *host) segments() []int {
	h.net.join()
	return h.on
}

// join finds the segments anew, if a cable has changed, and gives each host those it is on.
func (n *network) join() {
	if n == nil || !n.stale {
		return
	}
	n.stale = false
	parent := make([]int, len(n.cables))
	for i := range parent {
		parent[i] = i
	}
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for sw, cables := range n.meets { // order: which cable a segment is known by does not show
		last := -1
		for _, i := range cables {
			if !n.cables[i].passes() || n.cables[i].held[sw] {
				continue
			}
			if last >= 0 {
				parent[find(i)] = find(last)
			}
			last = i
		}
	}
	for _, h := range n.hosts {
		h.on, h.hasLink = h.on[:0], false
		for _, i := range n.ends[h] {
			c := &n.cables[i]
			h.hasLink = h.hasLink || c.up
			if c.passes() && !c.held[c.far(h.name)] {
				h.on = append(h.on, find(i))
			}
		}
	}
}

// path gives the cables between two hosts of one segment, in no order; nil when there is no way.
func (n *network) path(from, to *host) []int {
	var path []int
	visited := map[int]bool{}
	var walk func(i int, from string) bool
	walk = func(i int, from string) bool {
		c := &n.cables[i]
		if visited[i] || !c.passes() || c.held[from] || c.held[c.far(from)] {
			return false
		}
		visited[i] = true
		found := false
		for _, end := range n.ends[to] {
			found = found || end == i
		}
		for _, next := range n.meets[c.far(from)] {
			found = found || walk(next, c.far(from))
		}
		if found {
			path = append(path, i)
		}
		return found
	}
	for _, i := range n.ends[from] {
		if walk(i, from.name) {
			return path
		}
	}
	return nil
}

// looksElsewhere says whether a switch between two hosts of one segment sends what is for the second where that was.
func (n *network) looksElsewhere(from, to *host) bool {
	switches := n.astray[to.mac]
	return len(switches) > 0 && slices.ContainsFunc(n.path(from, to), func(i int) bool {
		return switches[n.cables[i].A] || switches[n.cables[i].B]
	})
}
