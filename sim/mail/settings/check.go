package settings

import (
	"net/netip"
	"slices"
	"strings"

	"ipwsim/core/diag"
)

// Facts are what a node's files are held against: the cluster they are for.
type Facts struct {
	VIPs         []netip.Addr // none: not known
	Real         []netip.Addr // of the nodes, in their order; the zero Addr: not known
	Share        UNC          // its Path does not count; the zero UNC: not known
	ShareAddress netip.Addr
	Admins       Administrators
	Computers    []string // the names of the nodes, in their order; "": not known. nil: none is

	// Asked are services of each node whose exports somebody is asked for: that they are missing is told. nil: none.
	Asked [][]string
}

// asked says whether the service's export of the node is asked for.
func (f Facts) asked(node int, service string) bool {
	return node < len(f.Asked) && slices.Contains(f.Asked[node], service)
}

// IsShare says whether the name is that of a folder on the cluster's share, by its server's name or
// address.
func (f Facts) IsShare(u UNC) bool {
	return strings.EqualFold(u.Share, f.Share.Share) &&
		(SameComputer(u.Server, f.Share.Server) || f.ShareAddress.IsValid() && u.Server == f.ShareAddress.String())
}

// Check finds what only the whole cluster shows. All of it can run, and is what someone may want to
// see, so all of it is warnings. The nodes are in the order of the facts; nil: an error in its files was told.
func Check(nodes []*NodeFiles, facts Facts) diag.List {
	var problems diag.List
	for i, n := range nodes {
		if n == nil {
			continue
		}
		c := checker{Facts: facts, node: i, n: n, real: facts.Real[i], problems: &problems}
		c.checkInstalled()
		c.checkAccounts()
		c.checkFolders()
		c.checkLogicalIP()
		c.checkDomains()
		c.checkShared()
		c.checkHosts()
		for _, s := range n.listening() {
			c.checkService(s)
		}
		c.checkPorts()
		c.checkRelay()
		if i > 0 && nodes[0] != nil {
			c.checkSame(nodes[0])
		}
	}
	problems.Sort()
	return problems
}

// checker checks one node.
type checker struct {
	Facts
	node     int // its place in the facts
	n        *NodeFiles
	real     netip.Addr // the node's own address
	problems *diag.List
}

func (c *checker) warnf(at place, format string, args ...any) {
	c.problems.Warnf(at.file, at.line, format, args...)
}

// folder is the place of what is missing altogether.
func (c *checker) folder() place { return place{file: c.n.Folder} }

func (c *checker) isVIP(a netip.Addr) bool  { return slices.Contains(c.VIPs, a) }
func (c *checker) isReal(a netip.Addr) bool { return a.IsValid() && slices.Contains(c.Real, a) }

// vips names the addresses that would be right.
func (c *checker) vips() diag.Text {
	switch len(c.VIPs) {
	case 0: // what is wrong with the tables is told
		return diag.Say("a VIP")
	case 1:
		return diag.Say("the VIP %s", c.VIPs[0])
	}
	return diag.Say("one of the VIPs %v", c.VIPs)
}

// notVIP says why an address that should be a VIP is none, or nil.
func (c *checker) notVIP(a netip.Addr) error {
	switch {
	case len(c.VIPs) == 0 || c.isVIP(a):
		return nil
	case c.isReal(a):
		return diag.Errorf("the real address of a node, which does not move")
	}
	return diag.Errorf("no VIP of this cluster")
}

// listening are the services that are installed and listen.
func (n *NodeFiles) listening() (all []*serviceFiles) {
	for _, s := range []struct {
		files     *serviceFiles
		installed bool
	}{{&n.smtp, n.Node.SMTP.Installed}, {&n.pop3, n.Node.POP3.Installed}, {&n.imap, n.Node.IMAP.Installed}} {
		if s.installed {
			all = append(all, s.files)
		}
	}
	return all
}

// checkInstalled finds services that every product has, and files of ones that are not there (M1).
func (c *checker) checkInstalled() {
	n := c.n
	for _, s := range []struct {
		name      string
		installed bool
	}{{SMTPName, n.Node.SMTP.Installed}, {DeliveryName, n.Node.Delivery.Installed}} {
		if !s.installed && !c.asked(c.node, s.name) {
			c.warnf(c.folder(), `no .reg export has the key [%s\%s], so %s does not run on this node (M1); expected it with an %s`, servicesKey, s.name, s.name, valueAccount)
		}
	}
	for _, s := range []struct {
		files     serviceFiles
		installed bool
	}{{n.smtp, n.Node.SMTP.Installed}, {n.pop3, n.Node.POP3.Installed}, {n.imap, n.Node.IMAP.Installed}} {
		for _, file := range []string{s.files.bindFile, s.files.hiddenFile} {
			if file != "" && !s.installed && !c.asked(c.node, s.files.name) {
				c.warnf(place{file: file}, "%s, which reads this file, is not installed (M1); expected its registry key, or no such file", s.files.name)
			}
		}
	}
}

