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
