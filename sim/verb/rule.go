package verb

import (
	"ipwsim/netstack/wire"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

var ofFrames = []*Verb{{
	Name: "rule", Rest: "[maybe] <verdict> [what] [clause...]", parse: parseRule,
	Doc: "from then on drop, delay <duration> or duplicate <copies> packets. What: `arp` [probe|announcement|request|reply], `icmp` [echo|reply], `ip`, `tcp`, `udp` or `type` <number>. Clauses: `on` <cable>, `from` or `to` <station>, after arp `sender` or `target` <address>, after the others `src` or `dst` <address>, for tcp and udp `sport`, `dport` or `port` <number>, and one of `first`, `nth`, `every` <n>. A rule that meets no packet fails the scenario, but with `maybe`. P1 to P4, P7 and P8 leave unjudged what a rule may have changed, except rules on ARP and those that drop all ICMP they name",
	Fault: &Fault{
		Said: finding.Phrase{En: "a rule on frames: {setting}", Ja: "フレームの規則: {setting}"},
		Touches: func(d *doing) []trace.Touch {
			return []trace.Touch{{Part: trace.FramesPart, Of: d.Arg.(*Rule).Rule.String()}}
		},
	},
	act: func(d *doing) (err error) {
		d.rule, err = d.AddRule(d.Arg.(*Rule).Rule)
		return err
	},
}}

// Rule is a rule on frames as an Arg.
type Rule struct {
	wire.Rule
	Maybe bool // it need not meet a packet
}

func (r *Rule) String() string {
	if r.Maybe {
		return "maybe " + r.Rule.String()
	}
	return r.Rule.String()
}

func (r *Rule) names(Call) (all []Name) {
	if r.Cable != "" {
		all = append(all, Name{Kind: Cable, Word: r.Cable})
	}
	for _, station := range []string{r.From, r.To} {
		if station != "" {
			all = append(all, Name{Kind: Station, Word: station})
		}
	}
	return all
}

func parseRule(words []string) (Arg, error) {
	r := &Rule{}
	if words[0] == "maybe" {
		r.Maybe, words = true, words[1:]
	}
	rule, err := wire.ParseRule(words)
	if err == nil {
		err = rule.Check()
	}
	if err != nil {
		return nil, err
	}
	r.Rule = rule
	return r, nil
}
