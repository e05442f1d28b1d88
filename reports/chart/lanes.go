package chart

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Lane is one row of a chart.
type Lane struct {
	Label  string
	Height int
	Boxes  []Box
	Paths  []Path
	Dots   []Dot
}

// Box is a stretch, from X on, W wide, both in percent.
type Box struct {
	X, W  string
	Y     int
	Class string
	Text  string // inside, where it fits
	Title string // all of it
	Link  string // to a part of the page, or ""
	Wide  bool   // wide enough for a text at all
	Once  bool   // it has no length, only a text

	from, to float64
}

// Path is very many things of one class, drawn as one.
type Path struct {
	Class, Name string
	D           string
	N           string // of a path in steps: how much each step is, in Unit
	Unit        string // "%" of the time, "×" for a number; "" for single marks
}

// Dot is a moment with a sign of its class.
type Dot struct {
	X, Class, Title string
	Sign            Sign
}

// Span is a stretch of a lane.
type Span struct {
	From, To          time.Duration
	Class, Name, Link string
	Title             string // beside the name
}

// Moment is something at one time.
type Moment struct {
	At          time.Duration
	Class, Name string
	Text        string // all of it
	Sign        Sign
}

const (
	laneHeight = 24
	boxHeight  = 18 // as in the stylesheet
	mostBoxes  = 120
	mostMarks  = 400
	mostDots   = 40
)

// Spans draws stretches; of very many what part of its time each class has in each column.
func (c *Chart) Spans(label string, all []Span) Lane {
	lane := Lane{Label: label, Height: laneHeight}
	if len(all) > mostBoxes {
		lane.Paths = c.timed(all)
		return lane
	}
	for _, s := range all {
		if b, ok := c.box(s); ok && b.W != "0" {
			lane.Boxes = append(lane.Boxes, b)
		}
	}
	return lane
}

func (c *Chart) box(s Span) (Box, bool) {
	a, b, ok := c.share(s.From, s.To)
	if !ok {
		return Box{}, false
	}
	c.use(s.Class)
	return Box{
		X: Percent(a), W: Percent(b - a), Wide: b-a > 0.015, Class: s.Class, Text: s.Name, Link: s.Link,
		Title: strings.TrimSuffix(s.Name+": "+s.Title, ": "), from: a, to: b,
	}, true
}

// Marks draws moments as strokes, of very many the number in each column.
func (c *Chart) Marks(label string, all []Moment) Lane {
	lane := Lane{Label: label, Height: laneHeight}
	if len(all) > mostMarks {
		lane.Paths = c.counted(all)
		return lane
	}
	for _, m := range all {
		a, _, ok := c.share(m.At, m.At)
		if !ok {
			continue
		}
		i := slices.IndexFunc(lane.Paths, func(p Path) bool { return p.Class == m.Class && p.Name == m.Name })
		if i < 0 {
			c.use(m.Class)
			i = len(lane.Paths)
			lane.Paths = append(lane.Paths, Path{Class: m.Class, Name: m.Name})
		}
		lane.Paths[i].D += "M" + unit(a) + " 1v98"
	}
	return lane
}

// Dots draws moments with a sign each, of many the number in each column.
func (c *Chart) Dots(label string, all []Moment) Lane {
	lane := Lane{Label: label, Height: laneHeight}
	if len(all) > mostDots {
		lane.Paths = c.counted(all)
		return lane
	}
	for _, m := range all {
		if a, _, ok := c.share(m.At, m.At); ok {
			c.use(m.Class)
			lane.Dots = append(lane.Dots, Dot{Percent(a), m.Class, m.Text, m.Sign})
		}
	}
	return lane
}

// Stacked draws stretches that overlap, in as many rows as they need, at most four. What has no length gets room for
// its text.
func (c *Chart) Stacked(label string, all []Span) Lane {
	const rows, least = 4, 0.16
	lane := Lane{Label: label}
	var ends []float64
	for _, s := range all {
		b, ok := c.box(s)
		if !ok {
			continue
		}
		if b.Wide = true; b.from == b.to {
			b.Once, b.W = true, Percent(least)
		}
		lane.Boxes = append(lane.Boxes, b)
	}
	slices.SortStableFunc(lane.Boxes, func(a, b Box) int { return cmp.Compare(a.from, b.from) })
	for i := range lane.Boxes {
		b := &lane.Boxes[i]
		row := slices.IndexFunc(ends, func(end float64) bool { return end <= b.from })
		if row < 0 {
			if row = len(ends); row < rows {
				ends = append(ends, 0)
			}
			row = min(row, rows-1)
		}
		ends[row] = max(b.from+least, b.to)
		b.Y = row * (boxHeight + 3)
	}
	lane.Height = 6 + max(1, len(ends))*(boxHeight+3)
	return lane
}
