package reports

import (
	"net/netip"
	"strings"
	"time"

	"ipwsim/sim/trace"
)

// Belief is a stretch of time in which a host's ARP cache had one MAC for a VIP.
type Belief struct {
	Host     string
	VIP      netip.Addr
	MAC      trace.MAC
	Whose    string        // the node with that MAC; "" for no node
	From, To time.Duration // virtual time; To is the run's end while Open
	Open     bool
	Wrong    []Misled // when others held the VIP, but not the node with that MAC
}

// Misled is a stretch of time in which a belief was wrong.
type Misled struct {
	From, To time.Duration
	Holders  []string // who held the VIP meanwhile
}

// BeliefEntry is a Belief in JSON.
type BeliefEntry struct {
	Host  string        `json:"host"`
	VIP   string        `json:"vip"`
	MAC   string        `json:"mac"`
	Whose string        `json:"whose"`
	From  Seconds       `json:"from"`
	To    *Seconds      `json:"to"` // null while open
	Wrong []MisledEntry `json:"wrong"`
}

// MisledEntry is a Misled in JSON.
type MisledEntry struct {
	From    Seconds  `json:"from"`
	To      Seconds  `json:"to"`
	Holders []string `json:"holders"`
}

func beliefEntry(b Belief) BeliefEntry {
	e := BeliefEntry{Host: b.Host, MAC: b.MAC.String(), Whose: b.Whose, From: Seconds(b.From), Wrong: []MisledEntry{}}
	if b.VIP.IsValid() {
		e.VIP = b.VIP.String()
	}
	if !b.Open {
		e.To = seconds(b.To)
	}
	for _, w := range b.Wrong {
		e.Wrong = append(e.Wrong, MisledEntry{Seconds(w.From), Seconds(w.To), append([]string{}, w.Holders...)})
	}
	return e
}

// beliefs lists the ARP entries that led past a VIP's holder since virtual time 0, each with its host.
// What is over within the time that an announcement takes is left out.
func (p *page) beliefs(r Result) {
	const briefly = 100 * time.Millisecond
	var all []item
	for _, b := range r.Beliefs {
		for _, w := range b.Wrong {
			if w.To-w.From < briefly || w.To <= 0 && !p.full {
				continue
			}
			lead := "  " + padLeft(p.stamp(w.From), 11) + "  " + pad(cut(b.Host, 12), 7) + "  "
			all = append(all, item{class: "belief", lead: lead, text: p.misled(r, b, w)})
		}
	}
	if len(all) == 0 {
		return
	}
	p.section(p.say(headBeliefs))
	p.items(p.fold(all, 5, func(run []item) string { return p.say(moreLines, len(run)) }))
}

// misled is one wrong stretch in words.
func (p *page) misled(r Result, b Belief, w Misled) string {
	whose := b.Whose
	if whose == "" {
		whose = p.say(noNode)
	}
	length := p.say(inSeconds, tidy(w.To-w.From))
	if b.Open && w.To == b.To {
		length = p.say(atLeast, length)
	}
	vip := ""
	if r.Trace != nil && len(r.Trace.Header.VIPs) > 1 {
		vip = address(b.VIP) + " "
	}
	return vip + p.say(beliefLine, whose, b.MAC, length, strings.Join(w.Holders, p.say(comma)))
}
