package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// The drawing of a cell's distributions.
const (
	curveWidth, curveHeight = 320, 176
	curveLeft, curveRight   = 44, 308
	curveTop, curveBottom   = 8, 144
)

// curvePanel is the distributions of a cell.
type curvePanel struct {
	ID, Title  string
	Marks      []string
	Link       string // to its row
	Curves     []curve
	X, Y       []plotTick
	BandX      string // the promise
	BandW      string
	Said, Open string
}

type curve struct {
	Class string
	Line  string // path
	Area  string // path of the interval
}

type plotTick struct{ At, Text, Anchor string }

// step is where a distribution rises, and to what.
type step struct{ x, share float64 }

// curves draws the cells' distributions on one scale of time.
func (v *studyView) curves(cells []int) (all []curvePanel) {
	var values []float64
	for _, i := range cells {
		c := &v.s.Cells[i]
		for _, t := range slices.Concat(c.Failover.Sample, c.Failback.Sample) {
			if !t.AtLeast {
				values = append(values, t.Seconds)
			}
		}
	}
	x := scaleOf(values, curveLeft, curveRight)
	for _, i := range cells {
		all = append(all, v.panel(i, x))
	}
	return all
}

func (v *studyView) panel(i int, x scale) curvePanel {
	c := &v.s.Cells[i]
	p := curvePanel{ID: fmt.Sprint("curve-", i), Title: v.name(i), Marks: v.marks(i), Link: v.link(i)}
	from, to := x.at(v.s.Band[0]), x.at(v.s.Band[1])
	p.BandX, p.BandW = coord(from), coord(to-from)
	for _, t := range x.ticks(5) {
		tick := plotTick{coord(x.at(t)), tickText(t), "middle"}
		if x.at(t) > curveRight-8 {
			tick.Anchor = "end"
		}
		p.X = append(p.X, tick)
	}
	for _, share := range []float64{0, 0.5, 1} {
		p.Y = append(p.Y, plotTick{At: coord(heightOf(share)), Text: fmt.Sprintf("%.0f %%", 100*share)})
	}
	open := 0
	for _, one := range []struct {
		class string
		times StudyTimes
	}{{"back", c.Failback}, {"over", c.Failover}} {
		steps, margin := v.distribution(one.times.Sample, x)
		if len(steps) > 0 {
			p.Curves = append(p.Curves, curve{one.class, linePath(steps), areaPath(steps, margin)})
		}
		for _, t := range one.times.Sample {
			if t.AtLeast {
				open++
			}
		}
	}
	p.Said = fmt.Sprintf("failover: median %s s, 99 %% %s s, of %d runs", c.Failover.Median.Value.text(), c.Failover.P99.Value.text(), len(c.Failover.Sample))
	if len(c.Failback.Sample) > 0 {
		p.Said += fmt.Sprintf("; failback: median %s s, 99 %% %s s", c.Failback.Median.Value.text(), c.Failback.P99.Value.text())
	}
	if open > 0 {
		p.Open = fmt.Sprintf("%d without an answer: the curve ends below 100 %%", open)
	}
	return p
}

func heightOf(share float64) float64 { return curveBottom - (curveBottom-curveTop)*share }

// distribution is the part of runs that had an answer by each moment, and how far off the true one may be
// anywhere (Dvoretzky, Kiefer and Wolfowitz, with Massart's constant).
func (v *studyView) distribution(sample []StudyTime, x scale) (steps []step, margin float64) {
	sorted := slices.Clone(sample)
	slices.SortFunc(sorted, func(a, b StudyTime) int { return cmp.Compare(a.Seconds, b.Seconds) })
	n := float64(len(sorted))
	done := 0.0
	for _, t := range sorted {
		if t.AtLeast {
			continue
		}
		done++
		at := math.Round(2*x.at(t.Seconds)) / 2 // no finer than a screen
		if last := len(steps) - 1; last >= 0 && steps[last].x == at {
			steps[last].share = done / n
			continue
		}
		steps = append(steps, step{at, done / n})
	}
	return steps, math.Sqrt(math.Log(2/(1-v.s.Confidence)) / (2 * n))
}

func linePath(steps []step) string {
	var b strings.Builder
	fmt.Fprintf(&b, "M%d %d", curveLeft, curveBottom)
	for _, s := range steps {
		fmt.Fprintf(&b, "H%sV%s", coord(s.x), coord(heightOf(s.share)))
	}
	fmt.Fprintf(&b, "H%d", curveRight)
	return b.String()
}

// areaPath goes along the upper edge of the interval and back along the lower one.
func areaPath(steps []step, margin float64) string {
	var b strings.Builder
	upper := func(share float64) string { return coord(heightOf(min(1, share+margin))) }
	lower := func(share float64) string { return coord(heightOf(max(0, share-margin))) }
	fmt.Fprintf(&b, "M%d %d V%s", curveLeft, curveBottom, upper(0))
	for _, s := range steps {
		fmt.Fprintf(&b, "H%sV%s", coord(s.x), upper(s.share))
	}
	fmt.Fprintf(&b, "H%d", curveRight)
	for i, s := range slices.Backward(steps) {
		before := 0.0
		if i > 0 {
			before = steps[i-1].share
		}
		if i == len(steps)-1 {
			fmt.Fprintf(&b, "V%s", lower(s.share))
		}
		fmt.Fprintf(&b, "H%sV%s", coord(s.x), lower(before))
	}
	b.WriteString("Z")
	return b.String()
}
