package text

import (
	"slices"

	"ipwsim/reports/term"
	"ipwsim/reports/transcript"
	"ipwsim/reports/words"
)

// pings prints what the people at the clients saw, with long runs folded.
func (p *page) pings() {
	const most = 3
	t := transcript.New(p.run, p.Lang)
	all := t.Pings()
	hidden := 0
	for i, g := range all {
		if i >= most && !p.Full {
			hidden++
			continue
		}
		p.ping(t, g)
	}
	if hidden > 0 {
		p.Line(term.Plain, "")
		p.Line(term.Note, p.Say("more-pings", hidden))
	}
}

func (p *page) ping(t transcript.Teller, g *transcript.Ping) {
	target := words.Address(g.Start.Target)
	p.Section(p.Say("head-ping", g.Host, target))
	if g.Start.Target.IsValid() {
		p.Line(term.Plain, "")
		p.Line(term.Plain, g.Head(p.Lang))
	}
	p.Items(p.Shorten(p.Fold(g.Items(), 3, t.MorePings)))
	if g.End == nil {
		p.Line(term.Note, p.Say("ping-cut-off"))
		return
	}
	p.Line(term.Plain, "")
	for _, s := range g.Summary(p.Lang) {
		p.Line(term.Plain, s)
	}
}

// consoles prints what stood on the screens of machines at which somebody typed.
func (p *page) consoles() {
	t := transcript.New(p.run, p.Lang)
	for _, host := range t.Consoles() {
		p.Section(p.Say("head-console", host))
		p.Items(p.Shorten(p.Fold(t.Console(host), 8, t.MoreLines)))
	}
}

// watchers prints the watcher's log of each node.
func (p *page) watchers() {
	t := transcript.New(p.run, p.Lang)
	for _, host := range t.Watchers() {
		p.Section(p.Say("head-watcher", host))
		p.Items(p.Shorten(p.Fold(t.Watcher(host), 3, t.MoreLines)))
	}
}

// commands lists the Windows commands, event log entries and tasks, in short.
func (p *page) commands() {
	t := transcript.New(p.run, p.Lang)
	if all := slices.Collect(p.Fold(t.Commands(p.Full), 4, t.MoreLines)); len(all) > 0 {
		p.Section(p.Say("head-commands"))
		p.Items(slices.Values(all))
	}
}
