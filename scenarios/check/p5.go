package check

import (
	"net/netip"
	"slices"
	"strings"
	"time"

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
	judgeBounces(&y, m)
	judgeUnheld(&y, m)
	judgeKept(&y, m)
	if m.Again > 0 {
		y.leave(finding.Note{Kind: "p5.again", N: m.Again})
	}
	return y.result("")
}

// judgeCopy wants one fate for each copy.
func judgeCopy(y *tally, f *facts.Facts, c *finding.Copy) {
	out := finding.Note{At: c.Accepted, Until: f.End, Node: c.Node, Text: c.Name(), Client: c.To, Rules: []string{"M6"}, Because: c.Why}
	switch c.Fate() {
	case finding.Lost:
		out.Kind = "p5.lost"
		y.fail(out)
	case finding.Doubled:
		out.Parts = places(c)
		if c.Excused() {
			out.Kind = "p5.left"
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
	}{{c.InBox, "copy.box"}, {c.Read, "copy.read"}, {c.Taken, "copy.taken"}, {c.Bounced, "copy.bounced"}, {c.Queued, "copy.queued"}} {
		if one.n > 0 {
			all = append(all, finding.Note{Kind: one.kind, N: one.n})
		}
	}
	return all
}

// owed is a message for one of its recipients; "" stands for any.
type owed struct{ messageID, to string }

// judgeTold wants an acceptance before each 250 that a client got, for each recipient that was answered with 250 too.
func judgeTold(y *tally, f *facts.Facts, m *finding.Mail) {
	accepted := map[owed]time.Duration{}
	for _, c := range slices.Backward(m.Copies) {
		accepted[owed{c.MessageID, strings.ToLower(c.To)}], accepted[owed{messageID: c.MessageID}] = c.Accepted, c.Accepted
	}
	for i := range m.Told {
		d := &m.Told[i]
		has := func(to string) bool {
			at, ok := accepted[owed{d.MessageID, to}]
			return ok && at <= d.At
		}
		out := finding.Note{Kind: "p5.told", Client: d.Client, At: d.At, Until: f.End, Text: d.MessageID, Rules: []string{"M6"}}
		if !has("") {
			y.fail(out)
			continue
		}
		out.Kind = "p5.told-for"
		missed := false
		for _, to := range d.To {
			if !has(strings.ToLower(to)) && !renamed(to) {
				out.Peer, missed = to, true
				y.fail(out)
			}
		}
		if !missed {
			y.pass()
		}
	}
}

// renamed says whether the copy for an address may be for another one: the postmaster's is for an account's, one with a
// literal for a domain's (RFC 5321, 4.5.1 and 2.3.5).
func renamed(to string) bool {
	local, domain, _ := strings.Cut(strings.ToLower(to), "@")
	return local == "postmaster" || strings.HasPrefix(domain, "[")
}

// judgeBounces wants a ground for each report to a sender: an answer for good, or the copy's age.
func judgeBounces(y *tally, m *finding.Mail) {
	for i := range m.Bounces {
		b := &m.Bounces[i]
		if b.Founded() {
			y.pass()
			continue
		}
		out := finding.Note{
			Kind: "p5.unfounded", Node: b.Node, Client: b.To, Text: b.Name, At: b.At, Until: b.At, Time: b.Age,
			Want: finding.Band{Least: b.Most, Most: b.Most}, Rules: []string{"M6"},
		}
		if b.Code != 0 {
			out.Kind, out.N = "p5.deferred", b.Code
		}
		y.fail(out)
	}
}

// judgeKept wants what readers are told is deleted to be gone.
func judgeKept(y *tally, m *finding.Mail) {
	for _, k := range m.Kept {
		out := finding.Note{Kind: "p5.kept", Node: k.Node, Client: k.Box, Text: k.ID, At: k.At, Until: k.At, Rules: []string{"M1"}}
		if k.Reader != "" {
			out.Kind, out.Client = "p5.kept-told", k.Reader
		}
		y.fail(out)
	}
}

// unheldKinds are what is said of what EPSTDS did.
var unheldKinds = map[finding.Doing]finding.Kind{
	finding.Sent: "p5.sent-unheld", finding.Boxed: "p5.boxed-unheld", finding.GivenUp: "p5.given-up-unheld",
}

// judgeUnheld wants EPSTDS to do nothing on a node that has not the address in its LogicalIP, or has just stood still (M4), nor
// to send what somebody has taken out of the queue (M6).
func judgeUnheld(y *tally, m *finding.Mail) {
	for _, u := range m.Unheld {
		out := finding.Note{Kind: unheldKinds[u.Did], Node: u.Node, VIP: u.Address, Client: u.To, Text: u.Name, At: u.At, Until: u.At, Rules: []string{"M4"}}
		switch {
		case u.Gone != 0:
			out.Kind, out.Until, out.VIP, out.Rules = "p5.sent-gone", u.Gone, netip.Addr{}, []string{"M6"}
		case u.Thawed != 0:
			out.Kind, out.Until = "p5.rests", u.Thawed
		}
		y.fail(out)
	}
}
