package facts

import (
	"net/netip"
	"slices"

	"ipwsim/sim/trace"
)

// packet is an echo request or its answer on its way, one of a connection, or ARP's.
type packet struct {
	arp      bool
	form     string // "echo" or "reply"; tcp; ARP's "request" or "reply"
	src, dst netip.Addr
}

// carries says whether the packet gets from one host to another one on its segment.
func (m *model) carries(from, to *host, p packet) bool {
	return from.reaches(to) && (len(m.rules) == 0 || !m.dropped(from, to, p))
}

func (m *model) dropped(from, to *host, p packet) bool {
	return slices.ContainsFunc(m.rules, func(r trace.Rule) bool { return m.drops(r, from, to, p) })
}

// unruled says whether the client would reach the node, were there no rules.
func (m *model) unruled(c, n *host, vip int) bool {
	rules := m.rules
	m.rules = nil
	defer func() { m.rules = rules }()
	return len(rules) > 0 && m.joins(c, n, vip, noCache)
}

// drops says whether the rule takes the packet away on its way between two hosts of a segment.
func (m *model) drops(r trace.Rule, from, to *host, p packet) bool {
	named := onEcho(r) && always(r)
	switch {
	case p.arp:
		named = onARP(r) && always(r)
	case p.form == tcp:
		named = onTCP(r)
	}
	return named &&
		(r.Form == "" || r.Form == p.form || p.form == tcp) &&
		(!r.Src.IsValid() || r.Src == p.src) &&
		(!r.Dst.IsValid() || r.Dst == p.dst) &&
		(r.From == "" || r.From == from.name) &&
		(r.To == "" || r.To == to.name) &&
		(r.Cable == "" || m.onPath(r.Cable, from, to))
}

func (m *model) onPath(name string, from, to *host) bool {
	i, known := m.net.index[name]
	return known && slices.Contains(m.net.path(from, to), i)
}

// Ethernet types a rule may name.
const (
	typeIPv4 = 0x0800
	typeARP  = 0x0806
)

// exact says whether the rule takes away every echo packet that it matches, so that P0 can tell.
func exact(r trace.Rule) bool {
	return always(r) && onEcho(r)
}

// always says whether the rule takes away every frame that it matches.
func always(r trace.Rule) bool { return r.Verdict == trace.Drop && !r.Some }

// onEcho says whether echo packets are among what the rule speaks of.
func onEcho(r trace.Rule) bool {
	switch r.Protocol {
	case "icmp", "ip":
		return true
	case "":
		return r.Type == 0 || r.Type == typeIPv4
	}
	return false
}

// tcp is the form of a connection's packets.
const tcp = "tcp"

// onTCP says whether the rule takes packets of mail's connections away. One that takes some of them, or of a port that
// mail may not use, counts too: it is not sure then that mail gets through.
func onTCP(r trace.Rule) bool {
	switch r.Protocol {
	case "tcp", "ip":
	case "":
		if r.Type != 0 && r.Type != typeIPv4 {
			return false
		}
	default:
		return false
	}
	return r.Verdict == trace.Drop && r.Port != pipePort
}

// pipePort is where named pipes are asked for.
const pipePort = 445

// aside says whether the rule speaks of a port that no watcher uses: what becomes of the VIP does not depend on it.
func aside(r trace.Rule) bool { return r.Port != 0 && r.Port != pipePort }

// onARP says whether the rule speaks of ARP alone: what becomes of that shows in the caches, and where they have no
// entry, in whether asking is in vain.
func onARP(r trace.Rule) bool { return r.Protocol == "arp" || r.Type == typeARP }
