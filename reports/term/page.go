// Package term writes pages for a terminal: of so many columns, in colour or not, with nothing in them that could
// move the cursor.
package term

import (
	"io"
	"strings"

	"ipwsim/reports/words"
)

// Options say how a text report looks.
type Options struct {
	Lang    words.Lang
	Color   bool   // ANSI colours
	Width   int    // columns; 0 means 80, less than 40 means 40
	Full    bool   // fold nothing
	Program string // what ipwsim is called by in commands that are told; "": ipwsim
}

const (
	defaultWidth = 80
	minWidth     = 40
)

// Style is how a line looks when colours are asked for.
type Style string

// The styles.
const (
	Plain Style = ""
	Good  Style = "\x1b[1;32m"
	Weak  Style = "\x1b[1;33m"
	Bad   Style = "\x1b[1;31m"
	Head  Style = "\x1b[1m"
	Note  Style = "\x1b[2m"

	styleEnd = "\x1b[0m"
)

// Page is a text being written. Every line goes through Line, which keeps the width and lets nothing harmful out.
type Page struct {
	b       strings.Builder
	lang    words.Lang
	width   int
	color   bool
	program string
	Full    bool // fold nothing
}

// New begins a page.
func New(opt Options) *Page {
	w := opt.Width
	if w == 0 {
		w = defaultWidth
	}
	return &Page{lang: opt.Lang, width: max(w, minWidth), color: opt.Color, program: opt.Program, Full: opt.Full}
}

// Width is the page's columns.
func (p *Page) Width() int { return p.width }

// Line writes text as it is, broken at the last column as a console does.
func (p *Page) Line(st Style, s string) {
	for s = words.Safe(s); ; {
		now, rest := split(s, p.width)
		p.put(st, now)
		if rest == "" {
			return
		}
		s = rest
	}
}

func (p *Page) put(st Style, s string) {
	s = strings.TrimRight(s, " ")
	if p.color && st != Plain && s != "" {
		s = string(st) + s + styleEnd
	}
	p.b.WriteString(s)
	p.b.WriteByte('\n')
}

// Para writes text after a lead, wrapped; the lines after the first begin under the text. A lead
// that leaves too little room gets a line of its own.
func (p *Page) Para(st Style, lead, s string) {
	const least = 20
	lead = words.Safe(lead)
	hang := Columns(lead)
	if p.width-hang < least && Columns(words.Safe(s)) > p.width-hang {
		p.Line(st, lead)
		lead, hang = "    ", 4
	}
	for i, l := range Wrap(s, max(2, p.width-hang)) {
		if i > 0 {
			lead = strings.Repeat(" ", hang)
		}
		p.Line(st, lead+l)
	}
}

// Command writes a command after words about it. One that does not fit gets a line of its own, as long as it is: parted,
// it could not be pasted.
func (p *Page) Command(st Style, indent, text, command string) {
	command = words.Safe(command)
	if rest, ours := strings.CutPrefix(command, "ipwsim "); ours && p.program != "" {
		command = p.program + " " + rest
	}
	if whole := words.Safe(indent+text) + command; Columns(whole) <= p.width {
		p.put(st, whole)
		return
	}
	if text = strings.TrimRight(text, " "); text != "" {
		p.Para(st, indent, text)
		indent += "  "
	}
	p.put(st, indent+command)
}

// Section begins a part of the report.
func (p *Page) Section(title string) {
	p.Line(Plain, "")
	title = "== " + Cut(title, p.width-8) + " "
	p.Line(Head, title+strings.Repeat("=", p.width-Columns(title)))
}

func (p *Page) Flush(w io.Writer) error {
	_, err := io.WriteString(w, p.b.String())
	return err
}
