package auditpage

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/runtest"
	"ipwsim/reports/runtest/browser"
	"ipwsim/reports/words"
	"ipwsim/sim/audited"
)

// bad is an audit with something of everything, and the run of its story.
func bad(t *testing.T) *audited.Audit {
	a := runtest.Audit()
	a.Stories[0].Run = runtest.Scenario(t, "ad-client")
	return a
}

func pageOf(t *testing.T, a *audited.Audit, l words.Lang) string {
	var b bytes.Buffer
	h := runtest.Scenario(t, "ad-client").Trace.Header
	require.NoError(t, Write(&b, a, Options{Lang: l, Header: &h}))
	return b.String()
}

// The page begins with what to change first and what it gains. Then come the network, the list with its commands and
// lines, the costs, the stories, what was tried in vain, what check says, and how it was counted.
func TestThePageHasItsParts(t *testing.T) {
	for lang, parts := range map[words.Lang][]string{
		words.English: {
			"to change", "Change this first", "Have Task Scheduler start arpclear.bat on standby", "gains 33 min a year [25 min to 42 min]", "How to do it",
			"things to change: 5", "worst: pc103", "MAIL while the standby has the VIPs", "The network of cluster", "Mend first", "something else", "What to change", "Have Task Scheduler", "MX2", "schtasks /create", "cluster.toml:25", "hosts line for example.net", "Interval 15", "a choice, not a mistake",
			"What costs mail time", "the active node's cable is out", "longest silence seen: 11 min, pc103", "What happens then", "Before the first fault", "In the longest silence", "the cable of active was pulled",
			"Run it:", "ipwsim run audit/01-cable-active.txtar", "the scenario", "cluster made-up", "Tried without gain", "no gain is sure", "costs mail time", "Could not be tried: the changed files are refused", "Interval 1 s on both nodes",
			"What check says", "Interval is 10s here", "see change 2", "How this was counted", "assumed", "freeze-active", "52", "given", "Run it again:", "ipwsim audit ./our-cluster --seed 7",
		},
		words.Japanese: {"要変更", "最初に直すべき点", "standby で", "クラスター", "最初に直す点", "変更すべき点", "メールを使えない時間", "そのとき起こること", "最初の障害の前", "試したが効果のなかったもの", "検査結果", "数え方", "再実行"},
	} {
		text, at := runtest.Read(t, pageOf(t, bad(t), lang)), 0
		for _, part := range parts {
			i := strings.Index(text[at:], part)
			require.GreaterOrEqual(t, i, 0, "%q after\n%s", part, text[:at])
			at += i
		}
	}
	require.Equal(t, pageOf(t, bad(t), words.English), pageOf(t, bad(t), words.English), "the same bytes each time")
}

// An audit that found nothing says so, and has no empty parts.
func TestThePageOfAGoodCluster(t *testing.T) {
	a := bad(t)
	a.Mail = nil
	a.Todo, a.Lint, a.Tried, a.Stories, a.Rows = nil, nil, nil, nil, nil
	text := runtest.Read(t, pageOf(t, a, words.English))
	require.Contains(t, text, "nothing to change: 50 min a year")
	for _, part := range []string{"Change this first", "What to change\n", "Tried", "What happens then", "What check says"} {
		require.NotContains(t, text, part)
	}
}

// A changed copy of a cluster has its name, and a page with another title: by its folder.
func TestThePageOfAChangedCopy(t *testing.T) {
	for folder, title := range map[string]string{"made-up": "cluster made-up:", "./made-up/": "cluster made-up:", ".": "cluster made-up:", "/x/second try": "cluster made-up (second try):", `C:\x\new`: "cluster made-up (new):"} {
		a := bad(t)
		a.Folder = folder
		require.Contains(t, runtest.Read(t, pageOf(t, a, words.English)), "Audit of "+title, folder)
	}
}

