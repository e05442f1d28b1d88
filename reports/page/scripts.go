package page

import (
	"iter"

	"ipwsim/reports/term"
	"ipwsim/reports/transcript"
	"ipwsim/reports/words"
)

// seen is what somebody saw on a machine.
type seen struct {
	Title string
	Lines []line
}

// line is one of theirs, or a note of ours.
type line struct {
	Note bool
	Text string
}

// scripts are ping.exe's output, the watchers' logs, and commands, with long runs folded.
func (t *teller) scripts() (scripts []seen) {
	const most = 6
	fold := term.New(term.Options{Lang: t.Lang, Full: t.opt.Full})
	tell := transcript.New(t.run, t.Lang)
	for _, host := range tell.Consoles() {
		scripts = append(scripts, seen{t.Say("head-console", host), lines(fold.Shorten(fold.Fold(tell.Console(host), 8, tell.MoreLines)))})
	}
	for i, g := range tell.Pings() {
		if i < most || t.opt.Full {
			scripts = append(scripts, t.ping(g, fold.Shorten(fold.Fold(g.Items(), 3, tell.MorePings))))
		}
	}
	for _, host := range tell.Watchers() {
		scripts = append(scripts, seen{t.Say("head-watcher", host), lines(fold.Shorten(fold.Fold(tell.Watcher(host), 3, tell.MoreLines)))})
	}
	if all := lines(fold.Shorten(fold.Fold(tell.Commands(t.opt.Full), 4, tell.MoreLines))); len(all) > 0 {
		scripts = append(scripts, seen{t.Say("head-commands"), all})
	}
	return scripts
}

func (t *teller) ping(g *transcript.Ping, items iter.Seq[term.Item]) seen {
	target := words.Address(g.Start.Target)
	s := seen{Title: t.Say("head-ping", g.Host, target)}
	if g.Start.Target.IsValid() {
		s.Lines = append(s.Lines, line{Text: g.Head(t.Lang)})
	}
	s.Lines = append(s.Lines, lines(items)...)
	if g.End == nil {
		s.Lines = append(s.Lines, line{true, t.Say("ping-cut-off")})
		return s
	}
	for _, text := range append([]string{""}, g.Summary(t.Lang)...) {
		s.Lines = append(s.Lines, line{Text: text})
	}
	return s
}

func lines(items iter.Seq[term.Item]) (out []line) {
	for it := range items {
		out = append(out, line{it.Note, it.Lead + it.Text})
	}
	return out
}
