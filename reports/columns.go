package reports

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// columns is the width of text on a terminal: wide characters (Japanese) take two columns,
// combining marks none. Ambiguous ones count as one, as on terminals of today.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// pad makes text safe and fills it up with blanks to n columns.
func pad(s string, n int) string {
	s = safe(s)
	return s + strings.Repeat(" ", max(0, n-columns(s)))
}

// padLeft is pad with the blanks in front.
func padLeft(s string, n int) string {
	s = safe(s)
	return strings.Repeat(" ", max(0, n-columns(s))) + s
}

// cut makes text safe and shortens it to n columns, ending in ".." where something is missing.
func cut(s string, n int) string {
	s = safe(s)
	if columns(s) <= n {
		return s
	}
	head, _ := split(s, max(0, n-2))
	return head + ".."
}

// split parts text after as many characters as fit n columns.
func split(s string, n int) (head, tail string) {
	used := 0
	for i, r := range s {
		if used += runeColumns(r); used > n {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// closing must not begin a line in Japanese.
const closing = "、。，．）」』】〕！？ーぁぃぅぇぉっゃゅょァィゥェォッャュョ"

// wrap makes text safe and parts it into lines of at most n columns (n at least 2), at a blank
// or beside a wide character where there is one.
func wrap(s string, n int) []string {
	s = safe(s)
	var lines []string
	for columns(s) > n {
		head, tail := split(s, n)
		if at := breakIn(head, tail); at > 0 {
			head, tail = s[:at], s[at:]
		}
		lines = append(lines, strings.TrimRight(head, " "))
		s = strings.TrimLeft(tail, " ")
	}
	return append(lines, s)
}

// breakIn finds the last place in head where a line may end, or 0; tail follows it.
func breakIn(head, tail string) int {
	if strings.HasPrefix(tail, " ") {
		return len(head)
	}
	best := 0
	var before rune
	next, _ := utf8.DecodeRuneInString(tail)
	for i, r := range head + string(next) {
		if i > 0 && mayBreak(before, r) && strings.TrimSpace(head[:i]) != "" {
			best = i
		}
		before = r
	}
	return best
}

func mayBreak(before, after rune) bool {
	switch {
	case before == ' ':
		return after != ' '
	case strings.ContainsRune(closing, after), runeColumns(after) == 0:
		return false
	}
	return runeColumns(before) == 2 || runeColumns(after) == 2
}
