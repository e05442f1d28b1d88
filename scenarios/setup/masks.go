package setup

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/sim/collected"
	"ipwsim/sim/trace"
)

// segment is the servers' subnet, as the files speak for it.
type segment struct {
	subnet netip.Prefix // the zero Prefix: no file has a mask
	open   bool         // the servers' masks differ, and nothing else says which of them is right
}

// voice is what a file says of the servers' subnet.
type voice struct {
	of     *node
	subnet netip.Prefix
	what   diag.Text // that says so
	collected.Place
}

// voices are each server's own mask, and what ought to follow from it and says otherwise: the mask of a VIP, which netsh
// gave it when the watcher added it (H20), and a route to the server's own subnet. What repeats the own mask is no further
// evidence for it.
func (d *draft) voices() (all []voice) {
	add := func(v voice) {
		if !slices.ContainsFunc(all, func(o voice) bool { return o.of == v.of && o.subnet == v.subnet && o.what.Format == v.what.Format }) {
			all = append(all, v)
		}
	}
	for _, n := range d.nodes {
		if !n.real.IsValid() {
			continue
		}
		add(voice{n, n.real.Masked(), diag.Say("the mask of %s", n.label()), n.real.Place})
		for _, a := range d.strayVIPs(n) {
			add(voice{n, a.Masked(), diag.Say("the mask of the VIP %s on %s", a.Addr(), n.label()), a.Place})
		}
		for _, r := range n.strayRoutes() {
			add(voice{n, r.To, diag.Say("a route of %s without a gateway", n.label()), r.Place})
		}
	}
	return all
}

// strayVIPs are the VIPs that the server has with another mask than its own, and than netsh gives them by that.
func (d *draft) strayVIPs(n *node) (all []collected.Address) {
	for _, a := range n.adapter.Addresses {
		if a.IsValid() && n.real.IsValid() && a.Addr() != n.real.Addr() && slices.Contains(d.vips(), a.Addr()) && a.Bits() != n.real.Bits() && a.Prefix != trace.Added(n.real.Prefix, a.Addr()) {
			all = append(all, a)
		}
	}
	return all
}

// strayRoutes are the routes to the server's own subnet that none of its masks makes.
func (n *node) strayRoutes() (all []collected.Route) {
	for _, r := range n.Routes {
		has := func(is func(collected.Address) bool) bool { return slices.ContainsFunc(n.adapter.Addresses, is) }
		if !r.Gateway.IsValid() && n.real.IsValid() && r.To.Contains(n.real.Addr()) &&
			has(func(a collected.Address) bool { return a.Addr() == r.Interface }) && !has(func(a collected.Address) bool { return a.IsValid() && a.Masked() == r.To }) {
			all = append(all, r)
		}
	}
	return all
}

// settleSegment finds the servers' subnet. Where their masks differ, or a machine or a route speaks against the one of both,
// it is the one that none speaks against, of several the one that most voices speak for; of those that as many do, the one
// that all that is known is in and that is no larger than it need be.
func (d *draft) settleSegment() {
	a, b := d.nodes[0].real, d.nodes[1].real
	switch {
	case !a.IsValid() && !b.IsValid():
	case !a.IsValid():
		d.segment.subnet = b.Masked()
	case !b.IsValid() || !a.Overlaps(b.Prefix) || a.Masked() == b.Masked() && !d.against(a.Masked(), d.voices()).Found():
		d.segment.subnet = a.Masked()
	default:
		d.segment = d.weigh()
	}
}

// weigh is settleSegment where it is in doubt.
func (d *draft) weigh() segment {
	type claim struct {
		subnet netip.Prefix
		right  bool // nothing speaks against it
		voices int
	}
	var all []claim
	voices := d.voices()
	for _, v := range voices {
		i := slices.IndexFunc(all, func(c claim) bool { return c.subnet == v.subnet })
		if i < 0 {
			i = len(all)
			all = append(all, claim{subnet: v.subnet, right: !d.against(v.subnet, voices).Found()})
		}
		all[i].voices++
	}
	rank := func(c claim) int {
		if c.right {
			return len(voices) + c.voices
		}
		return c.voices
	}
	slices.SortStableFunc(all, func(x, y claim) int {
		narrow := cmp.Compare(y.subnet.Bits(), x.subnet.Bits())
		if !x.right {
			narrow = -narrow
		}
		return cmp.Or(cmp.Compare(rank(y), rank(x)), narrow)
	})
	first := all[0].subnet
	own := slices.ContainsFunc(d.nodes[:], func(n *node) bool { return n.real.Masked() == first })
	return segment{first, own && len(all) > 1 && rank(all[0]) == rank(all[1])}
}

