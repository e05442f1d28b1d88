package cluster

import (
	"maps"
	"net/netip"
	"strings"
	"time"

	"ipwsim/core/registry"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/trace"
)

// Mail is the mail server of a cluster that has one (M1-M7).
type Mail struct {
	Share   Share
	Outside []Outside       // there may be none
	Nodes   []settings.Node // active, then standby
}

// Services is what the services of the i-th node are configured with, and DNS besides, which knows the
// servers outside.
func (m *Mail) Services(i int) settings.Node {
	set := m.Nodes[i]
	set.Hosts = maps.Clone(set.Hosts)
	if set.Hosts == nil {
		set.Hosts = map[string][]netip.Addr{}
	}
	for _, o := range m.Outside {
		for _, domain := range o.Domains {
			if len(set.Hosts[domain]) == 0 {
				set.Hosts[domain] = []netip.Addr{o.Address.Addr()}
			}
		}
	}
	return set
}

// ShareName is how scenarios and traces call the machine with the share, and its cable.
const ShareName = "share"

// Share is the machine with the share (C3), and what it is like.
type Share struct {
	UNC      settings.UNC // of its root
	Address  netip.Prefix
	MAC      trace.MAC
	Gateway  netip.Addr // the zero Addr: none
	Switch   string
	Capacity int64         // bytes; 0: no limit
	Latency  time.Duration // of one operation of its disk
	Handles  time.Duration // how long it keeps open what a node had open that died; 0: not at all
}

// Is says whether an operator's name for a share, `\\EPOST-TEC\cl_mail`, is that of this one. A node
// whose settings have another finds no share.
func (s Share) Is(unc string) bool {
	u, problem := settings.ParseUNC(unc)
	return problem == nil && s.facts().IsShare(u)
}

// Same says whether two names of folders are of one on this share, by whichever name of it; or are the same text.
func (s Share) Same(a, b string) bool {
	u, _ := settings.ParseUNC(a)
	v, _ := settings.ParseUNC(b)
	return strings.EqualFold(a, b) || s.Is(a) && s.Is(b) && strings.EqualFold(u.Path, v.Path)
}

func (s Share) facts() settings.Facts {
	return settings.Facts{Share: s.UNC, ShareAddress: s.Address.Addr()}
}

// Outside is a mail server that is not of the cluster.
type Outside struct {
	Name    string
	Address netip.Prefix
	MAC     trace.MAC
	Gateway netip.Addr // the zero Addr: none
	Switch  string
	Domains []string // it takes mail for; lower case, at least one
}

// Knows says whether the node knows the account: none of the other node's own, by that one's name (H17).
func (b *Blueprint) Knows(n *Node, account string) bool {
	return !settings.OfComputer(account, b.Peer(n).Name) || settings.OfComputer(account, n.Name)
}

// Unknown are the services of the node that cannot log on, for it does not know their accounts.
func (b *Blueprint) Unknown(n *Node) (services []string) {
	if !b.Knows(n, n.Account) {
		services = append(services, registry.WatcherService)
	}
	if b.Mail == nil {
		return services
	}
	for i := range b.Nodes {
		for _, name := range settings.Services {
			if s, installed := b.Mail.Nodes[i].Service(name); b.Nodes[i].Role == n.Role && installed && !b.Knows(n, s.Account) {
				services = append(services, name)
			}
		}
	}
	return services
}

// readAccount reads what the watcher's service runs as. An export without it leaves the guide's.
func (d *draft) readAccount(f registry.File, n *nodeDraft) {
	account, line, found := f.Account(registry.WatcherService)
	if !found {
		n.account = registry.GuideAccount
		return
	}
	n.account = account
	peer := d.nodes[0]
	if peer == n {
		peer = d.nodes[1]
	}
	switch {
	case settings.OfComputer(account, peer.name.v) && !settings.OfComputer(account, n.name.v):
		d.problems.Warnf(f.Name, line, "%s runs as %s, an account of %s, which %s does not know, so it cannot log on and never starts (H17); expected %w",
			registry.WatcherService, account, peer.name.v, n.name.v, settings.OwnAccounts(n.name.v))
	case !d.admins.v.RightOnHost(account):
		d.problems.Warnf(f.Name, line, "%s runs as %s: no file says that it is an administrator, and it is played as one that may change no address, so that it never takes a VIP (H17); expected %s (guide, step 11), or administrators = [%q] in cluster.toml if it is one on both nodes",
			registry.WatcherService, account, registry.GuideAccount, account)
	case !d.admins.v.RightOnShare(account): // the peer lets in whom the share lets in (C3)
		d.problems.Warnf(f.Name, line, "%s runs as %s, which the other node refuses at its pipe, so this node asks in vain for its VIP (H17); expected %s (guide, step 11)",
			registry.WatcherService, account, registry.GuideAccount)
	}
}
