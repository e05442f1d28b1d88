package naive

import (
	"slices"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// p1 judges how long failovers took.
func (r *Run) p1() finding.Result {
	if what := r.unanswered(); what != "" {
		return without(finding.Note{Kind: what})
	}
	var c cases
	for i := range r.uses {
		for j := range r.uses[i].Outages {
			if o := &r.uses[i].Outages[j]; o.Kind == finding.FailoverKind {
				r.failover(&c, o)
			}
		}
	}
	c.leaveUnused(r)
	return c.result("p1.none")
}

func (r *Run) failover(c *cases, o *finding.Outage) {
	taker, band, ready := r.taker(o)
	n := finding.Note{Client: o.Client, VIP: o.VIP, Node: o.Before[0], At: o.From, Until: o.To, Time: o.Length(), Open: o.Open, Want: band}
	if !o.Open {
		n.Peer = o.After[0]
	}
	if why := r.failoverLeft(o, taker, band, ready); why != nil {
		n.Kind = "p1.left"
		if slices.Contains([]finding.Kind{"why.router", "why.client", "why.server"}, why.Kind) {
			n.Want = finding.Band{} // nobody was looked for
		}
		c.leave(n, why)
		return
	}
	judgeTime(c, n, band, "p1.unfinished", "p1.nobody", "p1.late")
}

// judgeTime judges a time that may not be over.
func judgeTime(c *cases, n finding.Note, band finding.Band, unfinished, nobody, late finding.Kind) {
	switch {
	case n.Open && n.Time <= band.Most:
		n.Kind = unfinished
		c.unfinished(n)
	case n.Open:
		n.Kind = nobody
		c.fail(n)
	case n.Time < band.Least || n.Time > band.Most:
		n.Kind = late
		c.fail(n)
	default:
		c.pass()
	}
}

// taker is the node that took over, or one that could have: the first that was ready all the time that counts, else
// the last; nil for none.
func (r *Run) taker(o *finding.Outage) (taker *trace.Node, band finding.Band, ready bool) {
	client, v := r.clientAt(o.Client), r.vip(o.VIP)
	for i, n := range r.nodes {
		if n.Role == o.Before[0] || !o.Open && n.Role != o.After[0] {
			continue
		}
		taker, band = n, r.failoverBand(o, n)
		if r.always(o.From, min(o.To, o.From+band.Most), func(m *moment) bool { return m.pairs[client][v].ready[i] }) {
			return taker, band, true
		}
	}
	return taker, band, false
}

// failoverLeft says why a failover is not judged.
func (r *Run) failoverLeft(o *finding.Outage, taker *trace.Node, band finding.Band, ready bool) *finding.Note {
	if why := r.beyondGuide(o.Client, o.VIP); why != nil {
		return why
	}
	due := min(o.To, o.From+band.Most)
	if why := r.noisySince(o.Client, r.settling(o.From), o.From, due); why != nil {
		return why
	}
	lost, v := r.node(o.Before[0]), r.vip(o.VIP)
	depends := map[string][]trace.Part{o.Before[0]: {trace.PowerPart, trace.RunPart, trace.WatcherPart}}
	if taker != nil {
		depends[taker.Role] = []trace.Part{trace.PowerPart, trace.RunPart, trace.WatcherPart, trace.EchoPart, trace.PublicPart, trace.NetshPart, trace.AddressPart}
	}
	if why := r.interference(o.From, due, o.Client, o.VIP, depends); why != nil {
		return why
	}
	if !ready {
		return &finding.Note{Kind: "why.not-ready"}
	}
	if why := r.alienSetback(o.VIP, o.From, due); why != nil {
		return why
	}
	held := func(m *moment) bool { return m.copies[lost][v].holds }
	if r.at(o.From).reach[lost][r.node(taker.Role)] && r.ever(o.From, due, held) {
		return &finding.Note{Kind: "why.still-held", Node: o.Before[0]}
	}
	for i, n := range r.nodes {
		if i != lost && r.at(o.From).copies[i][v].holds {
			return &finding.Note{Kind: "why.held", Node: n.Role}
		}
	}
	return nil
}

// p2 judges how long failbacks took.
func (r *Run) p2() finding.Result {
	if what := r.unanswered(); what != "" {
		return without(finding.Note{Kind: what})
	}
	var c cases
	for i := range r.failbacks {
		f := &r.failbacks[i]
		band := r.failbackBand(f)
		n := finding.Note{
			Client: f.Client, VIP: f.VIP, Node: f.Master, Peer: f.Peer, At: f.From, Until: f.To, Time: f.Length(), Silent: f.Silent,
			Open: f.Open, Want: band,
		}
		if why := r.failbackLeft(f, band); why != nil {
			n.Kind = "p2.left"
			c.leave(n, why)
			continue
		}
		judgeTime(&c, n, band, "p2.unfinished", "p2.nobody", "p2.late")
	}
	c.leaveUnused(r)
	return c.result("p2.none")
}

// failbackLeft says why a failback is not judged. What comes after the band does not count, unless it is what started
// the master's watcher.
func (r *Run) failbackLeft(f *finding.Failback, band finding.Band) *finding.Note {
	if why := r.beyondGuide(f.Client, f.VIP); why != nil {
		return why
	}
	if w := r.nodes[r.node(f.Master)].Watcher; w != nil && w.Returns == 0 {
		return &finding.Note{Kind: "why.no-preempt", Node: f.Master}
	}
	master, peer, v := r.node(f.Master), r.node(f.Peer), r.vip(f.VIP)
	works := func(n int) func(*moment) bool { return func(m *moment) bool { return m.nodes[n].works } }
	due := min(f.To, f.From+band.Most)
	if !r.ever(f.From, due, works(master)) {
		due = f.To
	}
	switch {
	case r.ever(f.From, due, func(m *moment) bool { return m.copies[peer][v].hidden }):
		return &finding.Note{Kind: "why.hidden", Node: f.Peer, VIP: f.VIP}
	case f.Late:
		return &finding.Note{Kind: "why.late", Node: f.Master}
	}
	if why := r.noisy(f.Client, f.From, due); why != nil {
		return why
	}
	all := []trace.Part{trace.PowerPart, trace.RunPart, trace.WatcherPart, trace.EchoPart, trace.PublicPart, trace.NetshPart, trace.PipePart, trace.AddressPart}
	if why := r.interference(f.From, due, f.Client, f.VIP, map[string][]trace.Part{f.Master: all, f.Peer: all}); why != nil {
		return why
	}
	for _, n := range []int{master, peer} {
		switch {
		case !r.ever(f.From, due, works(n)):
			return &finding.Note{Kind: "why.no-watcher", Node: r.nodes[n].Role}
		case r.ever(f.From, due, func(m *moment) bool { return m.nodes[n].mute }):
			return &finding.Note{Kind: "why.mute", Node: r.nodes[n].Role}
		}
	}
	client := r.clientAt(f.Client)
	if !r.always(f.From, due, func(m *moment) bool { return m.pairs[client][v].joined[master] }) {
		return &finding.Note{Kind: "why.cut-off", Client: f.Client}
	}
	for _, g := range r.releases() {
		if g.why == trace.ByCycle && g.node == f.Peer && g.vip == f.VIP && g.from <= due && f.From <= g.to {
			return &finding.Note{Kind: "why.cycle", Node: f.Peer}
		}
	}
	if kept := !f.Open && band.Holds(f.Length()); kept {
		return nil
	}
	for _, x := range r.after(len(r.t.Records)).faults {
		if x.Breaks && x.At <= f.From+band.Most && (x.Open || f.From <= x.Until) &&
			slices.Contains(x.Touches, trace.Touch{Part: trace.NetshPart, Of: f.Peer}) {
			return &finding.Note{Kind: "why.netsh", Node: f.Peer}
		}
	}
	if why := r.deadPipe(f.Master, f.Peer, f, f.From+band.Most); why != nil {
		return &finding.Note{Kind: "why.pipe", Because: why}
	}
	return nil
}

// deadPipe says why the master could not ask: the peer's firewall was shut, or the last request begun failed.
func (r *Run) deadPipe(master, peer string, f *finding.Failback, to time.Duration) *finding.Note {
	if why := r.shut(peer, f.From, to); why != nil {
		return why
	}
	var last *request
	for _, q := range r.requests() {
		mine := q.asker == master && q.vip == f.VIP && f.From <= q.begun && q.begun <= to
		if mine && (last == nil || q.begun >= last.begun) {
			last = &q
		}
	}
	if last == nil || last.text == "" {
		return nil
	}
	return failed(*last)
}

func failed(q request) *finding.Note {
	return &finding.Note{Kind: "why.request", Node: q.asker, At: q.begun, Text: q.text}
}

// shut says that the node's firewall was shut on the pipe at some time between, or nothing.
func (r *Run) shut(role string, from, to time.Duration) *finding.Note {
	n := r.node(role)
	if !r.ever(from, to, func(m *moment) bool { return m.nodes[n].shut }) {
		return nil
	}
	return &finding.Note{Kind: "why.pipe-blocked", Node: role}
}
