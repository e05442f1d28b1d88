package check

import (
	"time"

	"ipwsim/scenarios/facts"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// oneHolder is P3. A split brain is a fault only if it lasts while the network stays as it is for longer than
// the watchers need to settle it.
func oneHolder(f *facts.Facts) finding.Result {
	if why := unheld(f); why != nil {
		return noData(*why)
	}
	var y tally
	y.pass() // the time without any split brain
	for _, d := range f.Duals {
		for _, part := range split(finding.Span{From: d.From, To: d.To}, f.Changes) {
			judgeDual(&y, f, d, part)
		}
	}
	return y.result("")
}

// split cuts the span at the times, which are sorted, that lie inside it.
func split(s finding.Span, at []time.Duration) []finding.Span {
	var parts []finding.Span
	for _, cut := range at {
		if s.From < cut && cut < s.To {
			parts = append(parts, finding.Span{From: s.From, To: cut})
			s.From = cut
		}
	}
	return append(parts, s)
}

func judgeDual(y *tally, f *facts.Facts, d finding.Dual, part finding.Span) {
	h := f.Slowest(part.From)
	limit := facts.Settling(h)
	out := finding.Note{
		Kind: "p3.both", Node: d.Nodes[0], Peer: d.Nodes[1], VIP: d.VIP, At: part.From, Until: part.To, Time: part.Length(),
		Rules: settles(h),
	}
	other := h.Node(d.Nodes[0]).Watcher != nil
	if !other && h.Node(d.Nodes[0]).Master == h.Node(d.Nodes[1]).Master {
		out.Rules = []string{"W21"} // without one master nobody asks
	}
	whole, deaf := part.Length(), (*finding.Note)(nil)
	if !other {
		whole, deaf = heard(f, d, part)
	}
	if deaf != nil {
		limit, out.Rules, out.Because = max(limit, slaveCycle(h, d.Nodes)), []string{"W18"}, deaf
	}
	out.Want.Most = limit
	noise := noisy(f, "", part.From, part.To)
	switch {
	case noise != nil:
		out.Kind, out.Because = "p3.left", noise
		y.leave(out)
	case part.Length() > limit || whole > facts.Settling(h):
		y.fail(out)
	case d.Open && part.To == d.To:
		y.unfinished(out)
	case part.Length() > facts.Settling(h):
		y.leave(out)
	default:
		y.pass()
	}
}

// settles is the rule by which one of two holders gives way.
func settles(h *trace.Header) []string {
	if h.Nodes[0].Watcher != nil {
		return []string{"V3"}
	}
	return []string{"W17"}
}

// heard gives the longest time in which a master's assertion would have been heard (W17), so far as its requests
// show, and why it was not heard all the time.
func heard(f *facts.Facts, d finding.Dual, part finding.Span) (longest time.Duration, why *finding.Note) {
	from, h := part.From, f.HeaderAt(part.From)
	for i, asker := range d.Nodes {
		if !h.Node(asker).Master || h.Node(d.Nodes[1-i]).Master {
			continue // asks nobody, or is refused (W21)
		}
		if shut := shutPipe(f, d.Nodes[1-i], part.From, part.To); shut != nil {
			return 0, shut
		}
		for j := range f.Asked {
			r := &f.Asked[j]
			if r.Asker != asker || r.VIP != d.VIP || r.Begun >= part.To || r.End <= part.From {
				continue
			}
			if r.Failed() {
				why = requestFailed(r)
			} else if missed := missed(f, d.Nodes, r); missed != nil {
				why = missed
			}
			if why != nil { // what kept one from being heard may have held up the next
				longest, from = max(longest, r.Begun-from), r.End
			}
		}
	}
	return max(longest, part.To-from), why
}

// missed says which of the nodes' ARP caches led what belonged to a request to a card that its peer had left, or nil.
func missed(f *facts.Facts, nodes [2]string, r *facts.Request) *finding.Note {
	for _, role := range nodes {
		if n := f.Node(role); n != nil && n.Missed.Touches(r.Begun, r.End) {
			return &finding.Note{Kind: "why.missed", Node: role, At: r.Begun, Rules: []string{"N3", "H18"}}
		}
	}
	return nil
}

// slaveCycle is the longest that a slave among the nodes keeps a VIP unasked (W18).
func slaveCycle(h *trace.Header, roles [2]string) (most time.Duration) {
	for _, role := range roles {
		if n := h.Node(role); !n.Master {
			most = max(most, n.ReleaseTime+facts.NetshTime(h, n)+facts.Latency)
		}
	}
	return most
}
