package settings

import (
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// checkFolders wants all folders on the cluster's share, by its UNC name (C3).
func (c *checker) checkFolders() {
	for _, f := range []struct {
		name string
		folderSetting
	}{{valueWork, c.n.work}, {valueInbox, c.n.inbox}, {valueAccounts, c.n.accounts}} {
		switch {
		case !f.found:
		case f.name == valueWork && c.n.workByInbox() != "":
			c.warnf(f.at, `%s is %s, with a drive letter, with which the services do not work (C3); expected %s, where %s is`, f.name, text.Quote(f.text), c.n.workByInbox(), valueInbox)
		case f.unc.Server == "":
			c.warnf(f.at, `%s is %s, with a drive letter, with which the services do not work (C3); expected a UNC name, as in \\EPOST-TEC\cl_mail`, f.name, text.Quote(f.text))
		case c.Share.Server != "" && !c.IsShare(f.unc):
			c.warnf(f.at, "%s is %s, which is not on the cluster's share, so nobody finds it (C3); expected a folder of %s", f.name, text.Quote(f.text), c.Share.Root())
		}
	}
	if a := c.n.accounts; a.found && !strings.HasSuffix(a.text, `\`) {
		c.warnf(a.at, `%s is %s, without a backslash at its end, so accounts are looked for in %s<domain>.idx (guide, step 5); expected %s\`, valueAccounts, text.Quote(a.text), a.text, a.text)
	}
}

// checkSame wants on this node what the first one has: they serve one domain from one share.
func (c *checker) checkSame(first *NodeFiles) {
	n := c.n
	c.sameFolder(valueWork, n.work, first.work, diag.Say("each accepts mail that the other does not see"))
	c.sameFolder(valueAccounts, n.accounts, first.accounts, diag.Say("they know different users"))
	c.sameFolder(valueInbox, n.inbox, first.inbox, diag.Say("each delivers into mailboxes that nobody reads at the other"))
	c.sameServices(first)
	c.sameDomains(first)
	c.sameRelay(first)
	if a, b := n.Node.Delivery, first.Node.Delivery; a.Installed && b.Installed {
		if a.LogicalIP.IsValid() && b.LogicalIP.IsValid() && a.LogicalIP != b.LogicalIP {
			c.warnf(n.logicalIP.at, "%s is %s here and %s in %s, so both nodes can deliver at a time: duplicates (M4); expected the same on both nodes", valueLogicalIP, a.LogicalIP, b.LogicalIP, first.Folder)
		}
		if a.RetryAfter != b.RetryAfter || a.RetryFor != b.RetryFor {
			c.warnf(n.deliveryAccount.at, "%s tries each %v for %v here and each %v for %v in %s; expected the same on both nodes", DeliveryName, a.RetryAfter, a.RetryFor, b.RetryAfter, b.RetryFor, first.Folder)
		}
	}
}

// sameFolder compares folders, not their spelling: the server may go by its name or its address.
func (c *checker) sameFolder(name string, here, there folderSetting, effect diag.Text) {
	same := strings.EqualFold(here.text, there.text) ||
		here.unc.Server != "" && c.IsShare(here.unc) && c.IsShare(there.unc) && strings.EqualFold(here.unc.Path, there.unc.Path)
	if told := there.unc.Server == "" && here.unc.Server != ""; here.found && there.found && !same && !told { // checkFolders, of that one
		c.warnf(here.at, "%s is %s here and %s in %s, so %s; expected the same on both nodes", name, text.Quote(here.text), text.Quote(there.text), there.at.file, effect)
	}
}

func (c *checker) sameServices(first *NodeFiles) {
	here, there := c.n.listening(), first.listening()
	name := func(s *serviceFiles) string { return s.name }
	for _, s := range there {
		other := slices.IndexFunc(here, func(h *serviceFiles) bool { return h.name == s.name })
		switch {
		case other < 0 && (s.name == SMTPName || c.asked(c.node, s.name)): // reported
		case other < 0:
			c.warnf(c.folder(), "%s is installed in %s, not here (M1); expected the same on both nodes", name(s), first.Folder)
		case !slices.Equal(ports(here[other]), ports(s)):
			c.warnf(place{file: here[other].where(c.n)}, "%s listens on port %v here and %v in %s; expected the same on both nodes", name(s), ports(here[other]), ports(s), s.where(first))
		}
	}
	for _, h := range here {
		if h.name != SMTPName && !c.asked(0, h.name) && !slices.ContainsFunc(there, func(s *serviceFiles) bool { return s.name == h.name }) {
			c.warnf(c.folder(), "%s is installed here, not in %s (M1); expected the same on both nodes", name(h), first.Folder)
		}
	}
}

// where is the list of the service, or the folder that has none.
func (s *serviceFiles) where(n *NodeFiles) string {
	if s.bindFile != "" {
		return s.bindFile
	}
	return n.Folder
}

func ports(s *serviceFiles) (all []uint16) {
	for _, row := range s.binds {
		all = append(all, row.Port)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (c *checker) sameDomains(first *NodeFiles) {
	for i, d := range c.n.domains {
		other := slices.IndexFunc(first.domains, func(o domain) bool { return o.name == d.name })
		switch {
		case other < 0 && len(first.domains) > 0:
			c.warnf(d.at, "%s is a domain here, not in %s, which refuses its mail; expected the same on both nodes", d.name, first.Folder)
		case other >= 0 && c.n.Node.Domains[i].IP.IsValid() != first.Node.Domains[other].IP.IsValid():
			c.warnf(d.at, "%s has an %s on one node only, so its mailboxes are in different folders (M5); expected the same on both nodes", d.name, valueIP)
		}
	}
	for _, o := range first.domains {
		if len(c.n.domains) > 0 && !slices.ContainsFunc(c.n.domains, func(d domain) bool { return o.name == d.name }) {
			c.warnf(c.folder(), "%s is a domain in %s, not here, so its mail is refused (guide, step 10); expected the same on both nodes", o.name, first.Folder)
		}
	}
}
