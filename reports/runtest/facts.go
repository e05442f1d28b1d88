package runtest

import (
	"time"

	"pgregory.net/rapid"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// facts are any, of a trace that they hardly fit.
func facts(t *rapid.T, tr *trace.Trace) *finding.Facts {
	f := &finding.Facts{
		End:       tr.End,
		Faults:    some(t, "faults", 3, fault),
		Uses:      some(t, "uses", 2, use),
		Failbacks: some(t, "failbacks", 2, failback),
		Holdings:  some(t, "holdings", 5, holding),
		Duals:     some(t, "duals", 2, dual),
		Beliefs:   some(t, "beliefs", 4, belief),
	}
	for r := range tr.All() {
		if b, ok := r.Body.(trace.Task); ok {
			f.Tasks = append(f.Tasks, finding.Task{At: r.At, Host: r.Host, Task: b, Since: Times().Draw(t, "since"), By: Texts().Draw(t, "by")})
		}
	}
	if rapid.Bool().Draw(t, "mailed") {
		f.Mail = mail(t)
	}
	return f
}

func fault(t *rapid.T) finding.Fault {
	d := drawer{t}
	return finding.Fault{
		Fault: trace.Fault{ID: d.few("id"), Verb: d.text("verb"), Target: d.text("target"), Setting: d.text("setting"), For: d.time("for"), Breaks: d.yes("breaks")},
		At:    d.time("at"), Until: d.time("until"), Open: d.yes("open"),
		Said: finding.Phrase{En: d.text("said"), Ja: d.text("said_ja")},
	}
}

func span(t *rapid.T) finding.Span {
	return finding.Span{From: drawer{t}.time("from"), To: drawer{t}.time("to"), By: texts(t, "by", 2)}
}

func use(t *rapid.T) finding.Use {
	d := drawer{t}
	return finding.Use{
		Client: d.text("client"), VIP: d.addr("vip"), Never: d.yes("never"), Since: d.time("since"),
		Answered: some(t, "answered", 5, span), Outages: some(t, "outages", 3, outage),
	}
}

func promise(t *rapid.T) finding.Promise {
	d := drawer{t}
	return finding.Promise{Least: d.time("least"), Most: d.time("most"), Guide: d.yes("guide")}
}

func outage(t *rapid.T) finding.Outage {
	d := drawer{t}
	kinds := []finding.OutageKind{finding.FailoverKind, finding.FlapKind, finding.GiveBackKind, finding.CycleKind, finding.OtherKind}
	return finding.Outage{
		Client: d.text("client"), VIP: d.addr("vip"), From: d.time("from"), To: d.time("to"), Open: d.yes("open"),
		Before: texts(t, "before", 2), After: append(texts(t, "after", 1), d.text("last")),
		Loss: loss(t), Taken: d.yes("taken"), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Cause: cause(t),
		Also: rapid.SliceOfN(rapid.IntRange(-1, 4), 0, 2).Draw(t, "also"), Dual: d.time("dual"), Holds: d.time("holds"), Promise: promise(t),
		Parts: some(t, "parts", 4, func(t *rapid.T) finding.Part { return finding.Part{What: obstacle(t), Time: drawer{t}.time("time")} }),
		Saw: some(t, "saw", 2, func(t *rapid.T) finding.Saw {
			return finding.Saw{Outcome: rapid.SampledFrom([]trace.PingOutcome{trace.Replied, trace.TimedOut}).Draw(t, "outcome"), Lines: drawer{t}.any("lines")}
		}),
	}
}

func failback(t *rapid.T) finding.Failback {
	d := drawer{t}
	return finding.Failback{
		Client: d.text("client"), VIP: d.addr("vip"), Master: d.text("master"), Peer: d.text("peer"), From: d.time("from"), To: d.time("to"),
		Open: d.yes("open"), Silent: d.time("silent"), Late: d.yes("late"), Promise: promise(t),
	}
}

func holding(t *rapid.T) finding.Holding {
	d := drawer{t}
	state := rapid.SampledFrom([]trace.AddressState{trace.Tentative, trace.Preferred, trace.Duplicate})
	return finding.Holding{VIP: VIP, Node: word(t, "node", "active"), State: state.Draw(t, "state"), From: d.time("from"), To: d.time("to")}
}

func dual(t *rapid.T) finding.Dual {
	d := drawer{t}
	return finding.Dual{VIP: d.addr("vip"), Nodes: [2]string{d.text("one"), d.text("two")}, From: d.time("from"), To: d.time("to"), Open: d.yes("open")}
}

func belief(t *rapid.T) finding.Belief {
	d := drawer{t}
	return finding.Belief{
		Host: word(t, "host", "active", "client"), VIP: d.addr("vip"), MAC: trace.MAC{2, 0, 0, 0, 0, byte(d.few("mac"))}, Whose: d.text("whose"),
		From: d.time("from"), To: d.time("to"), Open: d.yes("open"), Wrong: some(t, "wrong", 9, span),
	}
}

func mail(t *rapid.T) *finding.Mail {
	d := drawer{t}
	return &finding.Mail{
		Audited: d.yes("audited"), Again: d.any("again"), Read: d.any("read"), Unread: d.any("unread"), Broken: d.any("broken"),
		Copies: some(t, "copies", 4, func(t *rapid.T) finding.Copy {
			d := drawer{t}
			return finding.Copy{
				ID: d.text("id"), MessageID: d.text("message"), To: d.text("to"), Node: d.text("node"), Accepted: d.time("accepted"), Served: d.time("served"),
				InBox: d.few("inbox"), Read: d.few("read"), Unsplit: d.yes("unsplit"), Taken: d.few("taken"), Bounced: d.few("bounced"), Queued: d.few("queued"),
			}
		}),
		Failures: some(t, "failures", 2, mailFailure),
		Downs: some(t, "downs", 2, func(t *rapid.T) finding.MailDown {
			d := drawer{t}
			return finding.MailDown{
				MailRoute: finding.MailRoute{Client: d.text("client")}, From: d.time("from"), To: d.time("to"), Open: d.yes("open"),
				Failures: some(t, "failures", 2, mailFailure), Fault: d.few("fault"),
				Also: rapid.SliceOfN(rapid.IntRange(-1, 4), 0, 2).Draw(t, "also"),
			}
		}),
	}
}

func mailFailure(t *rapid.T) finding.MailFailure {
	d := drawer{t}
	return finding.MailFailure{Stage: rapid.SampledFrom([]trace.MailStage{"connect", "dot"}).Draw(t, "stage"), Code: d.few("code"), Count: d.any("count")}
}

// ByHand is a failover told by hand: of so long, to the client, after the fault of number 1.
func ByHand(from, length time.Duration) *finding.Facts {
	return &finding.Facts{
		End:    from + 10*length,
		Faults: []finding.Fault{{Fault: trace.Fault{ID: 1, Verb: "unplug", Target: "active", Breaks: true}, At: from, Until: from + length}},
		Uses: []finding.Use{{
			Client: "client", VIP: VIP, Answered: []finding.Span{{From: 0, To: from, By: []string{"active"}}, {From: from + length, To: from + 10*length, By: []string{"standby"}}},
			Outages: []finding.Outage{{
				Client: "client", VIP: VIP, From: from, To: from + length, Before: []string{"active"}, After: []string{"standby"}, Loss: finding.LostLink,
				Kind: finding.FailoverKind, Cause: finding.Cause{Kind: finding.ByFault, At: from, Node: "active", Fault: 1},
				Parts: []finding.Part{{What: finding.Counting, Time: length}},
			}},
		}},
	}
}
