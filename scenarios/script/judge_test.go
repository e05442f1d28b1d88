package script

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
	"ipwsim/sim/trace"
)

func event(source string, id int) trace.Event { return trace.Event{Source: source, ID: id} }

func pipe(answer trace.PipeAnswer) trace.Pipe { return trace.Pipe{VIP: vip, Answer: answer} }

// failed is a request that nobody answered, with Windows' words.
func failed(why string) trace.Pipe { return trace.Pipe{VIP: vip, Answer: trace.NoAnswer, Error: why} }

// comes is the share taking a message into the queue, which its sender named so.
func (s tale) comes(n int, name string) tale {
	return s.add("share", trace.MailFile{
		Do: trace.FileMoved, File: fmt.Sprintf("queue/tmp/%d.001", n), To: fmt.Sprintf("queue/%d.001", n),
		Mail: &trace.MailEnvelope{From: "a@example.com", To: []string{"b@example.com"}, MessageID: name},
	})
}

// reported is the same of the report on message 0.
func (s tale) reported() tale {
	return s.add("share", trace.MailFile{Do: trace.FileMoved, File: "queue/tmp/0-r001.001", To: "queue/0-r001.001", Mail: &trace.MailEnvelope{To: []string{"a@example.com"}}}).
		add("share", trace.MailStock{Place: trace.InQueue, File: "queue/0-r001.001"})
}

// mails is the share taking a message into the queue at each of the times, numbered from 0.
func mails(at ...float64) tale {
	s := guide()
	for i, when := range at {
		s.at(when).comes(i, fmt.Sprint(i))
	}
	return s.at(99).add("", trace.MailAudit{}).at(30)
}

// waits is message n in the queue, as the audit finds it.
func (s tale) waits(n int) tale {
	return s.add("share", trace.MailStock{Place: trace.InQueue, File: fmt.Sprintf("queue/%d.001", n), ID: fmt.Sprint(n), To: "b@example.com", MessageID: fmt.Sprint(n)})
}

// lies is the same in its mailbox.
func (s tale) lies(n int) tale {
	return s.add("share", trace.MailStock{Place: trace.InMailbox, File: fmt.Sprintf("inbox/b/%d.001", n), Box: "inbox/b", ID: fmt.Sprint(n), MessageID: fmt.Sprint(n)})
}

// served is messages put into their mailbox at a time, where they stay.
func (s tale) served(at float64, all ...int) tale {
	for _, n := range all {
		s.at(at).add("active", trace.MailDeliver{ID: fmt.Sprint(n), To: "b@example.com", Box: "inbox/b"}).lies(n)
		s.add("share", trace.MailFile{Do: trace.FileMoved, File: fmt.Sprintf("queue/%d.001", n), To: fmt.Sprintf("inbox/b/%d.001", n)})
	}
	return s
}

func knocks(o trace.ConnectOutcome) tale {
	return guide().at(20).add("client", trace.Connect{Server: netip.MustParseAddrPort("192.168.10.202:25"), Outcome: o})
}

