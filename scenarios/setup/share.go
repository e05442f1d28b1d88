package setup

import (
	"net/netip"
	"path"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/registry"
	"ipwsim/sim/collected"
	"ipwsim/sim/mail/settings"
)

// folder is a folder that the mail product is set to, by the name of its value.
func (n *node) folder(name string) (v collected.Value) {
	if f, key, found := n.Export(settings.ProductKey); found {
		if value, has := key.Value(name); has {
			s, _ := value.Text()
			v = collected.Value{Text: s, Place: collected.Place{File: f.Name, Line: value.Line}}
		}
	}
	return v
}

// mailNode is the node whose exports say where the mail is; nil: none has the mail product.
func (d *draft) mailNode() *node {
	for _, n := range d.nodes {
		if n.hasMail() {
			return n
		}
	}
	return nil
}

// shareName is the share that a server's folders are on, and where that stands: its work folder's, unless that is on a
// disk of the server's own; false where no folder of both is on one.
func (d *draft) shareName() (settings.UNC, collected.Place, bool) {
	for _, name := range settings.Folders {
		for _, n := range d.nodes {
			v := n.folder(name)
			if unc, problem := settings.ParseUNC(v.Text); problem == nil {
				return unc, v.Place, true
			}
		}
	}
	return settings.UNC{}, collected.Place{}, false
}

// byName is the share by its name, where one server has its address and the other a name that leads there: a cluster
// knows it by both then.
func (d *draft) byName(unc settings.UNC, at collected.Place) (settings.UNC, collected.Place) {
	if _, err := netip.ParseAddr(unc.Server); err != nil {
		return unc, at
	}
	for _, n := range d.nodes {
		work := n.folder(settings.WorkFolder)
		other, problem := settings.ParseUNC(work.Text)
		if problem == nil && strings.EqualFold(other.Share, unc.Share) && d.leadsTo(other.Server, unc.Server) {
			return other, work.Place
		}
	}
	return unc, at
}

// leadsTo says whether a server finds the address under the name.
func (d *draft) leadsTo(name, address string) bool {
	return slices.ContainsFunc(d.nodes[:], func(n *node) bool {
		return slices.ContainsFunc(n.Named, func(x collected.Named) bool {
			return settings.SameComputer(x.Name, name) && x.Address.String() == address
		})
	})
}

// findShare finds the address of the share's server in what ping.exe and hosts know, or in its name.
func (d *draft) findShare() {
	n := d.mailNode()
	if n == nil {
		return
	}
	unc, at, known := d.shareName()
	if !known {
		return
	}
	if ip, err := netip.ParseAddr(unc.Server); err == nil && ip.Is4() {
		d.share = d.wayTo(ip, at)
		return
	}
	var found collected.Value
	for _, n := range d.nodes {
		for _, x := range n.Named {
			if !settings.SameComputer(x.Name, unc.Server) {
				continue
			}
			d.contradict(diag.Say("the address of %s", unc.Server), found, collected.Value{Text: x.Address.String(), Place: x.Place})
			if !found.Found() {
				found = collected.Value{Text: x.Address.String(), Place: x.Place}
				d.share = d.wayTo(x.Address, x.Place)
			}
		}
	}
}

// writeShare writes the share of the mail, if the servers have the mail product, and accounts in place of the real ones.
func (d *draft) writeShare() {
	n := d.mailNode()
	if n == nil {
		d.line("\n# %s", d.guess(diag.Say(`no mail server: no export has its keys, HKLM\SOFTWARE\EPOST\MS`)))
		d.tellNoMail()
		return
	}
	d.section = "share"
	d.line("\n[share]")
	unc, at, known := d.shareName()
	if !known {
		d.makeShareUp(n)
		d.writeAccounts(n)
		return
	}
	unc, at = d.byName(unc, at)
	if on := d.onNode(unc); on.Error() != "" {
		d.openShare(unc, at, on)
		d.writeAccounts(n)
		return
	}
	d.fact("unc", quoted(unc.Root()), at)
	switch {
	case d.share.aside.Found():
		d.moveShare(n)
	case d.share.address.IsValid():
		d.writePlace(d.share)
	default:
		d.assumeShare(unc)
	}
	d.writeAccounts(n)
}

// makeShareUp writes a share where both servers keep their mail on disks of their own: where it belongs (C3).
func (d *draft) makeShareUp(n *node) {
	work := n.folder(settings.WorkFolder)
	d.settle("unc", Question{Text: diag.Say(`the share of the mail, as \\EPOST-TEC\cl_mail?`), Assumed: `\\NAS\cl_mail`},
		diag.Say("made up: no server names a share. %s is %s (%s), on a disk of that server, which the other does not see", settings.WorkFolder, work.Text, work.Place))
	q := Question{Text: diag.Say("the address of that machine with its prefix length?")}
	if d.near().IsValid() {
		q.Assumed = d.free().String()
	}
	d.settle("address", q, diag.Say("made up, as the share is"))
	d.line(`switch = "servers"`)
}

