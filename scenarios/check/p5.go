package check

import (
	"slices"

	"ipwsim/scenarios/facts"
	"ipwsim/sim/finding"
)

// mailOnce is P5.
func mailOnce(f *facts.Facts) finding.Result {
	m := f.Mail
	switch {
	case len(f.Header.Nodes) == 0:
		return noData(finding.Note{Kind: "missing.node"})
	case m == nil || len(m.Copies) == 0 && len(m.Told) == 0:
		return (&tally{}).result("p5.none")
	case !m.Audited:
		return noData(finding.Note{Kind: "missing.audit"})
	}
	var y tally
	for i := range m.Copies {
		judgeCopy(&y, f, &m.Copies[i])
	}
	judgeTold(&y, f, m)
	if m.Again > 0 {
		y.leave(finding.Note{Kind: "p5.again", N: m.Again})
	}
	return y.result("")
}

// judgeCopy wants one fate for each copy.
func judgeCopy(y *tally, f *facts.Facts, c *finding.Copy) {
	out := finding.Note{At: c.Accepted, Until: f.End, Node: c.Node, Text: c.Name(), Client: c.To, Rules: []string{"M6"}}
	switch c.Fate() {
	case finding.Lost:
		out.Kind = "p5.lost"
		y.fail(out)
	case finding.Doubled:
		out.Parts = places(c)
		if why := excuse(f, c); why != nil {
			out.Kind, out.Because = "p5.left", why
			y.leave(out)
			return
		}
		out.Kind = "p5.doubled"
		y.fail(out)
	default:
		y.pass()
	}
}

// places are where a copy is, and how often.
func places(c *finding.Copy) (all []finding.Note) {
	for _, one := range []struct {
		n    int
		kind finding.Kind
	}{{c.InBox, "copy.box"}, {c.Taken, "copy.taken"}, {c.Bounced, "copy.bounced"}, {c.Queued, "copy.queued"}} {
		if one.n > 0 {
			all = append(all, finding.Note{Kind: one.kind, N: one.n})
		}
	}
	return all
}

// judgeTold wants an acceptance behind each 250 that a client got.
func judgeTold(y *tally, f *facts.Facts, m *finding.Mail) {
	accepted := map[string]bool{}
	for _, c := range m.Copies {
		accepted[c.MessageID] = true
	}
	for _, d := range m.Told {
		if accepted[d.MessageID] {
			y.pass()
			continue
		}
		y.fail(finding.Note{Kind: "p5.told", Client: d.Client, At: d.At, Until: f.End, Text: d.MessageID, Rules: []string{"M6"}})
	}
}

// excuse says why a copy may be there more than once, or nil. One whose 250 EPSTDS did not get is sent again,
// also after a failover: SMTP's own nature. While two nodes held the VIP, each had its LogicalIP (M4), so that
// both delivered.
func excuse(f *facts.Facts, c *finding.Copy) *finding.Note {
	doubled := max(0, c.InBox-1) + c.Bounced + min(c.InBox, c.Queued)
	switch {
	case doubled > 0:
		return nil
	case len(c.Relays) < c.Taken || c.Queued > 0 && len(c.Relays) == 0:
		return &finding.Note{Kind: "why.lost-250"}
	}
	relayed := func(node string) bool {
		return slices.ContainsFunc(c.Relays, func(r finding.Relay) bool { return r.Node == node })
	}
	for _, d := range f.Duals {
		meanwhile := func(r finding.Relay) bool { return d.From <= r.At && r.At <= d.To+facts.Latency }
		if relayed(d.Nodes[0]) && relayed(d.Nodes[1]) && slices.ContainsFunc(c.Relays, meanwhile) {
			return &finding.Note{Kind: "why.split", Node: d.Nodes[0], Peer: d.Nodes[1], At: d.From, Until: d.To, Rules: []string{"P3"}}
		}
	}
	return nil
}
