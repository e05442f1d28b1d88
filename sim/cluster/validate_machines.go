package cluster

import (
	"net/netip"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/netstack/policy"
	"ipwsim/sim/trace"
)

// reservedNames have a meaning of their own in scenarios.
var reservedNames = []string{Active, Standby, "holder", "other", "vip"}

// checkMachines is for what nodes and clients must be to each other.
func (d *draft) checkMachines() {
	d.settleSegment()
	if d.clientsKnown && len(d.clients) == 0 {
		d.errorf(0, "there is no [[client]]; expected at least one, to see what the cluster does")
	}
	d.checkNames()
	d.checkAddresses()
	d.checkMACs()
	d.checkSubnets()
	d.checkFirewalls()
	d.checkSources()
}

// checkNames keeps every name of the cluster apart, as Windows would, without case.
func (d *draft) checkNames() {
	first := map[string]diag.Text{}
	claim := func(name field[string], what diag.Text) {
		key := strings.ToLower(name.v)
		switch other, taken := first[key]; {
		case !name.ok:
		case taken:
			d.errorf(name.line, "the name %s is that of %s already; expected every name once", name.v, other)
		default:
			first[key] = what
		}
	}
	for _, n := range d.nodes {
		claim(n.name, n.label)
	}
	for _, s := range d.switches {
		d.checkReserved(s.name)
		claim(s.name, diag.Say("a switch"))
	}
	for _, c := range d.clients {
		d.checkReserved(c.name)
		claim(c.name, diag.Say("a client"))
	}
	for _, s := range d.strangers {
		d.checkReserved(s.name)
		claim(s.name, diag.Say("a stranger"))
	}
	d.claimMail(claim)
	for _, t := range d.trunks {
		name := field[string]{Trunk{t.a.v, t.b.v}.Name(), t.line, t.a.ok && t.b.ok}
		claim(name, diag.Say("a trunk"))
	}
	for _, r := range d.routers {
		d.checkReserved(r.name)
		claim(r.name, diag.Say("a router"))
		for _, m := range r.interfaces {
			claim(field[string]{m.label.Error(), m.plugged.line, r.name.ok && m.plugged.ok}, diag.Say("a router's cable"))
		}
	}
}

func (d *draft) checkReserved(name field[string]) {
	if name.ok && slices.Contains(reservedNames, strings.ToLower(name.v)) {
		d.errorf(name.line, "the name %s means something else in scenarios; expected none of %s",
			name.v, strings.Join(reservedNames, ", "))
	}
}

func (d *draft) checkAddresses() {
	first := map[netip.Addr]diag.Text{}
	for _, m := range d.stations() {
		a := m.address.v.Addr()
		switch other, taken := first[a]; {
		case !m.address.ok:
		case taken:
			d.errorf(m.address.line, "%s: address %s is that of %s already; expected every address once", m.label, a, other)
		default:
			first[a] = m.label
		}
	}
}

func (d *draft) checkMACs() {
	first := map[trace.MAC]diag.Text{}
	for _, m := range d.stations() {
		switch other, taken := first[m.mac.v]; {
		case !m.mac.ok:
		case taken:
			d.problems.Kindf(SameMAC, d.toml, m.mac.line, "%s: MAC %s is that of %s already; expected every MAC once", m.label, m.mac.v, other)
		default:
			first[m.mac.v] = m.label
		}
	}
}

// checkSubnets wants the nodes in one subnet, for a VIP can move in no other way, and with them each
// client that has no way out of its own. A node with another mask than its segment's is in it all the same.
func (d *draft) checkSubnets() {
	if !d.nodes[0].address.ok {
		return
	}
	subnet := d.nodes[0].subnet()
	check := func(m machine, or diag.Text) {
		if m.address.ok && m.subnet() != subnet {
			d.errorf(m.address.line, "%s: %s is in the subnet %s; expected %s, that of %s%s",
				m.label, m.address.v, m.address.v.Masked(), subnet, d.nodes[0].label, or)
		}
	}
	d.checkMasks()
	for _, n := range d.nodes {
		check(n.machine, diag.Text{})
	}
	for _, c := range d.clients {
		if !c.gatewayGiven {
			check(c.machine, diag.Say(", or a gateway"))
		}
	}
}

func (d *draft) checkFirewalls() {
	for _, n := range d.nodes {
		if n.echoBlocked.v {
			d.problems.Warnf(d.toml, n.echoBlocked.line,
				"%s.echo_blocked: the peer sees every VIP of a node that blocks echo requests as free (H8); expected false", n.key)
		}
		if len(n.mailBlocked.v) > 0 {
			d.problems.Warnf(d.toml, n.mailBlocked.line,
				"%s.mail_blocked: the firewall lets nobody in at TCP %s, so while this node has the VIPs nobody reaches the mail service there; expected []", n.key, n.mailBlocked.v)
		}
	}
}

// checkSources refuses a skipassource that Windows did not know yet (H13).
func (d *draft) checkSources() {
	for _, n := range d.nodes {
		if n.skipAsSource.v && n.server.ok && n.server.v.Source == policy.First {
			d.errorf(n.skipAsSource.line, "%s.skip_as_source has no effect: %s sends from its first address (H13); expected false",
				n.key, n.server.v.Name)
		}
	}
}

