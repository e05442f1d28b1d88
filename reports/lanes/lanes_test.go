package lanes_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/reports/lanes"
	"ipwsim/reports/runtest"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

var sec = runtest.Seconds

// drawn is a lane in a line, in seconds: "20-54 silent", or its moments "5 reply".
func drawn(l lanes.Lane) string {
	var all []string
	for _, s := range l.Spans {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s-%s %s %s", tenths(s.From), tenths(s.To), s.State, s.Text)))
	}
	for _, m := range l.Moments {
		all = append(all, fmt.Sprintf("%s %s", tenths(m.At), m.Kind))
	}
	return strings.Join(all, ", ")
}

func tenths(d time.Duration) string { return words.Bare(d.Round(time.Second / 10)) }

func all(ls []lanes.Lane) map[string]string {
	got := map[string]string{}
	for _, l := range ls {
		got[l.Label] = drawn(l)
	}
	return got
}

// The cable pull: the standby takes the VIP over and gives it back, and the client is without an answer twice.
func TestTheLanesOfACablePull(t *testing.T) {
	r := runtest.Scenario(t, "cable-pull")
	require.Equal(t, map[string]string{
		"active 192.168.10.202":  "-11.6--8.6 tentative, -8.6-20 preferred, 20-80 tentative, 80-80.9 duplicate, 84.5-87.5 tentative, 87.5-110 preferred",
		"standby 192.168.10.202": "51-54 tentative, 54-83.7 preferred",
	}, all(lanes.Holders(r)))
	require.Equal(t, map[string]string{
		"client answered": "0-20 answered, 20-54 silent, 54-83.7 answered, 83.7-87.5 silent, 87.5-110 answered",
	}, all(lanes.Clients(words.English, r)))
	require.Equal(t, "client の応答", lanes.Clients(words.Japanese, r)[0].Label)

	require.Equal(t, "-43--42.2 releasing, -42.2-50.8 polling, 50.8-54 taking, 54-83 held, 83-83.7 releasing, 83.7-110 polling",
		all(lanes.Watchers(words.English, r.Trace))["watcher of standby"])
	require.Equal(t, "-46-20 up, 20-80 down, 80-110 up", all(lanes.Cables(words.English, r.Trace))["cable of active"])

	mac := func(node string) string { return node + " (" + r.Trace.Header.Node(node).MAC.String() + ")" }
	beliefs := lanes.Beliefs(words.English, r)
	require.Len(t, beliefs, 1, "the nodes' own entries are no lanes")
	require.Contains(t, drawn(beliefs[0]), "right "+mac("standby"))
	require.True(t, strings.HasSuffix(drawn(beliefs[0]), "-110 right "+mac("active")), drawn(beliefs[0]))

	pings := lanes.Pings(words.English, r.Trace)
	require.Equal(t, "client pings 192.168.10.202", pings[0].Label)
	require.Regexp(t, `^0 reply, 1 reply, .*, 19 reply, 24 timeout, .* unreachable, .* 109 reply$`, drawn(pings[0]))
}

// A client that has never used a VIP is not silent, and before its first use neither.
func TestAClientIsSilentOnlyWhileItUsesTheVIP(t *testing.T) {
	r := runtest.Trace(&trace.Trace{End: sec(100), Header: trace.Header{VIPs: []trace.VIP{{Address: runtest.VIP}}}})
	r.Facts.Uses = []finding.Use{
		{Client: "idle", VIP: runtest.VIP, Never: true},
		{Client: "late", VIP: runtest.VIP, Since: sec(10), Answered: []finding.Span{{From: sec(-5), To: sec(20)}, {From: sec(30), To: sec(100)}}},
		{Client: "lost", VIP: runtest.VIP, Since: sec(-9), Answered: []finding.Span{{From: sec(-5), To: sec(20)}}},
		{Client: "back", VIP: runtest.VIP, Since: sec(-9), Answered: []finding.Span{{From: sec(-9), To: sec(-5)}, {From: sec(-4), To: sec(0)}, {From: sec(5), To: sec(100)}}},
	}
	require.Equal(t, map[string]string{
		"idle answered": "0-100 unused",
		"late answered": "0-10 unused, 10-20 answered, 20-30 silent, 30-100 answered",
		"back answered": "0-5 silent, 5-100 answered",
		"lost answered": "0-20 answered, 20-100 silent",
	}, all(lanes.Clients(words.English, r)))
}