// Each expectation holds for the one trace and does not for its broken twin.
var twins = []struct {
	expect    string
	twin      string // what is different
	good, bad tale
	seen      string // what is said of the broken one
}{
	{"failover 30s..40s", "too late", failsOver(40), failsOver(40.001), "40.001 s for client, 40.001 s for branch"},
	{"failover 30s..40s", "too early", failsOver(30), failsOver(29.999), "29.999 s for client, 29.999 s for branch"},
	{"failover 30s..40s", "never", failsOver(34), guide().at(20).unplug("active"),
		"80.000 s for client, not over when the run ended, 80.000 s for branch, not over when the run ended"},
	{"failover 30s..40s", "never, although the run ended within the band", failsOver(34), guide().at(65).unplug("active"),
		"35.000 s for client, not over when the run ended, 35.000 s for branch, not over when the run ended"},
	{"failover 30s..40s", "nothing happened", failsOver(34), guide(), "no failover began in this stretch"},
	{"failover 30s..40s", "the holder is back before anybody could have taken it", failsOver(34),
		guide().at(20).unplug("active").at(49).plug("active").takes("active"), "no failover began in this stretch"},
	{"failover 30s..40s", "the holder ends it itself, too late", guide().at(20).unplug("active").at(55).plug("active").takes("active"),
		guide().at(20).unplug("active").at(61).plug("active").takes("active"), "41.000 s for client, 41.000 s for branch"},
	{"failover 30s..40s", "one client's ARP cache is late", failsOver(34),
		guide().at(20).unplug("active").at(54).holds("standby", trace.Preferred).cache("client", "standby").at(61).cache("branch", "standby"),
		"34.000 s for client, 41.000 s for branch"},

	{"failback 5s..10s", "too late", comesBack(10), comesBack(10.5), "10.500 s for client, 10.500 s for branch"},
	{"failback 5s..10s", "never", comesBack(7), failsOver(34).at(80).plug("active").holds("active", trace.Duplicate),
		"20.000 s for client, not over when the run ended, 20.000 s for branch, not over when the run ended"},
	{"failback 5s..10s", "no return", comesBack(7), failsOver(34), "no failback began in this stretch"},

	{"outage 30s..40s", "too short", failsOver(34), failsOver(4), "4.000 s for client, 4.000 s for branch"},
	{"outage 30s..40s", "none", failsOver(34), guide(), "no outage began in this stretch"},
	{"outage 30s..40s", "one client's is longer", failsOver(34), failsOver(34).at(54).cache("branch", "active").at(62).cache("branch", "standby"),
		"34.000 s for client, 42.000 s for branch"},
	{"outage 30s..40s", "a second one is longer", failsOver(34).at(60).holds("standby", trace.Absent).at(61).takes("standby"),
		failsOver(34).at(55).holds("standby", trace.Absent).at(96).takes("standby"), "41.000 s for client, 41.000 s for branch"},
	{"outage 30s..40s", "a second, short so far, is open", failsOver(34), failsOver(34).at(99).holds("standby", trace.Absent),
		"1.000 s for client, not over when the run ended, 1.000 s for branch, not over when the run ended"},

	{"holder active", "the other", guide(), failsOver(34).at(60).holds("active", trace.Duplicate), "held by standby"},
	{"holder active", "both", guide(), failsOver(34), "held by active, standby"},
	{"holder active", "none", guide(), guide().at(20).power("active", trace.Off), "held by none"},
	{"holder active", "frozen", guide(), guide().at(20).power("active", trace.Frozen), "held by none"},
	{"holder active", "only tentative", guide(), guide().at(20).holds("active", trace.Tentative), "held by none"},
	{"holder none", "one", guide().at(20).holds("active", trace.Absent), guide(), "held by active"},
	{"holder both", "one", failsOver(34), guide(), "held by active"},

	{"answered client", "its ARP cache points at the other node", guide(), guide().at(20).cache("client", "standby"), "not answered"},
	{"answered client", "its cable is out", guide(), guide().at(20).unplug("client"), "not answered"},

	{"state active preferred", "tentative", guide(), guide().at(20).holds("active", trace.Tentative), "tentative"},
	{"state active preferred", "power lost", guide(), guide().at(20).power("active", trace.Off), "absent"},
	{"state standby absent", "it has it too", guide(), failsOver(34), "preferred"},
	{"state standby duplicate", "tentative", guide().at(20).holds("standby", trace.Duplicate), guide().at(20).holds("standby", trace.Tentative), "tentative"},
	{"state standby tentative", "absent", guide().at(20).holds("standby", trace.Tentative), guide(), "absent"},

	{"conflict standby", "on the other node", guide().at(20).holds("standby", trace.Duplicate), guide().at(20).holds("active", trace.Duplicate), "not in this stretch"},
	{"conflict standby", "its real address", guide().at(20).holds("standby", trace.Duplicate),
		guide().at(20).add("standby", trace.Address{IP: guide().Header.Nodes[1].Address.Addr(), State: trace.Duplicate}), "not in this stretch"},
	{"conflict standby", "during the start-up", guide().at(20).holds("standby", trace.Duplicate), guide().at(-20).holds("standby", trace.Duplicate), "not in this stretch"},

	{"event active 100", "another ID", guide().at(20).add("active", event("IPWCS", 100)), guide().at(20).add("active", event("IPWCS", 101)), "not in this stretch"},
	{"event active 100", "another node", guide().at(20).add("active", event("IPWCS", 100)), guide().at(20).add("standby", event("IPWCS", 100)), "not in this stretch"},
	{"event active 100", "another source", guide().at(20).add("active", event("IPWCS", 100)), guide().at(20).add("active", event("EventLog", 100)), "not in this stretch"},
	{"event active IPWCS 100", "another ID", guide().at(20).add("active", event("IPWCS", 100)), guide().at(20).add("active", event("IPWCS", 101)), "not in this stretch"},
	{"event active Tcpip 4199", "another source", guide().at(20).add("active", event("Tcpip", 4199)), guide().at(20).add("active", event("IPWCS", 4199)), "not in this stretch"},
	{"event active 0100", "another ID", guide().at(20).add("active", event("IPWCS", 100)), guide().at(20).add("active", event("IPWCS", 64)), "not in this stretch"},

	{"pipe active released", "refused", guide().at(20).add("active", pipe(trace.Refused)).add("active", pipe(trace.Released)),
		guide().at(20).add("active", pipe(trace.Refused)).add("active", pipe(trace.NotHeld)), "refused, not held"},
	{"pipe active not held", "no request", guide().at(20).add("active", pipe(trace.NotHeld)), guide(), "no request ended in this stretch"},
	{"pipe active error 53", "the other node's request", guide().at(20).add("active", failed("error 53: the network path was not found")),
		guide().at(20).add("standby", failed("error 53")), "no request ended in this stretch"},

	{"log active Add address", "another text", guide().at(20).add("active", trace.Log{Text: `Add address "イーサネット"`}),
		guide().at(20).add("active", trace.Log{Text: "Delete address"}), "not in this stretch"},
	{"log active Add address", "another node", guide().at(20).add("active", trace.Log{Text: "Add address"}),
		guide().at(20).add("standby", trace.Log{Text: "Add address"}), "not in this stretch"},

	{"screen client Reply from", "what was typed", guide().at(20).add("client", trace.Console{Text: "Reply from 192.168.10.202"}),
		guide().at(20).add("client", trace.Console{Text: `C:\>`, Typed: "Reply from"}), "not in this stretch"},
	{"screen client Reply from", "another machine", guide().at(20).add("client", trace.Console{Text: "Reply from 192.168.10.202"}),
		guide().at(20).add("active", trace.Console{Text: "Reply from 192.168.10.202"}), "not in this stretch"},

	{"transcript client timeout reply", "another order", guide().pings(20, "client", "timeout", "reply"), guide().pings(20, "client", "reply", "timeout"), "reply timeout"},
	{"transcript client timeout reply", "one is missing", guide().pings(20, "client", "timeout", "unreachable", "reply"), guide().pings(20, "client", "timeout", "timeout"), "timeout*2"},
	{"transcript client timeout*2 reply", "three", guide().pings(20, "client", "timeout", "timeout", "reply"), guide().pings(20, "client", "timeout", "timeout", "timeout", "reply"), "timeout*3 reply"},
	{"transcript client reply timeout*1", "two, and last", guide().pings(20, "client", "reply", "timeout"), guide().pings(20, "client", "reply", "timeout", "timeout"), "reply timeout*2"},
	{"transcript client reply reply", "once only", guide().pings(20, "client", "reply", "reply"), guide().pings(20, "client", "reply", "timeout"), "reply timeout"},
	{"transcript client reply", "another client's", guide().pings(20, "client", "reply"), guide().pings(20, "client", "timeout").pings(21, "branch", "reply"), "timeout"},

	{"mail accepted 2", "one", mails(20, 21), mails(20), "1 accepted"},
	{"mail accepted 1..2", "three", mails(20, 21), mails(20, 21, 22), "3 accepted"},
	{"mail accepted 1", "before the run", mails(20), mails(-5), "0 accepted"},
	{"mail again 1", "another message", mails(20).comes(9, "0"), mails(20).comes(9, "9"), "0 again"},
	{"mail lost 0", "nowhere", mails(20).served(25, 0), mails(20), "1 lost"},
	{"mail lost 0", "one of before the stretch", mails(20).served(25, 0), mails(-5), "1 lost"},
	{"mail doubled 0", "in the mailbox twice", mails(20).served(25, 0), mails(20).served(25, 0).lies(0), "1 doubled"},
	{"mail queued 1", "in the mailbox", mails(20).waits(0), mails(20).served(25, 0), "0 queued"},
	{"mail underway 1", "it was removed", mails(20).reported().waits(0), mails(20).reported(), "0 underway"},
	{"mail delivered 1", "not yet", mails(20).served(25, 0), mails(20), "0 delivered"},
	{"mail relayed 1", "EPSTDS says so, the other server does not", mails(20).add("outside", trace.MailTaken{MessageID: "0"}), mails(20).add("active", trace.MailRelay{ID: "0"}), "0 relayed"},
	{"mail bounced 1", "retried", mails(20).reported(), mails(20).add("active", trace.MailRetry{ID: "0"}), "0 bounced"},
	{"mail retried 1", "bounced", mails(20).add("active", trace.MailRetry{ID: "0"}), mails(20).add("active", trace.MailBounce{ID: "0"}), "0 retried"},
	{"mail read 1", "looked in vain", mails(20).add("client", trace.MailFetch{User: "b"}), mails(20).add("client", trace.MailPoll{User: "b"}), "0 read"},
	{"mail failed 1", "accepted", mails(20).add("client", trace.MailSend{Code: 451}), mails(20).add("client", trace.MailSend{Code: 250}), "0 failed"},
	{"mail failed 1", "all were taken", mails(20).add("client", trace.MailSend{Code: 250, Refused: "b"}), mails(20).add("client", trace.MailSend{Code: 250, To: "b"}), "0 failed"},
	{"mail broken 1", "ended in order", mails(20).add("active", trace.MailSession{End: trace.BrokenEnd}), mails(20).add("active", trace.MailSession{End: trace.QuitEnd}), "0 broken"},

	{"delivery 1s..5s", "too late", mails(20).served(25, 0), mails(20).served(25.5, 0), "message 0 took 5.500 s for b@example.com"},
	{"delivery 1s..5s", "one of two never", mails(20, 21).served(25, 0, 1), mails(20, 21).served(25, 0),
		"message 1 took 79.000 s for b@example.com, not over when the run ended"},
	{"delivery 1s..5s", "one is as old as the band", mails(20, 95.001).served(25, 0), mails(20, 95).served(25, 0),
		"message 1 took 5.000 s for b@example.com, not over when the run ended"},
	{"delivery 1s..5s", "none is old enough", mails(20).served(25, 0), mails(96), "no mail was accepted in this stretch"},
	{"delivery 1s..5s", "no mail", mails(20).served(25, 0), guide(), "no mail was accepted in this stretch"},

	{"connect client 192.168.10.202:25 closed", "a banner", knocks(trace.ClosedAtOnce), knocks(trace.Greeted), "banner"},
	{"connect client 192.168.10.202:25 banner", "silent", knocks(trace.Greeted), knocks(trace.NoBanner), "silent"},

	{"finding P1", "the check passes", failsOver(45), failsOver(34), "P1: pass"},
	{"finding P1", "the check does not apply", failsOver(45), guide(), "P1: n/a"},
	{"finding P1", "the check is inconclusive", failsOver(45), guide().at(99).unplug("active"), "P1: inconclusive"},
}

