package cluster

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/core"
	"ipwsim/core/diag"
	"ipwsim/core/registry"
	"ipwsim/core/table"
	"ipwsim/sim/batch"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/profile"
	"ipwsim/sim/says"
	"ipwsim/sim/trace"
)

// draft is a cluster as far as it could be read: every value with its place, or known to be bad.
type draft struct {
	toml     string // the name of cluster.toml
	problems diag.List
	asked    asked // in the lines that wait for an answer

	name      field[string]
	seed      field[uint64]
	start     field[time.Time]
	latency   field[time.Duration]
	language  field[says.Language]
	dns       field[bool]
	again     field[bool]
	admins    field[settings.Administrators]
	either    field[bool]
	watcher   field[Kind]
	advert    time.Duration
	switches  []switchDraft
	trunks    []trunkDraft
	nodes     [2]*nodeDraft
	clients   []*clientDraft
	routers   []*routerDraft
	strangers []*strangerDraft
	impaired  []impairedDraft

	neighbors     profile.Table[profile.Neighbor] // the shipped ones and the cluster's own
	servers       profile.Table[profile.Server]
	own           []*ownProfile
	profilesKnown bool // all of them, by name; else a name may be right that looks wrong
	mail          mailDraft

	switchesKnown bool // all of them, by name; else a name may be right that looks wrong
	clientsKnown  bool
	routersKnown  bool // all of them, with their interfaces

	segments map[string]string // switch to the one its trunks lead to; nil: the network is not whole
}

type trunkDraft struct {
	a, b field[string]
	line int
}

// machine is what nodes and clients have in common, and with them a router's interfaces.
type machine struct {
	label   diag.Text // how scenarios call it: the role or the name
	key     string    // of its table in cluster.toml
	name    field[string]
	address field[netip.Prefix]
	mac     field[trace.MAC]
	plugged field[string] // the name of its switch

	gateway      field[netip.Addr]
	gatewayGiven bool

	segment netip.Prefix // the segment's subnet, where the machine's own mask makes another one of it; see settleSegment
}

type nodeDraft struct {
	machine
	role          string
	iface         field[string]
	server        field[profile.Server]
	arp           profile.Neighbor
	announcements field[int]
	boot          field[time.Duration]
	netsh         field[[2]time.Duration]
	echoBlocked   field[bool]
	pipeBlocked   field[bool]
	mailBlocked   field[Ports]
	keepVIP       field[bool]
	public        field[time.Duration]
	relink        field[time.Duration]
	registers     field[bool]
	team          field[[]trace.MAC]
	announces     field[bool]
	skipAsSource  field[bool]
	tasks         field[[]Task]
	tasksGiven    bool // in cluster.toml
	taskLimit     field[time.Duration]
	unelevated    field[bool]
	arguments     field[string]
	taskFile      field[string]
	watcher       Watcher

	folder    string // "" when it could not be read
	batchFile string // "" when there is none
	batch     batch.Batch
	tableFile string
	table     table.Table // empty when it was missing or refused
	reg       registry.File
	settings  field[core.Settings]
	startup   registry.Startup
	account   string
}

type clientDraft struct {
	machine
	profile field[profile.Neighbor]
	idle    field[bool]
}

type routerDraft struct {
	name       field[string]
	label      diag.Text
	profile    field[profile.Neighbor]
	proxy      field[Answers]
	interfaces []machine
	line       int
}

// machines are nodes, then clients, then the mail server's.
func (d *draft) machines() []machine {
	var all []machine
	for _, n := range d.nodes {
		all = append(all, n.machine)
	}
	for _, c := range d.clients {
		all = append(all, c.machine)
	}
	for _, s := range d.strangers {
		all = append(all, s.machine)
	}
	return append(all, d.mail.machines()...)
}

// stations are the machines, then the routers' interfaces: all that has an address.
func (d *draft) stations() []machine {
	all := d.machines()
	for _, r := range d.routers {
		all = append(all, r.interfaces...)
	}
	return all
}

