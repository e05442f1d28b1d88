package collected

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Inbound is what is to come in to a machine: echo requests, or connections to a TCP port.
type Inbound struct {
	Port     uint16     // 0: echo requests
	From, To netip.Addr // the zero Addr: not known, and in the range of every rule that lets in
	Far      bool       // From is on another subnet than this machine
}

// naming is how a rule speaks of what comes in.
type naming int

const (
	nothing  naming = iota
	anything        // it is about every port or protocol: mostly of one program, which is not in the export
	itself
)

// Blocked says whether it is dropped, and which line says so: a rule that blocks goes before one that lets in, and what no
// rule lets in is dropped, but by the profile's policy. A rule about everything that lets in counts where no other one
// names it. Where
// there are no rules, or not all, it is not known. Of several profiles in force it is the strictest that counts: on which one's
// network the machines meet the firewall does not say.
func (f Firewall) Blocked(in Inbound) (blocked bool, by Place, known bool) {
	names := f.InForce()
	for i := 0; i < len(names) && !blocked && len(names) > 1; i++ {
		if dropped, at, is := f.On(names[i]).Blocked(in); i == 0 || dropped {
			blocked, by, known = dropped, at, is
		}
	}
	switch {
	case len(names) > 1:
		return blocked, by, known
	case f.Off.Found():
		return false, f.Off.Place, true
	case isOne(f.Policy.Text, "BlockInboundAlways"):
		return true, f.Policy.Place, true
	}
	var let, perhaps, about []Place
	for _, r := range f.Rules {
		switch names := f.names(r, in); {
		case !r.In || names == nothing:
		case names == anything && (r.Block || !r.inForce(f.Profile, in)): // of some program
		case r.Block && limited(r.From) && !in.From.IsValid(): // of some, who may be nobody that matters
		case names == anything:
			perhaps = append(perhaps, r.Place)
		case r.Block && !r.inForce(f.Profile, in):
		case !r.inForce(f.Profile, in):
			about = append(about, r.Place)
		case r.Block:
			return true, r.Place, true
		default:
			let = append(let, r.Place)
		}
	}
	switch {
	case let != nil:
		return false, let[0], true
	case isOne(f.Policy.Text, "AllowInbound"):
		return false, f.Policy.Place, true
	case f.Rules == nil, f.Cut: // another rule may let it in
		return false, Place{}, false
	case about != nil:
		return true, about[0], true
	case perhaps != nil:
		return false, perhaps[0], true
	}
	return true, Place{f.Rules[0].File, 0}, true
}

// names says how the rule speaks of it. One of some program alone is none of the product's, nor of Windows itself.
//
// Inferred: without verbose output, which has the program, a rule that blocks each port is of one if a like one blocks UDP:
// such a pair Windows makes when somebody refuses a program. Without that it blocks everything.
func (f Firewall) names(r Rule, in Inbound) naming {
	names := r.names(in)
	switch {
	case names == nothing || r.Programs != nil && !r.isFor(in):
		return nothing
	case names == anything && (r.Programs != nil || r.Block && !f.paired(r)):
		return itself
	}
	return names
}

// paired says whether a rule of the same name does the same to UDP.
func (f Firewall) paired(r Rule) bool {
	return slices.ContainsFunc(f.Rules, func(o Rule) bool {
		return o.Name == r.Name && o.Block == r.Block && isOne(r.Protocol, "TCP", "6") && isOne(o.Protocol, "UDP", "17")
	})
}

// isFor says whether the program and the service of the rule are any, or who takes what comes in: of mail the product's
// services, else Windows.
func (r Rule) isFor(in Inbound) bool {
	return !slices.ContainsFunc(r.Programs, func(p string) bool {
		name := strings.ToUpper(p[strings.LastIndexAny(p, `\/`)+1:])
		switch mail := in.Port != 0 && in.Port != smbPort; {
		case p == "" || isAny(p):
			return false
		case mail:
			return !strings.HasPrefix(name, cmp.Or(servedBy[in.Port], "EPST"))
		}
		return name != "SYSTEM"
	})
}

