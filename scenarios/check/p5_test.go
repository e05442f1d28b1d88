package check

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

// accepts is EPSTRS on a node taking message n for the recipients.
func (s *story) accepts(node string, n int, to ...string) *story {
	return s.add(node, trace.MailAccept{ID: fmt.Sprint(n, "-", node), From: "a@pc.example", To: to, MessageID: fmt.Sprint(n)})
}

// lies is what the audit finds: message n of a node's queue entry, in the queue for a recipient or in
// a mailbox.
func (s *story) lies(place, node string, n int, to string) *story {
	return s.add("", trace.MailStock{Place: place, ID: fmt.Sprint(n, "-", node), To: to, MessageID: fmt.Sprint(n)})
}

func (s *story) relays(node string, n int, to string) *story {
	return s.add(node, trace.MailRelay{ID: fmt.Sprint(n, "-active"), To: to})
}

func (s *story) taken(n int, to string) *story {
	return s.add("outside", trace.MailTaken{To: to, MessageID: fmt.Sprint(n)})
}

func (s *story) audited() *trace.Trace { return s.at(590).add("", trace.MailAudit{}).end(600) }

const (
	bob = "Bob@example.com"
	out = "carol@example.net"
)

// "each acceptance is delivered exactly once, or still queued, or bounced: never lost, never twice"
func TestP5_EachCopyHasOneFate(t *testing.T) {
	for name, c := range map[string]struct {
		tell func(s *story) *story
		want Verdict
	}{
		"in its mailbox":           {func(s *story) *story { return s.lies("inbox/bob", "active", 1, "") }, Pass},
		"in its domain's mailbox":  {func(s *story) *story { return s.lies("inbox/example.com/bob", "active", 1, "") }, Pass},
		"below the work folder":    {func(s *story) *story { return s.lies("work/inbox/bob", "active", 1, "") }, Pass},
		"still queued":             {func(s *story) *story { return s.lies("queue", "active", 1, bob) }, Pass},
		"bounced":                  {func(s *story) *story { return s.add("active", trace.MailBounce{ID: "1-active", To: bob}) }, Pass},
		"read and deleted":         {func(s *story) *story { return s.add("active", trace.MailExpunge{Box: "inbox/bob", ID: "1-active"}) }, Pass},
		"nowhere":                  {func(s *story) *story { return s }, Fail},
		"in another's mailbox":     {func(s *story) *story { return s.lies("inbox/bobby", "active", 1, "") }, Fail},
		"another message is there": {func(s *story) *story { return s.lies("inbox/bob", "active", 2, "") }, Fail},
		"EPSTDS says so, the share not": {func(s *story) *story {
			return s.add("active", trace.MailDeliver{ID: "1-active", To: bob, Box: "inbox/bob"})
		}, Fail},
		"twice": {func(s *story) *story {
			return s.lies("inbox/bob", "active", 1, "").lies("inbox/bob", "active", 1, "")
		}, Fail},
		"deleted, and there again": {func(s *story) *story {
			return s.add("active", trace.MailExpunge{Box: "inbox/bob", ID: "1-active"}).lies("inbox/bob", "active", 1, "")
		}, Fail},
		"delivered and bounced": {func(s *story) *story {
			return s.lies("inbox/bob", "active", 1, "").add("active", trace.MailBounce{ID: "1-active", To: bob})
		}, Fail},
		"delivered and still queued": {func(s *story) *story {
			return s.lies("inbox/bob", "active", 1, "").lies("queue", "active", 1, bob)
		}, Fail},
	} {
		t.Run(name, func(t *testing.T) {
			wants(t, "P5", c.want, c.tell(guide().at(10).accepts("active", 1, bob)).audited(), "P5: "+name)
		})
	}
}

// Of several recipients each is judged.
func TestP5_EachRecipient(t *testing.T) {
	s := guide().at(10).accepts("active", 1, bob, out).at(20).relays("active", 1, out).taken(1, out)
	r := wants(t, "P5", Fail, s.audited(), "P5: bob's copy is lost.")
	require.Len(t, r.Findings, 1)
	require.Equal(t, "P5: message 1 for Bob@example.com, accepted by active at 10 s, should be delivered once, queued or bounced (M6); it is nowhere: lost",
		r.Findings[0].Sentence)
	require.Equal(t, 2, r.Judged)
}

