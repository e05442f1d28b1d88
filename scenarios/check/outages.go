package check

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// Outage is a stretch in which a VIP that was answered before is not answered for a client.
type Outage struct {
	Client string        `json:"client"`
	VIP    netip.Addr    `json:"vip"`
	From   time.Duration `json:"from"`
	To     time.Duration `json:"to"`             // the first answer again, or the end of the trace
	Open   bool          `json:"open,omitempty"` // not over at the end of the trace
	Before []string      `json:"before"`         // the nodes that answered until From, by role
	After  []string      `json:"after,omitempty"`
	Loss   Loss          `json:"loss,omitempty"` // how the nodes of Before were lost, if they were
	Cause  Cause         `json:"cause"`
}

// Length is how long the VIP was silent, so far if the outage is open.
func (o Outage) Length() time.Duration { return o.To - o.From }

// Loss says how the node that answered was lost at an outage's start.
type Loss string

// The ways to lose a node. NotLost: it still stood, and gave the VIP up or was not heard.
const (
	NotLost    Loss = ""
	LostPower  Loss = "power off"
	LostFrozen Loss = "frozen"
	LostDown   Loss = "shutting down"
	LostStop   Loss = "service stopped"
	LostLink   Loss = "link down"
	LostPath   Loss = "path cut"
)

// Outages gives every outage of every client and VIP, by time. The time before a VIP's first
// answer is none.
func Outages(t *trace.Trace) []Outage {
	w := newWorld(&t.Header)
	var seers []*seer
	for _, c := range w.clients {
		for _, v := range t.Header.VIPs {
			seers = append(seers, &seer{world: w, client: c, vip: v.Address})
		}
	}
	w.replay(t, func(at time.Duration) {
		for _, s := range seers {
			s.look(at)
		}
	})
	var all []Outage
	for _, s := range seers {
		all = append(all, s.outages...)
	}
	past := newHistory(t)
	for i := range all {
		o := &all[i]
		if o.After == nil {
			o.To, o.Open = t.End, true
		}
		past.explain(o)
	}
	slices.SortStableFunc(all, func(a, b Outage) int { return cmp.Compare(a.From, b.From) })
	return all
}

// explain names the cause. A release that the peer asked for explains an outage, not the stop of
// the service that found it under way.
func (h *history) explain(o *Outage) {
	o.Cause, _ = h.fault(o.From)
	if o.Loss != NotLost && o.Loss != LostStop && o.Loss != LostDown {
		return
	}
	if c, ok := h.released(o.Before, o.VIP, o.From); ok {
		o.Loss, o.Cause = NotLost, c
	} else if c, ok := h.handedOver(o); ok {
		o.Loss, o.Cause = NotLost, c
	}
}

// seer is one client looking at one VIP.
type seer struct {
	world   *world
	client  *host
	vip     netip.Addr
	by      []string
	outages []Outage
}

func (s *seer) look(at time.Duration) {
	by := s.world.answerers(s.client, s.vip)
	switch {
	case len(s.by) > 0 && len(by) == 0:
		s.outages = append(s.outages, Outage{
			Client: s.client.name, VIP: s.vip, From: at, Before: s.by,
			Loss: s.world.loss(s.client, s.vip, s.by),
		})
	case len(s.by) == 0 && len(by) > 0 && len(s.outages) > 0:
		last := &s.outages[len(s.outages)-1]
		last.To, last.After = at, by
	}
	s.by = by
}

// loss says how the nodes are lost to the client now: how the first is, if all are.
func (w *world) loss(c *host, vip netip.Addr, nodes []string) Loss {
	for _, name := range nodes {
		if w.lossOf(w.byName[name], c, vip) == NotLost {
			return NotLost
		}
	}
	return w.lossOf(w.byName[nodes[0]], c, vip)
}

func (w *world) lossOf(h, c *host, vip netip.Addr) Loss {
	stopped := h.service == "stop pending" || h.service == "stopped"
	switch {
	case h.power == trace.Frozen:
		return LostFrozen
	case !h.runs():
		return LostPower
	case !h.linked:
		return LostLink
	case h.power == trace.Stopping && !h.holds(vip):
		return LostDown
	case stopped && !h.holds(vip):
		return LostStop
	case c.linked && !w.joins(c, h, vip, noCache):
		return LostPath
	}
	return NotLost
}
