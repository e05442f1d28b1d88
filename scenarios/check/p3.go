package check

import (
	"fmt"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// oneHolder is P3. A split brain is DualHolders' figure; it is a fault only if it lasts while
// the network stays as it is for longer than the watchers need to settle it.
func oneHolder(t *trace.Trace) Result {
	if why := unheld(t); why != "" {
		return noData(why)
	}
	changes := networkChanges(t)
	pipes, noise := newPipes(t), disturbances(t)
	var y tally
	y.pass() // the time without any split brain
	for _, d := range DualHolders(t) {
		for _, part := range split(Span{From: d.From, To: d.To}, changes) {
			judgeDual(&y, t, pipes, noise, d, part)
		}
	}
	return y.result("")
}

func judgeDual(y *tally, t *trace.Trace, pipes *pipes, noise []Span, d DualHolder, part Span) {
	limit, rules := settling(&t.Header), "W17"
	if t.Header.Node(d.Nodes[0]).Master == t.Header.Node(d.Nodes[1]).Master {
		rules = "W21: without one master nobody asks"
	}
	whole, deadPipe := pipes.heard(&t.Header, d, part)
	if deadPipe != "" {
		limit, rules = max(limit, slaveCycle(&t.Header, d.Nodes)), "W18"
	}
	out := Finding{At: part.From, Until: part.To, Host: d.Nodes[0], VIP: d.VIP}
	out.Sentence = fmt.Sprintf("P3: of %s and %s, which reach each other, one should answer for %s within %s of the network's last change (%s); both held it for %s from %s",
		d.Nodes[0], d.Nodes[1], d.VIP, secs(limit), rules, secs(part.Length()), secs(part.From))
	if deadPipe != "" {
		out.Sentence += "; the pipe failed: " + deadPipe
	}
	noisy := disturbed(noise, part.From, part.To)
	switch {
	case noisy != "":
		out.Sentence = fmt.Sprintf("P3 leaves %s and %s, which both held %s for %s from %s: %s",
			d.Nodes[0], d.Nodes[1], d.VIP, secs(part.Length()), secs(part.From), noisy)
		y.leave(out)
	case part.Length() > limit || whole > settling(&t.Header):
		y.fail(out)
	case d.Open && part.To == d.To:
		y.unfinished(out)
	case part.Length() > settling(&t.Header):
		y.leave(out)
	default:
		y.pass()
	}
}

// networkChanges gives the times at which the network of the nodes changed: cables between
// them and switches, and what those do to frames, a node's power or freeze, a node's firewall.
func networkChanges(t *trace.Trace) []time.Duration {
	apart := map[string]bool{} // the names of all machines that are no nodes
	for _, c := range t.Header.Clients {
		apart[c.Name] = true
	}
	for _, r := range t.Header.Routers {
		apart[r.Name] = true
	}
	for _, o := range t.Header.Others {
		apart[o.Name] = true
	}
	toOthers := map[string]bool{}
	for _, c := range t.Header.Cables {
		toOthers[c.Name] = apart[c.A] || apart[c.B]
	}
	var at []time.Duration
	for _, r := range t.Records {
		switch b := r.Body.(type) {
		case trace.Link:
			if !toOthers[b.Cable] {
				at = append(at, r.At)
			}
		case trace.PortState:
			if !toOthers[b.Cable] {
				at = append(at, r.At)
			}
		case trace.Impairment:
			if !toOthers[b.Cable] {
				at = append(at, r.At)
			}
		case trace.Rule:
			at = append(at, r.At)
		case trace.Power, trace.Firewall:
			if t.Header.Node(r.Host) != nil {
				at = append(at, r.At)
			}
		}
	}
	return slices.Compact(at)
}

// heard gives the longest time in which a master's assertion would have been heard (W17), so far
// as its requests show, and why it was not heard all the time.
func (p *pipes) heard(h *trace.Header, d DualHolder, part Span) (longest time.Duration, why string) {
	from := part.From
	for i, asker := range d.Nodes {
		if !h.Node(asker).Master || h.Node(d.Nodes[1-i]).Master {
			continue // asks nobody, or is refused (W21)
		}
		if shut := p.blocked(d.Nodes[1-i], part.From, part.To); shut != "" {
			return 0, shut
		}
		for _, r := range p.asked {
			if r.asker == asker && r.vip == d.VIP && r.failed() && r.begun < part.To && part.From < r.end {
				longest, from, why = max(longest, r.begun-from), r.end, r.String()
			}
		}
	}
	return max(longest, part.To-from), why
}

// slaveCycle is the longest a slave among the nodes keeps a VIP unasked (W18).
func slaveCycle(h *trace.Header, roles [2]string) time.Duration {
	var most time.Duration
	for _, role := range roles {
		if n := h.Node(role); !n.Master {
			most = max(most, n.ReleaseTime+netsh(h, n)+latency)
		}
	}
	return most
}
