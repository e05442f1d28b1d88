package naive

import (
	"net/netip"
	"path"
	"slices"
	"strings"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// learnt is when the node knew of its sending: by its first word of it, up to its next sending of the kind; 0 if it
// never did.
func (r *Run) learnt(l *letter, s finding.Sending, later []finding.Sending) time.Duration {
	until := time.Duration(1<<63 - 1)
	for _, o := range slices.Backward(later) {
		if o.Node == s.Node && o.Report == s.Report {
			until = o.At
		}
	}
	for _, rec := range r.t.Records[l.record:] {
		relay, relayed := rec.Body.(trace.MailRelay)
		bounce, bounced := rec.Body.(trace.MailBounce)
		mine := relayed && !s.Report && relay.ID == l.ID && strings.EqualFold(relay.To, l.To) ||
			bounced && s.Report && bounce.ID == l.ID && strings.EqualFold(bounce.To, l.To)
		if mine && rec.Host == s.Node && s.At <= rec.At && rec.At < until {
			return rec.At
		}
	}
	return 0
}

// blame is why a letter is nowhere, or there more than once; nil if nothing explains it. What is not where it was put,
// or is back, or was found empty, is the share's doing. Else each time it went out after the first has to be explained.
func (r *Run) blame(l *letter, c *finding.Copy, unheld []finding.Unheld) *finding.Note {
	last, _ := r.put(l)
	back := slices.ContainsFunc(r.found(l), func(file string) bool { return file != last && path.Base(file) == l.names[len(l.names)-1].base })
	if f := c.Fate(); f == finding.Doubled && back || f == finding.Lost && (r.stolen(l) || r.hollow(l)) {
		return &finding.Note{Kind: "why.share"}
	}
	if c.InBox+c.Read > 0 || len(c.Sendings) < 2 {
		return nil
	}
	var whys []*finding.Note
	for i := range c.Sendings[1:] {
		whys = append(whys, r.resent(c.Sendings[i], c.Sendings[i+1], unheld))
	}
	for _, w := range whys {
		if w == nil || w.Kind == "why.m4" {
			return w
		}
	}
	return whys[0]
}

// resent is why a node sent what one had sent before; nil if it should not have.
func (r *Run) resent(before, after finding.Sending, unheld []finding.Unheld) *finding.Note {
	two := before.Node != after.Node
	bound := func(s finding.Sending) bool { return r.boundToVIP(s.Node) }
	holds := func(s finding.Sending) bool { return r.holdsAny(s.Node, s.At) }
	// M4: with LogicalIP set to the VIP only its holder delivers.
	astray := func(s finding.Sending) bool { return s.Node != "" && !bound(s) && !holds(s) }
	if two && (astray(after) || astray(before)) {
		who := before
		if astray(after) {
			who = after
		}
		return &finding.Note{Kind: "why.m4", Node: who.Node}
	}
	for _, u := range unheld { // which it was not to do at all
		for _, s := range []finding.Sending{before, after} {
			if u.Node == s.Node && u.At == s.At && (u.Did == finding.Sent && !s.Report || u.Did == finding.GivenUp && s.Report) {
				return nil
			}
		}
	}
	// Frozen in the middle, it went on where it was.
	if two && r.awoke(after.Node, before.At, after.At) {
		return &finding.Note{Kind: "why.resumed", Node: after.Node}
	}
	if before.Heard > after.At && r.awoke(before.Node, after.At, before.Heard) {
		return &finding.Note{Kind: "why.resumed", Node: before.Node}
	}
	// Who never heard the 250 has to send again (RFC 5321, 4.5.4.1).
	if !before.Report && before.Heard == 0 {
		return &finding.Note{Kind: "why.lost-250"}
	}
	if s := r.shared(before, after); two && s != nil {
		return s
	}
	// It lost the VIP when that was on its way.
	for _, s := range []finding.Sending{after, before} {
		if bound(s) && !holds(s) {
			return &finding.Note{Kind: "why.resumed", Node: s.Node}
		}
	}
	// Each had a VIP of its own, and found it in the one queue.
	if mate := before; two && bound(before) && bound(after) && holds(after) {
		if mate.At = after.At; holds(mate) {
			pair := []string{before.Node, after.Node}
			slices.Sort(pair)
			return &finding.Note{Kind: "why.both", Node: pair[0], Peer: pair[1]}
		}
	}
	// The rightful holder found in the queue what the other had no time to take out; or so did the same one anew.
	if two && holds(after) || !two && r.ended(before.Node, before.At, after.At) {
		return &finding.Note{Kind: "why.not-removed", Node: before.Node}
	}
	return nil
}

// shared is a stretch in which both nodes held one VIP, with one of the sendings in it, or soon after; nil if there is
// none.
func (r *Run) shared(one, other finding.Sending) *finding.Note {
	a, b := r.node(one.Node), r.node(other.Node)
	if a < 0 || b < 0 {
		return nil
	}
	for v := range r.vips {
		for _, s := range r.when(func(m *moment) bool { return m.copies[a][v].holds && m.copies[b][v].holds }) {
			for _, at := range []time.Duration{one.At, other.At} {
				if s.From <= at && at <= s.To+latency {
					return &finding.Note{Kind: "why.split", Node: r.nodes[min(a, b)].Role, Peer: r.nodes[max(a, b)].Role, At: s.From, Until: s.To}
				}
			}
		}
	}
	return nil
}

// nodeOf is the node that has the address, or a VIP of that number; "" if there is none.
func (r *Run) nodeOf(peer netip.AddrPort, at time.Duration) string {
	now := r.at(at)
	for i, n := range r.nodes {
		v := r.vip(peer.Addr())
		if n.Address.Addr() == peer.Addr() || v >= 0 && now.copies[i][v].holds {
			return n.Role
		}
	}
	return ""
}

// boundToVIP says whether the node's LogicalIP is a VIP.
func (r *Run) boundToVIP(role string) bool {
	i := r.node(role)
	return i >= 0 && r.vip(r.nodes[i].LogicalIP) >= 0
}

func (r *Run) anyHeld(m *moment, role string) bool {
	i := r.node(role)
	return i >= 0 && slices.ContainsFunc(m.copies[i], func(c copyNow) bool { return c.holds })
}

func (r *Run) holdsAny(role string, at time.Duration) bool { return r.anyHeld(r.at(at), role) }

// awoke says whether the machine was frozen and went on between the times.
func (r *Run) awoke(role string, from, to time.Duration) bool {
	frozen := false
	for _, rec := range r.t.Records {
		b, ok := rec.Body.(trace.Power)
		if !ok || rec.Host != role {
			continue
		}
		if frozen && b.State == trace.On && from < rec.At && rec.At <= to {
			return true
		}
		frozen = b.State == trace.Frozen
	}
	return false
}

// ended says whether at any time from one to the other the node was off, or its mail services were stopped or dead.
func (r *Run) ended(role string, from, to time.Duration) bool {
	was := trace.On
	for _, rec := range r.t.Records {
		b, ok := rec.Body.(trace.Power)
		switch {
		case !ok || rec.Host != role || rec.At > to:
		case rec.At < from:
			was = b.State
		case b.State == trace.Off:
			return true
		}
	}
	if was == trace.Off {
		return true
	}
	for _, x := range r.after(len(r.t.Records)).faults {
		mail := func(t trace.Touch) bool { return t.Part == trace.MailPart && t.Of == role }
		if x.Breaks && x.At <= to && (x.Open || from <= x.Until) && slices.ContainsFunc(x.Touches, mail) {
			return true
		}
	}
	return false
}
