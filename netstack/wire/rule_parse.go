package wire

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"ipwsim/core/diag"
)

// forms are the messages a rule can tell apart.
func forms(p Protocol) []Form {
	switch p {
	case ARP:
		return []Form{Probe, Announcement, Request, Reply}
	case ICMP:
		return []Form{Echo, Reply}
	}
	return nil
}

// ParseRule reads a rule, given as words:
//
//	rule    = verdict [what] {clause}
//	verdict = "drop" | "delay" DURATION | "duplicate" COPIES
//	what    = "type" ETHERTYPE | "arp" ["probe"|"announcement"|"request"|"reply"]
//	        | "ip" | "icmp" ["echo"|"reply"] | "tcp" | "udp"
//	clause  = "on" CABLE | "from" STATION | "to" STATION
//	        | "sender" IP | "target" IP                      after arp
//	        | "src" IP | "dst" IP                            after ip, icmp, tcp, udp
//	        | "sport" PORT | "dport" PORT | "port" PORT      after tcp, udp
//	        | "first" N | "nth" N | "every" N                at most one of them
//
// Clauses come in any order, after what, each at most once, and all must hold. Examples:
//
//	drop arp announcement sender 192.168.10.202 from standby first 2
//	delay 200ms icmp reply on active
func ParseRule(words []string) (Rule, error) {
	var r Rule
	rest, err := r.parseVerdict(words)
	if err != nil {
		return Rule{}, err
	}
	if rest, err = r.parseWhat(rest); err != nil {
		return Rule{}, err
	}
	for first := true; len(rest) > 0; first = false {
		if rest, err = r.parseClause(rest, first); err != nil {
			return Rule{}, err
		}
	}
	return r, nil
}

// expected makes the error for words that begin with something else.
func expected(words []string, format string, args ...any) error {
	found := diag.Say("the end")
	if len(words) > 0 {
		found = diag.Say("%q", words[0])
	}
	return diag.Errorf("found %s, expected %s", found, diag.Say(format, args...))
}

func (r *Rule) parseVerdict(words []string) ([]string, error) {
	if len(words) == 0 {
		return nil, expected(words, "drop, delay or duplicate")
	}
	rest := words[1:]
	value := ""
	if len(rest) > 0 {
		value = rest[0]
	}
	switch r.Verdict.Action = Action(words[0]); r.Verdict.Action {
	case Drop:
		return rest, nil
	case Delay:
		d, err := time.ParseDuration(value)
		if err != nil || d <= 0 || d > MaxDelay {
			return nil, expected(rest, "a delay of more than 0, up to %v", MaxDelay)
		}
		r.Verdict.Delay = d
	case Duplicate:
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > 100 {
			return nil, expected(rest, "a number of copies, 1 to 100")
		}
		r.Verdict.Copies = n
	default:
		return nil, expected(words, "drop, delay or duplicate")
	}
	return rest[1:], nil
}

func (r *Rule) parseWhat(words []string) ([]string, error) {
	if len(words) == 0 {
		return nil, nil
	}
	rest := words[1:]
	switch p := Protocol(words[0]); p {
	case "type":
		if len(rest) > 0 {
			n, err := strconv.ParseUint(rest[0], 0, 16)
			if err == nil && n >= 0x0600 {
				r.EtherType = uint16(n)
				return rest[1:], nil
			}
		}
		return nil, expected(rest, "an Ethernet type, 0x0600 to 0xffff")
	case ARP, IP, ICMP, TCP, UDP:
		r.Protocol = p
		if len(rest) > 0 && slices.Contains(forms(p), Form(rest[0])) {
			r.Form = Form(rest[0])
			rest = rest[1:]
		}
		return rest, nil
	}
	return words, nil
}

func (r *Rule) parseClause(words []string, first bool) ([]string, error) {
	i := slices.IndexFunc(clauses, func(c clause) bool { return c.word == words[0] && c.fits(r.Protocol) })
	if i < 0 {
		return nil, expected(words, "%s", r.next(first))
	}
	c := &clauses[i]
	if c.get(r) != "" {
		return nil, expected(words, "it once only")
	}
	if r.First+r.Nth+r.Every > 0 && (c.word == "first" || c.word == "nth" || c.word == "every") {
		return nil, expected(words, "one of first, nth and every only")
	}
	rest := words[1:]
	if len(rest) == 0 || !c.set(r, rest[0]) {
		return nil, expected(rest, "%s after %s", c.value, c.word)
	}
	return rest[1:], nil
}

// next is what may follow what was read so far; first says that no clause was.
func (r *Rule) next(first bool) diag.Text {
	words := wordsFor(r.Protocol)
	switch {
	case !first:
	case r.Protocol == "" && r.EtherType == 0:
		return diag.Say("%s", "type, arp, ip, icmp, tcp, udp, "+words)
	case r.Form == "":
		for _, f := range slices.Backward(forms(r.Protocol)) {
			words = string(f) + ", " + words
		}
	}
	return diag.Say("%s", words)
}

// String is the rule in one line, as ParseRule reads it.
func (r Rule) String() string {
	words := []string{string(r.Verdict.Action)}
	switch r.Verdict.Action {
	case Delay:
		words = append(words, r.Verdict.Delay.String())
	case Duplicate:
		words = append(words, strconv.Itoa(r.Verdict.Copies))
	}
	if r.EtherType != 0 {
		words = append(words, fmt.Sprintf("type 0x%04x", r.EtherType))
	}
	for _, w := range []string{string(r.Protocol), string(r.Form)} {
		if w != "" {
			words = append(words, w)
		}
	}
	for i := range clauses {
		if v := clauses[i].get(&r); v != "" {
			words = append(words, clauses[i].word, v)
		}
	}
	return strings.Join(words, " ")
}
