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

// mailServices are those of a node, by their names in the registry.
var mailServices = []string{settings.SMTPName, settings.DeliveryName, settings.POP3Name, settings.IMAPName}

// mailFolder is where a node's mail files are.
func mailFolder(n *cluster.Node) string { return n.Role + "/mail" }

// proposeMail are changes of the mail services, on clusters that have them.
func (p *plan) proposeMail() {
	if p.bp.Mail == nil {
		return
	}
	for i := range p.bp.Nodes {
		n, m := &p.bp.Nodes[i], p.bp.Mail.Nodes[i]
		if len(n.MailBlocked) > 0 {
			p.proposeMailPorts(n)
		}
		if m.Delivery.Installed {
			p.proposeLogicalIP(n, m.Delivery.LogicalIP, p.bp.Mail.Nodes[1-i].Delivery.LogicalIP)
		}
		for _, name := range mailServices {
			s, installed := m.Service(name)
			if installed && (!p.bp.Knows(n, s.Account) || !p.bp.Administrators.RightOnShare(s.Account)) {
				p.proposeMailAccount(n, name, s.Account)
			}
			if installed && s.Startup.Manual {
				p.proposeMailStart(n, name)
			}
		}
	}
	p.proposeMailFiles()
	p.proposeHosts()
	p.proposeMailRecovery()
}

// proposeMailRecovery has Windows start mail services again that die, where it does not yet.
func (p *plan) proposeMailRecovery() {
	d := p.draft(audited.MailRecovery, audited.Choice)
	d.services, d.To = true, recoverAfter.String()
	for i := range p.bp.Nodes {
		n := &p.bp.Nodes[i]
		for _, name := range mailServices {
			if s, installed := p.bp.Mail.Nodes[i].Service(name); !installed || len(s.Startup.Restarts) > 0 {
				continue
			}
			d.edited(edit.Registry(d.files, d.plan.files, mailFolder(n), edit.Restarted(name, recoverAfter)))
			d.type_(n.Name, recovery(name))
		}
	}
	d.done()
}

// proposeLogicalIP has EPSTDS deliver on the node alone that has the VIP (M4).
func (p *plan) proposeLogicalIP(n *cluster.Node, has, peers netip.Addr) {
	want := p.bp.VIPs[0]
	if slices.Contains(p.bp.VIPs, peers) {
		want = peers
	}
	if slices.Contains(p.bp.VIPs, has) && (has == want || n.Role == cluster.Active) {
		return
	}
	d := p.draft(audited.LogicalIP, audited.Mend)
	d.mail, d.Node, d.VIP, d.To = true, n.Role, want.String(), want.String()
	if has.IsValid() {
		d.From = has.String()
	}
	d.registry(n, mailFolder(n), edit.Text(registry.ServicesKey+`\`+settings.DeliveryName, "LogicalIP", want.String()))
	d.hand(n.Name, audited.RestartMail)
	d.done()
}

func (p *plan) proposeMailAccount(n *cluster.Node, service, account string) {
	d := p.draft(audited.MailAccount, audited.Mend)
	d.mail, d.Node, d.From, d.To = true, n.Role, service, registry.GuideAccount
	d.edited(edit.Registry(d.files, d.plan.files, mailFolder(n), edit.Text(registry.ServicesKey+`\`+service, "ObjectName", registry.GuideAccount)))
	d.type_(n.Name, fmt.Sprintf(`sc config %s obj= .\Administrator password= PASSWORD`, service))
	d.hand(n.Name, audited.Password)
	d.hand(n.Name, audited.RestartMail)
	d.done()
}

func (p *plan) proposeMailStart(n *cluster.Node, service string) {
	d := p.draft(audited.MailStart, audited.Mend)
	d.mail, d.services, d.Node, d.From = true, true, n.Role, service
	d.edited(edit.Registry(d.files, d.plan.files, mailFolder(n), edit.Number(registry.ServicesKey+`\`+service, "Start", 2)))
	d.type_(n.Name, "sc config "+service+" start= auto")
	d.done()
}

// proposeMailPorts has the node's firewall let mail in.
func (p *plan) proposeMailPorts(n *cluster.Node) {
	d := p.draft(audited.AllowMail, audited.Mend)
	d.mail, d.Node, d.To = true, n.Role, n.MailBlocked.String()
	d.toml(table{"node." + n.Role, 0}, "mail_blocked", "[]")
	d.type_(n.Name, fmt.Sprintf(`netsh advfirewall firewall add rule name="E-Post mail" protocol=tcp localport=%s dir=in action=allow`, strings.ReplaceAll(d.To, " ", "")))
	d.hand(n.Name, audited.BlockRule)
	d.done()
}

// proposeHosts gives each domain its line on each node that lacks it, or has it at another address than a VIP's (M7).
func (p *plan) proposeHosts() {
	for _, domain := range p.bp.Mail.Nodes[0].Domains {
		vip, told := p.bp.VIPs[0], slices.Contains(p.bp.VIPs, domain.IP)
		if told {
			vip = domain.IP
		}
		d := p.draft(audited.HostsLine, audited.Mend)
		d.mail, d.VIP, d.To = true, vip.String(), domain.Name
		for i := range p.bp.Nodes {
			d.hosts(&p.bp.Nodes[i], p.bp.Mail.Nodes[i].Hosts[domain.Name], vip, domain.Name, told)
		}
		d.done()
	}
}

// hosts gives a node the line, unless it has one that leads to a VIP: to that one, if others tell other domains.
func (d *draft) hosts(n *cluster.Node, has []netip.Addr, vip netip.Addr, domain string, told bool) {
	if slices.ContainsFunc(has, func(a netip.Addr) bool { return a == vip || !told && slices.Contains(d.plan.bp.VIPs, a) }) {
		return
	}
	name := mailFolder(n) + "/hosts"
	line := vip.String() + " " + domain
	kept, removed := d.withoutDomain(name, domain)
	d.Edits = append(d.Edits, removed...)
	d.Edits = append(d.Edits, audited.Edit{File: name, New: line})
	d.write(name, append([]byte(line+"\r\n"), kept...))
	d.hand(n.Name, audited.EditHosts)
	d.named(n)
}

// withoutDomain is the hosts file without the lines that name the domain.
func (d *draft) withoutDomain(name, domain string) (kept []byte, gone []audited.Edit) {
	for i, line := range strings.SplitAfter(string(d.files[name]), "\n") {
		row, _, _ := strings.Cut(line, "#")
		if fields := strings.Fields(strings.ToLower(row)); len(fields) > 1 && slices.Contains(fields[1:], domain) {
			gone = append(gone, audited.Edit{File: name, Line: i + 1, Old: strings.TrimSpace(row)})
			continue
		}
		kept = append(kept, line...)
	}
	return kept, gone
}
