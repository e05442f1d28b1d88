package main

import (
	"fmt"
	"io"
	"time"

	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/scenarios/night"
	"ipwsim/scenarios/search"
)

// searchBar shows on a terminal how far a search is.
type searchBar struct {
	words.Lang
	w      io.Writer // nil: show nothing
	start  time.Time
	before int           // cases that were done before
	shards int           // of all; below 0: as many as there is time for
	length time.Duration // that there is
	done   int
}

func newSearchBar(w io.Writer, lang words.Lang, shards int, length time.Duration) *searchBar {
	if !isTerminal(w) {
		w = nil
	}
	return &searchBar{Lang: lang, w: w, start: time.Now(), shards: shards, length: length}
}

// show is called after each shard, one call at a time.
func (b *searchBar) show(s *night.Sum) {
	b.done++
	if b.w != nil {
		fmt.Fprint(b.w, term.Wipe+b.line(s, time.Since(b.start)))
	}
}

// line says how far it is after some time.
func (b *searchBar) line(s *night.Sum, took time.Duration) string {
	left := b.length - took
	if b.shards >= 0 {
		left = time.Duration(float64(b.shards-b.done) * float64(took) / float64(max(1, b.done)))
	}
	rate := float64(s.Cases-b.before) / max(took.Seconds(), 1e-3)
	return b.Say("progress.search", s.Cases, fmt.Sprintf("%.0f", rate), s.Reached(), len(search.Probes), s.Failures(), max(0, left).Round(time.Second))
}

func (b *searchBar) end() {
	if b.w != nil {
		fmt.Fprint(b.w, term.Wipe)
	}
}
