package check

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// mail is a story of messages. The first that the active node accepts is in the queue as the file first.
type mail struct{ *story.Story }

func mailAt(at float64) mail { return mail{story.Guide().At(at)} }

// keptToVIP is mailAt in a cluster whose nodes deliver only while they hold the VIP (M4).
func keptToVIP(at float64) mail {
	s := story.Guide()
	s.Every(func(n *trace.Node) { n.LogicalIP = story.VIP })
	return mail{s.At(at)}
}

func (s mail) at(sec float64) mail { s.At(sec); return s }

func (s mail) add(host string, b trace.Body) mail { s.Add(host, b); return s }

func (s mail) accepts(node string, n int, to ...string) mail { s.Accepts(node, n, to...); return s }

func (s mail) mended(cable string) mail { s.Fault("plug", cable); return s }

func (s mail) lies(file string) mail { s.Lies(file); return s }

func (s mail) moves(from, to string) mail { s.Moves(from, to); return s }

func (s mail) removes(file string) mail { s.Removes(file); return s }

func (s mail) reports(node, file string) mail { s.Reports(node, file); return s }

// relays is a node knowing that the first message was taken.
func (s mail) relays(node string, to string) mail {
	return s.add(node, trace.MailRelay{ID: story.Entry("active", 1), To: to})
}

// taken is the server outside taking the first message from a node.
func (s mail) taken(from, to string) mail { s.Takes250(story.Entry("active", 1), from, to); return s }

// delivered is the first message moving into a mailbox and lying there.
func (s mail) delivered(box string) mail { return s.moves(first, box+"/1-active.001") }

// got is bob having got the first message.
func (s mail) got() mail { return s.add("pc", trace.MailFetch{User: "BOB", MessageID: "1"}) }

func (s mail) audited() *trace.Trace { return s.at(590).add("", trace.MailAudit{}).End(600) }

const (
	bob   = "Bob@example.com"
	out   = "carol@example.net"
	first = "queue/1-active.001"
	boxed = "inbox/bob/1-active.001"
)

// "each acceptance is delivered exactly once, or still queued, or bounced: never lost, never twice". What lies there
// counts, and what the share and others did, whatever the nodes wrote down.
func TestP5_EachCopyHasOneFate(t *testing.T) {
	for name, c := range map[string]struct {
		tell func(s mail) mail
		want finding.Verdict
	}{
		"in its mailbox":            {func(s mail) mail { return s.lies(boxed) }, Pass},
		"in a folder of its user's": {func(s mail) mail { return s.lies("inbox/bob/old/1-active.001") }, Pass},
		"moved there by its reader": {func(s mail) mail {
			return s.delivered("inbox/bob").moves(boxed, "inbox/bob/old/7").lies("inbox/bob/old/7")
		}, Pass},
		"in its domain's mailbox": {func(s mail) mail { return s.lies("inbox/example.com/bob/1-active.001") }, Pass},
		"below the work folder":   {func(s mail) mail { return s.lies("work/inbox/bob/1-active.001") }, Pass},
		"still queued":            {func(s mail) mail { return s.lies(first) }, Pass},
		"bounced": {func(s mail) mail {
			return s.reports("active", "1-active.001").removes(first).lies("queue/1-active-r001.001")
		}, Pass},
		"bounced, and the report not removed yet": {func(s mail) mail {
			return s.reports("active", "1-active.001").lies("queue/1-active-r001.001").lies(first)
		}, Pass},
		"bounced, and the report is gone": {func(s mail) mail { return s.reports("active", "1-active.001").removes(first) }, Fail},
		"read and deleted":                {func(s mail) mail { return s.delivered("inbox/bob").got().removes(boxed) }, Pass},
		"deleted, and nobody had got it":  {func(s mail) mail { return s.delivered("inbox/bob").removes(boxed) }, Fail},
		"nowhere":                         {func(s mail) mail { return s }, Fail},
		"taken out of the queue":          {func(s mail) mail { return s.removes(first) }, Fail},
		"in another's mailbox":            {func(s mail) mail { return s.lies("inbox/bobby/1-active.001") }, Fail},
		"another message is there":        {func(s mail) mail { return s.lies("inbox/bob/2-active.001") }, Fail},
		"a file that is no message": {func(s mail) mail {
			return s.add("", trace.MailStock{Place: trace.Damaged, File: boxed, ID: "1-active"})
		}, Fail},
		"EPSTDS says so, the share not": {func(s mail) mail {
			return s.add("active", trace.MailDeliver{ID: "1-active", To: bob, Box: "inbox/bob"})
		}, Fail},
		"twice":                    {func(s mail) mail { return s.lies(boxed).lies(boxed) }, Fail},
		"deleted, and there again": {func(s mail) mail { return s.delivered("inbox/bob").got().removes(boxed).lies(boxed) }, Fail},
		"delivered and bounced": {func(s mail) mail {
			return s.reports("active", "1-active.001").lies("queue/1-active-r001.001").lies(boxed)
		}, Fail},
		"delivered and still queued": {func(s mail) mail { return s.lies(boxed).lies(first) }, Fail},
	} {
		t.Run(name, func(t *testing.T) {
			wants(t, "P5", c.want, c.tell(mailAt(10).accepts("active", 1, bob)).audited(), "P5: "+name)
		})
	}
}