// servedBy are the product's programs at their usual ports, as Windows calls them; at others any of them may serve.
var servedBy = map[uint16]string{25: "EPSTRS", 465: "EPSTRS", 587: "EPSTRS", 110: "EPSTPOP3S", 995: "EPSTPOP3S", 143: "EPSTIMAP4S", 993: "EPSTIMAP4S"}

// smbPort is that of named pipes, which Windows itself serves.
const smbPort = 445

// names says how the rule speaks of it, whichever program it is about.
func (r Rule) names(in Inbound) naming {
	every := anything
	switch {
	case !limited(r.From) || !in.From.IsValid():
	case in.isFrom(r.From): // a person wrote it, for that machine
		every = itself
	default:
		every = nothing
	}
	switch {
	case isOne(r.Protocol, "Any", "任意"):
		return every
	case in.Port == 0:
		if isOne(r.Protocol, "ICMPv4", "1") && (r.Types == nil || slices.ContainsFunc(r.Types, isEcho)) {
			return itself
		}
		return nothing
	case !isOne(r.Protocol, "TCP", "6"):
		return nothing
	case r.Ports == nil || slices.ContainsFunc(r.Ports, isAny):
		return every
	case slices.ContainsFunc(r.Ports, func(p string) bool { return isPort(p, in.Port) }):
		return itself
	}
	return nothing
}

func isAny(s string) bool  { return isOne(s, "Any", "任意") }
func isEcho(s string) bool { return isOne(s, "8") || isAny(s) }

// isPort says whether the port, or the range of them, has it.
func isPort(s string, port uint16) bool {
	first, last, isRange := strings.Cut(s, "-")
	if !isRange {
		last = first
	}
	a, errA := strconv.ParseUint(strings.TrimSpace(first), 10, 16)
	b, errB := strconv.ParseUint(strings.TrimSpace(last), 10, 16)
	return errA == nil && errB == nil && uint16(a) <= port && port <= uint16(b)
}

// inForce says whether the rule holds in the profile, and between these machines. Where no profile is known, a rule for
// machines of a domain alone does not count.
func (r Rule) inForce(profile string, in Inbound) bool {
	here := r.Profiles == nil || slices.ContainsFunc(r.Profiles, func(p string) bool { return p == profile || profile == "" && p != "domain" })
	return r.Enabled && here && in.isFrom(r.From) && within(r.To, in.To)
}

// localSubnet is what rules call the machines of the own one, as the two nodes are to each other.
const localSubnet = "LocalSubnet"

// limited says whether these are addresses, not machines by what they are.
func limited(list []string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return s != "" && (s[0] >= '0' && s[0] <= '9') })
}

// isFrom says whether its sender is in a rule's list of them.
func (in Inbound) isFrom(list []string) bool {
	return !in.Far && slices.ContainsFunc(list, func(s string) bool { return isOne(s, localSubnet) }) || within(list, in.From)
}

// within says whether the address is in a rule's list of them.
func within(list []string, a netip.Addr) bool {
	return list == nil || !a.IsValid() || slices.ContainsFunc(list, func(s string) bool { return isAny(s) || holds(s, a) })
}

// holds says whether the address is the one of a rule, or in its subnet or range.
func holds(s string, a netip.Addr) bool {
	if base, mask, isSubnet := strings.Cut(s, "/"); isSubnet {
		if m, err := netip.ParseAddr(mask); err == nil && m.Is4() {
			bits, _ := prefixOf(m)
			s = base + "/" + strconv.Itoa(bits)
		}
		p, err := netip.ParsePrefix(s)
		return err == nil && p.Contains(a)
	}
	first, last, isRange := strings.Cut(s, "-")
	if !isRange {
		last = first
	}
	from, errA := netip.ParseAddr(strings.TrimSpace(first))
	to, errB := netip.ParseAddr(strings.TrimSpace(last))
	return errA == nil && errB == nil && from.Compare(a) <= 0 && a.Compare(to) <= 0
}
