package mail

import (
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/share"
)

// StartServices starts the services that the node has (M1); they run until the machine ends. mount is
// the share as services see it that run with the account (C3).
func StartServices(h Host, mount func(account string) share.FS, node settings.Node, computer string) {
	if node.SMTP.Installed {
		NewEPSTRS(h, mount(node.SMTP.Account), node, computer).Start()
	}
	if node.Delivery.Installed {
		NewEPSTDS(h, mount(node.Delivery.Account), node, computer).Start()
	}
	if node.POP3.Installed {
		NewPOP3(h, mount(node.POP3.Account), node).Start()
	}
	if node.IMAP.Installed {
		NewIMAP(h, mount(node.IMAP.Account), node, computer).Start()
	}
}