// What the share has put somewhere and has not got is the share's fault, and fails all the same (M6).
func TestP5_AShareThatLies(t *testing.T) {
	lost := wants(t, "P5", Fail, mailAt(10).accepts("active", 1, bob).delivered("inbox/bob").audited(), "M6: gone by itself.")
	require.Equal(t, &finding.Note{Kind: "why.share"}, lost.Findings[0].Because)
	risen := mailAt(10).accepts("active", 1, bob).delivered("inbox/bob").got().removes(boxed).lies(boxed)
	require.Equal(t, &finding.Note{Kind: "why.share"}, wants(t, "P5", Fail, risen.audited(), "M6: back by itself.").Findings[0].Because)
	for id, want := range map[string]*finding.Note{"": {Kind: "why.share"}, "1": nil} {
		read := mailAt(10).accepts("active", 1, bob).delivered("inbox/bob").removes(boxed)
		read.add("active", trace.MailExpunge{Box: "inbox/bob", ID: "1-active", MessageID: id})
		require.Equal(t, want, wants(t, "P5", Fail, read.audited(), "M6: an empty file was read and deleted, or a message that nobody got.").Findings[0].Because)
	}
	removed := mailAt(10).accepts("active", 1, bob).removes(first)
	require.Nil(t, wants(t, "P5", Fail, removed.audited(), "P5: somebody asked for that.").Findings[0].Because)
}

// A reader is told of a deletion once it is done, and once (M1).
func TestP5_ToldDeletedAndKept(t *testing.T) {
	told := func(s mail, times int) mail {
		for range times {
			s.add("active", trace.MailExpunge{Box: "inbox/bob", ID: "1-active", MessageID: "1"})
		}
		return s
	}
	box := func() mail { return mailAt(10).accepts("active", 1, bob).delivered("inbox/bob").got() }
	wants(t, "P5", Pass, told(box().removes(boxed), 1).audited(), "M1: deleted, then told.")
	for _, s := range []mail{told(box(), 1).removes(boxed), told(box().removes(boxed), 2)} {
		require.Equal(t, finding.Kind("p5.kept"), wants(t, "P5", Fail, s.audited(), "M1: told of what was not deleted.").Findings[0].Kind)
	}
}

