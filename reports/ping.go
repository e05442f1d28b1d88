package reports

import (
	"net/netip"
	"strconv"
	"time"

	"ipwsim/sim/trace"
)

// A ping is one ping.exe of the run, and what it had printed by the end.
type ping struct {
	host  string
	start trace.PingStart
	end   *trace.PingEnd
	items []item
	trips []int64 // milliseconds of the replies
}

// print adds a line of ping.exe.
func (g *ping) print(l lang, p trace.PingLine) {
	it := item{class: string(p.Outcome) + " " + address(p.From), text: g.text(l, p)}
	if p.Outcome == trace.Replied {
		it.value = milliseconds(p.RTT)
		g.trips = append(g.trips, it.value)
		if p.RTT >= time.Second {
			it.class += " late" // never folded away among the prompt ones
		}
	}
	g.items = append(g.items, it)
}

// text is the line as Windows prints it in the language.
func (g *ping) text(l lang, p trace.PingLine) string {
	switch p.Outcome {
	case trace.Replied:
		from := p.From
		if !from.IsValid() {
			from = g.start.Target
		}
		return l.say(pingReply, address(from), g.start.Bytes, tripText(p.RTT), p.TTL)
	case trace.TimedOut:
		return l.say(pingTimedOut)
	case trace.HostUnreachable:
		if !p.From.IsValid() {
			return l.say(pingUnreachableBare)
		}
		return l.say(pingUnreachable, address(p.From))
	case trace.GeneralFailure:
		return l.say(pingGeneralFailure)
	}
	return l.say(unknownOutcome, string(p.Outcome))
}

// summary is the block ping.exe ends with. Windows rounds the loss and the average down, and
// leaves the times out when no echo was answered.
func (g *ping) summary(l lang) []string {
	lost, percent := g.end.Sent-g.end.Received, 0
	if g.end.Sent > 0 {
		percent = int(float64(lost) / float64(g.end.Sent) * 100)
	}
	out := []string{
		l.say(pingStatistics, address(g.start.Target)),
		l.say(pingPackets, g.end.Sent, g.end.Received, lost, percent),
	}
	if len(g.trips) == 0 {
		return out
	}
	least, most, sum := g.trips[0], g.trips[0], 0.0
	for _, t := range g.trips {
		least, most, sum = min(least, t), max(most, t), sum+float64(t)
	}
	average := int64(sum / float64(len(g.trips)))
	return append(out, l.say(pingTripHeader), l.say(pingTrips, least, most, average))
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

// address is an address in words; ping.exe has none for a missing one.
func address(a netip.Addr) string {
	if !a.IsValid() {
		return "?"
	}
	return a.String()
}
