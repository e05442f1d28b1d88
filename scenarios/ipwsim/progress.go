package main

import (
	"fmt"
	"io"
	"sync"
)

// progress shows on a terminal how many scenarios are done.
type progress struct {
	mu    sync.Mutex
	w     io.Writer // nil: show nothing
	total int
	n     int
}

func newProgress(w io.Writer, total int) *progress {
	if total < 2 || !isTerminal(w) {
		w = nil
	}
	return &progress{w: w, total: total}
}

func (p *progress) done(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n++
	if p.w != nil {
		fmt.Fprintf(p.w, "\r\x1b[K%d of %d  %s", p.n, p.total, name)
	}
}

func (p *progress) end() {
	if p.w != nil {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