// What a reader is told is deleted is gone, or the share has lost it; another message of the name may be there (M1).
func TestP5_ReaderToldInVain(t *testing.T) {
	told := func(s mail, names ...string) mail {
		s.add("client", trace.MailPoll{User: "bob", By: trace.POP3, Gone: names})
		return s
	}
	box := func() mail { return mailAt(10).accepts("active", 1, bob).delivered("inbox/bob").got() }
	vain := func(s mail, why string) {
		t.Helper()
		require.Equal(t, []finding.Finding{{
			Note:    finding.Note{Kind: "p5.kept-told", At: seconds(10), Until: seconds(10), Client: "client", Text: "1", Rules: []string{"M1"}},
			Verdict: Fail,
		}}, wants(t, "P5", Fail, s.audited(), why).Findings)
	}
	wants(t, "P5", Pass, told(box().removes(boxed), "1").audited(), "M1: deleted, then told.")
	wants(t, "P5", Pass, told(told(box().removes(boxed), "1"), "1").audited(), "M1: by two programs, or told again: it is gone.")
	wants(t, "P5", Pass, told(box().removes(boxed), "1", "", "2").audited(), "What has no name, and what nobody sent, is not followed.")
	vain(told(box(), "1").lies(boxed), "M1: it lies there in the end.")
	vain(told(box(), "1").removes(boxed), "M1: it was deleted only later.")
	lost := wants(t, "P5", Fail, told(box(), "1").audited(), "M6: the share has lost it.")
	require.Equal(t, finding.Kind("p5.lost"), lost.Findings[0].Kind, "M1: so it is gone.")
}

// Who has a namesake in another domain is told of his own mailbox: where domains have folders of their own, what the other one
// has deleted, or keeps, is no matter (M5).
func TestP5_ANamesakeToldInVain(t *testing.T) {
	const sake = "bob@example.org"
	told := func(s mail, who string) mail {
		return s.add("client", trace.MailPoll{User: who, By: trace.POP3, Gone: []string{"1"}})
	}
	got := func(s mail, who string) mail { return s.add("client", trace.MailFetch{User: who, MessageID: "1"}) }
	both := func(mine, sakes string) mail {
		s := mailAt(10).accepts("active", 1, bob, sake).moves("queue/tmp/1-active.001", mine).moves("queue/tmp/1-active.002", sakes)
		return got(got(s, bob), sake)
	}
	const own, others = "inbox/example.com/bob/1-active.001", "inbox/bob/1-active.002"
	kept := func(s mail, why string) {
		t.Helper()
		require.Equal(t, finding.Kind("p5.kept-told"), wants(t, "P5", Fail, s.audited(), why).Findings[0].Kind)
	}
	wants(t, "P5", Pass, told(both(own, others).removes(own), bob).lies(others).audited(), "M5: his is gone.")
	wants(t, "P5", Pass, told(both(own, others).removes(others), sake).lies(own).audited(), "M5: the other's, too.")
	kept(told(both(own, others).removes(others), bob).lies(own), "M1: the other one's is gone.")
	kept(told(both(own, others).removes(own), sake).lies(others), "M1: and the other way.")
	wants(t, "P5", Pass, told(both(own, others).removes(own), "bob").lies(others).audited(), "M5: either, by the address that he connects to.")
	const one, two = "inbox/bob/1-active.001", "inbox/bob/1-active.002"
	wants(t, "P5", Pass, told(both(one, two).removes(two), bob).lies(one).audited(), "M5: they have one mailbox.")
}

// Of several recipients each is judged.
func TestP5_EachRecipient(t *testing.T) {
	s := mailAt(10).accepts("active", 1, bob, out).moves("queue/tmp/1-active.001", first).moves("queue/tmp/1-active.002", "queue/1-active.002")
	s.at(12).removes(first).at(20).taken("active", out).removes("queue/1-active.002")
	r := wants(t, "P5", Fail, s.audited(), "P5: bob's copy is lost.")
	require.Equal(t, []finding.Finding{{
		Note:    finding.Note{Kind: "p5.lost", At: seconds(10), Until: seconds(600), Node: "active", Text: "1", Client: bob, Rules: []string{"M6"}},
		Verdict: Fail,
	}}, r.Findings, "A finding says which message, for whom, and who accepted it.")
	require.Equal(t, 2, r.Judged)

	waits := mailAt(10).accepts("active", 1, bob, out).lies("queue/tmp/1-active.001").lies("queue/tmp/1-active.002")
	wants(t, "P5", Pass, waits.audited(), "M6: an acceptance that nobody has split counts.")
}

