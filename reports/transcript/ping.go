package transcript

import (
	"iter"
	"time"

	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/sim/says"
	"ipwsim/sim/trace"
)

// A Ping is one ping.exe of the run.
type Ping struct {
	Host  string
	Start trace.PingStart
	End   *trace.PingEnd // nil: the run ended first

	teller   Teller
	from, to int // among the records
}

// Items are the lines that it had printed by the end, with the faults in brackets between them.
func (g *Ping) Items() iter.Seq[term.Item] {
	return func(yield func(term.Item) bool) {
		left := g.to - g.from
		for r := range g.teller.Run.Trace.From(g.from) {
			if left--; left < 0 {
				return
			}
			var it term.Item
			switch b := r.Body.(type) {
			case trace.PingLine:
				if r.Host != g.Host || b.ID != g.Start.ID {
					continue
				}
				it = g.item(b)
			case trace.Fault:
				it = g.teller.fault(r.At, b)
			default:
				continue
			}
			if !yield(it) {
				return
			}
		}
	}
}

// item is a line of ping.exe.
func (g *Ping) item(p trace.PingLine) term.Item {
	it := term.Item{Class: string(p.Outcome) + " " + words.Address(p.From), Text: g.text(g.teller.Lang, p)}
	if p.Outcome == trace.Replied {
		it.Value = says.Milliseconds(p.RTT)
		if p.RTT >= time.Second {
			it.Class += " late" // never folded away among the prompt ones
		}
	}
	return it
}

// text is the line as Windows prints it in the language, or as Linux does.
func (g *Ping) text(l words.Lang, p trace.PingLine) string {
	w := windows(l)
	if linux := (says.LinuxPing{}); g.Start.Linux {
		switch p.Outcome {
		case trace.Replied:
			return linux.Reply(words.Address(p.From), g.Start.Bytes, p.Seq, p.TTL, p.RTT)
		case trace.TimedOut:
			return linux.TimedOut(p.Seq)
		case trace.HostUnreachable:
			return linux.Unreachable(words.Address(p.From), p.Seq)
		case trace.GeneralFailure:
			return linux.Failed()
		}
	}
	switch p.Outcome {
	case trace.Replied:
		from := p.From
		if !from.IsValid() {
			from = g.Start.Target
		}
		return w.PingReply(words.Address(from), g.Start.Bytes, p.RTT, p.TTL)
	case trace.TimedOut:
		return w.PingTimedOut()
	case trace.HostUnreachable:
		if !p.From.IsValid() {
			return w.PingUnreachable("")
		}
		return w.PingUnreachable(words.Address(p.From))
	case trace.GeneralFailure:
		return w.PingFailed()
	}
	return l.Say("unknown-outcome", string(p.Outcome))
}

// windows is a Windows of the report's language.
func windows(l words.Lang) says.Language {
	if l == words.Japanese {
		return says.Japanese
	}
	return says.English
}

// Head is what ping.exe begins with.
func (g *Ping) Head(l words.Lang) string {
	if g.Start.Linux {
		return says.LinuxPing{}.Head(g.Start.Target, g.Start.Bytes)
	}
	return windows(l).PingHead(g.Start.Target, g.Start.Bytes)
}

// Summary is the block ping.exe ends with.
func (g *Ping) Summary(l words.Lang) []string {
	trips := g.trips()
	if g.Start.Linux {
		return says.LinuxPing{}.Summary(words.Address(g.Start.Target), g.End.Sent, g.End.Received-len(trips), trips)
	}
	ms := make([]int64, len(trips))
	for i, trip := range trips {
		ms[i] = says.Milliseconds(trip)
	}
	return windows(l).PingSummary(words.Address(g.Start.Target), says.PingCount{Sent: g.End.Sent, Received: g.End.Received, Trips: ms})
}

// trips are the times of the replies.
func (g *Ping) trips() (all []time.Duration) {
	left := g.to - g.from
	for r := range g.teller.Run.Trace.From(g.from) {
		if left--; left < 0 {
			break
		}
		if p, is := r.Body.(trace.PingLine); is && r.Host == g.Host && p.ID == g.Start.ID && p.Outcome == trace.Replied {
			all = append(all, p.RTT)
		}
	}
	return all
}
