package reports

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"ipwsim/sim/trace"
)

func htmlOf(t require.TestingT, r Result, opt Options) string {
	var b strings.Builder
	require.NoError(t, HTML(&b, r, opt))
	return b.String()
}

// requirePageHarmless holds a page against what is promised of every page: a browser finds in it the
// elements of ours only, no handler, no style of its own, no address but anchors and the captures'.
func requirePageHarmless(t require.TestingT, out string) {
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
	for _, r := range out {
		if r != '\n' && r != '\t' && !harmless(r) {
			require.Fail(t, "not shown", "%q", r)
		}
	}
}

// ours are the elements of the templates; theirs are attributes that run or load something.
var ours, theirs = set(`html head meta title style body a main header section p span h1 h2 h3 strong em ul li table thead
	tbody tr th td br svg defs use pattern rect circle line text path marker g details summary pre code dl dt dd article
	button output div script figure figcaption`), set("style src srcset srcdoc action formaction")

func set(words string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(words) {
		all[w] = true
	}
	return all
}

func TestHostileNamesStayText(t *testing.T) {
	const evil = `"><img src=x onerror=alert(1)><script>alert(2)</script>'&{{.}}</title></style></svg>javascript:alert(3)` + "\u202e\x00\xff"
	r := cablePull()
	r.Scenario, r.Title, r.File, r.Rerun, r.Captures = evil, evil, evil, evil, "captures/"+evil
	r.Warnings = []string{evil}
	r.Trace.Header.Nodes = []trace.Node{{Role: evil}, {Role: "standby"}}
	r.Trace.Header.Clients = []trace.Client{{Name: evil}, {Name: "client"}}
	r.Outages = append(r.Outages, Outage{Client: evil, VIP: vip, From: sec(1), To: sec(2), Cause: evil, Parts: []Part{{Name: evil, Time: sec(1)}}, Saw: []Part{{Name: evil, Lines: 1}}})
	r.Lanes = append(r.Lanes, Lane{Label: evil, Host: evil, Client: true, Spans: []Span{{sec(1), sec(2), evil}}})
	r.Beliefs = append(r.Beliefs, Belief{Host: evil, VIP: vip, Whose: evil, From: sec(1), To: sec(50), Wrong: []Misled{{sec(2), sec(30), []string{evil}}}})
	r.Checks = append(r.Checks, Check{ID: evil, Title: evil, Verdict: Fail, Sentences: []string{evil}, Reason: evil})
	r.Expectations = append(r.Expectations, Expectation{Line: 3, Text: evil, Seen: evil})
	r.Figures = append(r.Figures, Figure{Name: evil, Client: evil, Value: sec(1), BandMax: sec(3), By: evil})
	r.Frames = []Frame{{At: sec(20), From: evil, To: evil, Kind: evil, Text: evil, File: evil, Lost: evil, Reached: []Arrival{{evil, evil, 3}}}}
	for _, b := range []trace.Body{trace.Fault{Verb: evil, Args: []string{evil}}, trace.Log{Text: evil}, trace.Watch{VIP: vip, State: evil, Why: evil},
		trace.Command{Line: evil}, trace.Event{Source: evil, Text: evil}, trace.Link{Cable: evil}, trace.Power{State: evil}, trace.PingLine{Outcome: evil}} {
		r.Trace.Add(sec(180), evil, b)
	}
	for _, lang := range []string{"en", "ja"} {
		out := htmlOf(t, r, Options{Lang: lang})
		requirePageHarmless(t, out)
		require.Greater(t, strings.Count(out, "&lt;img src=x onerror=alert(1)&gt;"), 15, "it is shown")
		require.NotContains(t, out, "<img")
		require.Contains(t, out, `\u202e`, "what turns text round is shown")
	}
	var b strings.Builder
	require.NoError(t, HTMLSuite(&b, []Result{r}, func(Result) string { return "x.html" }, Options{}))
	requirePageHarmless(t, b.String())
}

