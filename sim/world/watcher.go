package world

import (
	"ipwsim/core"
	"ipwsim/core/driver"
	"ipwsim/core/vrrp"
	"ipwsim/sim/cluster"
	"ipwsim/sim/windows"
)

// watcher makes the watcher of a node, each time its service starts.
func watcher(n cluster.Node) func(core.Settings, []core.Entry, driver.Ports) windows.Watcher {
	if n.Watcher.Kind != cluster.VRRP {
		return windows.IPWatcher
	}
	return func(read core.Settings, entries []core.Entry, p driver.Ports) windows.Watcher {
		set := n.Watcher.VRRP
		set.Own, set.LogEnabled = n.Address.Addr(), read.LogEnabled
		return driver.New(vrrp.New(set, entries), p)
	}
}

// ruleOf says what the watcher's reasons follow from.
func ruleOf(n cluster.Node) func(core.Reason) string {
	if n.Watcher.Kind == cluster.VRRP {
		return vrrp.Rule
	}
	return core.Reason.Rule
}
