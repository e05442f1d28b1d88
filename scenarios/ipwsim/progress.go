package main

import (
	"fmt"
	"io"
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
		fmt.Fprintf(p.w, "\r\x1b[K%d / %d", n, p.total)
	}
}

func (p *progress) end() {
	if p.w != nil {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
