package check

import (
	"fmt"

	"ipwsim/sim/trace"
)

// premises are what must be so for a failback to be P2's.
type premises struct {
	t      *trace.Trace
	past   *history
	pipes  *pipes
	works  map[string][]Span     // for each node, when its watcher runs
	mute   map[string][]Span     // for each node, when its firewall blocks echo requests
	joined map[nodeClient][]Span // when the client can ask the node
	noise  []Span                // when the network is disturbed
	unseen map[nodeVIP]bool      // ARP inspection hides the node's copy from all others
}

func newPremises(t *trace.Trace) *premises {
	p := &premises{
		t: t, past: newHistory(t), pipes: newPipes(t), noise: disturbances(t),
		works: map[string][]Span{}, mute: map[string][]Span{}, joined: map[nodeClient][]Span{}, unseen: map[nodeVIP]bool{},
	}
	w := newWorld(&t.Header)
	var s survey
	for _, n := range w.nodes {
		for _, v := range t.Header.VIPs {
			p.unseen[nodeVIP{n.name, v.Address}] = !n.maySpeak(v.Address)
		}
		s.ask(func() bool { return n.runs() && n.service == "running" }, func(on []Span) { p.works[n.name] = on })
		s.ask(func() bool { return n.blocked["echo"] }, func(on []Span) { p.mute[n.name] = on })
		for _, c := range w.clients {
			s.ask(func() bool { return c.usable() && c.reaches(n) }, func(on []Span) { p.joined[nodeClient{n.name, c.name}] = on })
		}
	}
	s.answer(t, w)
	return p
}

// missing says why the failback is not P2's to judge, or "".
func (p *premises) missing(f Failback, b band) string {
	if why := vendorProfiles(&p.t.Header, f.Client, f.VIP); why != "" {
		return why
	}
	due := min(f.To, f.From+b.hi) // what comes later does not count
	if !touched(p.works[f.Master], f.From, due) {
		due = f.To // unless it is what started the watcher
	}
	if p.unseen[nodeVIP{f.Peer, f.VIP}] {
		return fmt.Sprintf("ARP inspection drops what %s says of %s, so its address detection finds nobody", f.Peer, f.VIP)
	}
	if f.Held {
		return fmt.Sprintf("the link of %s came up before its frames passed: the times are promised from the cable's return (N1, N2)", f.Master)
	}
	if why := disturbed(p.noise, f.From, due); why != "" {
		return why
	}
	if other, ok := p.past.within(f.From, due); ok {
		return fmt.Sprintf("another fault came before its end: %s", other)
	}
	for _, node := range []string{f.Master, f.Peer} {
		switch {
		case !touched(p.works[node], f.From, due):
			return fmt.Sprintf("the watcher of %s does not run", node)
		case touched(p.mute[node], f.From, due):
			return fmt.Sprintf("%s has ICMP closed (H8)", node)
		}
	}
	if !covered(p.joined[nodeClient{f.Master, f.Client}], f.From, due) {
		return fmt.Sprintf("client %s was cut off", f.Client)
	}
	if p.past.cycled(f.Peer, f.VIP, f.From, due) {
		return fmt.Sprintf("the release cycle of %s came first, so nobody was to be asked (W18)", f.Peer)
	}
	inTime := !f.Open && b.contains(f.Length())
	if why := p.pipes.dead(f.Master, f.Peer, f.VIP, f.From, f.From+b.hi); why != "" && !inTime {
		return fmt.Sprintf("the pipe does not work, so the release cycle is to bring it back (P7, W16): %s", why)
	}
	return ""
}
