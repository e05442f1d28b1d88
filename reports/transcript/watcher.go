package transcript

import (
	"iter"
	"slices"
	"time"

	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/sim/trace"
)

// logStamp is the form of the watcher's own log (W10).
const logStamp = "[02/Jan/2006:15:04:05]"

// Watchers are the hosts whose watcher has something to show: the nodes in their order, then others.
func (t Teller) Watchers() []string {
	var all, talking []string
	for _, n := range t.Run.Trace.Header.Nodes {
		all = append(all, n.Role)
	}
	for r := range t.Run.Trace.All() {
		switch r.Body.(type) {
		case trace.Log, trace.Watch:
			if !slices.Contains(all, r.Host) {
				all = append(all, r.Host)
			}
			if !slices.Contains(talking, r.Host) {
				talking = append(talking, r.Host)
			}
		}
	}
	return slices.DeleteFunc(all, func(h string) bool { return !slices.Contains(talking, h) })
}

// Watcher is the watcher's log of a node, with its changes of mind, the faults and the node's tasks in brackets
// between the lines.
func (t Teller) Watcher(host string) iter.Seq[term.Item] {
	return func(yield func(term.Item) bool) {
		tasks, epoch := t.Run.Facts.Tasks, t.Run.Trace.Header.Epoch
		var clock trace.WallClock // the machine's
		for r := range t.Run.Trace.All() {
			var all []term.Item
			switch b := r.Body.(type) {
			case trace.Clock, trace.Drift:
				if r.Host == host {
					clock.Take(r.At, b)
				}
			case trace.Fault:
				all = []term.Item{t.fault(r.At, b)}
			case trace.Task:
				if r.Host == host {
					all = []term.Item{note(t.Stamp(r.At) + "  " + t.Task(tasks[0]))}
				}
				tasks = tasks[1:]
			case trace.Log:
				if r.Host == host {
					all = logItems(epoch.Add(clock.Ahead(r.At)), r.At, b)
				}
			case trace.Watch:
				if r.Host == host {
					all = []term.Item{note(t.Stamp(r.At) + "  " + t.Watched(&t.Run.Trace.Header, b))}
				}
			}
			for _, it := range all {
				if !yield(it) {
					return
				}
			}
		}
	}
}

// fault is a fault between the lines of somebody's output, as the scenario says it.
func (t Teller) fault(at time.Duration, f trace.Fault) term.Item {
	return note(t.Stamp(at) + "  " + f.Line())
}

// logItems is one entry of the log: its stamp in the zone of the simulated clock, its first line behind it, more
// lines indented below. What a command printed has no stamp.
func logItems(epoch time.Time, at time.Duration, l trace.Log) (all []term.Item) {
	lead := epoch.Add(at).Format(logStamp) + " "
	if l.Bare && l.Text == "" {
		return nil
	}
	if l.Bare {
		lead = ""
	}
	for i, text := range words.SafeLines(l.Text) {
		if i == 1 {
			lead = "    "
		}
		all = append(all, term.Item{Class: "log", Lead: lead, Text: text})
	}
	return all
}

// Commands are the Windows commands, event log entries and tasks since virtual time 0, or with all is true ever. A
// task ends a stretch that can be folded: what it was skipped for is not to be hidden.
func (t Teller) Commands(ever bool) iter.Seq[term.Item] {
	return func(yield func(term.Item) bool) {
		tasks := t.Run.Facts.Tasks
		for r := range t.Run.Trace.All() {
			text, class := t.command(r.Body), "command"
			if _, ok := r.Body.(trace.Task); ok {
				text, class = t.Task(tasks[0]), "task "+t.Stamp(r.At)
				tasks = tasks[1:]
			}
			if text == "" || r.At < 0 && !ever {
				continue
			}
			lead := "  " + term.PadLeft(t.Stamp(r.At), 11) + "  " + term.Pad(term.Cut(r.Host, 12), 7) + "  "
			if !yield(term.Item{Class: class, Lead: lead, Text: text}) {
				return
			}
		}
	}
}

// command is a command or an event log entry; "" for anything else.
func (t Teller) command(b trace.Body) string {
	switch b := b.(type) {
	case trace.Command:
		if b.Exit == 0 {
			return t.Say("command-line", b.Line, t.Stamp(b.Took))
		}
		return t.Say("command-failed", b.Line, b.Exit, t.Stamp(b.Took))
	case trace.Event:
		return t.Say("event-line", b.Source, b.ID, b.Text)
	}
	return ""
}