// Names are text, whatever stands in them.
func TestNamesAreText(t *testing.T) {
	const evil = `"><img src=x onerror=alert(1)><script>alert(2)</script>&` + "\u202e\x00"
	a := bad(t)
	a.Cluster, a.Rerun, a.Todo[0].Change.Node, a.Todo[0].Change.Do[0].Command, a.Stories[0].Text, a.Lint[0].Message = evil, evil, evil, evil, evil, evil
	a.Todo[0].Change.Edits[0].New, a.Year.Worst.Client, a.Faults[2].What = evil, evil, evil
	page := pageOf(t, a, words.English)
	require.NotContains(t, page, "<img")
	require.NotContains(t, page, "\u202e")
	runtest.Read(t, page) // one script
}

// Each line to write stands alone, further down first.
func TestLinesToWriteStandAlone(t *testing.T) {
	a := bad(t)
	a.Todo[0].Change.Edits = []audited.Edit{{File: "a.bat", Line: 2, New: "arp -d"}, {File: "a.bat", Line: 2, New: "ping 1"}, {File: "a.bat", Line: 4, Old: "was", New: "is"}}
	page := pageOf(t, a, words.English)
	at := 0
	for _, part := range []string{"from the bottom up", "a.bat:4", "<code>was</code></div>", "into:", "<code>is</code></div>", "a.bat:2", "before this line add:", "<code>arp -d</code></div><div><code>ping 1</code></div>"} {
		i := strings.Index(page[at:], part)
		require.GreaterOrEqual(t, i, 0, part)
		at += i
	}
}

// All estimates of a kind share one axis, with zero on it: what is better lies right of it, what is worse left.
func TestWhiskersShareAnAxis(t *testing.T) {
	good, none, worse := audited.Estimate{Value: 2000, Low: 1500, High: 2500}, audited.Estimate{Value: 1, Low: -2, High: 3}, audited.Estimate{Value: -500, Low: -600, High: -400}
	a := axisOf([]audited.Estimate{good, none, worse})
	require.Equal(t, axis{-600, 2500}, a)
	require.Equal(t, whisker{Zero: "20.6", Low: "67", High: "98", At: "82.5", Width: "61.9", Class: "better"}, a.whisker(good))
	require.Empty(t, a.whisker(none).Class)
	require.Equal(t, "worse", a.whisker(worse).Class)
	require.Equal(t, "2", a.whisker(worse).Low)
	require.Equal(t, axis{0, 1}, axisOf(nil))
}

// layoutOf finds what is wider than the window, or lies on something else in a picture.
const layoutOf = `(() => {
  const wrong = [];
  for (const d of document.querySelectorAll("details")) d.open = true;
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) wrong.push("the page is " + wide + " wide, the window " + innerWidth);
  for (const e of document.querySelectorAll("td, th, p, h3, li, figure")) {
    if (e.closest(".scroll")) continue;
    const b = e.getBoundingClientRect();
    if (b.width > 0 && (b.right > innerWidth + 1 || b.width < 20)) wrong.push(e.tagName + " " + e.textContent.slice(0, 30) + " is " + b.left + " to " + b.right);
  }
  return wrong;
})()`

// The page opens at both widths, in both languages, without a complaint, and nothing is wider than the window.
func TestThePageInABrowser(t *testing.T) {
	b := browser.Start(t)
	file := filepath.Join(t.TempDir(), "audit.html")
	for _, l := range runtest.Langs {
		require.NoError(t, os.WriteFile(file, []byte(pageOf(t, bad(t), l)), 0o600))
		for _, w := range browser.Windows {
			b.Open(file, w)
			require.Empty(t, b.List(layoutOf), "%s %s", l.Code(), w.Name)
		}
	}
	b.Media("print", true)
	require.Equal(t, "rgb(255, 255, 255)", b.Text(`getComputedStyle(document.body).backgroundColor`))
	b.Media("", true)
	require.Equal(t, "rgb(20, 23, 27)", b.Text(`getComputedStyle(document.body).backgroundColor`))
	browser.Eval[any](b, `document.querySelector("h1").style.width = "3000px"`)
	require.NotEmpty(t, b.List(layoutOf), "what is too wide is found")
	require.Empty(t, b.Complaints())
}
