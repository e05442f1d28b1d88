package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A chart is lanes over one axis of time. Everything in it is placed in percent of the axis, so that
// the browser zooms by stretching the whole.
type chart struct {
	From, To float64 // seconds
	Groups   []group
	Bands    []box // shaded behind all lanes
	Ticks    []axisTick
	Legend   []legendEntry
}

type group struct {
	Title string
	Note  string
	Lanes []track
}

// track is one lane as drawn.
type track struct {
	Label  string
	Height int
	Boxes  []box
	Marks  []box // of no width
	Dots   []box // the same, each a sign of its kind
	Bars   []box // of the height H
}

// box is something on a lane, from X on, W wide, both in percent.
type box struct {
	X, W  string
	Y, H  int
	Class string
	Text  string // inside, where it fits
	Title string // all of it
	Link  string // to a part of the page, or ""
	Wide  bool   // wide enough for text at all
}

type axisTick struct{ X, Text, Anchor string }

type legendEntry struct{ Class, Name string }

// Sign says whether it is of a mail lane.
func (e legendEntry) Sign() bool { return slices.Contains(mailKinds, e.Class) }

const (
	laneHeight = 24
	boxHeight  = 18 // as in the stylesheet
	mostBoxes  = 1500
)

// newChart is an empty chart from 0 to end.
func newChart(end time.Duration) *chart {
	c := &chart{To: max(end.Seconds(), 0.001)}
	const ticks = 7
	step := tick(c.To, 60)
	for float64(ticks)*step < c.To {
		step *= 2
	}
	for at := 0.0; at <= c.To; at += step {
		t := axisTick{percent(at / c.To), strconv.FormatFloat(at, 'f', -1, 64), "middle"}
		switch {
		case at == 0:
			t.Anchor = "start"
		case at > 0.95*c.To:
			t.Anchor = "end"
		}
		c.Ticks = append(c.Ticks, t)
	}
	return c
}

