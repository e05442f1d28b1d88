package reports

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"ipwsim/sim/trace"
)

// lettering names faults on the timeline; what comes after the last letter is a '+'.
const lettering = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// mark is a fault on the timeline.
type mark struct {
	letter byte
	at     time.Duration
	text   string
}

func marks(t *trace.Trace) []mark {
	var all []mark
	for _, r := range t.Records {
		if f, ok := r.Body.(trace.Fault); ok {
			c := byte('+')
			if len(all) < len(lettering) {
				c = lettering[len(all)]
			}
			all = append(all, mark{c, r.At, faultText(f)})
		}
	}
	return all
}

// faultText is a fault as the scenario's file says it.
func faultText(f trace.Fault) string {
	return strings.Join(append([]string{f.Verb}, f.Args...), " ")
}

// timeline draws the lanes over virtual time from 0 to the end of the run, and the faults.
func (p *page) timeline(r Result) {
	faults := marks(r.Trace)
	end := r.Trace.End.Seconds()
	if len(r.Lanes) == 0 && len(faults) == 0 || end <= 0 {
		return
	}
	p.section(p.say(headTimeline))
	label := max(columns(p.say(faultsLane)), columns(p.say(axisUnit)))
	for _, l := range r.Lanes {
		label = max(label, columns(safe(l.Label)))
	}
	label = min(label, p.width/3)
	n := p.width - label - 2

	var g glyphs
	for _, l := range r.Lanes {
		bar := make([]byte, n)
		for i, state := range l.cells(end, n) {
			bar[i] = g.glyph(state)
		}
		p.line(plain, pad(cut(l.Label, label), label)+"  "+string(bar))
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
	p.line(noteStyle, strings.Repeat(" ", label+2)+string(ruler))
	p.line(noteStyle, pad(cut(p.say(axisUnit), label), label)+"  "+string(numbers[:n]))
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
	lead := p.say(faultsLane)
	for _, row := range rows {
		p.line(plain, pad(cut(lead, label), label)+"  "+string(row))
		lead = ""
	}
}

func (p *page) legend(g glyphs, column float64) {
	var parts []string
	for _, s := range g.used() {
		parts = append(parts, string(s.glyph)+" "+s.name(p.lang))
	}
	parts = append(parts, p.say(oneColumn, p.say(inSeconds, strconv.FormatFloat(column, 'f', 1, 64))))
	p.para(noteStyle, "  ", strings.Join(parts, "  "))
}

// faultList says what the letters stand for.
func (p *page) faultList(faults []mark) {
	var wide int
	for _, m := range faults {
		wide = max(wide, columns(p.stamp(m.at)))
	}
	items := make([]item, len(faults))
	for i, m := range faults {
		items[i] = item{lead: fmt.Sprintf("  %c  %s  ", m.letter, padLeft(p.stamp(m.at), wide)), text: m.text}
	}
	p.items(p.fold(items, 10, func(run []item) string { return p.say(moreNotes, len(run)) }))
}
