package check

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"ipwsim/sim/trace"
)

// world is what the records so far say stands: who is up, who reaches whom, who has which
// address. It starts with everything down and is used for one replay.
type world struct {
	nodes   []*host // by role
	clients []*host // as in the header
	routers []*router
	byName  map[string]*host
	net     *network
	rules   []trace.Rule // in force
}

func newWorld(h *trace.Header) *world {
	w := &world{byName: map[string]*host{}}
	for i := range h.Nodes {
		n := &h.Nodes[i]
		one := newHost(n.Role, n.Address, n.MAC, n, trace.Off)
		one.gateway = n.Gateway
		w.nodes = append(w.nodes, one)
	}
	slices.SortStableFunc(w.nodes, func(a, b *host) int { return strings.Compare(a.name, b.name) })
	for _, c := range h.Clients {
		// A client's power is not recorded unless a fault touches it.
		one := newHost(c.Name, c.Address, c.MAC, nil, trace.On)
		one.gateway = c.Gateway
		w.clients = append(w.clients, one)
	}
	hosts := slices.Concat(w.nodes, w.clients)
	for _, one := range hosts {
		w.byName[one.name] = one
	}
	for i := range h.Routers {
		r := newRouter(&h.Routers[i])
		w.routers = append(w.routers, r)
		w.byName[r.name] = r.host
	}
	w.net = newNetwork(h.Cables, hosts, w.routers)
	w.inspect(h)
	return w
}

// inspect tells each host which switches inspect its ARP.
func (w *world) inspect(h *trace.Header) {
	for _, one := range w.net.hosts {
		for _, i := range w.net.ends[one] {
			sw := w.net.cables[i].far(one.name)
			for _, inspection := range h.Inspections {
				if inspection.Switch == sw {
					one.inspected = append(one.inspected, inspection)
				}
			}
		}
	}
}

// apply takes one record in and says whether it is one that counts.
func (w *world) apply(r trace.Record) bool {
	switch b := r.Body.(type) {
	case trace.Link, trace.PortState, trace.Impairment:
		return w.net.apply(b)
	case trace.Rule:
		w.rules = append(w.rules, b)
		return true
	}
	h := w.byName[r.Host]
	return h != nil && h.apply(r.Body)
}

// replay calls visit once for each instant that changed something, after all its records: what
// comes and goes within an instant is not seen. The state holds until the next visit.
func (w *world) replay(t *trace.Trace, visit func(at time.Duration)) {
	changed := false
	vain := vainAsks(t)
	for i, r := range t.Records {
		changed = w.apply(r) || changed
		if n, ok := r.Body.(trace.Neighbor); ok {
			changed = w.noteVain(r.Host, n.IP, vain[i]) || changed
		}
		last := i+1 == len(t.Records) || t.Records[i+1].At != r.At
		if last && changed {
			visit(r.At)
			changed = false
		}
	}
}

// noteVain notes whether the host asks in vain for the address, and says whether that is new.
func (w *world) noteVain(name string, ip netip.Addr, vain bool) bool {
	h := w.byName[name]
	if h == nil || h.vain[ip] == vain {
		return false
	}
	h.vain[ip] = vain
	return true
}

// timelines gives, for each question, the spans in which its answer is yes.
func (w *world) timelines(t *trace.Trace, questions []func() bool) [][]Span {
	recs := make([]recorder, len(questions))
	w.replay(t, func(at time.Duration) {
		for i, yes := range questions {
			recs[i].set(at, yes(), nil)
		}
	})
	lines := make([][]Span, len(questions))
	for i := range recs {
		lines[i] = recs[i].end(t.End)
	}
	return lines
}

// survey is questions put to a world over a whole replay, each with who keeps its answer.
type survey struct {
	questions []func() bool
	keepers   []func([]Span)
}

func (s *survey) ask(question func() bool, keep func([]Span)) {
	s.questions = append(s.questions, question)
	s.keepers = append(s.keepers, keep)
}

// answer replays the trace and hands each keeper the spans in which its answer is yes.
func (s *survey) answer(t *trace.Trace, w *world) {
	for i, spans := range w.timelines(t, s.questions) {
		s.keepers[i](spans)
	}
}

// answerers is P0: the nodes, by role, that would answer an echo request the client sends to
// the VIP now.
func (w *world) answerers(c *host, vip netip.Addr) []string {
	if !c.usable() {
		return nil
	}
	var by []string
	for _, n := range w.nodes {
		if n.answers(vip) && w.joins(c, n, vip, allCaches) {
			by = append(by, n.name)
		}
	}
	return by
}

// held says whether some node would answer the client, were the ARP caches empty.
func (w *world) held(c *host, vip netip.Addr) bool {
	for _, n := range w.nodes {
		if n.answers(vip) && w.joins(c, n, vip, noCache) {
			return true
		}
	}
	return false
}

// astray says whether the ARP entries on the client's way to a VIP that is held lead to no node
// that holds it. One that leads to a holder with ICMP closed is right, though no echo comes back (H8).
func (w *world) astray(c *host, vip netip.Addr) bool {
	for _, n := range w.nodes {
		if n.holds(vip) && w.joins(c, n, vip, cachesThere) {
			return false
		}
	}
	return true
}
