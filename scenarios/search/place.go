package search

import (
	"slices"
	"strings"
	"time"

	"ipwsim/core"
	"ipwsim/core/diag"
	"ipwsim/netstack/arp"
	"ipwsim/netstack/wire"
	"ipwsim/sim/cluster"
	"ipwsim/sim/windows"
)

// place is what faults can be aimed at in a cluster.
type place struct {
	nodes, clients, machines, switches, strangers, servers []string

	users []string // the clients that use the VIPs by themselves

	homes  []string // of machines: their switch
	held   []string // machines whose ports wait for spanning tree
	risen  []string // nodes whose watcher Windows starts again, after one death otherwise than after another
	judged []string // nodes whose network is a public one for a time after a boot or a link's return

	addresses []string // of machines
	vips      []string
	cables    [][3]string // with their ends
	teams     []string    // nodes that have one
	people    []string    // with mailboxes, by their addresses; without any there is no mail
	foreign   []string    // people at servers outside
	namesakes []string    // those of the people whose name somebody has in another domain
	mail      bool
	each      bool // mail works on both nodes, with a VIP each (M4)
	opens     bool // the share keeps open what a dead node had open (C3)

	interval, timeout, netsh time.Duration // the longest of the nodes'
	boots                    time.Duration // until Windows has started
	boot                     time.Duration // until a node that is switched on has its link and its services
	slow                     time.Duration // until a port forwards
	cycle                    time.Duration // until a slave gives up what its master asks for in vain (W18); 0: it hears its master
	aged                     time.Duration // the longest that an ARP entry of a client or router lasts which nobody renews, of short lives; 0: none has one
	strays                   time.Duration // a switch that learns from data alone looks for who has moved where it was (N8, N10)
	public                   time.Duration // after a link's return Windows lets nothing in (H16)
	early                    bool          // a node uses an address before it knows whether somebody has it (H4)
	heeds                    bool          // every node announces what it takes, and every ARP cache heeds that at once
	remembers                bool          // a switch answers ARP from memory
	keeps                    bool          // a cache believes for longer than is waited what no announcement ends (N3),
	outlasts                 bool          // and who held a VIP all along announces nothing (W22)
	vrrp                     bool          // keeps the VIPs, not IPWatcher,
	lag                      time.Duration // and waits so much longer than with its usual settings (V2)
	fixed                    bool          // a node's own ARP cache keeps what nobody renews for a fixed time (N3)
	cut                      bool          // a node's own mask cuts a client off from it,
	stuck                    bool          // or with that, the share or a server outside, somebody whom mail goes to (H20)
	delayed                  bool          // a node's watcher starts some time after its boot (H17)
	hopeless                 string        // why the cluster does not come to rest when no fault is left; "": it must
	master                   string        // who holds the VIPs when all is well; "" where the settings leave that open
	settings                 []core.Settings
	interfaces               []string // of the nodes
}