// settleSegment finds the subnet of the nodes' segment where their masks differ: the one that most machines have that are
// there besides, if both nodes are in it, of equals the active node's. Where the masks are alike it is theirs, unless no
// other machine has it, and several have one.
func (d *draft) settleSegment() {
	a, b := d.nodes[0].address, d.nodes[1].address
	if !a.ok || !b.ok {
		return
	}
	var others []netip.Prefix
	for _, m := range d.stations()[len(d.nodes):] {
		if m.address.ok {
			others = append(others, m.address.v.Masked())
		}
	}
	if own := a.v.Masked(); own == b.v.Masked() && (slices.Contains(others, own) || !several(others, a.v, b.v)) {
		return
	}
	subnet, found := segmentOf(a.v, b.v, others)
	for _, n := range d.nodes {
		if found && n.address.v.Masked() != subnet {
			n.segment = subnet
		}
	}
}

// several says whether at least two of the others have one subnet, in which both machines are.
func several(others []netip.Prefix, a, b netip.Prefix) bool {
	first := map[netip.Prefix]bool{}
	for _, o := range others {
		if o.Contains(a.Addr()) && o.Contains(b.Addr()) && first[o] {
			return true
		}
		first[o] = true
	}
	return false
}

// segmentOf is the subnet of the segment of two machines whose masks differ, in which both are: the one that most of the
// others have, of equals that of the first machine, then of the second; false: there is none.
func segmentOf(a, b netip.Prefix, others []netip.Prefix) (subnet netip.Prefix, found bool) {
	most := 0
	for i, one := range slices.Concat([]netip.Prefix{a.Masked(), b.Masked()}, others) {
		n := 0
		for _, o := range others {
			if o == one {
				n++
			}
		}
		if one.Contains(a.Addr()) && one.Contains(b.Addr()) && (n > most || i < 2 && !found) {
			subnet, most, found = one, n, true
		}
	}
	return subnet, found
}

// subnet is that of the machine's segment.
func (m *machine) subnet() netip.Prefix {
	if m.segment.IsValid() {
		return m.segment
	}
	return m.address.v.Masked()
}

// narrow says whether the node's mask leaves a part of its segment out.
func (n *nodeDraft) narrow() bool {
	return n.segment.IsValid() && n.address.v.Bits() > n.segment.Bits()
}

// openMask says whether the nodes' masks differ, one of them is the segment's, and nobody has told which is right.
func (d *draft) openMask() bool {
	return d.either.v && d.nodes[0].segment.IsValid() != d.nodes[1].segment.IsValid()
}

// checkMasks warns of a node that takes its segment for another subnet: that is played as Windows does it (H20).
func (d *draft) checkMasks() {
	if a, b := d.nodes[0], d.nodes[1]; d.openMask() {
		d.problems.Warnf(d.toml, a.address.line, "%s.address: the subnet of %s is %s by its prefix length, and that of %s is %s (line %d): which is right nobody has told (either_mask), and all others are taken to be in %s (H20); expected one prefix length on both nodes, and no either_mask",
			a.key, a.address.v.Addr(), a.address.v.Masked(), b.address.v.Addr(), b.address.v.Masked(), b.address.line, a.subnet())
	}
	for _, n := range d.nodes {
		if n.segment.IsValid() {
			d.checkMask(n)
		}
	}
}

// checkMask warns of a node that takes its segment for another subnet.
func (d *draft) checkMask(n *nodeDraft) {
	own, ip := n.address.v.Masked(), n.address.v.Addr()
	does := diag.Say("it asks with ARP for who is beyond the segment, and not its gateway")
	if n.narrow() {
		does = diag.Say("what is for the rest of the segment it sends to its gateway, or without one nowhere")
	}
	if !d.openMask() {
		d.problems.Warnf(d.toml, n.address.line, "%s.address: the subnet of %s is %s by its prefix length, and the segment's is %s, as %s has it: %s (H20); expected %s/%d",
			n.key, ip, own, n.segment, d.witness(n.segment), does, ip, n.segment.Bits())
	}
	d.checkSpoken(n, own)
	d.checkProxies(n)
}

// checkProxies refuses routers that answer ARP for who is beyond the segment: what the node then reaches no report knows of.
func (d *draft) checkProxies(n *nodeDraft) {
	for _, r := range d.routers {
		if r.proxy.v.Any() && !n.narrow() {
			d.errorf(n.address.line, "%s.address: %s answers ARP for others (proxy_arp), whom %s takes for near by its prefix length; this cannot be simulated; expected the prefix length /%d",
				n.key, r.label, n.label, n.segment.Bits())
		}
	}
}

// witness is the first machine that has the subnet.
func (d *draft) witness(subnet netip.Prefix) diag.Text {
	all := d.stations()
	return all[slices.IndexFunc(all, func(m machine) bool { return m.address.ok && m.address.v.Masked() == subnet })].label
}

// checkSpoken refuses machines at addresses that the node takes for all machines': what it sends them is for everybody.
func (d *draft) checkSpoken(n *nodeDraft, own netip.Prefix) {
	for _, m := range d.stations() {
		if what, is := reserved(own, m.address.v.Addr()); m.address.ok && is {
			d.errorf(n.address.line, "%s.address: %s, the address of %s, is the %s address of %s, which the prefix length makes the subnet of %s; this cannot be simulated; expected the prefix length /%d",
				n.key, m.address.v.Addr(), m.label, what, own, n.label, n.segment.Bits())
		}
	}
}
