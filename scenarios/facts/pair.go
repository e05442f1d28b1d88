package facts

import (
	"slices"
	"time"

	"ipwsim/sim/finding"
)

// pair is one client looking at one VIP.
type pair struct {
	client *host
	vip    int
	used   bool
	since  time.Duration

	by     nodes // that answer now
	before nodes // that answered last
	answer recorder[nodes]
	ready  []recorder[bool] // by node
	joined []recorder[bool] // by node
	held   recorder[bool]
	silent recorder[silence] // while an outage is open

	outages []outage
	open    bool // the last one
}

// silence is what stands between a client and an answer.
type silence struct {
	what  finding.Obstacle
	dual  bool
	pings bool // it is one to ping alone
}

// outage is a finding.Outage as far as it is known.
type outage struct {
	finding.Outage
	before nodes
	first  int // of the silent stretches
	last   int // the one behind it, once it is over
}

func newPairs(m *model) []*pair {
	var all []*pair
	for _, c := range m.clients {
		for v := range m.vips {
			all = append(all, &pair{
				client: c, vip: v, ready: make([]recorder[bool], len(m.nodes)), joined: make([]recorder[bool], len(m.nodes)),
			})
		}
	}
	return all
}

// use notes that the client needs the VIP from now on.
func (p *pair) use(at time.Duration) {
	if !p.used {
		p.used, p.since = true, at
	}
}

// look notes what stands after an instant.
func (p *pair) look(r *Reader) {
	m, c := r.model, p.client
	ready, held := m.ready(c, p.vip)
	by := nodes(0)
	if held {
		by = m.answerers(c, p.vip)
	}
	for i, n := range m.nodes {
		p.ready[i].set(r.at, ready&(1<<i) != 0)
		p.joined[i].set(r.at, c.usable() && c.reaches(n))
	}
	p.held.set(r.at, held)
	p.answer.set(r.at, by)
	p.by = by
	if by != 0 {
		p.before = by
		if p.open {
			p.end(r)
		}
		return
	}
	if p.used && p.before != 0 && !p.open {
		p.begin(r)
	}
	if !p.open {
		return
	}
	p.silent.set(r.at, m.obstacle(c, p.vip))
	o := &p.outages[len(p.outages)-1]
	for i, n := range m.nodes {
		o.Taken = o.Taken || o.before&(1<<i) == 0 && n.holds(p.vip)
	}
}

func (p *pair) begin(r *Reader) {
	o := outage{before: p.before, first: len(p.silent.spans)}
	o.Outage = finding.Outage{
		Client: p.client.name, VIP: r.model.vips[p.vip], From: r.at, Before: r.model.names[p.before],
		Loss: r.model.loss(p.client, p.vip, p.before),
	}
	o.Cause = r.cause(p.client, p.vip, p.before)
	if o.Loss == finding.NotLost && r.byHand(o.Cause.Fault) {
		o.Loss = finding.LostAddress
	}
	if o.Cause.Kind == finding.ByCycle || o.Cause.Kind == finding.ByGiveBack {
		o.Loss = finding.NotLost // a release that the peer asked for, not the stop that found it under way
	}
	for _, f := range r.faults {
		if f.Open && f.ID != o.Cause.Fault {
			o.Also = append(o.Also, f.ID)
		}
	}
	p.outages = append(p.outages, o)
	p.open = true
}

func (p *pair) end(r *Reader) {
	p.silent.set(r.at, silence{})
	o := &p.outages[len(p.outages)-1]
	o.last, p.open = len(p.silent.spans), false
	o.To, o.After = r.at, r.model.names[p.by]
	o.Taken = o.Taken || p.by&^o.before != 0
	if o.Loss == finding.NotLost || o.Loss == finding.LostStop || o.Loss == finding.LostDown {
		if c, ok := r.handedOver(&o.Outage); ok && o.Cause.Kind != finding.ByCycle && o.Cause.Kind != finding.ByGiveBack {
			o.Loss, o.Cause = finding.NotLost, c
		}
	}
}

// handedOver gives the handover that ended the outage, if it began with the lost node's giving the VIP up, and the
// request was under way then: one that came later is not what took the VIP.
func (r *Reader) handedOver(o *finding.Outage) (finding.Cause, bool) {
	if r.released(nodeOf{o.Before[0], r.model.vip(o.VIP)}, o.From) == nil {
		return finding.Cause{}, false
	}
	for _, d := range r.handovers {
		for _, after := range o.After {
			if d.vip == o.VIP && d.begun <= o.From && o.From <= d.at && d.at <= o.To && after == d.asker {
				return finding.Cause{Kind: finding.ByGiveBack, At: o.From, Node: o.Before[0], Rule: "W16", Fault: o.Cause.Fault}, true
			}
		}
	}
	return finding.Cause{}, false
}

