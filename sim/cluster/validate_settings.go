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
		d.checkHeadStart(active, standby)
	}
}

// checkHeadStart wants the slave's extra interval (W13) to be longer than the master takes to poll,
// add the address and have it probed. Otherwise the slave's probe finds the master's address still
// tentative, and the master's becomes Duplicate (H3).
func (d *draft) checkHeadStart(active, standby *nodeDraft) {
	for _, n := range []*nodeDraft{active, standby} {
		if n.settings.v.Balance != core.Master || !n.netsh.ok || !n.server.ok {
			continue
		}
		set := n.settings.v
		if need := set.PingTimeout + n.netsh.v[1] + n.server.v.Tentative(); set.Interval <= need {
			d.settingWarnf(n, "Interval", "Interval %v leaves the master too little time to go first: polling, netsh and address detection take up to %v (W13)", set.Interval, need)
		}
	}
}

// checkBalance wants one master, on the machine called active (C5, W21).
func (d *draft) checkBalance(active, standby *nodeDraft) {
	const expected = "; expected 0 on active and 1 on standby"
	a, s := active.settings.v.Balance, standby.settings.v.Balance
	switch {
	case a == core.Master && s == core.Master:
		d.settingWarnf(standby, "Balance", "Balance is 0 (master) on both nodes, so neither gives the VIP back to the other (W21)"+expected)
	case a == core.Slave && s == core.Slave:
		d.settingWarnf(active, "Balance", "Balance is 1 (slave) on both nodes, so the VIP is released each cycle with no master to take it (W18)"+expected)
	case a == core.Slave:
		d.settingWarnf(active, "Balance", "Balance makes this node the slave and the other the master (C5), against the names of their folders"+expected)
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
