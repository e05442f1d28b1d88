package cluster

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"ipwsim/core"
	"ipwsim/core/registry"
	"ipwsim/core/table"
	"ipwsim/sim/profile"
)

// checkTables holds each node's monitoring table against the cluster and against the other's.
func (d *draft) checkTables() {
	for i, n := range d.nodes {
		peer := d.nodes[1-i]
		if err := d.watcher.v.Takes(len(n.table.Rows())); err != nil {
			d.problems.Errorf(n.tableFile, 0, "%w", err)
		}
		for _, row := range n.table.Rows() {
			d.checkPeer(n, peer, row)
			d.checkInterface(n, row)
			if d.checkVIP(n, row) {
				d.checkWatchedByBoth(n, peer, row)
			}
		}
	}
}

func (d *draft) rowErrorf(n *nodeDraft, row table.Row, format string, args ...any) {
	d.problems.Errorf(n.tableFile, row.Line, format, args...)
}

// checkPeer wants the entry to point at the other node, by name or by address (C1, W1).
func (d *draft) checkPeer(n, peer *nodeDraft, row table.Row) {
	switch known := peer.name.ok && peer.address.ok; {
	case n.isCalled(row.Peer):
		d.problems.Kindf(WrongPeer, n.tableFile, row.Line, "-c=%s is this node itself; expected the other", row.Peer)
	case known && !peer.isCalled(row.Peer):
		d.problems.Kindf(WrongPeer, n.tableFile, row.Line, `-c=%s is no node of this cluster; expected \\%s or \\%s`, row.Peer, peer.name.v, peer.address.v.Addr())
	}
}

func (n *nodeDraft) isCalled(unc string) bool {
	return n.name.ok && isComputer(unc, n.name.v, n.address.v.Addr())
}

// checkInterface wants the name as it is, but for case: netsh takes no other (W1).
func (d *draft) checkInterface(n *nodeDraft, row table.Row) {
	if n.iface.ok && !strings.EqualFold(row.Interface, n.iface.v) {
		d.problems.Kindf(NoInterface, n.tableFile, row.Line, "-f=%s is no interface of %s; expected %s", row.Interface, n.label, n.iface.v)
	}
}

// checkVIP wants an address of the node's subnet that nobody else has (W2).
func (d *draft) checkVIP(n *nodeDraft, row table.Row) (ok bool) {
	for _, m := range d.stations() {
		if m.address.ok && m.address.v.Addr() == row.VIP {
			kind := ""
			if d.outsider(m.name) {
				kind = VIPInUse
			}
			d.problems.Kindf(kind, n.tableFile, row.Line, "-i=%s is the real address of %s; expected the virtual address", row.VIP, m.label)
			return kind != "" && d.inSubnet(n, row)
		}
	}
	return d.inSubnet(n, row)
}

// outsider says whether the name is that of a client or a stranger.
func (d *draft) outsider(name field[string]) bool {
	same := func(m machine) bool { return name.ok && m.name == name }
	return slices.ContainsFunc(d.clients, func(c *clientDraft) bool { return same(c.machine) }) ||
		slices.ContainsFunc(d.strangers, func(s *strangerDraft) bool { return same(s.machine) })
}

// inSubnet wants the VIP among the hosts of the node's segment, and of what its own mask makes of that.
func (d *draft) inSubnet(n *nodeDraft, row table.Row) bool {
	if !n.address.ok {
		return true
	}
	subnet, own := n.subnet(), n.address.v.Masked()
	what, is := reserved(subnet, row.VIP)
	if !is {
		if what, is = reserved(own, row.VIP); is {
			subnet = own
		}
	}
	switch {
	case !subnet.Contains(row.VIP):
		d.problems.Kindf(VIPSubnet, n.tableFile, row.Line, "-i=%s is outside the subnet %s of %s; expected an address in it", row.VIP, subnet, n.label)
		return true
	case is:
		d.rowErrorf(n, row, "-i=%s is the %s address of %s; expected the address of one host", row.VIP, what, subnet)
	default:
		return true
	}
	return false
}

// checkWatchedByBoth finds a VIP that would have no second node. A table that was refused is
// reported already.
func (d *draft) checkWatchedByBoth(n, peer *nodeDraft, row table.Row) {
	if len(peer.table.Rows()) > 0 && !watches(peer.table, row.VIP) {
		d.problems.Kindf(VIPAlone, n.tableFile, row.Line, "-i=%s is not in %s; expected both nodes to watch it", row.VIP, peer.tableFile)
	}
}

func watches(t table.Table, vip netip.Addr) bool {
	for _, row := range t.Rows() {
		if row.VIP == vip {
			return true
		}
	}
	return false
}

// checkSettings warns of settings that are each valid but do not go together. None is an error:
// a cluster configured so is what someone may want to see.
func (d *draft) checkSettings() {
	active, standby := d.nodes[0], d.nodes[1]
	if d.watcher.v == VRRP {
		return
	}
	if active.settings.ok && standby.settings.ok {
		d.checkBalance(active, standby)
		d.checkSame(active, standby)
		d.checkPipe(active, standby)
		d.checkPipe(standby, active)
	}
	for _, n := range d.nodes {
		if n.settings.ok {
			d.checkHeadStart(n)
			d.checkPace(n)
		}
	}
}

// checkPace wants several polls in an interval: else one lost echo is enough for a take-over (W12).
func (d *draft) checkPace(n *nodeDraft) {
	if set := n.settings.v; set.PingTimeout >= set.Interval {
		d.settingWarnf(n, "PingTimeout", "PingTimeout %v is no shorter than Interval %v, so one lost echo makes a VIP free (W12); expected a tenth of it, as the guide's 3 s of 30 s", set.PingTimeout, set.Interval)
	}
}

// checkPipe wants a slave to hear what its master asks for over the pipe. A master is asked for nothing (W15).
func (d *draft) checkPipe(n, peer *nodeDraft) {
	if set := n.settings.v; n.pipeBlocked.v && set.Balance == core.Slave && peer.settings.v.Balance == core.Master {
		d.problems.Warnf(d.toml, n.pipeBlocked.line, "%s.pipe_blocked: the master asks in vain for a VIP that this node has taken, and gets it by the release cycle alone, up to %v later and with a failover's silence, not in 5-10 s (W15, W18); expected false",
			n.key, set.ReleaseCycle())
	}
}

// checkHeadStart wants the slave's extra interval (W13) to be longer than the master takes to poll,
// add the address and have it probed. Otherwise the slave's probe finds the master's address still
// tentative, and the master's becomes Duplicate (H3).
func (d *draft) checkHeadStart(n *nodeDraft) {
	if n.settings.v.Balance != core.Master || !n.netsh.ok || !n.server.ok {
		return
	}
	set := n.settings.v
	if need := longestTake(set, n.netsh.v[1], n.server.v); set.Interval <= need {
		d.settingWarnf(n, "Interval", "Interval %v leaves the master too little time to go first: polling, netsh and address detection take up to %v (W13)", set.Interval, need)
	}
}

// longestTake is how long a node may take to have a VIP that is free: to poll it, to add it and to have it probed.
func longestTake(set core.Settings, netsh time.Duration, server profile.Server) time.Duration {
	return set.PingTimeout + netsh + server.Tentative()
}

// LongestTake is how long the node may take to have a VIP that is free. A master whose Interval is no longer has no head
// start (W13).
func (n *Node) LongestTake() time.Duration { return longestTake(n.Settings, n.NetshMax, n.Server) }

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
