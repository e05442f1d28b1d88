package setup

import (
	"net/netip"
	"slices"

	"ipwsim/core/diag"
	"ipwsim/sim/collected"
)

// mostAssumed is how many machines are taken for clients that no file calls so.
const mostAssumed = 8

// assumeClients takes machines for clients that no batch file names, where there are likely some: behind a router that a
// route is there for; and, where no batch file names any and nobody can be asked, those that arp -a shows.
func (d *draft) assumeClients() {
	named := len(d.clients) > 0
	d.assumeFar()
	if named || d.Ask != nil || !d.near().IsValid() {
		return
	}
	others := slices.DeleteFunc(d.others(), func(x collected.Neighbor) bool { return d.mayRoute(x.Address) })
	if d.mailNode() != nil && !d.share.address.IsValid() && len(others) > 0 {
		others = others[1:] // it is taken for the share
	}
	for _, x := range others[:min(len(others), mostAssumed)] {
		d.clients = append(d.clients, client{address: x.Address, at: x.Place, why: diag.Say("no arpclear.bat names a client, and arp -a shows this one (%s)", x.Place)})
	}
}

// assumeFar takes somebody behind each router for a client that a route of the servers leads to and no batch file names
// anybody behind: a route is made for somebody.
func (d *draft) assumeFar() {
	near := d.near()
	for _, n := range d.nodes {
		for _, r := range n.Routes {
			if !near.IsValid() || !isFar(r, near) || d.knows(r.To) || len(d.clients) >= mostAssumed {
				continue
			}
			c := d.wayTo(r.To.Masked().Addr().Next().Next(), r.Place) // the first one is the router's
			c.why = diag.Say("made up: a route leads to %s (%s), and no arpclear.bat names a client there", r.To, r.Place)
			d.clients = append(d.clients, c)
		}
	}
}

// isFar says whether the route leads to a subnet of somebody's own by a router of the servers' segment.
func isFar(r collected.Route, near netip.Prefix) bool {
	return r.To.Bits() >= 8 && r.To.Bits() <= 29 && r.To.Addr().IsPrivate() && !r.To.Overlaps(near) && near.Contains(r.Gateway)
}

// knows says whether a machine that is known is in the subnet.
func (d *draft) knows(subnet netip.Prefix) bool {
	return subnet.Contains(d.share.address) || slices.ContainsFunc(d.clients, func(c client) bool { return subnet.Contains(c.address) })
}
