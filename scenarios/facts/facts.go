package facts

import (
	"cmp"
	"slices"
	"time"

	"ipwsim/sim/finding"
)

// facts are what is known up to the end. The reader can go on.
func (r *Reader) facts(end time.Duration) *Facts {
	f := &Facts{Facts: &finding.Facts{End: end, Tasks: slices.Clone(r.tasks)}, Header: r.model.header, readings: slices.Clone(r.readings), Joined: map[[2]string]Line{}}
	f.slow, f.fast = map[string]int64{}, map[string]int64{}
	for _, n := range r.model.nodes {
		f.slow[n.name], f.fast[n.name] = n.slow, n.fast
	}
	r.past.facts(r, f, end)
	for _, n := range r.nodes {
		f.Nodes = append(f.Nodes, n.facts(r.model, end))
	}
	for _, p := range r.pairs {
		one := p.facts(r, end)
		f.Pairs = append(f.Pairs, one)
		f.Uses = append(f.Uses, *one.Use)
	}
	for i := range f.Pairs {
		f.Pairs[i].Use = &f.Uses[i]
		r.failbacks(f, &f.Pairs[i], end)
	}
	slices.SortStableFunc(f.Failbacks, func(a, b finding.Failback) int { return cmp.Compare(a.From, b.From) })
	for v, vip := range r.model.vips {
		for _, n := range r.nodes {
			for _, s := range n.vips[v].states.until(end) {
				f.Holdings = append(f.Holdings, finding.Holding{VIP: vip, Node: n.host.name, State: s.state, From: s.from, To: s.to})
			}
		}
	}
	f.Beliefs = r.believed(r, end)
	if r.conform != nil {
		f.Conform, f.Machines = r.conform.Judged(), r.machines.Judged()
	}
	f.Mail = r.mail.facts(r, f, end)
	f.VainPings = r.vainPings(f)
	promise(f)
	return f
}

// failbacks measures one pair's. Of several returns before one answer, as from a cable that flaps, the last one
// counts; a start of the watcher does only where no network came back before it, as at a boot.
func (r *Reader) failbacks(f *Facts, p *Pair, end time.Duration) {
	if p.Never {
		return
	}
	for i, home := range r.returns {
		if home.vip != p.VIP {
			continue
		}
		one := finding.Failback{
			Client: p.Use.Client, VIP: p.Use.VIP, Master: home.master, Peer: home.peer, From: home.at, To: end, Open: true, Late: home.late, Began: home.began,
		}
		served, answering := false, false // by the peer last, before the return; by the master at the return
		for _, s := range p.Answered {
			byMaster := slices.Contains(s.By, home.master)
			switch {
			case s.From < home.at:
				served = !byMaster
				answering = byMaster && s.To > home.at
			case byMaster && one.Open:
				one.To, one.Open = s.From, false
			}
		}
		again := slices.ContainsFunc(r.returns[i+1:], func(l homecoming) bool {
			return l.master == home.master && l.vip == home.vip && l.at < one.To && (home.began || !l.began)
		})
		if !served || answering || again || home.at < p.Since || home.began && r.awaited(p, r.returns[:i], home) {
			continue
		}
		one.Silent = one.Length()
		for _, s := range p.Answered {
			one.Silent -= s.Overlap(one.From, one.To)
		}
		one.Promise = f.failbackPromise(p, &one)
		f.Failbacks = append(f.Failbacks, one)
	}
}

// awaited says whether the master's network came back before its watcher was started, and it has not answered since: the
// time counts from there.
func (r *Reader) awaited(p *Pair, before []homecoming, home homecoming) bool {
	for _, b := range before {
		answered := slices.ContainsFunc(p.Answered, func(s finding.Span) bool {
			return slices.Contains(s.By, home.master) && s.To > b.at && s.From < home.at
		})
		if b.master == home.master && b.vip == home.vip && !b.began && !answered {
			return true
		}
	}
	return false
}

// promise says how long each failover may take.
func promise(f *Facts) {
	for i := range f.Pairs {
		for j := range f.Pairs[i].Outages {
			if o := &f.Pairs[i].Outages[j]; o.Kind == finding.FailoverKind {
				o.Promise = f.failoverPromise(&f.Pairs[i], o)
			}
		}
	}
}