func TestEveryExpectationHasABrokenTwin(t *testing.T) {
	for _, c := range twins {
		t.Run(c.expect+", "+c.twin, func(t *testing.T) {
			good, bad := c.good.end(100), c.bad.end(100)
			ok, seen := judged(expected(t, c.expect), good)
			require.True(t, ok, "expect %s; seen: %s", c.expect, seen)
			ok, seen = judged(expected(t, c.expect), bad)
			require.False(t, ok, "expect %s, although: %s", c.expect, c.twin)
			require.Equal(t, c.seen, seen)

			ok, _ = judged(expected(t, "no "+c.expect), good)
			require.False(t, ok, "`no` is the opposite")
			ok, _ = judged(expected(t, "no "+c.expect), bad)
			require.True(t, ok, "`no` is the opposite")
		})
	}
}

func TestNoExpectationIsWithoutATwin(t *testing.T) {
	var all []string
	for _, c := range twins {
		all = append(all, strings.Fields(c.expect)[0])
	}
	for _, x := range expectations {
		if x.word != "problem" { // judged by the cluster's files
			require.Contains(t, all, x.word)
		}
	}
}

// `expect no outage` and its like say that there is none at all, whatever its length.
func TestNoneAtAll(t *testing.T) {
	for what, s := range map[string]tale{"failover": failsOver(34), "failback": comesBack(7), "outage": failsOver(0.001)} {
		ok, seen := judged(expected(t, "no "+what), s.end(100))
		require.False(t, ok, "there is a %s: %s", what, seen)
		ok, _ = judged(expected(t, "no "+what), guide().end(100))
		require.True(t, ok, "there is no %s", what)
	}
	ok, _ := judged(expected(t, "no outage"), guide().at(99).unplug("active").end(100))
	require.False(t, ok, "an outage that has not ended is one")
}