// Another domain's server says by itself what it took: once is right.
func TestP5_OtherDomains(t *testing.T) {
	accepted := func() mail { return keptToVIP(10).accepts("active", 1, out).at(20) }
	require.Empty(t, wants(t, "P5", Pass, accepted().taken("active", out).removes(first).audited(), "P5: taken once.").Left)
	wants(t, "P5", Pass, accepted().taken("active", out).lies(first).audited(), "P5: it has to leave the queue yet.")
	wants(t, "P5", Fail, accepted().relays("active", out).removes(first).audited(), "P5: EPSTDS says it was taken, the other server does not.")
	twice := accepted().taken("active", out).at(21).relays("active", out).at(22).taken("active", out).relays("active", out)
	require.Nil(t, wants(t, "P5", Fail, twice.audited(), "P5: the same node sent it twice.").Findings[0].Because)

	lost250 := accepted().taken("active", out).at(70).taken("active", out).relays("active", out).removes(first)
	r := wants(t, "P5", NotApplicable, lost250.audited(), "P5: the 250 of the first was lost.")
	require.Equal(t, &finding.Note{Kind: "why.lost-250"}, reason(t, r))
	require.Equal(t, []finding.Note{{Kind: "copy.taken", N: 2}}, r.Left[0].Parts, "Where the copies are is said.")
}

// What no mail server can prevent is counted, by its cause.
func TestP5_WhatCannotBePrevented(t *testing.T) {
	over := func(s mail) mail { // the VIP goes from active to standby
		s.At(25).Holds("active", trace.Absent).At(55).Holds("standby", trace.Preferred)
		return s
	}
	accepted := func() mail { return keptToVIP(10).accepts("active", 1, out).at(20) }
	for name, c := range map[string]struct {
		tell mail
		want *finding.Note
	}{
		"it lost the VIP before it could remove it": {
			over(accepted().taken("active", out).relays("active", out)).at(60).taken("standby", out).relays("standby", out),
			&finding.Note{Kind: "why.not-removed", Node: "active"},
		},
		"its services died before": {
			mail{accepted().taken("active", out).relays("active", out).Fault("kill-mail", "active")}.at(30).taken("active", out).relays("active", out),
			&finding.Note{Kind: "why.not-removed", Node: "active"},
		},
		"its services died before, and the share did last what they had asked for": {
			mail{mail{accepted().Fault("kill-mail", "active")}.at(21).reports("active", "1-active.001").At(22).Fault("start-mail", "active")}.at(30).taken("active", out).lies("queue/1-active-r001.001"),
			&finding.Note{Kind: "why.not-removed", Node: "active"},
		},
		"it was frozen in the middle, and went on": {
			mail{over(mail{accepted().Power("active", trace.Frozen)}).at(60).taken("standby", out).relays("standby", out).At(90).Power("active", trace.On)}.at(91).taken("active", out),
			&finding.Note{Kind: "why.resumed", Node: "active"},
		},
		"it was cut off in the middle, and went on": {
			over(mail{accepted().Fault("unplug", "active")}).at(60).taken("standby", out).relays("standby", out).at(70).mended("active").at(71).taken("active", out).relays("active", out),
			&finding.Note{Kind: "why.resumed", Node: "active"},
		},
		"what held it up was over when it lost the VIP": {
			over(mail{accepted().Fault("unplug", "active").At(23)}.mended("active")).at(60).taken("active", out).relays("active", out).at(61).taken("standby", out).relays("standby", out),
			&finding.Note{Kind: "why.resumed", Node: "active"},
		},
		"its link went and came back before it lost the VIP": {
			over(mail{mail{accepted().Fault("unplug", "active").Holds("active", trace.Tentative).At(22)}.mended("active").At(24).Holds("active", trace.Preferred)}).at(60).taken("active", out).relays("active", out).at(61).taken("standby", out).relays("standby", out),
			&finding.Note{Kind: "why.resumed", Node: "active"},
		},
		"it reported it, died, and the next could deliver": {
			over(accepted().reports("active", "1-active.001")).at(60).taken("standby", out).relays("standby", out).lies("queue/1-active-r001.001"),
			&finding.Note{Kind: "why.not-removed", Node: "active"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, reason(t, wants(t, "P5", NotApplicable, c.tell.audited(), "P5: "+name)))
		})
	}
}

