package live

import (
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/scenarios/loopback"
	"ipwsim/sim/cluster"
	"ipwsim/sim/mail/settings"
)

// servePlan is what `ipwsim serve` serves.
type servePlan struct {
	words.Lang
	cluster  *cluster.Blueprint
	node     *cluster.Node
	services settings.Node
	holds    []netip.Addr // the node's addresses: VIPs first, its own last
}

// plan is the node as the one that holds every VIP.
func plan(bp *cluster.Blueprint, role string, lang words.Lang) servePlan {
	p := servePlan{Lang: lang, cluster: bp, node: bp.Node(role)}
	p.services = bp.Mail.Services(slices.IndexFunc(bp.Nodes, func(n cluster.Node) bool { return n.Role == role }))
	p.holds = slices.Clone(bp.VIPs)
	if ip := p.services.Delivery.LogicalIP; ip.IsValid() && !slices.Contains(p.holds, ip) {
		p.holds = append(p.holds, ip)
	}
	if own := p.node.Address.Addr(); !slices.Contains(p.holds, own) {
		p.holds = append(p.holds, own)
	}
	return p
}

// serveRow is a simulated port and where on the loopback it is.
type serveRow struct {
	service string
	at, on  netip.AddrPort // on is zero: nowhere
	note    string
}

// open opens a port for each that the node's services, and the servers outside, are to listen on.
func (p servePlan) open(n *loopback.Net, f serveFlags) ([]serveRow, error) {
	place := map[netip.Addr]netip.Addr{}
	next := f.base
	for _, ip := range p.holds {
		place[ip], next = next, next.Next()
	}
	var rows []serveRow
	for _, s := range []struct {
		name, flag string
		settings.Service
		port uint16
	}{
		{"EPSTRS", "--smtp", p.services.SMTP, f.smtp},
		{"EPSTPOP3S", "--pop3", p.services.POP3, f.pop3},
		{"EPSTIMAP4S", "--imap", p.services.IMAP, f.imap},
	} {
		for _, r := range p.ports(s.name, s.Service) {
			port := uint16(0)
			if r.at.Port() == s.Binds[0].Port {
				port = s.port
			}
			if err := r.open(n, s.flag, place[r.at.Addr()], port); err != nil {
				return nil, err
			}
			rows = append(rows, r)
		}
	}
	for _, o := range p.cluster.Mail.Outside {
		r := serveRow{service: o.Name, at: outsideAt(o), note: p.Say("serve.takes", strings.Join(o.Domains, ", "))}
		if err := r.open(n, "--smtp", next, f.smtp); err != nil {
			return nil, err
		}
		rows, next = append(rows, r), next.Next()
	}
	return rows, nil
}

// open opens the row's port; without an address there is none.
func (r *serveRow) open(n *loopback.Net, flag string, at netip.Addr, port uint16) (err error) {
	if !at.IsValid() {
		return nil
	}
	if r.on, err = n.Open(r.at, netip.AddrPortFrom(at, port)); err != nil {
		return diag.Errorf("%s: %w; expected a free port, or 0 for any", flag, err)
	}
	return nil
}

// ports are the addresses and ports that a service is to listen on, each once.
func (p servePlan) ports(name string, s settings.Service) []serveRow {
	if !s.Installed {
		return nil
	}
	var rows []serveRow
	for _, b := range s.Binds {
		addresses := []netip.Addr{b.Address}
		if b.Address.IsUnspecified() {
			addresses = p.holds
		}
		for _, ip := range addresses {
			r := serveRow{service: name, at: netip.AddrPortFrom(ip, b.Port)}
			switch {
			case slices.ContainsFunc(rows, func(o serveRow) bool { return o.at == r.at }):
				continue
			case !slices.Contains(p.holds, ip):
				r.note = p.Say("serve.not-here")
			case slices.Contains(s.Hidden, ip):
				r.note = p.Say("serve.hidden")
			case b.SSL:
				r.note = p.Say("serve.ssl")
			}
			rows = append(rows, r)
		}
	}
	return rows
}

// outsideAt is where a server outside listens.
func outsideAt(o cluster.Outside) netip.AddrPort { return netip.AddrPortFrom(o.Address.Addr(), 25) }

// print tells what is served and where.
func (p servePlan) print(w io.Writer, rows []serveRow) {
	var vips []string
	for _, vip := range p.holds[:len(p.holds)-1] {
		vips = append(vips, vip.String())
	}
	fmt.Fprintln(w, p.Say("serve.holds", p.node.Role, p.node.Name, p.cluster.Name, strings.Join(vips, " ")))
	for _, r := range rows {
		on := "-"
		if r.on.IsValid() {
			on = r.on.String()
		}
		fmt.Fprintln(w, strings.TrimRight(fmt.Sprintf("%-10s  %-19s %s %-15s  %s", r.service, r.at, p.Say("serve.is"), on, r.note), " "))
	}
	for _, d := range p.services.Domains {
		var users []string
		for _, u := range d.Users {
			users = append(users, u.Name)
		}
		fmt.Fprintf(w, "%s  %s: %s\n", term.Pad(p.Say("serve.accounts"), 10), d.Name, strings.Join(users, ", "))
	}
}
