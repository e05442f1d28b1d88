package facts

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

const bob = "bob@example.com"

var smtp = netip.AddrPortFrom(vip, 25)

func mailOf(s *story.Story) *finding.Mail { return Read(s.End(600)).Mail }

func TestMail_NobodyUsedAny(t *testing.T) {
	require.Nil(t, mailOf(story.Guide()))
}

func TestMail_Delays(t *testing.T) {
	s := story.Guide().At(10).Accepts("active", 1, bob).Accepts("active", 2, bob)
	m := mailOf(s.At(12.5).Moves("queue/1-active.001", "inbox/bob/1-active.001"))
	require.Len(t, m.Copies, 2)
	require.Equal(t, "active", m.Copies[0].Node)
	require.Len(t, m.Delays(), 1)
	require.Equal(t, seconds(2.5), m.Delays()[0])
}

// tries tells of tries of pc to send: when each ended, what it came to and how long it took.
func tries(s *story.Story, all ...[3]any) *story.Story {
	for _, one := range all {
		b := trace.MailSend{MessageID: "1", Server: smtp, Code: one[1].(int), Took: seconds(one[2].(float64))}
		if b.Code != 250 {
			b.Stage = trace.AtConnect
		}
		s.At(one[0].(float64)).Add("pc", b)
	}
	return s
}

// A recipient who is refused where others are taken is a failure, though the try is none.
func TestMail_ARefusedRecipient(t *testing.T) {
	m := mailOf(story.Guide().At(10).Add("pc", trace.MailSend{MessageID: "1", To: "a@x, b@x, c@x", Refused: "a@x, c@x", Denial: 550, Server: smtp, Code: 250}))
	require.Equal(t, []finding.MailFailure{{Stage: trace.AtRcpt, Code: 550, Count: 1}}, m.Failures)
	require.Equal(t, []finding.Told{{Client: "pc", MessageID: "1", To: []string{"b@x"}, At: seconds(10)}}, m.Told)
	require.Empty(t, m.Downs)
}

// Mail is down for a client from the start of its first try that fails for a passing reason, or waits long, to
// the next acceptance that it is told of.
func TestMail_Downs(t *testing.T) {
	for name, c := range map[string]struct {
		tell *story.Story
		want []finding.Span
		open bool
	}{
		"all is well":                {tries(story.Guide(), [3]any{10.0, 250, 0.1}, [3]any{20.0, 250, 0.1}), nil, false},
		"no answer, then one":        {tries(story.Guide(), [3]any{10.0, 250, 0.1}, [3]any{30.0, 0, 9.0}, [3]any{31.0, 250, 0.1}), []finding.Span{span(21, 31)}, false},
		"a passing refusal":          {tries(story.Guide(), [3]any{30.0, 451, 0.1}, [3]any{60.0, 250, 0.1}), []finding.Span{span(29.9, 60)}, false},
		"a lasting one is an answer": {tries(story.Guide(), [3]any{30.0, 550, 0.1}, [3]any{60.0, 250, 0.1}), nil, false},
		"a long wait":                {tries(story.Guide(), [3]any{30.0, 250, 1.0}), []finding.Span{span(29, 30)}, false},
		"it does not end":            {tries(story.Guide(), [3]any{30.0, 0, 9.0}, [3]any{40.0, 0, 9.0}), []finding.Span{span(21, 600)}, true},
		"before time 0 nobody minds": {tries(story.Guide(), [3]any{-20.0, 0, 9.0}, [3]any{-1.0, 250, 0.1}), nil, false},
	} {
		var got []finding.Span
		for _, d := range mailOf(c.tell).Downs {
			require.Equal(t, finding.MailRoute{Client: "pc", Server: smtp}, d.MailRoute, name)
			require.Equal(t, c.open, d.Open, name)
			got = append(got, finding.Span{From: d.From, To: d.To})
		}
		require.Equal(t, c.want, got, name)
	}
	m := mailOf(tries(story.Guide(), [3]any{30.0, 0, 1.0}, [3]any{40.0, 451, 1.0}, [3]any{50.0, 0, 1.0}))
	both := []finding.MailFailure{{Stage: trace.AtConnect, Count: 2}, {Stage: trace.AtConnect, Code: 451, Count: 1}}
	require.Equal(t, both, m.Failures, "tries that failed alike are counted")
	require.Equal(t, both, m.Downs[0].Failures)
}

// The fault behind a time without mail is that of the VIP's outage, or what mail needs besides.
func TestMail_TheFaultBehindADown(t *testing.T) {
	down := func(s *story.Story) *story.Story { return tries(s, [3]any{100.0, 0, 30.0}, [3]any{120.0, 250, 0.1}) }
	share := func() *story.Story {
		s := story.Guide()
		s.Header.Others = []trace.Other{{Name: "share", What: "share"}}
		s.Header.Cables = append(s.Header.Cables, trace.Cable{Name: "share", A: "share", B: "sw"})
		return s
	}
	for name, c := range map[string]struct {
		tell *story.Story
		want int
	}{
		"the VIP's outage":      {down(story.Guide().At(50).Fault("disk", "", "full").At(60).Unplug("active").At(94).Takes("standby")), 2},
		"another VIP's outage":  {down(otherVIP(story.Guide()).At(60).Fault("kill-mail", "active").At(61).Unplug("active").At(94).Takes("standby")), 1},
		"the share's cable":     {down(share().At(50).Fault("unplug", "share")), 1},
		"the disk":              {down(share().At(50).Fault("disk", "", "full")), 1},
		"the services":          {down(share().At(50).Fault("kill-mail", "active")), 1},
		"of two the latest":     {down(share().At(40).Fault("disk", "", "read-only").At(50).Fault("share-account", "", "changed")), 2},
		"at its start":          {down(share().At(50).Fault("disk", "", "full").At(90).Fault("kill-mail", "active").At(95).Unplug("active").At(105).Plug("active", trace.Preferred)), 1},
		"later, as nothing was": {down(share().At(80).Fault("disk", "", "full").At(90).Fault("kill-mail", "active")), 1},
		"EPSTDS accepts none":   {down(share().At(50).Fault("share-account", "", "changed").At(60).Fault("stop-mail", "active", "EPSTDS")), 1},
		"EPSTRS of the slave":   {down(share().At(50).Fault("disk", "", "full").At(60).Fault("stop-mail", "standby", "EPSTRS")), 1},
		"a lying disk accepts":  {down(share().At(50).Fault("disk", "", "lying")), 0},
		"nothing that mail has": {down(share().At(50).Fault("block-echo", "pc")), 0},
		"what was mended":       {down(share().At(20).Fault("disk", "", "full").At(30).Fault("disk", "", "ok")), 0},
	} {
		require.Equal(t, c.want, mailOf(c.tell).Downs[0].Fault, name)
	}
}

