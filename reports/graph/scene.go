package graph

import (
	"slices"
	"time"

	"ipwsim/reports/lanes"
	"ipwsim/sim/trace"
)

// scene is what a trace says of machines and cables at one moment.
type scene struct {
	cables  []trace.Cable // as they lie
	down    map[string]bool
	blocked map[string]bool // cables at a port that spanning tree holds
	power   map[string]trace.PowerState
	service map[string]trace.ServiceState // of the watcher
}

// planned is the scene of a cluster that is whole.
func planned(h *trace.Header) *scene {
	return &scene{
		cables: slices.Clone(h.Cables), down: map[string]bool{}, blocked: map[string]bool{},
		power: map[string]trace.PowerState{}, service: map[string]trace.ServiceState{},
	}
}

// sceneOf reads the trace up to a time, that included.
func sceneOf(t *trace.Trace, at time.Duration) *scene {
	s := planned(&t.Header)
	for r := range t.All() {
		if r.At > at {
			break
		}
		switch b := r.Body.(type) {
		case trace.Power:
			s.power[r.Host] = b.State
		case trace.Service:
			s.service[r.Host] = b.State
		case trace.Link:
			s.down[b.Cable] = !b.Up
		case trace.PortState:
			s.blocked[b.Cable] = b.State != trace.Forwarding
		case trace.Moved:
			if i := slices.IndexFunc(s.cables, func(c trace.Cable) bool { return c.Name == b.Cable }); i >= 0 {
				s.cables[i].B = b.Switch
			}
		}
	}
	return s
}

// state is what keeps a machine from its work, in a word; "" when nothing does.
func (a *artist) state(host string) string {
	switch power, known := a.power[host]; {
	case known && power != trace.On:
		return lanes.Name(a.Lang, lanes.State(power))
	case a.service[host] == trace.Stopped:
		return a.Say("net.no-watcher")
	}
	return ""
}
