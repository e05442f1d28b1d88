package reports

import (
	"fmt"
	"math"
	"strings"
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
	Marks       []string // today's, wanted
	Link        string
}

// heatFigure is what a map shows of a cell.
type heatFigure struct {
	title, note, unit string
	log               bool
	of                func(*StudyCell) (value float64, ok bool)
	text, small       func(*StudyCell) string
	number            func(float64) string
}

func tenth(v float64) string { return fmt.Sprintf("%.1f", v) }
func whole(v float64) string { return fmt.Sprintf("%.0f", v) }

var heatFigures = []heatFigure{
	{"How long clients wait when the holder is lost", "Failover: in each cell the median, below it what 99 % of the runs did not exceed. Darker is longer.", "seconds, median", false,
		func(c *StudyCell) (float64, bool) { return c.Failover.Median.Value.known() },
		func(c *StudyCell) string { return c.Failover.Median.Value.text() },
		func(c *StudyCell) string { return "99 %: " + c.Failover.P99.Value.text() }, tenth},
	{"How often a healthy address is taken", "False take-overs a year, by lost polls and frozen machines. Darker is more often.", "a year", true,
		func(c *StudyCell) (float64, bool) { return max(c.False.Sum(), leastRate), true },
		func(c *StudyCell) string { return rateText(c.False.Sum()) },
		func(c *StudyCell) string { return "a year" }, rateText},
	{"How long a year mail is down", "Outage a year, by faults and by release cycles (W18). Darker is longer.", "seconds a year", false,
		func(c *StudyCell) (float64, bool) { return c.Outage.Sum(), true },
		func(c *StudyCell) string { return c.Outage.text() },
		func(c *StudyCell) string { return "s a year" }, whole},
}

// heatMaps draws every figure.
func (v *studyView) heatMaps() (all []heatMap) {
	for i := range heatFigures {
		all = append(all, v.heatMap(&heatFigures[i]))
	}
	return all
}

func (v *studyView) heatMap(f *heatFigure) heatMap {
	shades := v.shades(f)
	m := heatMap{Title: f.title, Note: f.note, Unit: f.unit, Legend: shades.legend(f)}
	row, column := v.mapAxes()
	index := map[string]int{}
	for i := range v.s.Cells {
		c := &v.s.Cells[i]
		title := v.describe(c, func(a int) bool { return a != row && a != column && v.varies(a) })
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
func (v *studyView) mapAxes() (row, column int) {
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
func (v *studyView) place(cell, axis int) int {
	if axis < 0 {
		return 0
	}
	for a := len(v.s.Axes) - 1; a > axis; a-- {
		cell /= max(1, len(v.s.Axes[a].Values))
	}
	return cell % len(v.s.Axes[axis].Values)
}

func (v *studyView) emptyTable(title string, row, column int) heatTable {
	t := heatTable{Title: title, Columns: []string{""}}
	rows := []string{"as it is"}
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

func (v *studyView) heatCell(i int, f *heatFigure, s shades) heatCell {
	c := &v.s.Cells[i]
	h := heatCell{Class: "none", Text: f.text(c), Small: f.small(c), Link: v.link(i), Marks: v.marks(i)}
	if value, ok := f.of(c); ok {
		h.Class = fmt.Sprint("h", s.of(value))
	}
	if c.Today {
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

func (v *studyView) shades(f *heatFigure) shades {
	s := shades{low: math.Inf(1), high: math.Inf(-1), n: heatShades}
	for i := range v.s.Cells {
		if value, ok := f.of(&v.s.Cells[i]); ok {
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

// describe is the cell's values on some axes, with their names.
func (v *studyView) describe(c *StudyCell, of func(axis int) bool) string {
	var words []string
	for a := range v.s.Axes {
		if of(a) {
			words = append(words, v.s.Axes[a].Name+" "+c.Values[a])
		}
	}
	return strings.Join(words, ", ")
}