// against is what speaks against the subnet: one who is on the segment and not in it, though in another one that is spoken
// of; or a route over a gateway to a part of it, which is in no other one.
func (d *draft) against(subnet netip.Prefix, voices []voice) (found collected.Value) {
	other := func(is func(netip.Prefix) bool) bool {
		return slices.ContainsFunc(voices, func(v voice) bool { return v.subnet != subnet && is(v.subnet) })
	}
	for _, x := range d.onSegment() {
		if ip := x.Addr(); !subnet.Contains(ip) && other(func(o netip.Prefix) bool { return o.Contains(ip) }) {
			return text(x)
		}
	}
	for _, n := range d.nodes {
		for _, r := range n.Routes {
			if r.Gateway.IsValid() && r.To.Bits() > subnet.Bits() && subnet.Overlaps(r.To) && subnet.Contains(r.Gateway) &&
				other(func(o netip.Prefix) bool { return o.Contains(r.Gateway) && !o.Overlaps(r.To) }) {
				return collected.Value{Text: r.To.String(), Place: r.Place}
			}
		}
	}
	return found
}

// onSegment are the addresses that are on the servers' segment: both servers', the VIPs, their gateways, and who answered
// their ARP requests and is no gateway that does so for others.
func (d *draft) onSegment() (all []collected.Address) {
	add := func(ip netip.Addr, at collected.Place) {
		all = append(all, collected.Address{Prefix: netip.PrefixFrom(ip, 32), Place: at})
	}
	for _, n := range d.nodes {
		if n.real.IsValid() {
			add(n.real.Addr(), n.real.Place)
		}
		for _, row := range n.Table.Rows() {
			add(row.VIP, collected.Place{File: n.TableFile, Line: row.Line})
		}
		all = append(all, n.adapter.Gateways...)
		for _, x := range d.heard(n) {
			add(x.Address, x.Place)
		}
	}
	return all
}

// heard are who answered the server's ARP requests on its segment, without gateways: they may do so for others.
func (d *draft) heard(n *node) (all []collected.Neighbor) {
	proxies := map[string]bool{}
	for _, x := range n.Neighbors {
		if slices.ContainsFunc(n.adapter.Gateways, func(g collected.Address) bool { return g.Addr() == x.Address }) {
			proxies[x.MAC] = true
		}
	}
	for _, x := range n.Neighbors {
		if x.Interface == n.real.Addr() && !proxies[x.MAC] {
			all = append(all, x)
		}
	}
	return all
}

// compareMasks tells what does not go with the segment.
func (d *draft) compareMasks() {
	a, b := d.nodes[0], d.nodes[1]
	switch {
	case !a.real.IsValid() || !b.real.IsValid():
	case a.real.Masked() != b.real.Masked() && (d.segment.open || !a.real.Overlaps(b.real.Prefix)):
		d.problems.Warnf(a.real.File, a.real.Line, "the subnet of %s is %s by its mask %s here, and that of %s is %s by its mask %s in %s, and nothing else in the files says which is right; expected one mask on both nodes",
			a.label(), a.real.Masked(), mask(a.real), b.label(), b.real.Masked(), mask(b.real), b.real.Place)
	default:
		for _, n := range d.nodes {
			d.tellOdd(n)
		}
	}
	for _, n := range d.nodes {
		if n.real.IsValid() {
			d.compareOwn(n)
			d.compareGateways(n)
		}
	}
	if a.real.IsValid() && b.real.IsValid() && a.real.Masked() == b.real.Masked() && a.real.Masked() == d.near() {
		d.compareHeard()
	}
}

// mask is that of an address.
func mask(a collected.Address) netip.Addr { return trace.Mask(a.Bits()) }

