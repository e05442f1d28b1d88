package check

import (
	"slices"

	"ipwsim/scenarios/facts"
	"ipwsim/sim/finding"
)

// returnedByCycle is P7.
func returnedByCycle(f *facts.Facts) finding.Result {
	if why := unheld(f); why != nil {
		return noData(*why)
	}
	var y tally
	for i := range f.Nodes {
		for j := range f.Nodes {
			if i != j {
				for v := range f.Nodes[i].VIPs {
					judgeWaits(&y, f, f.Nodes[i].Role, f.Nodes[j].Role, &f.Nodes[i].VIPs[v], f.Nodes[j].VIPs[v].Held)
				}
			}
		}
	}
	return y.result("p7.none")
}

// judgeWaits judges the times in which a master waited for a VIP that its slave held and would not hear of.
func judgeWaits(y *tally, f *facts.Facts, master, slave string, own *facts.NodeVIP, slaves facts.Line) {
	for _, s := range own.Awaits {
		if h := f.HeaderAt(s.From); !h.Node(master).Master || h.Node(slave).Master {
			continue
		}
		first := slices.IndexFunc(slaves, func(h finding.Span) bool { return h.Overlap(s.From, s.To) > 0 })
		if first < 0 {
			continue
		}
		s.From = max(s.From, slaves[first].From)
		inVain := slices.IndexFunc(f.Asked, func(r facts.Request) bool {
			return r.Asker == master && r.VIP == own.VIP && r.Failed() && s.From <= r.End && r.End <= s.To && slaves.At(r.End)
		})
		if inVain >= 0 {
			judgeWait(y, f, master, slave, own, s, &f.Asked[inVain])
		}
	}
}

func judgeWait(y *tally, f *facts.Facts, master, slave string, own *facts.NodeVIP, s finding.Span, r *facts.Request) {
	h := f.Slowest(s.From)
	out := finding.Note{
		Kind: "p7.waits", Node: master, Peer: slave, VIP: own.VIP, At: s.From, Until: s.To, Time: s.Length(),
		Want: finding.Band{Most: facts.Cycle(h, h.Node(master), h.Node(slave))}, Rules: []string{"W16", "W18"}, Because: requestFailed(r),
	}
	leave := func(why finding.Note) {
		why.Because, out.Because = out.Because, &why
		out.Kind = "p7.left"
		y.leave(out)
	}
	noise := noisy(f, "", s.From, s.To)
	switch {
	case noise != nil:
		leave(*noise)
	case s.Length() > out.Want.Most:
		y.fail(out)
	case slices.ContainsFunc(own.Held, func(h finding.Span) bool { return h.From == s.To }):
		y.pass()
	case s.To >= f.End:
		y.unfinished(out)
	default:
		leave(finding.Note{Kind: "why.one-lost"})
	}
}
