package studypage

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"ipwsim/reports/chart"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/sim/studied"
)

// scatter is outage a year against false take-overs a year, once for each width of window.
type scatter struct {
	Condition string
	Plots     []scatterPlot
	Best      []scatterRow // on the frontier
}

type scatterRow struct{ Name, Link, Outage, False, Median string }

type scatterPlot struct {
	Class         string
	Width, Height int
	Left, Right   string
	Top, Bottom   string
	X, Y          []tick
	XName         string
	YName         string
	Points        []scatterPoint
	Line          string // path along the frontier
	Unlabelled    string
}

type scatterPoint struct {
	X, Y, Class, Title, Link string
	Label                    string
	LX, LY, Anchor           string // of the label
	Lead                     string // path from the point to a label that is off, or ""
}

// scatters draws each condition's cells.
func (v *view) scatters() (all []scatter) {
	for _, f := range v.a.Frontiers {
		s := scatter{Condition: v.With("study.with-head", f.Condition, v.a.Frontiers)}
		s.Plots = append(s.Plots, v.plot(f, "wide", 1060, 430), v.plot(f, "slim", 350, 480))
		for _, i := range f.Cells {
			c := &v.a.Cells[i]
			s.Best = append(s.Best, scatterRow{v.name(i), v.link(i), words.AYear(c.Outage, c.Outage.Sum()), words.Rate(c.False.Sum()), words.StudyTime(c.Failover.Median.Value)})
		}
		all = append(all, s)
	}
	return all
}

func (v *view) plot(f studied.Frontier, class string, width, height int) scatterPlot {
	if v.nothingTaken(f.All) {
		height = 190 // all lie on one line
	}
	const left, top = 62, 22
	right, bottom := float64(width-14), float64(height-46)
	p := scatterPlot{Class: class, Width: width, Height: height, Left: chart.Coord(left), Right: chart.Coord(right), Top: chart.Coord(top), Bottom: chart.Coord(bottom),
		XName: v.Say("study.page.x"), YName: v.Say("study.page.y")}
	x, y := v.plotScales(f.All, left+14, right-14, bottom-14, top+10)
	for _, t := range x.Ticks(width / 110) {
		p.X = append(p.X, tick{chart.Coord(x.At(t)), chart.TickText(t), "middle"})
	}
	for _, t := range y.Ticks(8) {
		text := chart.TickText(t)
		if t <= words.LeastRate*1.01 {
			text = "≤ " + text
		}
		p.Y = append(p.Y, tick{At: chart.Coord(y.At(t)), Text: text})
	}
	l := chart.NewLabels(left, top, right, bottom)
	for _, i := range f.All {
		l.Block(x.At(v.a.Cells[i].Outage.Sum()), y.At(v.rate(i)))
	}
	unlabelled := 0
	for _, i := range v.byWeight(f) {
		point, ok := v.point(i, f, x, y, l)
		if !ok {
			unlabelled++
		}
		p.Points = append(p.Points, point)
	}
	if unlabelled > 0 {
		p.Unlabelled = v.Say("study.page.unlabelled", unlabelled)
	}
	slices.Reverse(p.Points) // the weightiest on top
	p.Line = v.frontierLine(f, x, y)
	return p
}

// nothingTaken says whether in none of the cells a healthy VIP is ever taken.
func (v *view) nothingTaken(cells []int) bool {
	return !slices.ContainsFunc(cells, func(i int) bool { return v.rate(i) > words.LeastRate })
}

func (v *view) rate(i int) float64 { return max(v.a.Cells[i].False.Sum(), words.LeastRate) }

// plotScales leave room for what the cells have; rates are in powers of ten.
func (v *view) plotScales(cells []int, left, right, bottom, top float64) (x, y chart.Scale) {
	x = chart.Scale{Low: math.Inf(1), High: math.Inf(-1), From: left, To: right}
	y = chart.Scale{Low: words.LeastRate, High: 10 * words.LeastRate, From: bottom, To: top, Log: true}
	least := math.Inf(1)
	for _, i := range cells {
		o := v.a.Cells[i].Outage.Sum()
		x.Low, x.High = min(x.Low, o), max(x.High, o)
		y.High = max(y.High, v.rate(i))
		least = min(least, v.rate(i))
	}
	if margin := (x.High - x.Low) / 20; margin > 0 {
		x.Low, x.High = max(0, x.Low-margin), x.High+margin
	} else {
		x.Low, x.High = 0, max(1, 2*x.High)
	}
	y.Low = math.Pow(10, math.Floor(math.Log10(least)+1e-9))
	y.High = math.Pow(10, math.Ceil(math.Log10(max(y.High, 10*y.Low))-1e-9))
	return x, y
}

// byWeight are the cells in the order in which they get a label.
func (v *view) byWeight(f studied.Frontier) []int {
	weight := func(i int) int {
		switch {
		case v.today(i):
			return 0
		case v.wanted(i):
			return 1
		case slices.Contains(f.Cells, i):
			return 2
		}
		return 3
	}
	order := slices.Clone(f.All)
	slices.SortStableFunc(order, func(a, b int) int { return weight(a) - weight(b) })
	return order
}

func (v *view) point(i int, f studied.Frontier, x, y chart.Scale, l *chart.Labels) (scatterPoint, bool) {
	c := &v.a.Cells[i]
	at := [2]float64{x.At(c.Outage.Sum()), y.At(v.rate(i))}
	p := scatterPoint{X: chart.Coord(at[0]), Y: chart.Coord(at[1]), Class: "pale", Link: v.link(i),
		Title: v.Say("study.page.point", v.name(i), words.AYear(c.Outage, c.Outage.Sum()), words.Rate(c.False.Sum()))}
	if slices.Contains(f.Cells, i) {
		p.Class = "best"
	}
	if v.today(i) {
		p.Class += " today"
	}
	text := term.Cut(v.short(i), 26)
	for _, mark := range v.marks(i) {
		text += " " + mark.Word
	}
	spot, ok := l.Put(at[0], at[1], text)
	if !ok {
		return p, false
	}
	p.Label, p.LX, p.LY, p.Anchor = text, chart.Coord(spot.X), chart.Coord(spot.Y), spot.Anchor
	if spot.Off {
		p.Lead = fmt.Sprintf("M%s %sL%s %s", p.X, p.Y, p.LX, chart.Coord(spot.Y-4))
	}
	return p, true
}

// frontierLine goes in steps: between two of its points there is nothing better than the worse of each.
func (v *view) frontierLine(f studied.Frontier, x, y chart.Scale) string {
	var b strings.Builder
	for n, i := range f.Cells {
		px, py := chart.Coord(x.At(v.a.Cells[i].Outage.Sum())), chart.Coord(y.At(v.rate(i)))
		if n == 0 {
			fmt.Fprintf(&b, "M%s %s", px, py)
		} else {
			fmt.Fprintf(&b, "H%sV%s", px, py)
		}
	}
	return b.String()
}
