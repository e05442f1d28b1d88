package reports

import (
	"slices"
	"strings"

	"ipwsim/sim/trace"
)

// pings prints what the people at the clients saw: ping.exe's own output, with long runs folded
// and the faults noted in brackets where they happened.
func (p *page) pings(t *trace.Trace) {
	const most = 3
	all := collectPings(t, p.lang)
	if len(all) == 0 {
		return
	}
	hidden := 0
	for i, g := range all {
		if i >= most && !p.full {
			hidden++
			continue
		}
		p.transcript(g)
	}
	if hidden > 0 {
		p.line(plain, "")
		p.line(noteStyle, p.say(morePings, hidden))
	}
}

// collectPings gathers the lines of each ping and the faults between them, those of the clients
// before those of the nodes.
func collectPings(t *trace.Trace, l lang) []*ping {
	var all []*ping
	find := func(host string, id int) *ping {
		for _, g := range slices.Backward(all) {
			if g.host == host && g.start.ID == id && g.end == nil {
				return g
			}
		}
		all = append(all, &ping{host: host, start: trace.PingStart{ID: id}})
		return all[len(all)-1]
	}
	for _, r := range t.Records {
		switch b := r.Body.(type) {
		case trace.PingStart:
			all = append(all, &ping{host: r.Host, start: b})
		case trace.PingLine:
			find(r.Host, b.ID).print(l, b)
		case trace.PingEnd:
			find(r.Host, b.ID).end = &b
		case trace.Fault:
			for _, g := range all {
				if g.end == nil {
					g.items = append(g.items, faultNote(l, r, b))
				}
			}
		}
	}
	onNode := func(g *ping) int {
		if t.Header.Node(g.host) != nil {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(all, func(a, b *ping) int { return onNode(a) - onNode(b) })
	return all
}

// faultNote is a fault between the lines of somebody's output.
func faultNote(l lang, r trace.Record, f trace.Fault) item {
	return item{class: "note", note: true, text: "[" + l.stamp(r.At) + "  " + faultText(f) + "]"}
}

func (p *page) transcript(g *ping) {
	p.section(p.say(headPing, g.host, address(g.start.Target)))
	if g.start.Target.IsValid() {
		p.line(plain, "")
		p.line(plain, p.say(pingHeader, address(g.start.Target), g.start.Bytes))
	}
	p.items(p.shorten(p.fold(g.items, 3, p.missingPings)))
	if g.end == nil {
		p.line(noteStyle, p.say(pingCutOff))
		return
	}
	p.line(plain, "")
	for _, s := range g.summary(p.lang) {
		p.line(plain, s)
	}
}

// missingPings is the note for folded lines of one kind.
func (p *page) missingPings(run []item) string {
	n := len(run)
	kind, _, _ := strings.Cut(run[0].class, " ")
	switch trace.PingOutcome(kind) {
	case trace.Replied:
		return p.say(moreReplies, n, p.trips(run))
	case trace.TimedOut:
		return p.say(moreTimeouts, n)
	case trace.HostUnreachable:
		return p.say(moreUnreachables, n)
	case trace.GeneralFailure:
		return p.say(moreFailures, n)
	}
	return p.say(moreNotes, n)
}

// trips is the range of the round trips a fold hides.
func (p *page) trips(run []item) string {
	least, most := run[0].value, run[0].value
	for _, it := range run {
		least, most = min(least, it.value), max(most, it.value)
	}
	if least == most {
		return bareTrip(least)
	}
	return p.say(moreRepliesRange, bareTrip(least), bareTrip(most))
}

func bareTrip(ms int64) string { return strings.TrimPrefix(tripOf(ms), "=") }
