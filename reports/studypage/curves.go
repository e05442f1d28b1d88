package studypage

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"ipwsim/reports/chart"
	"ipwsim/reports/words"
	"ipwsim/sim/studied"
)

// The drawing of a cell's distributions, which is 320 by 176.
const (
	curveLeft, curveRight = 44, 308
	curveTop, curveBottom = 8, 144
)

// curvePanel is the distributions of a cell.
type curvePanel struct {
	ID, Title  string
	Marks      []mark
	Link       string // to its row
	Curves     []curve
	X, Y       []tick
	BandX      string // the promise
	BandW      string
	Said, Open string
}

type curve struct {
	Class string
	Line  string // path
	Area  string // path of the interval
}

type tick struct{ At, Text, Anchor string }

// step is where a distribution rises, and to what.
type step struct{ x, share float64 }

// sample is what was measured in the runs of a cell.
type sample struct{ over, back []studied.Time }

func (v *view) sample(cell int) (s sample) {
	for _, r := range v.s.Rows.Of(cell).All() {
		if !math.IsNaN(r.Failover) {
			s.over = append(s.over, studied.Time{Seconds: r.Failover, AtLeast: r.FailoverOpen})
		}
		if !math.IsNaN(r.Failback) {
			s.back = append(s.back, studied.Time{Seconds: r.Failback, AtLeast: r.FailbackOpen})
		}
	}
	return s
}

// curves draws the cells' distributions on one scale of time.
func (v *view) curves(cells []int) (all []curvePanel) {
	var values []float64
	var samples []sample
	for _, i := range cells {
		s := v.sample(i)
		samples = append(samples, s)
		for _, t := range slices.Concat(s.over, s.back) {
			if !t.AtLeast {
				values = append(values, t.Seconds)
			}
		}
	}
	x := chart.ScaleOf(values, curveLeft, curveRight)
	for n, i := range cells {
		all = append(all, v.panel(i, samples[n], x))
	}
	return all
}

func (v *view) panel(i int, s sample, x chart.Scale) curvePanel {
	c := &v.a.Cells[i]
	p := curvePanel{ID: fmt.Sprint("curve-", i), Title: v.name(i), Marks: v.marks(i), Link: v.link(i)}
	from, to := x.At(v.a.Promise[0]), x.At(v.a.Promise[1])
	p.BandX, p.BandW = chart.Coord(from), chart.Coord(to-from)
	p.axes(x)
	open := 0
	for _, one := range []struct {
		class string
		times []studied.Time
	}{{"back", s.back}, {"over", s.over}} {
		steps, margin := distribution(one.times, x, v.a.Confidence)
		if len(steps) > 0 {
			p.Curves = append(p.Curves, curve{one.class, linePath(steps), areaPath(steps, margin)})
		}
		for _, t := range one.times {
			if t.AtLeast {
				open++
			}
		}
	}
	p.Said = v.Say("study.page.curve", v.Say("failover"), words.StudyTime(c.Failover.Median.Value), words.StudyTime(c.Failover.P99.Value), len(s.over))
	if len(s.back) > 0 {
		p.Said += "; " + v.Say("study.page.curve", v.Say("failback"), words.StudyTime(c.Failback.Median.Value), words.StudyTime(c.Failback.P99.Value), len(s.back))
	}
	if open > 0 {
		p.Open = v.Say("study.page.curve-open", open)
	}
	return p
}

// axes draws time, and parts of the runs.
func (p *curvePanel) axes(x chart.Scale) {
	for _, t := range x.Ticks(5) {
		one := tick{chart.Coord(x.At(t)), chart.TickText(t), "middle"}
		if x.At(t) > curveRight-8 {
			one.Anchor = "end"
		}
		p.X = append(p.X, one)
	}
	for _, share := range []float64{0, 0.5, 1} {
		p.Y = append(p.Y, tick{At: chart.Coord(heightOf(share)), Text: fmt.Sprintf("%.0f %%", 100*share)})
	}
}

func heightOf(share float64) float64 { return curveBottom - (curveBottom-curveTop)*share }

// distribution is the part of runs that had an answer by each moment, and how far off the true one may be
// anywhere (Dvoretzky, Kiefer and Wolfowitz, with Massart's constant).
func distribution(sample []studied.Time, x chart.Scale, confidence float64) (steps []step, margin float64) {
	sorted := slices.Clone(sample)
	slices.SortFunc(sorted, func(a, b studied.Time) int { return cmp.Compare(a.Seconds, b.Seconds) })
	n := float64(len(sorted))
	done := 0.0
	for _, t := range sorted {
		if t.AtLeast {
			continue
		}
		done++
		at := math.Round(2*x.At(t.Seconds)) / 2 // no finer than a screen
		if last := len(steps) - 1; last >= 0 && steps[last].x == at {
			steps[last].share = done / n
			continue
		}
		steps = append(steps, step{at, done / n})
	}
	return steps, math.Sqrt(math.Log(2/(1-confidence)) / (2 * n))
}

func linePath(steps []step) string {
	var b strings.Builder
	fmt.Fprintf(&b, "M%d %d", curveLeft, curveBottom)
	for _, s := range steps {
		fmt.Fprintf(&b, "H%sV%s", chart.Coord(s.x), chart.Coord(heightOf(s.share)))
	}
	fmt.Fprintf(&b, "H%d", curveRight)
	return b.String()
}

// areaPath goes along the upper edge of the interval and back along the lower one.
func areaPath(steps []step, margin float64) string {
	var b strings.Builder
	upper := func(share float64) string { return chart.Coord(heightOf(min(1, share+margin))) }
	lower := func(share float64) string { return chart.Coord(heightOf(max(0, share-margin))) }
	fmt.Fprintf(&b, "M%d %d V%s", curveLeft, curveBottom, upper(0))
	for _, s := range steps {
		fmt.Fprintf(&b, "H%sV%s", chart.Coord(s.x), upper(s.share))
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
		fmt.Fprintf(&b, "H%sV%s", chart.Coord(s.x), lower(before))
	}
	b.WriteString("Z")
	return b.String()
}
