package main

import (
	"fmt"
	"io"
	"time"

	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/scenarios/study"
)

// meter says how far something is: by a line on a terminal that changes, elsewhere by a line now and then, so that the log
// of a build server shows that work goes on. All commands have it.
type meter struct {
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

func newMeter(w io.Writer, lang words.Lang) meter {
	now := time.Now()
	if isTerminal(w) {
		return meter{Lang: lang, w: w, every: everyLook, start: now}
	}
	return meter{Lang: lang, w: w, plain: true, every: everyLine, start: now, last: now}
}

// tell shows the line of now, unless the last one is too young. It is called by one part at a time.
func (m *meter) tell(line func(took time.Duration) string) {
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

func (m *meter) end() {
	if m.w != nil && !m.plain {
		fmt.Fprint(m.w, term.Wipe)
	}
}

// rateOf is how many were done in a second, as a word, and how long so many more take.
func rateOf(done, more int, took time.Duration) (rate string, left time.Duration) {
	each := float64(done) / max(took.Seconds(), 1e-3)
	left = time.Duration(float64(more) / max(each, 1e-3) * float64(time.Second))
	if each < 9.95 { // a run may take seconds
		return fmt.Sprintf("%.2g", each), left.Round(time.Second)
	}
	return fmt.Sprintf("%.0f", each), left.Round(time.Second)
}

// progress says how many scenarios are done.
type progress struct {
	meter
	total int
}

func newProgress(w io.Writer, lang words.Lang, total int) *progress {
	p := &progress{newMeter(w, lang), total}
	if total < 2 {
		p.w = nil
	}
	return p
}

func (p *progress) done(n int) {
	p.tell(func(time.Duration) string { return fmt.Sprintf("%d / %d", n, p.total) })
}

// runBar says how far a study is: runs, runs a second, and when it will be done.
type runBar struct{ meter }

func newRunBar(w io.Writer, lang words.Lang) *runBar { return &runBar{newMeter(w, lang)} }

func (b *runBar) show(s study.Status) {
	b.tell(func(took time.Duration) string { return statusLine(b.Lang, s, took) })
}

func (b *runBar) cells(s study.Status) {
	b.tell(func(time.Duration) string { return b.Say("progress.cells", s.Done, s.Total) })
}

// statusLine says how far a study is after some time.
func statusLine(l words.Lang, s study.Status, took time.Duration) string {
	rate, left := rateOf(s.New, s.Total-s.Done, took)
	return l.Say("progress.runs", s.Done, s.Total, s.Cells, rate, left)
}
