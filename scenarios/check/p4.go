package check

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// staleMost is how long a windows-modern client that pings may keep a wrong ARP entry, by its
// own rules: 45 s reachable, up to 5 s to the next echo, 5 s delay, 5 s for 3 unicast probes and
// the first broadcast one that is answered.
const staleMost = 60 * time.Second

// alwaysAnswered is P4.
func alwaysAnswered(t *trace.Trace) Result {
	if why := empty(t); why != "" {
		return noData(why)
	}
	v := newViews(t)
	backs := setbacks(t)
	reason := "no node was ever up, its service running, connected to a client and not misconfigured"
	for _, ready := range v.ready { // order: any will do
		if len(ready) > 0 {
			reason = "whenever a node was up, connected and not misconfigured, the VIP was answered"
		}
	}
	var y tally
	for _, c := range t.Header.Clients {
		for _, vip := range t.Header.VIPs {
			due := newDue(t, v, backs, c, vip.Address)
			due.judgeNodes(&y)
			due.judgeCache(&y)
		}
	}
	return y.result(reason)
}

// judgeNodes holds each node to its time for taking the VIP. Of several nodes that let the same
// time pass, the first due is named.
func (d *due) judgeNodes(y *tally) {
	var bad []Finding
	for i := range d.t.Header.Nodes {
		n := &d.t.Header.Nodes[i]
		for _, s := range d.free[n.Role] {
			bad = append(bad, d.judgeNode(y, n, s)...)
		}
	}
	failuresFirst := func(a, b Finding) int { // as "fail" sorts before "inconclusive"
		return cmp.Or(cmp.Compare(a.Verdict, b.Verdict), cmp.Compare(a.At, b.At))
	}
	slices.SortStableFunc(bad, failuresFirst)
	var told []Span
	for _, f := range bad {
		if slices.ContainsFunc(told, func(k Span) bool { return k.overlap(f.At, f.Until) > 0 }) {
			continue
		}
		told = append(told, Span{From: f.At, To: f.Until})
		if f.Verdict == Fail {
			y.fail(f)
		} else {
			y.unfinished(f)
		}
	}
}

// judgeNode judges a stretch in which the node was ready and the VIP free, try by try.
func (d *due) judgeNode(y *tally, n *trace.Node, s Span) (bad []Finding) {
	parts, whys := tries(s, d.backs[nodeVIP{n.Role, d.vip}])
	for i, part := range parts {
		if why := disturbed(d.views.noise, part.From, part.To); why != "" {
			whys = append(whys, why)
			continue
		}
		f, inTime := d.judgeTry(n, part)
		final := i == len(parts)-1 // the others ended in a setback
		switch {
		case !inTime:
			bad = append(bad, f)
		case final && part.To < d.t.End && during(d.held, part.To):
			y.pass()
		case final && part.To < d.t.End:
			whys = append(whys, "then it was no longer ready")
		case final && len(whys) == 0:
			f.Verdict = Inconclusive
			bad = append(bad, f)
		}
	}
	for _, why := range whys {
		y.leave(d.finding(s, fmt.Sprintf("P4 does not ask %s for %s from %s to %s: %s",
			n.Role, d.vip, secs(s.From), secs(s.To), why)))
	}
	return bad
}

// judgeTry says whether one try of one node is within its time so far, with the finding if not.
func (d *due) judgeTry(n *trace.Node, try Span) (Finding, bool) {
	b := takeover(&d.t.Header, n, d.views.sees[nodeVIP{n.Role, d.vip}].at(try.From, try.To))
	f := d.finding(try, fmt.Sprintf(
		"P4: %s was up, its service running, connected to client %s and not misconfigured from %s, so %s should be answered within %s (%s); nobody answered for %s",
		n.Role, d.client.Name, secs(try.From), d.vip, secs(b.hi), b.rules, secs(try.Length())))
	f.Verdict = Fail
	return f, try.Length() <= b.hi
}

// judgeCache holds a windows-modern client's ARP cache to its own rules; of other profiles'
// caches, and of those on a way through a router, P4 says nothing.
func (d *due) judgeCache(y *tally) {
	for _, s := range d.stale {
		if why := disturbed(d.views.noise, s.From, s.To); why != "" {
			y.leave(d.finding(s, fmt.Sprintf("P4 leaves the ARP entry of client %s for %s from %s: %s", d.client.Name, d.vip, secs(s.From), why)))
			continue
		}
		said := fmt.Sprintf("the ARP entry of client %s for %s pointed to no holder for %s from %s",
			d.client.Name, d.vip, secs(s.Length()), secs(s.From))
		switch {
		case !d.client.Address.Contains(d.vip):
			y.leave(d.finding(s, fmt.Sprintf(
				"P4 leaves the caches of routers to themselves (N5): the ARP entries between client %s and %s led to no holder for %s from %s",
				d.client.Name, d.vip, secs(s.Length()), secs(s.From))))
		case d.client.Profile != "windows-modern":
			y.leave(d.finding(s, fmt.Sprintf("P4 leaves %s caches to themselves (N3): %s", d.client.Profile, said)))
		case s.Length() > staleMost:
			y.fail(d.finding(s, fmt.Sprintf("P4: a windows-modern client that pings finds the holder within %s (N3); %s", secs(staleMost), said)))
		case s.To >= d.t.End:
			y.unfinished(d.finding(s, fmt.Sprintf("P4: a windows-modern client that pings finds the holder within %s (N3); at the trace's end %s", secs(staleMost), said)))
		default:
			y.pass()
		}
	}
}
