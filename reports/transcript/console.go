package transcript

import (
	"slices"

	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/sim/trace"
)

// Consoles are the machines at whose command prompt somebody typed, in the order of their first line.
func (t Teller) Consoles() (all []string) {
	for _, r := range t.Run.Trace.Records {
		if _, ok := r.Body.(trace.Console); ok && !slices.Contains(all, r.Host) {
			all = append(all, r.Host)
		}
	}
	return all
}

// Console is what stood on the screen of a machine, with the faults in brackets between its lines.
func (t Teller) Console(host string) (all []term.Item) {
	for _, r := range t.Run.Trace.Records {
		switch b := r.Body.(type) {
		case trace.Fault:
			if len(all) > 0 {
				all = append(all, t.fault(r.At, b))
			}
		case trace.Console:
			if r.Host != host {
				continue
			}
			it := term.Item{Class: "console", Text: words.Safe(b.Text + b.Typed)}
			if b.Typed != "" {
				it.Class = "typed " + t.Stamp(r.At) // what was typed is never folded away
			}
			all = append(all, it)
		}
	}
	return all
}
