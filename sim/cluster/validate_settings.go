package cluster

import (
	"ipwsim/core"
	"ipwsim/core/registry"
)

// checkSettings warns of settings that are each valid but do not go together. None is an error:
// a cluster configured so is what someone may want to see.
func (d *draft) checkSettings() {
	active, standby := d.nodes[0], d.nodes[1]
	if active.settings.ok && standby.settings.ok {
		d.checkBalance(active, standby)
		d.checkSame(active, standby)
	}
}

// checkBalance wants one master, on the machine called active (C5, W21).
func (d *draft) checkBalance(active, standby *nodeDraft) {
	const expected = "; expected 0 on active and 1 on standby"
	a, s := active.settings.v.Balance, standby.settings.v.Balance
	switch {
	case a == core.Master && s == core.Master:
		d.settingWarnf(standby, "Balance", "Balance is 0 (master) on both nodes, so neither gives the VIP back to the other (W21)%s", expected)
	case a == core.Slave && s == core.Slave:
		d.settingWarnf(active, "Balance", "Balance is 1 (slave) on both nodes, so the VIP is released each cycle with no master to take it (W18)%s", expected)
	case a == core.Slave:
		d.settingWarnf(active, "Balance", "Balance makes this node the slave and the other the master (C5), against the names of their folders%s", expected)
	}
}

// checkSame wants one timing on both nodes: the times of the guide hold for no other.
func (d *draft) checkSame(active, standby *nodeDraft) {
	a, s := active.settings.v, standby.settings.v
	differ := func(name string, here, there any) {
		if here != there {
			d.settingWarnf(standby, name, "%s is %v here and %v in %s; expected the same on both nodes", name, here, there, active.reg.Name)
		}
	}
	differ("Interval", s.Interval, a.Interval)
	differ("ReleaseTime", s.ReleaseTime, a.ReleaseTime)
	differ("PingTimeout", s.PingTimeout, a.PingTimeout)
}

// settingWarnf warns at the value or, where the default applies, at its key.
func (d *draft) settingWarnf(n *nodeDraft, name, format string, args ...any) {
	line := n.reg.Line(name)
	if line == 0 {
		key, _ := n.reg.Key(registry.SettingsKey)
		line = key.Line
	}
	d.problems.Warnf(n.reg.Name, line, format, args...)
}
