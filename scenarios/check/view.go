package check

import (
	"math"
	"net/netip"
	"time"

	"ipwsim/sim/trace"
)

// never is before every time of a trace.
const never = time.Duration(math.MinInt64 / 2)

// views is what each watcher could do and see in a run.
type views struct {
	ready map[nodeClientVIP][]Span // the node could serve the client, were the VIP its own
	held  map[nodeVIP][]Span       // the node holds the VIP, reached or not
	sees  map[nodeVIP]*view
	joins map[[2]string][]Span // two nodes reach each other
	noise []Span               // when the network is disturbed
}

type nodeClient struct{ node, client string }

type nodeClientVIP struct {
	node, client string
	vip          netip.Addr
}

type nodeVIP struct {
	node string
	vip  netip.Addr
}

// view is one watcher's look at one VIP.
type view struct {
	node     *trace.Node
	answered []Span          // the VIP is answered to its polls by another node
	anew     []time.Duration // the service's starts and the watcher's own releases (W13)
}

func newViews(t *trace.Trace) *views {
	w := newWorld(&t.Header)
	v := &views{ready: map[nodeClientVIP][]Span{}, held: map[nodeVIP][]Span{}, sees: map[nodeVIP]*view{}, joins: map[[2]string][]Span{}, noise: disturbances(t)}
	var s survey
	for _, n := range w.nodes {
		for _, o := range w.nodes {
			s.ask(func() bool { return n.reaches(o) }, func(on []Span) { v.joins[[2]string{n.name, o.name}] = on })
		}
		for _, vip := range t.Header.VIPs {
			key, one := nodeVIP{n.name, vip.Address}, &view{node: n.node}
			v.sees[key] = one
			s.ask(func() bool { return n.holds(key.vip) }, func(on []Span) { v.held[key] = on })
			s.ask(func() bool { return w.sees(n, key.vip) }, func(on []Span) { one.answered = on })
			for _, c := range w.clients {
				s.ask(func() bool { return w.ready(n, c, key.vip) }, func(on []Span) {
					v.ready[nodeClientVIP{n.name, c.name, key.vip}] = on
				})
			}
		}
	}
	s.answer(t, w)
	v.startAnew(t)
	return v
}

// startAnew notes when each watcher forgot what it had seen: at the service's start, and from the
// beginning of a release to its end, when it polls again.
func (v *views) startAnew(t *trace.Trace) {
	releasing := map[nodeVIP]bool{}
	for _, r := range t.Records {
		switch b := r.Body.(type) {
		case trace.Service:
			if b.Name != watcher || b.State != "running" {
				continue
			}
			for _, vip := range t.Header.VIPs {
				v.forget(nodeVIP{r.Host, vip.Address}, r.At)
			}
		case trace.Watch:
			key := nodeVIP{r.Host, b.VIP}
			if releasing[key] || b.State == "releasing" {
				v.forget(key, r.At)
			}
			releasing[key] = b.State == "releasing"
		}
	}
}

func (v *views) forget(key nodeVIP, at time.Duration) {
	if one := v.sees[key]; one != nil {
		one.anew = append(one.anew, at)
	}
}

// ready says whether the node is up, its service running, connected to a client that can ask,
// and not misconfigured (P4; H8 for the echo).
func (w *world) ready(n, c *host, vip netip.Addr) bool {
	return n.watches() && !n.blocked["echo"] && c.usable() && w.joins(c, n, vip, noCache)
}

// sees says whether the node's polls for the VIP are answered by another node.
func (w *world) sees(n *host, vip netip.Addr) bool {
	if !n.watches() {
		return false
	}
	for _, o := range w.nodes {
		if o != n && o.answers(vip) && w.joins(n, o, vip, noCache) {
			return true
		}
	}
	return false
}

// sighting is what a watcher knew of a VIP when it was lost.
type sighting struct {
	counted  time.Duration // the earliest the count of W12 may have begun, from the loss: <= 0
	fresh    bool          // not surely seen since its own start or release: W13 may apply
	glimpsed bool          // seen too briefly to be sure
}

// at gives the sighting for a VIP lost at from; a start or release up to until counts. A poll
// comes each PingTimeout (W11), so only an answer that lasted so long was surely seen.
func (v *view) at(from, until time.Duration) sighting {
	since, saw := never, never
	for _, a := range v.anew {
		if a <= until {
			since = a
		}
	}
	s := sighting{}
	for _, a := range v.answered {
		start, end := max(a.From, since), min(a.To, from)
		switch {
		case end-start >= v.node.PingTimeout+latency:
			saw = end
		case end > start:
			s.glimpsed = true
		}
	}
	s.fresh = saw == never
	s.counted = min(max(saw, since), from) - from
	return s
}
