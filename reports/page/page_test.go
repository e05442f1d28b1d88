package page

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/rules"
	"ipwsim/reports/words"
	"ipwsim/scenarios"
	"ipwsim/sim/finding"
)

// The first lines say how the run went and what the worst of it was: how long, for whom, why, and what was promised.
func TestTheOutcomeAndTheWorstComeFirst(t *testing.T) {
	out := textOf(t, pageOf(t, shipped(t, "cable-pull"), Options{}))
	require.Contains(t, out, "✓ PASS cable-pull Cable pull and return")
	require.Contains(t, out, "The longest silence 34.0 s client → 192.168.10.202 From 20.0 s (16:19:47) to 54.0 s (16:20:21). Show on the timeline "+
		"It began with: the cable of active was pulled (20 s) Above all the watcher waits an interval (W12), 30.8 s No machine had the address.")
	require.Contains(t, out, "Promised guide 30-40 s: kept Expected by the scenario 30-40 s: ok")
	require.Contains(t, out, "Everything this scenario demands held.")
	require.NotContains(t, out, "What to do", "it took no longer than promised")
	ja := textOf(t, pageOf(t, shipped(t, "cable-pull"), Options{Lang: words.Japanese}))
	require.Contains(t, ja, "✓ 成功 cable-pull")
	require.Contains(t, ja, "最長の無応答 34.0 秒 client → 192.168.10.202")
	require.Contains(t, ja, "active のケーブルを抜いた (20 秒)")
}

// What took longer than promised has a cure, and a failback is held against its own promise.
func TestTheWorstHasACure(t *testing.T) {
	out := textOf(t, pageOf(t, shipped(t, "ad-client"), Options{}))
	require.Contains(t, out, "What to do The guide's cure (chapter 3, A): arpclear.bat on both nodes")
	require.Contains(t, out, "Promised failback took 603.0 s (10:03 min); guide 5-10 s: outside Expected by the scenario 600-610 s: ok")
}

// Where the master's return ended what a cache had begun, the page says how long the cache would have gone on.
func TestACacheThatTheReturnCured(t *testing.T) {
	text := strings.Replace(read(t, "ad-client"), "at 700s plug active", "at 100s plug active", 1)
	text = regexp.MustCompile(`(?m)^expect .*\n`).ReplaceAllString(text, "")
	out := textOf(t, pageOf(t, written(t, text), Options{}))
	require.Contains(t, out, "Without the return The return of the lost machine ended it. This ARP cache believes an entry for up to 600.0 s (10:00 min)")
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := scenarios.Read(name)
	require.NoError(t, err)
	return string(data)
}

// A weakness has a word and a colour of its own, and is told before what held.
func TestAWeaknessIsNoPass(t *testing.T) {
	r := changed(shipped(t, "cable-pull"))
	r.Results[0] = finding.Result{ID: "P1", Verdict: finding.Fail, Expected: true, Judged: 1, Findings: []finding.Finding{
		{Note: finding.Note{Kind: "p1.left", Client: "client", VIP: vip, At: sec(20), Because: &finding.Note{Kind: "why.clashed"}}, Verdict: finding.Fail}}}
	page := pageOf(t, r, Options{})
	require.Contains(t, page, `<span class="badge weak"><span aria-hidden="true">!</span> WEAK</span>`)
	require.Contains(t, page, "<title>WEAK: ")
	require.Contains(t, page, `<td class="word weak">shown</td>`)
	require.Contains(t, textOf(t, page), "Shown on purpose, a known weakness: P1 does not judge the failover")
	require.NotContains(t, page, "badge pass")
	require.Contains(t, pageOf(t, r, Options{Lang: words.Japanese}), "弱点</span>")
}

func TestAFailureIsToldFirst(t *testing.T) {
	r := changed(shipped(t, "cable-pull"))
	e := &r.Expectations[0]
	e.OK, e.Seen = false, []finding.Note{{Kind: "seen.time", Client: "client", Time: sec(41)}}
	page := pageOf(t, r, Options{})
	require.Contains(t, page, "badge fail")
	out := textOf(t, page)
	require.Regexp(t, `What did not hold: line \d: expect failover 30s\.\.40s; seen: 41 s for client`, out)
	require.NotContains(t, out, "Everything this scenario demands held")
	require.Less(t, strings.Index(out, "What did not hold"), strings.Index(out, "The longest silence"))

	r = changed(shipped(t, "cable-pull"))
	r.Expectations = nil
	require.Contains(t, textOf(t, pageOf(t, r, Options{})), "This scenario demands nothing of its own")
}

// Two holders at once are told even where no client missed anything.
func TestASplitBrainIsTold(t *testing.T) {
	out := textOf(t, pageOf(t, shipped(t, "split-brain"), Options{}))
	require.Contains(t, out, "Every client that used the cluster had an answer all the time.")
	require.Contains(t, out, "active and standby both held 192.168.10.202 for 67.0 s in all")
	require.NotContains(t, textOf(t, pageOf(t, shipped(t, "cable-pull"), Options{})), "both held")
}

