package check

import (
	"cmp"
	"slices"

	"ipwsim/scenarios/facts"
	"ipwsim/sim/finding"
)

// alwaysAnswered is P4.
func alwaysAnswered(f *facts.Facts) finding.Result {
	if why := empty(f); why != nil {
		return noData(*why)
	}
	none := finding.Kind("p4.never-ready")
	var y tally
	for _, p := range used(f) {
		for _, ready := range p.Ready {
			if len(ready) > 0 {
				none = "p4.none"
			}
		}
		judgeNodes(&y, f, p)
		if why := keptOut(f, p.VIP); why != nil {
			y.fail(finding.Note{Kind: "p4.kept-out", Client: p.Use.Client, VIP: p.Use.VIP, Because: why})
		}
	}
	y.leaveUnused(f)
	return y.result(none)
}

// unluckyAtMost is how often a clash with a node that was only taking the VIP too is excused in one outage. Two
// watchers that clash again and again leave the VIP unanswered: a fault.
const unluckyAtMost = 2

// judgeNodes holds each node to its time for taking the VIP while nobody would answer the client, were the ARP
// caches empty. Of several nodes that let the same time pass, the first due is named.
func judgeNodes(y *tally, f *facts.Facts, p *facts.Pair) {
	var bad []finding.Finding
	for i := range f.Nodes {
		foreign := f.Nodes[i].VIPs[p.VIP].Foreign
		for _, s := range p.Ready[i].Without(p.Held).Without(foreign) {
			bad = append(bad, judgeNode(y, f, p, f.Nodes[i].Role, s)...)
		}
	}
	leaveForeign(y, f, p)
	failuresFirst := func(a, b finding.Finding) int { // as "fail" sorts before "inconclusive"
		return cmp.Or(cmp.Compare(a.Verdict, b.Verdict), cmp.Compare(a.At, b.At))
	}
	slices.SortStableFunc(bad, failuresFirst)
	var told facts.Line
	for _, one := range bad {
		if told.Touches(one.At, one.Until) {
			continue
		}
		told = append(told, finding.Span{From: one.At, To: one.Until})
		if one.Verdict == finding.Fail {
			y.fail(one.Note)
		} else {
			y.unfinished(one.Note)
		}
	}
}

// leaveForeign notes when a node saw the VIP answered by somebody who is no node: no watcher takes it then (N7).
func leaveForeign(y *tally, f *facts.Facts, p *facts.Pair) {
	for i := range f.Nodes {
		for _, s := range f.Nodes[i].VIPs[p.VIP].Foreign {
			y.leave(finding.Note{
				Kind: "p4.left", Client: p.Use.Client, Node: f.Nodes[i].Role, VIP: p.Use.VIP, At: s.From, Until: s.To,
				Because: &finding.Note{Kind: "why.foreign-answers", VIP: p.Use.VIP, Rules: []string{"N7"}},
			})
		}
	}
}

// keptOut is why no node ever held the VIP, where somebody who is no node was in the way: the first who was taken for
// its owner, else that one answers for it (N7).
func keptOut(f *facts.Facts, vip int) *finding.Note {
	if f.Held[vip] {
		return nil
	}
	address := f.Header.VIPs[vip].Address
	for _, c := range f.Clashes {
		if c.IP == address && c.By.Foreign() && f.Header.Node(c.Host) != nil {
			return &finding.Note{Kind: finding.Kind("clash." + string(c.By)), Node: c.Host, VIP: c.IP, Peer: c.Whose, At: c.At, Fault: c.Fault}
		}
	}
	if slices.ContainsFunc(f.Nodes, func(n facts.Node) bool { return len(n.VIPs[vip].Foreign) > 0 }) {
		return &finding.Note{Kind: "why.foreign-answers", VIP: address, Rules: []string{"N7"}}
	}
	return nil
}

// judgeNode judges a stretch in which the node was ready and the VIP free, try by try.
func judgeNode(y *tally, f *facts.Facts, p *facts.Pair, node string, s finding.Span) (bad []finding.Finding) {
	parts, whys := tries(f, node, p, s)
	for i, part := range parts {
		if why := noisy(f, p.Use.Client, part.From, part.To); why != nil {
			whys = append(whys, *why)
			continue
		}
		out, inTime := judgeTry(f, p, node, part)
		final := i == len(parts)-1 // the others ended in a setback
		switch {
		case !inTime:
			bad = append(bad, finding.Finding{Note: out, Verdict: finding.Fail})
		case final && part.To < f.End && p.Held.At(part.To):
			y.pass()
		case final && part.To < f.End:
			whys = append(whys, finding.Note{Kind: "why.no-longer"})
		case final && len(whys) == 0:
			bad = append(bad, finding.Finding{Note: out, Verdict: finding.Inconclusive})
		}
	}
	for _, why := range whys {
		y.leave(finding.Note{
			Kind: "p4.left", Client: p.Use.Client, Node: node, VIP: p.Use.VIP, At: s.From, Until: s.To, Because: &why,
		})
	}
	return bad
}

// judgeTry says whether one try of one node is within its time so far, with what to say if not.
func judgeTry(f *facts.Facts, p *facts.Pair, node string, try finding.Span) (finding.Note, bool) {
	b := f.TakeTime(node, try.From, f.Sighting(node, p.Use.VIP, try.From, try.To))
	return finding.Note{
		Kind: "p4.nobody", Client: p.Use.Client, Node: node, VIP: p.Use.VIP, At: try.From, Until: try.To, Time: try.Length(),
		Want: finding.Band{Most: b.Most}, Rules: b.Rules,
	}, try.Length() <= b.Most
}

// tries cuts a stretch at the setbacks that start its time anew, and tells of the excusing ones.
func tries(f *facts.Facts, node string, p *facts.Pair, s finding.Span) (parts []finding.Span, whys []finding.Note) {
	unlucky := 0
	from := s
	for _, b := range f.Setbacks {
		if b.Node != node || b.VIP != p.Use.VIP || b.At < s.From || s.To <= b.At {
			continue
		}
		if b.At == s.From && !b.Excusing { // one that excuses may have ended a moment's holding (H15)
			continue
		}
		if b.Excusing {
			why := finding.Note{Kind: finding.Kind("why." + string(b.Why)), Node: b.Node, Peer: b.Peer, VIP: b.VIP}
			if b.Rule != "" {
				why.Rules = []string{b.Rule}
			}
			if len(whys) == 0 || whys[len(whys)-1].Peer != why.Peer || whys[len(whys)-1].Kind != why.Kind {
				whys = append(whys, why)
			}
		} else if unlucky++; unlucky > unluckyAtMost {
			continue
		}
		if b.At > from.From {
			parts = append(parts, finding.Span{From: from.From, To: b.At})
			from.From = b.At
		}
	}
	return append(parts, from), whys
}
