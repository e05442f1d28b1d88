package main

import (
	"fmt"
	"io"
	"time"

	"ipwsim/scenarios/study"
)

// runBar shows on a terminal how far a study is: runs, runs a second, and when it will be done.
type runBar struct {
	w     io.Writer // nil: show nothing
	start time.Time
	last  time.Time
}

func newRunBar(w io.Writer) *runBar {
	if !isTerminal(w) {
		w = nil
	}
	return &runBar{w: w, start: time.Now()}
}

// show is called after each run, one call at a time.
func (b *runBar) show(s study.Status) {
	if b.w == nil || time.Since(b.last) < 200*time.Millisecond {
		return
	}
	b.last = time.Now()
	fmt.Fprint(b.w, "\r\x1b[K"+statusLine(s, time.Since(b.start)))
}

// cells is called after each cell that is answered, one call at a time.
func (b *runBar) cells(s study.Status) {
	if b.w != nil {
		fmt.Fprintf(b.w, "\r\x1b[K%d of %d cells searched", s.Done, s.Total)
	}
}

func (b *runBar) end() {
	if b.w != nil {
		fmt.Fprint(b.w, "\r\x1b[K")
	}
}

// statusLine says how far it is after some time.
func statusLine(s study.Status, took time.Duration) string {
	rate := float64(s.New) / max(took.Seconds(), 1e-3)
	left := time.Duration(float64(s.Total-s.Done) / max(rate, 1e-3) * float64(time.Second))
	return fmt.Sprintf("%d of %d runs of %d cells, %.0f a second, %v left", s.Done, s.Total, s.Cells, rate, left.Round(time.Second))
}