func TestWithoutAPingLineNothingCanBeSaidOfIt(t *testing.T) {
	for _, expect := range []string{"transcript client timeout", "no transcript client timeout"} {
		ok, seen := judged(expected(t, expect), guide().pings(20, "branch", "reply").end(100))
		require.False(t, ok, "%s: no data", expect)
		require.Equal(t, "no ping line in this stretch", seen)
	}
}

// A stretch goes from the step above the expectation up to the next later one, which no longer
// belongs to it; states are those just before.
func TestStretches(t *testing.T) {
	tr := comesBack(7).at(30).add("active", event("IPWCS", 100)).add("standby", pipe(trace.Refused)).pings(20, "client", "timeout", "reply").end(100)
	for _, c := range []struct {
		from, to float64 // to 0: the end of the run
		expect   string
		ok       bool
	}{
		{0, 20, "failover 30s..40s", false},
		{20, 80, "failover 30s..40s", true},
		{20, 20.001, "failover 30s..40s", true}, // it began there
		{20.001, 80, "failover 30s..40s", false},
		{80, 0, "failover 30s..40s", false},
		{0, 80, "failback 5s..10s", false},
		{80, 0, "failback 5s..10s", true},
		{0, 80, "outage 34s..34s", true},
		{80, 0, "outage 3s..4s", true}, // from the release to the master's answer
		{0, 0, "outage 34s..34s", true},
		{0, 20, "holder active", true},
		{20, 54, "holder active", true}, // the pull does not take the address away
		{20, 80, "holder both", true},
		{80, 83.5, "holder standby", true},
		{80, 83.6, "holder none", true},
		{80, 0, "holder active", true},
		{0, 20, "answered client", true},
		{20, 54, "answered client", false},
		{20, 80, "answered client", true},
		{20, 80, "state active preferred", true},
		{80, 87, "state active duplicate", true},
		{20, 80, "conflict active", false},
		{80, 0, "conflict active", true},
		{20, 30, "event active 100", false},
		{30, 31, "event active 100", true},
		{30.5, 0, "event active 100", false},
		{30, 31, "pipe standby refused", true},
		{31, 0, "pipe standby refused", false},
		{20, 21, "transcript client timeout", true},
		{20, 21, "transcript client timeout reply", false},
		{20, 0, "transcript client timeout reply", true},
	} {
		e := expected(t, c.expect)
		e.From, e.To = sec(c.from), sec(c.to)
		ok, seen := judged(e, tr)
		require.Equal(t, c.ok, ok, "expect %s from %v s to %v s; seen: %s", c.expect, c.from, c.to, seen)
	}
}

