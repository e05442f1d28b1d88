package audit

import (
	"net/netip"
	"slices"
	"strings"

	"ipwsim/core/registry"
	"ipwsim/scenarios/audit/edit"
	"ipwsim/sim/audited"
	"ipwsim/sim/cluster"
	"ipwsim/sim/mail/settings"
)

// proposeMailFiles are changes of what the mail services read on a node: their folders, the addresses of their domains, and
// the lists of what they answer on and hide.
func (p *plan) proposeMailFiles() {
	for i := range p.bp.Nodes {
		n, m, first := &p.bp.Nodes[i], p.bp.Mail.Nodes[i], p.bp.Mail.Nodes[0]
		p.proposeFolders(n)
		for _, domain := range m.Domains {
			p.proposeDomain(n, domain)
		}
		for _, name := range mailServices {
			if list, lists := settings.ListsOf(name); lists {
				s, installed := m.Service(name)
				as, known := first.Service(name)
				if installed && known {
					p.proposeBinds(n, name, list, s, as)
				}
				p.proposeHidden(n, name, list, s.Hidden)
			}
		}
	}
}

// proposeFolders has the services of a node use the share's folders: those of the other node, if it has them there (C3).
func (p *plan) proposeFolders(n *cluster.Node) {
	d := p.draft(audited.MailFolders, audited.Mend)
	share := p.bp.Mail.Share
	d.mail, d.Node, d.To = true, n.Role, share.UNC.Root()
	want := map[string]string{}
	for _, name := range settings.Folders {
		want[name] = settings.FolderOn(share.UNC.Root(), name)
		for i := range p.bp.Nodes {
			if there := p.files.textOf(mailFolder(&p.bp.Nodes[i]), name); share.Is(there) {
				want[name] = there
				break
			}
		}
	}
	want[settings.WorkFolder] = settings.WorkOf(want[settings.InboxFolder])
	for _, name := range settings.Folders {
		if has := p.files.textOf(mailFolder(n), name); has != "" && !share.Same(has, want[name]) {
			d.registry(n, mailFolder(n), edit.Text(settings.ProductKey, name, want[name]))
		}
	}
	d.hand(n.Name, audited.MoveMail)
	d.hand(n.Name, audited.RestartMail)
	d.done()
}

// textOf is a value of the mail product's own key; "": it is not there.
func (f files) textOf(folder, name string) (said string) {
	for _, export := range edit.Exports(f, folder) {
		file, _ := registry.Parse(export, f[export])
		usual, _ := registry.Usual([]registry.File{file})
		if key, has := usual[0].Key(settings.ProductKey); has {
			if v, has := key.Value(name); has {
				said, _ = v.Text()
			}
		}
	}
	return said
}