// A machine without power has no watcher; only machines that were not on all the time have a lane.
func TestMachinesAndTheirWatchers(t *testing.T) {
	tr := &trace.Trace{End: sec(100)}
	tr.Add(sec(5), "active", trace.Watch{VIP: runtest.VIP, State: trace.Polling})
	tr.Add(sec(6), "standby", trace.Watch{VIP: runtest.VIP, State: trace.Polling})
	tr.Add(sec(30), "active", trace.Power{State: trace.Off})
	tr.Add(sec(40), "standby", trace.Service{Name: trace.Watcher, State: trace.Stopped})
	tr.Add(sec(60), "active", trace.Power{State: trace.Booting})
	require.Equal(t, map[string]string{"watcher of active": "5-30 polling", "watcher of standby": "6-40 polling"}, all(lanes.Watchers(words.English, tr)))
	require.Equal(t, map[string]string{"machine active": "30-60 off, 60-100 booting"}, all(lanes.Machines(words.English, tr)))
}

// N3: an entry is wrong while nodes hold the VIP that it does not lead to.
func TestN3ABeliefIsRightOrWrong(t *testing.T) {
	r := runtest.Trace(&trace.Trace{End: sec(100), Header: trace.Header{Nodes: []trace.Node{{Role: "active"}}, VIPs: make([]trace.VIP, 2)}})
	r.Facts.Beliefs = []finding.Belief{
		{Host: "active", VIP: runtest.VIP, To: sec(100)},
		{Host: "core1", VIP: runtest.VIP, MAC: trace.MAC{2}, From: sec(0), To: sec(50), Wrong: []finding.Span{{From: sec(10), To: sec(20)}, {From: sec(30), To: sec(50)}}},
		{Host: "core1", VIP: runtest.VIP, MAC: trace.MAC{4}, Whose: "standby", From: sec(50), To: sec(100)},
	}
	require.Equal(t, map[string]string{"core1 192.168.10.202 sends to": "0-10 right no node (02-00-00-00-00-00), 10-20 wrong no node (02-00-00-00-00-00), " +
		"20-30 right no node (02-00-00-00-00-00), 30-50 wrong no node (02-00-00-00-00-00), 50-100 right standby (04-00-00-00-00-00)"},
		all(lanes.Beliefs(words.English, r)))
}

func TestStatesHaveNames(t *testing.T) {
	require.Equal(t, "no answer", lanes.Name(words.English, lanes.Silent))
	require.Equal(t, "重複検査中", lanes.Name(words.Japanese, "tentative"))
	require.Equal(t, "odd", lanes.Name(words.English, "odd"), "what nobody foresaw is called what it is")
}

// mailTrace has each kind of event of mail once, the last of a way first, at 50 s and so on.
func mailTrace() *trace.Trace {
	smtp := netip.AddrPortFrom(runtest.VIP, 25)
	t := &trace.Trace{End: sec(180)}
	for i, b := range []trace.Body{
		trace.MailSession{Service: "EPSTRS", Remote: netip.AddrPortFrom(runtest.Client, 50000), End: trace.BrokenEnd, Took: sec(2)},
		trace.MailPoll{User: "suzuki", By: "pop3", Stage: "connect", Text: "timed out", Took: sec(5)},
		trace.MailSend{To: "a@example.com", Server: smtp, Try: 2, Stage: "dot", Code: 451, Text: "later", Took: sec(0.1)},
		trace.MailBounce{To: "b@example.com", Why: "unknown user"},
		trace.MailRetry{To: "c@example.com", Try: 3, Why: "not reached"},
		trace.MailRelay{ID: "q1", To: "d@example.net", Server: smtp},
		trace.MailDeliver{ID: "q2", To: "e@example.com"},
		trace.MailAccept{ID: "q3", From: "f@example.com", To: []string{"g@example.com", "h@example.com"}, MessageID: "<m1@example.com>"},
		// of these no lane tells
		trace.MailSession{Service: "EPSTRS", End: "quit"}, trace.MailPoll{User: "suzuki", New: 1}, trace.MailSend{Server: smtp, Code: 250},
	} {
		t.Add(sec(float64(50+i)), "active", b)
	}
	return t
}

