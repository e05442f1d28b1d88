package reports

// transcripts are what people saw on the machines: ping.exe, the watchers' logs, commands.
func transcripts(p *page, r Result) []transcript {
	var all []transcript
	for i, g := range collectPings(r.Trace, p.lang) {
		if i < 6 {
			all = append(all, pingTranscript(p, g))
		}
	}
	for _, host := range watcherHosts(r.Trace) {
		all = append(all, transcript{p.say(headWatcher, host), preLines(p.shorten(p.foldWatcher(r.Trace, host)))})
	}
	if items := p.commandItems(r.Trace); len(items) > 0 {
		all = append(all, transcript{p.say(headCommands), preLines(items)})
	}
	return all
}

func pingTranscript(p *page, g *ping) transcript {
	t := transcript{Title: p.say(headPing, g.host, address(g.start.Target))}
	if g.start.Target.IsValid() {
		t.Lines = append(t.Lines, preLine{Text: p.say(pingHeader, address(g.start.Target), g.start.Bytes)})
	}
	t.Lines = append(t.Lines, preLines(p.shorten(p.fold(g.items, 3, p.missingPings)))...)
	if g.end == nil {
		return t.with(preLine{true, p.say(pingCutOff)})
	}
	for _, s := range append([]string{""}, g.summary(p.lang)...) {
		t = t.with(preLine{Text: s})
	}
	return t
}

func (t transcript) with(l preLine) transcript {
	t.Lines = append(t.Lines, l)
	return t
}

func preLines(all []item) []preLine {
	var out []preLine
	for _, it := range all {
		out = append(out, preLine{it.note, it.lead + it.text})
	}
	return out
}
