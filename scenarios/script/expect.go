package script

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/verb"
)

func (p *parser) expect(n int, words []string) {
	e := Expect{begun: p.lastLine}
	e.Line, e.From = n, p.last
	place := 2
	if len(words) > 1 && words[1] == "no" {
		place = 3
	}
	words = roles(words, place)
	rest := words[1:]
	if len(rest) > 0 && rest[0] == "no" {
		e.Not, rest = true, rest[1:]
	}
	if len(rest) == 0 {
		p.errorf(n, "found %q, expected `expect [no] <what>`", strings.Join(words, " "))
		return
	}
	x, ok := lookupExpectation(rest[0])
	if !ok {
		p.errorf(n, "unknown expectation %q%s, expected one of those of `ipwsim help verbs`", rest[0],
			diag.Suggest(rest[0], append(expectWords(), "no")))
		return
	}
	e.What, e.Args = rest[0], rest[1:]
	if p.narrow(n, x, &e) && p.args(n, x, &e) {
		e.Text = e.text()
		p.s.Expects = append(p.s.Expects, e)
	}
}

// contradicts says whether no run can fulfil both: they speak of one stretch, of the same clients and VIPs, and one
// denies what the other wants, or wants something else of what is one.
func (e *Expect) contradicts(o *Expect) bool {
	if e.What != o.What || e.From != o.From || e.To != o.To || e.Client != o.Client || e.VIP != o.VIP {
		return false
	}
	same := slices.Equal(e.Args, o.Args)
	switch {
	case e.Not != o.Not:
		return same || e.Not && len(e.Args) == 0 || o.Not && len(o.Args) == 0
	case e.Not:
		return false
	}
	switch e.What {
	case "holder":
		return !same
	case "state":
		return e.Args[0] == o.Args[0] && !same
	case "failover", "failback", "outage":
		return e.Band.Most < o.Band.Least || o.Band.Most < e.Band.Least
	case "mail":
		least, most, _ := numbers(e.Args[1])
		oLeast, oMost, _ := numbers(o.Args[1])
		return e.Args[0] == o.Args[0] && (most < oLeast || oMost < least)
	}
	return false
}

// narrow takes the clauses `for` and `of` from the end.
func (p *parser) narrow(n int, x expectation, e *Expect) bool {
	for len(e.Args) >= 2 {
		word, value := e.Args[len(e.Args)-2], e.Args[len(e.Args)-1]
		switch {
		case word == "for" && x.scope&forClient != 0 && e.Client == "":
			e.Client = value
		case word == "of" && x.scope&ofVIP != 0 && !e.VIP.IsValid():
			vip, err := netip.ParseAddr(value)
			if err != nil || !vip.Is4() {
				p.errorf(n, "%s: found %q after `of`, expected a VIP, as 192.168.10.202", x.word, value)
				return false
			}
			e.VIP = vip
		default:
			return true
		}
		e.Args = e.Args[:len(e.Args)-2]
	}
	return true
}

// args checks an expectation's arguments.
func (p *parser) args(n int, x expectation, e *Expect) bool {
	if e.Not && x.band && len(e.Args) == 0 {
		return true // `expect no outage`: none at all
	}
	if x.band && (isQuantile(e.Args) || len(e.Args) > 1 && e.Args[1] == "<") {
		return p.limit(n, x, e)
	}
	takesRest := strings.HasSuffix(x.args[len(x.args)-1], "...")
	if len(e.Args) < x.least() || len(e.Args) > len(x.args) && !takesRest {
		p.errorf(n, "found %q, expected `%s`", e.text(), x.usage(e.Not))
		return false
	}
	if x.band {
		return p.band(n, x, e)
	}
	for i, name := range x.args {
		if strings.Contains(name, "|") && !optional(name) && !strings.Contains(name, "..") && !p.oneOf(n, x, e.Args[i], strings.Split(name, "|")) {
			return false
		}
	}
	switch x.word {
	case "transcript":
		return p.outcomes(n, x, e.Args[1:])
	case "event":
		if len(e.Args) == 3 && !p.oneOf(n, x, e.Args[1], []string{trace.Watcher, trace.Tcpip}) {
			return false
		}
		return p.eventID(n, e.Args[len(e.Args)-1])
	case "mail":
		if !p.oneOf(n, x, e.Args[0], mailChoice()) {
			return false
		}
		if _, _, ok := numbers(e.Args[1]); !ok {
			p.errorf(n, "mail: found %q, expected a number or a range, as 20 or 10..20", e.Args[1])
			return false
		}
	case "connect":
		if _, err := verb.ParseServer(e.Args[1]); err != nil {
			p.errorf(n, "connect: %w", err)
			return false
		}
	}
	return true
}

