package facts

import (
	"net/netip"
	"path"
	"slices"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// why is the cause of a copy that is nowhere, or there more than once; nil when nothing explains it. Files that are
// not where the share has put them, or are back, or have lost what was in them, are the share's doing. Of several servers that have it, or one and a
// report, each but the first needs a cause.
func (a *audit) why(f *Facts, q *queued, c *finding.Copy, unheld []finding.Unheld) *finding.Note {
	astray := q.vanished() || q.emptied
	if c.Fate() == finding.Doubled {
		astray = false
		for file := range q.lies { // order: any
			astray = astray || file != q.at && path.Base(file) == q.name
		}
	}
	switch {
	case astray:
		return &finding.Note{Kind: "why.share"}
	case c.InBox+c.Read > 0 || len(c.Sendings) < 2:
		return nil
	}
	var first *finding.Note
	for i := 1; i < len(c.Sendings); i++ {
		why := a.twice(f, c.Sendings[i-1], c.Sendings[i], unheld)
		switch {
		case why == nil, why.Kind == "why.m4":
			return why
		case first == nil:
			first = why
		}
	}
	return first
}

// twice is why a copy went out a second time. Nothing excuses one that its node was not to send (M4).
func (a *audit) twice(f *Facts, one, two finding.Sending, unheld []finding.Unheld) *finding.Note {
	apart := one.Node != two.Node
	for _, s := range []finding.Sending{two, one} {
		if apart && s.Node != "" && !f.keepsToVIP(s.Node) && !f.holdsAt(s.Node, s.At) {
			return &finding.Note{Kind: "why.m4", Node: s.Node, Rules: []string{"M4"}}
		}
	}
	barred := func(s finding.Sending) bool {
		return slices.ContainsFunc(unheld, func(u finding.Unheld) bool {
			return u.At == s.At && u.Node == s.Node && u.Did != finding.Boxed && s.Report == (u.Did == finding.GivenUp)
		})
	}
	switch {
	case barred(one) || barred(two):
		return nil
	case apart && a.thaws(two.Node, one.At, two.At):
		return &finding.Note{Kind: "why.resumed", Node: two.Node}
	case one.Heard > two.At && a.thaws(one.Node, two.At, one.Heard):
		return &finding.Note{Kind: "why.resumed", Node: one.Node}
	case one.Heard == 0 && !one.Report:
		return &finding.Note{Kind: "why.lost-250"}
	}
	if both, ok := f.bothHeld(one, two); ok && apart {
		return &finding.Note{Kind: "why.split", Node: min(one.Node, two.Node), Peer: max(one.Node, two.Node), At: both.From, Until: both.To, Rules: []string{"P3"}}
	}
	for _, s := range []finding.Sending{two, one} {
		if f.keepsToVIP(s.Node) && !f.holdsAt(s.Node, s.At) { // it was on its way
			return &finding.Note{Kind: "why.resumed", Node: s.Node}
		}
	}
	if apart && f.holdsAt(one.Node, two.At) && f.holdsAt(two.Node, two.At) && f.keepsToVIP(one.Node) && f.keepsToVIP(two.Node) {
		return &finding.Note{Kind: "why.both", Node: min(one.Node, two.Node), Peer: max(one.Node, two.Node), Rules: []string{"M4"}}
	}
	if apart && f.holdsAt(two.Node, two.At) || !apart && a.breaks(f, one.Node, one.At, two.At) {
		return &finding.Note{Kind: "why.not-removed", Node: one.Node}
	}
	return nil
}

// thaws says whether the machine went on after having been frozen, between the two times.
func (a *audit) thaws(host string, from, to time.Duration) bool {
	all := a.powers[host]
	for i := 1; i < len(all); i++ {
		if p := all[i]; p.state == trace.On && all[i-1].state == trace.Frozen && from < p.at && p.at <= to {
			return true
		}
	}
	return false
}

// breaks says whether the node was off, or its mail services had ended, between the two times: what they were doing with
// the share then may have been done after they were gone.
func (a *audit) breaks(f *Facts, node string, from, to time.Duration) bool {
	all := a.powers[node]
	for i, p := range all {
		if p.state == trace.Off && p.at <= to && (i == len(all)-1 || from <= all[i+1].at) {
			return true
		}
	}
	return slices.ContainsFunc(f.Faults, func(o finding.Fault) bool {
		return o.Breaks && from <= o.Until && o.At <= to && slices.ContainsFunc(o.Touches, func(t trace.Touch) bool { return t.Part == trace.MailPart && t.Of == node })
	})
}

// nodeAt is the node with the address: its own, or a VIP that it holds at the time; "" if there is none.
func (f *Facts) nodeAt(ip netip.Addr, at time.Duration) string {
	for i := range f.Nodes {
		n := &f.Nodes[i]
		if n.Address.Addr() == ip || slices.ContainsFunc(n.VIPs, func(v NodeVIP) bool { return v.VIP == ip && f.stood(v.Held, at) }) {
			return n.Role
		}
	}
	return ""
}

// stood says whether it was so at the time; what is so at the run's end is so at its last instant.
func (f *Facts) stood(l Line, at time.Duration) bool {
	return slices.ContainsFunc(l, func(s finding.Span) bool { return s.From <= at && (at < s.To || at == f.End && s.To == f.End) })
}

// keepsToVIP says whether the node's EPSTDS works only while the node holds a VIP (M4).
func (f *Facts) keepsToVIP(role string) bool {
	n := f.Header.Node(role)
	return n != nil && slices.ContainsFunc(f.Header.VIPs, func(v trace.VIP) bool { return v.Address == n.LogicalIP })
}

// held are the lines of a node's VIPs.
func (f *Facts) held(role string) (all []Line) {
	for i := range f.Nodes {
		if f.Nodes[i].Role != role {
			continue
		}
		for _, v := range f.Nodes[i].VIPs {
			all = append(all, v.Held)
		}
	}
	return all
}

// holdsAt says whether the node holds a VIP at the time.
func (f *Facts) holdsAt(role string, at time.Duration) bool {
	return slices.ContainsFunc(f.held(role), func(l Line) bool { return f.stood(l, at) })
}

// bothHeld is when both nodes held one VIP, around one of the sendings.
func (f *Facts) bothHeld(one, two finding.Sending) (finding.Span, bool) {
	ours, theirs := f.held(one.Node), f.held(two.Node)
	for v := range min(len(ours), len(theirs)) {
		for _, s := range ours[v] {
			for _, o := range theirs[v] {
				both := finding.Span{From: max(s.From, o.From), To: min(s.To, o.To)}
				meanwhile := func(at time.Duration) bool { return both.From <= at && at <= both.To+Latency }
				if both.From < both.To && (meanwhile(one.At) || meanwhile(two.At)) {
					return both, true
				}
			}
		}
	}
	return finding.Span{}, false
}
