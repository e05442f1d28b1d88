package check

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// mail is a story of messages.
type mail struct{ *story.Story }

func mailAt(at float64) mail { return mail{story.Guide().At(at)} }

func (s mail) at(sec float64) mail { s.At(sec); return s }

func (s mail) add(host string, b trace.Body) mail { s.Add(host, b); return s }

// accepts is EPSTRS on a node taking message n for the recipients.
func (s mail) accepts(node string, n int, to ...string) mail {
	return s.add(node, trace.MailAccept{ID: fmt.Sprint(n, "-", node), From: "a@pc.example", To: to, MessageID: fmt.Sprint(n)})
}

// lies is what the audit finds: message n of a node's queue entry in a mailbox.
func (s mail) lies(box, node string, n int) mail {
	return s.add("", trace.MailStock{Place: trace.InMailbox, Box: box, ID: fmt.Sprint(n, "-", node), MessageID: fmt.Sprint(n)})
}

// waits is the same in the queue, for a recipient.
func (s mail) waits(node string, n int, to string) mail {
	return s.add("", trace.MailStock{Place: trace.InQueue, ID: fmt.Sprint(n, "-", node), To: to, MessageID: fmt.Sprint(n)})
}

func (s mail) relays(node string, n int, to string) mail {
	return s.add(node, trace.MailRelay{ID: fmt.Sprint(n, "-active"), To: to})
}

func (s mail) taken(n int, to string) mail {
	return s.add("outside", trace.MailTaken{To: to, MessageID: fmt.Sprint(n)})
}

func (s mail) audited() *trace.Trace { return s.at(590).add("", trace.MailAudit{}).End(600) }

const (
	bob = "Bob@example.com"
	out = "carol@example.net"
)

// "each acceptance is delivered exactly once, or still queued, or bounced: never lost, never twice"
func TestP5_EachCopyHasOneFate(t *testing.T) {
	for name, c := range map[string]struct {
		tell func(s mail) mail
		want finding.Verdict
	}{
		"in its mailbox":           {func(s mail) mail { return s.lies("inbox/bob", "active", 1) }, Pass},
		"in its domain's mailbox":  {func(s mail) mail { return s.lies("inbox/example.com/bob", "active", 1) }, Pass},
		"below the work folder":    {func(s mail) mail { return s.lies("work/inbox/bob", "active", 1) }, Pass},
		"still queued":             {func(s mail) mail { return s.waits("active", 1, bob) }, Pass},
		"bounced":                  {func(s mail) mail { return s.add("active", trace.MailBounce{ID: "1-active", To: bob}) }, Pass},
		"read and deleted":         {func(s mail) mail { return s.add("active", trace.MailExpunge{Box: "inbox/bob", ID: "1-active"}) }, Pass},
		"nowhere":                  {func(s mail) mail { return s }, Fail},
		"in another's mailbox":     {func(s mail) mail { return s.lies("inbox/bobby", "active", 1) }, Fail},
		"another message is there": {func(s mail) mail { return s.lies("inbox/bob", "active", 2) }, Fail},
		"a file that is no message": {func(s mail) mail {
			return s.add("", trace.MailStock{Place: trace.Damaged, Box: "inbox/bob", ID: "1-active"})
		}, Fail},
		"EPSTDS says so, the share not": {func(s mail) mail {
			return s.add("active", trace.MailDeliver{ID: "1-active", To: bob, Box: "inbox/bob"})
		}, Fail},
		"twice": {func(s mail) mail {
			return s.lies("inbox/bob", "active", 1).lies("inbox/bob", "active", 1)
		}, Fail},
		"deleted, and there again": {func(s mail) mail {
			return s.add("active", trace.MailExpunge{Box: "inbox/bob", ID: "1-active"}).lies("inbox/bob", "active", 1)
		}, Fail},
		"delivered and bounced": {func(s mail) mail {
			return s.lies("inbox/bob", "active", 1).add("active", trace.MailBounce{ID: "1-active", To: bob})
		}, Fail},
		"delivered and still queued": {func(s mail) mail {
			return s.lies("inbox/bob", "active", 1).waits("active", 1, bob)
		}, Fail},
		"delivered, and about to be taken out of the queue": {func(s mail) mail {
			return s.add("active", trace.MailDeliver{ID: "1-active", To: bob, Box: "inbox/bob"}).lies("inbox/bob", "active", 1).waits("active", 1, bob)
		}, Pass},
	} {
		t.Run(name, func(t *testing.T) {
			wants(t, "P5", c.want, c.tell(mailAt(10).accepts("active", 1, bob)).audited(), "P5: "+name)
		})
	}
}

// Of several recipients each is judged.
func TestP5_EachRecipient(t *testing.T) {
	s := mailAt(10).accepts("active", 1, bob, out).at(20).relays("active", 1, out).taken(1, out)
	r := wants(t, "P5", Fail, s.audited(), "P5: bob's copy is lost.")
	require.Equal(t, []finding.Finding{{
		Note:    finding.Note{Kind: "p5.lost", At: seconds(10), Until: seconds(600), Node: "active", Text: "1", Client: bob, Rules: []string{"M6"}},
		Verdict: Fail,
	}}, r.Findings, "A finding says which message, for whom, and who accepted it.")
	require.Equal(t, 2, r.Judged)
}

