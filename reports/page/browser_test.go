package page

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"ipwsim/reports/words"
	"ipwsim/sim/finding"
)

// browser starts Chromium, once for all pages of a test, and returns a context to open pages in and what the console
// complained of.
func browser(t *testing.T) (context.Context, func() []string) {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		const message = "chromium is not installed (apt-get install chromium): the pages are not opened"
		if os.Getenv("IPWSIM_NO_SKIP") != "" {
			t.Fatal(message)
		}
		t.Skip(message)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	ctx, end := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(end)
	ctx, end = chromedp.NewExecAllocator(ctx, opts...)
	t.Cleanup(end)
	ctx, end = chromedp.NewContext(ctx)
	t.Cleanup(end)

	var mu sync.Mutex
	var complaints []string
	require.NoError(t, chromedp.Listen(ctx, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *log.EventEntryAdded:
			complaints = append(complaints, e.Entry.Text)
		case *runtime.EventExceptionThrown:
			complaints = append(complaints, e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			complaints = append(complaints, fmt.Sprint(e.Type))
		}
	}))
	_, err = chromedp.Call(ctx, log.Enable, cdp.Empty{})
	require.NoError(t, err)
	return ctx, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return complaints
	}
}

// open writes a page to disk and opens it at a width.
func open(t *testing.T, ctx context.Context, page string, width, height int64) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page.html")
	require.NoError(t, os.WriteFile(path, []byte(page), 0o600))
	do(t, ctx, chromedp.EmulateViewport(width, height), chromedp.Navigate((&url.URL{Scheme: "file", Path: path}).String()))
}

// eval evaluates JavaScript in the page.
func eval[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	require.NoError(t, err, script)
	return out
}

// do runs actions of a user.
func do(t *testing.T, ctx context.Context, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	require.NoError(t, chromedp.Do(ctx, actions...))
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

var windows = []struct {
	name          string
	width, height int64
}{{"desktop", 1280, 800}, {"phone", 390, 844}}

// Pages of all sorts open at both widths without a complaint, and nothing overlaps.
func TestPagesInABrowser(t *testing.T) {
	ctx, complaints := browser(t)
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
		for _, w := range windows {
			open(t, ctx, page, w.width, w.height)
			require.Empty(t, eval[[]string](t, ctx, layoutOf), "%s at %s width", name, w.name)
		}
	}
	require.Empty(t, complaints())
}

// What a user does: zoom by button and key, read a moment, jump from an outage to the timeline and from the timeline to
// its frames, and from a number of a rule to its sentence.
func TestAPageIsUsed(t *testing.T) {
	ctx, complaints := browser(t)
	open(t, ctx, pageOf(t, shipped(t, "cable-pull"), Options{}), 1280, 800)
	zoomed := func() string {
		return eval[string](t, ctx, `document.querySelector(".lane .zoom").getAttribute("width")`)
	}
	shown := func() string { return eval[string](t, ctx, `document.querySelector(".range").textContent`) }
	require.Equal(t, "0 – 110 seconds", shown())

	do(t, ctx, chromedp.Click(chromedp.CSS(`button[data-do="in"]`)))
	require.Equal(t, "200%", zoomed())
	do(t, ctx, chromedp.Focus(chromedp.CSS(`.chart`)), chromedp.KeyEvent("+"))
	require.Equal(t, "400%", zoomed())
	do(t, ctx, chromedp.Click(chromedp.CSS(`button[data-do="all"]`)))
	require.Equal(t, "100%", zoomed())
	do(t, ctx, chromedp.Click(chromedp.CSS(`.outage a.show`)))
	require.Equal(t, "14.9 – 59.1 seconds", shown(), "the first outage with a margin")

	point := func(x float64) string {
		const axis = `(() => { const b = document.querySelector(".axis").getBoundingClientRect(); return [b.left, b.width, b.top - 40]; })()`
		at := eval[[]float64](t, ctx, axis)
		do(t, ctx, chromedp.MouseEvent("mouseMoved", at[0]+at[1]*x, at[2]))
		return eval[string](t, ctx, `document.querySelector(".readout").textContent`)
	}
	said := point(0.5)
	require.Contains(t, said, "At 37.01 seconds")
	require.Contains(t, said, "client answeredno answer: 20.000 s to 54.022 s, 34.0 s")
	require.Contains(t, said, "watcher of standbypolling")
	require.Contains(t, point((24.001-14.9)/44.2), "client pings 192.168.10.20224.000 seconds: timed out", "a stroke has its time")

	do(t, ctx, chromedp.Click(chromedp.CSS(`.lane a[href="#w2"]`)))
	require.Equal(t, "#w2", eval[string](t, ctx, `location.hash`))
	require.True(t, eval[bool](t, ctx, `document.getElementById("w2").open`), "the diagram unfolds")
	do(t, ctx, chromedp.Click(chromedp.CSS(`.worst a.r`)))
	require.Equal(t, "W12", eval[string](t, ctx, `document.querySelector("dt:target").textContent`))
	require.Empty(t, complaints())
}

