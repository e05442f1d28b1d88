package words_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/core/diag"
	"ipwsim/reports/runtest"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

var sec = runtest.Seconds

// both says the same in English and in Japanese.
func both(say func(words.Lang) string) [2]string {
	return [2]string{say(words.English), say(words.Japanese)}
}

func TestTimesInWords(t *testing.T) {
	for d, want := range map[time.Duration][4]string{ // Seconds, Tenths, Stamp, Length
		0:                    {"0 s", "0.0 s", "0.000 s", "0.0 s"},
		sec(34.0217):         {"34.022 s", "34.0 s", "34.022 s", "34.0 s"},
		sec(0.25):            {"0.25 s", "0.2 s", "0.250 s", "0.25 s"},
		-sec(43):             {"-43 s", "-43.0 s", "-43.000 s", "-43.0 s"},
		100 * time.Second:    {"100 s", "100.0 s", "100.000 s", "100.0 s"},
		sec(119.9):           {"119.9 s", "119.9 s", "119.900 s", "119.9 s"},
		599 * time.Second:    {"599 s", "599.0 s", "599.000 s", "599.0 s (9:59 min)"},
		4*time.Hour + sec(5): {"14405 s", "14405.0 s", "14405.000 s", "14405.0 s (4:00:05 h)"},
	} {
		l := words.English
		require.Equal(t, want, [4]string{l.Seconds(d), l.Tenths(d), l.Stamp(d), l.Length(d)}, d)
	}
	require.Equal(t, "599.0 秒 (9:59)", words.Japanese.Length(599*time.Second))
}

// A number of seconds is exact: not every millisecond is a whole float.
func TestNumbersOfSecondsAreExact(t *testing.T) {
	for d, want := range map[time.Duration]string{
		29673 * time.Millisecond: "29.673", 34 * time.Second: "34", -1500 * time.Millisecond: "-1.5", 0: "0", 100 * time.Second: "100", 1: "0.000000001",
	} {
		require.Equal(t, want, words.Bare(d))
	}
	rapid.Check(t, func(t *rapid.T) {
		ns := rapid.Int64Range(-1<<63+1, 1<<63-1).Draw(t, "ns")
		read, err := time.ParseDuration(words.Bare(time.Duration(ns)) + "s")
		require.NoError(t, err)
		require.Equal(t, time.Duration(ns), read)
	})
}

func TestBandsInWords(t *testing.T) {
	for want, b := range map[string]finding.Band{
		"30-40 s":       {Least: sec(30), Most: sec(40)},
		"7.5-10 s":      {Least: sec(7.5), Most: sec(10)},
		"600 s or more": {Least: sec(600)},
		"4 s or less":   {Most: sec(4)},
	} {
		require.Equal(t, want, words.English.Band(b))
	}
	require.Equal(t, "4 秒以内", words.Japanese.Band(finding.Band{Most: sec(4)}))
}

func TestWhatATerminalObeysIsShown(t *testing.T) {
	for in, want := range map[string]string{
		"x\x1b[2Jy\nPASS": `x\x1b[2Jy\x0aPASS`,
		"bad \xff byte, \u202eturned, tab\t, \U000e0001tag": `bad \xff byte, \u202eturned, tab\x09, \U000e0001tag`,
		"応答　ｶﾅ é e\u0301":                                   "応答　ｶﾅ é e\u0301",
		"\ufffd, as it is":                                  "\ufffd, as it is",
	} {
		require.Equal(t, want, words.Safe(in))
	}
	require.Equal(t, []string{"first", `second \x07`}, words.SafeLines("first\r\nsecond \x07\n"))
	rapid.Check(t, func(t *rapid.T) {
		safe := words.Safe(runtest.Texts().Draw(t, "text"))
		require.Equal(t, safe, words.Safe(safe), "safe text comes out as it went in")
		runtest.Harmless(t, safe+"\n", 1<<30)
	})
}

func TestLanguagesHaveCodes(t *testing.T) {
	for _, l := range runtest.Langs {
		got, ok := words.Of(l.Code())
		require.True(t, ok)
		require.Equal(t, l, got)
	}
	_, ok := words.Of("fr")
	require.False(t, ok)
}

// said is a note in words, where fault 1 is an unplugged cable and fault 2 is one without words of its own.
func said(l words.Lang, n finding.Note) string {
	f := &finding.Facts{Faults: []finding.Fault{
		{Fault: trace.Fault{ID: 1, Verb: "unplug", Target: "active"}, At: sec(20), Said: finding.Phrase{En: "the cable of {target} was pulled", Ja: "{target} のケーブルが抜かれた"}},
		{Fault: trace.Fault{ID: 2, Verb: "impair", Target: "active", Setting: "loss 5%"}, At: sec(30)},
	}}
	return words.Teller{Lang: l, Facts: f}.Note(n)
}