// A node that has lost the VIP, and that nothing has held up since, has no business with the queue (M4).
func TestP5_SentWithoutTheVIP(t *testing.T) {
	lost := func() mail {
		s := keptToVIP(10).accepts("active", 1, out)
		s.At(25).Holds("active", trace.Absent).At(55).Holds("standby", trace.Preferred)
		return s.at(60)
	}
	before := keptToVIP(5)
	before.Fault("unplug", "active").Fault("plug", "active")
	before = before.at(10).accepts("active", 1, out)
	before.At(25).Holds("active", trace.Absent).At(55).Holds("standby", trace.Preferred)
	for name, tell := range map[string]mail{
		"what was over before it came": before.at(60).taken("active", out).relays("active", out).at(91).taken("standby", out).relays("standby", out),
		"after the holder":             lost().taken("standby", out).relays("standby", out).at(91).taken("active", out).relays("active", out),
		"before the holder":            lost().taken("active", out).relays("active", out).at(91).taken("standby", out).relays("standby", out),
	} {
		require.Nil(t, wants(t, "P5", Fail, tell.audited(), "P5: "+name).Findings[0].Because, name)
	}
}

// M4: without LogicalIP both nodes' EPSTDS work on the queue: a double that can be prevented. While both hold the VIP,
// that is so with it too: counted and named.
func TestP5_BothNodesDeliver(t *testing.T) {
	double := func(s *story.Story) mail {
		m := mail{s}.at(100).accepts("active", 1, out).at(110).taken("active", out).relays("active", out)
		return m.at(110.2).taken("standby", out).relays("standby", out).removes(first)
	}
	r := wants(t, "P5", Fail, double(story.Guide()).audited(), "P5: the standby has no business with the queue.")
	require.Equal(t, finding.Kind("p5.doubled"), r.Findings[0].Kind)
	require.Equal(t, &finding.Note{Kind: "why.m4", Node: "standby", Rules: []string{"M4"}}, r.Findings[0].Because)
	split := story.Guide().At(90).Holds("standby", trace.Preferred).At(120).Holds("standby", trace.Absent)
	r = wants(t, "P5", NotApplicable, double(split).audited(), "P5: split brain.")
	require.Equal(t, &finding.Note{
		Kind: "why.split", Node: "active", Peer: "standby", At: seconds(90), Until: seconds(120), Rules: []string{"P3"},
	}, reason(t, r))
	bound := keptToVIP(0)
	r = wants(t, "P5", Fail, double(bound.Story).audited(), "P5: it never held the VIP.")
	require.Nil(t, r.Findings[0].Because)
}

// "A client that lost the 250 and sends again makes a second acceptance: counted apart." It is one also where the node
// died before it could say so.
func TestP5_SentAgain(t *testing.T) {
	s := mailAt(10).accepts("active", 1, bob).at(70)
	s.AcceptsAs("9-standby", "standby", "1", bob)
	r := wants(t, "P5", Pass, s.lies(boxed).lies("inbox/bob/9-standby.001").audited(), "P5: two acceptances, two copies.")
	require.Equal(t, finding.Note{Kind: "p5.again", N: 1}, r.Left[0].Note)
}

