package batch

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"ipwsim/core/diag"
)

const (
	// MaxCount is the largest -n that is played: more than an hour for a silent client.
	MaxCount = 1000

	defaultCount = 4 // of ping.exe
	maxTimeout   = time.Hour
)

// Options of ping.exe that change nothing here, without and with a value: what an echo request is made of does not
// matter to an ARP cache. Case counts, as ping.exe tells -S from -s.
var (
	idle   = map[string]bool{"-4": true, "-a": true, "-f": true, "-R": true}
	valued = map[string]bool{"-l": true, "-i": true, "-v": true, "-r": true, "-s": true, "-k": true, "-j": true}
)

// pingParser reads the words behind ping, in any order.
type pingParser struct {
	*parser
	line string
	args []string
	seen map[string]bool // options, and "" for the target
	self bool            // the target is the machine itself, as those who wait write it
	ok   bool
}

// ping takes a call of ping.exe. One that ping.exe refuses, or that would look a name up, is told and does nothing.
func (p *parser) ping(line string, args []string) {
	if p.meant != nil {
		p.means(args)
	}
	pp := pingParser{parser: p, line: line, args: args, seen: map[string]bool{}, ok: true}
	ping := Ping{Count: defaultCount}
	for len(pp.args) > 0 && pp.ok {
		word := pp.args[0]
		pp.args = pp.args[1:]
		if strings.HasPrefix(word, "/") {
			word = "-" + word[1:]
		}
		pp.word(&ping, word)
	}
	if pp.ok && !pp.seen[""] {
		pp.fail("no address to ping, expected `ping -n <count> <client> -S <VIP>`")
	}
	switch {
	case !pp.ok:
	case pp.self && ping.Count > 1:
		p.add(Command{Wait: time.Duration(ping.Count-1) * time.Second})
	case pp.self && ping.Count == 1:
	case ping.Count == 0:
		if !pp.self {
			p.add(Command{Ping: &ping})
		}
		p.hangs(line, diag.Say("a ping that never ends keeps the batch from going on; expected -n"))
	default:
		p.add(Command{Ping: &ping})
	}
}

// word takes an option with its value, or the target.
func (p *pingParser) word(ping *Ping, word string) {
	switch {
	case strings.EqualFold(word, "-n"):
		ping.Count = p.number("-n", diag.Say("a count"), MaxCount)
	case word == "-S":
		value := p.value("-S", diag.Say("the VIP"))
		ping.Source = p.address("-S "+value, value)
	case strings.EqualFold(word, "-w"):
		ping.Timeout = time.Duration(p.number("-w", diag.Say("milliseconds"), int(maxTimeout/time.Millisecond))) * time.Millisecond
	case strings.EqualFold(word, "-t"):
		ping.Count = 0
	case word == "-6":
		p.fail("-6, expected IPv4, the only one that the cluster supports (C4)")
	case idle[word]:
	case word == "-s" && len(p.args) > 0 && strings.Contains(p.args[0], "."):
		p.fail("-s, expected -S: -s is another option of ping.exe, the time stamp of each hop")
	case valued[word]:
		p.value(word, diag.Say("its value"))
	case strings.HasPrefix(word, "-"):
		p.fail("%s, expected -n, -S, -w and one address", typed(word))
	case p.seen[""]:
		p.fail("%s besides the address, expected one address", typed(word))
	default:
		p.seen[""] = true
		if p.self = word == "127.0.0.1" || strings.EqualFold(word, "localhost"); !p.self {
			ping.Target = p.address(word, word)
		}
	}
}

// fail tells what is wrong with the line, which then does nothing.
func (p *pingParser) fail(format string, args ...any) {
	if p.ok {
		p.warnf("found %s; the line does nothing", diag.Say(format, args...))
	}
	p.ok = false
}

// value takes the word behind an option, which stands on the line once.
func (p *pingParser) value(option string, what diag.Text) (value string) {
	switch {
	case p.seen[option]:
		p.fail("%s twice, expected it once", option)
	case len(p.args) == 0 || isOption(p.args[0]):
		p.fail("%s without a value, expected %s behind it", option, what)
	default:
		p.seen[option] = true
		value, p.args = p.args[0], p.args[1:]
	}
	return value
}

// isOption tells an option from a negative number.
func isOption(word string) bool {
	return len(word) > 1 && word[0] == '-' && (word[1] < '0' || word[1] > '9')
}

func (p *pingParser) number(option string, what diag.Text, most int) int {
	value := p.value(option, what)
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > most {
		p.fail("%s %s, expected %s from 1 to %d", option, typed(value), what, most)
	}
	return n
}

// address reads the IPv4 address of one host (C4).
func (p *pingParser) address(found, value string) netip.Addr {
	a, err := netip.ParseAddr(value)
	switch {
	case err != nil:
		p.fail("%s, expected an IPv4 address as 192.168.10.150; names are not looked up", typed(found))
	case !a.Is4():
		p.fail("%s, expected IPv4, the only one that the cluster supports (C4)", typed(found))
	case !a.IsGlobalUnicast() && !a.IsLinkLocalUnicast():
		p.fail("%s, expected the address of one host", typed(found))
	}
	return a
}
