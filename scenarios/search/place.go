package search

import (
	"time"

	"ipwsim/core"
	"ipwsim/netstack/wire"
	"ipwsim/sim/cluster"
	"ipwsim/sim/windows"
)

// place is what faults can be aimed at in a cluster.
type place struct {
	nodes, clients, machines, switches, strangers, servers []string

	addresses []string    // of machines
	vips      []string    //
	cables    [][3]string // with their ends
	teams     []string    // nodes that have one
	users     []string    // with mailboxes
	mail      bool

	interval, timeout, netsh time.Duration // the longest of the nodes'
	boot                     time.Duration // until a node that is switched on has its link and its services
	slow                     time.Duration // until a port forwards
	master                   string        // who holds the VIPs when all is well; "" where the settings leave that open
	settings                 []core.Settings
	interfaces               []string // of the nodes
}

func placeOf(bp *cluster.Blueprint) *place {
	p := &place{mail: bp.Mail != nil}
	for _, n := range bp.Nodes {
		p.nodes = append(p.nodes, n.Role)
		p.addresses = append(p.addresses, n.Address.Addr().String())
		if n.Team != nil {
			p.teams = append(p.teams, n.Role)
		}
		p.settings, p.interfaces = append(p.settings, n.Settings), append(p.interfaces, n.Interface)
		p.interval = max(p.interval, n.Settings.Interval)
		p.timeout = max(p.timeout, n.Settings.PingTimeout)
		p.netsh = max(p.netsh, n.NetshMax)
		boot := n.Boot + n.PublicAfterBoot + n.PublicAfterLink
		if n.Startup.Delayed {
			boot += windows.DelayedStart
		}
		p.boot = max(p.boot, boot)
	}
	p.master = master(bp)
	for _, c := range bp.Clients {
		p.clients = append(p.clients, c.Name)
		p.addresses = append(p.addresses, c.Address.Addr().String())
	}
	p.machines = append(append(p.machines, p.nodes...), p.clients...)
	for _, s := range bp.Switches {
		p.switches = append(p.switches, s.Name)
		if !s.PortFast {
			p.slow = 2 * wire.ForwardDelay
		}
	}
	for _, s := range bp.Strangers {
		p.strangers = append(p.strangers, s.Name)
	}
	for _, c := range bp.Cables() {
		p.cables = append(p.cables, [3]string{c.Name, c.A, c.B})
	}
	for _, vip := range bp.VIPs {
		p.vips = append(p.vips, vip.String())
	}
	if bp.Mail != nil {
		for _, o := range bp.Mail.Outside {
			p.servers = append(p.servers, o.Name)
		}
	}
	return p
}

// master is the node that holds the VIPs when all is well; "" where the settings leave that open.
func master(bp *cluster.Blueprint) string {
	a, b := bp.Nodes[0].Settings.Balance, bp.Nodes[1].Settings.Balance
	switch {
	case a == b:
		return ""
	case a == 0:
		return bp.Nodes[0].Role
	}
	return bp.Nodes[1].Role
}