// What senders, recipients and servers of mail write stays text: in single signs, in the sentences and
// in the order of events.
func TestHostileMailStaysText(t *testing.T) {
	const evil = `"><img src=x onerror=alert(1)><script>alert(2)</script></title></svg>'` + "\r\nBcc: x\u2028\u202e\x00\xff"
	r := mailRun()
	r.Mail.Failures = append(r.Mail.Failures, MailFailure{Stage: evil, Code: 451, Count: 1})
	r.Trace.Header.Others = append(r.Trace.Header.Others, trace.Other{Name: evil, What: evil})
	for _, b := range []trace.Body{
		trace.MailAccept{ID: evil, From: evil, To: []string{evil, evil}, MessageID: evil},
		trace.MailDeliver{ID: evil, To: evil, Box: evil},
		trace.MailRelay{ID: evil, To: evil, Server: smtp},
		trace.MailRetry{ID: evil, To: evil, Try: 1, Why: evil},
		trace.MailBounce{ID: evil, To: evil, Why: evil},
		trace.MailSend{MessageID: evil, To: evil, Server: smtp, Stage: evil, Code: 451, Text: evil},
		trace.MailPoll{User: evil, By: evil, Server: smtp, Stage: evil, Text: evil},
		trace.MailSession{Service: evil, User: evil, End: "broken"},
		trace.MailFetch{User: evil, By: evil, MessageID: evil},
		trace.MailTaken{From: evil, To: evil, MessageID: evil},
		trace.MailExpunge{Box: evil, ID: evil, MessageID: evil, By: evil},
		trace.MailStock{Place: evil, ID: evil, To: evil, MessageID: evil},
	} {
		r.Trace.Add(sec(100), evil, b)
	}
	for _, lang := range []string{"en", "ja"} {
		out := htmlOf(t, r, Options{Lang: lang})
		requirePageHarmless(t, out)
		require.Equal(t, len(mailKinds), strings.Count(out, `<svg class="mark dot `), "one sign each")
		require.NotContains(t, out, "<img")
		require.Greater(t, strings.Count(out, "&lt;img src=x onerror=alert(1)&gt;"), 15, "it is shown")
		for _, shown := range []string{`\x0d` + "\n" + `Bcc: x`, `\u2028\u202e`, `\xff`} {
			require.Contains(t, out, shown)
		}
		plain := text(t, r, Options{Lang: lang})
		requireHarmless(t, plain, 80)
		require.Contains(t, plain, `\x0d\x0aBcc:`, "no line of its own")
	}
}

// An address of the captures that is none is not followed.
func TestACapturesAddressIsNoScript(t *testing.T) {
	r := cablePull()
	r.Captures = "javascript:alert(1)"
	r.Frames = []Frame{{At: sec(20), From: "client", File: "client.pcapng", Number: 1}}
	require.NotContains(t, htmlOf(t, r, Options{}), `href="javascript`)
}

func TestRandomResultsMakeHarmlessPages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opt := Options{Lang: rapid.SampledFrom([]string{"en", "ja"}).Draw(t, "lang")}
		all := rapid.SliceOfN(results(), 0, 2).Draw(t, "results")
		for _, r := range all {
			out := htmlOf(t, r, opt)
			requirePageHarmless(t, out)
			require.NotRegexp(t, `%!\w\(|="NaN`, out, "a message with arguments of another kind, or no number")
		}
		var b strings.Builder
		require.NoError(t, HTMLSuite(&b, all, func(Result) string { return "x.html" }, opt))
		requirePageHarmless(t, b.String())
	})
}

// words gives a page's text without its markup.
func textOf(t *testing.T, out string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(out))
	require.NoError(t, err)
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode && n.Parent.Data != "style" && n.Parent.Data != "script" {
			b.WriteString(n.Data + " ")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return strings.Join(strings.Fields(b.String()), " ")
}

// The first lines of a page say whether it passed, when the service was away, for whom and why.
func TestTheVerdictComesFirstInPlainWords(t *testing.T) {
	en := textOf(t, htmlOf(t, cablePull(), Options{}))
	require.Contains(t, en, "✓ PASS cable-pull Cable pull, chapter 2 step 15 of the guide "+
		"client could not reach 192.168.10.202 once: for 34.6 s, from 20.0 s (16:20:17) to 54.6 s (16:20:51). "+
		"It began with: unplug active. Most of that time: no node had it. Everything this scenario demands held.")
	require.Contains(t, en, "failover : another machine takes the address client -> 192.168.10.202, then standby 34.6 s promised 30-40 s")
	require.Contains(t, en, "ipwsim run scenarios/testdata/cable-pull.txtar --seed 7")
	ja := textOf(t, htmlOf(t, cablePull(), Options{Lang: "ja"}))
	require.Contains(t, ja, "✓ 成功 cable-pull")
	require.Contains(t, ja, "client は 192.168.10.202 に 1 回届きませんでした: 34.6 秒、20.0 秒 (16:20:17) から 54.6 秒 (16:20:51) まで。")

	r := cablePull()
	r.Expectations[0].OK, r.Expectations[0].Seen = false, "41 s"
	failed := textOf(t, htmlOf(t, r, Options{}))
	require.Contains(t, failed, "✗ FAIL cable-pull Cable pull, chapter 2 step 15 of the guide What did not hold: line 5: expect failover 30s..40s; seen: 41 s")
	require.NotContains(t, failed, "Everything this scenario demands held")

	r.Expectations = nil
	require.Contains(t, textOf(t, htmlOf(t, r, Options{})), "This scenario demands nothing of its own")
}