// errorf reports a problem in cluster.toml.
func (d *draft) errorf(line int, format string, args ...any) {
	d.problems.Errorf(d.toml, line, format, args...)
}

// blueprint is the draft when nothing is wrong with it.
func (d *draft) blueprint() *Blueprint {
	bp := &Blueprint{
		Name: d.name.v, Seed: d.seed.v, Start: d.start.v, Latency: d.latency.v, Language: d.language.v, DNS: d.dns.v, Administrators: d.admins.v,
	}
	for _, n := range d.nodes {
		n.settings.v.AnnounceAgain = d.again.v
		bp.Nodes = append(bp.Nodes, n.node())
	}
	for _, c := range d.clients {
		bp.Clients = append(bp.Clients, Client{
			Name: c.name.v, Address: c.address.v, MAC: c.mac.v, Gateway: c.gateway.v, Switch: c.plugged.v, Profile: c.profile.v, Idle: c.idle.v,
		})
	}
	for i, s := range d.switches {
		one := d.theSwitch(s)
		if one.Tracks || one.Suppresses {
			one.MAC = switchMAC(i)
		}
		bp.Switches = append(bp.Switches, one)
	}
	for _, s := range d.strangers {
		bp.Strangers = append(bp.Strangers, s.stranger())
	}
	for _, t := range d.trunks {
		bp.Trunks = append(bp.Trunks, Trunk{t.a.v, t.b.v})
	}
	bp.Routers = d.converged()
	for _, i := range d.impaired {
		bp.Impaired = append(bp.Impaired, Impaired{i.cable.v, i.from.v, i.set})
	}
	for _, o := range d.own {
		bp.Profiles = append(bp.Profiles, o.made)
	}
	for _, n := range bp.Nodes {
		for _, e := range n.Entries {
			if !slices.Contains(bp.VIPs, e.VIP) { // one in the standby's table alone comes last
				bp.VIPs = append(bp.VIPs, e.VIP)
			}
		}
	}
	bp.Subnet = d.nodes[0].subnet()
	bp.EitherMask = d.openMask()
	bp.estrange()
	bp.Mail = d.mail.mailServer()
	return bp
}

func (n *nodeDraft) node() Node {
	server := n.server.v
	server.Announcements = n.announcements.v
	return Node{
		Role: n.role, Name: n.name.v, Address: n.address.v, MAC: n.mac.v,
		Gateway: n.gateway.v, Interface: n.iface.v, Switch: n.plugged.v, Server: server, ARP: n.arp,
		Boot: n.boot.v, NetshMin: n.netsh.v[0], NetshMax: n.netsh.v[1],
		RegistersVIP: n.registers.v, PublicAfterBoot: n.public.v, PublicAfterLink: n.relink.v, Team: n.team.v, Announces: n.announces.v,
		Watcher: n.watcher, EchoBlocked: n.echoBlocked.v, PipeBlocked: n.pipeBlocked.v, MailBlocked: n.mailBlocked.v, KeepVIP: n.keepVIP.v, SkipAsSource: n.skipAsSource.v,
		Settings: n.settings.v, Startup: n.startup, Account: n.account, Entries: n.table.Entries(),
		Batch: n.batch, Tasks: n.tasks.v, TaskLimit: n.taskLimit.v, TaskUnelevated: n.unelevated.v, TaskFile: n.taskFile.v,
	}
}

// converged are the routers, with their routes.
func (d *draft) converged() (all []Router) {
	for _, r := range d.routers {
		all = append(all, r.router())
	}
	Converge(all)
	return all
}

func (r *routerDraft) router() Router {
	router := Router{Name: r.name.v, Profile: r.profile.v, ProxyARP: r.proxy.v}
	for _, m := range r.interfaces {
		router.Interfaces = append(router.Interfaces, RouterInterface{m.address.v, m.mac.v, m.plugged.v})
	}
	return router
}
