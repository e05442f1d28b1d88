package text

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"ipwsim/reports/term"
	"ipwsim/sim/finding"
)

// outages lists each outage with what it was made of; equal ones are one entry.
func (p *page) outages() {
	const most = 12
	groups := finding.Group(p.run.Facts)
	if len(groups) == 0 {
		return
	}
	p.Section(p.Say("head-outages"))
	left := 0
	if len(groups) > most && !p.Full {
		left = len(groups) - most
		slices.SortStableFunc(groups, func(a, b []*finding.Outage) int { return cmp.Compare(b[0].Length(), a[0].Length()) })
		groups = groups[:most]
		slices.SortStableFunc(groups, func(a, b []*finding.Outage) int { return cmp.Compare(a[0].From, b[0].From) })
	}
	for _, g := range groups {
		p.outage(g)
	}
	if left > 0 {
		p.Para(term.Note, "  ", p.Say("more-outages", left))
	}
}

func (p *page) outage(group []*finding.Outage) {
	o := group[0]
	lead := "  " + p.Seconds(o.From) + "  "
	indent := strings.Repeat(" ", term.Columns(lead))
	length := p.Lasting(o.Length())
	if o.Open {
		length = p.Say("at-least", length)
	}
	p.Para(term.Plain, lead, fmt.Sprintf("%s -> %s  %s  %s", o.Client, o.VIP, length, p.Cause(&o.Cause)))
	if len(group) > 1 {
		p.Para(term.Plain, indent, p.Say("alike", len(group), p.times(group)))
	}
	if also := p.also(o.Also); also != "" {
		p.Para(term.Plain, indent, p.Say("also-in-force", also))
	}
	for _, c := range p.run.Facts.ClashesIn(&p.run.Trace.Header, o) {
		p.Para(term.Plain, indent, p.Clash(&c))
	}
	if parts := p.parts(o); parts != "" {
		p.Para(term.Plain, indent+p.Say("made-of")+" ", parts)
	}
	if pings := p.PingOnly(o); pings != "" {
		p.Para(term.Plain, indent, pings)
	}
	if len(o.Saw) > 0 {
		var saw []string
		for _, s := range o.Saw {
			saw = append(saw, p.Say("lines-of", s.Lines, p.Say("outcome."+string(s.Outcome))))
		}
		p.Para(term.Plain, indent+p.Say("saw-lines")+" ", strings.Join(saw, p.Say("comma")))
	}
}

// times are when the outages of a group began, shortened.
func (p *page) times(group []*finding.Outage) string {
	const most = 6
	var all []string
	for _, o := range group[:min(most, len(group))] {
		all = append(all, p.Seconds(o.From))
	}
	if len(group) > most {
		all = append(all, "...", p.Seconds(group[len(group)-1].From))
	}
	return strings.Join(all, p.Say("comma"))
}

// also names the other faults in force when something began.
func (p *page) also(faults []int) string {
	var all []string
	for _, id := range faults {
		all = append(all, p.Fault(id))
	}
	return strings.Join(all, p.Say("comma"))
}

// parts are what the outage is made of; a few frames on their way are no part worth a word.
func (p *page) parts(o *finding.Outage) string {
	var texts []string
	for _, part := range o.Parts {
		if part.Time >= time.Millisecond {
			texts = append(texts, p.Part(part)+" "+p.Seconds(part.Time))
		}
	}
	return strings.Join(texts, p.Say("comma"))
}

// beliefs lists the ARP entries that led past a VIP's holder since virtual time 0, each with its host. What is over
// within the time that an announcement takes is left out.
func (p *page) beliefs() {
	const briefly = 100 * time.Millisecond
	var all []term.Item
	for _, b := range p.run.Facts.Beliefs {
		for _, w := range b.Wrong {
			if w.Length() < briefly || w.To <= 0 && !p.Full {
				continue
			}
			lead := "  " + term.PadLeft(p.Stamp(w.From), 11) + "  " + term.Pad(term.Cut(b.Host, 12), 7) + "  "
			all = append(all, term.Item{Class: "belief", Lead: lead, Text: p.Misled(p.run.Trace, &b, w)})
		}
	}
	if len(all) == 0 {
		return
	}
	p.Section(p.Say("head-beliefs"))
	p.Items(p.Fold(slices.Values(all), 5, p.moreLines))
}

func (p *page) moreLines(h term.Hidden) string { return p.Say("more-lines", h.Lines) }
