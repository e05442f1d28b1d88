// Package transcript is what people saw on the machines of a run: ping.exe's output, the watcher's log, commands and
// events, as items that a report lays out and folds.
package transcript

import (
	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
)

// Teller tells what was seen in one run.
type Teller struct {
	words.Teller
	Run *finding.Run
}

// New is a teller of the run.
func New(r *finding.Run, l words.Lang) Teller {
	return Teller{words.Teller{Lang: l, Facts: r.Facts}, r}
}

// notes are lines of ours between those of somebody else's.
const notes = "note"

// note is a line of ours.
func note(text string) term.Item { return term.Item{Class: notes, Note: true, Text: "[" + text + "]"} }

// MoreLines is what stands for folded lines of a listing.
func (t Teller) MoreLines(h term.Hidden) string {
	if h.Class == notes {
		return t.Say("more-notes", h.Lines)
	}
	return t.Say("more-lines", h.Lines)
}
