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
	find := func(host string, id int) *Ping {
		for _, g := range slices.Backward(all) {
			if g.Host == host && g.Start.ID == id && g.End == nil {
				return g
			}
		}
		all = append(all, &Ping{Host: host, Start: trace.PingStart{ID: id}})
		return all[len(all)-1]
	}
	for _, r := range t.Run.Trace.Records {
		switch b := r.Body.(type) {
		case trace.PingStart:
			all = append(all, &Ping{Host: r.Host, Start: b})
		case trace.PingLine:
			find(r.Host, b.ID).print(t.Lang, b)
		case trace.PingEnd:
			find(r.Host, b.ID).End = &b
		case trace.Fault:
			for _, g := range all {
				if g.End == nil {
					g.Items = append(g.Items, t.fault(r.At, b))
				}
			}
		}
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
func (t Teller) MorePings(run []term.Item) string {
	n := len(run)
	kind, _, _ := strings.Cut(run[0].Class, " ")
	switch trace.PingOutcome(kind) {
	case trace.Replied:
		return t.Say("more-replies", n, t.trips(run))
	case trace.TimedOut:
		return t.Say("more-timeouts", n)
	case trace.HostUnreachable:
		return t.Say("more-unreachables", n)
	case trace.GeneralFailure:
		return t.Say("more-failures", n)
	}
	return t.Say("more-notes", n)
}

// trips is the range of the round trips a fold hides.
func (t Teller) trips(run []term.Item) string {
	least, most := run[0].Value, run[0].Value
	for _, it := range run {
		least, most = min(least, it.Value), max(most, it.Value)
	}
	if least == most {
		return bareTrip(least)
	}
	return t.Say("more-replies-range", bareTrip(least), bareTrip(most))
}

func bareTrip(ms int64) string { return strings.TrimPrefix(says.Trip(ms), "=") }
