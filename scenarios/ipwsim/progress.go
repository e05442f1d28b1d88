package main

import (
	"fmt"
	"io"
	"time"

	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/scenarios/study"
)

// progress shows on a terminal how many scenarios are done.
type progress struct {
	w     io.Writer // nil: show nothing
	total int
}

func newProgress(w io.Writer, total int) *progress {
	if total < 2 || !isTerminal(w) {
		w = nil
	}
	return &progress{w: w, total: total}
}

func (p *progress) done(n int) {
	if p.w != nil {
		fmt.Fprintf(p.w, term.Wipe+"%d / %d", n, p.total)
	}
}

func (p *progress) end() {
	if p.w != nil {
		fmt.Fprint(p.w, term.Wipe)
	}
}

// runBar shows on a terminal how far a study is: runs, runs a second, and when it will be done.
type runBar struct {
	words.Lang
	w     io.Writer // nil: show nothing
	start time.Time
	last  time.Time
}

func newRunBar(w io.Writer, lang words.Lang) *runBar {
	if !isTerminal(w) {
		w = nil
	}
	return &runBar{Lang: lang, w: w, start: time.Now()}
}

// show is called after each run, one call at a time.
func (b *runBar) show(s study.Status) {
	if b.w == nil || time.Since(b.last) < 200*time.Millisecond {
		return
	}
	b.last = time.Now()
	fmt.Fprint(b.w, term.Wipe+statusLine(b.Lang, s, time.Since(b.start)))
}

// cells is called after each cell that is answered, one call at a time.
func (b *runBar) cells(s study.Status) {
	if b.w != nil {
		fmt.Fprint(b.w, term.Wipe+b.Say("progress.cells", s.Done, s.Total))
	}
}

func (b *runBar) end() {
	if b.w != nil {
		fmt.Fprint(b.w, term.Wipe)
	}
}

// statusLine says how far it is after some time.
func statusLine(l words.Lang, s study.Status, took time.Duration) string {
	rate := float64(s.New) / max(took.Seconds(), 1e-3)
	left := time.Duration(float64(s.Total-s.Done) / max(rate, 1e-3) * float64(time.Second))
	return l.Say("progress.runs", s.Done, s.Total, s.Cells, fmt.Sprintf("%.0f", rate), left.Round(time.Second))
}