// Another domain's server says by itself what it took: once is right.
func TestP5_OtherDomains(t *testing.T) {
	relayed := func() *story { return guide().at(10).accepts("active", 1, out).at(20).relays("active", 1, out) }
	wants(t, "P5", Pass, relayed().taken(1, out).audited(), "P5: taken once.")
	wants(t, "P5", Fail, relayed().audited(), "P5: EPSTDS says it was taken, the other server does not.")
	wants(t, "P5", Fail, relayed().taken(1, out).relays("active", 1, out).taken(1, out).audited(), "P5: the same node sent it twice.")

	lost250 := guide().at(10).accepts("active", 1, out).at(20).taken(1, out).at(70).relays("standby", 1, out).taken(1, out)
	r := wants(t, "P5", NotApplicable, lost250.audited(), "P5: the 250 of the first was lost.")
	require.Contains(t, r.Left[0].Sentence, "EPSTDS lost the other server's 250, and sent it again")
	pending := guide().at(10).accepts("active", 1, out).at(20).taken(1, out).lies("queue", "active", 1, out)
	wants(t, "P5", NotApplicable, pending.audited(), "P5: it will be sent again.")
}

// M4: without LogicalIP both nodes' EPSTDS work on the queue. While both hold the VIP, that is so with
// it too: counted and named.
func TestP5_BothNodesDeliver(t *testing.T) {
	double := func(s *story) *story {
		s.at(100).accepts("active", 1, out).at(110).relays("active", 1, out).taken(1, out)
		return s.at(110.2).relays("standby", 1, out).taken(1, out)
	}
	r := wants(t, "P5", Fail, double(guide()).audited(), "P5: the standby has no business with the queue.")
	require.Contains(t, r.Findings[0].Sentence, "EPSTDS delivered it on active and on standby (M4)")

	split := guide().at(90).holds("standby", trace.Preferred)
	r = wants(t, "P5", NotApplicable, double(split).at(120).holds("standby", trace.Absent).audited(), "P5: split brain.")
	require.Contains(t, r.Left[0].Sentence, "active and standby both held the VIP from 90 s to 120 s (P3)")
}

// "A client that lost the 250 and sends again makes a second acceptance: counted apart."
func TestP5_SentAgain(t *testing.T) {
	s := guide().at(10).accepts("active", 1, bob).at(70).add("standby", trace.MailAccept{ID: "9-standby", To: []string{bob}, MessageID: "1"})
	s.lies("inbox/bob", "active", 1, "").add("", trace.MailStock{Place: "inbox/bob", ID: "9-standby", MessageID: "1"})
	r := wants(t, "P5", Pass, s.audited(), "P5: two acceptances, two copies.")
	require.Contains(t, r.Left[0].Sentence, "1 of them were sent again after a lost 250")
}

// A client that was told 250 must be right.
func TestP5_A250BindsTheService(t *testing.T) {
	said := func(s *story, code int) *story { return s.at(15).add("pc", trace.MailSend{MessageID: "1", Code: code}) }
	wants(t, "P5", Pass, said(guide().at(10).accepts("active", 1, bob), 250).lies("inbox/bob", "active", 1, "").audited(), "P5")
	wants(t, "P5", Fail, said(guide(), 250).audited(), "P5: 250, and no service has it.")
	wants(t, "P5", NotApplicable, said(guide(), 451).audited(), "P5: nothing was promised.")
}

func TestP5_NoAuditIsNoData(t *testing.T) {
	wants(t, "P5", Inconclusive, guide().at(10).accepts("active", 1, bob).lies("inbox/bob", "active", 1, "").end(600), "P5: the share was not looked at.")
}

func TestMail_Delays(t *testing.T) {
	s := guide().at(10).accepts("active", 1, bob).accepts("active", 2, bob)
	s.at(12.5).add("active", trace.MailDeliver{ID: "1-active", To: bob, Box: "inbox/bob"})
	require.Equal(t, seconds(2.5), MailOf(s.audited()).Delays()[0])
	require.Len(t, MailOf(s.audited()).Delays(), 1)
}
