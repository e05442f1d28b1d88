package check

import (
	"slices"
	"time"

	"ipwsim/scenarios/facts"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// nobodyWaits is P8: what a user feels. While some node stands ready for a client, the client is not silent, and
// not answered by the wrong node, for longer than the settings explain.
func nobodyWaits(f *facts.Facts) finding.Result {
	if why := unseen(f); why != nil {
		return noData(*why)
	}
	var y tally
	for _, p := range used(f) {
		var able facts.Line
		for _, ready := range p.Ready {
			able = able.Join(ready)
		}
		if len(p.Outages) == 0 && len(p.Answered) > 0 {
			y.pass() // it never waited
		}
		for i := range p.Outages {
			o := &p.Outages[i]
			for _, s := range able.Within(o.From, o.To).Without(explained(p)) {
				for i, part := range split(s, clashes(f, p, s)) {
					judgeSilence(&y, f, p, o, part, i == 0)
				}
			}
			leaveExplained(&y, o)
		}
		judgeRepeated(&y, f, p)
		judgeWrongNode(&y, f, p)
	}
	y.leaveUnused(f)
	return y.result("p8.none")
}

// judgeRepeated judges silences that come again and again because nobody's answer to the client's ARP requests arrives:
// each ends in a moment's hope, with the next request, and together they are one.
func judgeRepeated(y *tally, f *facts.Facts, p *facts.Pair) {
	const moment = time.Second + facts.Latency
	for rest := p.Outages; len(rest) > 0; {
		n, sum, most := 0, time.Duration(0), facts.Settling(f.Slowest(rest[0].From))
		for n < len(rest) && unheard(&rest[n]) && (n == 0 || rest[n].From-rest[n-1].To <= moment) {
			sum += rest[n].Length()
			n++
		}
		if n > 1 && sum > most {
			first, last := &rest[0], &rest[n-1]
			out := finding.Note{
				Kind: "p8.again", Client: first.Client, VIP: first.VIP, At: first.From, Until: last.To, Time: sum, N: n,
				Want: finding.Band{Most: most}, What: finding.NoEntry, Cause: &first.Cause,
			}
			if noise := noisy(f, out.Client, out.At, out.Until); noise != nil {
				out.Kind, out.Because = "p8.left", noise
				y.leave(out)
			} else {
				y.fail(out)
			}
		}
		rest = rest[max(n, 1):]
	}
}

// unheard says whether nothing but unanswered ARP requests made the silence.
func unheard(o *finding.Outage) bool {
	return !slices.ContainsFunc(o.Parts, func(p finding.Part) bool { return p.What != finding.NoEntry && p.Time > facts.Latency })
}

// excusing are obstacles that say nothing of the cluster: the client waits by its own doing, or for an answer that
// a firewall or a rule drops (H8, H16).
var excusing = []finding.Obstacle{finding.ClientDown, finding.Public, finding.Blocked, finding.Filtered}

// explained is when one of those stands in the way.
func explained(p *facts.Pair) (line facts.Line) {
	for _, s := range p.Silent {
		if slices.Contains(excusing, s.What) {
			line = append(line, finding.Span{From: s.From, To: s.To})
		}
	}
	return line
}

func leaveExplained(y *tally, o *finding.Outage) {
	for _, part := range o.Parts {
		if slices.Contains(excusing, part.What) {
			y.leave(finding.Note{Kind: "p8.explained", Client: o.Client, VIP: o.VIP, At: o.From, Until: o.To, Time: part.Time, What: part.What})
		}
	}
}

// clashes are when, in the stretch, a node gave up to take the VIP because another one was taking it too: its time
// begins anew then, as often as P4 excuses it.
func clashes(f *facts.Facts, p *facts.Pair, s finding.Span) (all []time.Duration) {
	for _, b := range f.Setbacks {
		if b.VIP == p.Use.VIP && !b.Excusing && s.From < b.At && b.At < s.To && len(all) < unluckyAtMost {
			all = append(all, b.At)
		}
	}
	return all
}

// judgeSilence judges a stretch of an outage in which some node stood ready; first says that it is the outage's first.
func judgeSilence(y *tally, f *facts.Facts, p *facts.Pair, o *finding.Outage, s finding.Span, first bool) {
	out := finding.Note{
		Client: o.Client, VIP: o.VIP, At: s.From, Until: s.To, Time: s.Length(), Open: o.Open && s.To >= f.End, Cause: &o.Cause,
		What: unusual(p, s), Rules: []string{"W14"},
	}
	back := first && o.Cause.Kind == finding.ByGiveBack && !hindered(f, o, s)
	if back {
		out.Rules = []string{"W17"}
	}
	if f.Header.Nodes[0].Watcher != nil {
		out.Rules = []string{"V2", "V3"}
	}
	out.Want.Most = switchMost(f, p, o, s, back)
	if misled(p, s) > facts.Latency {
		extra, why := cured(f, p, o, s, min(s.To, s.From+out.Want.Most))
		if extra > 0 && back {
			out.Want.Most = switchMost(f, p, o, s, false) // the maker promises no more of a failback with the cure [G A]
		}
		out.Want.Most += extra
		out.Because, out.Rules = why, append(out.Rules, "H11")
	}
	if out.Because == nil {
		out.Because = foreignSetback(f, o.VIP, s.From, s.To)
	}
	noise := noisy(f, o.Client, s.From, min(s.To, s.From+out.Want.Most))
	switch {
	case noise != nil:
		out.Kind, out.Because = "p8.left", noise
		y.leave(out)
	case s.Length() > out.Want.Most:
		out.Kind = "p8.waits"
		y.fail(out)
	case out.Open:
		out.Kind = "p8.unfinished"
		y.unfinished(out)
	default:
		y.pass()
	}
}

// hindered says whether a fault came while the VIP went back to the peer that asked for it: it may have to be taken
// anew then.
func hindered(f *facts.Facts, o *finding.Outage, s finding.Span) bool {
	all := map[string][]trace.Part{}
	for _, n := range f.Nodes {
		all[n.Role] = []trace.Part{trace.PowerPart, trace.RunPart, trace.WatcherPart, trace.EchoPart, trace.PublicPart, trace.NetshPart, trace.PipePart}
	}
	return interference(f, o.Cause.At-1, s.From+facts.GuideFailback.Most, o.Client, o.VIP, all) != nil
}

// switchMost is the most that a failback may take, where the VIP goes back to the peer that asked for it; else that
// one of the nodes that stand ready may take to have the VIP, or where none of them stays, one that comes meanwhile.
func switchMost(f *facts.Facts, p *facts.Pair, o *finding.Outage, s finding.Span, back bool) (most time.Duration) {
	if back {
		for i := range f.Nodes {
			if n := f.Nodes[i].Node; n.Role != o.Before[0] {
				most = max(most, f.FailbackBound(&finding.Failback{Master: n.Role, Peer: o.Before[0], To: s.To}).Most)
			}
		}
		return most
	}
	if f.AsGuide(s.From) {
		most = facts.GuideFailover.Most // and of a failback with the cure [G 15, G A]
	}
	var dues []time.Duration // of each that stays until then
	for i := range f.Nodes {
		for _, ready := range p.Ready[i].Within(s.From, s.To) {
			most = max(most, takeMost(f, p, i, s.From))
			if due := ready.From + takeMost(f, p, i, ready.From); ready.To >= min(due, s.To) {
				dues = append(dues, due-s.From)
			}
		}
	}
	if len(dues) > 0 {
		most = max(most, slices.Min(dues))
	}
	return most
}

// takeMost is the most that the i-th node may take to have the VIP from then on, by what it has read and seen by then.
func takeMost(f *facts.Facts, p *facts.Pair, i int, at time.Duration) time.Duration {
	role := f.Nodes[i].Role
	return f.TakeTime(role, at, f.Sighting(role, p.Use.VIP, at, at)).Most
}

// unusual is the obstacle that tells most about the stretch.
func unusual(p *facts.Pair, s finding.Span) finding.Obstacle {
	sums := map[finding.Obstacle]time.Duration{}
	for _, one := range p.Silent {
		sums[one.What] += max(0, min(one.To, s.To)-max(one.From, s.From))
	}
	var parts []finding.Part
	for _, what := range finding.Obstacles {
		parts = append(parts, finding.Part{What: what, Time: sums[what]})
	}
	return finding.Telling(parts).What
}

// misled is how long in the stretch an ARP entry led past the holder.
func misled(p *facts.Pair, s finding.Span) (sum time.Duration) {
	for _, one := range p.Silent {
		if one.What == finding.WrongCache || one.What == finding.RouterCache || one.What == finding.WayBack {
			sum += max(0, min(one.To, s.To)-max(one.From, s.From))
		}
	}
	return sum
}

// cured is how much longer the guide's cure may take to heal the ARP entries on the client's way, where it is
// installed on a node that held the VIP meanwhile and could serve the client; and else why it does not. A node that held
// it from the outage's cause until it was due writes no event 100, so nothing starts the cure (W22, V1).
func cured(f *facts.Facts, p *facts.Pair, o *finding.Outage, s finding.Span, due time.Duration) (extra time.Duration, why *finding.Note) {
	since := min(o.From, o.Cause.At)
	for i := range f.Nodes {
		n := f.Nodes[i].Node
		if !f.Nodes[i].VIPs[p.VIP].Held.Touches(s.From, s.To) || !p.Ready[i].Touches(s.From, s.To) {
			continue
		}
		took, healing := f.CureTime(p, n)
		switch {
		case f.Nodes[i].VIPs[p.VIP].Held.Covers(since, due) && !ran(f, n, s):
			why = heldOn(n)
		case len(n.Cure) == 0:
			why = &finding.Note{Kind: "why.no-cure", Node: n.Role}
		case healing == facts.TooEarly:
			why = &finding.Note{Kind: "why.too-early", Node: n.Role, Client: p.Client.Name, Rules: []string{"H3", "H11"}}
		case healing == facts.NotListed:
			why = &finding.Note{Kind: "why.not-listed", Node: n.Role, Client: p.Client.Name}
		case n.CureKeep:
			why = &finding.Note{Kind: "why.cure-keeps", Node: n.Role, Rules: []string{"H10", "H11"}}
			extra = max(extra, took)
		case skipped(f, n, s):
			why = &finding.Note{Kind: "why.skipped", Node: n.Role, Rules: []string{"H10"}}
			extra = max(extra, took)
		default:
			why = &finding.Note{Kind: "why.cure-late", Node: n.Role}
			extra = max(extra, took)
		}
	}
	return extra, why
}

// heldOn is why a node writes no event 100 that has held the VIP all along.
func heldOn(n *trace.Node) *finding.Note {
	if n.Watcher != nil {
		return &finding.Note{Kind: "why.held-on-vrrp", Node: n.Role, Rules: []string{"V1", "V3"}}
	}
	return &finding.Note{Kind: "why.held-on", Node: n.Role, Rules: []string{"W22"}}
}

// ran says whether the node's batch was started in the stretch.
func ran(f *facts.Facts, n *trace.Node, s finding.Span) bool {
	return slices.ContainsFunc(f.Tasks, func(t finding.Task) bool {
		return t.Host == n.Role && t.State == trace.TaskStarted && s.From <= t.At && t.At <= s.To
	})
}

// skipped says whether Task Scheduler did not run the node's batch for an event of the stretch.
func skipped(f *facts.Facts, n *trace.Node, s finding.Span) bool {
	return slices.ContainsFunc(f.Tasks, func(t finding.Task) bool {
		return t.Host == n.Role && t.State == trace.TaskSkipped && t.Trigger != trace.TriggerStartup && s.From <= t.At && t.At <= s.To
	})
}

// judgeWrongNode judges the times in which two nodes held the VIP, and the one that answered the client was not
// the master.
func judgeWrongNode(y *tally, f *facts.Facts, p *facts.Pair) {
	for _, d := range f.Duals {
		if d.VIP != p.Use.VIP {
			continue
		}
		for _, s := range p.Answered {
			from, to := max(s.From, d.From), min(s.To, d.To)
			h := f.Slowest(from)
			if len(s.By) != 1 || h.Node(s.By[0]).Master || h.Node(d.Nodes[0]).Master == h.Node(d.Nodes[1]).Master || to-from <= facts.Settling(h) {
				continue
			}
			out := finding.Note{
				Kind: "p8.wrong-node", Client: p.Use.Client, VIP: d.VIP, Node: s.By[0], At: from, Until: to, Time: to - from,
				Want: finding.Band{Most: facts.Settling(h)}, Rules: settles(h),
			}
			if noise := noisy(f, p.Use.Client, from, to); noise != nil {
				out.Kind, out.Because = "p8.left", noise
				y.leave(out)
			} else {
				y.fail(out)
			}
		}
	}
}
