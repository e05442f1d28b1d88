package mail

import (
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/share"
)

// Names are the services by name, in the order in which Windows starts them here.
var Names = settings.Services

// StartServices starts the services that the node has (M1); they run until the machine ends. mount is
// the share as services see it that run with the account (C3).
func StartServices(h Host, mount func(account string) share.FS, node settings.Node, computer string) {
	for _, name := range Names {
		if s, installed := node.Service(name); installed {
			StartService(name, h, mount(s.Account), node, computer)
		}
	}
}

// StartService starts one of the services that the node has; fs is the share as it sees it.
func StartService(name string, h Host, fs share.FS, node settings.Node, computer string) {
	switch name {
	case settings.SMTPName:
		NewEPSTRS(h, fs, node, computer).Start()
	case settings.DeliveryName:
		NewEPSTDS(h, fs, node, computer).Start()
	case settings.POP3Name:
		NewPOP3(h, fs, node).Start()
	case settings.IMAPName:
		NewIMAP(h, fs, node, computer).Start()
	}
}
