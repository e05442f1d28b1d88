package naive

import (
	"slices"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// p5 wants one fate for each copy of a message, and an acceptance for each that a client was told of.
func (r *Run) p5() finding.Result {
	m := r.Mail()
	var c cases
	switch {
	case len(r.nodes) == 0:
		return without(finding.Note{Kind: "missing.node"})
	case m == nil || len(m.Copies) == 0 && len(m.Told) == 0:
		return c.result("p5.none")
	case !m.Audited:
		return without(finding.Note{Kind: "missing.audit"})
	}
	for i := range m.Copies {
		r.copy(&c, &m.Copies[i])
	}
	for _, t := range m.Told {
		if slices.ContainsFunc(m.Copies, func(x finding.Copy) bool { return x.MessageID == t.MessageID }) {
			c.pass()
		} else {
			c.fail(finding.Note{Kind: "p5.told", Client: t.Client, At: t.At, Until: r.t.End, Text: t.MessageID})
		}
	}
	if m.Again > 0 {
		c.leave(finding.Note{Kind: "p5.again", N: m.Again}, nil)
	}
	return c.result("")
}

func (r *Run) copy(c *cases, x *finding.Copy) {
	n := finding.Note{At: x.Accepted, Until: r.t.End, Node: x.Node, Text: x.Name(), Client: x.To}
	switch x.Fate() {
	case finding.Lost:
		n.Kind = "p5.lost"
		c.fail(n)
	case finding.Doubled:
		if why := r.excuse(x); why != nil {
			n.Kind = "p5.left"
			c.leave(n, why)
		} else {
			n.Kind = "p5.doubled"
			c.fail(n)
		}
	default:
		c.pass()
	}
}

// excuse says why a copy may be there twice: another server took it and the 250 was lost, or two nodes that held the VIP
// at the time both sent it. Nothing excuses a second one in its own mailbox.
func (r *Run) excuse(x *finding.Copy) *finding.Note {
	if x.InBox > 1 || x.Bounced > 0 || x.InBox > 0 && x.Queued > 0 {
		return nil
	}
	if len(x.Relays) < x.Taken || x.Queued > 0 && len(x.Relays) == 0 {
		return &finding.Note{Kind: "why.lost-250"}
	}
	for _, d := range r.Duals() {
		by := func(so func(finding.Relay) bool) bool { return slices.ContainsFunc(x.Relays, so) }
		both := by(func(l finding.Relay) bool { return l.Node == d.Nodes[0] }) && by(func(l finding.Relay) bool { return l.Node == d.Nodes[1] })
		if both && by(func(l finding.Relay) bool { return d.From <= l.At && l.At <= d.To+latency }) {
			return &finding.Note{Kind: "why.split", Node: d.Nodes[0], Peer: d.Nodes[1], At: d.From, Until: d.To}
		}
	}
	return nil
}

// p6 wants no VIP left behind by orderly stops.
func (r *Run) p6() finding.Result {
	serviced := slices.ContainsFunc(r.t.Records, func(rec trace.Record) bool {
		b, ok := rec.Body.(trace.Service)
		return ok && b.Name == trace.Watcher && r.node(rec.Host) >= 0
	})
	switch {
	case len(r.vips) == 0:
		return without(finding.Note{Kind: "missing.vip"})
	case !serviced:
		return without(finding.Note{Kind: "missing.service"})
	}
	var c cases
	for _, node := range r.nodes {
		s := r.stopsOf(node.Role)
		for _, l := range s.left {
			n := finding.Note{Kind: "p6.left-behind", Node: node.Role, VIP: l.vip, At: l.from, Until: l.to, Text: string(l.state), Time: l.stopped}
			if l.off {
				n.Kind = "p6.off"
			}
			c.fail(n)
		}
		if s.pending {
			c.unfinished(finding.Note{Kind: "p6.pending", Node: node.Role, At: s.since, Until: r.t.End, Time: r.t.End - s.since})
		}
		for range s.done {
			c.pass()
		}
	}
	return c.result("p6.none")
}

// p7 judges how long a master waited for a VIP that its slave held and would not hear of.
func (r *Run) p7() finding.Result {
	if why := r.unheld(); why != nil {
		return without(*why)
	}
	var c cases
	for i, master := range r.nodes {
		for j, slave := range r.nodes {
			if !master.Master || slave.Master {
				continue
			}
			for v := range r.vips {
				for _, s := range r.when(func(m *moment) bool { return m.copies[i][v].awaits }) {
					r.wait(&c, i, j, v, s)
				}
			}
		}
	}
	return c.result("p7.none")
}

// wait judges one such time, from when the slave held the VIP, if a request failed in it while the slave held it.
func (r *Run) wait(c *cases, i, j, v int, s finding.Span) {
	slaves := func(m *moment) bool { return m.copies[j][v].holds }
	if !r.ever(s.From, s.To, slaves) {
		return
	}
	for _, p := range slices.Backward(r.between(s.From, s.To)) {
		if slaves(p.moment) {
			s.From = p.from // the first is the last to be seen
		}
	}
	requests := r.requests()
	vain := slices.IndexFunc(requests, func(q request) bool {
		return q.asker == r.nodes[i].Role && q.vip == r.vips[v] && q.text != "" && s.From <= q.end && q.end <= s.To && slaves(r.at(q.end))
	})
	if vain < 0 {
		return
	}
	most := r.cycle(r.nodes[i], r.nodes[j])
	n := finding.Note{
		Kind: "p7.waits", Node: r.nodes[i].Role, Peer: r.nodes[j].Role, VIP: r.vips[v], At: s.From, Until: s.To, Time: s.Length(),
		Want: finding.Band{Most: most}, Because: failed(requests[vain]),
	}
	left := n
	left.Kind = "p7.left"
	noise := r.noisy(s.From, s.To)
	switch {
	case noise != nil:
		c.leave(left, noise)
	case s.Length() > most:
		c.fail(n)
	case r.at(s.To).copies[i][v].holds:
		c.pass()
	case s.To >= r.t.End:
		c.unfinished(n)
	default:
		c.leave(left, &finding.Note{Kind: "why.one-lost"})
	}
}

// p8 judges how long a client waited, or was answered by the wrong node, while some node was ready.
func (r *Run) p8() finding.Result {
	if what := r.unanswered(); what != "" {
		return without(finding.Note{Kind: what})
	}
	var c cases
	for i := range r.uses {
		u := &r.uses[i]
		if u.Never {
			continue
		}
		if len(u.Outages) == 0 && len(u.Answered) > 0 {
			c.pass()
		}
		for j := range u.Outages {
			r.silence(&c, u, &u.Outages[j])
		}
		r.wrongNode(&c, u)
	}
	c.leaveUnused(r)
	return c.result("p8.none")
}

// excuses are obstacles that say nothing of the cluster.
var excuses = []finding.Obstacle{finding.ClientDown, finding.Blocked, finding.Filtered}

// silence judges the parts of an outage in which some node was ready.
func (r *Run) silence(c *cases, u *finding.Use, o *finding.Outage) {
	client, v := r.clientAt(u.Client), r.vip(u.VIP)
	var parts []finding.Span
	for _, p := range r.between(o.From, o.To) {
		now := p.pairs[client][v]
		if !slices.Contains(now.ready, true) || slices.Contains(excuses, now.what) {
			continue
		}
		if n := len(parts); n > 0 && parts[n-1].To == p.from {
			parts[n-1].To = p.to
		} else {
			parts = append(parts, finding.Span{From: p.from, To: p.to})
		}
	}
	for _, s := range parts {
		r.silent(c, o, client, v, s)
	}
	for _, part := range o.Parts {
		if slices.Contains(excuses, part.What) {
			c.leave(finding.Note{Kind: "p8.explained", Client: o.Client, VIP: o.VIP, At: o.From, Until: o.To, Time: part.Time, What: part.What}, nil)
		}
	}
}

func (r *Run) silent(c *cases, o *finding.Outage, client, v int, s finding.Span) {
	n := finding.Note{Client: o.Client, VIP: o.VIP, At: s.From, Until: s.To, Time: s.Length(), Open: o.Open && s.To >= r.t.End}
	var sums = map[finding.Obstacle]time.Duration{}
	for _, p := range r.between(s.From, s.To) {
		sums[r.told(o, p.pairs[client][v].what)] += p.length()
	}
	n.What = unusual(sums)
	n.Want.Most = r.takeMost(o, client, v, s)
	givenBack := o.Cause.Kind == finding.ByGiveBack
	if givenBack {
		n.Want.Most = r.giveBackMost(o)
	}
	if sums[finding.WrongCache]+sums[finding.RouterCache]+sums[finding.WayBack] > latency {
		extra, why := r.cure(o, client, v, s)
		if givenBack && extra > 0 { // the maker promises of a failback with the cure what it does of a failover
			n.Want.Most = r.takeMost(o, client, v, s)
		}
		n.Want.Most += extra
		n.Because = why
	}
	noise := r.noisy(s.From, min(s.To, s.From+n.Want.Most))
	switch {
	case noise != nil:
		n.Kind = "p8.left"
		c.leave(n, noise)
	case s.Length() > n.Want.Most:
		n.Kind = "p8.waits"
		c.fail(n)
	case n.Open:
		n.Kind = "p8.unfinished"
		c.unfinished(n)
	default:
		c.pass()
	}
}

// unusual is the obstacle that filled most of the time, of those that not every failover has if one is there for longer
// than the latency.
func unusual(sums map[finding.Obstacle]time.Duration) (what finding.Obstacle) {
	usual := []finding.Obstacle{finding.Counting, finding.Detection}
	if sums[finding.Netsh] <= 10*time.Second { // more is no command that works
		usual = append(usual, finding.Netsh)
	}
	most := func(from []finding.Obstacle) (what finding.Obstacle) {
		for _, o := range from {
			if sums[o] > sums[what] {
				what = o
			}
		}
		return what
	}
	var strange []finding.Obstacle
	for _, o := range finding.Obstacles {
		if !slices.Contains(usual, o) && sums[o] > latency {
			strange = append(strange, o)
		}
	}
	if len(strange) > 0 {
		return most(strange)
	}
	return most(finding.Obstacles)
}

// takeMost is the most that one of the nodes that are ready at some time may take to have the VIP.
func (r *Run) takeMost(o *finding.Outage, client, v int, s finding.Span) (most time.Duration) {
	if r.asGuide() {
		most = 40 * time.Second
	}
	for i, n := range r.nodes {
		if r.ever(s.From, s.To, func(m *moment) bool { return m.pairs[client][v].ready[i] }) {
			most = max(most, r.takeTime(n, r.sighting(n, o.VIP, s.From, s.From)).Most)
		}
	}
	return most
}

// giveBackMost is the most that the failback to any peer of the node that gave the VIP up may take.
func (r *Run) giveBackMost(o *finding.Outage) (most time.Duration) {
	for _, n := range r.nodes {
		if n.Role != o.Before[0] {
			most = max(most, r.failbackBand(&finding.Failback{Master: n.Role, Peer: o.Before[0]}).Most)
		}
	}
	return most
}

// cure is how much longer the cure may take, where a node that held the VIP has one that heals this client, and else why
// it does not: one that held it all along writes no event 100.
func (r *Run) cure(o *finding.Outage, client, v int, s finding.Span) (extra time.Duration, why *finding.Note) {
	for i, n := range r.nodes {
		if !r.ever(s.From, s.To, func(m *moment) bool { return m.copies[i][v].holds }) {
			continue
		}
		if r.always(s.From, s.To, func(m *moment) bool { return m.copies[i][v].holds }) && len(r.tasks(n.Role, trace.TaskStarted, s)) == 0 {
			why = &finding.Note{Kind: "why.held-on", Node: n.Role}
			continue
		}
		took := cureTime(n, &r.h.Clients[client], o.VIP)
		extra = max(extra, took)
		switch {
		case len(n.Cure) == 0:
			why = &finding.Note{Kind: "why.no-cure", Node: n.Role}
		case took == 0:
			why = &finding.Note{Kind: "why.not-listed", Node: n.Role, Client: o.Client}
		case r.skipped(n.Role, s):
			why = &finding.Note{Kind: "why.skipped", Node: n.Role}
		default:
			why = &finding.Note{Kind: "why.cure-late", Node: n.Role}
		}
	}
	return extra, why
}

// skipped says whether the node's batch was not run for an event in the stretch.
func (r *Run) skipped(role string, s finding.Span) bool {
	return slices.ContainsFunc(r.tasks(role, trace.TaskSkipped, s), func(t trace.Task) bool { return t.Trigger != trace.TriggerStartup })
}

// tasks are what Task Scheduler did in the stretch.
func (r *Run) tasks(role string, did trace.TaskState, s finding.Span) (all []trace.Task) {
	for _, rec := range r.t.Records {
		b, ok := rec.Body.(trace.Task)
		if ok && rec.Host == role && b.State == did && s.From <= rec.At && rec.At <= s.To {
			all = append(all, b)
		}
	}
	return all
}

// wrongNode judges the times in which a master and a slave hold the VIP and the slave alone answers.
func (r *Run) wrongNode(c *cases, u *finding.Use) {
	for _, d := range r.Duals() {
		if d.VIP != u.VIP || r.h.Node(d.Nodes[0]).Master == r.h.Node(d.Nodes[1]).Master {
			continue
		}
		for _, a := range u.Answered {
			from, to := max(a.From, d.From), min(a.To, d.To)
			if len(a.By) > 1 || r.h.Node(a.By[0]).Master || to-from <= r.settling() {
				continue
			}
			n := finding.Note{
				Kind: "p8.wrong-node", Client: u.Client, VIP: u.VIP, Node: a.By[0], At: from, Until: to, Time: to - from,
				Want: finding.Band{Most: r.settling()},
			}
			if noise := r.noisy(from, to); noise != nil {
				n.Kind = "p8.left"
				c.leave(n, noise)
			} else {
				c.fail(n)
			}
		}
	}
}

// p9 wants nobody to take the VIP from a node that holds it, is connected, and can be heard or hear.
func (r *Run) p9() finding.Result {
	if why := r.unheld(); why != nil {
		return without(*why)
	}
	var c cases
	c.pass() // the time without
	for _, t := range r.takeovers() {
		n := finding.Note{Kind: "p9.taken", Node: t.from, Peer: t.taker, VIP: t.vip, At: t.at, Until: t.at, Fault: t.fault}
		switch {
		case !t.heard:
			n.Kind = "p9.split"
			c.leave(n, nil)
		case !t.served:
			n.Kind = "p9.needed"
			c.leave(n, nil)
		default:
			c.fail(n)
		}
	}
	return c.result("")
}