// proposeDomain has a domain told by a VIP (M5).
func (p *plan) proposeDomain(n *cluster.Node, domain settings.Domain) {
	if !domain.IP.IsValid() || slices.Contains(p.bp.VIPs, domain.IP) {
		return
	}
	want := p.bp.VIPs[0]
	for _, m := range p.bp.Mail.Nodes {
		for _, other := range m.Domains {
			if other.Name == domain.Name && slices.Contains(p.bp.VIPs, other.IP) {
				want = other.IP
			}
		}
	}
	d := p.draft(audited.MailDomain, audited.Mend)
	d.mail, d.Node, d.Client, d.From, d.To = true, n.Role, domain.Name, domain.IP.String(), want.String()
	d.registry(n, mailFolder(n), edit.Text(settings.ProductKey+`\Domains\`+domain.Name, "IP", want.String()))
	d.hand(n.Name, audited.RestartMail)
	d.done()
}

// proposeBinds has a service listen where clients and other servers come (M1, M2): at every VIP, at the active node's ports,
// with SSL where clients speak it from the first byte.
func (p *plan) proposeBinds(n *cluster.Node, service, list string, s, as settings.Service) {
	var lines []string
	for _, b := range p.rightBinds(n, service, s, as) {
		lines = append(lines, b.String())
	}
	if !slices.EqualFunc(s.Binds, lines, func(b settings.Bind, line string) bool { return b.String() == line }) {
		p.proposeList(audited.MailBinds, n, service, list, lines)
	}
}

// rightBinds is what the service is to listen on: its lines as they are, but for what is wrong with them; on every address
// where a VIP is not among them or the ports are not the active node's.
func (p *plan) rightBinds(n *cluster.Node, service string, s, as settings.Service) (all []settings.Bind) {
	has, first := spoken(s.Binds), spoken(as.Binds)
	deaf := slices.ContainsFunc(p.bp.VIPs, func(vip netip.Addr) bool { return !slices.ContainsFunc(has, hears(vip)) })
	if deaf || !slices.Equal(ports(has), ports(first)) {
		has = first
	}
	for _, b := range has {
		own := b.Address == n.Address.Addr() && !slices.Contains(s.Hidden, b.Address)
		if deaf || !own && !b.Address.IsLoopback() && !slices.Contains(p.bp.VIPs, b.Address) {
			b.Address = netip.IPv4Unspecified()
		}
		all = listening(all, b)
	}
	smtp := settings.Bind{Address: netip.IPv4Unspecified(), Port: settings.PortOf(settings.SMTPName)}
	if service == settings.SMTPName && !slices.ContainsFunc(all, func(b settings.Bind) bool {
		return b.Port == smtp.Port && slices.ContainsFunc(p.bp.VIPs, func(vip netip.Addr) bool { return hears(vip)(b) })
	}) {
		all = listening(all, smtp)
	}
	return all
}

// hears says whether a line answers on the address.
func hears(a netip.Addr) func(settings.Bind) bool {
	return func(b settings.Bind) bool { return b.Address.IsUnspecified() || b.Address == a }
}

// spoken are the lines with SSL at the ports where clients expect it, and only there.
func spoken(binds []settings.Bind) []settings.Bind {
	all := slices.Clone(binds)
	for i, b := range all {
		if ssl, known := settings.SSLAt(b.Port); known {
			all[i].SSL = ssl
		}
	}
	return all
}

// listening are the lines with another one: one for every address stands for all of its port.
func listening(all []settings.Bind, b settings.Bind) []settings.Bind {
	if slices.ContainsFunc(all, func(has settings.Bind) bool { return has.Port == b.Port && hears(b.Address)(has) }) {
		return all
	}
	if b.Address.IsUnspecified() {
		all = slices.DeleteFunc(all, func(has settings.Bind) bool { return has.Port == b.Port })
	}
	return append(all, b)
}

// ports are those of a list, each once, as it has them.
func ports(binds []settings.Bind) (all []string) {
	for _, b := range binds {
		if _, port, _ := strings.Cut(b.String(), " "); !slices.Contains(all, port) {
			all = append(all, port)
		}
	}
	slices.Sort(all)
	return all
}

// proposeHidden has a node hide its own address where it hides a VIP (M3).
func (p *plan) proposeHidden(n *cluster.Node, service, list string, hidden []netip.Addr) {
	if slices.ContainsFunc(hidden, func(a netip.Addr) bool { return slices.Contains(p.bp.VIPs, a) }) {
		p.proposeList(audited.MailHidden, n, service, "hidden"+list, []string{n.Address.Addr().String()})
	}
}

// proposeList replaces a list of a service.
func (p *plan) proposeList(kind audited.ChangeKind, n *cluster.Node, service, list string, lines []string) {
	d := p.draft(kind, audited.Mend)
	d.mail, d.Node, d.From, d.To = true, n.Role, service, strings.Join(lines, ", ")
	name := d.files.named(mailFolder(n), list)
	d.Edits = edit.List(name, d.files[name], lines)
	d.write(name, []byte(strings.Join(lines, "\r\n")+"\r\n"))
	d.hand(n.Name, audited.EditList)
	d.hand(n.Name, audited.RestartMail)
	d.done()
}
