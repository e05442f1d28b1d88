package check

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ipwsim/sim/trace"
)

// mailOnce is P5.
func mailOnce(t *trace.Trace) Result {
	m := MailOf(t)
	switch {
	case len(t.Header.Nodes) == 0:
		return noData("the trace names no node")
	case len(m.Copies) == 0 && len(m.told) == 0:
		return (&tally{}).result("no mail was accepted")
	case !m.Audited:
		return noData("mail was accepted, and nothing tells what lies on the share at the end")
	}
	duals := DualHolders(t)
	var y tally
	for i := range m.Copies {
		judgeCopy(&y, t, duals, &m.Copies[i])
	}
	m.judgeTold(&y, t)
	if m.Again > 0 {
		y.leave(Finding{Until: t.End, Sentence: fmt.Sprintf(
			"P5 counts each acceptance by itself: %d of them were sent again after a lost 250, which is SMTP's own nature", m.Again)})
	}
	return y.result("")
}

// judgeCopy wants one fate for each copy.
func judgeCopy(y *tally, t *trace.Trace, duals []DualHolder, c *Copy) {
	out := Finding{At: c.Accepted, Until: t.End, Host: c.Node}
	expected := fmt.Sprintf("P5: %s for %s, accepted by %s at %s, should be delivered once, queued or bounced (M6)",
		c.name(), c.To, c.Node, secs(c.Accepted))
	switch {
	case c.fates() == 1:
		y.pass()
	case c.fates() == 0:
		out.Sentence = expected + "; it is nowhere: lost"
		y.fail(out)
	case c.excuse(duals) != "":
		out.Sentence = fmt.Sprintf("P5 leaves %s for %s, which is there more than once (%s): %s", c.name(), c.To, c.where(), c.excuse(duals))
		y.leave(out)
	default:
		out.Sentence = fmt.Sprintf("%s; it is there more than once: %s%s", expected, c.where(), c.relayed())
		y.fail(out)
	}
}

// judgeTold wants an acceptance behind each 250 that a client got.
func (m *Mail) judgeTold(y *tally, t *trace.Trace) {
	accepted := map[string]bool{}
	for _, c := range m.Copies {
		accepted[c.MessageID] = true
	}
	for _, d := range m.told {
		if accepted[d.messageID] {
			y.pass()
			continue
		}
		y.fail(Finding{At: d.at, Until: t.End, Host: d.client, Sentence: fmt.Sprintf(
			"P5: client %s was told at %s that message %s is accepted (250), so a service should have it (M6); none has", d.client, secs(d.at), d.messageID)})
	}
}

func (c *Copy) name() string {
	if c.MessageID == "" {
		return "the message " + c.ID
	}
	return "message " + c.MessageID
}

// where lists the copy's fates.
func (c *Copy) where() string {
	var all []string
	for _, one := range []struct {
		n    int
		what string
	}{{c.InBox, "in the mailbox"}, {c.Taken, "at the other domain's server"}, {c.Bounced, "bounced"}, {c.Queued, "in the queue"}} {
		if one.n > 0 {
			all = append(all, fmt.Sprintf("%d x %s", one.n, one.what))
		}
	}
	return strings.Join(all, ", ")
}

// relayed names the nodes that delivered to the other server.
func (c *Copy) relayed() string {
	nodes := c.relayers()
	if len(nodes) < 2 {
		return ""
	}
	return "; EPSTDS delivered it on " + strings.Join(nodes, " and on ") + " (M4)"
}

func (c *Copy) relayers() []string {
	var nodes []string
	for _, r := range c.relays {
		if !slices.Contains(nodes, r.node) {
			nodes = append(nodes, r.node)
		}
	}
	return nodes
}

// excuse says why a copy may be there more than once, or "". One whose 250 EPSTDS did not get is sent
// again, also after a failover: SMTP's own nature. While two nodes held the VIP, each had its LogicalIP
// (M4), so that both delivered.
func (c *Copy) excuse(duals []DualHolder) string {
	doubled := max(0, c.InBox-1) + c.Bounced + min(c.InBox, c.Queued)
	switch {
	case doubled > 0:
		return ""
	case len(c.relays) < c.Taken || c.Queued > 0 && len(c.relays) == 0:
		return "EPSTDS lost the other server's 250, and sent it again"
	}
	nodes := c.relayers()
	for _, d := range duals {
		both := slices.Contains(nodes, d.Nodes[0]) && slices.Contains(nodes, d.Nodes[1])
		if both && slices.ContainsFunc(c.relays, func(r relay) bool { return d.From <= r.at && r.at <= d.To+latency }) {
			return fmt.Sprintf("%s and %s both held the VIP from %s to %s (P3)", d.Nodes[0], d.Nodes[1], secs(d.From), secs(d.To))
		}
	}
	return ""
}

// Delays gives, for each copy that was served, the time from its acceptance to its mailbox or to the
// other server, in order of acceptance.
func (m *Mail) Delays() []time.Duration {
	var all []time.Duration
	for _, c := range m.Copies {
		if c.Served > 0 {
			all = append(all, c.Served-c.Accepted)
		}
	}
	return all
}
