package audit

import (
	"fmt"
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
					p.proposeBinds(n, name, list, s.Binds, as.Binds)
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
		if key, has := file.Key(settings.ProductKey); has {
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

// proposeBinds has a service listen on every address where a VIP is not among those that it listens on, or at ports that are
// not the active node's (M2).
func (p *plan) proposeBinds(n *cluster.Node, service, list string, has, first []settings.Bind) {
	deaf := slices.ContainsFunc(p.bp.VIPs, func(vip netip.Addr) bool {
		return !slices.ContainsFunc(has, func(b settings.Bind) bool { return b.Address.IsUnspecified() || b.Address == vip })
	})
	if !deaf && slices.Equal(ports(has), ports(first)) {
		return
	}
	var lines []string
	for _, port := range ports(first) {
		number, ssl := strings.CutSuffix(port, "*")
		b := settings.Bind{Address: netip.IPv4Unspecified(), SSL: ssl}
		fmt.Sscan(number, &b.Port)
		lines = append(lines, b.String())
	}
	p.proposeList(audited.MailBinds, n, service, list, lines)
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
	for i, line := range strings.Split(strings.TrimSpace(string(d.files[name])), "\n") {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(lines, line) {
			d.Edits = append(d.Edits, audited.Edit{File: name, Line: i + 1, Old: line})
		}
	}
	for _, line := range lines {
		if !strings.Contains("\n"+strings.ReplaceAll(string(d.files[name]), "\r", "")+"\n", "\n"+line+"\n") {
			d.Edits = append(d.Edits, audited.Edit{File: name, New: line})
		}
	}
	d.write(name, []byte(strings.Join(lines, "\r\n")+"\r\n"))
	d.hand(n.Name, audited.EditList)
	d.hand(n.Name, audited.RestartMail)
	d.done()
}
