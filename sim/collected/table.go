package collected

import (
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/table"
	"ipwsim/core/text"
)

// readTable reads ipwatch.dat. Lines that the watcher refuses are warnings, where there is an entry all the same: else it is
// an error.
func readTable(file string, data []byte) (table.Table, diag.List) {
	whole, problems := table.Parse(file, data)
	if problems.Err() == nil || slices.ContainsFunc(problems, func(p diag.Problem) bool { return p.Severity == diag.Error && p.Line == 0 }) {
		return whole, problems
	}
	lines, _ := text.Decode(file, data, text.Detect(data))
	meant := replaced(lines, problems, func(s string) string { return unquoted.Replace(strings.Map(halfWidth, s)) })
	whole, refused := table.Parse(file, join(meant))
	if refused.Err() != nil {
		whole, _ = table.Parse(file, join(replaced(meant, refused, func(string) string { return "" })))
	}
	if len(whole.Rows()) == 0 {
		return whole, problems
	}
	told := unused(problems)
	told.Warnf(file, told[len(told)-1].Line, "the watcher refuses the table for that, and so does check until it is mended; it is copied as it is, and all else is made of its lines that are entries, or are clearly meant to be")
	return whole, told
}

var unquoted = strings.NewReplacer(`"`, "")

// halfWidth is ASCII for what an input method makes of it.
func halfWidth(r rune) rune {
	const wide, space = '！' - '!', '\u3000'
	switch {
	case r >= '！' && r <= '～':
		return r - wide
	case r == space:
		return ' '
	}
	return r
}

// replaced are the lines with others in place of those that have an error.
func replaced(lines []text.Line, problems diag.List, with func(string) string) []text.Line {
	lines = slices.Clone(lines)
	for _, p := range problems {
		if p.Severity == diag.Error && p.Line > 0 {
			lines[p.Line-1].Text = with(lines[p.Line-1].Text)
		}
	}
	return lines
}

// join is the lines as a file, UTF-8.
func join(lines []text.Line) []byte {
	var s strings.Builder
	for _, l := range lines {
		s.WriteString(l.Text + "\n")
	}
	return []byte(s.String())
}
