package batch

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/text/width"
)

// Target is an address that a line of a batch file names behind ping.
type Target struct {
	netip.Addr
	Line int // in the file, from 1
}

// Targets are the IPv4 addresses that the pings of a batch file name, each once, in its order: those of pings that it
// never comes to, and that ping.exe refuses, as of wide digits, too. Whoever wrote them meant a machine that is there.
func Targets(data []byte, args ...string) []Target {
	p := parser{vars: maps.Clone(given), args: Start{Args: args}.arguments(""), all: true, meant: []Target{}}
	if p.readable(data) {
		p.data, p.labels = data, labelsOf(data)
		p.read(data, 0)
	}
	return p.meant
}

// means keeps the address that a ping names, if its targets are asked for.
func (p *parser) means(args []string) {
	for i, word := range args {
		a, err := netip.ParseAddr(width.Narrow.String(word))
		if err != nil || !a.Is4() || i > 0 && takesValue(args[i-1]) {
			continue
		}
		if !slices.ContainsFunc(p.meant, func(t Target) bool { return t.Addr == a }) {
			p.meant = append(p.meant, Target{a, p.line})
		}
	}
}

// takesValue says whether the word is an option of ping.exe, in either case, with a value behind it.
func takesValue(word string) bool {
	word = width.Narrow.String(word)
	name := strings.ToLower(strings.TrimLeft(word, "-/"))
	return name != strings.ToLower(word) && len(name) == 1 && strings.Contains("nswlivrkj", name)
}
