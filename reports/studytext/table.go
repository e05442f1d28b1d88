package studytext

import (
	"strings"

	"ipwsim/reports/term"
	"ipwsim/reports/words"
)

// table is lines of a label and columns, which are as wide as they need to be. A head stands over the columns after it
// that have none. A label that is too long is on a line of its own, and so is one without columns.
type table struct {
	heads [][]string
	lines [][]string // label, then the columns
}

func newTable(heads ...[]string) *table { return &table{heads: heads} }

func (t *table) add(label string, columns ...string) {
	t.lines = append(t.lines, append([]string{label}, columns...))
}

// write puts the table on the page.
func (t *table) write(p *term.Page) {
	gap := 2
	widths := t.widths(gap)
	if sum(widths, gap) > p.Width() {
		gap = 1
		widths = t.widths(gap)
	}
	if total := sum(widths, gap); total > p.Width() {
		widths[0] = max(0, min(2, widths[0]-total+p.Width()))
	}
	for _, line := range t.heads {
		p.Line(term.Plain, label(p, line[0], widths[0])+head(line, widths, gap))
	}
	for _, line := range t.lines {
		if len(line) == 1 {
			p.Line(term.Plain, line[0])
			continue
		}
		text := label(p, line[0], widths[0])
		for i, column := range line[1:] {
			text += strings.Repeat(" ", gap) + term.PadLeft(column, widths[i+1])
		}
		p.Line(term.Plain, text)
	}
}

// label is the first column; one that has no room in it is put on a line of its own.
func label(p *term.Page, text string, width int) string {
	if term.Columns(words.Safe(text)) > width {
		p.Line(term.Plain, text)
		text = ""
	}
	return term.Pad(text, width)
}

// widths are those of the label and the columns. A head that needs more than the columns under it widens the last.
func (t *table) widths(gap int) []int {
	widths := make([]int, len(t.heads[0]))
	for _, line := range t.lines {
		if len(line) > 1 {
			for i, text := range line {
				widths[i] = max(widths[i], term.Columns(words.Safe(text)))
			}
		}
	}
	for _, wide := range []bool{false, true} { // first the heads of one column
		for _, line := range t.heads {
			for i := 1; i < len(line); i += span(line, i) {
				if last := i + span(line, i) - 1; (last > i) == wide {
					widths[last] += max(0, term.Columns(words.Safe(line[i]))-over(widths, i, last, gap))
				}
			}
		}
	}
	return widths
}

// head is a line of heads: to the left of several columns, to the right of one.
func head(line []string, widths []int, gap int) (text string) {
	for i := 1; i < len(line); i += span(line, i) {
		last := i + span(line, i) - 1
		one := term.PadLeft(line[i], widths[i])
		if last > i {
			one = term.Pad(line[i], over(widths, i, last, gap))
		}
		text += strings.Repeat(" ", gap) + one
	}
	return text
}

// span is over how many columns the head stands.
func span(line []string, i int) int {
	n := 1
	for i+n < len(line) && line[i+n] == "" && line[i] != "" {
		n++
	}
	return n
}

// over is how wide columns are together.
func over(widths []int, first, last, gap int) int { return sum(widths[first:last+1], gap) }

func sum(widths []int, gap int) int {
	n := -gap
	for _, w := range widths {
		n += gap + w
	}
	return n
}