func TestANoteIsFilledFromItsFields(t *testing.T) {
	n := finding.Note{
		Kind: "p1.late", Client: "client", Node: "active", Peer: "standby", VIP: runtest.VIP, Time: sec(55.2), Want: finding.Band{Least: sec(30), Most: sec(40)},
		Rules: []string{"P1", "W14"}, Loss: finding.LostLink, Cause: &finding.Cause{Kind: finding.ByFault, Fault: 1},
	}
	require.Equal(t, [2]string{
		"P1: after the loss of active (link down; the cable of active was pulled (20 s)) client should see 192.168.10.202 answered by another node in 30-40 s (P1, W14); standby answered after 55.2 s",
		"P1: active の喪失 (リンク断、active のケーブルが抜かれた (20 秒)) の後、client は 30-40 秒で別のノードから 192.168.10.202 の応答を得るはず (P1, W14)。standby の応答は 55.2 秒後",
	}, both(func(l words.Lang) string { return said(l, n) }))
}

// What is still open, has a reason behind it or a fault is said in words of its own where there are any.
func TestANoteHasForms(t *testing.T) {
	l := words.English
	seen := finding.Note{Kind: "seen.time", Client: "client", Time: sec(30)}
	require.Equal(t, "30 s for client", said(l, seen))
	seen.Open = true
	require.Equal(t, "30 s for client, not over when the run ended", said(l, seen))

	both := finding.Note{Kind: "p3.both", Node: "active", Peer: "standby", VIP: runtest.VIP, Rules: []string{"W17"}}
	require.NotContains(t, said(l, both), "pipe")
	both.Because = &finding.Note{Kind: "why.pipe-blocked", Node: "standby"}
	require.True(t, strings.HasSuffix(said(l, both), "; the pipe failed: the firewall of standby blocks it"))

	taken := finding.Note{Kind: "p9.taken", Node: "active", Peer: "standby", VIP: runtest.VIP, Rules: []string{"H3"}}
	require.NotContains(t, said(l, taken), "behind it")
	taken.Fault = 2
	require.True(t, strings.HasSuffix(said(l, taken), "; behind it: impair active loss 5% (30 s)"), "a fault without words is told as the scenario says it")
}

// Who gives the VIP up since it heard a higher priority was not asked (V3).
func TestAGiveBackIsSaidAsItsWatcherHasIt(t *testing.T) {
	teller := words.Teller{Lang: words.English}
	require.Equal(t, "standby gave it up at 83 s, for it heard a higher priority (V3)", teller.Cause(&finding.Cause{Kind: finding.ByGiveBack, At: sec(83), Node: "standby", Rule: "V3"}))
	require.Equal(t, "standby gave it back at 83 s, as its master asked (W15)", teller.Cause(&finding.Cause{Kind: finding.ByGiveBack, At: sec(83), Node: "standby", Rule: "W15"}))
}

// A state is said in the words of the legend.
func TestAStateIsSaidInWords(t *testing.T) {
	left := finding.Note{Kind: "p6.left-behind", Node: "active", VIP: runtest.VIP, Text: "duplicate"}
	require.Contains(t, said(words.English, left), "it was duplicate from")
	require.True(t, strings.HasSuffix(said(words.Japanese, left), "まで 重複"))
}

func TestPartsAndReasonsAreNotesInANote(t *testing.T) {
	n := finding.Note{
		Kind: "p5.left", Text: "<m1@client>", Client: "tanaka@example.com",
		Parts: []finding.Note{{Kind: "copy.box", N: 2}, {Kind: "copy.queued", N: 1}}, Because: &finding.Note{Kind: "why.lost-250"},
	}
	require.Equal(t, [2]string{
		"P5 does not judge message <m1@client> for tanaka@example.com, which is there more than once (2 x in the mailbox, 1 x in the queue): EPSTDS lost the other server's 250, and sent it again",
		"P5 の対象外: tanaka@example.com 宛のメール <m1@client> の重複 (メールボックスに 2 通、キューに 1 通)。EPSTDS が相手サーバーの 250 を失い、再送した",
	}, both(func(l words.Lang) string { return said(l, n) }))
}

