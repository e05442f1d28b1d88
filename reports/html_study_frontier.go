package reports

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// leastRate is the lowest rate that is told: what is rarer happens never.
const leastRate = 1e-9

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
	X, Y          []plotTick
	XName         string
	YName         string
	Points        []scatterPoint
	Line          string // path along the frontier
	Unlabelled    int
}

type scatterPoint struct {
	X, Y, Class, Title, Link string
	Label                    string
	LX, LY, Anchor           string // of the label
	Lead                     string // path from the point to a label that is off, or ""
}

// scatters draws each condition's cells.
func (v *studyView) scatters() (all []scatter) {
	for _, f := range v.s.Frontiers {
		s := scatter{Condition: f.Condition}
		s.Plots = append(s.Plots, v.plot(f, "wide", 1060, 430), v.plot(f, "slim", 350, 480))
		for _, i := range f.Cells {
			c := &v.s.Cells[i]
			s.Best = append(s.Best, scatterRow{v.name(i), v.link(i), c.Outage.text(), rateText(c.False.Sum()), c.Failover.Median.Value.text()})
		}
		all = append(all, s)
	}
	return all
}

func (v *studyView) plot(f StudyFrontier, class string, width, height int) scatterPlot {
	if v.nothingTaken(f.All) {
		height = 190 // all lie on one line
	}
	const left, top = 62, 22
	right, bottom := float64(width-14), float64(height-46)
	p := scatterPlot{Class: class, Width: width, Height: height, Left: coord(left), Right: coord(right), Top: coord(top), Bottom: coord(bottom),
		XName: "outage a year, s →", YName: "↑ false take-overs a year"}
	x, y := v.plotScales(f.All, left+14, right-14, bottom-14, top+10)
	for _, t := range x.ticks(width / 110) {
		p.X = append(p.X, plotTick{coord(x.at(t)), tickText(t), "middle"})
	}
	for _, t := range y.ticks(8) {
		text := tickText(t)
		if t <= leastRate*1.01 {
			text = "≤ " + text
		}
		p.Y = append(p.Y, plotTick{At: coord(y.at(t)), Text: text})
	}
	l := newLabels(left, top, right, bottom)
	for _, i := range f.All {
		l.block(x.at(v.s.Cells[i].Outage.Sum()), y.at(v.rate(i)))
	}
	for _, i := range v.byWeight(f) {
		point, ok := v.point(i, f, x, y, l)
		if !ok {
			p.Unlabelled++
		}
		p.Points = append(p.Points, point)
	}
	slices.Reverse(p.Points) // the weightiest on top
	p.Line = v.frontierLine(f, x, y)
	return p
}

// nothingTaken says whether in none of the cells a healthy VIP is ever taken.
func (v *studyView) nothingTaken(cells []int) bool {
	return !slices.ContainsFunc(cells, func(i int) bool { return v.rate(i) > leastRate })
}

func (v *studyView) rate(i int) float64 { return max(v.s.Cells[i].False.Sum(), leastRate) }

// plotScales leave room for what the cells have; rates are in powers of ten.
func (v *studyView) plotScales(cells []int, left, right, bottom, top float64) (x, y scale) {
	x = scale{low: math.Inf(1), high: math.Inf(-1), from: left, to: right}
	y = scale{low: leastRate, high: 10 * leastRate, from: bottom, to: top, log: true}
	least := math.Inf(1)
	for _, i := range cells {
		o := v.s.Cells[i].Outage.Sum()
		x.low, x.high = min(x.low, o), max(x.high, o)
		y.high = max(y.high, v.rate(i))
		least = min(least, v.rate(i))
	}
	if margin := (x.high - x.low) / 20; margin > 0 {
		x.low, x.high = max(0, x.low-margin), x.high+margin
	} else {
		x.low, x.high = 0, max(1, 2*x.high)
	}
	y.low = math.Pow(10, math.Floor(math.Log10(least)+1e-9))
	y.high = math.Pow(10, math.Ceil(math.Log10(max(y.high, 10*y.low))-1e-9))
	return x, y
}

// byWeight are the cells in the order in which they get a label.
func (v *studyView) byWeight(f StudyFrontier) []int {
	weight := func(i int) int {
		switch {
		case v.s.Cells[i].Today:
			return 0
		case slices.Contains(v.wanted, i):
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

func (v *studyView) point(i int, f StudyFrontier, x, y scale, l *labels) (scatterPoint, bool) {
	c := &v.s.Cells[i]
	at := [2]float64{x.at(c.Outage.Sum()), y.at(v.rate(i))}
	p := scatterPoint{X: coord(at[0]), Y: coord(at[1]), Class: "pale", Link: v.link(i),
		Title: fmt.Sprintf("%s: %s s of outage and %s false take-overs a year", v.name(i), c.Outage.text(), rateText(c.False.Sum()))}
	if slices.Contains(f.Cells, i) {
		p.Class = "best"
	}
	if c.Today {
		p.Class += " today"
	}
	text := v.short(i)
	for _, mark := range v.marks(i) {
		text += " " + mark
	}
	spot, ok := l.put(at[0], at[1], text)
	if !ok {
		return p, false
	}
	p.Label, p.LX, p.LY, p.Anchor = text, coord(spot.x), coord(spot.y), spot.anchor
	if spot.off {
		p.Lead = fmt.Sprintf("M%s %sL%s %s", p.X, p.Y, p.LX, coord(spot.y-4))
	}
	return p, true
}

// frontierLine goes in steps: between two of its points there is nothing better than the worse of each.
func (v *studyView) frontierLine(f StudyFrontier, x, y scale) string {
	var b strings.Builder
	for n, i := range f.Cells {
		px, py := coord(x.at(v.s.Cells[i].Outage.Sum())), coord(y.at(v.rate(i)))
		if n == 0 {
			fmt.Fprintf(&b, "M%s %s", px, py)
		} else {
			fmt.Fprintf(&b, "H%sV%s", px, py)
		}
	}
	return b.String()
}

// short is the cell's values where they vary, without names.
func (v *studyView) short(i int) string {
	var words []string
	for a, value := range v.s.Cells[i].Values {
		if v.s.Axes[a].Setting && v.varies(a) {
			words = append(words, value)
		}
	}
	if words == nil {
		return "as it is"
	}
	return cut(strings.Join(words, " / "), 26)
}
