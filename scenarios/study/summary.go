package study

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// The band that the vendor measured for failover with the defaults [G 15], in seconds.
const bandLow, bandHigh = 30, 40

// labelWidth is how much of a line of 80 columns is left for the cell.
const labelWidth = 22

// Summary writes a line for each cell: what a client waits for at failover and failback, in seconds. An
// open end, which is a lower bound, is marked by >.
func (p *Plan) Summary(w io.Writer, rows []Row) error {
	width := len(p.axes())
	names := make([]string, len(p.cells))
	for i := range p.cells {
		names[i] = p.label(&p.cells[i])
		width = max(width, len(names[i]))
	}
	width = min(width, labelWidth)
	lines := []string{
		fmt.Sprintf("%-*s %6s  %-27s  %-13s %5s", width, p.axes(), "runs", "failover", "failback", "30 to"),
		fmt.Sprintf("%-*s %6s  %6s %6s %6s %6s  %6s %6s %5s", width, "", "", "median", "95 %", "99 %", "worst", "median", "worst", "40 s"),
	}
	for i := range p.cells {
		mine := rowsOf(rows, i)
		over := measured(mine, func(r *Row) (float64, bool) { return r.Failover, r.FailoverOpen })
		back := measured(mine, func(r *Row) (float64, bool) { return r.Failback, r.FailbackOpen })
		name := names[i]
		if len(name) > width { // on a line of its own
			lines = append(lines, name)
			name = ""
		}
		lines = append(lines, fmt.Sprintf("%-*s %6d  %6s %6s %6s %6s  %6s %6s %5s", width, name, len(mine),
			over.at(0.5), over.at(0.95), over.at(0.99), over.at(1), back.at(0.5), back.at(1), over.within(bandLow, bandHigh)))
	}
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

// axes are the names of the axes, and label a cell's values, in one order.
func (p *Plan) axes() string {
	var names []string
	for _, a := range p.Axes {
		names = append(names, a.Name)
	}
	text := strings.Join(names, " ")
	if len(text) > labelWidth {
		text = text[:labelWidth-1] + "~"
	}
	return text
}

func (p *Plan) label(c *Cell) string {
	if len(c.Values) == 0 {
		return "as it is"
	}
	return strings.Join(c.Values, " ")
}

// rowsOf are the rows of a cell, which come by cell.
func rowsOf(rows []Row, cell int) []Row {
	from, _ := slices.BinarySearchFunc(rows, cell, func(r Row, c int) int { return r.Cell - c })
	to, _ := slices.BinarySearchFunc(rows, cell+1, func(r Row, c int) int { return r.Cell - c })
	return rows[from:to]
}

// wait is a time; open ones come after all that have an end.
type wait struct {
	seconds float64
	open    bool
}

type waits []wait

// measured are the times that were, by length.
func measured(rows []Row, get func(*Row) (float64, bool)) waits {
	var all waits
	for i := range rows {
		if v, open := get(&rows[i]); !math.IsNaN(v) {
			all = append(all, wait{v, open})
		}
	}
	slices.SortFunc(all, func(a, b wait) int {
		switch {
		case a.open != b.open && a.open:
			return 1
		case a.open != b.open:
			return -1
		case a.seconds < b.seconds:
			return -1
		case a.seconds > b.seconds:
			return 1
		}
		return 0
	})
	return all
}

// at is the quantile q: the least time that at least this part of the runs did not exceed.
func (w waits) at(q float64) string {
	if len(w) == 0 {
		return "-"
	}
	one := w[max(0, int(math.Ceil(q*float64(len(w))))-1)]
	text := fmt.Sprintf("%.1f", one.seconds)
	if one.open {
		text = ">" + text
	}
	return text
}

// within is the part of the times, both ends allowed, in percent.
func (w waits) within(lo, hi float64) string {
	if len(w) == 0 {
		return "-"
	}
	n := 0
	for _, one := range w {
		if !one.open && lo <= one.seconds && one.seconds <= hi {
			n++
		}
	}
	return fmt.Sprintf("%.0f%%", math.Floor(100*float64(n)/float64(len(w))))
}
