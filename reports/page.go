package reports

import (
	"io"
	"strings"
)

// Options say how a text report looks.
type Options struct {
	Lang  string // "en" or "ja"; else English
	Color bool   // ANSI colours
	Width int    // columns; 0 means 80, less than 40 means 40
	Full  bool   // fold nothing
}

const (
	defaultWidth = 80
	minWidth     = 40
)

// style is how a line looks when colours are asked for.
type style string

const (
	plain     style = ""
	passStyle style = "\x1b[1;32m"
	failStyle style = "\x1b[1;31m"
	headStyle style = "\x1b[1m"
	noteStyle style = "\x1b[2m"

	styleEnd = "\x1b[0m"
)

// page is a text report being written. Every line goes through line, which keeps the width and
// lets nothing harmful out.
type page struct {
	b     strings.Builder
	lang  lang
	width int
	color bool
	full  bool
}

func newPage(opt Options) *page {
	w := opt.Width
	if w == 0 {
		w = defaultWidth
	}
	return &page{lang: language(opt.Lang), width: max(w, minWidth), color: opt.Color, full: opt.Full}
}

func (p *page) say(k key, args ...any) string { return p.lang.say(k, args...) }

// line writes text as it is, broken at the last column as a console does.
func (p *page) line(st style, s string) {
	for s = safe(s); ; {
		now, rest := split(s, p.width)
		p.put(st, now)
		if rest == "" {
			return
		}
		s = rest
	}
}

func (p *page) put(st style, s string) {
	s = strings.TrimRight(s, " ")
	if p.color && st != plain && s != "" {
		s = string(st) + s + styleEnd
	}
	p.b.WriteString(s)
	p.b.WriteByte('\n')
}

// para writes text after a lead, wrapped; the lines after the first begin under the text. A lead
// that leaves too little room gets a line of its own.
func (p *page) para(st style, lead, s string) {
	const least = 20
	lead = safe(lead)
	hang := columns(lead)
	if p.width-hang < least && columns(safe(s)) > p.width-hang {
		p.line(st, lead)
		lead, hang = "    ", 4
	}
	for i, l := range wrap(s, max(2, p.width-hang)) {
		if i > 0 {
			lead = strings.Repeat(" ", hang)
		}
		p.line(st, lead+l)
	}
}

// section begins a part of the report.
func (p *page) section(title string) {
	p.line(plain, "")
	title = "== " + cut(title, p.width-8) + " "
	p.line(headStyle, title+strings.Repeat("=", p.width-columns(title)))
}

func (p *page) flush(w io.Writer) error {
	_, err := io.WriteString(w, p.b.String())
	return err
}
