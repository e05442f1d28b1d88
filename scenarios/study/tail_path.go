package study

import (
	"time"

	"ipwsim/core"
	"ipwsim/sim/cluster"
)

// polls is what decides how often a watcher takes a healthy VIP.
type polls struct {
	miss     float64 // probability that a poll of a healthy VIP is missed
	interval time.Duration
	timeout  time.Duration
	netsh    time.Duration // mean
	probes   int           // of address detection
	probing  time.Duration // from one probe to the next
	adverts  bool          // they are a master's advertisements, which nobody answers, and nobody yields
}

// polls are those of the cell's slave, which are lost on the way to the master or back. Each
// echo request, and each answer, is one frame on every cable between the nodes; so is each probe of address
// detection, and the owner's defence.
//
// ARP adds next to nothing: the watcher's entry for the VIP, and the owner's for the watcher, are renewed
// by unicast probes while the old entry is still used, and only three lost probes in a row
// make a poll wait for an answer to a broadcast, which is asked for each second.
// TestTail_TheWholeWorld holds that against the simulation.
func (c *Cell) polls() polls {
	slave, master := c.slave(), c.master()
	p := polls{
		interval: slave.Settings.Interval, timeout: slave.Settings.PingTimeout,
		netsh: (slave.NetshMin + slave.NetshMax) / 2, probes: slave.Server.Probes, probing: slave.Server.ProbeInterval,
	}
	if set := slave.Watcher.VRRP; slave.Watcher.Kind == cluster.VRRP { // counted from the first that is missed
		p.adverts, p.interval, p.timeout = true, set.Down()-set.Advert, set.Advert
	}
	passed, trip := 1.0, time.Duration(0)
	for _, cable := range way(c.blueprint, slave, master) {
		trip += 2 * c.blueprint.Latency
		for _, i := range c.blueprint.Impaired {
			if i.Cable != cable {
				continue
			}
			ends := 1
			if i.From == "" && !p.adverts { // an advertisement passes it once
				ends = 2
			}
			for range ends {
				passed *= 1 - i.Loss/100
				trip += i.Latency
			}
		}
	}
	p.miss = 1 - passed
	if trip >= p.timeout {
		p.miss = 1
	}
	return p
}

// slave is the node that takes over: the one of the cell's Interval.
func (c *Cell) slave() *cluster.Node {
	active, standby := &c.blueprint.Nodes[0], &c.blueprint.Nodes[1]
	if standby.Outranks(active) && !active.Outranks(standby) {
		return active
	}
	return standby
}

func (c *Cell) master() *cluster.Node { return c.blueprint.Peer(c.slave()) }

// cycles says whether the slave has a release cycle (W18).
func (c *Cell) cycles() bool {
	return c.slave().Watcher.Kind == cluster.IPWCS && c.slave().Settings.Balance == core.Slave
}

// way is the cables between two nodes, which are on one segment: its trunks have no loop.
func way(bp *cluster.Blueprint, from, to *cluster.Node) []string {
	cables := append([]string{from.Role}, trunks(bp, from.Switch, to.Switch, "")...)
	return append(cables, to.Role)
}

// trunks are those from one switch to another, without the one come by; nil when there is no way.
func trunks(bp *cluster.Blueprint, at, to, by string) []string {
	if at == to {
		return nil
	}
	for _, t := range bp.Trunks {
		next := t.B
		switch {
		case t.Name() == by || t.A != at && t.B != at:
			continue
		case t.B == at:
			next = t.A
		}
		if rest := trunks(bp, next, to, t.Name()); next == to || rest != nil {
			return append([]string{t.Name()}, rest...)
		}
	}
	return nil
}