func placeOf(bp *cluster.Blueprint) *place {
	p := &place{mail: bp.Mail != nil, heeds: true}
	for i, n := range bp.Nodes {
		p.nodes = append(p.nodes, n.Role)
		p.addresses = append(p.addresses, n.Address.Addr().String())
		if n.Team != nil {
			p.teams = append(p.teams, n.Role)
		}
		if len(n.Startup.Restarts) > 1 {
			p.risen = append(p.risen, n.Role)
		}
		if n.PublicAfterBoot > 0 || n.PublicAfterLink > 0 {
			p.judged = append(p.judged, n.Role)
		}
		p.boots = max(p.boots, n.Boot)
		p.fixed = p.fixed || n.ARP.Age > 0
		p.homes = append(p.homes, n.Switch)
		p.settings, p.interfaces = append(p.settings, n.Settings), append(p.interfaces, n.Interface)
		p.interval = max(p.interval, n.Settings.Interval)
		p.timeout = max(p.timeout, n.Settings.PingTimeout)
		p.netsh = max(p.netsh, n.NetshMax)
		p.heeds = p.heeds && n.Server.Announcements > 0
		p.public, p.early = max(p.public, n.PublicAfterLink), p.early || n.Server.Tentative() == 0
		boot := n.Boot + n.PublicAfterBoot
		if n.Startup.Delayed {
			boot += windows.DelayedStart
			p.delayed = true
		}
		p.boot = max(p.boot, boot)
		if n.Watcher.Kind == cluster.VRRP {
			p.lag = max(p.lag, n.Watcher.VRRP.Down()-cluster.DefaultWatcher(cluster.VRRP, i).VRRP.Down())
		}
		if n.PipeBlocked && n.Settings.Balance == core.Slave {
			p.cycle = max(p.cycle, n.Settings.ReleaseCycle())
		}
	}
	p.vrrp = bp.Nodes[0].Watcher.Kind == cluster.VRRP
	p.master, p.hopeless = master(bp), hopeless(bp, p)
	again := !slices.ContainsFunc(bp.Nodes[:], func(n cluster.Node) bool { return !n.Settings.AnnounceAgain })
	long := slices.ContainsFunc(bp.Clients, func(c cluster.Client) bool { return c.Profile.Age > 0 })
	p.keeps = long || len(bp.Routers) > 0
	p.outlasts = p.keeps && !again
	for _, r := range bp.Routers {
		p.ages(r.Profile.Age)
		p.heeds = p.heeds && r.Profile.GratuitousRequest != arp.Ignore
	}
	for _, c := range bp.Clients {
		p.ages(c.Profile.Age)
		p.heeds = p.heeds && c.Profile.GratuitousRequest != arp.Ignore
		p.clients = append(p.clients, c.Name)
		if !c.Idle {
			p.users = append(p.users, c.Name)
		}
		p.homes = append(p.homes, c.Switch)
		p.addresses = append(p.addresses, c.Address.Addr().String())
	}
	p.machines = append(append(p.machines, p.nodes...), p.clients...)
	for _, s := range bp.Switches {
		p.switches = append(p.switches, s.Name)
		p.remembers = p.remembers || s.Suppresses
		if s.DataOnly {
			p.strays = max(p.strays, s.MACAge)
		}
		p.heeds = p.heeds && !s.Suppresses && s.PortFast
		if !s.PortFast {
			p.slow = 2 * wire.ForwardDelay
			for i, m := range p.machines {
				if p.homes[i] == s.Name {
					p.held = append(p.held, m)
				}
			}
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
		p.correspondents(bp.Mail)
	}
	for i := range bp.Nodes {
		p.masked(bp, &bp.Nodes[i])
	}
	return p
}

// longAge is a lifetime of ARP entries that no case waits for.
const longAge = 10 * time.Minute

// ages takes in a lifetime of ARP entries; 0: they go by RFC 4861.
func (p *place) ages(age time.Duration) {
	if age <= longAge {
		p.aged = max(p.aged, age)
	}
}

// correspondents are the people that write and read, and the servers of others.
func (p *place) correspondents(m *cluster.Mail) {
	for _, domain := range m.Nodes[0].Domains {
		for _, u := range domain.Users {
			p.people = append(p.people, u.Name+"@"+domain.Name)
		}
	}
	for _, o := range m.Outside {
		p.servers = append(p.servers, o.Name)
		p.foreign = append(p.foreign, "carol@"+o.Domains[0], "dave@"+o.Domains[0])
	}
	p.mail, p.opens = len(p.people) > 0, m.Share.Handles > 0
	a, b := m.Nodes[0].Delivery.LogicalIP, m.Nodes[1].Delivery.LogicalIP
	p.each = a != b && a.IsValid() && b.IsValid()
	names := map[string]int{}
	for _, person := range p.people {
		names[nameOf(person)]++
	}
	for _, person := range p.people {
		if names[nameOf(person)] > 1 {
			p.namesakes = append(p.namesakes, person)
		}
	}
}

// nameOf is a person's without the domain.
func nameOf(person string) string {
	name, _, _ := strings.Cut(person, "@")
	return strings.ToLower(name)
}

// last is the person that reads when all is well; "" without any.
func (p *place) last() string {
	if len(p.people) == 0 {
		return ""
	}
	return p.people[len(p.people)-1]
}

// hopeless says why a cluster does not come to rest: what is wrong in it is wrong for good.
func hopeless(bp *cluster.Blueprint, p *place) string {
	for _, n := range bp.Nodes {
		if n.EchoBlocked {
			return because("a node's firewall drops echo requests (H8)")
		}
	}
	for _, s := range bp.Strangers {
		switch {
		case s.Answers.Any():
			return because("a station answers for addresses that are not its own (N7)")
		case len(s.Has) > 0:
			return because("a station has a VIP that is not its own (N7)")
		}
	}
	if len(bp.Impaired) > 0 {
		return because("a cable loses, doubles or delays frames (N1)")
	}
	for _, r := range bp.Routers {
		if r.ProxyARP.Any() {
			return because("a router answers for addresses that are not its own (N7)")
		}
	}
	silent := slices.ContainsFunc(bp.Nodes[:], func(n cluster.Node) bool { return n.Server.Announcements == 0 })
	for _, s := range bp.Switches { // one that blocks the unknown learns who speaks, unless from data alone; of two VRRP nodes that begin at once who gives way is what one that suppresses remembers
		if s.Tracks || s.Suppresses && (len(bp.Switches) > 1 || silent || p.vrrp) || s.BlockUnknown && s.DataOnly || s.Bindings != nil {
			return because("a switch answers for machines, probes for them, or keeps frames from them (N8)")
		}
	}
	if bp.DNS {
		return because("a node's name leads to more addresses than its own (H16)")
	}
	if p.vrrp {
		if p.public > 0 {
			return because("on a public network a node hears no advertisements (H16)")
		}
		return ""
	}
	switch a, b := p.settings[0].Balance, p.settings[1].Balance; {
	case a == core.Slave && b == core.Slave:
		return because("both nodes are slaves, and give the VIP up again and again (W18, W21)")
	case p.interval <= p.timeout+3*p.netsh+detection: // a slave's head start for the master must be longer than the master takes (W13)
		return because("the Interval is shorter than it takes a node to have the VIP: both take it again and again (W13)")
	}
	return ""
}

// because is a reason that reports can say in their language.
func because(format string, args ...any) string { return diag.Say(format, args...).Format }

// master is the node that holds the VIPs when all is well; "" where the settings leave that open.
func master(bp *cluster.Blueprint) string {
	if bp.Nodes[0].Watcher.Kind == cluster.VRRP {
		switch a, b := bp.Nodes[0].Watcher.VRRP, bp.Nodes[1].Watcher.VRRP; {
		case a.Priority > b.Priority && a.Preempt:
			return bp.Nodes[0].Role
		case b.Priority > a.Priority && b.Preempt:
			return bp.Nodes[1].Role
		}
		return "" // who has the VIPs keeps them (V3)
	}
	a, b := bp.Nodes[0].Settings.Balance, bp.Nodes[1].Settings.Balance
	switch {
	case a == b:
		return ""
	case a == 0:
		return bp.Nodes[0].Role
	}
	return bp.Nodes[1].Role
}
