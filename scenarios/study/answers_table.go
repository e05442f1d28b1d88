package study

import (
	"strings"
)

// lineWidth is that of every line of the text.
const lineWidth = 80

// textTable is a table of a label and columns, which are as wide as they need to be. A label that is too long is on
// a line of its own, and so is one without columns.
type textTable struct {
	lines [][]string // the first ones are heads; label, then the columns
	heads int
}

func newTable(heads ...[]string) *textTable { return &textTable{heads, len(heads)} }

func (t *textTable) add(label string, columns ...string) {
	t.lines = append(t.lines, append([]string{label}, columns...))
}

func (t *textTable) String() string {
	widths := make([]int, len(t.lines[0]))
	for n, line := range t.lines {
		for i, text := range line {
			if i > 0 || n >= t.heads && len(line) > 1 {
				widths[i] = max(widths[i], len(text))
			}
		}
	}
	total := 0
	for _, w := range widths[1:] {
		total += 2 + w
	}
	if widths[0]+total > lineWidth {
		widths[0] = max(0, min(2, lineWidth-total))
	}
	var b strings.Builder
	for _, line := range t.lines {
		label := line[0]
		if len(label) > widths[0] || len(line) == 1 {
			b.WriteString(label + "\n")
			if len(line) == 1 {
				continue
			}
			label = ""
		}
		text := label + strings.Repeat(" ", widths[0]-len(label))
		for i, column := range line[1:] {
			text += strings.Repeat(" ", 2+widths[i+1]-len(column)) + column
		}
		b.WriteString(strings.TrimRight(text, " ") + "\n")
	}
	return b.String()
}