// Any note of any kind is said, however little or however much of it is there, and a kind that nobody knows as it is.
func TestAResultSaysItsWorstAndHowManyMore(t *testing.T) {
	one := func(v finding.Verdict, d time.Duration) finding.Finding {
		return finding.Finding{Verdict: v, Note: finding.Note{Kind: "p4.nobody", Client: "pc", Node: "active", VIP: runtest.VIP, Time: d}}
	}
	all := []finding.Finding{one(finding.Fail, sec(3)), one(finding.Fail, sec(5)), one(finding.Inconclusive, sec(9)), one(finding.Fail, sec(4))}
	said := both(func(l words.Lang) string {
		return words.Teller{Lang: l}.Result(&finding.Result{ID: "P4", Verdict: finding.Fail, Findings: all})
	})
	require.Contains(t, said[0], "nobody answered for 5 s (and 2 more)")
	require.Contains(t, said[1], "5 秒間応答なし (ほか 2 件)")
	said = both(func(l words.Lang) string {
		return words.Teller{Lang: l}.Result(&finding.Result{ID: "P4", Verdict: finding.Inconclusive, Findings: all[2:3]})
	})
	require.Contains(t, said[0], "P4 is inconclusive: active was up", "the check is named once")
	require.NotContains(t, said[1], "more")
}

func TestAnyNoteCanBeSaid(t *testing.T) {
	require.Equal(t, "p42.odd", said(words.English, finding.Note{Kind: "p42.odd"}))
	require.Equal(t, "{node}'s held", said(words.English, finding.Note{Kind: "seen.text", Text: "{node}'s held", Node: "active"}), "what fills is not filled")
	const misfilled = `%!([a-z]|)\((EXTRA|[a-z]+=)` // fmt's words
	require.Regexp(t, misfilled, words.English.Say("at-line", "five", "x"))
	rapid.Check(t, func(t *rapid.T) {
		n := runtest.Notes().Draw(t, "note")
		for _, l := range runtest.Langs {
			require.NotRegexp(t, misfilled, said(l, n))
			require.NotRegexp(t, misfilled, words.Teller{Lang: l}.Note(n))
		}
	})
}

func TestEachOutcomeAndVerdictHasItsWord(t *testing.T) {
	for _, l := range runtest.Langs {
		seen := map[string]bool{}
		for _, word := range []string{
			l.Outcome(finding.Well), l.Outcome(finding.Weakness), l.Outcome(finding.Bad),
			l.Verdict(finding.Pass), l.Verdict(finding.Fail) + "!", l.Verdict(finding.Inconclusive), l.Verdict(finding.NotApplicable),
		} {
			require.False(t, seen[word], word)
			seen[word] = true
		}
		require.Equal(t, l.Outcome(finding.Bad), l.Outcome("mood"), "nothing unknown has passed")
		require.Equal(t, l.Verdict(finding.Inconclusive), l.Verdict("mood"))
	}
}

// Each fate of a message shows in a sentence: a copy more of it changes one, beside how many were accepted.
func TestEachFateHasItsWords(t *testing.T) {
	of := map[finding.Fate]finding.Copy{
		finding.Delivered: {InBox: 1}, finding.Read: {Read: 1}, finding.Relayed: {Taken: 1}, finding.Queued: {Queued: 1}, finding.Bounced: {Bounced: 1},
		finding.UnderWay: {Taken: 1, Queued: 1}, finding.Doubled: {InBox: 2}, finding.Lost: {},
	}
	for _, l := range runtest.Langs {
		all := map[string]finding.Fate{}
		for _, fate := range finding.Fates {
			c := of[fate]
			require.Equal(t, fate, c.Fate())
			var text string
			bad := false
			for _, line := range l.Mail(&finding.Mail{Copies: []finding.Copy{c}})[1:] {
				text, bad = text+line.Text+"\n", bad || line.Bad
			}
			require.Empty(t, all[text], "%s reads as %s", fate, all[text])
			all[text] = fate
			require.Equal(t, fate == finding.Lost || fate == finding.Doubled, bad, fate)
		}
	}
}

func TestMailInWords(t *testing.T) {
	m := &finding.Mail{
		Copies: []finding.Copy{{InBox: 1, Accepted: sec(1), Served: sec(3.39)}, {Taken: 1, Accepted: sec(2), Served: sec(36)}, {}}, Again: 2, Read: 50, Broken: 5, Unread: 6,
		Failures: []finding.MailFailure{{Stage: "connect", Count: 2}, {Stage: "dot", Code: 451, Count: 4}},
	}
	text := func(l words.Lang) string {
		var all []string
		for _, line := range l.Mail(m) {
			all = append(all, line.Text)
		}
		return strings.Join(all, "\n")
	}
	require.Equal(t, `3 accepted (a message counts once for each recipient), 2 of the messages sent again after a lost 250
1 in mailboxes, 0 read, 1 with servers outside, 0 bounced, 0 queued
1 lost, 0 there more than once
lost: 1 by nothing that is known
delivered 34 s after acceptance in the median, 34 s at most
50 read; broken sessions: 5, failed looks for new mail: 6
tries to send that failed: 2 x connect, 4 x dot (451)`, text(words.English))
	require.Contains(t, text(words.Japanese), "消失 1 通、重複 0 通")
}

