package naive

import (
	"slices"
	"strings"

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
		r.promise(&c, t, m.Copies)
	}
	for _, b := range m.Bounces {
		r.bounce(&c, b)
	}
	for _, u := range m.Unheld {
		n := finding.Note{Kind: "p5.rests", Node: u.Node, VIP: u.Address, Client: u.To, Text: u.Name, At: u.At, Until: u.Thawed}
		if u.Gone != 0 {
			n = finding.Note{Kind: "p5.sent-gone", Node: u.Node, Client: u.To, Text: u.Name, At: u.At, Until: u.Gone}
		} else if u.Thawed == 0 {
			n.Until = u.At
			n.Kind = map[finding.Doing]finding.Kind{
				finding.Sent: "p5.sent-unheld", finding.Boxed: "p5.boxed-unheld", finding.GivenUp: "p5.given-up-unheld",
			}[u.Did]
		}
		c.fail(n)
	}
	for _, k := range m.Kept {
		n := finding.Note{Kind: "p5.kept", Node: k.Node, Client: k.Box, Text: k.ID, At: k.At, Until: k.At}
		if k.Reader != "" {
			n = finding.Note{Kind: "p5.kept-told", Client: k.Reader, Text: k.ID, At: k.At, Until: k.At}
		}
		c.fail(n)
	}
	if m.Again > 0 {
		c.leave(finding.Note{Kind: "p5.again", N: m.Again}, nil)
	}
	return c.result("")
}

// promised are those of a letter's recipients to whom the server did not say no.
func promised(b trace.MailSend) (all []string) {
	for _, to := range strings.Split(b.To, ", ") {
		if !strings.Contains(", "+b.Refused+", ", ", "+to+", ") {
			all = append(all, to)
		}
	}
	return all
}

// promise wants a letter that a client was told of to be there by then, for each of its recipients. The postmaster's, and
// one to an address in place of a domain, is there under another name.
func (r *Run) promise(c *cases, t finding.Told, all []finding.Copy) {
	note := finding.Note{Kind: "p5.told", Client: t.Client, At: t.At, Until: r.t.End, Text: t.MessageID}
	is := func(who func(to string) bool) bool {
		return slices.ContainsFunc(all, func(x finding.Copy) bool { return x.MessageID == t.MessageID && x.Accepted <= t.At && who(x.To) })
	}
	if !is(func(string) bool { return true }) {
		c.fail(note)
		return
	}
	note.Kind = "p5.told-for"
	short := 0
	for _, whom := range t.To {
		named := strings.HasPrefix(strings.ToLower(whom), "postmaster@") || strings.Contains(whom, "@[")
		if !is(func(to string) bool { return named || strings.EqualFold(to, whom) }) {
			note.Peer = whom
			c.fail(note)
			short++
		}
	}
	if short == 0 {
		c.pass()
	}
}

// copy wants one fate of a copy. Two are excused where no mail server can do better, or while P3 did not hold.
func (r *Run) copy(c *cases, x *finding.Copy) {
	n := finding.Note{At: x.Accepted, Until: r.t.End, Node: x.Node, Text: x.Name(), Client: x.To, Because: x.Why}
	switch x.Fate() {
	case finding.Lost:
		n.Kind = "p5.lost"
		c.fail(n)
	case finding.Doubled:
		n.Kind = "p5.doubled"
		if x.Why == nil || x.Why.Kind == "why.m4" || x.Why.Kind == "why.share" {
			c.fail(n)
			return
		}
		n.Kind = "p5.left"
		c.leave(n, x.Why)
	default:
		c.pass()
	}
}

// p6 wants no VIP left behind by orderly stops.
func (r *Run) p6() finding.Result {
	serviced := slices.ContainsFunc(r.t.Records, func(rec trace.Record) bool {
		b, ok := rec.Body.(trace.Service)
		return ok && b.Name == trace.Watcher && r.node(rec.Host) >= 0
	})
	on, atOnce := false, false // of watchers that start later there may be no record yet (H17)
	for _, rec := range r.t.Records {
		if b, is := rec.Body.(trace.Power); is && b.State == trace.On && r.node(rec.Host) >= 0 {
			start := r.nodes[r.node(rec.Host)].Startup
			on, atOnce = true, atOnce || !start.Manual && !start.Delayed
		}
	}
	switch {
	case len(r.vips) == 0:
		return without(finding.Note{Kind: "missing.vip"})
	case !serviced && (atOnce || !on):
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
	for i := range r.nodes {
		for j := range r.nodes {
			if i == j {
				continue
			}
			for v := range r.vips {
				for _, s := range r.when(func(m *moment) bool { return m.copies[i][v].awaits }) {
					if of := r.settings(s.From); of[i].Master && !of[j].Master {
						r.wait(&c, i, j, v, s)
					}
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
	most := r.cycle(r.nodes[i], r.nodes[j], s.From)
	n := finding.Note{
		Kind: "p7.waits", Node: r.nodes[i].Role, Peer: r.nodes[j].Role, VIP: r.vips[v], At: s.From, Until: s.To, Time: s.Length(),
		Want: finding.Band{Most: most}, Because: failed(requests[vain]),
	}
	left := n
	left.Kind = "p7.left"
	noise := r.noisy("", s.From, s.To)
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

// p9 wants nobody to take the VIP from a node that holds it, is connected, and can be heard or hear.
func (r *Run) p9() finding.Result {
	if why := r.unheld(); why != nil {
		return without(*why)
	}
	var c cases
	c.pass() // the time without
	for _, t := range r.takeovers() {
		if t.at < 0 {
			continue
		}
		n := finding.Note{Kind: "p9.taken", Node: t.from, Peer: t.taker, VIP: t.vip, At: t.at, Until: t.at, Fault: t.fault}
		switch {
		case !t.heard && t.helps:
			n.Kind = "p9.split"
			c.leave(n, nil)
		case t.slept:
			n.Kind = "p9.slept"
			c.leave(n, nil)
		case !t.served:
			n.Kind = "p9.needed"
			c.leave(n, nil)
		default:
			c.fail(n)
		}
	}
	for _, n := range r.deaf() {
		c.fail(n)
	}
	return c.result("")
}