// onNode says where on the cluster's own nodes the share is; the zero Text: on no node.
func (d *draft) onNode(unc settings.UNC) diag.Text {
	for _, n := range d.nodes {
		if n.name.Found() && settings.SameComputer(unc.Server, n.name.Text) || n.real.IsValid() && d.share.address == n.real.Addr() {
			return diag.Say("%s, a node of the cluster", n.label())
		}
	}
	if slices.Contains(d.vips(), d.share.address) {
		return diag.Say("the node that has the VIP %s", d.share.address)
	}
	return diag.Text{}
}

// openShare asks for another share than one on a node.
func (d *draft) openShare(unc settings.UNC, at collected.Place, on diag.Text) {
	d.open(diag.Say("%s: %s = ? %w", d.section, "unc", diag.Say("the share %s (%s) is on %w, and dies with it: no failover keeps that mail. This cannot be simulated; expected a share on a machine of its own, here and in the .reg files of active/mail and standby/mail", unc.Root(), at, on)))
	d.open(diag.Say("%s: %s = ? %w", d.section, "address", diag.Say("the address of that machine with its prefix length?")))
	d.line(`switch = "servers"`)
}

// moveShare puts a share that the servers reach by another adapter on the one that is simulated: a router between would
// be made up, too, and ask for MACs of its own.
func (d *draft) moveShare(n *node) {
	aside := d.share.aside
	d.assume("address", quoted(d.free().String()), diag.Say("the share is at %s (%s), on the adapter %s (%s); a node has one adapter here, %s, so the share is put there, and a fault of that one cuts it off too", d.share.address, d.share.at, aside.Text, aside.Place, n.adapter.Name))
	if mac := d.neighbor(d.share.address); mac.Found() {
		d.fact("mac", quoted(mac.Text), mac.Place)
	}
	d.line(`switch = "servers"`)
}

// assumeShare takes a machine for the share's server that arp -a shows and that is nothing else.
func (d *draft) assumeShare(unc settings.UNC) {
	q := Question{Text: diag.Say("the address of the server of the share %s with its prefix length?", unc.Root())}
	others := d.others()
	var names []string
	for _, x := range others {
		names = append(names, x.Address.String())
	}
	if len(others) > 0 && !d.mayRoute(others[0].Address) {
		q.Assumed = netip.PrefixFrom(others[0].Address, d.near().Bits()).String()
	}
	before := len(d.c.Assumed)
	d.settle("address", q, diag.Say("no file has the address of %s; of those that arp -a shows and that are nothing else: %s", unc.Server, strings.Join(names, ", ")))
	if len(d.c.Assumed) > before {
		d.share.address = others[0].Address
		d.fact("mac", quoted(others[0].MAC), others[0].Place)
	}
	d.line(`switch = "servers"`)
}

// writeOthers tells which machines were left out.
func (d *draft) writeOthers() {
	var names []string
	for _, x := range d.others() {
		if x.Address != d.share.address {
			names = append(names, x.Address.String())
		}
	}
	if len(names) > 0 {
		d.line("\n# %s", d.guess(diag.Say("these are taken for no clients, though arp -a shows them: %s", strings.Join(names, ", "))))
	}
}

// writeAccounts makes accounts up: the real ones hold passwords and are not collected.
func (d *draft) writeAccounts(n *node) {
	unc, problem := settings.ParseUNC(n.folder(settings.AccountFolder).Text)
	if problem != nil {
		unc.Path = "db" // as the guide has it
	}
	if unc.Path == "" {
		return
	}
	users := []settings.User{{Name: "user1", Password: "made-up"}, {Name: "user2", Password: "made-up"}}
	for _, domain := range n.domains() {
		d.c.Files[path.Join("share", unc.Path, domain+".idx")] = settings.FormatAccounts(users)
		d.c.Assumed = append(d.c.Assumed, diag.Say("%s has the accounts user1 and user2, made up: real ones are not collected, for they hold passwords", domain))
	}
}

// domains are the mail domains of the product.
func (n *node) domains() (all []string) {
	prefix := strings.ToUpper(settings.ProductKey + `\Domains\`)
	for _, f := range n.Exports {
		for _, k := range f.Keys {
			name := strings.ToLower(k.Name[min(len(prefix), len(k.Name)):])
			if strings.HasPrefix(strings.ToUpper(k.Name), prefix) && settings.DomainProblem(name) == nil && !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return all
}

// tellNoMail tells that neither server's export of the mail product is there, where another file shows its services.
func (d *draft) tellNoMail() {
	for _, n := range d.nodes {
		at := collected.Place{}
		for _, service := range settings.Services {
			if of, _, has := n.Export(registry.ServicesKey + `\` + service); has {
				at = collected.Place{File: of.Name}
			}
			if account := n.Services[service].Account; account.Found() {
				at = account.Place
			}
		}
		if at.File != "" {
			d.problems.Warnf(at.File, at.Line, "this server has the mail services, and neither has an export of the mail product's settings, so the cluster is made without mail: what becomes of it is not played; expected `%s` on both servers", `reg export HKLM\SOFTWARE\EPOST\MS epost.reg /y`)
			return
		}
	}
}
