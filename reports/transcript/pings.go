package transcript

import (
	"slices"
	"strings"

	"ipwsim/reports/term"
	"ipwsim/sim/says"
	"ipwsim/sim/trace"
)

// Pings are what the people at the clients saw: ping.exe's own output with the faults noted in brackets where they
// happened, those of the clients before those of the nodes.
func (t Teller) Pings() []*Ping {
	var all []*Ping
	at := 0 // which record it is
	begin := func(host string, start trace.PingStart) *Ping {
		all = append(all, &Ping{Host: host, Start: start, teller: t, from: at, to: t.Run.Trace.Len()})
		return all[len(all)-1]
	}
	find := func(host string, id int) *Ping {
		for _, g := range slices.Backward(all) {
			if g.Host == host && g.Start.ID == id && g.End == nil {
				return g
			}
		}
		return begin(host, trace.PingStart{ID: id})
	}
	for r := range t.Run.Trace.All() {
		switch b := r.Body.(type) {
		case trace.PingStart:
			begin(r.Host, b)
		case trace.PingLine:
			find(r.Host, b.ID)
		case trace.PingEnd:
			g := find(r.Host, b.ID)
			g.End, g.to = &b, at
		}
		at++
	}
	onNode := func(g *Ping) int {
		if t.Run.Trace.Header.Node(g.Host) != nil {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(all, func(a, b *Ping) int { return onNode(a) - onNode(b) })
	return all
}

// MorePings is what stands for folded lines of ping.exe, all of one kind.
func (t Teller) MorePings(h term.Hidden) string {
	kind, _, _ := strings.Cut(h.Class, " ")
	switch trace.PingOutcome(kind) {
	case trace.Replied:
		return t.Say("more-replies", h.Lines, t.trips(h))
	case trace.TimedOut:
		return t.Say("more-timeouts", h.Lines)
	case trace.HostUnreachable:
		return t.Say("more-unreachables", h.Lines)
	case trace.GeneralFailure:
		return t.Say("more-failures", h.Lines)
	}
	return t.Say("more-notes", h.Lines)
}

// trips is the range of the round trips a fold hides.
func (t Teller) trips(h term.Hidden) string {
	if h.Least == h.Most {
		return bareTrip(h.Least)
	}
	return t.Say("more-replies-range", bareTrip(h.Least), bareTrip(h.Most))
}

func bareTrip(ms int64) string { return strings.TrimPrefix(says.Trip(ms), "=") }
