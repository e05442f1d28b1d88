package cluster

import (
	"strings"

	"ipwsim/core/registry"
	"ipwsim/sim/mail/settings"
)

// administrator is the account that the guide has the watcher's service run as (step 11).
const administrator = `.\Administrator`

// RightOnHost says whether a service that runs as the account may change the machine's addresses: Administrator may, and
// LocalSystem, which is the machine itself (H17).
// Inferred: no other account may; whether one is in the group Administrators is not known here.
func RightOnHost(account string) bool {
	return settings.RightOnShare(account) || strings.EqualFold(account, settings.LocalSystem)
}

// RightAtPipe says whether the peer lets the account in at its pipe, which is as on the share (C3, H17).
func RightAtPipe(account string) bool { return settings.RightOnShare(account) }

// readAccount reads what the watcher's service runs as. An export without it leaves the guide's.
func (d *draft) readAccount(f registry.File, n *nodeDraft) {
	account, line, found := f.Account(registry.WatcherService)
	if !found {
		n.account = administrator
		return
	}
	n.account = account
	switch {
	case !RightOnHost(account):
		d.problems.Warnf(f.Name, line, "%s runs as %s, which may change no address, so it never takes a VIP (H17); expected %s (guide, step 11)",
			registry.WatcherService, account, administrator)
	case !RightAtPipe(account):
		d.problems.Warnf(f.Name, line, "%s runs as %s, which the other node refuses at its pipe, so this node asks in vain for its VIP (H17); expected %s (guide, step 11)",
			registry.WatcherService, account, administrator)
	}
}
