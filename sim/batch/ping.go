package batch

import (
	"net/netip"
	"strconv"
	"strings"
)

const (
	// MaxCount is the largest -n accepted: more than an hour for a silent client.
	MaxCount = 1000

	defaultCount = 4 // of ping.exe
)

// unread says why an option is not read. Case counts, as ping.exe tells -S from -s.
var unread = map[string]string{
	"-s": ", expected -S: -s is another option of ping.exe, the time stamp of each hop",
	"-t": ", expected -n: a ping that never ends keeps the batch from going on",
	"-w": ", expected the timeout of 4 s that ping.exe has by itself (H9); another is not simulated",
	"-6": ", expected IPv4, the only one that the cluster supports (C4)",
}

// pingParser reads the words behind ping, in any order.
type pingParser struct {
	*parser
	args []string
	seen map[string]bool // options, and "" for the target
	ok   bool
}

func (p *parser) ping(args []string) (ping Ping, ok bool) {
	pp := pingParser{p, args, map[string]bool{}, true}
	ping.Count = defaultCount
	for len(pp.args) > 0 {
		word := pp.args[0]
		pp.args = pp.args[1:]
		switch {
		case strings.EqualFold(word, "-n"):
			if value, ok := pp.value("-n", "a count"); ok {
				ping.Count = pp.count(value)
			}
		case word == "-S":
			if value, ok := pp.value("-S", "the VIP"); ok {
				ping.Source = pp.address("-S "+value, value)
			}
		case strings.HasPrefix(word, "-"), strings.HasPrefix(word, "/"):
			pp.unknown(word)
		case pp.seen[""]:
			pp.fail("found %.60q besides the address, expected one address", word)
		default:
			pp.seen[""] = true
			ping.Target = pp.address(word, word)
		}
	}
	if !pp.seen[""] {
		pp.fail("found no address to ping, expected `ping -n <count> <client> -S <VIP>`")
	}
	return ping, pp.ok
}

func (p *pingParser) fail(format string, args ...any) {
	p.ok = false
	p.errorf(format, args...)
}

// value takes the word behind an option, which stands on the line once.
func (p *pingParser) value(option, what string) (value string, ok bool) {
	if p.seen[option] {
		p.fail("found %s twice, expected it once", option)
	}
	p.seen[option] = true
	if len(p.args) == 0 || isOption(p.args[0]) {
		p.fail("found %s without a value, expected %s behind it", option, what)
		return "", false
	}
	value = p.args[0]
	p.args = p.args[1:]
	return value, true
}

// isOption tells an option from a negative number.
func isOption(word string) bool {
	return len(word) > 1 && word[0] == '-' && (word[1] < '0' || word[1] > '9')
}

func (p *pingParser) count(value string) int {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > MaxCount {
		p.fail("found -n %.60q, expected a count from 1 to %d", value, MaxCount)
	}
	return n
}

// address reads the IPv4 address of one host (C4).
func (p *pingParser) address(found, value string) netip.Addr {
	a, err := netip.ParseAddr(value)
	switch {
	case err != nil:
		p.fail("found %.60q, expected an IPv4 address as 192.168.10.150; names are not looked up", found)
	case !a.Is4():
		p.fail("found %.60q, expected IPv4, the only one that the cluster supports (C4)", found)
	case !a.IsGlobalUnicast() && !a.IsLinkLocalUnicast():
		p.fail("found %.60q, expected the address of one host", found)
	}
	return a
}

// unknown reports an option that is not read, with its value.
func (p *pingParser) unknown(option string) {
	why, known := unread[strings.ToLower(option)]
	if !known {
		why = ", expected -n, -S and one address"
	}
	p.fail("found %.60q%s", option, why)
	if key := strings.ToLower(option); (key == "-w" || key == "-s") && len(p.args) > 0 && !isOption(p.args[0]) {
		p.args = p.args[1:] // its value
	}
}