// Where columns stand for very many stretches, the readout says how much of each is in one.
func TestColumnsAreRead(t *testing.T) {
	ctx, complaints := browser(t)
	var b strings.Builder
	b.WriteString("# A cable that flaps\ncluster guide\nping client vip\n")
	for i := range 150 {
		b.WriteString("at " + words.Bare(sec(float64(10+7*i))) + "s flap active 1s\n")
	}
	b.WriteString("end 1070s\n")
	open(t, ctx, pageOf(t, written(t, b.String()), Options{}), 1280, 800)
	const middle = `(() => { document.querySelector(".axis").scrollIntoView({ block: "center" }); const b = document.querySelector(".axis").getBoundingClientRect(); return [b.left + b.width / 2, b.top - 5]; })()`
	at := eval[[]float64](t, ctx, middle)
	do(t, ctx, chromedp.MouseEvent("mouseMoved", at[0], at[1]))
	require.Regexp(t, `client answered\d+ % no answer; \d+ % answered`, eval[string](t, ctx, `document.querySelector(".readout").textContent`))
	require.Empty(t, eval[[]string](t, ctx, layoutOf))
	require.Empty(t, complaints())
}

// The test of the layout finds what it is to find.
func TestABrokenLayoutIsFound(t *testing.T) {
	ctx, _ := browser(t)
	for _, twin := range []string{
		`document.querySelector("h1").style.width = "3000px"`,
		`document.querySelectorAll(".label")[2].style.marginTop = "-60px"`,
		`document.querySelectorAll(".label")[1].style.marginRight = "-100px"`,
		`document.querySelector(".axis text").setAttribute("x", "18.2%")`,
		`document.querySelectorAll(".net .n")[1].setAttribute("y", document.querySelectorAll(".net .n")[2].getAttribute("y"))`,
		`document.querySelector(".net .n").setAttribute("x", "340")`,
	} {
		open(t, ctx, pageOf(t, shipped(t, "cable-pull"), Options{}), 1280, 800)
		require.Empty(t, eval[[]string](t, ctx, layoutOf))
		eval[any](t, ctx, twin)
		require.NotEmpty(t, eval[[]string](t, ctx, layoutOf), twin)
	}
}

// A page on paper shows the whole run, no buttons, and is no wider than the paper; it is light in the dark.
func TestAPageOnPaper(t *testing.T) {
	ctx, complaints := browser(t)
	open(t, ctx, pageOf(t, shipped(t, "ad-client"), Options{}), 700, 990)
	media := func(m emulation.SetEmulatedMediaParams) {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, m)
		require.NoError(t, err)
	}
	dark := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}
	ground := func() string { return eval[string](t, ctx, `getComputedStyle(document.body).backgroundColor`) }
	media(emulation.SetEmulatedMediaParams{Media: "print", Features: dark})
	require.Empty(t, eval[[]string](t, ctx, layoutOf))
	require.Zero(t, eval[float64](t, ctx, `document.querySelector(".tools").offsetHeight`))
	require.Equal(t, "rgb(255, 255, 255)", ground())
	media(emulation.SetEmulatedMediaParams{Features: dark})
	require.Equal(t, "rgb(20, 23, 27)", ground())
	require.Empty(t, complaints())
}

// The browser itself refuses what does not belong to the page: a twin of it with one handler, one script and one picture
// more.
func TestThePolicyHoldsInABrowser(t *testing.T) {
	ctx, complaints := browser(t)
	const bad = `<img src="http://127.0.0.1:9/x.png" onerror="window.hit=1"><script>window.hit=2</script></body>`
	open(t, ctx, strings.Replace(pageOf(t, shipped(t, "cable-pull"), Options{}), "</body>", bad, 1), 1280, 800)
	require.False(t, eval[bool](t, ctx, `"hit" in window`))
	require.GreaterOrEqual(t, len(complaints()), 2)
}