func TestWhatHappensAtTheVeryEndBelongsToTheLastStretch(t *testing.T) {
	e := expected(t, "event active 100")
	ok, _ := judged(e, guide().at(100).add("active", event("IPWCS", 100)).end(100))
	require.True(t, ok)
	e.To = sec(100)
	ok, _ = judged(e, guide().at(100).add("active", event("IPWCS", 100)).end(200))
	require.False(t, ok, "at 100 s the next stretch begins")
}

func TestProblems(t *testing.T) {
	var none, some diag.List
	some.Warnf("standby/ipwcs.reg", 4, "Balance is 0 (master) on both nodes")
	some.Errorf("active/ipwatch.dat", 1, "-i=192.168.10.200 is the real address of active")
	for expect, want := range map[string]bool{
		"problem real address of active":     true,
		"problem active/ipwatch.dat:1":       true,
		"problem warning: Balance":           true,
		"problem error: Balance":             false,
		"no problem is not an address":       true,
		"no problem Balance":                 false,
		"problem Balance is 0 (master)":      true,
		"problem Balance is 1 (slave) on":    false,
		"no problem Balance is 1 (slave)":    true,
		"problem the real address of nobody": false,
	} {
		ok, seen := (&judge{problems: some}).judge(expected(t, expect))
		require.Equal(t, want, ok, "expect %s; seen: %s", expect, told(seen))
	}
	_, seen := (&judge{problems: some}).judge(expected(t, "problem nothing of the kind"))
	require.Equal(t, "other problems: "+strings.ReplaceAll(some.Error(), "\n", "; "), told(seen))
	_, seen = (&judge{problems: none}).judge(expected(t, "problem Balance"))
	require.Equal(t, "the cluster's files have no problem", told(seen))
}

func TestWhereNothingWasRunNothingElseHolds(t *testing.T) {
	for _, expect := range []string{"holder none", "no outage", "no finding P1", "event active 100"} {
		ok, seen := (&judge{}).judge(expected(t, expect))
		require.False(t, ok, "expect %s", expect)
		require.Equal(t, "nothing was run", told(seen))
	}
}
