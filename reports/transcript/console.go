package transcript

import (
	"iter"
	"slices"

	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/sim/trace"
)

// Consoles are the machines at whose command prompt somebody typed, in the order of their first line.
func (t Teller) Consoles() (all []string) {
	for r := range t.Run.Trace.All() {
		if _, ok := r.Body.(trace.Console); ok && !slices.Contains(all, r.Host) {
			all = append(all, r.Host)
		}
	}
	return all
}

// Console is what stood on the screen of a machine, with the faults in brackets between its lines.
func (t Teller) Console(host string) iter.Seq[term.Item] {
	return func(yield func(term.Item) bool) {
		begun := false
		for r := range t.Run.Trace.All() {
			var it term.Item
			switch b := r.Body.(type) {
			case trace.Fault:
				it = t.fault(r.At, b)
			case trace.Console:
				it = term.Item{Class: "console", Text: words.Safe(b.Text + b.Typed)}
				if b.Typed != "" {
					it.Class = "typed " + t.Stamp(r.At) // what was typed is never folded away
				}
				if r.Host != host {
					continue
				}
				begun = true
			default:
				continue
			}
			if begun && !yield(it) {
				return
			}
		}
	}
}