// A client that was told 250 must be right.
func TestP5_A250BindsTheService(t *testing.T) {
	said := func(s mail, code int) mail { return s.at(15).add("pc", trace.MailSend{MessageID: "1", Code: code}) }
	wants(t, "P5", Pass, said(mailAt(10).accepts("active", 1, bob), 250).lies(boxed).audited(), "P5")
	wants(t, "P5", Fail, said(mailAt(10), 250).at(16).accepts("active", 1, bob).lies(boxed).audited(), "P5: it came later.")
	r := wants(t, "P5", Fail, said(mailAt(10), 250).audited(), "P5: 250, and no service has it.")
	require.Equal(t, finding.Note{Kind: "p5.told", Client: "pc", At: seconds(15), Until: seconds(600), Text: "1", Rules: []string{"M6"}}, r.Findings[0].Note)
	wants(t, "P5", NotApplicable, said(mailAt(10), 451).audited(), "P5: nothing was promised.")
}

// Who is called alike in another domain reads no mailbox that lies below this one, though the same letter may be for both.
func TestP5_ANamesakeReadsAnotherMailbox(t *testing.T) {
	gone := func(box, reader string) mail {
		s := mailAt(10).accepts("active", 1, bob).delivered(box).add("pc", trace.MailFetch{User: reader, MessageID: "1"})
		return s.removes(box + "/1-active.001")
	}
	for _, reader := range []string{"bob", "BOB@example.com"} {
		wants(t, "P5", Pass, gone("inbox/example.com/bob", reader).audited(), "M5: it is his.")
	}
	wants(t, "P5", Pass, gone("inbox/bob", "bob@example.org").audited(), "M5: without domains' folders one name is one mailbox.")
	r := wants(t, "P5", Fail, gone("inbox/example.com/bob", "bob@example.org").audited(), "M5: nobody has read it.")
	require.Equal(t, finding.Kind("p5.lost"), r.Findings[0].Kind)
}

// It binds it for each recipient that it has answered with 250 too, whatever it says itself of whom it took the message for.
func TestP5_A250BindsTheServiceForEachRecipient(t *testing.T) {
	const namesake = "bob@example.org"
	said := func(s mail, to, refused string) mail {
		return s.at(15).add("pc", trace.MailSend{MessageID: "1", To: to, Refused: refused, Code: 250})
	}
	one := func() mail { return mailAt(10).accepts("active", 1, bob) }
	wants(t, "P5", Pass, said(one(), "BOB@Example.com", "").lies(boxed).audited(), "P5: case is no matter.")
	wants(t, "P5", Pass, said(one(), bob+", "+namesake, namesake).lies(boxed).audited(), "P5: it was told that there is no such user.")
	for _, renamed := range []string{"Postmaster@example.com", "bob@[192.168.10.202]"} {
		wants(t, "P5", Pass, said(one(), renamed, "").lies(boxed).audited(), "P5: who that is the service knows.")
	}
	two := mailAt(10).accepts("active", 1, bob, namesake)
	wants(t, "P5", Pass, said(two, bob+", "+namesake, "").lies(first).lies("queue/1-active.002").audited(), "P5")

	r := wants(t, "P5", Fail, said(one(), bob+", "+namesake+", "+out, "").lies(boxed).audited(), "P5: two are forgotten.")
	require.Len(t, r.Findings, 2)
	require.Equal(t, finding.Note{Kind: "p5.told-for", Client: "pc", Peer: namesake, At: seconds(15), Until: seconds(600), Text: "1", Rules: []string{"M6"}}, r.Findings[0].Note)
	require.Equal(t, out, r.Findings[1].Peer)
	late := said(one(), bob+", "+out, "").at(16)
	late.AcceptsAs("9-standby", "standby", "1", out)
	wants(t, "P5", Fail, late.lies(boxed).lies("queue/9-standby.001").audited(), "P5: it came later.")
}

