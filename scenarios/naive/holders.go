package naive

import (
	"cmp"
	"slices"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// p3 judges the times with two holders, between the changes of the network.
func (r *Run) p3() finding.Result {
	if why := r.unheld(); why != nil {
		return without(*why)
	}
	var c cases
	c.pass() // the time without
	for _, d := range r.Duals() {
		times := []time.Duration{d.From}
		for _, at := range r.changes() {
			if d.From < at && at < d.To {
				times = append(times, at)
			}
		}
		times = append(times, d.To)
		for i := range times[1:] {
			r.dual(&c, d, times[i], times[i+1])
		}
	}
	return c.result("")
}

func (r *Run) dual(c *cases, d finding.Dual, from, to time.Duration) {
	n := finding.Note{Kind: "p3.both", Node: d.Nodes[0], Peer: d.Nodes[1], VIP: d.VIP, At: from, Until: to, Time: to - from}
	longest, deaf := to-from, (*finding.Note)(nil)
	if r.nodes[0].Watcher == nil { // another watcher asks nobody
		longest, deaf = r.heard(d, from, to)
	}
	limit := r.settling(from)
	if deaf != nil {
		for _, role := range d.Nodes {
			if x := r.slowed(role, from); !x.Master {
				limit = max(limit, x.ReleaseTime+r.netsh(x, from)+latency)
			}
		}
		n.Because = deaf
	}
	n.Want.Most = limit
	noise := r.noisy("", from, to)
	switch {
	case noise != nil:
		n.Kind = "p3.left"
		c.leave(n, noise)
	case n.Time > limit || longest > r.settling(from):
		c.fail(n)
	case d.Open && to == d.To:
		c.unfinished(n)
	case n.Time > r.settling(from):
		c.leave(n, n.Because)
	default:
		c.pass()
	}
}

// heard is the longest time in which nothing on record kept the slave from hearing its master, and what did so in
// between, last. Of two masters, or two slaves, none asks.
func (r *Run) heard(d finding.Dual, from, to time.Duration) (longest time.Duration, deaf *finding.Note) {
	master, slave := d.Nodes[0], d.Nodes[1]
	if !r.setting(master, from).Master {
		master, slave = slave, master
	}
	if !r.setting(master, from).Master || r.setting(slave, from).Master {
		return to - from, nil
	}
	if why := r.shut(slave, from, to); why != nil {
		return 0, why
	}
	since := from
	for _, q := range r.requests() {
		if q.asker != master || q.vip != d.VIP || q.begun >= to || q.end <= from {
			continue
		}
		missed := r.missedBy(d.Nodes, q)
		switch {
		case q.text != "" || missed != nil:
			longest, since, deaf = max(longest, q.begun-since), q.end, cmp.Or(missed, failed(q))
		case deaf != nil: // the next after a failed one waited, too
			longest, since = max(longest, q.begun-since), q.end
		}
	}
	return max(longest, to-since), deaf
}

// missedBy is why a request that was heard was heard late, or nothing: an entry of one of the nodes for the other was of
// a card that its team had left.
func (r *Run) missedBy(nodes [2]string, q request) *finding.Note {
	for _, role := range nodes {
		n := r.node(role)
		if q.text == "" && r.ever(q.begun, q.end, func(m *moment) bool { return m.nodes[n].missed }) {
			return &finding.Note{Kind: "why.missed", Node: role, At: q.begun}
		}
	}
	return nil
}

// p4 judges how long a client waited while a node could have served it.
func (r *Run) p4() finding.Result {
	if what := r.nobody(); what != "" {
		return without(finding.Note{Kind: what})
	}
	var c cases
	none := finding.Kind("p4.never-ready")
	for i := range r.uses {
		u := &r.uses[i]
		if u.Never {
			continue
		}
		client, v := r.clientAt(u.Client), r.vip(u.VIP)
		var bad []finding.Finding
		for n := range r.nodes {
			if len(r.when(func(m *moment) bool { return m.pairs[client][v].ready[n] })) > 0 {
				none = "p4.none"
			}
			for _, s := range r.when(func(m *moment) bool {
				return m.pairs[client][v].ready[n] && !m.pairs[client][v].served && !m.copies[n][v].alien
			}) {
				bad = append(bad, r.waited(&c, u, r.nodes[n], s)...)
			}
		}
		for n, node := range r.nodes {
			for _, s := range r.when(func(m *moment) bool { return m.copies[n][v].alien }) {
				c.leave(finding.Note{Kind: "p4.left", Client: u.Client, Node: node.Role, VIP: u.VIP, At: s.From, Until: s.To},
					&finding.Note{Kind: "why.foreign-answers", VIP: u.VIP})
			}
		}
		tellFirst(&c, bad)
		if why := r.keptOut(v); why != nil {
			c.fail(finding.Note{Kind: "p4.kept-out", Client: u.Client, VIP: u.VIP, Because: why})
		}
	}
	c.leaveUnused(r)
	return c.result(none)
}

// keptOut says who kept the nodes from a VIP that none of them ever had.
func (r *Run) keptOut(v int) *finding.Note {
	vip := r.vips[v]
	has := func(rec trace.Record) bool {
		b, ok := rec.Body.(trace.Address)
		return ok && r.node(rec.Host) >= 0 && b.IP == vip && b.State == trace.Preferred
	}
	if slices.ContainsFunc(r.t.Records, has) {
		return nil
	}
	for _, c := range r.Clashes() {
		alien := speaker{by: c.By}.alien()
		if r.node(c.Host) >= 0 && c.IP == vip && alien {
			return &finding.Note{Kind: finding.Kind("clash." + c.By), Node: c.Host, Peer: c.Whose, VIP: vip, At: c.At, Fault: c.Fault}
		}
	}
	for n := range r.nodes {
		if r.ever(longAgo, r.t.End, func(m *moment) bool { return m.copies[n][v].alien }) {
			return &finding.Note{Kind: "why.foreign-answers", VIP: vip}
		}
	}
	return nil
}

// tellFirst tells of several nodes that let the same time pass the first due, and failures before all else.
func tellFirst(c *cases, bad []finding.Finding) {
	slices.SortStableFunc(bad, func(a, b finding.Finding) int {
		return cmp.Or(cmp.Compare(a.Verdict, b.Verdict), cmp.Compare(a.At, b.At)) // "fail" is before "inconclusive"
	})
	var told []finding.Finding
	for _, one := range bad {
		if slices.ContainsFunc(told, func(t finding.Finding) bool { return t.At < one.Until && one.At < t.Until }) {
			continue
		}
		told = append(told, one)
		if one.Verdict == finding.Fail {
			c.fail(one.Note)
		} else {
			c.unfinished(one.Note)
		}
	}
}

// waited judges a stretch in which the node was ready and nobody served the client, from setback to setback.
func (r *Run) waited(c *cases, u *finding.Use, n *trace.Node, s finding.Span) (bad []finding.Finding) {
	times, whys := r.tries(n.Role, u, s)
	client, v := r.clientAt(u.Client), r.vip(u.VIP)
	for i := range times[1:] {
		from, to := times[i], times[i+1]
		if why := r.noisy(u.Client, from, to); why != nil {
			whys = append(whys, *why)
			continue
		}
		most := r.takeTime(n, from, r.sighting(n, u.VIP, from, to)).Most
		note := finding.Note{
			Kind: "p4.nobody", Client: u.Client, Node: n.Role, VIP: u.VIP, At: from, Until: to, Time: to - from, Want: finding.Band{Most: most},
		}
		switch {
		case to-from > most:
			bad = append(bad, finding.Finding{Note: note, Verdict: finding.Fail})
		case to != s.To: // a setback ended it
		case to < r.t.End && r.at(to).pairs[client][v].served:
			c.pass()
		case to < r.t.End:
			whys = append(whys, finding.Note{Kind: "why.no-longer"})
		case len(whys) == 0:
			bad = append(bad, finding.Finding{Note: note, Verdict: finding.Inconclusive})
		}
	}
	for _, why := range whys {
		c.leave(finding.Note{Kind: "p4.left", Client: u.Client, Node: n.Role, VIP: u.VIP, At: s.From, Until: s.To}, &why)
	}
	return bad
}

// tries are the times at which the stretch begins, has a setback, and ends, with the setbacks that excuse. A clash with
// a node that was only taking the VIP too counts twice at most.
func (r *Run) tries(role string, u *finding.Use, s finding.Span) (times []time.Duration, whys []finding.Note) {
	times = []time.Duration{s.From}
	clashes := 0
	for _, b := range r.setbacks(role, u.VIP) {
		if b.at < s.From || b.at >= s.To {
			continue
		}
		begins := b.at == s.From // with a conflict that cost it the VIP: that may go on, but begins no new try
		if begins && b.kind == "why.clashed" {
			continue
		}
		if b.kind == "why.clashed" {
			if clashes++; clashes > 2 {
				continue
			}
		} else if n := len(whys); n == 0 || whys[n-1].Kind != b.kind || whys[n-1].Peer != b.peer {
			whys = append(whys, finding.Note{Kind: b.kind, Node: role, Peer: b.peer, VIP: u.VIP})
		}
		if !begins {
			times = append(times, b.at)
		}
	}
	return slices.Compact(append(times, s.To)), whys
}