// Another domain's server says by itself what it took: once is right.
func TestP5_OtherDomains(t *testing.T) {
	relayed := func() mail { return mailAt(10).accepts("active", 1, out).at(20).relays("active", 1, out) }
	require.Empty(t, wants(t, "P5", Pass, relayed().taken(1, out).audited(), "P5: taken once.").Left)
	wants(t, "P5", Fail, relayed().audited(), "P5: EPSTDS says it was taken, the other server does not.")
	wants(t, "P5", Fail, relayed().taken(1, out).relays("active", 1, out).taken(1, out).audited(), "P5: the same node sent it twice.")

	lost250 := mailAt(10).accepts("active", 1, out).at(20).taken(1, out).at(70).relays("standby", 1, out).taken(1, out)
	r := wants(t, "P5", NotApplicable, lost250.audited(), "P5: the 250 of the first was lost.")
	require.Equal(t, &finding.Note{Kind: "why.lost-250"}, reason(t, r))
	require.Equal(t, []finding.Note{{Kind: "copy.taken", N: 2}}, r.Left[0].Parts, "Where the copies are is said.")
	pending := mailAt(10).accepts("active", 1, out).at(20).taken(1, out).waits("active", 1, out)
	wants(t, "P5", NotApplicable, pending.audited(), "P5: it will be sent again.")
}

// M4: without LogicalIP both nodes' EPSTDS work on the queue. While both hold the VIP, that is so with
// it too: counted and named.
func TestP5_BothNodesDeliver(t *testing.T) {
	double := func(s *story.Story) mail {
		m := mail{s}.at(100).accepts("active", 1, out).at(110).relays("active", 1, out).taken(1, out)
		return m.at(110.2).relays("standby", 1, out).taken(1, out)
	}
	r := wants(t, "P5", Fail, double(story.Guide()).audited(), "P5: the standby has no business with the queue.")
	require.Equal(t, finding.Kind("p5.doubled"), r.Findings[0].Kind)
	split := story.Guide().At(90).Holds("standby", trace.Preferred).At(120).Holds("standby", trace.Absent)
	r = wants(t, "P5", NotApplicable, double(split).audited(), "P5: split brain.")
	require.Equal(t, &finding.Note{
		Kind: "why.split", Node: "active", Peer: "standby", At: seconds(90), Until: seconds(120), Rules: []string{"P3"},
	}, reason(t, r))
}

// "A client that lost the 250 and sends again makes a second acceptance: counted apart."
func TestP5_SentAgain(t *testing.T) {
	s := mailAt(10).accepts("active", 1, bob).at(70).add("standby", trace.MailAccept{ID: "9-standby", To: []string{bob}, MessageID: "1"})
	s.lies("inbox/bob", "active", 1).add("", trace.MailStock{Place: trace.InMailbox, Box: "inbox/bob", ID: "9-standby", MessageID: "1"})
	r := wants(t, "P5", Pass, s.audited(), "P5: two acceptances, two copies.")
	require.Equal(t, finding.Note{Kind: "p5.again", N: 1}, r.Left[0].Note)
}

// A client that was told 250 must be right.
func TestP5_A250BindsTheService(t *testing.T) {
	said := func(s mail, code int) mail { return s.at(15).add("pc", trace.MailSend{MessageID: "1", Code: code}) }
	wants(t, "P5", Pass, said(mailAt(10).accepts("active", 1, bob), 250).lies("inbox/bob", "active", 1).audited(), "P5")
	r := wants(t, "P5", Fail, said(mailAt(10), 250).audited(), "P5: 250, and no service has it.")
	require.Equal(t, finding.Note{Kind: "p5.told", Client: "pc", At: seconds(15), Until: seconds(600), Text: "1", Rules: []string{"M6"}}, r.Findings[0].Note)
	wants(t, "P5", NotApplicable, said(mailAt(10), 451).audited(), "P5: nothing was promised.")
}

func TestP5_NoAuditIsNoData(t *testing.T) {
	r := wants(t, "P5", Inconclusive, mailAt(10).accepts("active", 1, bob).lies("inbox/bob", "active", 1).End(600), "P5: the share was not looked at.")
	require.Equal(t, finding.Kind("missing.audit"), r.Reason.Because.Kind)
}

func TestP5_NobodyUsedMail(t *testing.T) {
	r := wants(t, "P5", NotApplicable, story.Guide().End(600), "P5 has nothing to judge where no mail is.")
	require.Equal(t, finding.Kind("p5.none"), r.Reason.Kind)
}

// A split brain excuses what both nodes did in it, and nothing else.
func TestP5_WhatASplitBrainExcuses(t *testing.T) {
	split := func() *story.Story {
		return story.Guide().At(90).Holds("standby", trace.Preferred).At(120).Holds("standby", trace.Absent)
	}
	sent := func(first, then float64, node string) *trace.Trace {
		m := mail{split()}.at(80).accepts("active", 1, out).at(first).relays("active", 1, out).taken(1, out)
		return m.at(then).relays(node, 1, out).taken(1, out).audited()
	}
	wants(t, "P5", NotApplicable, sent(110, 110.2, "standby"), "M4: both work on the queue.")
	wants(t, "P5", NotApplicable, sent(85, 119, "standby"), "M4: the second one in it.")
	wants(t, "P5", Fail, sent(130, 140, "standby"), "P5: the split brain was over.")
	wants(t, "P5", Fail, sent(110, 111, "active"), "P5: one node sent it twice.")
}
