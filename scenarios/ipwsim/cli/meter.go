package cli

import (
	"fmt"
	"io"
	"time"

	"ipwsim/reports/term"
	"ipwsim/reports/words"
)

// Meter says how far something is: by a line on a terminal that changes, elsewhere by a line now and then, so that the log
// of a build server shows that work goes on. All commands have it. The zero one shows nothing.
type Meter struct {
	words.Lang
	w           io.Writer     // nil: show nothing
	plain       bool          // no terminal: each line stays
	every       time.Duration // from one line to the next, at least
	start, last time.Time
}

// How often a line comes: of work that is over sooner, a file has none.
const (
	everyLook = 200 * time.Millisecond
	everyLine = 30 * time.Second
)

// NewMeter is one that begins now.
func NewMeter(w io.Writer, lang words.Lang) Meter {
	now := time.Now()
	if IsTerminal(w) {
		return Meter{Lang: lang, w: w, every: everyLook, start: now}
	}
	return Meter{Lang: lang, w: w, plain: true, every: everyLine, start: now, last: now}
}

// Tell shows the line of now, unless the last one is too young. It is called by one part at a time.
func (m *Meter) Tell(line func(took time.Duration) string) {
	if m.w == nil || time.Since(m.last) < m.every {
		return
	}
	m.last = time.Now()
	if m.plain {
		fmt.Fprintln(m.w, line(time.Since(m.start)))
		return
	}
	fmt.Fprint(m.w, term.Wipe+line(time.Since(m.start)))
}

// Hurry has a terminal show the next line, however young the last one is.
func (m *Meter) Hurry() {
	if !m.plain {
		m.last = time.Time{}
	}
}

// End takes the line away.
func (m *Meter) End() {
	if m.w != nil && !m.plain {
		fmt.Fprint(m.w, term.Wipe)
	}
}

// RateOf is how many were done in a second, as a word, and how long so many more take.
func RateOf(done, more int, took time.Duration) (rate string, left time.Duration) {
	each := float64(done) / max(took.Seconds(), 1e-3)
	left = time.Duration(float64(more) / max(each, 1e-3) * float64(time.Second))
	if each < 9.95 { // a run may take seconds
		return fmt.Sprintf("%.2g", each), left.Round(time.Second)
	}
	return fmt.Sprintf("%.0f", each), left.Round(time.Second)
}
