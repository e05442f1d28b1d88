package setup

import (
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/registry"
	"ipwsim/sim/collected"
	"ipwsim/sim/mail/settings"
)

// writeAdministrators takes an account of a domain for an administrator's where a server has a VIP and its watcher runs as
// that: no other can have added it (H17).
func (d *draft) writeAdministrators() {
	for _, n := range d.nodes {
		account := n.watcherAccount()
		vip, at := d.held(n)
		if vip == "" || !d.ofDomain(account.Text) || settings.Administrators(nil).RightOnHost(account.Text) {
			continue
		}
		d.assume("administrators", "["+quoted(account.Text)+"]", diag.Say("%s has the VIP %s (%s), and IPWCS runs as %s there (%s): so that is an administrator, taken to be one on both servers and to have a right on the share",
			n.label(), vip, at, account.Text, account.Place))
		return
	}
}

// watcherAccount is what the watcher runs as, by the export of its service or sc qc.
func (n *node) watcherAccount() collected.Value {
	f, _, _ := n.Export(registry.ServicesKey + `\` + registry.WatcherService)
	if account, line, found := f.Account(registry.WatcherService); found {
		return collected.Value{Text: account, Place: collected.Place{File: f.Name, Line: line}}
	}
	return n.Services[registry.WatcherService].Account
}

// ofDomain says whether the account is neither a server's own nor Windows'.
func (d *draft) ofDomain(account string) bool {
	of, name, named := strings.Cut(account, `\`)
	own := slices.ContainsFunc(d.nodes[:], func(n *node) bool { return settings.OfComputer(account, n.name.Text) })
	return named && name != "" && !own && !slices.ContainsFunc([]string{".", "NT AUTHORITY", "NT SERVICE"}, func(s string) bool { return strings.EqualFold(s, of) })
}

// held is a VIP that the server has and uses, and where its ipconfig says so.
func (d *draft) held(n *node) (vip string, at collected.Place) {
	for _, adapter := range n.IPConfig.Adapters {
		for _, a := range adapter.Addresses {
			if slices.Contains(d.vips(), a.Addr()) && !a.Duplicate {
				return a.Addr().String(), a.Place
			}
		}
	}
	return "", collected.Place{}
}
