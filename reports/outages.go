package reports

import (
	"net/netip"
	"strings"
	"time"
)

// Outage is one silence of a VIP for a client, taken apart. The parts add up to its length.
type Outage struct {
	Client   string
	VIP      netip.Addr
	From, To time.Duration // virtual time; To is the run's end while Open
	Open     bool
	Cause    string // the fault or the release that began it
	Parts    []Part
	Saw      []Part // what ping.exe printed meanwhile: an outcome and how many lines
}

// Part is one obstacle and how long it stood in the way, or one outcome and how often.
type Part struct {
	Name  string // a word of the catalogue's part names; others are shown as they are
	Time  time.Duration
	Lines int
}

// Part names with words of their own.
const (
	PartCounting    = "counting"
	PartOutOfReach  = "out of reach"
	PartTentative   = "tentative"
	PartWrongCache  = "wrong cache"
	PartRouterCache = "router cache"
	PartWayBack     = "way back"
	PartBlocked     = "blocked"
	PartClientDown  = "client down"
)

// OutageEntry is an Outage in JSON.
type OutageEntry struct {
	Client string             `json:"client"`
	VIP    string             `json:"vip"`
	From   Seconds            `json:"from"`
	To     *Seconds           `json:"to"` // null while open
	Cause  string             `json:"cause"`
	Parts  map[string]Seconds `json:"parts"`
	Saw    map[string]int     `json:"saw"`
}

func outageEntry(o Outage) OutageEntry {
	e := OutageEntry{
		Client: o.Client, From: Seconds(o.From), Cause: o.Cause,
		Parts: map[string]Seconds{}, Saw: map[string]int{},
	}
	if o.VIP.IsValid() {
		e.VIP = o.VIP.String()
	}
	if !o.Open {
		e.To = seconds(o.To)
	}
	for _, p := range o.Parts {
		e.Parts[p.Name] += Seconds(p.Time)
	}
	for _, p := range o.Saw {
		e.Saw[p.Name] += p.Lines
	}
	return e
}

// outages lists each outage with what it was made of.
func (p *page) outages(all []Outage) {
	if len(all) == 0 {
		return
	}
	p.section(p.say(headOutages))
	for _, o := range all {
		length := p.say(inSeconds, tidy(o.To-o.From))
		if o.Open {
			length = p.say(atLeast, length)
		}
		lead := "  " + p.say(inSeconds, tidy(o.From)) + "  "
		p.para(plain, lead, strings.Join([]string{o.Client, length, o.Cause}, "  "))
		indent := strings.Repeat(" ", columns(lead))
		p.para(plain, indent+p.say(madeOf)+" ", p.parts(o.Parts))
		if len(o.Saw) > 0 {
			p.para(plain, indent+p.say(sawLines)+" ", p.parts(o.Saw))
		}
	}
}

func (p *page) parts(all []Part) string {
	var texts []string
	for _, part := range all {
		if part.Lines > 0 {
			texts = append(texts, p.say(linesOf, part.Lines, part.Name))
		} else {
			texts = append(texts, partName(p.lang, part.Name)+" "+p.say(inSeconds, tidy(part.Time)))
		}
	}
	return strings.Join(texts, p.say(comma))
}

func partName(l lang, name string) string {
	m, known := map[string]key{
		PartCounting: partCounting, PartOutOfReach: partOutOfReach, PartTentative: partTentative, PartWrongCache: partWrongCache,
		PartRouterCache: partRouterCache, PartWayBack: partWayBack, PartBlocked: partBlocked, PartClientDown: partClientDown,
	}[name]
	if !known {
		return name
	}
	return l.say(m)
}

// tidy is a number of seconds to the millisecond.
func tidy(d time.Duration) string { return bare(d.Round(time.Millisecond)) }
