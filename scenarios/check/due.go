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
	held   []Span            // somebody would answer the client, were its ARP cache empty
	stale  []Span            // so it is, but the client's ARP entry points elsewhere, and it pings
}

func newDue(t *trace.Trace, v *views, backs map[nodeVIP][]setback, client trace.Client, vip netip.Addr) *due {
	d := &due{t: t, views: v, backs: backs, client: client, vip: vip, free: map[string][]Span{}}
	w := newWorld(&t.Header)
	c := w.byName[client.Name]
	questions := []func() bool{
		func() bool { return w.held(c, vip) },
		func() bool {
			return c.pinging(vip) && c.usable() && w.held(c, vip) && w.astray(c, vip)
		},
	}
	for _, n := range w.nodes {
		questions = append(questions, func() bool { return w.ready(n, c) && !w.held(c, vip) })
	}
	lines := w.timelines(t, questions)
	d.held, d.stale = lines[0], lines[1]
	for i, n := range w.nodes {
		d.free[n.name] = lines[i+2]
	}
	return d
}

func (d *due) finding(s Span, sentence string) Finding {
	return Finding{At: s.From, Until: s.To, Host: d.client.Name, VIP: d.vip, Sentence: sentence}
}