// Clients that have never used a VIP are named, not counted among those that were answered.
func TestClientsThatNeverUsedAVIPAreNamed(t *testing.T) {
	r := changed(shipped(t, "l3-offices"))
	for i, name := range []string{"client", "client2"} {
		require.Equal(t, name, r.Facts.Uses[i].Client)
		r.Facts.Uses[i] = finding.Use{Client: name, VIP: vip, Never: true}
	}
	out := textOf(t, pageOf(t, r, Options{}))
	require.Contains(t, out, "Never used 192.168.10.202, and so not judged: client, client2.")
	require.Contains(t, out, "client3, client4 could not reach 192.168.10.202 2 times", "those that fared alike are one sentence")
	require.Contains(t, textOf(t, pageOf(t, r, Options{Lang: words.Japanese})), "判定しないもの: client、client2。")
}

// A cable that flaps makes outages that are alike: one card, with their times.
func TestOutagesThatAreAlikeAreOneCard(t *testing.T) {
	var b strings.Builder
	b.WriteString("# A cable that flaps\ncluster guide\nping client vip\n")
	for i := range 18 {
		b.WriteString("at " + words.Bare(sec(float64(20+7*i))) + "s flap active 1s\n")
	}
	b.WriteString("end 160s\n")
	r := written(t, b.String())
	require.Len(t, r.Facts.Outages(), 18)
	page := pageOf(t, r, Options{})
	require.Equal(t, 1, strings.Count(page, `<article class="outage">`))
	out := textOf(t, page)
	require.Regexp(t, `18 times client had no answer from 192\.168\.10\.202, for about 4\.\d s each From 20\.0 s, 27\.0 s, .*, …, 139\.0 s\.`, out)
	require.Contains(t, out, "1 the cable of active was out for 1 s flap active 1s 20.0 s to 21.0 s, 27.0 s to 28.0 s, 34.0 s to 35.0 s, 41.0 s to 42.0 s, 14 more times")
}

// Each outage names its client and its VIP.
func TestOutagesNameClientAndVIP(t *testing.T) {
	out := textOf(t, pageOf(t, shipped(t, "l3-offices"), Options{}))
	for _, client := range []string{"client", "client2", "client3", "client4"} {
		require.Contains(t, out, client+" had no answer from 192.168.10.202 for 34.0 s")
	}
}

// What a client's mail missed is told with its cause.
func TestWhenMailWasDown(t *testing.T) {
	out := textOf(t, pageOf(t, shipped(t, "mail-step-15"), Options{}))
	require.Regexp(t, `No mail of client was accepted at 192\.168\.10\.202:25 from 20\.0 s \(16:19:47\) to 5\d\.\d s \(16:20:2\d\): 2 of its tries failed \(2 x connect\)\. It began with: the cable of active was pulled \(20 s\)\. Shorter times like it: \d, \d\.\d s in all\.`, out)
	r := changed(shipped(t, "mail-step-15"))
	mail := *r.Facts.Mail
	mail.Downs = nil
	r.Facts.Mail = &mail
	require.Contains(t, textOf(t, pageOf(t, r, Options{})), "client always got an answer at 192.168.10.202:25 when it sent mail")
	mail.Downs = []finding.MailDown{{MailRoute: mail.Routes[0], From: sec(165), To: sec(240), Open: true}}
	require.Contains(t, textOf(t, pageOf(t, r, Options{})), "from 165.0 s (16:22:12) until the run ended: it tried and waited.")
}

// Each page says when, by what version, of which cluster and with which seed.
func TestEachPageSaysWhichRunItWas(t *testing.T) {
	r := shipped(t, "cable-pull")
	want := "simulated start 2025-02-07 16:19:27 +0900 110.000 s of virtual time cluster guide seed 1"
	foot := func(page string) string {
		_, text, ok := strings.Cut(page, "<footer>")
		require.True(t, ok)
		return textOf(t, text)
	}
	require.Contains(t, foot(pageOf(t, r, Options{})), want)
	require.Contains(t, foot(pageOf(t, r, Options{})), "ipwsim v1.2.3")
	suite := foot(suiteOf(t, []*finding.Run{r, shipped(t, "split-brain")}, Options{}))
	for _, text := range []string{"simulated start 2025-02-07 16:19:27 +0900", "cluster guide", "cluster two-switch", "seed 1", "ipwsim v1.2.3"} {
		require.Contains(t, suite, text)
	}
}

// Nothing was run: a page says why and shows no empty parts.
func TestAClusterThatIsRefused(t *testing.T) {
	page := pageOf(t, shipped(t, "vip-is-real"), Options{})
	out := textOf(t, page)
	require.Contains(t, out, "✓ PASS vip-is-real")
	require.Contains(t, out, "Nothing was run: the cluster is refused for its files, as this scenario expects.")
	for _, id := range []string{"network", "timeline", "story", "frames", "outages", "figures", "terms"} {
		require.NotContains(t, page, `<section id="`+id+`"`)
	}
	out = textOf(t, pageOf(t, &finding.Run{Scenario: "empty"}, Options{}))
	require.Contains(t, out, "✗ FAIL empty empty What did not hold: no data: the run left no trace")
}