// percent is a share of the axis, to a millionth of it.
func percent(share float64) string {
	s := strconv.FormatFloat(share*100, 'f', 4, 64)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// place makes a box of a stretch; what lies outside the axis is cut off, and false if that is all.
func (c *chart) place(from, to time.Duration) (box, bool) {
	a, b := max(from.Seconds(), c.From), min(to.Seconds(), c.To)
	if a > c.To || b < c.From || b < a {
		return box{}, false
	}
	share := (b - a) / (c.To - c.From)
	return box{X: percent((a - c.From) / (c.To - c.From)), W: percent(share), Wide: share > 0.015}, true
}

// spans draws a lane's stretches; a lane of very many as columns of which each shows its gravest.
func (c *chart) spans(l lang, label string, all []Span, look func(state string) (class, name string)) track {
	t := track{Label: label, Height: laneHeight}
	dense := len(all) > mostBoxes
	if dense {
		all = columnSpans(Lane{Spans: all}, c.To, mostBoxes)
	}
	for _, s := range all {
		b, ok := c.place(s.From, s.To)
		if !ok || s.To <= 0 {
			continue
		}
		b.Class, b.Text = look(s.State)
		b.Y = 3
		b.Title = l.say(htmlSpanTitle, b.Text, l.stamp(max(0, s.From)), l.stamp(s.To), l.length(s.To-max(0, s.From)))
		if dense {
			b.Title += " " + l.say(htmlDense)
		}
		t.Boxes = append(t.Boxes, b)
	}
	return t
}

// columnSpans joins columns of one state.
func columnSpans(l Lane, end float64, n int) []Span {
	var all []Span
	at := func(i int) time.Duration { return time.Duration(edge(i, end, n) * float64(time.Second)) }
	for i, state := range l.cells(end, n) {
		last := len(all) - 1
		if state != "" && last >= 0 && all[last].State == state && all[last].To == at(i) {
			all[last].To = at(i + 1)
		} else if state != "" {
			all = append(all, Span{at(i), at(i + 1), state})
		}
	}
	return all
}

// moment is something at one moment, on a lane of marks.
type moment struct {
	at    time.Duration
	class string
	name  string
}

// marks draws events; where they are very many, columns in which each kind is counted and the
// gravest, the last in order, gives the colour.
func (c *chart) marks(l lang, label string, all []moment, order []string) track {
	t := track{Label: label, Height: laneHeight}
	if len(all) > mostBoxes {
		t.Boxes = c.countedColumns(l, all, order)
		return t
	}
	for _, e := range all {
		if b, ok := c.place(e.at, e.at); ok {
			b.Class, b.Title, b.W = e.class, l.stamp(e.at)+": "+e.name, ""
			t.Marks = append(t.Marks, b)
		}
	}
	return t
}

// tally is a column of marks.
type tally struct {
	from, to time.Duration
	count    map[string]int // by class
	class    string
}

func (c *chart) countedColumns(l lang, all []moment, order []string) []box {
	names := map[string]string{}
	var columns []tally
	last := -1
	for _, e := range all {
		i, ok := column(e.at, c.To, mostBoxes)
		if !ok {
			continue
		}
		names[e.class] = e.name
		if i != last {
			columns = append(columns, tally{from: e.at, count: map[string]int{}, class: e.class})
			last = i
		}
		col := &columns[len(columns)-1]
		col.to = e.at
		col.count[e.class]++
		if slices.Index(order, e.class) > slices.Index(order, col.class) {
			col.class = e.class
		}
	}
	var out []box
	for _, col := range join(columns) {
		b, ok := c.place(col.from, col.to)
		if !ok {
			continue
		}
		var parts []string
		for _, class := range order {
			if n := col.count[class]; n > 0 {
				parts = append(parts, l.say(linesOf, n, names[class]))
			}
		}
		b.Class, b.Text, b.Y = "many "+col.class, strings.Join(parts, l.say(comma)), 3
		b.Title = l.say(htmlSpanTitle, b.Text, l.stamp(col.from), l.stamp(col.to), l.length(col.to-col.from))
		out = append(out, b)
	}
	return out
}

// join puts neighbouring columns together that hold one kind only, the same.
func join(columns []tally) []tally {
	var out []tally
	for _, c := range columns {
		if n := len(out) - 1; n >= 0 && len(c.count) == 1 && len(out[n].count) == 1 && out[n].class == c.class {
			out[n].to = c.to
			out[n].count[c.class] += c.count[c.class]
			continue
		}
		out = append(out, c)
	}
	return out
}

// stack gives each box the first row in which it meets no other, of at most rows, and returns how
// many were used. A box takes at least the given share of the axis, in percent, for its text.
func stack(all []box, rows int, least float64) int {
	var ends []float64
	number := func(s string) float64 { f, _ := strconv.ParseFloat(s, 64); return f }
	slices.SortStableFunc(all, func(a, b box) int { return cmp.Compare(number(a.X), number(b.X)) })
	for i := range all {
		x := number(all[i].X)
		row := 0
		for row < len(ends) && ends[row] > x+0.01 { // percents are rounded
			row++
		}
		if row == len(ends) && row < rows {
			ends = append(ends, 0)
		}
		row = min(row, rows-1)
		ends[row] = x + max(least, number(all[i].W))
		all[i].Y = 3 + row*(boxHeight+3)
	}
	return max(1, len(ends))
}

// length is a stretch of time in words: seconds, and from two minutes on minutes and hours as well.
func (l lang) length(d time.Duration) string {
	text := l.say(inSeconds, shortly(d))
	if d < 2*time.Minute {
		return text
	}
	whole := d.Round(time.Second)
	clock := fmt.Sprintf("%d:%02d", int(whole.Minutes()), int(whole.Seconds())%60)
	if whole >= time.Hour {
		clock = fmt.Sprintf("%d:%02d:%02d", int(whole.Hours()), int(whole.Minutes())%60, int(whole.Seconds())%60)
		return l.say(htmlHours, text, clock)
	}
	return l.say(htmlMinutes, text, clock)
}

// shortly is a number of seconds: a tenth where that says enough, else a millisecond.
func shortly(d time.Duration) string {
	if d < time.Second && d > 0 {
		return tidy(d)
	}
	return tenths(d)
}