func TestEachStateOfATaskHasItsWords(t *testing.T) {
	for _, l := range runtest.Langs {
		seen := map[string]bool{}
		for _, s := range []trace.TaskState{trace.TaskStarted, trace.TaskFinished, trace.TaskSkipped, trace.TaskTerminated} {
			text := l.Task(finding.Task{Task: trace.Task{Name: "arpclear.bat", State: s, Trigger: trace.TriggerStartup}})
			require.NotEqual(t, "arpclear.bat: "+string(s), text, "the words for what is not known")
			require.False(t, seen[text])
			seen[text] = true
		}
	}
}

func TestAFigureSaysWhoPromisesAndWhoExpects(t *testing.T) {
	f := finding.Figure{Name: finding.Failovers, Client: "client", VIP: runtest.VIP, Time: sec(34), Silent: sec(34), By: "standby"}
	require.Equal(t, "failover 34.0 s  client -> 192.168.10.202, then answered by standby", words.English.Figure(f))
	f.Promise = finding.Promise{Least: sec(30), Most: sec(40), Guide: true}
	f.Expected = &finding.Expectation{Band: finding.Band{Least: sec(35), Most: sec(40)}}
	require.Equal(t, [2]string{"guide 30-40 s: kept; expected 35-40 s: NO", "ガイド 30-40 秒: 範囲内、期待 35-40 秒: NG"}, both(func(l words.Lang) string { return l.FigureJudged(f) }))
	require.Equal(t, "expected 35-40 s: NO", words.English.FigureJudged(finding.Figure{Time: f.Time, Expected: f.Expected}), "nobody promises anything")
	f.Guide, f.Open = false, true
	require.Equal(t, "by the settings 30-40 s: not over when the run ended; expected 35-40 s: NO", words.English.FigureJudged(f), "nobody knows yet")
	f.Time = sec(41)
	require.Equal(t, "by the settings 30-40 s: outside; expected 35-40 s: NO", words.English.FigureJudged(f), "it is too long already")
	f.Time = sec(34)
	require.Equal(t, "> 34.0 s", words.English.Got(f.Time, f.Open))
	require.Equal(t, "client -> 192.168.10.202", words.English.FigureOf(f))
}

func TestAProblemNamesItsPlace(t *testing.T) {
	p := diag.Problem{File: "ipwatch.dat", Line: 2, Severity: diag.Warning, Message: "both nodes have Balance 1"}
	require.Equal(t, "warning: ipwatch.dat:2: both nodes have Balance 1", words.English.Problem(p))
	p.Severity = diag.Error
	require.Equal(t, "the cluster is refused: ipwatch.dat:2: both nodes have Balance 1", words.English.Problem(p))
	require.Equal(t, "警告: both", words.Japanese.Problem(diag.Problem{Severity: diag.Warning, Message: "both"}))
}

func TestABeliefThatMisled(t *testing.T) {
	tr := &trace.Trace{Header: trace.Header{VIPs: []trace.VIP{{Address: runtest.VIP}}}}
	w := finding.Span{From: sec(60), To: sec(180), By: []string{"active", "standby"}}
	b := &finding.Belief{Host: "core1", VIP: runtest.VIP, MAC: trace.MAC{2}, To: sec(180), Open: true, Wrong: []finding.Span{w}}
	require.Equal(t, "led to no node (02-00-00-00-00-00) for > 120 s; the holder was active, standby", words.English.Misled(tr, b, w))
	tr.Header.VIPs = append(tr.Header.VIPs, trace.VIP{Address: netip.MustParseAddr("192.168.10.203")})
	b.Whose, b.Open = "active", false
	require.Equal(t, "192.168.10.202 led to active (02-00-00-00-00-00) for 120 s; the holder was active, standby", words.English.Misled(tr, b, w))
}

// Each step of what is under way, and each cause of a copy doubled or lost, shows in a sentence of its own.
func TestEachCauseOfADoubleHasItsWords(t *testing.T) {
	for _, l := range runtest.Langs {
		seen := map[string]bool{}
		tells := func(m *finding.Mail) {
			var all string
			for _, line := range l.Mail(m) {
				all += line.Text + "\n"
			}
			require.False(t, seen[all], all)
			seen[all] = true
		}
		for _, k := range finding.Causes {
			tells(&finding.Mail{Copies: []finding.Copy{{Taken: 2, Why: &finding.Note{Kind: k}}}})
			tells(&finding.Mail{Copies: []finding.Copy{{Why: &finding.Note{Kind: k}}}})
		}
		for _, c := range []finding.Copy{{Queued: 1, Unsplit: true}, {Taken: 1, Queued: 1}, {Bounced: 1, Queued: 1}} {
			tells(&finding.Mail{Copies: []finding.Copy{c}})
		}
		tells(&finding.Mail{Drafts: 1})
	}
}
