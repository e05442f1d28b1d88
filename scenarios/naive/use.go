package naive

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// use is what a client got of a VIP.
func (r *Run) use(client, v int) finding.Use {
	u := finding.Use{Client: r.h.Clients[client].Name, VIP: r.vips[v], Never: true}
	pair := func(m *moment) pairNow { return m.pairs[client][v] }
	for _, s := range r.when(func(m *moment) bool { return pair(m).used }) {
		u.Never, u.Since = false, s.From // it never ends
	}
	for _, s := range equal(r, func(m *moment) string { return pair(m).answered }) {
		if s.what != "" {
			u.Answered = append(u.Answered, finding.Span{From: s.From, To: s.To, By: by(s.what)})
		}
	}
	silent := r.when(func(m *moment) bool { return pair(m).used && pair(m).answered == "" && before(u.Answered, m.at) != nil })
	for _, s := range silent {
		u.Outages = append(u.Outages, r.outage(&u, client, v, s))
	}
	return u
}

// before is the last span that began before the time, or nil.
func before(answered []finding.Span, at time.Duration) (last *finding.Span) {
	for i := range answered {
		if answered[i].From < at {
			last = &answered[i]
		}
	}
	return last
}

// outage is what there is to say of a silence.
func (r *Run) outage(u *finding.Use, client, v int, s finding.Span) finding.Outage {
	o := finding.Outage{Client: u.Client, VIP: u.VIP, From: s.From, To: s.To, Open: true, Before: before(u.Answered, s.From).By}
	for _, a := range u.Answered {
		if a.From == o.To && a.From > o.From {
			o.Open, o.After = false, a.By
		}
	}
	another := func(role string) bool { return !slices.Contains(o.Before, role) }
	taken := func(m *moment) bool {
		return slices.ContainsFunc(r.nodes, func(n *trace.Node) bool { return another(n.Role) && m.copies[r.node(n.Role)][v].holds })
	}
	o.Taken = taken(r.at(o.From)) || r.ever(o.From, o.To, taken) || o.Open && taken(r.at(o.To)) || slices.ContainsFunc(o.After, another)
	then := r.stateAt(o.From)
	c := then.machines[u.Client]
	o.Cause = r.cause(then, c, u.VIP, &o)
	if o.Cause.Kind != finding.ByCycle && o.Cause.Kind != finding.ByGiveBack {
		o.Loss = lossOf(then, c, u.VIP, o.Before)
		if o.Loss == finding.NotLost && then.touched(o.Cause.Fault, trace.AddressPart) {
			o.Loss = finding.LostAddress
		}
	}
	r.handedOver(&o)
	o.Kind = r.kind(&o)
	o.Added = len(r.takings(u.VIP, o.From, o.To-1)) > 0
	o.Parts, o.Dual = r.parts(&o, client, v)
	for _, s := range r.when(func(m *moment) bool { return m.pairs[client][v].mail }) {
		if s.From, s.To = max(s.From, o.From), min(s.To, o.To); s.From < s.To {
			o.Pings = append(o.Pings, finding.Span{From: s.From, To: s.To})
		}
	}
	return o
}

// touched says whether the fault of that number touched such a part of anything.
func (s *state) touched(id int, part trace.Part) bool {
	return slices.ContainsFunc(s.faults, func(f finding.Fault) bool {
		return f.ID == id && slices.ContainsFunc(f.Touches, func(t trace.Touch) bool { return t.Part == part })
	})
}

// lossOf is how the nodes were lost, if all were: the first one's way.
func lossOf(s *state, c *machine, vip netip.Addr, roles []string) finding.Loss {
	for _, role := range roles {
		if lossOfOne(s, c, s.machines[role], vip) == finding.NotLost {
			return finding.NotLost
		}
	}
	return lossOfOne(s, c, s.machines[roles[0]], vip)
}

func lossOfOne(s *state, c, n *machine, vip netip.Addr) finding.Loss {
	stopped := n.service == trace.StopPending || n.service == trace.Stopped
	switch {
	case n.power == trace.Frozen:
		return finding.LostFrozen
	case !n.runs():
		return finding.LostPower
	case !s.linked(n):
		return finding.LostLink
	case n.power == trace.Stopping && !n.holds(vip):
		return finding.LostDown
	case stopped && !n.holds(vip):
		return finding.LostStop
	case s.connected(c) && !s.joins(c, n, vip, heed{}) && !s.unruled().joins(c, n, vip, heed{}):
		return finding.LostPath
	}
	return finding.NotLost
}

