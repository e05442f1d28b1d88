package check

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/scenarios/facts"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// failbackTime is P2.
func failbackTime(f *facts.Facts) finding.Result {
	if why := unseen(f); why != nil {
		return noData(*why)
	}
	var y tally
	for i := range f.Failbacks {
		judgeFailback(&y, f, &f.Failbacks[i])
	}
	y.leaveUnused(f)
	return y.result("p2.none")
}

func judgeFailback(y *tally, f *facts.Facts, x *finding.Failback) {
	b := f.FailbackBound(x)
	out := finding.Note{
		Client: x.Client, VIP: x.VIP, Node: x.Master, Peer: x.Peer, At: x.From, Until: x.To, Time: x.Length(), Silent: x.Silent,
		Open: x.Open, Want: b.Band, Rules: b.Rules, Because: failbackLeft(f, x, b),
	}
	switch {
	case out.Because != nil:
		out.Kind = "p2.left"
		y.leave(out)
	case x.Open && x.Length() <= b.Most:
		out.Kind = "p2.unfinished"
		y.unfinished(out)
	case x.Open:
		out.Kind = "p2.nobody"
		y.fail(out)
	case !b.Holds(x.Length()):
		out.Kind = "p2.late"
		y.fail(out)
	default:
		y.pass()
	}
}

// failbackLeft says why the failback is not P2's to judge, or nil.
func failbackLeft(f *facts.Facts, x *finding.Failback, b facts.Bound) *finding.Note {
	i := slices.IndexFunc(f.Pairs, func(p facts.Pair) bool { return p.Use.Client == x.Client && p.Use.VIP == x.VIP })
	p := &f.Pairs[i]
	if why := beyondGuide(f, p); why != nil {
		return why
	}
	if w := f.Header.Node(x.Master).Watcher; w != nil && w.Returns == 0 {
		return &finding.Note{Kind: "why.no-preempt", Node: x.Master, Rules: []string{"V3"}}
	}
	due := min(x.To, x.From+b.Most) // what comes later does not count
	if !f.Node(x.Master).Works.Touches(x.From, due) {
		due = x.To // unless it is what started the watcher
	}
	switch {
	case f.Of(x.Peer, x.VIP).Hidden.Touches(x.From, due):
		return &finding.Note{Kind: "why.hidden", Node: x.Peer, VIP: x.VIP}
	case x.Late:
		return &finding.Note{Kind: "why.late", Node: x.Master, Rules: []string{"N1", "N2"}}
	}
	if why := noisy(f, x.Client, x.From, due); why != nil {
		return why
	}
	all := []trace.Part{trace.PowerPart, trace.RunPart, trace.WatcherPart, trace.EchoPart, trace.PublicPart, trace.NetshPart, trace.PipePart, trace.AddressPart}
	if why := interference(f, x.From, due, x.Client, x.VIP, map[string][]trace.Part{x.Master: all, x.Peer: all}); why != nil {
		return why
	}
	for _, role := range []string{x.Master, x.Peer} {
		switch n := f.Node(role); {
		case !n.Works.Touches(x.From, due):
			return &finding.Note{Kind: "why.no-watcher", Node: role}
		case n.Mute.Touches(x.From, due):
			return &finding.Note{Kind: "why.mute", Node: role, Rules: []string{"H8"}}
		}
	}
	if master := slices.IndexFunc(f.Nodes, func(n facts.Node) bool { return n.Role == x.Master }); !p.Joined[master].Covers(x.From, due) {
		return &finding.Note{Kind: "why.cut-off", Client: x.Client}
	}
	if slices.ContainsFunc(f.Cycles, func(c facts.Release) bool {
		return c.Node == x.Peer && c.VIP == x.VIP && c.From <= due && x.From <= c.To
	}) {
		return &finding.Note{Kind: "why.cycle", Node: x.Peer, Rules: []string{"W18"}}
	}
	late := x.Open || !b.Holds(x.Length())
	if late && brokenNetsh(f, x.Peer, x.From, x.From+b.Most) {
		return &finding.Note{Kind: "why.netsh", Node: x.Peer} // whatever became of requests: the peer cannot release
	}
	if why := deadPipe(f, x.Master, x.Peer, x.VIP, x.From, x.From+b.Most); why != nil && late {
		return &finding.Note{Kind: "why.pipe", Because: why, Rules: []string{"P7", "W16"}}
	}
	return nil
}

// brokenNetsh says whether a fault had the node's netsh fail or lie at some time between.
func brokenNetsh(f *facts.Facts, node string, from, to time.Duration) bool {
	return slices.ContainsFunc(f.Faults, func(x finding.Fault) bool {
		return x.Breaks && x.At <= to && from <= x.Until && slices.Contains(x.Touches, trace.Touch{Part: trace.NetshPart, Of: node})
	})
}

// deadPipe says why the asker's pipe to the peer did not work between the times, or nil: the peer's firewall was
// shut on it, or the last request begun then failed.
func deadPipe(f *facts.Facts, asker, peer string, vip netip.Addr, from, to time.Duration) *finding.Note {
	if why := shutPipe(f, peer, from, to); why != nil {
		return why
	}
	var last *facts.Request
	for i := range f.Asked {
		r := &f.Asked[i]
		if r.Asker == asker && r.VIP == vip && from <= r.Begun && r.Begun <= to && (last == nil || r.Begun >= last.Begun) {
			last = r
		}
	}
	if last == nil || !last.Failed() {
		return nil
	}
	return requestFailed(last)
}

func requestFailed(r *facts.Request) *finding.Note {
	text := string(r.Answer)
	if r.Error != "" {
		text = r.Error
	}
	return &finding.Note{Kind: "why.request", Node: r.Asker, At: r.Begun, Text: text}
}

// shutPipe says whether the node's firewall was shut on the pipe at some time between.
func shutPipe(f *facts.Facts, node string, from, to time.Duration) *finding.Note {
	if n := f.Node(node); n == nil || !n.Shut.Touches(from, to) {
		return nil
	}
	return &finding.Note{Kind: "why.pipe-blocked", Node: node}
}
