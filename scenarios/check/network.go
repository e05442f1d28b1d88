package check

import "ipwsim/sim/trace"

// network is the cables that are up and what they join. Cables that meet at a switch form one
// segment; hosts and routers' ports end a segment, for they do not bridge.
type network struct {
	index map[string]int // cable name to its place
	up    []bool
	meets [][]int         // for each switch, the cables that end there
	ends  map[*host][]int // for each host or port, the cables that end there
	hosts []*host
}

func newNetwork(cables []trace.Cable, hosts []*host, routers []*router) *network {
	n := &network{index: map[string]int{}, up: make([]bool, len(cables)), ends: map[*host][]int{}, hosts: hosts}
	inRouter := n.plug(cables, routers)
	byName := map[string]*host{}
	for _, h := range hosts {
		byName[h.name] = h
	}
	switches := map[string]int{}
	for i, c := range cables {
		n.index[c.Name] = i
		for _, end := range []string{c.A, c.B} {
			if inRouter[end] {
				continue
			}
			if h := byName[end]; h != nil {
				n.ends[h] = append(n.ends[h], i)
				continue
			}
			if _, known := switches[end]; !known {
				switches[end] = len(n.meets)
				n.meets = append(n.meets, nil)
			}
			n.meets[switches[end]] = append(n.meets[switches[end]], i)
		}
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

// set changes one cable and says whether that changed anything.
func (n *network) set(cable string, up bool) bool {
	i, known := n.index[cable]
	if !known || n.up[i] == up {
		return false
	}
	n.up[i] = up
	n.join()
	return true
}

// join finds the segments anew and gives each host those it is on.
func (n *network) join() {
	parent := make([]int, len(n.up))
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
	for _, cables := range n.meets {
		last := -1
		for _, i := range cables {
			if !n.up[i] {
				continue
			}
			if last >= 0 {
				parent[find(i)] = find(last)
			}
			last = i
		}
	}
	for _, h := range n.hosts {
		h.segments = h.segments[:0]
		for _, i := range n.ends[h] {
			if n.up[i] {
				h.segments = append(h.segments, find(i))
			}
		}
	}
}
