package page

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"ipwsim/reports/runtest/browser"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
)

// open writes a page to disk and opens it.
func open(t *testing.T, b *browser.Browser, page string, w browser.Window) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page.html")
	require.NoError(t, os.WriteFile(path, []byte(page), 0o600))
	b.Open(path, w)
}

// layoutOf finds what is wrong in how a page is laid out: a page wider than the window, labels of lanes that overlap
// each other or their lane, numbers of an axis and words of a picture that run into each other.
const layoutOf = `(() => {
  const wrong = [], wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) wrong.push("the page is " + wide + " wide, the window " + innerWidth);
  const boxes = (all, of = document) => [...of.querySelectorAll(all)].map(e => ({ name: e.textContent.trim(), box: e.getBoundingClientRect() })).filter(e => e.box.width > 0);
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const apart = (all, what) => { for (const [i, a] of all.entries()) for (const b of all.slice(i + 1)) if (meet(a.box, b.box)) wrong.push(what + ": " + a.name + ", " + b.name); };
  const labels = boxes(".lane .label");
  apart(labels, "labels");
  for (const a of labels) {
    for (const b of boxes(".lane .track")) if (meet(a.box, b.box)) wrong.push("label " + a.name + " and a lane");
    if (a.box.right > innerWidth) wrong.push("label " + a.name + " leaves the window");
  }
  for (const axis of document.querySelectorAll(".axis .zoom")) apart(boxes("text", axis), "numbers of the axis");
  for (const net of document.querySelectorAll(".net")) {
    apart(boxes("text", net), "words of the network");
    for (const t of boxes("text", net)) if (t.box.right > net.getBoundingClientRect().right) wrong.push(t.name + " leaves the picture");
  }
  return wrong;
})()`

// Pages of all sorts open at both widths without a complaint, and nothing overlaps.
func TestPagesInABrowser(t *testing.T) {
	b := browser.Start(t)
	var all []*finding.Run
	pages := map[string]string{}
	for _, name := range []string{"cable-pull", "split-brain", "ad-client", "l3-offices", "vip-is-real", "two-masters", "mail-three-failovers"} {
		r := shipped(t, name)
		all = append(all, r)
		for _, l := range both {
			pages[name+" "+l.Code()] = pageOf(t, r, Options{Lang: l})
		}
	}
	pages["suite"] = suiteOf(t, all, Options{})
	for name, page := range pages { // order: each is opened by itself
		open(t, b, page, browser.Windows[0])
		for _, w := range browser.Windows {
			b.Resize(w)
			require.Empty(t, b.List(layoutOf), "%s at %s width", name, w.Name)
		}
	}
	require.Empty(t, b.Complaints())
}

// What a user does: zoom by button and key, read a moment, jump from an outage to the timeline and from the timeline to
// its frames, and from a number of a rule to its sentence.
func TestAPageIsUsed(t *testing.T) {
	b := browser.Start(t)
	open(t, b, pageOf(t, shipped(t, "cable-pull"), Options{}), browser.Windows[0])
	zoomed := func() string {
		return b.Text(`document.querySelector(".lane .zoom").getAttribute("width")`)
	}
	shown := func() string { return b.Text(`document.querySelector(".range").textContent`) }
	require.Equal(t, "0 – 110 seconds", shown())

	b.Do(chromedp.Click(chromedp.CSS(`button[data-do="in"]`)))
	require.Equal(t, "200%", zoomed())
	b.Do(chromedp.Focus(chromedp.CSS(`.chart`)), chromedp.KeyEvent("+"))
	require.Equal(t, "400%", zoomed())
	b.Do(chromedp.Click(chromedp.CSS(`button[data-do="all"]`)))
	require.Equal(t, "100%", zoomed())
	b.Do(chromedp.Click(chromedp.CSS(`.outage a.show`)))
	require.Equal(t, "14.9 – 59.1 seconds", shown(), "the first outage with a margin")

	point := func(x float64) string {
		const axis = `(() => { const b = document.querySelector(".axis").getBoundingClientRect(); return [b.left, b.width, b.top - 40]; })()`
		at := browser.Eval[[]float64](b, axis)
		b.Do(chromedp.MouseEvent("mouseMoved", at[0]+at[1]*x, at[2]))
		return b.Text(`document.querySelector(".readout").textContent`)
	}
	said := point(0.5)
	require.Contains(t, said, "At 37.01 seconds")
	require.Contains(t, said, "client answeredno answer: 20.000 s to 54.022 s, 34.0 s")
	require.Contains(t, said, "watcher of standbypolling")
	require.Contains(t, point((24.001-14.9)/44.2), "client pings 192.168.10.20224.000 seconds: timed out", "a stroke has its time")

	b.Do(chromedp.Click(chromedp.CSS(`.lane a[href="#w2"]`)), chromedp.WaitVisible(chromedp.CSS(`#w2[open]`))) // the diagram unfolds
	require.Equal(t, "#w2", b.Text(`location.hash`))
	b.Do(chromedp.Click(chromedp.CSS(`.worst a.r`)))
	require.Equal(t, "W12", b.Text(`document.querySelector("dt:target").textContent`))
	require.Empty(t, b.Complaints())
}

