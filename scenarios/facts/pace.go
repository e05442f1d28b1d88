package facts

import (
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// A clock that runs slow makes all that its machine times take longer, and one that runs fast shorter (H18). Bounds of
// a node whose clock drifts are those of settings that are stretched as far as the clock was slow, at the most in the
// run, and those that are shortened as far as it was fast.

// paced is the virtual time in which a clock that is fast by so many millionths counts the time.
func paced(d time.Duration, ppm int64) time.Duration {
	if ppm == 0 {
		return d
	}
	return time.Duration(float64(d) * 1e6 / float64(1e6+ppm))
}

// atPace is the header with the nodes' times at a pace.
func (m *model) atPace(of func(*host) int64) *trace.Header {
	if !slices.ContainsFunc(m.nodes, func(n *host) bool { return of(n) != 0 }) {
		return m.header
	}
	h := *m.header
	h.Nodes = slices.Clone(h.Nodes)
	for i := range h.Nodes {
		n := &h.Nodes[i]
		ppm := of(m.byName[n.Role])
		for _, d := range []*time.Duration{&n.Interval, &n.PingTimeout, &n.ReleaseTime, &n.NetshMin, &n.NetshMax, &n.DAD} {
			*d = paced(*d, ppm)
		}
	}
	return &h
}

// Slowest is the header with the times of nodes whose clock was slow stretched.
func (f *Facts) Slowest() *trace.Header {
	if f.slowest == nil {
		return f.Header
	}
	return f.slowest
}

// Fastest is the header with the times of nodes whose clock was fast shortened.
func (f *Facts) Fastest() *trace.Header {
	if f.fastest == nil {
		return f.Header
	}
	return f.fastest
}

// AsGuide says whether the maker's bands apply: it measured with clocks that are right.
func (f *Facts) AsGuide() bool { return AsGuide(f.Slowest()) && AsGuide(f.Fastest()) }

// TakeTime is that of W14 by the node's clock.
func (f *Facts) TakeTime(node string, s Sighting) Bound {
	b := TakeTime(f.Slowest(), f.Slowest().Node(node), s)
	b.Least = TakeTime(f.Fastest(), f.Fastest().Node(node), s).Least
	return b
}

// wayBack is that of W16 by the nodes' clocks.
func (f *Facts) wayBack(master, peer string) Bound {
	slow, fast := f.Slowest(), f.Fastest()
	b := WayBack(slow, slow.Node(master), slow.Node(peer))
	b.Least = WayBack(fast, fast.Node(master), fast.Node(peer)).Least
	return b
}