// Two holders at once are told even where no client missed anything.
func TestASplitBrainIsTold(t *testing.T) {
	r := cablePull()
	r.Outages = nil
	r.Lanes = []Lane{
		{Label: "a", Host: "active", VIP: vip, Spans: []Span{{sec(-30), sec(180), "preferred"}}},
		{Label: "s", Host: "standby", VIP: vip, Spans: []Span{{sec(54), sec(120), "preferred"}}},
	}
	out := textOf(t, htmlOf(t, r, Options{}))
	require.Contains(t, out, "client could reach 192.168.10.202 the whole time.")
	require.Contains(t, out, "active and standby both held 192.168.10.202 for 66.0 s in all")
	r.Lanes[1].Spans[0].State = "tentative"
	require.NotContains(t, textOf(t, htmlOf(t, r, Options{})), "both held")
}

// boxes are the places and titles of what a page draws, in percent.
var drawn = regexp.MustCompile(`class="box ([a-z ]+)" x="([0-9.]+)%" y="\d+" width="([0-9.]+)%" height="18"><title>([^<]*)</title>`)

func TestLanesStandWhereTheirTimesAre(t *testing.T) {
	r := cablePull()
	r.Trace.End = sec(200)
	var found []string
	for _, m := range drawn.FindAllStringSubmatch(htmlOf(t, r, Options{}), -1) {
		found = append(found, m[1]+" "+m[2]+"+"+m[3]+" "+m[4])
	}
	require.Contains(t, found, "held 0+10 preferred: 0.000 s to 20.000 s, 20.0 s", "what began before 0 is cut off")
	require.Contains(t, found, "away 10+17.3 no answer: 20.000 s to 54.600 s, 34.6 s")
	require.Contains(t, found, "bad 60.5+0.75 duplicate: 121.000 s to 122.500 s, 1.5 s")
	require.Contains(t, found, "fault 10+50 20.000 s: unplug active", "until it is plugged in")
	require.Contains(t, found, "bad 27.3+0.25 wrong: active (00-15-5d-0a-0b-c8): 54.600 s to 55.100 s, 0.5 s")
}

// Many events of a lane become columns, and none of the rare ones is lost in them.
func TestManyEventsBecomeFewBoxes(t *testing.T) {
	c := newChart(100_000 * time.Second)
	var all []moment
	for i := range 100_000 {
		e := moment{time.Duration(i) * time.Second, "reply", "reply"}
		if i == 33_333 {
			e.class, e.name = "lost", "timed out"
		}
		all = append(all, e)
	}
	lane := c.marks(english, "x", all, []string{"reply", "unreachable", "lost"})
	require.Empty(t, lane.Marks)
	require.Len(t, lane.Boxes, 3)
	require.Equal(t, "many lost", lane.Boxes[1].Class)
	require.Contains(t, lane.Boxes[1].Title, "1 x timed out")
	require.Contains(t, lane.Boxes[0].Title, " x reply: 0.000 s to ")

	var spans []Span
	for i := range 50_000 {
		spans = append(spans, Span{time.Duration(2*i) * time.Second, time.Duration(2*i+1) * time.Second, "preferred"})
	}
	require.LessOrEqual(t, len(c.spans(english, "x", spans, english.look).Boxes), mostBoxes)
}

func TestASequenceShowsWhatArrivedAndWhatDidNot(t *testing.T) {
	r := cablePull()
	r.Captures = "captures"
	r.Frames = []Frame{
		{At: sec(20.1), From: "client", To: "active", Kind: "echo-request", Text: "echo request 21 to 192.168.10.202", File: "client.pcapng", Number: 125, Lost: "pulled, cable active"},
		{At: sec(51.6), From: "standby", Cast: true, Kind: "probe", Text: "ARP probe", File: "standby.pcapng", Number: 7, Reached: []Arrival{{"client", "client.pcapng", 130}}},
	}
	w := frameWindows(english, r)
	require.Len(t, w, 2, "half a minute of calm lies between them")
	require.Equal(t, "Frames 1: 20.100 s to 20.100 s", w[0].Title)
	require.Equal(t, []station{{"0", "50", "25", "client"}, {"50", "50", "75", "active"}}, w[0].Stations)
	lost, probe := w[0].Rows[0], w[1].Rows[0]
	require.Equal(t, "25", lost.X1)
	require.Equal(t, "60", lost.X2, "it ends on the way")
	require.Equal(t, "pulled, cable active", lost.Lost)
	require.Equal(t, []string{"25"}, probe.Dots)
	require.Equal(t, []placeLink{{"captures/standby.pcapng", "standby.pcapng", 7}, {"captures/client.pcapng", "client.pcapng", 130}}, probe.Places)
}

