package term

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"ipwsim/reports/words"
)

// Columns is the width of text on a terminal: wide characters (Japanese) take two columns,
// combining marks none. Ambiguous ones count as one, as on terminals of today.
func Columns(s string) int {
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

// Pad makes text safe and fills it up with blanks to n columns.
func Pad(s string, n int) string {
	s = words.Safe(s)
	return s + strings.Repeat(" ", max(0, n-Columns(s)))
}

// PadLeft is Pad with the blanks in front.
func PadLeft(s string, n int) string {
	s = words.Safe(s)
	return strings.Repeat(" ", max(0, n-Columns(s))) + s
}

// Cut makes text safe and shortens it to n columns, ending in ".." where something is missing.
func Cut(s string, n int) string {
	s = words.Safe(s)
	if Columns(s) <= n {
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

// closing must not begin a line, nor opening end one, where only a wide character beside them would allow it.
const (
	closing = "、。，．）」』】〕！？ーぁぃぅぇぉっゃゅょァィゥェォッャュョ)]},.;:!?%"
	opening = "（「『【〔([{"
)

// unit is what stays with the number before it.
var unit = regexp.MustCompile(`^(s\b|[秒通回行件桁])`)

// Wrap makes text safe and parts it into lines of at most n columns (n at least 2), at a blank
// or beside a wide character where there is one.
func Wrap(s string, n int) []string {
	s = words.Safe(s)
	var lines []string
	for Columns(s) > n {
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
	if rest := strings.TrimLeft(tail, " "); rest != tail && mayBreak(head+" ", rest) {
		return len(head)
	}
	best := 0
	all := head + tail
	for i := range all[:len(head)+1] {
		if i > 0 && mayBreak(all[:i], all[i:]) && strings.TrimSpace(all[:i]) != "" {
			best = i
		}
	}
	return best
}

func mayBreak(before, after string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	next, _ := utf8.DecodeRuneInString(after)
	if last == ' ' {
		number := strings.TrimSuffix(before, " ")
		return next != ' ' && !(strings.TrimRight(number, "0123456789") != number && unit.MatchString(after))
	}
	if strings.ContainsRune(closing, next) || strings.ContainsRune(opening, last) || runeColumns(next) == 0 {
		return false
	}
	return runeColumns(last) == 2 || runeColumns(next) == 2
}
