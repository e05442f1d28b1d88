package term

import (
	"bytes"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	terminal "golang.org/x/term"

	"ipwsim/reports/words"
)

// Wipe begins a line anew.
const Wipe = "\r\x1b[K"

// own are the control sequences that this program writes, on a terminal only.
var own = []string{string(Good), string(Weak), string(Bad), string(Head), string(Note), styleEnd, Wipe}

// Out is the last step before a terminal, or whatever standard output is: what could move the cursor, change colours or
// turn text round is shown as words.Safe shows it, wherever it came from. Line breaks, tabs and, on a terminal, the
// program's own colours pass.
type Out struct {
	w    io.Writer
	rest []byte // of a character, when a write ends within one
	err  error  // the first of a write
}

// NewOut is the step before w.
func NewOut(w io.Writer) *Out { return &Out{w: w} }

// Write makes text harmless and writes it; Close tells of errors.
func (o *Out) Write(text []byte) (int, error) {
	n := len(text)
	if len(o.rest) > 0 {
		text = append(o.rest, text...)
	}
	whole := len(text)
	for cut := 1; cut < utf8.UTFMax && cut <= len(text); cut++ {
		if last := text[len(text)-cut:]; utf8.RuneStart(last[0]) {
			if !utf8.FullRune(last) {
				whole -= cut
			}
			break
		}
	}
	o.rest = bytes.Clone(text[whole:])
	o.put(o.safe(string(text[:whole])))
	return n, nil
}

// Own writes a file that the program itself holds, as it is.
func (o *Out) Own(file []byte) { o.put(string(file)) }

func (o *Out) put(text string) {
	if _, err := io.WriteString(o.w, text); o.err == nil {
		o.err = err
	}
}

// safe is the text with nothing in it that a terminal would obey, but for what is the program's own.
func (o *Out) safe(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && (r < ' ' || r > '~') }) {
		return text
	}
	var b strings.Builder
	for text != "" {
		if i := slices.IndexFunc(own, func(s string) bool { return strings.HasPrefix(text, s) }); i >= 0 && o.Terminal() {
			b.WriteString(own[i])
			text = text[len(own[i]):]
			continue
		}
		_, n := utf8.DecodeRuneInString(text)
		if text[0] == '\n' || text[0] == '\t' {
			b.WriteByte(text[0])
		} else {
			b.WriteString(words.Safe(text[:n]))
		}
		text = text[n:]
	}
	return b.String()
}

// Close writes what is left and returns the first error of all writes.
func (o *Out) Close() error {
	if len(o.rest) > 0 {
		o.put(words.Safe(string(o.rest)))
		o.rest = nil
	}
	return o.err
}

// Terminal says whether a terminal is behind it.
func (o *Out) Terminal() bool {
	f, ok := o.w.(*os.File)
	return ok && terminal.IsTerminal(int(f.Fd()))
}