// tellOdd tells that the server's mask is not the segment's, and by what.
func (d *draft) tellOdd(n *node) {
	own := n.real.Masked()
	if own == d.near() {
		return
	}
	voices := d.voices()
	var why diag.Text
	because := func(t diag.Text) {
		if why.Format != "" {
			t = diag.Say("%w, %w", why, t)
		}
		why = t
	}
	if x := d.against(own, voices); x.Found() && strings.Contains(x.Text, "/") {
		because(diag.Say("%s is behind a gateway (%s)", x.Text, x.Place))
	} else if x.Found() {
		because(diag.Say("%s is on it (%s)", x.Text, x.Place))
	}
	for _, v := range voices {
		if v.subnet == d.near() {
			because(diag.Say("%w says so (%s)", v.what, v.Place))
		}
	}
	d.problems.Warnf(n.real.File, n.real.Line, "the subnet of %s is %s by its mask %s here, and the segment is %s: %w; expected the mask %s",
		n.label(), own, mask(n.real), d.near(), why, trace.Mask(d.near().Bits()))
}

// compareOwn tells what of the server's files its own mask does not make, unless that is told to be wrong by the same.
func (d *draft) compareOwn(n *node) {
	told := func(subnet netip.Prefix) bool {
		return !d.segment.open && n.real.Masked() != d.near() && subnet == d.near()
	}
	for _, a := range d.strayVIPs(n) {
		if !told(a.Masked()) {
			d.problems.Warnf(a.File, a.Line, "the VIP %s has the mask %s here, and the own address of %s the mask %s (%s): the watcher adds a VIP without a mask, so it gets %s when it moves (H20), which is what the simulator plays; expected one mask for both",
				a.Addr(), mask(a), n.label(), mask(n.real), n.real.Place, trace.Mask(trace.Added(n.real.Prefix, a.Addr()).Bits()))
		}
	}
	for _, r := range n.strayRoutes() {
		if !told(r.To) {
			d.problems.Warnf(r.File, r.Line, "the subnet of %s is %s here, and %s by its mask %s in %s, which is taken", n.label(), r.To, n.real.Masked(), mask(n.real), n.real.Place)
		}
	}
}

// compareGateways tells a gateway that the server's own mask leaves outside, and which mask would not.
func (d *draft) compareGateways(n *node) {
	for _, g := range n.adapter.Gateways {
		if n.real.Contains(g.Addr()) || g.Addr().IsUnspecified() {
			continue
		}
		fits := diag.Say("the mask %s, as the segment's %s has it", trace.Mask(d.near().Bits()), d.near())
		if !d.near().Contains(g.Addr()) {
			fits = diag.Say("a mask that both are in, %s or shorter", trace.Mask(trace.InCommon(n.real.Addr(), g.Addr())))
		}
		d.problems.Warnf(g.File, g.Line, "the default gateway %s is outside the subnet %s of %s, which has the mask %s (%s): Windows warns of such a gateway, and asks for it with ARP all the same (H20); expected %w",
			g.Addr(), n.real.Masked(), n.label(), mask(n.real), n.real.Place, fits)
	}
}

// compareHeard tells who is on the segment though the mask of both servers has them elsewhere: over a gateway nobody is
// heard by ARP.
func (d *draft) compareHeard() {
	for _, n := range d.nodes {
		var names []string
		at, bits := collected.Place{}, 32
		for _, x := range d.heard(n) {
			if !n.real.Contains(x.Address) {
				names, bits = append(names, x.Address.String()), min(bits, trace.InCommon(n.real.Addr(), x.Address))
				at = cmp.Or(at, x.Place)
			}
		}
		if len(names) > 0 {
			d.problems.Warnf(at.File, at.Line, "%s answered ARP requests of %s, so they are on its segment, and are outside its subnet %s by the mask %s (%s), which is taken; expected a mask that they are in, %s or shorter",
				strings.Join(names, ", "), n.label(), n.real.Masked(), mask(n.real), n.real.Place, trace.Mask(bits))
		}
	}
}

// turnBack has the gateway of a server in the cluster whose mask leaves a part of the segment out: what is for that goes
// there (H20).
func (d *draft) turnBack() {
	near := d.near()
	for _, n := range d.nodes {
		if !n.real.IsValid() || n.real.Bits() <= near.Bits() || len(n.adapter.Gateways) == 0 {
			continue
		}
		via := n.adapter.Gateways[0]
		if near.Contains(via.Addr()) && !slices.ContainsFunc(d.gateways, func(g gateway) bool { return g.address == via.Addr() }) {
			d.gateways = append(d.gateways, gateway{address: via.Addr(), at: []collected.Place{via.Place}})
		}
	}
}
