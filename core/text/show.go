package text

import (
	"fmt"
	"strings"
	"unicode"

	"ipwsim/core/diag"
)

// quoteRunes bounds what a message repeats of an input.
const quoteRunes = 60

// Quote shows input in a message. Backslashes stay single, unlike with %q; what cannot be seen is shown as <U+0000>.
func Quote(s string) string {
	mark := `"`
	if strings.Contains(s, mark) {
		mark = "'"
	}
	return mark + Shorten(s) + mark
}

// Shorten is Quote without the quotes.
func Shorten(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n == quoteRunes {
			b.WriteString("...")
			break
		}
		n++
		if unicode.IsPrint(r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "<%U>", r)
		}
	}
	return b.String()
}

// Name names a character by itself, if it can be seen, and its number.
func Name(r rune) string {
	if unicode.IsGraphic(r) && !unicode.IsSpace(r) {
		return fmt.Sprintf("%c (%U)", r, r)
	}
	return fmt.Sprintf("%U", r)
}

// Control finds the first control character other than the tab.
func Control(s string) (r rune, found bool) {
	for _, r := range s {
		if unicode.IsControl(r) && r != '\t' {
			return r, true
		}
	}
	return 0, false
}

// Invisible says which characters a line has that an editor does not show but that a program would
// take for part of a name, or nil.
func Invisible(line string) error {
	if strings.Contains(line, "\r") {
		return diag.Errorf("the line has a carriage return (U+000D) that no line feed follows; expected lines to end in CR LF or in LF")
	}
	for _, r := range line {
		if unicode.Is(unicode.Cf, r) || unicode.IsControl(r) && r != '\t' {
			return diag.Errorf("the line has the invisible character %U; expected none", r)
		}
	}
	return nil
}

// Yen finds the first yen sign: in CP932 fonts a backslash looks like one, but they are different characters.
func Yen(s string) (r rune, found bool) {
	for _, r := range s {
		if r == '¥' || r == '￥' {
			return r, true
		}
	}
	return 0, false
}
