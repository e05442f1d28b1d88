package reports

import (
	"fmt"

	"ipwsim/sim/trace"
)

// commands lists the Windows commands, event log entries and tasks since virtual time 0, in short.
// A task ends a stretch that can be folded: what it was skipped for is not to be hidden.
func (p *page) commands(t *trace.Trace) {
	if all := p.commandItems(t); len(all) > 0 {
		p.section(p.say(headCommands))
		p.items(all)
	}
}

// commandItems are the lines of commands, folded.
func (p *page) commandItems(t *trace.Trace) []item {
	var all []item
	tasks := taskRuns(t)
	for _, r := range t.Records {
		text, class := p.commandText(r.Body), "command"
		if _, ok := r.Body.(trace.Task); ok {
			text, class = tasks[0].text(p.lang), fmt.Sprint("task ", len(tasks))
			tasks = tasks[1:]
		}
		if text == "" || r.At < 0 && !p.full {
			continue
		}
		lead := "  " + padLeft(p.stamp(r.At), 11) + "  " + pad(cut(r.Host, 12), 7) + "  "
		all = append(all, item{class: class, lead: lead, text: text})
	}
	return p.fold(all, 4, func(run []item) string { return p.say(moreLines, len(run)) })
}

// commandText is a command or an event log entry; "" for anything else.
func (p *page) commandText(b trace.Body) string {
	switch b := b.(type) {
	case trace.Command:
		if b.Exit == 0 {
			return p.say(commandLine, b.Line, p.stamp(b.Took))
		}
		return p.say(commandFailed, b.Line, b.Exit, p.stamp(b.Took))
	case trace.Event:
		return p.say(eventLine, b.Source, b.ID, b.Text)
	}
	return ""
}
