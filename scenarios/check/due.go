package check

import (
	"net/netip"

	"ipwsim/sim/trace"
)

// due is one client's right to one VIP.
type due struct {
	t      *trace.Trace
	views  *views
	backs  map[nodeVIP][]setback
	client trace.Client
	vip    netip.Addr
	free   map[string][]Span // for each node: it is ready and nobody answers the client
	held   []Span            // somebody would answer the client, were the ARP caches empty
	stale  []Span            // so it is, but an ARP entry on the way points elsewhere, and the client pings
}

func newDue(t *trace.Trace, v *views, backs map[nodeVIP][]setback, client trace.Client, vip netip.Addr) *due {
	d := &due{t: t, views: v, backs: backs, client: client, vip: vip, free: map[string][]Span{}}
	w := newWorld(&t.Header)
	c := w.byName[client.Name]
	var s survey
	s.ask(func() bool { return w.held(c, vip) }, func(on []Span) { d.held = on })
	s.ask(func() bool {
		return c.pinging(vip) && c.usable() && w.held(c, vip) && w.astray(c, vip)
	}, func(on []Span) { d.stale = on })
	for _, n := range w.nodes {
		s.ask(func() bool { return w.ready(n, c, vip) && !w.held(c, vip) }, func(on []Span) { d.free[n.name] = on })
	}
	s.answer(t, w)
	return d
}

func (d *due) finding(s Span, sentence string) Finding {
	return Finding{At: s.From, Until: s.To, Host: d.client.Name, VIP: d.vip, Sentence: sentence}
}