// Each kind of event has a lane and a label of its own, in the order of a message's way.
func TestEachKindOfMailHasItsLane(t *testing.T) {
	for _, l := range runtest.Langs {
		labels := map[string]bool{}
		var kinds []string
		for _, lane := range lanes.Mail(l, mailTrace()) {
			labels[lane.Label] = true
			require.Len(t, lane.Moments, 1)
			kinds = append(kinds, lane.Moments[0].Kind)
		}
		require.Equal(t, lanes.MailKinds, kinds)
		require.Len(t, labels, len(lanes.MailKinds))
	}
	first := lanes.Mail(words.English, mailTrace())[0].Moments[0]
	require.Equal(t, lanes.Moment{At: sec(57), Kind: "accept", Text: "accepted: from f@example.com to g@example.com, h@example.com, Message-ID <m1@example.com>"}, first)
}

// A recipient who is refused where others are taken is told of like a try that failed.
func TestARefusedRecipientHasAMoment(t *testing.T) {
	tr := &trace.Trace{End: sec(180)}
	tr.Add(sec(5), "client", trace.MailSend{To: "a@x, b@x", Refused: "b@x", Denial: 550, Try: 1, Code: 250, Text: "queued"})
	all := lanes.Mail(words.English, tr)
	require.Len(t, all, 1)
	require.Equal(t, "sendfail", all[0].Moments[0].Kind)
	require.Contains(t, all[0].Moments[0].Text, "b@x")
	require.Contains(t, all[0].Moments[0].Text, "550")
	require.NotContains(t, all[0].Moments[0].Text, "a@x")
	require.NotContains(t, all[0].Moments[0].Text, "queued")
}

// Two machines that accept have a lane each, and what came before virtual time 0 none.
func TestMailAtTwoMachinesHasTwoLanes(t *testing.T) {
	tr := &trace.Trace{End: sec(180)}
	tr.Add(sec(-1), "active", trace.MailAccept{})
	for i, host := range []string{"active", "standby", "active"} {
		tr.Add(sec(float64(i)), host, trace.MailAccept{ID: fmt.Sprint(i)})
	}
	tr.Add(sec(181), "active", trace.MailAccept{})
	require.Equal(t, map[string]string{"accepted by active": "0 accept, 2 accept", "accepted by standby": "1 accept"}, all(lanes.Mail(words.English, tr)))
}

// every are all lanes of a run.
func every(l words.Lang, r *finding.Run) []lanes.Lane {
	return slices.Concat(lanes.Holders(r), lanes.Clients(l, r), lanes.Beliefs(l, r), lanes.Watchers(l, r.Trace), lanes.Machines(l, r.Trace),
		lanes.Cables(l, r.Trace), lanes.Pings(l, r.Trace), lanes.Mail(l, r.Trace))
}

// In a run, not in one at random, a lane's stretches are in order, apart and within the run.
func TestStretchesAreInOrderAndApart(t *testing.T) {
	for _, name := range []string{"cable-pull", "power-loss", "l3-switch", "link-flap", "mail-services-dead"} {
		r := runtest.Scenario(t, name)
		for _, lane := range every(words.English, r) {
			at := time.Duration(-1 << 62)
			for _, s := range lane.Spans {
				require.GreaterOrEqual(t, s.From, at, "%s: %s", name, drawn(lane))
				require.Less(t, s.From, s.To, "%s: %s", name, drawn(lane))
				require.LessOrEqual(t, s.To, r.Trace.End)
				at = s.To
			}
		}
	}
}

func TestAnyRunHasLanesTheSameEachTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		if r := runtest.Runs().Draw(t, "run"); r.Trace != nil {
			require.Equal(t, every(words.English, r), every(words.English, r))
			require.Len(t, every(words.Japanese, r), len(every(words.English, r)))
		}
	})
}
