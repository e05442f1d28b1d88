package facts

import (
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// readings are what the watchers have read (Config), by time: the header with the settings and the VIPs of their tables.
type readings []reading

type reading struct {
	at     time.Duration
	header *trace.Header
}

func newReadings(h *trace.Header) readings { return readings{{never, inTables(*h)}} }

// inTables leaves the header those VIPs that are in a node's table.
func inTables(h trace.Header) *trace.Header {
	h.VIPs = slices.DeleteFunc(slices.Clone(h.VIPs), func(v trace.VIP) bool {
		return len(h.Nodes) > 0 && !slices.ContainsFunc(h.Nodes, func(n trace.Node) bool { return n.Keeps(v.Address) })
	})
	return &h
}

// reads notes that a node's watcher has read something new.
func (r *Reader) reads(at time.Duration) {
	h := *r.model.header
	h.Nodes = slices.Clone(h.Nodes)
	for i := range h.Nodes {
		h.Nodes[i] = *r.model.byName[h.Nodes[i].Role].node
	}
	r.readings = append(r.readings, reading{at, inTables(h)})
}

// at is the header as it was in force at the time.
func (all readings) at(t time.Duration) *trace.Header {
	h := all[0].header
	for _, one := range all {
		if one.at <= t {
			h = one.header
		}
	}
	return h
}

// HeaderAt is the run's header with what the watchers had read by the time: bounds go by the settings in force then.
func (f *Facts) HeaderAt(at time.Duration) *trace.Header { return f.readings.at(at) }

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

// atPace is the header in force at a time, with the nodes' times at a pace.
func (f *Facts) atPace(at time.Duration, ppm map[string]int64) *trace.Header {
	h := f.HeaderAt(at)
	if !slices.ContainsFunc(h.Nodes, func(n trace.Node) bool { return ppm[n.Role] != 0 }) {
		return h
	}
	paces := *h
	paces.Nodes = slices.Clone(h.Nodes)
	for i := range paces.Nodes {
		n := &paces.Nodes[i]
		for _, d := range []*time.Duration{&n.Interval, &n.PingTimeout, &n.ReleaseTime, &n.NetshMin, &n.NetshMax, &n.DAD} {
			*d = paced(*d, ppm[n.Role])
		}
		n.Watcher = pacedWatcher(n.Watcher, ppm[n.Role])
	}
	return &paces
}

func pacedWatcher(w *trace.OtherWatcher, ppm int64) *trace.OtherWatcher {
	if w == nil {
		return nil
	}
	return &trace.OtherWatcher{
		Kind: w.Kind, Least: paced(w.Least, ppm), Most: paced(w.Most, ppm), Returns: paced(w.Returns, ppm), Settles: paced(w.Settles, ppm),
	}
}

// Slowest is the header in force at a time, with the times of nodes whose clock was slow stretched.
func (f *Facts) Slowest(at time.Duration) *trace.Header { return f.atPace(at, f.slow) }

// Fastest is the header in force at a time, with the times of nodes whose clock was fast shortened.
func (f *Facts) Fastest(at time.Duration) *trace.Header { return f.atPace(at, f.fast) }

// AsGuide says whether the maker's bands apply at a time: it measured with clocks that are right.
func (f *Facts) AsGuide(at time.Duration) bool {
	return AsGuide(f.Slowest(at)) && AsGuide(f.Fastest(at))
}

// TakeTime is that of W14 by the node's clock, with the settings of a time.
func (f *Facts) TakeTime(node string, at time.Duration, s Sighting) Bound {
	slow, fast := f.Slowest(at), f.Fastest(at)
	b := TakeTime(slow, slow.Node(node), s)
	b.Least = TakeTime(fast, fast.Node(node), s).Least
	return b
}

// wayBack is that of W16 by the nodes' clocks, with the settings of a time.
func (f *Facts) wayBack(at time.Duration, master, peer string) Bound {
	slow, fast := f.Slowest(at), f.Fastest(at)
	b := WayBack(slow, slow.Node(master), slow.Node(peer))
	b.Least = WayBack(fast, fast.Node(master), fast.Node(peer)).Least
	return b
}
