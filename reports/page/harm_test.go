package page

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"ipwsim/core/diag"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// ours are the elements of the templates; theirs are attributes that run or load something.
var ours, theirs = set(`html head meta title style body a main header footer section p span h1 h2 h3 strong em b i ul ol li table
	thead tbody tr th td br svg defs use pattern rect circle line text tspan path marker g details summary pre code dl dt dd
	article button output div script figure figcaption`), set("style src srcset srcdoc action formaction")

func set(words string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(words) {
		all[w] = true
	}
	return all
}

// requireHarmless holds a page against what is promised of every page: a browser finds in it the elements of ours
// only, no handler, no style of its own, no address but anchors and the captures'.
func requireHarmless(t require.TestingT, out string) {
	root, err := html.Parse(strings.NewReader(out))
	require.NoError(t, err)
	scripts := 0
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode {
			if !ours[n.Data] {
				require.Fail(t, "no element of ours", n.Data)
			}
			if n.Data == "script" {
				scripts++
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || theirs[a.Key] {
					require.Fail(t, "no attribute of ours", "%s %s", n.Data, a.Key)
				}
				if a.Key == "href" {
					require.Regexp(t, `^(#|captures/|x\.html$)`, a.Val)
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	require.Equal(t, 1, scripts)
	for line := range strings.Lines(out) {
		text := strings.ReplaceAll(strings.TrimSuffix(line, "\n"), "\t", "")
		require.Equal(t, words.Safe(text), text, "not shown")
	}
}

const evil = `"><img src=x onerror=alert(1)><script>alert(2)</script>'&{{.}}</title></style></svg>javascript:alert(3)` + "\u202e\x00\xff"

// hostile is a run in which everything that has a name has an evil one.
func hostile(t *testing.T) *finding.Run {
	r := changed(shipped(t, "mail-step-15"))
	h := &r.Trace.Header
	h.Cluster, h.Nodes = evil, []trace.Node{{Role: evil}, {Role: "standby"}}
	h.Clients = []trace.Client{{Name: evil, Profile: evil}, {Name: "client"}}
	h.Others = append(h.Others, trace.Other{Name: evil, What: evil})
	h.Routers = append(h.Routers, trace.Router{Name: evil})
	h.Cables = append(append([]trace.Cable{}, h.Cables...), trace.Cable{Name: evil, A: evil, B: "sw1"}, trace.Cable{Name: "x", A: evil + "2", B: evil})
	r.Scenario, r.Title, r.File, r.Rerun, r.Captures, r.Program, r.Hash = evil, finding.Phrase{En: evil, Ja: evil}, evil, evil, "captures/"+evil, evil, evil
	r.Problems = diag.List{{File: evil, Line: 1, Message: evil}}
	note := finding.Note{Kind: "p1.late", Client: evil, Node: evil, Peer: evil, Text: evil, Because: &finding.Note{Kind: evil}, Fault: 1}
	r.Results = append(r.Results, finding.Result{ID: evil, Verdict: finding.Fail, Reason: &note, Findings: []finding.Finding{{Note: note}}, Left: []finding.Finding{{Note: note}}})
	r.Results = append(r.Results, finding.Result{ID: evil, Verdict: finding.Fail, Expected: true})
	r.Expectations = append(r.Expectations, finding.Expectation{Line: 3, Text: evil, Client: evil, Seen: []finding.Note{{Kind: "seen.text", Text: evil}}, Hint: &note})
	f := r.Facts
	touches := []trace.Touch{{Part: trace.LinkPart, Of: evil}, {Part: trace.PowerPart, Of: evil}}
	f.Faults = append(append([]finding.Fault{}, f.Faults...), finding.Fault{Fault: trace.Fault{ID: len(f.Faults) + 1, Verb: evil, Target: evil, Setting: evil, Breaks: true, Touches: touches}, At: sec(20), Until: sec(200), Open: true, Said: finding.Phrase{En: evil + "{target}", Ja: evil}})
	f.Uses = append(f.Uses, finding.Use{Client: evil, VIP: vip, Answered: []finding.Span{{From: 0, To: f.End, By: []string{evil}}}, Outages: []finding.Outage{{Client: evil, VIP: vip, From: sec(1), To: sec(190), Before: []string{evil}, After: []string{evil}, Kind: evil, Loss: evil,
		Cause: finding.Cause{Kind: evil, Node: evil, Rule: evil, Fault: 1}, Also: []int{1, 2, 99}, Parts: []finding.Part{{What: evil, Time: sec(180)}}, Saw: []finding.Saw{{Outcome: evil, Lines: 1}}}}},
		finding.Use{Client: evil, VIP: vip, Never: true})
	f.Beliefs = append(f.Beliefs, finding.Belief{Host: evil, VIP: vip, Whose: evil, From: sec(1), To: sec(50), Wrong: []finding.Span{{From: sec(2), To: sec(30), By: []string{evil}}}})
	f.Holdings = append(f.Holdings, finding.Holding{VIP: vip, Node: evil, State: evil, From: 0, To: f.End})
	f.Failbacks = append(f.Failbacks, finding.Failback{Client: evil, VIP: vip, Master: evil, Peer: evil, To: sec(3), Promise: finding.Promise{Most: sec(2)}})
	f.Tasks = append(f.Tasks, finding.Task{At: sec(3), Host: evil, Task: trace.Task{Name: evil, State: trace.TaskSkipped, Trigger: evil}, By: evil})
	mail := *f.Mail
	mail.Failures = append(mail.Failures, finding.MailFailure{Stage: evil, Code: 451, Count: 1})
	mail.Routes = append(mail.Routes, finding.MailRoute{Client: evil, Server: smtp})
	f.Mail = &mail
	r.Frames = append(r.Frames, finding.Frame{At: sec(20), From: evil, To: evil, Kind: evil, Text: evil, Sent: finding.Place{Cable: evil, Number: 1}, Lost: evil, Reached: []finding.Arrival{{Station: evil, Place: finding.Place{Cable: evil, Number: 3}}}})
	r.Trace.Records = append([]trace.Record{}, r.Trace.Records...)
	for _, b := range evilBodies {
		r.Trace.Add(sec(180), evil, b)
	}
	return r
}

var smtp = netip.AddrPortFrom(vip, 25)

var evilBodies = []trace.Body{
	trace.Fault{Verb: evil, Target: evil}, trace.Log{Text: evil}, trace.Watch{VIP: vip, State: evil, Why: evil, Rule: evil}, trace.Command{Line: evil},
	trace.Event{Source: evil, Text: evil}, trace.Link{Cable: evil}, trace.Power{State: evil}, trace.PingStart{ID: 77, Target: vip},
	trace.PingLine{ID: 77, Outcome: evil}, trace.Task{Name: evil, State: evil, Trigger: evil}, trace.Address{IP: vip, State: evil},
	trace.MailAccept{ID: evil, From: evil, To: []string{evil, evil}, MessageID: evil},
	trace.MailDeliver{ID: evil, To: evil, Box: evil}, trace.MailRelay{ID: evil, To: evil, Server: smtp}, trace.MailRetry{ID: evil, To: evil, Try: 1, Why: evil},
	trace.MailBounce{ID: evil, To: evil, Why: evil}, trace.MailSend{MessageID: evil, To: evil, Server: smtp, Stage: evil, Code: 451, Text: evil},
	trace.MailPoll{User: evil, By: evil, Server: smtp, Stage: evil, Text: evil}, trace.MailSession{Service: evil, User: evil, End: trace.BrokenEnd},
}

func TestHostileNamesStayText(t *testing.T) {
	r := hostile(t)
	for _, opt := range []Options{{}, {Lang: words.Japanese}, {Full: true}} {
		out := pageOf(t, r, opt)
		requireHarmless(t, out)
		require.Greater(t, strings.Count(out, "&lt;img src=x onerror=alert(1)&gt;"), 40, "it is shown")
		require.NotContains(t, out, "<img")
		require.Contains(t, out, `\u202e`, "what turns text round is shown")
		require.Contains(t, out, `\xff`)
		requireHarmless(t, suiteOf(t, []*finding.Run{r}, opt))
	}
}

// An address of the captures that is none is not followed.
func TestACapturesAddressIsNoScript(t *testing.T) {
	r := changed(shipped(t, "cable-pull"))
	r.Captures = "javascript:alert(1)"
	require.NotContains(t, pageOf(t, r, Options{}), `href="javascript`)
}

// No text has arguments of another kind, and no drawing has no number.
func TestEveryShippedPageIsSound(t *testing.T) {
	for _, name := range []string{"cable-pull", "mail-three-failovers", "l3-offices", "two-masters", "vip-is-real", "one-way-mute"} {
		for _, l := range both {
			for _, full := range []bool{false, true} {
				out := pageOf(t, shipped(t, name), Options{Lang: l, Full: full})
				requireHarmless(t, out)
				require.NotRegexp(t, `%!\w?\(|="NaN|%!s|>(page|mail|part|state|explain|why)\.[a-z]`, out, name)
			}
		}
	}
}

// failures counts what a check complains of.
type failures int

func (f *failures) Errorf(string, ...any) { *f++ }
func (f *failures) FailNow()              { *f++ }

// A page that let something through is caught.
func TestHarmIsCaught(t *testing.T) {
	out := pageOf(t, shipped(t, "cable-pull"), Options{})
	for _, bad := range []string{`<img src="x">`, `<b onclick="x">`, `<p style="x">`, `<script>1</script>`, `<a href="javascript:1">`, "\u202e"} {
		var found failures
		requireHarmless(&found, strings.Replace(out, "</main>", bad+"</main>", 1))
		require.NotZero(t, found, bad)
	}
}

// A day and more with a ping each second and a fault every ten minutes makes a page that can be sent by mail.
func TestALongRunMakesASmallPage(t *testing.T) {
	end := 100_000 * time.Second
	tr := &trace.Trace{End: end, Header: trace.Header{VIPs: []trace.VIP{{Address: vip}}, Nodes: []trace.Node{{Role: "active"}, {Role: "standby"}},
		Clients: []trace.Client{{Name: "client"}}, Cables: []trace.Cable{{Name: "active", A: "active", B: "sw1"}, {Name: "client", A: "client", B: "sw1"}}}}
	f := &finding.Facts{End: end, Uses: []finding.Use{{Client: "client", VIP: vip}}}
	tr.Add(0, "client", trace.PingStart{ID: 1, Target: vip, Bytes: 32})
	for i := range 100_000 {
		at := time.Duration(i) * time.Second
		if i%600 == 0 {
			fault := trace.Fault{ID: i/600 + 1, Verb: "flap", Target: "active", Setting: "30s", For: 30 * time.Second, Touches: []trace.Touch{{Part: trace.LinkPart, Of: "active"}}}
			tr.Add(at, "", fault)
			tr.Add(at, "active", trace.Watch{VIP: vip, State: []trace.WatchState{trace.Held, trace.Polling}[i/600%2], Why: "found", Rule: "W19"})
			f.Faults = append(f.Faults, finding.Fault{Fault: fault, At: at, Until: at + 30*time.Second})
			u := &f.Uses[0]
			u.Outages = append(u.Outages, finding.Outage{Client: "client", VIP: vip, From: at, To: at + time.Duration(34+i%7)*time.Second, After: []string{"active"},
				Kind: finding.FlapKind, Cause: finding.Cause{Kind: finding.ByFault, Fault: fault.ID}, Parts: []finding.Part{{What: finding.HolderAway, Time: 34 * time.Second}}})
			u.Answered = append(u.Answered, finding.Span{From: at + 34*time.Second, To: at + 600*time.Second, By: []string{"active"}})
			f.Holdings = append(f.Holdings, finding.Holding{VIP: vip, Node: "active", State: trace.Preferred, From: at + 34*time.Second, To: at + 600*time.Second})
		}
		line := trace.PingLine{ID: 1, Seq: i + 1, Outcome: trace.Replied, From: vip, RTT: time.Millisecond, TTL: 128}
		if i%50 == 0 {
			line.Outcome = trace.TimedOut
		}
		tr.Add(at, "client", line)
	}
	r := &finding.Run{Scenario: "long", Played: finding.Played{Trace: tr}, Facts: f}
	out := pageOf(t, r, Options{})
	requireHarmless(t, out)
	t.Logf("%d kB", len(out)/1000)
	require.Less(t, len(out), 150_000)
	require.Contains(t, textOf(t, out), "163 more times", "one line for faults of the same words")
}
