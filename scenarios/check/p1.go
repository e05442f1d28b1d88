package check

import (
	"net/netip"
	"time"

	"ipwsim/scenarios/facts"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// failoverTime is P1.
func failoverTime(f *facts.Facts) finding.Result {
	if why := unseen(f); why != nil {
		return noData(*why)
	}
	var y tally
	for _, p := range used(f) {
		for i := range p.Outages {
			if o := &p.Outages[i]; o.Kind == finding.FailoverKind {
				judgeFailover(&y, f, p, o)
			}
		}
	}
	y.leaveUnused(f)
	return y.result("p1.none")
}

func judgeFailover(y *tally, f *facts.Facts, p *facts.Pair, o *finding.Outage) {
	b, why := failoverDue(f, p, o)
	out := finding.Note{
		Client: o.Client, VIP: o.VIP, Node: o.Before[0], At: o.From, Until: o.To, Time: o.Length(), Open: o.Open,
		Loss: o.Loss, Cause: &o.Cause, Want: b.Band, Rules: b.Rules, Because: why,
	}
	if !o.Open {
		out.Peer = o.After[0]
	}
	switch {
	case why != nil:
		out.Kind = "p1.left"
		y.leave(out)
	case o.Open && o.Length() <= b.Most:
		out.Kind = "p1.unfinished"
		y.unfinished(out)
	case o.Open:
		out.Kind = "p1.nobody"
		y.fail(out)
	case !b.Holds(o.Length()):
		out.Kind = "p1.late"
		y.fail(out)
	default:
		y.pass()
	}
}

// failoverDue gives the band for the failover, or says why it is not P1's to judge. What comes after the band
// does not count.
func failoverDue(f *facts.Facts, p *facts.Pair, o *finding.Outage) (b facts.Bound, why *finding.Note) {
	if why := beyondGuide(f, p); why != nil {
		return b, why
	}
	lost := o.Before[0]
	taker, b, ready := takerOf(f, p, o)
	due := min(o.To, o.From+b.Most)
	if why := noisySince(f, o.Client, facts.Settling(f.Slowest(o.From)), o.From, due); why != nil {
		return b, why
	}
	depends := map[string][]trace.Part{
		lost:  {trace.PowerPart, trace.RunPart, trace.WatcherPart},
		taker: {trace.PowerPart, trace.RunPart, trace.WatcherPart, trace.EchoPart, trace.PublicPart, trace.NetshPart, trace.AddressPart},
	}
	if why := interference(f, o.From, due, o.Client, o.VIP, depends); why != nil {
		return b, why
	}
	if !ready {
		return b, &finding.Note{Kind: "why.not-ready", Rules: []string{"P4"}}
	}
	if why := foreignSetback(f, o.VIP, o.From, due); why != nil {
		return b, why
	}
	if held := f.Of(lost, o.VIP).Held; held.Touches(o.From, due) && f.Joined[[2]string{lost, taker}].At(o.From) {
		return b, &finding.Note{Kind: "why.still-held", Node: lost, Rules: []string{"H3"}}
	}
	for _, n := range f.Nodes {
		if n.Role != lost && f.Of(n.Role, o.VIP).Held.At(o.From) {
			return b, &finding.Note{Kind: "why.held", Node: n.Role, Rules: []string{"P3"}}
		}
	}
	return b, nil
}

// foreignSetback is the first take-over within the time that somebody who is no node was in the way of, or nil (N7, N8).
func foreignSetback(f *facts.Facts, vip netip.Addr, from, to time.Duration) (why *finding.Note) {
	for _, s := range f.Setbacks {
		within := s.Why == facts.ByForeign && s.VIP == vip && from < s.At && s.At < to
		if within && (why == nil || s.At == why.At && s.Node < why.Node) {
			why = &finding.Note{Kind: "why.foreign", Node: s.Node, Peer: s.Peer, VIP: s.VIP, At: s.At, Rules: []string{s.Rule}}
		}
	}
	return why
}

// takerOf is the node that took over, or while nobody has, one that stands ready, with the band by its settings;
// ready says that it was so all the time that counts.
func takerOf(f *facts.Facts, p *facts.Pair, o *finding.Outage) (taker string, b facts.Bound, ready bool) {
	for i := range f.Nodes {
		n := &f.Nodes[i]
		if !o.Open && n.Role != o.After[0] || n.Role == o.Before[0] {
			continue
		}
		taker, b = n.Role, f.FailoverBound(o, n.Role)
		if p.Ready[i].Covers(o.From, min(o.To, o.From+b.Most)) {
			return taker, b, true
		}
	}
	return taker, b, false
}
