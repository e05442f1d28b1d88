package studypage

import (
	"fmt"
	"io"
	"math"
	"strings"

	"ipwsim/reports/chart"
	"ipwsim/reports/sheet"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/studied"
)

// mostNights is how many nights a page draws.
const mostNights = 365

// History writes the page of what nights came to, and what has changed.
func History(w io.Writer, r *studied.NightReport, lang words.Lang) error {
	v := &historyView{Lang: lang, Head: sheet.Head{Title: lang.Say("history.title")}, Said: lang.HistoryHead(r), New: r.New, Gone: r.Gone}
	if r.Latest != nil {
		v.Badge = sheet.Badge{Class: "pass", Word: lang.Outcome(finding.Well)}
		if r.Worse() {
			v.Badge = sheet.Badge{Class: "fail", Word: lang.NightWord(studied.Regression)}
		}
	}
	for i := range r.Changes {
		c := &r.Changes[i]
		row := historyRow{Name: c.Name, Latest: lang.NightPoint(c, c.Trend[len(c.Trend)-1]), Verdict: lang.NightWord(c.Verdict), Test: lang.NightTest(c)}
		switch c.Verdict {
		case studied.Regression:
			row.Class = "fail"
		case studied.Improvement:
			row.Class = "pass"
		}
		v.Rows = append(v.Rows, row)
		v.Panels = append(v.Panels, v.panel(i, r, c))
	}
	return layout().Write(w, lang, "history", v)
}

type historyView struct {
	sheet.Head
	words.Lang
	Said      []string
	Rows      []historyRow
	New, Gone []string
	Panels    []historyPanel
}

type historyRow struct{ Name, Latest, Verdict, Class, Test string }

// historyPanel is a figure by night.
type historyPanel struct {
	ID, Title, Said string
	Lines           []historyLine
	X, Y            []tick
}

type historyLine struct{ Class, Path string }

// panel draws the quantiles of a sample, or a count.
func (v *historyView) panel(nth int, r *studied.NightReport, c *studied.NightChange) historyPanel {
	p := historyPanel{ID: fmt.Sprint("trend-", nth), Title: c.Name, Said: v.Say("history.panel-count", c.Name)}
	from := max(0, len(r.Nights)-mostNights)
	lines := [][]float64{{}}
	for i := from; i < len(r.Nights); i++ {
		x := c.Trend[i]
		if x.None || x.Open {
			x.Value = math.NaN()
		}
		lines[0] = append(lines[0], x.Value)
	}
	if c.Kind == studied.OfSample {
		p.Said = v.Say("history.panel", c.Name)
		lines = make([][]float64, 3)
		for i := from; i < len(r.Nights); i++ {
			all := []float64{math.NaN(), math.NaN(), math.NaN()}
			if s := r.Nights[i].Sample(c.Name); s != nil {
				all = s.Quantiles(0.5, 0.95, 0.99)
			}
			for k, q := range all {
				lines[k] = append(lines[k], q)
			}
		}
	}
	var values []float64
	for _, line := range lines {
		for _, x := range line {
			if !math.IsNaN(x) && !math.IsInf(x, 0) {
				values = append(values, x)
			}
		}
	}
	y, nights := chart.ScaleOf(values, curveBottom, curveTop), len(r.Nights)-from
	if c.Kind == studied.OfSample {
		y = closeUp(values, curveBottom, curveTop)
	}
	at := func(i int) float64 {
		return curveLeft + (curveRight-curveLeft)*float64(i)/float64(max(1, nights-1))
	}
	for _, t := range y.Ticks(4) {
		p.Y = append(p.Y, tick{At: chart.Coord(y.At(t)), Text: chart.TickText(t)})
	}
	for _, i := range []int{0, nights - 1} {
		one := tick{chart.Coord(at(i)), r.Nights[from+i].Date.Format("2006-01-02"), "start"}
		if i > 0 {
			one.Anchor = "end"
		}
		if len(p.X) == 0 || i > 0 {
			p.X = append(p.X, one)
		}
	}
	for k, line := range lines {
		class := "over"
		if k > 0 {
			class = "over thin"
		}
		p.Lines = append(p.Lines, historyLine{class, brokenPath(line, at, y)})
	}
	return p
}

// brokenPath goes through the values, and leaves a gap where there is none. A value alone is a short dash.
func brokenPath(values []float64, at func(int) float64, y chart.Scale) string {
	var b strings.Builder
	pen := "M"
	for i, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			pen = "M"
			continue
		}
		fmt.Fprintf(&b, "%s%s %s", pen, chart.Coord(at(i)), chart.Coord(y.At(v)))
		if pen == "M" {
			b.WriteString("h2")
		}
		pen = "L"
	}
	return b.String()
}
