package words

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Safe makes text from outside harmless to a terminal: what would move the cursor, change
// colours, hide or turn text round is shown as \x1b or \u202e, and so are bytes that are not
// UTF-8. A line break counts as such a character. Safe text comes out as it went in.
func Safe(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r == utf8.RuneError || !harmless(r) }) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case harmless(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
		s = s[n:]
	}
	return b.String()
}

// harmless says whether the character prints as itself. Spaces of any width do (Japanese names
// hold U+3000); controls, format characters and unassigned ones do not.
func harmless(r rune) bool { return unicode.IsPrint(r) || unicode.Is(unicode.Zs, r) }

// SafeJSON makes a JSON text harmless: its strings hold escapes for the same characters.
func SafeJSON(text []byte) []byte {
	if !bytes.ContainsFunc(text, func(r rune) bool { return r != '\n' && !harmless(r) }) {
		return text
	}
	var b bytes.Buffer
	for _, r := range string(text) {
		switch {
		case r == '\n' || harmless(r):
			b.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		}
	}
	return b.Bytes()
}

// SafeLines makes text of several lines harmless, keeping its line breaks.
func SafeLines(s string) []string {
	lines := strings.Split(strings.ReplaceAll(strings.TrimRight(s, "\r\n"), "\r\n", "\n"), "\n")
	for i := range lines {
		lines[i] = Safe(lines[i])
	}
	return lines
}