// facts are the pair's up to the end.
func (p *pair) facts(r *Reader, end time.Duration) Pair {
	u := &finding.Use{Client: p.client.name, VIP: r.model.vips[p.vip], Never: !p.used, Since: p.since}
	for _, s := range p.answer.until(end) {
		u.Answered = append(u.Answered, finding.Span{From: s.from, To: s.to, By: r.model.names[s.state]})
	}
	f := Pair{Use: u, Client: p.client.client, VIP: p.vip, Held: lineOf(&p.held, end)}
	for i := range p.ready {
		f.Ready = append(f.Ready, lineOf(&p.ready[i], end))
		f.Joined = append(f.Joined, lineOf(&p.joined[i], end))
	}
	silent := p.silent.until(end)
	for i := range p.outages {
		o := &p.outages[i]
		one := o.Outage
		own := silent[o.first:]
		if i == len(p.outages)-1 && p.open {
			one.To, one.Open = end, true
		} else {
			own = silent[o.first:o.last]
		}
		r.classify(&one)
		one.Added = r.addedWithin(&one)
		own = r.retold(&one, own)
		one.Parts, one.Dual = partsOf(own)
		one.Pings = pingsOf(own)
		for _, s := range own {
			f.Silent = append(f.Silent, Stretch{s.from, s.to, s.state.what, s.state.dual})
		}
		one.Saw = r.saw(&one)
		one.Holds = r.holds(p.client, &one)
		u.Outages = append(u.Outages, one)
	}
	return f
}

// holds is how long a cache that misled the client, until the lost node was back, would have gone on.
func (r *Reader) holds(c *host, o *finding.Outage) (most time.Duration) {
	if o.Open || o.Loss == finding.NotLost || !o.Taken || !slices.Equal(o.Before, o.After) {
		return 0
	}
	for _, p := range o.Parts {
		switch {
		case p.Time <= Latency:
		case p.What == finding.WrongCache:
			most = max(most, c.client.Holds)
		case p.What == finding.RouterCache:
			for _, x := range r.model.header.Routers {
				most = max(most, x.Holds)
			}
		}
	}
	return most
}

// classify says what kind of outage it is. A loss that was over before anybody could have taken the VIP, and
// nobody has, is a flap.
func (r *Reader) classify(o *finding.Outage) {
	least := time.Duration(1<<62 - 1)
	for _, n := range r.readings.at(o.From).Nodes {
		if n.Watcher != nil {
			least = min(least, n.Watcher.Least)
		} else {
			least = min(least, n.Interval)
		}
	}
	switch {
	case o.Cause.Kind == finding.ByCycle:
		o.Kind = finding.CycleKind
	case o.Cause.Kind == finding.ByGiveBack:
		o.Kind = finding.GiveBackKind
	case o.Loss == finding.NotLost:
		o.Kind = finding.OtherKind
	case !o.Open && !o.Taken && o.Length() < least:
		o.Kind = finding.FlapKind
	default:
		o.Kind = finding.FailoverKind
	}
}

// addedWithin says whether some watcher decided to take the VIP, and did, in time to matter to the outage.
func (r *Reader) addedWithin(o *finding.Outage) bool {
	return slices.ContainsFunc(r.takings, func(t taking) bool {
		return t.vip == r.model.vip(o.VIP) && o.From <= t.at && t.at < o.To
	})
}

// partsOf sums up what an outage is made of.
func partsOf(own []stretch[silence]) (parts []finding.Part, dual time.Duration) {
	for _, s := range own {
		i := slices.IndexFunc(parts, func(p finding.Part) bool { return p.What == s.state.what })
		if i < 0 {
			i, parts = len(parts), append(parts, finding.Part{What: s.state.what})
		}
		parts[i].Time += s.to - s.from
		if s.state.dual {
			dual += s.to - s.from
		}
		if s.state.pings {
			parts[i].Pings += s.to - s.from
		}
	}
	return parts, dual
}

// pingsOf are the stretches in which ping alone was kept out.
func pingsOf(own []stretch[silence]) (all []finding.Span) {
	for _, s := range own {
		switch n := len(all); {
		case !s.state.pings || s.from == s.to:
		case n > 0 && all[n-1].To == s.from:
			all[n-1].To = s.to
		default:
			all = append(all, finding.Span{From: s.from, To: s.to})
		}
	}
	return all
}
