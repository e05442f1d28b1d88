package naive

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

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
		r.again(&c, u)
		r.wrongNode(&c, u)
	}
	c.leaveUnused(r)
	return c.result("p8.none")
}

// again judges silences for lack of an ARP answer that follow each other within a second: as one.
func (r *Run) again(c *cases, u *finding.Use) {
	var row []finding.Outage
	end := func() {
		var sum time.Duration
		for _, o := range row {
			sum += o.Length()
		}
		if len(row) > 1 && sum > r.settling(row[0].From) {
			n := finding.Note{
				Kind: "p8.again", Client: u.Client, VIP: u.VIP, At: row[0].From, Until: row[len(row)-1].To, Time: sum, N: len(row),
				Want: finding.Band{Most: r.settling(row[0].From)}, What: finding.NoEntry,
			}
			if noise := r.noisy(u.Client, n.At, n.Until); noise != nil {
				n.Kind = "p8.left"
				c.leave(n, noise)
			} else {
				c.fail(n)
			}
		}
		row = nil
	}
	for _, o := range u.Outages {
		if len(row) > 0 && o.From-row[len(row)-1].To > time.Second+latency {
			end()
		}
		if slices.ContainsFunc(o.Parts, func(p finding.Part) bool { return p.Time > latency && p.What != finding.NoEntry }) {
			end()
			continue
		}
		row = append(row, o)
	}
	end()
}

// excuses are obstacles that say nothing of the cluster.
var excuses = []finding.Obstacle{finding.ClientDown, finding.Public, finding.Blocked, finding.Filtered}

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
		from := s.From
		for _, cut := range append(r.clashes(u.VIP, s), s.To) {
			if from < cut {
				r.silent(c, o, client, v, finding.Span{From: from, To: cut}, from == s.From)
				from = cut
			}
		}
	}
	for _, part := range o.Parts {
		if slices.Contains(excuses, part.What) {
			c.leave(finding.Note{Kind: "p8.explained", Client: o.Client, VIP: o.VIP, At: o.From, Until: o.To, Time: part.Time, What: part.What}, nil)
		}
	}
}

// clashes are the first two times inside a stretch at which nodes that were taking the VIP gave up because of each other.
func (r *Run) clashes(vip netip.Addr, s finding.Span) (all []time.Duration) {
	for _, n := range r.nodes {
		for _, b := range r.setbacks(n.Role, vip) {
			if b.kind == "why.clashed" && s.From < b.at && b.at < s.To {
				all = append(all, b.at)
			}
		}
	}
	slices.Sort(all)
	return all[:min(len(all), 2)]
}