// A crowded diagram leaves out echoes that arrived before anything else, and says how many.
func TestACrowdedSequenceIsShortened(t *testing.T) {
	var all []Frame
	for i := range 200 {
		f := Frame{At: time.Duration(i) * time.Millisecond, From: "client", Kind: "echo-request", Reached: []Arrival{{Station: "active"}}}
		if i == 100 {
			f = Frame{At: f.At, From: "standby", Kind: "probe"}
		}
		all = append(all, f)
	}
	shown, left := calmer(all)
	require.Len(t, shown, mostRows)
	require.Equal(t, 140, left)
	require.Contains(t, shown, all[100])
}

func TestFaultsLastUntilTheyAreMended(t *testing.T) {
	tr := &trace.Trace{End: sec(100)}
	for i, words := range []string{"unplug active", "unplug standby", "plug active", "flap client 5s", "netsh active lie", "netsh active ok", "freeze standby"} {
		f := strings.Fields(words)
		tr.Add(sec(float64(10*i)), "", trace.Fault{Verb: f[0], Args: f[1:]})
	}
	var spans [][2]time.Duration
	for _, f := range faultSpans(tr) {
		spans = append(spans, [2]time.Duration{f.from, f.to})
	}
	require.Equal(t, [][2]time.Duration{{sec(0), sec(20)}, {sec(10), sec(100)}, {sec(20), sec(20)}, {sec(30), sec(35)},
		{sec(40), sec(50)}, {sec(50), sec(50)}, {sec(60), sec(100)}}, spans)
}

func TestASuiteShowsTheFailedFirst(t *testing.T) {
	failed := slowFailover()
	var b strings.Builder
	require.NoError(t, HTMLSuite(&b, []Result{cablePull(), failed}, func(r Result) string { return r.Scenario + ".html" }, Options{}))
	out := textOf(t, b.String())
	require.Contains(t, out, "2 scenarios: 1 passed, 1 failed")
	require.Less(t, strings.Index(out, "✗ FAIL "+failed.Scenario), strings.Index(out, "✓ PASS cable-pull"))
	require.Contains(t, b.String(), `<a href="cable-pull.html">cable-pull</a>`)

	b.Reset()
	require.NoError(t, HTMLSuite(&b, nil, nil, Options{}))
	require.Contains(t, textOf(t, b.String()), "✗ FAIL All scenarios no data: no scenario was run")
}

func TestTheFieldTableAsAPage(t *testing.T) {
	rows := []FieldRow{
		{Server: "srv-2008", Cache: "ad-client", Failover: Wait{Time: sec(599), Parts: []Part{{Name: PartWrongCache, Time: sec(565)}}}, Failback: Wait{Time: sec(603), Open: true}, Page: "x.html"},
		{Server: "srv-2008", Cache: `<b onclick=x>`, Cure: true, Failover: Wait{Time: sec(34)}, Failback: Wait{Time: sec(7.5)}},
	}
	var b strings.Builder
	require.NoError(t, FieldHTML(&b, rows, Options{}))
	requirePageHarmless(t, b.String())
	out := textOf(t, b.String())
	require.Contains(t, out, "srv-2008, without arpclear.bat ARP cache failover failback ad-client see this run 599.0 s (9:59 min) wrong ARP entry (N3) 565.0 > 603.0 s (10:03 min)")
	require.Contains(t, out, "srv-2008, with arpclear.bat ARP cache failover failback <b onclick=x> 34.0 s 7.5 s")
	require.Contains(t, b.String(), `<rect class="slow" width="99.89`)
}

func TestEqualResultsGiveEqualPages(t *testing.T) {
	for range 3 {
		require.Equal(t, htmlOf(t, cablePull(), Options{}), htmlOf(t, cablePull(), Options{}))
	}
}

// failures counts what a check complains of.
type failures int

func (f *failures) Errorf(string, ...any) { *f++ }
func (f *failures) FailNow()              { *f++ }

// A page that let something through is caught.
func TestHarmIsCaught(t *testing.T) {
	out := htmlOf(t, cablePull(), Options{})
	for _, bad := range []string{`<img src="x">`, `<b onclick="x">`, `<p style="x">`, `<script>1</script>`, `<a href="javascript:1">`, "\u202e"} {
		var found failures
		requirePageHarmless(&found, strings.Replace(out, "</main>", bad+"</main>", 1))
		require.NotZero(t, found, bad)
	}
}
