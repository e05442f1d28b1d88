package transcript

import (
	"strconv"
	"time"

	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/sim/trace"
)

// A Ping is one ping.exe of the run, and what it had printed by the end.
type Ping struct {
	Host  string
	Start trace.PingStart
	End   *trace.PingEnd // nil: the run ended first
	Items []term.Item
	trips []int64 // milliseconds of the replies
}

// print adds a line of ping.exe.
func (g *Ping) print(l words.Lang, p trace.PingLine) {
	it := term.Item{Class: string(p.Outcome) + " " + words.Address(p.From), Text: g.text(l, p)}
	if p.Outcome == trace.Replied {
		it.Value = milliseconds(p.RTT)
		g.trips = append(g.trips, it.Value)
		if p.RTT >= time.Second {
			it.Class += " late" // never folded away among the prompt ones
		}
	}
	g.Items = append(g.Items, it)
}

// text is the line as Windows prints it in the language.
func (g *Ping) text(l words.Lang, p trace.PingLine) string {
	switch p.Outcome {
	case trace.Replied:
		from := p.From
		if !from.IsValid() {
			from = g.Start.Target
		}
		return l.Say("ping-reply", words.Address(from), g.Start.Bytes, tripText(p.RTT), p.TTL)
	case trace.TimedOut:
		return l.Say("ping-timed-out")
	case trace.HostUnreachable:
		if !p.From.IsValid() {
			return l.Say("ping-unreachable-bare")
		}
		return l.Say("ping-unreachable", words.Address(p.From))
	case trace.GeneralFailure:
		return l.Say("ping-general-failure")
	}
	return l.Say("unknown-outcome", string(p.Outcome))
}

// Summary is the block ping.exe ends with. Windows rounds the loss and the average down, and
// leaves the times out when no echo was answered.
func (g *Ping) Summary(l words.Lang) []string {
	lost, percent := g.End.Sent-g.End.Received, 0
	if g.End.Sent > 0 {
		percent = int(float64(lost) / float64(g.End.Sent) * 100)
	}
	out := []string{
		l.Say("ping-statistics", words.Address(g.Start.Target)),
		l.Say("ping-packets", g.End.Sent, g.End.Received, lost, percent),
	}
	if len(g.trips) == 0 {
		return out
	}
	least, most, sum := g.trips[0], g.trips[0], 0.0
	for _, t := range g.trips {
		least, most, sum = min(least, t), max(most, t), sum+float64(t)
	}
	average := int64(sum / float64(len(g.trips)))
	return append(out, l.Say("ping-trip-header"), l.Say("ping-trips", least, most, average))
}

// milliseconds is a round trip as ping.exe counts it.
func milliseconds(d time.Duration) int64 { return max(0, d.Milliseconds()) }

func tripText(d time.Duration) string { return tripOf(milliseconds(d)) }

func tripOf(ms int64) string {
	if ms == 0 {
		return "<1ms"
	}
	return "=" + strconv.FormatInt(ms, 10) + "ms"
}
