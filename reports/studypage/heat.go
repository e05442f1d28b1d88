package studypage

import (
	"fmt"
	"math"

	"ipwsim/reports/words"
	"ipwsim/sim/studied"
)

// heatShades is how many colours a map has, light to dark.
const heatShades = 7

// heatMap is a figure of all cells, over two axes; a table for each combination of the others.
type heatMap struct {
	Title, Note string
	Unit        string
	Legend      []heatShade
	Tables      []heatTable
	Few         bool // tables, so that all are unfolded
}

type heatShade struct{ Class, Text string }

type heatTable struct {
	Title      string // values of the other axes
	RowName    string
	ColumnName string
	Columns    []string
	Rows       []heatRow
}

type heatRow struct {
	Name  string
	Cells []heatCell
}

type heatCell struct {
	Class       string
	Text, Small string
	Marks       []mark
	Link        string
}

// heatFigure is what a map shows of a cell. Its title, note and unit, and what stands small in a cell, are texts.
type heatFigure struct {
	key    string
	log    bool
	of     func(*studied.Answer) (value float64, ok bool)
	text   func(*studied.Answer) string
	small  func(*studied.Answer) string
	number func(float64) string
}

var heatFigures = []heatFigure{
	{"study.map.failover", false,
		func(c *studied.Answer) (float64, bool) {
			if t := c.Failover.Median.Value; t != nil {
				return t.Seconds, true
			}
			return 0, false
		},
		func(c *studied.Answer) string { return words.StudyTime(c.Failover.Median.Value) },
		func(c *studied.Answer) string { return " " + words.StudyTime(c.Failover.P99.Value) }, tenth},
	{"study.map.false", true,
		func(c *studied.Answer) (float64, bool) { return max(c.False.Sum(), words.LeastRate), true },
		func(c *studied.Answer) string { return words.Rate(c.False.Sum()) },
		func(*studied.Answer) string { return "" }, rateOrNone},
	{"study.map.outage", false,
		func(c *studied.Answer) (float64, bool) { return c.Outage.Sum(), true },
		func(c *studied.Answer) string { return words.AYear(c.Outage, c.Outage.Sum()) },
		func(*studied.Answer) string { return "" }, whole},
}

// rateOrNone is the legend's number of a rate: the least one stands for what cells call 0.
func rateOrNone(v float64) string {
	if v <= words.LeastRate {
		v = 0
	}
	return words.Rate(v)
}

// heatMaps draws every figure.
func (v *view) heatMaps() (all []heatMap) {
	for i := range heatFigures {
		all = append(all, v.heatMap(&heatFigures[i]))
	}
	return all
}

func (v *view) heatMap(f *heatFigure) heatMap {
	shades := v.shades(f)
	m := heatMap{Title: v.Say(f.key), Note: v.Say(f.key + "-note"), Unit: v.Say(f.key + "-unit"), Legend: shades.legend(f)}
	row, column := v.mapAxes()
	index := map[string]int{}
	for i := range v.a.Cells {
		c := &v.a.Cells[i]
		title := v.s.Describe(c.Values, func(a int) bool { return a != row && a != column && v.varies(a) })
		at, ok := index[title]
		if !ok {
			at = len(m.Tables)
			index[title] = at
			m.Tables = append(m.Tables, v.emptyTable(title, row, column))
		}
		t := &m.Tables[at]
		y, x := v.place(i, row), v.place(i, column)
		t.Rows[y].Cells[x] = v.heatCell(i, f, shades)
	}
	m.Few = len(m.Tables) <= 6
	return m
}

// mapAxes are the axes of a map's rows and columns: the settings that vary come first, and of the two the one
// with more values goes down the page. -1 is none.
func (v *view) mapAxes() (row, column int) {
	var order []int
	for _, chosen := range []bool{true, false} {
		for i, a := range v.s.Axes {
			if a.Setting == chosen && v.varies(i) {
				order = append(order, i)
			}
		}
	}
	switch len(order) {
	case 0:
		return -1, -1
	case 1:
		return order[0], -1
	}
	row, column = order[0], order[1]
	if len(v.s.Axes[column].Values) > len(v.s.Axes[row].Values) {
		row, column = column, row
	}
	return row, column
}

// place is the place of a cell's value on an axis.
func (v *view) place(cell, axis int) int {
	if axis < 0 {
		return 0
	}
	for a := len(v.s.Axes) - 1; a > axis; a-- {
		cell /= max(1, len(v.s.Axes[a].Values))
	}
	return cell % len(v.s.Axes[axis].Values)
}

func (v *view) emptyTable(title string, row, column int) heatTable {
	t := heatTable{Title: title, Columns: []string{""}}
	rows := []string{v.Say("study.as-it-is-short")}
	if row >= 0 {
		t.RowName, rows = v.s.Axes[row].Name, v.s.Axes[row].Values
	}
	if column >= 0 {
		t.ColumnName, t.Columns = v.s.Axes[column].Name, v.s.Axes[column].Values
	}
	for _, name := range rows {
		t.Rows = append(t.Rows, heatRow{name, make([]heatCell, len(t.Columns))})
	}
	return t
}

func (v *view) heatCell(i int, f *heatFigure, s shades) heatCell {
	c := &v.a.Cells[i]
	h := heatCell{Class: "none", Text: f.text(c), Small: v.Say(f.key+"-small") + f.small(c), Link: v.link(i), Marks: v.marks(i)}
	if value, ok := f.of(c); ok {
		h.Class = fmt.Sprint("h", s.of(value))
	}
	if v.today(i) {
		h.Class += " today"
	}
	return h
}

// shades are equal steps between the least and the most, or equal factors.
type shades struct {
	low, high float64
	log       bool
	n         int
}

func (v *view) shades(f *heatFigure) shades {
	s := shades{low: math.Inf(1), high: math.Inf(-1), n: heatShades}
	for i := range v.a.Cells {
		if value, ok := f.of(&v.a.Cells[i]); ok {
			s.low, s.high = min(s.low, value), max(s.high, value)
		}
	}
	s.log = s.low > 0 && (f.log || s.high > 10*s.low)
	if !(s.high > s.low) {
		s.n = 1
	}
	return s
}

func (s shades) of(v float64) int {
	share := (v - s.low) / (s.high - s.low)
	if s.log {
		share = math.Log(v/s.low) / math.Log(s.high/s.low)
	}
	if s.n == 1 {
		return 0
	}
	return min(s.n-1, max(0, int(share*float64(s.n))))
}

// edge is where shade i begins.
func (s shades) edge(i int) float64 {
	share := float64(i) / float64(s.n)
	if s.log {
		return s.low * math.Pow(s.high/s.low, share)
	}
	return s.low + (s.high-s.low)*share
}

func (s shades) legend(f *heatFigure) (all []heatShade) {
	if math.IsInf(s.low, 0) {
		return nil
	}
	for i := range s.n {
		text := f.number(s.edge(i)) + "–" + f.number(s.edge(i+1))
		if s.n == 1 {
			text = f.number(s.low)
		}
		all = append(all, heatShade{fmt.Sprint("h", i), text})
	}
	return all
}