// handedOver tells an outage that began with the lost node giving the VIP up, and ended with a release which the node
// that answers now had asked for before.
func (r *Run) handedOver(o *finding.Outage) {
	known := o.Cause.Kind == finding.ByCycle || o.Cause.Kind == finding.ByGiveBack
	stands := o.Loss == finding.NotLost || o.Loss == finding.LostStop || o.Loss == finding.LostDown
	gives := slices.ContainsFunc(r.releases(), func(g giving) bool {
		return g.node == o.Before[0] && g.vip == o.VIP && g.from <= o.From && o.From <= g.to
	})
	if o.Open || known || !stands || !gives {
		return
	}
	for _, rec := range r.t.Records {
		b, ok := rec.Body.(trace.Pipe)
		if ok && b.Answer == trace.Released && b.VIP == o.VIP && slices.Contains(o.After, rec.Host) &&
			rec.At-b.Took <= o.From && o.From <= rec.At && rec.At <= o.To {
			o.Loss = finding.NotLost
			o.Cause.Kind, o.Cause.At, o.Cause.Node, o.Cause.Rule = finding.ByGiveBack, o.From, o.Before[0], "W16"
			return
		}
	}
}

func (r *Run) kind(o *finding.Outage) finding.OutageKind {
	least := time.Duration(1<<62 - 1)
	for _, n := range r.settings(o.From) {
		soonest := n.Interval
		if n.Watcher != nil {
			soonest = n.Watcher.Least
		}
		least = min(least, soonest)
	}
	switch {
	case o.Cause.Kind == finding.ByCycle:
		return finding.CycleKind
	case o.Cause.Kind == finding.ByGiveBack:
		return finding.GiveBackKind
	case o.Loss == finding.NotLost:
		return finding.OtherKind
	case !o.Open && !o.Taken && o.Length() < least:
		return finding.FlapKind
	}
	return finding.FailoverKind
}

// parts are the times of the obstacles, and the time with two holders.
func (r *Run) parts(o *finding.Outage, client, v int) (parts []finding.Part, dual time.Duration) {
	sums, order := map[finding.Obstacle]time.Duration{}, []finding.Obstacle{}
	pings := map[finding.Obstacle]time.Duration{}
	for _, p := range r.between(o.From, o.To, r.netshTurns(o)...) {
		now := p.pairs[client][v]
		what := r.told(o, p.from, now.what)
		if sums[what] == 0 && p.length() > 0 {
			order = append(order, what)
		}
		sums[what] += p.length()
		if now.dual {
			dual += p.length()
		}
		if now.mail {
			pings[what] += p.length()
		}
	}
	for _, what := range order {
		parts = append(parts, finding.Part{What: what, Time: sums[what], Pings: pings[what]})
	}
	return parts, dual
}

// told is the obstacle in the light of how the outage went on.
func (r *Run) told(o *finding.Outage, from time.Duration, what finding.Obstacle) finding.Obstacle {
	switch {
	case o.Kind == finding.FlapKind && (what == finding.Counting || what == finding.Awaiting || what == finding.NodesGone):
		return finding.HolderAway
	case what == finding.Netsh && slices.ContainsFunc(r.vainCommands(o.VIP), func(s finding.Span) bool { return s.From <= from && from < s.To }):
		return finding.Failing
	case (what == finding.Counting || what == finding.Awaiting) && from >= r.netshFailed(o):
		return finding.Failing
	case what == finding.Counting && r.yielded(o):
		return finding.Yielding
	}
	return what
}

// vainCommands are the times from a watcher's decision to take the VIP to its finding that netsh failed, or lied.
func (r *Run) vainCommands(vip netip.Addr) (all []finding.Span) {
	if all, known := r.vain[vip]; known {
		return all
	}
	defer func() { r.vain[vip] = all }()
	for _, n := range r.nodes {
		last := trace.Record{Body: trace.Watch{}}
		for _, rec := range r.t.Records {
			b, ok := rec.Body.(trace.Watch)
			if !ok || rec.Host != n.Role || b.VIP != vip {
				continue
			}
			if (b.Why == "add failed" || b.Why == "not added") && last.Body.(trace.Watch).State == trace.Taking {
				all = append(all, finding.Span{From: last.At, To: rec.At})
			}
			last = rec
		}
	}
	return all
}

// netshTurns are the times at which netsh at work becomes netsh that fails, or the reverse, in order.
func (r *Run) netshTurns(o *finding.Outage) []time.Duration {
	turns := []time.Duration{r.netshFailed(o)}
	for _, s := range r.vainCommands(o.VIP) {
		for _, at := range []time.Duration{s.From, s.To} {
			if o.From < at && at < o.To {
				turns = append(turns, at)
			}
		}
	}
	slices.Sort(turns)
	return turns
}