// checkAccounts finds services whose account the node does not know (H17), or that has no right on the share (C3).
func (c *checker) checkAccounts() {
	check := func(name string, account setting) {
		switch other := c.other(); {
		case OfComputer(account.text, other) && !OfComputer(account.text, c.computer()):
			c.warnf(account.at, "%s runs as %s, an account of %s, which %s does not know, so it cannot log on and never starts (H17); expected %w",
				name, account.text, other, c.computer(), OwnAccounts(c.computer()))
			return
		case c.Admins.RightOnShare(account.text):
			return
		}
		c.warnf(account.at, `%s runs as %s, which has no right on the share, so it does not work, though it may look started (C3); expected .\Administrator in %s`,
			name, account.text, valueAccount)
	}
	for _, s := range c.n.listening() {
		check(s.name, s.account)
	}
	if c.n.Node.Delivery.Installed {
		check(DeliveryName, c.n.deliveryAccount)
	}
}

// computer is the node's name; "": not known.
func (c *checker) computer() string {
	if c.node < len(c.Computers) {
		return c.Computers[c.node]
	}
	return ""
}

// other is that of the other node.
func (c *checker) other() string {
	if at := 1 - c.node; len(c.Computers) == 2 {
		return c.Computers[at]
	}
	return ""
}

// checkLogicalIP wants EPSTDS to deliver only while this node has the VIP (M4).
func (c *checker) checkLogicalIP() {
	n := c.n
	if !n.Node.Delivery.Installed {
		return
	}
	a := n.Node.Delivery.LogicalIP
	switch wrong := c.notVIP(a); {
	case !a.IsValid():
		c.warnf(n.logicalIP.at, "%s has no %s, so it delivers without the VIP too and both nodes work on one queue: duplicates (M4); expected %s", DeliveryName, valueLogicalIP, c.vips())
	case a == c.real:
		c.warnf(n.logicalIP.at, "%s %s is this node's real address, so %s always delivers: duplicates (M4); expected %s", valueLogicalIP, a, DeliveryName, c.vips())
	case wrong != nil:
		c.warnf(n.logicalIP.at, "%s %s is %s, so %s never delivers here (M4); expected %s", valueLogicalIP, a, wrong, DeliveryName, c.vips())
	}
}

// checkDomains wants domains told by an address that moves (M5).
func (c *checker) checkDomains() {
	n := c.n
	if len(n.domains) == 0 {
		c.warnf(c.folder(), `no .reg export has a key below [%s], so all mail is refused as for others' domains; expected one for each domain, as in [%s\example.com]`, domainsKey, domainsKey)
	}
	first := map[netip.Addr]string{}
	for i, d := range n.domains {
		a := n.Node.Domains[i].IP
		if !a.IsValid() {
			continue
		}
		if wrong := c.notVIP(a); wrong != nil {
			c.warnf(d.ip.at, "%s: %s is %s, so a client of the VIP is not taken for one of the domain (M5); expected %s", d.name, a, wrong, c.vips())
		}
		if other := first[a]; other != "" {
			c.warnf(d.ip.at, "%s: %s is that of %s already, so the address cannot tell them apart (M5); expected one of its own, or no %s in either", d.name, a, other, valueIP)
		} else {
			first[a] = d.name
		}
	}
}

// checkShared finds mailboxes of two people: domains that no address tells apart have common ones (M5).
func (c *checker) checkShared() {
	all := c.n.Node.Domains
	for i, d := range all {
		for j, other := range all[:i] {
			if d.IP.IsValid() || other.IP.IsValid() {
				continue
			}
			if both := common(d.Users, other.Users); len(both) > 0 {
				c.warnf(c.n.domains[i].at, "%s and %s (line %d) have no %s and both an account %s, so one mailbox is two people's and each reads the other's mail (M5); expected an %s for one of them, or accounts that differ",
					d.Name, other.Name, c.n.domains[j].at.line, valueIP, strings.Join(both, ", "), valueIP)
			}
		}
	}
}

// common are the names that both have.
func common(a, b []User) (names []string) {
	for _, u := range a {
		if slices.ContainsFunc(b, func(o User) bool { return o.Name == u.Name }) {
			names = append(names, u.Name)
		}
	}
	return names
}

// addressOf is the address that tells the domain; the zero Addr: it has none.
func (n *NodeFiles) addressOf(name string) (ip netip.Addr) {
	for _, d := range n.Node.Domains {
		if d.Name == name {
			ip = d.IP
		}
	}
	return ip
}

// checkHosts wants each domain to be found at the VIP without DNS (M7).
func (c *checker) checkHosts() {
	n := c.n
	if n.hostsFile == "" && len(n.domains) > 0 {
		c.warnf(c.folder(), "there is no hosts file, so each look-up of a domain of ours waits for DNS to time out (M7); expected `%s` with a line for each domain", hostsName)
		return
	}
	for _, d := range n.domains {
		if len(n.Node.Hosts[d.name]) == 0 {
			c.warnf(place{file: n.hostsFile}, "%s is missing, so each look-up of it waits for DNS to time out (M7); expected a line with %s and %s", d.name, c.vips(), d.name)
			continue
		}
		told := n.addressOf(d.name)
		for _, row := range n.hosts {
			switch wrong := c.notVIP(row.Address); {
			case !row.Address.Is4() || !slices.Contains(row.Names, d.name):
			case wrong != nil:
				c.warnf(place{n.hostsFile, row.Line}, "%s is at %s, %s (M7); expected %s", d.name, row.Address, wrong, c.vips())
			case c.isVIP(told) && row.Address != told:
				c.warnf(place{n.hostsFile, row.Line}, "%s is at %s, and told by the address %s (%s:%d), so mail that is sent on to it is taken for another domain's (M5, M7); expected %s", d.name, row.Address, told, d.ip.at.file, d.ip.at.line, told)
			}
		}
	}
}