// Where columns stand for very many stretches, the readout says how much of each is in one.
func TestColumnsAreRead(t *testing.T) {
	b := browser.Start(t)
	var text strings.Builder
	text.WriteString("# A cable that flaps\ncluster guide\nping client vip\n")
	for i := range 150 {
		text.WriteString("at " + words.Bare(sec(float64(10+7*i))) + "s flap active 1s\n")
	}
	text.WriteString("end 1070s\n")
	open(t, b, pageOf(t, written(t, text.String()), Options{}), browser.Windows[0])
	const middle = `(() => { document.querySelector(".axis").scrollIntoView({ block: "center" }); const b = document.querySelector(".axis").getBoundingClientRect(); return [b.left + b.width / 2, b.top - 5]; })()`
	at := browser.Eval[[]float64](b, middle)
	b.Do(chromedp.MouseEvent("mouseMoved", at[0], at[1]))
	require.Regexp(t, `client answered\d+ % no answer; \d+ % answered`, b.Text(`document.querySelector(".readout").textContent`))
	require.Empty(t, b.List(layoutOf))
	require.Empty(t, b.Complaints())
}

// The test of the layout finds what it is to find.
func TestABrokenLayoutIsFound(t *testing.T) {
	b := browser.Start(t)
	open(t, b, pageOf(t, shipped(t, "cable-pull"), Options{}), browser.Windows[0])
	browser.Eval[any](b, `window.whole = document.body.cloneNode(true), 0`)
	for _, twin := range []string{
		`document.querySelector("h1").style.width = "3000px"`,
		`document.querySelectorAll(".label")[2].style.marginTop = "-60px"`,
		`document.querySelectorAll(".label")[1].style.marginRight = "-100px"`,
		`document.querySelector(".axis text").setAttribute("x", "18.2%")`,
		`document.querySelectorAll(".net .n")[1].setAttribute("y", document.querySelectorAll(".net .n")[3].getAttribute("y"))`,
		`document.querySelector(".net .n").setAttribute("x", "345")`,
	} {
		require.Empty(t, b.List(layoutOf))
		browser.Eval[any](b, twin)
		require.NotEmpty(t, b.List(layoutOf), twin)
		browser.Eval[any](b, `document.body.replaceWith(whole.cloneNode(true))`)
	}
}

// A page on paper shows the whole run, no buttons, and is no wider than the paper; it is light in the dark.
func TestAPageOnPaper(t *testing.T) {
	b := browser.Start(t)
	open(t, b, pageOf(t, shipped(t, "ad-client"), Options{}), browser.Window{Name: "paper", Width: 700, Height: 990})
	ground := func() string { return b.Text(`getComputedStyle(document.body).backgroundColor`) }
	b.Media("print", true)
	require.Empty(t, b.List(layoutOf))
	require.Zero(t, browser.Eval[float64](b, `document.querySelector(".tools").offsetHeight`))
	require.Equal(t, "rgb(255, 255, 255)", ground())
	b.Media("", true)
	require.Equal(t, "rgb(20, 23, 27)", ground())
	require.Empty(t, b.Complaints())
}

// The browser itself refuses what does not belong to the page: a twin of it with one handler, one script and one picture
// more.
func TestThePolicyHoldsInABrowser(t *testing.T) {
	b := browser.Start(t)
	const bad = `<img src="http://127.0.0.1:9/x.png" onerror="window.hit=1"><script>window.hit=2</script></body>`
	open(t, b, strings.Replace(pageOf(t, shipped(t, "cable-pull"), Options{}), "</body>", bad, 1), browser.Windows[0])
	require.False(t, browser.Eval[bool](b, `"hit" in window`))
	require.GreaterOrEqual(t, len(b.Complaints()), 2)
}
