package setup

import (
	"net/netip"
	"path"
	"slices"
	"strings"

	"ipwsim/core/diag"
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

// writeShare writes the share of the mail, if the servers have the mail product, and accounts in place of the real ones.
func (d *draft) writeShare() {
	n := d.nodes[0]
	if !n.hasMail() && !d.nodes[1].hasMail() {
		d.line("\n# %s", d.guess(diag.Say(`no mail server: no export has its keys, HKLM\SOFTWARE\EPOST\MS`)))
		return
	}
	if !n.hasMail() {
		n = d.nodes[1]
	}
	work := n.folder("MailSpoolDir")
	d.section = "share"
	d.line("\n[share]")
	unc, problem := settings.ParseUNC(work.Text)
	if !work.Found() || problem != nil {
		d.settle("unc", Question{Text: diag.Say(`the share of the mail, as \\EPOST-TEC\cl_mail?`)}, diag.Text{})
	} else {
		d.fact("unc", quoted(unc.Root()), work.Place)
	}
	d.writeShareAddress(unc)
	d.line(`switch = "servers"`)
	d.writeAccounts(n)
}

func (d *draft) writeShareAddress(unc settings.UNC) {
	write := func(ip netip.Addr) {
		d.share = ip
		if mac := d.neighbor(ip); mac.Found() {
			d.fact("mac", quoted(mac.Text), mac.Place)
		}
	}
	bits := d.near().Bits()
	for _, n := range d.nodes {
		for _, x := range n.Named {
			if strings.EqualFold(x.Name, unc.Server) && d.near().Contains(x.Address) {
				d.fact("address", quoted(netip.PrefixFrom(x.Address, bits).String()), x.Place)
				write(x.Address)
				return
			}
		}
	}
	q := Question{Text: diag.Say("the address of the server of the share %s with its prefix length?", unc.Root())}
	others := d.others()
	var names []string
	for _, x := range others {
		names = append(names, x.Address.String())
	}
	if len(others) > 0 {
		q.Assumed = netip.PrefixFrom(others[0].Address, bits).String()
	}
	before := len(d.c.Assumed)
	d.settle("address", q, diag.Say("no file has the address of %s; of those that arp -a shows and that are nothing else: %s", unc.Server, strings.Join(names, ", ")))
	if len(d.c.Assumed) > before {
		write(others[0].Address)
	}
}

// writeOthers tells which machines were left out.
func (d *draft) writeOthers() {
	var names []string
	for _, x := range d.others() {
		if x.Address != d.share {
			names = append(names, x.Address.String())
		}
	}
	if len(names) > 0 {
		d.line("\n# %s", d.guess(diag.Say("these are taken for no clients, though arp -a shows them: %s", strings.Join(names, ", "))))
	}
}

// writeAccounts makes accounts up: the real ones hold passwords and are not collected.
func (d *draft) writeAccounts(n *node) {
	unc, problem := settings.ParseUNC(n.folder("AccountDir").Text)
	if problem != nil || unc.Path == "" {
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