func TestP5_NoAuditIsNoData(t *testing.T) {
	r := wants(t, "P5", Inconclusive, mailAt(10).accepts("active", 1, bob).lies(boxed).End(600), "P5: the share was not looked at.")
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
	sent := func(one, then float64, node string) *trace.Trace {
		m := mail{split()}.at(80).accepts("active", 1, out).at(one).taken("active", out).relays("active", out)
		return m.at(then).taken(node, out).relays(node, out).removes(first).audited()
	}
	wants(t, "P5", NotApplicable, sent(110, 110.2, "standby"), "M4: both work on the queue.")
	wants(t, "P5", NotApplicable, sent(85, 119, "standby"), "M4: the second one in it.")
	wants(t, "P5", Fail, sent(130, 140, "standby"), "P5: the split brain was over.")
	wants(t, "P5", Fail, sent(110, 111, "active"), "P5: one node sent it twice.")
}

// A report is founded on an answer for good, or on the age of the copy's file by the clock of the node that gives it up.
func TestP5_AReportIsFounded(t *testing.T) {
	gone := func(at float64, ground trace.BounceGround, code int, then ...trace.Body) mail {
		s := mailAt(10)
		s.Every(func(n *trace.Node) { n.RetryFor = 5 * time.Minute })
		s.add("share", trace.MailFile{Do: trace.FileCreated, File: "queue/tmp/1-active.001"}).at(11).accepts("active", 1, out)
		for i, b := range then {
			s.at(20+float64(i)).add("active", b)
		}
		s.at(at).reports("active", "1-active.001").removes(first).lies("queue/1-active-r001.001")
		return s.add("active", trace.MailBounce{ID: "1-active", To: out, Ground: ground, Code: code})
	}
	hour := func(n time.Duration) trace.Body { return trace.Clock{Step: n * time.Hour} }
	for name, tell := range map[string]mail{
		"refused for good":              gone(30, trace.GroundAnswer, 550),
		"old enough":                    gone(310, trace.GroundAge, 451),
		"old enough, and never heard":   gone(310, trace.GroundAge, 0),
		"old by a clock that is wrong":  gone(30, trace.GroundAge, 451, hour(1)),
		"old by a clock that was wrong": gone(30, trace.GroundAge, 451, hour(1), hour(-1)),
		"no such user here":             gone(30, trace.GroundUser, 0),
		"it went round":                 gone(30, trace.GroundLoop, 0),
		"the trace does not tell":       gone(30, "", 0),
	} {
		wants(t, "P5", Pass, tell.audited(), "M6: "+name)
	}
	for kind, tell := range map[finding.Kind]mail{
		"p5.deferred":  gone(30, trace.GroundAnswer, 451),
		"p5.unfounded": gone(30, trace.GroundAge, 0),
	} {
		require.Equal(t, kind, wants(t, "P5", Fail, tell.audited(), "M6").Findings[0].Kind)
	}
	early := wants(t, "P5", Fail, gone(309, trace.GroundAge, 451).audited(), "M6: a second too early.")
	require.Equal(t, finding.Note{
		Kind: "p5.deferred", Node: "active", Client: out, Text: "1", At: seconds(309), Until: seconds(309), Time: seconds(299),
		Want: finding.Band{Least: seconds(300), Most: seconds(300)}, N: 451, Rules: []string{"M6"},
	}, early.Findings[0].Note)
	slow := trace.Drift{PPM: -20000}
	wants(t, "P5", Pass, gone(311, trace.GroundAge, 451, slow).audited(), "M6: who goes by the ticks does not notice that the clock is slow.")
	wants(t, "P5", Fail, gone(309, trace.GroundAge, 451, slow).audited(), "M6: a second too early is so all the same.")
	wants(t, "P5", Pass, gone(309, trace.GroundAge, 451, trace.Drift{PPM: 20000}).audited(), "M6: a fast clock has it older.")
}
