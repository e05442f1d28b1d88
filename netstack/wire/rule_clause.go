package wire

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"ipwsim/core/diag"
)

// clause is a word of a rule with its value. One table reads and prints them all, so that what one
// does the other undoes.
type clause struct {
	word   string
	value  diag.Text  // what is expected after the word
	protos []Protocol // the protocols it goes with; nil: any, and none
	set    func(r *Rule, word string) bool
	get    func(r *Rule) string // empty: not given
}

var (
	overIP = []Protocol{IP, ICMP, TCP, UDP}
	ported = []Protocol{TCP, UDP}
)

// clauses in the order in which a rule prints them.
var clauses = []clause{
	address("sender", []Protocol{ARP}, func(r *Rule) *netip.Addr { return &r.Src }),
	address("target", []Protocol{ARP}, func(r *Rule) *netip.Addr { return &r.Dst }),
	address("src", overIP, func(r *Rule) *netip.Addr { return &r.Src }),
	address("dst", overIP, func(r *Rule) *netip.Addr { return &r.Dst }),
	port("sport", func(r *Rule) *uint16 { return &r.SrcPort }),
	port("dport", func(r *Rule) *uint16 { return &r.DstPort }),
	port("port", func(r *Rule) *uint16 { return &r.Port }),
	name("on", diag.Say("a cable's name, one word"), func(r *Rule) *string { return &r.Cable }),
	name("from", diag.Say("a station's name, one word"), func(r *Rule) *string { return &r.From }),
	name("to", diag.Say("a station's name, one word"), func(r *Rule) *string { return &r.To }),
	pick("first", func(r *Rule) *int { return &r.First }),
	pick("nth", func(r *Rule) *int { return &r.Nth }),
	pick("every", func(r *Rule) *int { return &r.Every }),
}

func address(word string, protos []Protocol, field func(*Rule) *netip.Addr) clause {
	return clause{word, diag.Say("an IPv4 address"), protos,
		func(r *Rule, w string) bool {
			ip, err := netip.ParseAddr(w)
			*field(r) = ip
			return err == nil && ip.Is4()
		},
		func(r *Rule) string {
			if !field(r).IsValid() || r.Protocol == ARP != (protos[0] == ARP) {
				return "" // the other pair of words prints it
			}
			return field(r).String()
		}}
}

func port(word string, field func(*Rule) *uint16) clause {
	return clause{word, diag.Say("a port, 1 to 65535"), ported,
		func(r *Rule, w string) bool {
			n, err := strconv.ParseUint(w, 10, 16)
			*field(r) = uint16(n)
			return err == nil && n > 0
		},
		func(r *Rule) string { return number(int(*field(r))) }}
}

func name(word string, value diag.Text, field func(*Rule) *string) clause {
	return clause{word, value, nil,
		func(r *Rule, w string) bool {
			*field(r) = w
			return isWord(w)
		},
		func(r *Rule) string { return *field(r) }}
}

func pick(word string, field func(*Rule) *int) clause {
	return clause{word, diag.Say("a number, 1 to %d", MaxPick), nil,
		func(r *Rule, w string) bool {
			n, err := strconv.Atoi(w)
			*field(r) = n
			return err == nil && n > 0 && n <= MaxPick
		},
		func(r *Rule) string { return number(*field(r)) }}
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// isWord says whether a name survives being printed and split at blanks.
func isWord(s string) bool {
	return s != "" && utf8.ValidString(s) &&
		strings.IndexFunc(s, func(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }) < 0
}

// fits says whether the clause goes with the rule's protocol.
func (c *clause) fits(p Protocol) bool { return c.protos == nil || slices.Contains(c.protos, p) }

// wordsFor are the words a rule of the protocol can go on with.
func wordsFor(p Protocol) string {
	var all []string
	for i := range clauses {
		if clauses[i].fits(p) {
			all = append(all, clauses[i].word)
		}
	}
	return strings.Join(all, ", ")
}
