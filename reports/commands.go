package reports

import (
	"ipwsim/sim/trace"
)

// commands lists the Windows commands and event log entries since virtual time 0, in short.
func (p *page) commands(t *trace.Trace) {
	var all []item
	for _, r := range t.Records {
		text, ok := p.commandText(r.Body)
		if !ok || r.At < 0 && !p.full {
			continue
		}
		lead := "  " + padLeft(p.stamp(r.At), 11) + "  " + pad(cut(r.Host, 12), 7) + "  "
		all = append(all, item{class: "command", lead: lead, text: text})
	}
	if len(all) == 0 {
		return
	}
	p.section(p.say(headCommands))
	p.items(p.fold(all, 4, func(run []item) string { return p.say(moreLines, len(run)) }))
}

func (p *page) commandText(b trace.Body) (string, bool) {
	switch b := b.(type) {
	case trace.Command:
		if b.Exit == 0 {
			return p.say(commandLine, b.Line, p.stamp(b.Took)), true
		}
		return p.say(commandFailed, b.Line, b.Exit, p.stamp(b.Took)), true
	case trace.Event:
		return p.say(eventLine, b.Source, b.ID, b.Text), true
	}
	return "", false
}