func (r *Run) silent(c *cases, o *finding.Outage, client, v int, s finding.Span, first bool) {
	n := finding.Note{Client: o.Client, VIP: o.VIP, At: s.From, Until: s.To, Time: s.Length(), Open: o.Open && s.To >= r.t.End}
	var sums = map[finding.Obstacle]time.Duration{}
	for _, p := range r.between(s.From, s.To, r.netshTurns(o)...) {
		sums[r.told(o, p.from, p.pairs[client][v].what)] += p.length()
	}
	n.What = unusual(sums)
	n.Want.Most = r.takeMost(o, client, v, s)
	givenBack := first && o.Cause.Kind == finding.ByGiveBack && !r.hindered(o, s)
	if givenBack {
		n.Want.Most = r.giveBackMost(o, s.To)
	}
	if sums[finding.WrongCache]+sums[finding.RouterCache]+sums[finding.WayBack] > latency {
		extra, why := r.cure(o, client, v, s, min(s.To, s.From+n.Want.Most))
		if givenBack && extra > 0 { // the maker promises of a failback with the cure what it does of a failover
			n.Want.Most = r.takeMost(o, client, v, s)
		}
		n.Want.Most += extra
		n.Because = why
	}
	if n.Because == nil {
		n.Because = r.alienSetback(o.VIP, s.From, s.To)
	}
	noise := r.noisy(o.Client, s.From, min(s.To, s.From+n.Want.Most))
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

// unusual is the obstacle that filled most of the time, of those that not every failover has if one of them filled a
// tenth of it, and more than the latency.
func unusual(sums map[finding.Obstacle]time.Duration) (what finding.Obstacle) {
	usual := []finding.Obstacle{finding.Counting, finding.Awaiting, finding.Detection}
	if sums[finding.Netsh] <= 10*time.Second { // more is no command that works
		usual = append(usual, finding.Netsh)
	}
	var all time.Duration
	for _, d := range sums {
		all += d
	}
	most := func(so func(finding.Obstacle) bool) (what finding.Obstacle) {
		for _, o := range finding.Obstacles {
			if so(o) && sums[o] > sums[what] {
				what = o
			}
		}
		return what
	}
	strange := most(func(o finding.Obstacle) bool { return !slices.Contains(usual, o) && sums[o] > latency })
	if strange != "" && sums[strange] >= all/10 {
		return strange
	}
	return most(func(finding.Obstacle) bool { return true })
}

// takeMost is the most that one of the nodes that are ready at some time may take to have the VIP. One that begins to be
// ready meanwhile has its own time from there, if no other that is ready for its whole time was to take it sooner.
func (r *Run) takeMost(o *finding.Outage, client, v int, s finding.Span) (most time.Duration) {
	if r.asGuide(s.From) {
		most = 40 * time.Second
	}
	var latest []time.Duration // of each that is ready until then
	for i, n := range r.nodes {
		by := func(at time.Duration) time.Duration { return at + r.takeTime(n, at, r.sighting(n, o.VIP, at, at)).Most }
		for _, ready := range r.when(func(m *moment) bool { return m.pairs[client][v].ready[i] }) {
			from, to := max(ready.From, s.From), min(ready.To, s.To)
			if from >= to {
				continue
			}
			most = max(most, by(s.From)-s.From)
			if to == s.To || by(from) <= to {
				latest = append(latest, by(from)-s.From)
			}
		}
	}
	if slices.Sort(latest); len(latest) > 0 {
		most = max(most, latest[0])
	}
	return most
}

// hindered says whether a fault came from the give-back on, until a failback would be over.
func (r *Run) hindered(o *finding.Outage, s finding.Span) bool {
	parts := map[string][]trace.Part{}
	for _, n := range r.nodes {
		parts[n.Role] = []trace.Part{trace.PowerPart, trace.RunPart, trace.WatcherPart, trace.EchoPart, trace.PublicPart, trace.NetshPart, trace.PipePart}
	}
	return r.interference(o.Cause.At-1, s.From+10*time.Second, o.Client, o.VIP, parts) != nil
}

// giveBackMost is the most that the failback to any peer of the node that gave the VIP up may take.
func (r *Run) giveBackMost(o *finding.Outage, to time.Duration) (most time.Duration) {
	for _, n := range r.nodes {
		if n.Role != o.Before[0] {
			most = max(most, r.failbackBand(&finding.Failback{Master: n.Role, Peer: o.Before[0], To: to}).Most)
		}
	}
	return most
}

// cure is how much longer the cure may take, where a node that held the VIP, and could serve this client, has one that
// heals it, and else why it does not: one that held it ever since the outage's cause writes no event 100.
func (r *Run) cure(o *finding.Outage, client, v int, s finding.Span, due time.Duration) (extra time.Duration, why *finding.Note) {
	for i, n := range r.nodes {
		if !r.ever(s.From, s.To, func(m *moment) bool { return m.copies[i][v].holds }) ||
			!r.ever(s.From, s.To, func(m *moment) bool { return m.pairs[client][v].ready[i] }) {
			continue
		}
		if r.always(min(o.From, o.Cause.At), due, func(m *moment) bool { return m.copies[i][v].holds }) && len(r.tasks(n.Role, trace.TaskStarted, s)) == 0 {
			why = &finding.Note{Kind: "why.held-on", Node: n.Role}
			if n.Watcher != nil {
				why.Kind = "why.held-on-vrrp"
			}
			continue
		}
		took, early := cureTime(n, &r.h.Clients[client], o.VIP)
		slow, _ := r.drift(n.Role, len(r.t.Records))
		extra = max(extra, counted(took, slow))
		switch {
		case len(n.Cure) == 0:
			why = &finding.Note{Kind: "why.no-cure", Node: n.Role}
		case early:
			why = &finding.Note{Kind: "why.too-early", Node: n.Role, Client: o.Client}
		case took == 0:
			why = &finding.Note{Kind: "why.not-listed", Node: n.Role, Client: o.Client}
		case n.CureKeep:
			why = &finding.Note{Kind: "why.cure-keeps", Node: n.Role}
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
		if d.VIP != u.VIP {
			continue
		}
		for _, a := range u.Answered {
			from, to := max(a.From, d.From), min(a.To, d.To)
			master := func(role string) bool { return r.setting(role, from).Master }
			if len(a.By) > 1 || master(a.By[0]) || master(d.Nodes[0]) == master(d.Nodes[1]) || to-from <= r.settling(from) {
				continue
			}
			n := finding.Note{
				Kind: "p8.wrong-node", Client: u.Client, VIP: u.VIP, Node: a.By[0], At: from, Until: to, Time: to - from,
				Want: finding.Band{Most: r.settling(from)},
			}
			if noise := r.noisy(u.Client, from, to); noise != nil {
				n.Kind = "p8.left"
				c.leave(n, noise)
			} else {
				c.fail(n)
			}
		}
	}
}
