package text

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"ipwsim/reports/lanes"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
)

// lettering names faults on the timeline; what comes after the last letter is a '+'.
const lettering = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// mark is a fault on the timeline.
type mark struct {
	letter byte
	at     time.Duration
	text   string
}

func (p *page) marks() []mark {
	var all []mark
	for i, f := range p.run.Facts.Faults {
		c := byte('+')
		if i < len(lettering) {
			c = lettering[i]
		}
		text := f.Line()
		switch {
		case f.Open && f.Lasts():
			text = p.Say("fault-to-end", text)
		case f.Until > f.At:
			text = p.Say("fault-until", text, p.Seconds(f.Until))
		}
		all = append(all, mark{c, f.At, text})
	}
	return all
}

// timeline draws the lanes over virtual time from 0 to the end of the run, and the faults.
func (p *page) timeline() {
	faults := p.marks()
	end := p.run.Trace.End.Seconds()
	rows := slices.Concat(lanes.Holders(p.run), lanes.Clients(p.Lang, p.run))
	if len(rows) == 0 && len(faults) == 0 || end <= 0 {
		return
	}
	p.Section(p.Say("head-timeline"))
	label := max(term.Columns(p.Say("faults-lane")), term.Columns(p.Say("axis-unit")))
	for _, l := range rows {
		label = max(label, term.Columns(words.Safe(l.Label)))
	}
	label = min(label, p.Width()/3)
	n := p.Width() - label - 2

	var g glyphs
	for _, l := range rows {
		bar := make([]byte, n)
		for i, state := range cells(l.Spans, end, n) {
			bar[i] = g.glyph(state)
		}
		p.Line(term.Plain, term.Pad(term.Cut(l.Label, label), label)+"  "+string(bar))
	}
	p.axis(label, end, n)
	p.faultRows(label, faults, end, n)
	p.legend(g, end/float64(n))
	p.faultList(faults)
}

// axis writes the scale below the lanes.
func (p *page) axis(label int, end float64, n int) {
	ruler, numbers := []byte(strings.Repeat("-", n)), []byte(strings.Repeat(" ", n+24))
	step := tick(end, n)
	decimals := 0
	if step < 1 {
		decimals = 1
	}
	for i := 0; ; i++ {
		at := int(float64(i) * step / end * float64(n))
		text := strconv.FormatFloat(float64(i)*step, 'f', decimals, 64)
		if at+len(text) > n {
			break
		}
		ruler[at] = '|'
		copy(numbers[at:], text)
	}
	p.Line(term.Note, strings.Repeat(" ", label+2)+string(ruler))
	p.Line(term.Note, term.Pad(term.Cut(p.Say("axis-unit"), label), label)+"  "+string(numbers[:n]))
}

// tick is a round number of seconds between two marks of the scale, wide enough for the numbers.
func tick(end float64, n int) float64 {
	steps := []float64{0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600}
	least := float64(len(strconv.FormatFloat(end, 'f', 0, 64))+5) / float64(n) * end
	for _, s := range steps {
		if s >= least {
			return s
		}
	}
	s := 7200.0
	for s < least {
		s *= 2
	}
	return s
}

// faultRows puts the faults' letters under the scale, each row holding what does not collide.
func (p *page) faultRows(label int, faults []mark, end float64, n int) {
	const most = 4
	var rows [][]byte
	for _, m := range faults {
		at, ok := column(m.at, end, n)
		if !ok {
			continue
		}
		row := 0
		for row < len(rows) && rows[row][at] != ' ' {
			row++
		}
		if row == most {
			rows[most-1][at] = '+'
			continue
		}
		if row == len(rows) {
			rows = append(rows, []byte(strings.Repeat(" ", n)))
		}
		rows[row][at] = m.letter
	}
	lead := p.Say("faults-lane")
	for _, row := range rows {
		p.Line(term.Plain, term.Pad(term.Cut(lead, label), label)+"  "+string(row))
		lead = ""
	}
}

func (p *page) legend(g glyphs, column float64) {
	var parts []string
	for _, s := range g.used() {
		parts = append(parts, string(glyphOf[notable(s)].glyph)+" "+lanes.Name(p.Lang, s))
	}
	parts = append(parts, p.Say("one-column", p.Say("in-seconds", strconv.FormatFloat(column, 'f', 1, 64))))
	p.Para(term.Note, "  ", strings.Join(parts, "  "))
}

// faultList says what the letters stand for.
func (p *page) faultList(faults []mark) {
	var wide int
	for _, m := range faults {
		wide = max(wide, term.Columns(p.Stamp(m.at)))
	}
	items := make([]term.Item, len(faults))
	for i, m := range faults {
		items[i] = term.Item{Lead: fmt.Sprintf("  %c  %s  ", m.letter, term.PadLeft(p.Stamp(m.at), wide)), Text: m.text}
	}
	p.Items(p.Fold(slices.Values(items), 10, func(h term.Hidden) string { return p.Say("more-notes", h.Lines) }))
}
