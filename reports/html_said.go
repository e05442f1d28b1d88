package reports

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// said is what happened in a few plain sentences: who could not reach which VIP, and whether two
// nodes had it at once.
func said(l lang, r Result) []string {
	var all []string
	for _, c := range r.Trace.Header.Clients {
		for _, v := range r.Trace.Header.VIPs {
			var own []Outage
			for _, o := range r.Outages {
				if o.Client == c.Name && o.VIP == v.Address {
					own = append(own, o)
				}
			}
			all = append(all, away(l, r, c.Name, address(v.Address), own))
		}
	}
	return append(all, shared(l, r)...)
}

// away sums up the outages of one client.
func away(l lang, r Result, client, vip string, own []Outage) string {
	if len(own) == 0 {
		return l.say(htmlReached, client, vip)
	}
	var sum time.Duration
	longest := own[0]
	for _, o := range own {
		sum += o.To - o.From
		if o.To-o.From > longest.To-longest.From {
			longest = o
		}
	}
	text := ""
	switch span := []any{l.length(longest.To - longest.From), l.when(r, longest.From), l.when(r, longest.To)}; len(own) {
	case 1:
		text = l.say(htmlAwayOnce, append([]any{client, vip}, span...)...)
	default:
		text = l.say(htmlAwayTimes, append([]any{len(own), client, vip, l.length(sum)}, span...)...)
	}
	if longest.Cause != "" {
		text += " " + l.say(htmlAwayCause, longest.Cause)
	}
	if most := mostOf(longest); most.Time > 0 {
		text += " " + l.say(htmlAwayMost, partName(l, most.Name))
	}
	if own[len(own)-1].Open {
		text += " " + l.say(htmlStillAway)
	}
	return text
}

// mostOf is the part of an outage that took longest.
func mostOf(o Outage) Part {
	var most Part
	for _, p := range o.Parts {
		if p.Time > most.Time {
			most = p
		}
	}
	return most
}

// shared tells of the times in which two nodes held one VIP.
func shared(l lang, r Result) []string {
	var all []string
	for i, a := range r.Lanes {
		for _, b := range r.Lanes[i+1:] {
			if a.Client || b.Client || !a.VIP.IsValid() || a.VIP != b.VIP {
				continue
			}
			both := overlaps(a.Spans, b.Spans)
			if len(both) == 0 {
				continue
			}
			var sum time.Duration
			for _, s := range both {
				sum += s.To - s.From
			}
			all = append(all, l.say(htmlShared, a.Host, b.Host, address(a.VIP), l.length(sum), l.when(r, both[0].From), l.when(r, both[len(both)-1].To)))
		}
	}
	return all
}

// overlaps are the stretches in which both are preferred, from 0 on.
func overlaps(a, b []Span) []Span {
	var all []Span
	for _, x := range a {
		for _, y := range b {
			from, to := max(x.From, y.From, 0), min(x.To, y.To)
			if x.State == "preferred" && y.State == "preferred" && from < to {
				all = append(all, Span{from, to, "preferred"})
			}
		}
	}
	slices.SortFunc(all, func(x, y Span) int { return cmp.Compare(x.From, y.From) })
	return all
}

// partWhy explains each part of an outage, and partClass gives its look.
var partWords = map[string]struct {
	class string
	why   key
}{
	PartCounting:    {"p1", htmlWhyCounting},
	PartOutOfReach:  {"p2", htmlWhyOutOfReach},
	PartTentative:   {"p3", htmlWhyTentative},
	PartWrongCache:  {"p4", htmlWhyWrongCache},
	PartRouterCache: {"p5", htmlWhyRouterCache},
	PartWayBack:     {"p6", htmlWhyWayBack},
	PartBlocked:     {"p7", htmlWhyBlocked},
	PartClientDown:  {"p8", htmlWhyClientDown},
}

// outageCards show the outages with their parts; of many the longest, in order of time.
func outageCards(p *page, r Result) ([]outageCard, string) {
	const most = 12
	all, more := r.Outages, ""
	if len(all) > most {
		all = slices.Clone(all)
		slices.SortStableFunc(all, func(a, b Outage) int { return cmp.Compare(b.To-b.From, a.To-a.From) })
		all = all[:most]
		slices.SortStableFunc(all, func(a, b Outage) int { return cmp.Compare(a.From, b.From) })
		more = p.say(htmlMoreOutages, most, len(r.Outages))
	}
	var cards []outageCard
	for _, o := range all {
		cards = append(cards, outageCardOf(p, r, o))
	}
	return cards, more
}

func outageCardOf(p *page, r Result, o Outage) outageCard {
	length := p.lang.length(o.To - o.From)
	c := outageCard{
		Title: p.say(htmlOutageTitle, o.Client, length),
		When:  p.say(htmlFromTo, p.lang.when(r, o.From), p.lang.when(r, o.To)),
		Cause: o.Cause, From: bare(o.From), To: bare(o.To), Parts: partRows(p, o),
	}
	if o.Open {
		c.Title = p.say(htmlOutageTitle, o.Client, p.say(atLeast, length))
		c.When = p.say(htmlFromOn, p.lang.when(r, o.From))
	}
	for _, f := range r.Figures {
		if f.Client == o.Client && f.VIP == o.VIP && f.To == o.To && !f.Open && f.By != "" {
			c.End = p.say(htmlEndedBy, f.By)
		}
	}
	var saw []string
	for _, s := range o.Saw {
		saw = append(saw, p.say(linesOf, s.Lines, s.Name))
	}
	c.Saw = strings.Join(saw, p.say(comma))
	return c
}

// partRows lay the parts out one behind the other, in percent of their sum.
func partRows(p *page, o Outage) []partRow {
	var sum time.Duration
	for _, part := range o.Parts {
		sum += max(0, part.Time)
	}
	var rows []partRow
	at := 0.0
	for _, part := range o.Parts {
		if part.Time < time.Millisecond || sum <= 0 {
			continue // no more than a few frames on their way
		}
		share := part.Time.Seconds() / sum.Seconds()
		row := partRow{X: percent(at), W: percent(share), Class: "p9", Name: partName(p.lang, part.Name),
			Time: p.say(inSeconds, tidy(part.Time)), Share: percentWord(share)}
		if w, known := partWords[part.Name]; known {
			row.Class, row.Why = w.class, p.say(w.why)
		}
		rows = append(rows, row)
		at += share
	}
	return rows
}

func percentWord(share float64) string {
	if share > 0 && share < 0.01 {
		return "<1%"
	}
	s := percent(share + 0.005)
	whole, _, _ := strings.Cut(s, ".")
	return whole + "%"
}
