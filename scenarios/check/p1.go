package check

import (
	"fmt"
	"slices"

	"ipwsim/sim/trace"
)

// failoverTime is P1.
func failoverTime(t *trace.Trace) Result {
	if why := unseen(t); why != "" {
		return noData(why)
	}
	v := newViews(t)
	past := newHistory(t)
	var y tally
	for _, f := range Failovers(t) {
		judgeFailover(&y, t, v, past, f)
	}
	return y.result("no client lost the node that answered and waited for another: no failover happened")
}

func judgeFailover(y *tally, t *trace.Trace, v *views, past *history, f Failover) {
	out := Finding{At: f.From, Until: f.To, Host: f.Client, VIP: f.VIP}
	b, why := failoverDue(t, v, past, f)
	if why != "" {
		out.Sentence = fmt.Sprintf("P1 leaves the failover of %s for client %s at %s: %s", f.VIP, f.Client, secs(f.From), why)
		y.leave(out)
		return
	}
	expected := fmt.Sprintf("P1: after the loss of %s (%s; %s) client %s should see %s answered by another node in %s",
		f.Lost, f.Loss, f.Cause, f.Client, f.VIP, b)
	switch {
	case f.Open && f.Length() <= b.hi:
		out.Sentence = fmt.Sprintf("%s; the trace ends after %s without an answer", expected, secs(f.Length()))
		y.unfinished(out)
	case f.Open:
		out.Sentence = fmt.Sprintf("%s; nobody has answered for %s", expected, secs(f.Length()))
		y.fail(out)
	case !b.contains(f.Length()):
		out.Sentence = fmt.Sprintf("%s; %s answered after %s", expected, f.Taker, secs(f.Length()))
		y.fail(out)
	default:
		y.pass()
	}
}

// failoverDue gives the band for the failover, or says why it is not P1's to judge. What comes
// after the band does not count.
func failoverDue(t *trace.Trace, v *views, past *history, f Failover) (b band, why string) {
	if why := vendorProfiles(&t.Header, f.Client, f.VIP); why != "" {
		return b, why
	}
	b, ready := v.takerBand(t, f)
	if why := disturbed(v.noise, f.From-settling(&t.Header), min(f.To, f.From+b.hi)); why != "" {
		return b, why
	}
	if other, ok := past.within(f.From, min(f.To, f.From+b.hi)); ok {
		return b, fmt.Sprintf("another fault came before its end: %s", other)
	}
	if !ready {
		return b, "no other node stood ready for the client all the time (P4)"
	}
	if touched(v.held[nodeVIP{f.Lost, f.VIP}], f.From, min(f.To, f.From+b.hi)) && v.defended(t, f) {
		return b, fmt.Sprintf("%s still holds it and defends it, unheard by the client (H3)", f.Lost)
	}
	for _, n := range t.Header.Nodes {
		if n.Role != f.Lost && during(v.held[nodeVIP{n.Role, f.VIP}], f.From) {
			return b, fmt.Sprintf("%s held it already (P3)", n.Role)
		}
	}
	return b, ""
}

// defended says whether the node that was lost to the client is still within another node's reach.
func (v *views) defended(t *trace.Trace, f Failover) bool {
	return slices.ContainsFunc(t.Header.Nodes, func(n trace.Node) bool {
		return n.Role != f.Lost && during(v.joins[[2]string{f.Lost, n.Role}], f.From)
	})
}

// takerBand is the band by the settings of the node that took over, or while nobody has, of one
// that stands ready; ready says that the node was so all the time that counts.
func (v *views) takerBand(t *trace.Trace, f Failover) (b band, ready bool) {
	for i := range t.Header.Nodes {
		n := &t.Header.Nodes[i]
		if f.Taker != "" && n.Role != f.Taker || n.Role == f.Lost {
			continue
		}
		b = failoverBand(t, v, f, n)
		if covered(v.ready[nodeClientVIP{n.Role, f.Client, f.VIP}], f.From, min(f.To, f.From+b.hi)) {
			return b, true
		}
	}
	return b, false
}

// failoverBand is the vendor's band where it was measured: defaults, and a watcher that saw the
// VIP answered up to the loss; else W14's with the taker's settings.
func failoverBand(t *trace.Trace, v *views, f Failover, taker *trace.Node) band {
	s := v.sees[nodeVIP{taker.Role, f.VIP}].at(f.From, f.To)
	if vendorSettings(&t.Header) && !s.fresh && s.counted == 0 {
		return vendorFailover
	}
	return takeover(&t.Header, taker, s)
}
