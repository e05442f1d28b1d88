package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"ipwsim/reports/studypage"
)

// plots finds texts of a drawing that cover each other or leave it, and cells of a map too narrow for their text.
const plots = `(() => {
  const wrong = [];
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  for (const plot of document.querySelectorAll("svg.plot")) {
    const frame = plot.getBoundingClientRect();
    if (!frame.width) continue;
    const texts = [...plot.querySelectorAll("text")].map(e => ({ name: e.textContent, box: e.getBoundingClientRect() }));
    for (const [i, a] of texts.entries()) {
      if (a.box.left < frame.left - 1 || a.box.right > frame.right + 1 || a.box.bottom > frame.bottom + 1) wrong.push(a.name + " leaves its drawing");
      for (const b of texts.slice(i + 1)) if (meet(a.box, b.box)) wrong.push(a.name + " covers " + b.name);
    }
  }
  for (const cell of document.querySelectorAll("td.heat")) if (cell.scrollWidth > cell.clientWidth + 1) wrong.push("a cell of the map is too narrow for " + cell.textContent);
  return wrong;
})()`

// The page of a study of two axes and two conditions is whole at both widths, on paper and without a script.
func TestTheStudysPageInABrowser(t *testing.T) {
	ctx, complaints := browser(t)
	dir, _ := smallStudy(t, "--interval", "5,10,30,60", "--ping-timeout", "1,3,5", "--loss", "0%,1%", "--want", "median failover < 20s, false < 1/year")
	page := filepath.Join(dir, "index.html")
	for _, w := range windows {
		open(t, ctx, page, w.width, w.height)
		require.Empty(t, eval[[]string](t, ctx, layout), w.name)
		require.Empty(t, eval[[]string](t, ctx, plots), w.name)
		require.Equal(t, 1.0, eval[float64](t, ctx, `[...document.querySelectorAll(".scatter")].slice(0, 2).filter(e => e.getBoundingClientRect().width > 0).length`))
		look(t, ctx, "study-"+w.name)
	}
	require.Equal(t, "rgb(12, 44, 132)", eval[string](t, ctx, `getComputedStyle(document.querySelector("td.h6")).backgroundColor`))
	require.Equal(t, 6.0, eval[float64](t, ctx, `document.querySelectorAll("td.heat.today").length`), "three maps, two conditions")

	eval[any](t, ctx, `document.querySelectorAll(".scatter.slim .label, .plot .tick").forEach(e => e.setAttribute("x", 100))`)
	require.NotEmpty(t, eval[[]string](t, ctx, plots), "labels that are moved onto each other are found")

	open(t, ctx, page, 1280, 800)
	eval[any](t, ctx, `document.querySelector("td.heat.today a").click()`)
	require.Contains(t, eval[string](t, ctx, `document.querySelector("tr:target").textContent`), "interval 30s, ping-timeout 3s")

	open(t, ctx, page, 1000, 1400)
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	require.NoError(t, err)
	require.Empty(t, eval[[]string](t, ctx, layout))
	require.Empty(t, eval[[]string](t, ctx, plots))
	require.Empty(t, eval[[]string](t, ctx, `[...document.querySelectorAll(".scroll")].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.ariaLabel)`), "paper does not scroll")
	look(t, ctx, "study-paper")
	_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}})
	require.NoError(t, err)
	look(t, ctx, "study-dark")
	require.Empty(t, complaints())
}

// The files that the page names are beside it, and the same rows give the same page.
func TestTheStudysPageAndItsFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "study")
	args := []string{"study", "--interval", "5,30", "--runs", "10", "-o", dir}
	require.Equal(t, exitPass, ipwsim(args...).status)
	first, err := os.ReadFile(filepath.Join(dir, "index.html"))
	require.NoError(t, err)
	for _, f := range studypage.Files {
		require.FileExists(t, filepath.Join(dir, f))
		require.Contains(t, string(first), `<a href="`+f+`">`)
	}
	require.Equal(t, exitPass, ipwsim(append(args, "--workers", "1")...).status)
	second, err := os.ReadFile(filepath.Join(dir, "index.html"))
	require.NoError(t, err)
	require.Equal(t, string(first), string(second))
	require.Contains(t, string(first), "Interval 30 s, PingTimeout 3 s")
	require.Len(t, regexp.MustCompile(`class="heat h\d today"`).FindAll(first, -1), 3, "three maps")
}

// The pages of worst cases are there, and study show writes the same figures.
func TestPagesOfWorstCases(t *testing.T) {
	dir, _ := smallStudy(t, "--interval", "5", "--failover-only")
	index, err := os.ReadFile(filepath.Join(dir, "index.html"))
	require.NoError(t, err)
	require.Contains(t, string(index), `<a href="worst/cell-0.html">`)
	linked, err := os.ReadFile(filepath.Join(dir, "worst", "cell-0.html"))
	require.NoError(t, err)
	page := filepath.Join(t.TempDir(), "worst.html")
	require.Equal(t, exitPass, ipwsim("study", "show", dir, "--cell", "0", "--worst", "--html", page).status)
	shown, err := os.ReadFile(page)
	require.NoError(t, err)
	require.Equal(t, string(linked), string(shown))
}
