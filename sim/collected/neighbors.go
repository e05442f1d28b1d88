package collected

import (
	"net/netip"
	"regexp"
	"strings"

	"ipwsim/core/diag"
)

// Neighbor is a line of `arp -a`.
type Neighbor struct {
	Interface netip.Addr // of the machine itself
	Address   netip.Addr
	MAC       string // lower case, with hyphens
	Place
}

var (
	arpInterface = regexp.MustCompile(`^(?:Interface|インターフェイス): +(\S+) +---`)
	arpRow       = regexp.MustCompile(`^ +(\S+) +([0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5})(?: |$)`)
)

// ParseARP reads the output of `arp -a`. Addresses of groups and of all are left out.
func ParseARP(file string, data []byte) (all []Neighbor, problems diag.List) {
	d, problems := decode(file, data)
	var on netip.Addr
	rows, head := 0, Place{} // of the last interface
	for i, line := range d.lines {
		if m := arpInterface.FindStringSubmatch(line); m != nil {
			var ok bool
			if on, ok = address(m[1]); !ok {
				problems.Errorf(file, i+1, "found %q, expected an IPv4 address", m[1])
			}
			rows, head = 0, d.at(i)
			continue
		}
		m := arpRow.FindStringSubmatch(line)
		if m != nil {
			rows++
		}
		if m == nil || strings.ContainsRune("13579bdfBDF", rune(m[2][1])) {
			continue
		}
		ip, ok := address(m[1])
		if !ok {
			problems.Warnf(file, i+1, "found %q, expected an IPv4 address", m[1])
			continue
		}
		all = append(all, Neighbor{on, ip, strings.ToLower(m[2]), d.at(i)})
	}
	if rows == 0 && head.Line > 0 { // arp leaves out an interface without any
		d.isCut(&problems, head, diag.Say("the interface %s", on), diag.Say("neighbour"))
	}
	return all, problems
}

// Route is a line of `route print` that leads to a gateway, or to a subnet that the machine is in.
type Route struct {
	To        netip.Prefix
	Gateway   netip.Addr // the zero Addr: none, for the subnet is the machine's own
	Interface netip.Addr // the machine's address there; the zero Addr: the route is persistent, which says none
	Place
}

// persistent begins the last part of the IPv4 routes.
var persistent = regexp.MustCompile(`^(?:Persistent Routes|固定ルート):`)

// onLink are what stands in place of a gateway that there is none. Windows 2003 has the interface's own address there.
var onLink = []string{"On-link", "リンク上"}

// ParseRoutes reads the IPv4 routes of `route print` that lead to a gateway, persistent ones too, or to the machine's own
// subnets.
func ParseRoutes(file string, data []byte) (all []Route, problems diag.List) {
	d, problems := decode(file, data)
	last, ended := false, false // the persistent ones have begun, and are all there: a line or None follows them
	for i, line := range d.lines {
		f := strings.Fields(line)
		ended = ended || last && (len(f) == 1)
		last = last || persistent.MatchString(line)
		if len(f) < 4 {
			continue
		}
		to, isTo := address(f[0])
		mask, isMask := address(f[1])
		via, isVia := address(f[2])
		from, _ := address(f[3])
		if isOne(f[2], onLink...) || isVia && via == from {
			via, isVia = netip.Addr{}, true
		}
		if !isTo || !isMask || !isVia {
			continue // a heading, or IPv6
		}
		bits, ok := prefixOf(mask)
		if !ok {
			problems.Errorf(file, i+1, "found %q, expected a subnet mask, as 255.255.255.0", f[1])
			continue
		}
		r := Route{netip.PrefixFrom(to, bits).Masked(), via, from, d.at(i)}
		if via.IsValid() || r.isOwn() {
			all = append(all, r)
		}
	}
	if !ended {
		d.mayBeCut(&problems, diag.Say("the end of the persistent routes"))
	}
	return all, problems
}

// isOwn says whether it leads to a subnet that the machine is in: others without a gateway are to itself, to all or to groups.
func (r Route) isOwn() bool {
	return r.To.Bits() > 0 && r.To.Bits() < 32 && r.To.Contains(r.Interface) && !r.Interface.IsLoopback()
}

// Named is a name with its address, as ping.exe found it.
type Named struct {
	Name    string
	Address netip.Addr
	Place
}

var pinged = regexp.MustCompile(`(\S+) \[(\d+\.\d+\.\d+\.\d+)\]`)

// ParsePing reads the names that ping.exe has found the addresses of.
func ParsePing(file string, data []byte) (all []Named, problems diag.List) {
	d, problems := decode(file, data)
	for i, line := range d.lines {
		if m := pinged.FindStringSubmatch(line); m != nil {
			if ip, ok := address(m[2]); ok {
				all = append(all, Named{m[1], ip, d.at(i)})
			}
		}
	}
	return all, problems
}