// netshFailed is when a node's netsh could not add the VIP, or had not, the first time in the outage; its end if all could.
func (r *Run) netshFailed(o *finding.Outage) time.Duration {
	first := o.To
	for _, n := range r.nodes {
		for _, b := range r.setbacks(n.Role, o.VIP) {
			if b.kind == "why.netsh" && o.From <= b.at {
				first = min(first, b.at)
			}
		}
	}
	for _, s := range r.vainCommands(o.VIP) {
		if o.From <= s.To {
			first = min(first, s.To)
		}
	}
	return first
}

// yielded says whether the first watcher that took the VIP in the outage had waited for two intervals.
func (r *Run) yielded(o *finding.Outage) bool {
	all := r.takings(o.VIP, o.From, o.To)
	return len(all) > 0 && all[0].Rule == "W13"
}

// takings are watchers' decisions to take the VIP between two times, both included.
func (r *Run) takings(vip netip.Addr, from, to time.Duration) (all []trace.Watch) {
	for _, rec := range r.t.Records {
		b, ok := rec.Body.(trace.Watch)
		if ok && r.node(rec.Host) >= 0 && b.State == trace.Taking && b.VIP == vip && from <= rec.At && rec.At <= to {
			all = append(all, b)
		}
	}
	return all
}

// comeback is a master's network coming up while a slave that it comes to reach holds a VIP.
type comeback struct {
	at     time.Duration // of the link
	master int
	peer   string
	late   bool // frames passed later
	began  bool // its watcher was started, on a network that was there
}

// comebacks are those of every master to a VIP, by the time from which frames passed.
func (r *Run) comebacks(v int) (all []comeback) {
	for i := 1; i < len(r.moments); i++ {
		now := &r.moments[i]
		for n := range r.nodes {
			began := r.begins(i, n)
			linkedAt, back := r.back(i, n)
			if began {
				linkedAt = now.at
			}
			if !back && !began {
				continue
			}
			of := r.settings(now.at)
			if !of[n].Master || !of[n].Keeps(r.vips[v]) {
				continue
			}
			for p, peer := range r.nodes {
				if !of[p].Master && now.copies[p][v].holds && now.reach[p][n] {
					all = append(all, comeback{linkedAt, n, peer.Role, linkedAt < now.at, began})
					break
				}
			}
		}
	}
	return all
}

// begins says whether a node's watcher is started at a moment, on a network that was there before.
func (r *Run) begins(i, n int) bool {
	was, is := &r.moments[i-1].nodes[n], &r.moments[i].nodes[n]
	passes := false
	for k := i - 1; k >= 0 && r.moments[k].nodes[n].linked; k-- {
		passes = passes || r.moments[k].nodes[n].connected
	}
	return is.works && is.serves && !was.serves && is.linked && passes
}

// back says whether a node's cable passes frames at a moment for the first time since its link came, and when that was.
func (r *Run) back(i, n int) (linkedAt time.Duration, back bool) {
	if !r.moments[i].nodes[n].linked || !r.moments[i].nodes[n].connected {
		return 0, false
	}
	for ; r.moments[i-1].nodes[n].linked; i-- {
		if r.moments[i-1].nodes[n].connected {
			return 0, false
		}
	}
	return r.moments[i].at, true
}

// failbacksOf are those of a client and a VIP.
func (r *Run) failbacksOf(i int) (all []finding.Failback) {
	u := &r.uses[i]
	if u.Never {
		return nil
	}
	comebacks := r.comebacks(r.vip(u.VIP))
	for k, c := range comebacks {
		master := r.nodes[c.master].Role
		f := finding.Failback{Client: u.Client, VIP: u.VIP, Master: master, Peer: c.peer, From: c.at, To: r.t.End, Open: true, Late: c.late, Began: c.began}
		for _, a := range slices.Backward(u.Answered) {
			if a.To > c.at && slices.Contains(a.By, master) { // the first one is the last to be seen
				f.To, f.Open = max(a.From, c.at), false
			}
		}
		last := before(u.Answered, c.at)
		byOthers := last != nil && !slices.Contains(last.By, master)
		again := slices.ContainsFunc(comebacks[k+1:], func(l comeback) bool { return l.master == c.master && l.at < f.To && (c.began || !l.began) })
		if c.at < u.Since || !byOthers || again || c.began && r.came(u, comebacks[:k], c) {
			continue
		}
		f.Silent = f.Length()
		for _, a := range u.Answered {
			f.Silent -= a.Overlap(f.From, f.To)
		}
		all = append(all, f)
	}
	return all
}

// came says whether the master's network came back before its watcher began, and nobody has had an answer of it since.
func (r *Run) came(u *finding.Use, before []comeback, c comeback) bool {
	for _, b := range slices.Backward(before) {
		if b.master != c.master || b.began {
			continue
		}
		heard := false
		for _, a := range u.Answered {
			heard = heard || slices.Contains(a.By, r.nodes[c.master].Role) && a.From < c.at && b.at < a.To
		}
		if !heard {
			return true
		}
	}
	return false
}
