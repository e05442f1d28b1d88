package setup

import (
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/registry"
	"ipwsim/sim/collected"
	"ipwsim/sim/mail/settings"
)

// compare tells where the files of the two, or of one, contradict each other.
func (d *draft) compare() {
	for i, n := range d.nodes {
		other := d.nodes[1-i]
		for _, x := range other.Neighbors {
			if n.real.IsValid() && x.Address == n.real.Addr() {
				d.contradict(diag.Say("the MAC of %s", x.Address), n.adapter.MAC, collected.Value{Text: x.MAC, Place: x.Place})
			}
		}
		for _, r := range n.Routes {
			if r.To.Bits() == 0 && len(n.adapter.Gateways) > 0 {
				d.contradict(diag.Say("the default gateway"), text(n.adapter.Gateways[0]), collected.Value{Text: r.Gateway.String(), Place: r.Place})
			}
		}
		d.comparePeers(n, other)
		for _, service := range append([]string{registry.WatcherService}, settings.Services...) {
			if f, _, found := n.Export(registry.ServicesKey + `\` + service); found {
				if account, line, found := f.Account(service); found {
					d.contradict(diag.Say("the account of %s", service), collected.Value{Text: account, Place: collected.Place{File: f.Name, Line: line}}, n.Accounts[service])
				}
			}
		}
	}
	a, b := d.nodes[0], d.nodes[1]
	if a.real.IsValid() && b.real.IsValid() && a.real.Bits() != b.real.Bits() {
		d.problems.Warnf(b.real.File, b.real.Line, "the subnet of %s is /%d here, and /%d in %s; expected the same on both nodes", b.label(), b.real.Bits(), a.real.Bits(), a.real.Place)
	}
	for _, x := range a.adapter.Addresses {
		for _, y := range b.adapter.Addresses {
			if x.Addr() == y.Addr() {
				d.problems.Warnf(y.File, y.Line, "both servers have %s at the time of the export: here, and in %s", y.Addr(), x.Place)
			}
		}
	}
}

// comparePeers holds the entries of the table against the other server: its name, and the domain behind that.
func (d *draft) comparePeers(n, other *node) {
	for _, row := range n.Table.Rows() {
		peer := strings.TrimPrefix(row.Peer, `\\`)
		if !other.name.Found() || !other.real.IsValid() || peer == other.real.Addr().String() {
			continue
		}
		domains := other.domainsOf()
		_, domain, full := strings.Cut(peer, ".")
		switch {
		case !settings.SameComputer(peer, other.name.Text):
			d.problems.Warnf(n.TableFile, row.Line, "-c= names %s, and the other server is %s (%s), %s (%s)", peer, other.name.Text, other.name.Place, other.real.Addr(), other.real.Place)
		case full && len(domains) > 0 && !slices.ContainsFunc(domains, func(v collected.Value) bool { return strings.EqualFold(v.Text, domain) }):
			d.problems.Warnf(n.TableFile, row.Line, "-c= names %s, and the domain of %s is %s (%s); the simulator takes any domain for the right one", peer, other.name.Text, domains[0].Text, domains[0].Place)
		}
	}
}

// domainsOf are the domains that the server's name may have in DNS, as far as files say.
func (n *node) domainsOf() []collected.Value {
	all := slices.Clone(n.IPConfig.Suffixes)
	if v := n.System.Domain; v.Found() && !strings.EqualFold(v.Text, workgroup) {
		all = append(all, v)
	}
	return all
}
