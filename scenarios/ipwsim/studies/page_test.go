package studies_test

import (
	"path/filepath"
	"regexp"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"ipwsim/reports/runtest/browser"
	"ipwsim/reports/studypage"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
)

// plots finds what is wrong in how a study's page is laid out: a page wider than the window, texts of a drawing that cover
// each other or leave it, and cells of a map too narrow for their text.
const plots = `(() => {
  const wrong = [], wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) wrong.push("the page is " + wide + " wide, the window " + innerWidth);
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

// The page of a study of two axes and two conditions is whole at both widths, on paper and without a script, and leads
// from the map to the figures of a cell and to the page of its worst case.
func TestTheStudysPageInABrowser(t *testing.T) {
	t.Parallel()
	b := browser.Start(t)
	dir, _ := smallStudy(t, "--runs", "4", "--interval", "5,30,60", "--ping-timeout", "1,3", "--loss", "0%,1%", "--want", "median failover < 20s, false < 1/year")
	page := filepath.Join(dir, "index.html")
	b.Open(page, browser.Windows[0])
	for _, w := range browser.Windows {
		b.Resize(w)
		require.Empty(t, b.List(plots), w.Name)
		require.Equal(t, 1.0, browser.Eval[float64](b, `[...document.querySelectorAll(".scatter")].slice(0, 2).filter(e => e.getBoundingClientRect().width > 0).length`))
	}
	require.Equal(t, "rgb(12, 44, 132)", b.Text(`getComputedStyle(document.querySelector("td.h6")).backgroundColor`))
	require.Equal(t, 6.0, browser.Eval[float64](b, `document.querySelectorAll("td.heat.today").length`), "three maps, two conditions")

	b.Resize(browser.Window{Name: "paper", Width: 1000, Height: 1400})
	b.Media("print", false)
	require.Empty(t, b.List(plots))
	require.Empty(t, b.List(`[...document.querySelectorAll(".scroll")].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.ariaLabel)`), "paper does not scroll")
	b.Media("", false)

	b.Resize(browser.Windows[1])
	browser.Eval[any](b, `document.querySelectorAll(".scatter.slim .label, .plot .tick").forEach(e => e.setAttribute("x", 100))`)
	require.NotEmpty(t, b.List(plots), "labels that are moved onto each other are found")

	b.Open(page, browser.Windows[0])
	b.Do(chromedp.Click(chromedp.CSS(`td.heat.today a`)))
	require.Contains(t, b.Text(`document.querySelector("tr:target").textContent`), "interval 30s, ping-timeout 3s")
	b.Do(chromedp.Click(chromedp.CSS(`.worst a`)), chromedp.WaitVisible(chromedp.CSS(`.chart`)))
	require.Contains(t, b.Text(`document.title`), "its worst case")
	require.Empty(t, b.Complaints())
}

// The pages of a table of the field, and of a Japanese study, fit both widths and name whom they speak for.
func TestTablesInABrowser(t *testing.T) {
	t.Parallel()
	b := browser.Start(t)
	field, err := field()
	require.NoError(t, err)
	segment, japanese := filepath.Join(t.TempDir(), "index.html"), t.TempDir()
	clitest.WriteText(t, segment, field.pages["field-segment"])
	require.Equal(t, cli.ExitPass, clitest.Run("study", "--cluster", offices(t, pc, adPC), "--runs", "2", "--lang", "ja", "-o", japanese).Status)
	for page, whose := range map[string]string{
		segment:                               "For the client that fares worst: client in 20 of 20 runs (192.168.10.202).",
		filepath.Join(japanese, "index.html"): "最も待たされるクライアント: ad-pc (192.168.10.202) 2 回中 2 回。",
	} {
		b.Open(page, browser.Windows[0])
		for _, w := range browser.Windows {
			b.Resize(w)
			require.Empty(t, b.List(plots), "%s at %s width", page, w.Name)
			require.Contains(t, b.Text(`document.querySelector("header .lead").textContent`), whose)
		}
	}
	require.Empty(t, b.Complaints())
}

// The files that the page names are beside it, and the same rows give the same page.
func TestTheStudysPageAndItsFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "study")
	args := []string{"study", "--interval", "5,30", "--runs", "10", "-o", dir}
	require.Equal(t, cli.ExitPass, clitest.Run(args...).Status)
	first := clitest.Read(t, dir, "index.html")
	for _, f := range studypage.Files {
		require.FileExists(t, filepath.Join(dir, f))
		require.Contains(t, first, `<a href="`+f+`">`)
	}
	require.Equal(t, cli.ExitPass, clitest.Run(append(args, "--workers", "1")...).Status)
	require.Equal(t, first, clitest.Read(t, dir, "index.html"))
	require.Contains(t, first, "Interval 30 s, PingTimeout 3 s")
	require.Len(t, regexp.MustCompile(`class="heat h\d today"`).FindAllString(first, -1), 3, "three maps")
}

// The pages of worst cases are there, and study show writes the same.
func TestPagesOfWorstCases(t *testing.T) {
	dir, _ := smallStudy(t, "--interval", "5", "--failover-only")
	require.Contains(t, clitest.Read(t, dir, "index.html"), `<a href="worst/cell-0.html">`)
	page := filepath.Join(t.TempDir(), "worst.html")
	require.Equal(t, cli.ExitPass, clitest.Run("study", "show", dir, "--cell", "0", "--worst", "--html", page).Status)
	require.Equal(t, clitest.Read(t, dir, "worst", "cell-0.html"), clitest.Read(t, page))
}
