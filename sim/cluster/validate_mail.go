package cluster

import (
	"io/fs"
	"net/netip"
	"path"
	"slices"

	"ipwsim/core/diag"
	"ipwsim/sim/mail/settings"
)

// machines are those of the mail server that are no nodes.
func (m *mailDraft) machines() []machine {
	var all []machine
	if m.share != nil {
		all = append(all, m.share.machine)
	}
	for _, o := range m.outside {
		all = append(all, o.machine)
	}
	return all
}

// any says whether the cluster has anything of a mail server.
func (m *mailDraft) any() bool {
	return m.given || len(m.outside) > 0 || m.folders != [2]string{}
}

// claimMail keeps the names of the mail server's machines apart from all others.
func (d *draft) claimMail(claim func(name field[string], what diag.Text)) {
	if s := d.mail.share; s != nil {
		claim(s.name, diag.Say("the share's server"))
		claim(field[string]{shareFolder, s.line, true}, diag.Say("the share in scenarios"))
	}
	for _, o := range d.mail.outside {
		d.checkReserved(o.name)
		claim(o.name, diag.Say("a mail server outside"))
	}
}

// checkMail wants the whole of a mail server or nothing of it, and holds the nodes' files against the
// cluster. dir is the cluster's folder.
func (d *draft) checkMail(fsys fs.FS, dir string) {
	m := &d.mail
	if !m.any() {
		return
	}
	if !m.given && m.tomlRead {
		d.errorf(0, "there is no [share], though the cluster has a mail server; expected one, with the folders of its mail (C3)")
	}
	for i, n := range d.nodes {
		if n.folder != "" && m.folders[i] == "" {
			d.problems.Errorf(n.folder, 0, "there is no folder %s, though the cluster has a mail server; expected the mail files of %s in it", mailFolder, n.label)
		}
	}
	d.checkMailWays()
	nodes := []*settings.NodeFiles{m.files[0], m.files[1]}
	if m.share == nil {
		return
	}
	facts := d.facts()
	m.share.checkAddress(d)
	if m.share.unc.ok && !slices.Contains(nodes, nil) {
		d.problems = append(d.problems, settings.ReadUsers(fsys, path.Join(dir, shareFolder), nodes, facts)...)
	}
	d.problems = append(d.problems, settings.Check(nodes, facts)...)
	d.checkOutside(nodes)
}

// checkAddress wants an address in the share's name to be its server's. Nobody asks for that: it plays all the same.
func (s *shareDraft) checkAddress(d *draft) {
	if ip, err := netip.ParseAddr(s.unc.v.Server); err == nil && s.address.ok && ip != s.address.v.Addr() {
		d.problems.Warnf(d.toml, s.unc.line, "share.unc: %s is not the share's address, %s; expected one address in both, or a name", ip, s.address.v.Addr())
	}
}

// facts are those known: the zero value stands for the others.
func (d *draft) facts() settings.Facts {
	f := settings.Facts{Share: d.mail.share.unc.v, ShareAddress: d.mail.share.address.v.Addr(), Admins: d.admins.v}
	for _, row := range d.nodes[0].table.Rows() {
		f.VIPs = append(f.VIPs, row.VIP)
	}
	for _, n := range d.nodes {
		f.Asked = append(f.Asked, d.asked.services(n.folder))
		f.Real = append(f.Real, n.address.v.Addr())
		f.Computers = append(f.Computers, n.name.v)
	}
	return f
}

// checkMailWays wants the nodes to reach the share and the servers outside, and these the nodes.
func (d *draft) checkMailWays() {
	for _, m := range d.mail.machines() {
		for i, n := range d.nodes {
			if !m.address.ok || !n.address.ok || m.address.v.Masked() == n.subnet() {
				continue
			}
			subnet := n.subnet()
			if !m.gatewayGiven && i == 0 {
				d.errorf(m.address.line, "%s: %s is outside the subnet %s of %s; expected an address in it, or a gateway", m.label, m.address.v, subnet, n.label)
			}
			if !n.gatewayGiven {
				d.errorf(n.address.line, "%s has no gateway, so it does not reach %s in %s; expected the address of a [[router.interface]]", n.key, m.label, m.address.v.Masked())
			}
		}
	}
}

// checkOutside wants each domain in one place.
func (d *draft) checkOutside(nodes []*settings.NodeFiles) {
	owner := map[string]diag.Text{}
	for _, n := range nodes {
		if n == nil {
			continue
		}
		for _, own := range n.Node.Domains {
			owner[own.Name] = diag.Say("this cluster")
		}
	}
	for _, o := range d.mail.outside {
		for _, name := range o.domains.v {
			if who, taken := owner[name]; taken {
				d.errorf(o.domains.line, "outside.domains: %s is a domain of %s already; expected each domain in one place", name, who)
			}
			owner[name] = o.label
		}
	}
}

// mailServer is the draft of it when nothing is wrong, or nil.
func (m *mailDraft) mailServer() *Mail {
	if !m.any() {
		return nil
	}
	s := m.share
	mail := &Mail{
		Share: Share{
			UNC: s.unc.v, Address: s.address.v, MAC: s.mac.v, Gateway: s.gateway.v, Switch: s.plugged.v,
			Capacity: s.capacity.v, Latency: s.latency.v, Handles: s.handles.v,
		},
		Nodes: []settings.Node{m.files[0].Node, m.files[1].Node},
	}
	for _, o := range m.outside {
		mail.Outside = append(mail.Outside, Outside{
			Name: o.name.v, Address: o.address.v, MAC: o.mac.v, Gateway: o.gateway.v, Switch: o.plugged.v, Domains: o.domains.v,
		})
	}
	return mail
}
