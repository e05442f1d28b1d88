package verb

import (
	"strconv"
	"time"

	"ipwsim/core/diag"
	"ipwsim/netstack/wire"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/world"
)

var ofFrames = []*Verb{
	{
		Name: "rule", Rest: "[maybe] [for <time>] <verdict> [what] [clause...]", parse: parseRule,
		Doc: "from then on, or for that time, drop, delay <duration> or duplicate <copies> packets. What: `arp` [probe|announcement|request|reply], `icmp` [echo|reply], `ip`, `tcp`, `udp` or `type` <number>. Clauses: `on` <cable>, `from` or `to` <station>, after arp `sender` or `target` <address>, after the others `src` or `dst` <address>, for tcp and udp `sport`, `dport` or `port` <number>, and one of `first`, `nth`, `every` <n>. A rule that meets no packet fails the scenario, but with `maybe`. P1 to P4, P7 and P8 leave unjudged what a rule may have changed, except rules on ARP and those that drop all ICMP they name",
		Fault: &Fault{
			Said: finding.Phrase{En: "a rule on frames: {setting}", Ja: "フレームの規則: {setting}"},
			Touches: func(d *doing) []trace.Touch {
				return []trace.Touch{{Part: trace.FramesPart, Of: d.Arg.(*Rule).Rule.String()}}
			},
		},
		act: func(d *doing) (err error) {
			r := d.Arg.(*Rule)
			d.rule, err = d.AddRule(r.Rule)
			if err == nil && r.For > 0 {
				d.Over(d.fault, func() { _ = d.EndRule(r.Rule) }) // it is in force: nobody else has ended it
			}
			return err
		},
	},
	{
		Name: "unrule", Rest: "[number|rule]", bare: true, implied: unruled{}, parse: parseUnrule,
		Doc: "end a rule: the latest, or that number of those the run has had (from 1), or the one of these words, as `unrule drop icmp from active`. Rules of the same words end together",
		Fault: &Fault{
			Said:  finding.Phrase{En: "the rule on frames ended: {setting}", Ja: "フレームの規則を解除した: {setting}"},
			Mends: always,
			Touches: func(d *doing) []trace.Touch {
				return []trace.Touch{{Part: trace.FramesPart, Of: d.Arg.String()}}
			},
		},
		act: func(d *doing) error { return d.EndRule(*d.Arg.(unruled).rule) },
	},
}

// Rule is a rule on frames as an Arg.
type Rule struct {
	wire.Rule
	Maybe bool          // it need not meet a packet
	For   time.Duration // 0: until it is ended
}

func (r *Rule) String() string {
	words := r.Rule.String()
	if r.For > 0 {
		words = "for " + r.For.String() + " " + words
	}
	if r.Maybe {
		words = "maybe " + words
	}
	return words
}

func (r *Rule) lasts() time.Duration { return r.For }

func (r *Rule) names(Call) []Name { return namesIn(r.Rule) }

// namesIn are the cable and the stations that a rule names.
func namesIn(r wire.Rule) (all []Name) {
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
	if len(words) > 1 && words[0] == "for" {
		time, err := parseSpan(words[1:2])
		if err != nil {
			return nil, err
		}
		r.For, words = time.(span).lasts(), words[2:]
	}
	var err error
	r.Rule, err = ruleOf(words)
	if err != nil {
		return nil, err
	}
	return r, nil
}

// ruleOf reads the words of a rule alone.
func ruleOf(words []string) (wire.Rule, error) {
	rule, err := wire.ParseRule(words)
	if err == nil {
		err = rule.Check()
	}
	if err != nil {
		return wire.Rule{}, err
	}
	return rule, nil
}

// unruled is the rule that ends: by its words, by its number, or with neither the latest.
type unruled struct {
	number int
	rule   *wire.Rule
}

func (u unruled) String() string {
	switch {
	case u.rule != nil:
		return u.rule.String()
	case u.number > 0:
		return strconv.Itoa(u.number)
	}
	return ""
}

func (u unruled) names(Call) []Name {
	if u.rule == nil {
		return nil
	}
	return namesIn(*u.rule)
}

func (u unruled) resolved(w *world.World) (Arg, error) {
	if u.rule != nil {
		return u, nil
	}
	rule, err := w.RuleInForce(u.number)
	return unruled{rule: &rule}, err
}

func parseUnrule(words []string) (Arg, error) {
	if n, err := strconv.Atoi(words[0]); err == nil && len(words) == 1 {
		if n < 1 {
			return nil, diag.Errorf("found number %s, expected 1 or more: the rules are counted from 1", words[0])
		}
		return unruled{number: n}, nil
	}
	rule, err := ruleOf(words)
	if err != nil {
		return nil, err
	}
	return unruled{rule: &rule}, nil
}