// What else is in force when mail stops is named beside the fault, as it is with an outage.
func TestMail_OtherFaultsInForce(t *testing.T) {
	s := story.Guide().At(10).Fault("disk", "", "full").At(20).Fault("disk", "", "ok")
	s.At(30).Fault("stop-mail", "active", "EPSTDS").At(40).Fault("disk", "", "read-only").At(90).Fault("kill-mail", "standby")
	d := mailOf(tries(s, [3]any{100.0, 0, 30.0})).Downs[0]
	require.Equal(t, []any{4, []int{3}}, []any{d.Fault, d.Also})
}

// otherVIP moves the cluster's stories to a VIP that mail does not use.
func otherVIP(s *story.Story) *story.Story {
	s.Header.VIPs = []trace.VIP{{Address: netip.MustParseAddr("192.168.10.203")}}
	return s
}

// What the share holds at the end is known once it was looked at.
func TestMail_Audited(t *testing.T) {
	s := story.Guide().At(10).Accepts("active", 1, bob)
	require.False(t, mailOf(s).Audited)
	require.True(t, mailOf(s.At(590).Add("", trace.MailAudit{})).Audited)
}

func TestTasks_ASkippedRunKnowsWhatIsInItsWay(t *testing.T) {
	s := story.Guide().At(10).Add("active", trace.Task{Name: "cure", State: trace.TaskStarted, Trigger: trace.TriggerStartup})
	s.At(12).Add("active", trace.Task{Name: "cure", State: trace.TaskSkipped, Trigger: "event IPWCS 100"})
	all := Read(s.End(100)).Tasks
	require.Len(t, all, 2)
	require.Equal(t, finding.Task{
		At: seconds(12), Host: "active", Task: trace.Task{Name: "cure", State: trace.TaskSkipped, Trigger: "event IPWCS 100"},
		Since: seconds(10), By: trace.TriggerStartup,
	}, all[1])
}

func TestMail_Counts(t *testing.T) {
	s := story.Guide().At(10).Add("pc", trace.MailFetch{}).Add("pc", trace.MailFetch{}).Add("pc", trace.MailPoll{New: 2})
	s.Add("pc", trace.MailPoll{Stage: trace.AtLogin}).Add("active", trace.MailSession{End: trace.BrokenEnd}).Add("active", trace.MailSession{End: trace.QuitEnd})
	s.AcceptsAs("1-active", "active", "m", bob, "c@example.net")
	m := mailOf(s.At(20).AcceptsAs("2-standby", "standby", "m", bob))
	require.Equal(t, []int{2, 1, 1, 1, 3}, []int{m.Read, m.Unread, m.Broken, m.Again, len(m.Copies)})
	require.Equal(t, []bool{false, false, true}, []bool{m.Copies[0].Again, m.Copies[1].Again, m.Copies[2].Again})
	nameless := story.Guide().At(10).AcceptsAs("1-active", "active", "", bob).AcceptsAs("2-active", "active", "", bob)
	require.Zero(t, mailOf(nameless).Again, "of messages without a name nobody can tell")
}

// M5: whose mail lies where no login of theirs leads is told: who logs in without the domain was taken for another one's user.
// One that says the domain, or has got it, is not.
func TestMail_PassedByALoginWithoutItsDomain(t *testing.T) {
	lies := func() *story.Story {
		s := story.Guide().At(10).Accepts("active", 1, bob).At(12).Moves("queue/1-active.001", "inbox/bob/1-active.001")
		return s.At(300).Lies("inbox/bob/1-active.001").Add("", trace.MailAudit{})
	}
	require.Equal(t, []finding.Passed{{To: bob, N: 1}}, mailOf(lies().At(30).Add("pc", trace.MailPoll{User: "Bob"})).Passed)
	require.Empty(t, mailOf(lies().At(11).Add("pc", trace.MailPoll{User: "bob"})).Passed, "it came later")
	require.Empty(t, mailOf(lies().At(30).Add("pc", trace.MailPoll{User: "bob", Stage: trace.AtLogin})).Passed, "the look failed")
	require.Empty(t, mailOf(lies().At(30).Add("pc", trace.MailPoll{User: "bob"}).Add("pc", trace.MailPoll{User: bob})).Passed)
	require.Empty(t, mailOf(lies().At(30).Add("pc", trace.MailFetch{User: "bob", MessageID: "1"}).Add("pc", trace.MailPoll{User: "bob"})).Passed)
}