func (p *parser) oneOf(n int, x expectation, word string, known []string) bool {
	if !slices.Contains(known, word) {
		p.errorf(n, "%s: found %q%s, expected %s", x.word, word, diag.Suggest(roleOf(word), known), diag.OneOf(known))
		return false
	}
	return true
}

func (p *parser) outcomes(n int, x expectation, words []string) bool {
	known := []string{string(trace.Replied), string(trace.TimedOut), string(trace.HostUnreachable), string(trace.GeneralFailure)}
	for _, w := range words {
		outcome, lines, counted := strings.Cut(w, "*")
		if !p.oneOf(n, x, outcome, known) {
			return false
		}
		if many, err := strconv.ParseUint(lines, 10, 16); counted && (err != nil || many == 0) {
			p.errorf(n, "transcript: found %q, expected how many stand in a row behind *, as timeout*4", w)
			return false
		}
	}
	return true
}

func (p *parser) eventID(n int, word string) bool {
	if _, err := strconv.ParseUint(word, 10, 16); err != nil {
		p.errorf(n, "event: found ID %q, expected a whole number from 0 to 65535", word)
		return false
	}
	return true
}

func isQuantile(args []string) bool { return len(args) > 0 && slices.Contains(quantiles(), args[0]) }

func quantiles() (all []string) {
	for _, q := range finding.Quantiles {
		all = append(all, q.Name)
	}
	return all
}

// limit reads a quantile and what it must stay below, as p99 < 37s.
func (p *parser) limit(n int, x expectation, e *Expect) bool {
	switch {
	case e.Not || len(e.Args) != 3 || e.Args[1] != "<":
		p.errorf(n, "found %q, expected `expect %s p99 < 37s`", e.text(), x.word)
		return false
	case !p.oneOf(n, x, e.Args[0], quantiles()):
		return false
	}
	below, ok := p.time(n, e.Args[2])
	switch {
	case !ok:
		return false
	case below == 0:
		p.errorf(n, "%s: found %q, expected a time longer than 0s", x.word, e.Args[2])
		return false
	}
	e.Limit = &finding.Limit{Quantile: e.Args[0], Below: below}
	return true
}

// band reads two times as 30s..40s.
func (p *parser) band(n int, x expectation, e *Expect) bool {
	lo, hi, ok := strings.Cut(e.Args[0], "..")
	least, err1 := time.ParseDuration(lo)
	most, err2 := time.ParseDuration(hi)
	switch {
	case ok && (isNumber(lo) && err1 != nil || isNumber(hi) && err2 != nil):
		p.errorf(n, "%s: found band %q, expected a unit with both times, as 30s..40s", x.word, e.Args[0])
	case !ok || err1 != nil || err2 != nil:
		p.errorf(n, "%s: found %q, expected a band of two times as 30s..40s", x.word, e.Args[0])
	case least < 0:
		p.errorf(n, "%s: found band %q, expected times from 0s on", x.word, e.Args[0])
	case most < least:
		p.errorf(n, "%s: found band %q, expected the smaller time first: %s..%s", x.word, e.Args[0], hi, lo)
	default:
		e.Band = finding.Band{Least: least, Most: most}
		return true
	}
	return false
}
