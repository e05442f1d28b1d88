package collected

import (
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/table"
	"ipwsim/core/text"
)

// readTable reads ipwatch.dat. Lines that the watcher refuses are warnings: check refuses them, and init makes what it can.
func readTable(file string, data []byte) (table.Table, diag.List) {
	if enc := text.Detect(data); enc.IsUTF16() {
		return readWide(file, data, enc)
	}
	whole, problems := table.Parse(file, data)
	if problems.Err() == nil || slices.ContainsFunc(problems, func(p diag.Problem) bool { return p.Severity == diag.Error && p.Line == 0 }) {
		return whole, unused(problems)
	}
	lines, _ := text.Decode(file, data, text.Detect(data))
	meant := replaced(lines, problems, func(s string) string { return unquoted.Replace(strings.Map(halfWidth, s)) })
	whole, refused := table.Parse(file, join(meant))
	if refused.Err() != nil {
		whole, _ = table.Parse(file, join(replaced(meant, refused, func(string) string { return "" })))
	}
	told := unused(problems)
	if len(whole.Rows()) > 0 {
		told.Warnf(file, told[len(told)-1].Line, "the watcher refuses the table for that, and so does check until it is mended; it is copied as it is, and all else is made of its lines that are entries, or are clearly meant to be")
	}
	return whole, told
}

// readWide reads a table that an editor has saved as UTF-16, which the watcher does not read: what is meant is there.
func readWide(file string, data []byte, enc text.Encoding) (whole table.Table, problems diag.List) {
	problems.Warnf(file, 0, "the file is %s, which the watcher refuses, and so does check until it is saved as ANSI (CP932) or UTF-8; it is copied as it is, and all else is made of its lines", enc)
	lines, list := text.Decode(file, text.LittleEndian(data), text.UTF16LE)
	whole, more := table.Parse(file, join(lines))
	return whole, append(append(problems, unused(list)...), unused(more)...)
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