var anchor = regexp.MustCompile(`<a class="r" href="#([A-Z][0-9]+)">([A-Z][0-9]+)</a>`)

// Every number of a rule is a link to its sentence on the same page.
func TestRulesAreLinked(t *testing.T) {
	for _, name := range []string{"cable-pull", "l3-offices", "mail-step-15", "two-masters"} {
		page := pageOf(t, shipped(t, name), Options{})
		found := anchor.FindAllStringSubmatch(page, -1)
		require.NotEmpty(t, found)
		for _, m := range found {
			require.Equal(t, m[1], m[2])
			target := `<dt id="`
			if m[1][0] == 'P' {
				target = `<tr id="`
			}
			require.Equal(t, 1, strings.Count(page, target+m[1]+`">`), "%s: %s", name, m[1])
		}
		body, _, ok := strings.Cut(page, `<section id="rules">`)
		require.True(t, ok)
		for _, id := range regexp.MustCompile(`\([A-Z][0-9]{1,2}(, [A-Z][0-9]{1,2})*\)</`).FindAllString(pieces(body), -1) {
			require.Fail(t, "not a link", "%s: %s", name, id)
		}
	}
	r := changed(shipped(t, "cable-pull"))
	r.Title = finding.Phrase{En: "What nobody knows (H99)", Ja: "不明 (H99)"}
	require.Contains(t, pageOf(t, r, Options{}), "(H99)</h1>", "no link")
	w12, _ := rules.Lookup("W12")
	require.Contains(t, textOf(t, pageOf(t, r, Options{})), "W12 "+w12.Text(false))
	require.Contains(t, textOf(t, pageOf(t, r, Options{Lang: words.Japanese})), "W12 "+w12.Text(true))
}

// pieces are the parts of a page whose rules are links: not the window's title, the drawings and a scenario's lines.
func pieces(body string) string {
	for _, part := range []string{`(?s)<title>.*?</title>`, `(?s)<svg.*?</svg>`, `(?s)<code>.*?</code>`, `(?s)<div class="label">.*?</div>`} {
		body = regexp.MustCompile(part).ReplaceAllString(body, "")
	}
	return body
}

// Every anchor that a page links to is on it.
func TestLinksLead(t *testing.T) {
	for _, name := range []string{"cable-pull", "mail-three-failovers", "one-way-cut"} {
		page := pageOf(t, shipped(t, name), Options{})
		for _, m := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
			require.Contains(t, page, `id="`+m[1]+`"`, "%s: %s", name, m[1])
		}
	}
}

func TestEqualRunsGiveEqualPages(t *testing.T) {
	r := shipped(t, "mail-step-15")
	for range 3 {
		require.Equal(t, pageOf(t, r, Options{}), pageOf(t, r, Options{}))
	}
}

// A warning is called so once.
func TestAWarningHasOneLabel(t *testing.T) {
	r := changed(shipped(t, "cable-pull"))
	r.Problems = nil
	r.Problems.Warnf("case.txtar", 1, "found no title, expected a comment in the first line that names the scenario")
	for l, want := range map[words.Lang]string{words.English: "warning: case.txtar:1: found no title", words.Japanese: "警告: case.txtar:1: 題名がない"} {
		short := textOf(t, section(t, pageOf(t, r, Options{Lang: l}), "short"))
		require.Contains(t, short, want)
		require.NotRegexp(t, `(?i)warnings? warning|警告 警告`, short)
	}
}

// The page of many runs has those that failed first, then those that show a weakness.
func TestASuiteShowsTheWorstFirst(t *testing.T) {
	failed, weak := changed(shipped(t, "link-flap")), changed(shipped(t, "freeze"))
	failed.Expectations[0].OK = false
	weak.Results[0] = finding.Result{ID: "P1", Verdict: finding.Fail, Expected: true}
	page := suiteOf(t, []*finding.Run{shipped(t, "cable-pull"), weak, failed}, Options{})
	out := textOf(t, page)
	require.Contains(t, out, "3 scenarios: 1 passed, 1 with a weakness, 1 failed")
	order := []int{strings.Index(out, "✗ FAIL link-flap"), strings.Index(out, "! WEAK freeze"), strings.Index(out, "✓ PASS cable-pull")}
	require.Less(t, 0, order[0])
	require.Less(t, order[0], order[1])
	require.Less(t, order[1], order[2])
	require.Contains(t, out, "34.0 s client failover 34.0 s guide 30-40 s: kept expected 30-40 s: ok failback 7.5 s")
	require.Contains(t, page, `<a href="x.html">cable-pull</a>`)
	require.Contains(t, textOf(t, suiteOf(t, nil, Options{})), "✗ FAIL All scenarios no data: no scenario was run")
}
