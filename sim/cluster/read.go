package cluster

import (
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/profile"
	"ipwsim/sim/says"
	"ipwsim/sim/trace"
)

// What cluster.toml may leave out.
const (
	defaultSeed    = 1
	defaultLatency = 100 * time.Microsecond
	defaultBoot    = 2 * time.Minute   // FIELD-FACTS "boot", 1-10 min: L
	defaultMACAge  = 300 * time.Second // N2
	defaultServer  = "srv-2012plus"
	defaultClient  = "windows-modern"
	defaultRouter  = "l3-cisco-ios" // the first row of FIELD-FACTS, and a real maker's
)

var (
	// the moment of the guide's own transcript (W10): a fixed one, so that runs repeat
	defaultStart = time.Date(2025, time.February, 7, 16, 19, 27, 0, time.FixedZone("", 9*60*60))
	// FIELD-FACTS "netsh add/delete": L
	defaultNetsh = [2]time.Duration{200 * time.Millisecond, time.Second}
)

// readTOML fills the draft from cluster.toml.
func (d *draft) readTOML(doc document) {
	top := section{doc: doc, values: doc.root, problems: &d.problems}
	d.name = get(&top, "name", toLine)
	d.seed = getOr(&top, "seed", defaultSeed, toSeed)
	d.start = getOr(&top, "start", defaultStart, toStart)
	d.latency = getOr(&top, "latency", defaultLatency, toLatency)
	d.language = getOr(&top, "windows_language", says.English, toWindowsLanguage)
	d.dns = getOr(&top, "names", false, toNames)
	d.again = getOr(&top, "announce_again", false, as[bool])
	d.admins = getOr(&top, "administrators", nil, toAdministrators)
	d.either = getOr(&top, "either_mask", false, as[bool])
	d.readWatcher(&top)
	d.readProfiles(&top)
	d.readSwitches(&top)

	trunks, _ := top.tables("trunk")
	for _, s := range trunks {
		d.trunks = append(d.trunks, trunkDraft{get(&s, "a", toLabel), get(&s, "b", toLabel), s.line()})
		s.close()
	}
	d.readNodes(&top)
	clients, allClients := top.tables("client")
	for i, s := range clients {
		d.clients = append(d.clients, readClient(&s, i, d))
	}
	d.clientsKnown = allClients
	routers, allRouters := top.tables("router")
	for i, s := range routers {
		r, allInterfaces := readRouter(&s, i, d)
		allRouters = allRouters && allInterfaces
		d.routers = append(d.routers, r)
	}
	d.routersKnown = allRouters
	d.readStrangers(&top)

	d.readImpairments(&top)
	d.warnOfUnused()
	d.readMail(&top)
	top.close()
}

func (d *draft) readNodes(top *section) {
	values := getOr(top, "node", nil, toTable(diag.Text{}))
	if !values.ok {
		return
	}
	nodes := top.open("node", "node", values.v)
	for i, n := range d.nodes {
		if s, ok := nodes.table(n.role); ok {
			n.read(&s, i, d)
		}
	}
	nodes.close()
}

func (n *nodeDraft) read(s *section, i int, d *draft) {
	n.name = get(s, "name", toNetBIOS)
	n.machine.read(s, trace.MAC{2, 0, 0, 0, 0, byte(i + 1)})
	n.machine.readGateway(s)
	n.iface = get(s, "interface", toLine)
	server, _ := profile.Servers.Lookup(defaultServer)
	n.server = getOr(s, "profile", server, toProfile(d.servers, d.profilesKnown))
	n.arp, _ = d.neighbors.Lookup(n.server.v.ARP)
	n.announcements = getOr(s, "announcements", n.server.v.Announcements, toFlag)
	n.boot = getOr(s, "boot", defaultBoot, toBoot)
	n.netsh = getOr(s, "netsh", defaultNetsh, toRange)
	n.echoBlocked = getOr(s, "echo_blocked", false, as[bool])
	n.pipeBlocked = getOr(s, "pipe_blocked", false, as[bool])
	n.mailBlocked = getOr(s, "mail_blocked", nil, toPorts)
	n.skipAsSource = getOr(s, "skip_as_source", false, as[bool])
	n.keepVIP = getOr(s, "keep_vip_over_reboot", true, as[bool])
	n.public = getOr(s, "public_after_boot", 0, toBoot)
	n.relink = getOr(s, "public_after_link", 0, toBoot)
	n.registers = getOr(s, "registers_vip", true, as[bool])
	n.readTeam(s)
	n.readWatcher(s, i, d)
	n.tasks, n.tasksGiven = optional(s, "tasks", toTasks)
	n.taskLimit = getOr(s, "task_limit", 0, toDelay)
	n.unelevated = getOr(s, "task_unelevated", false, as[bool])
	n.taskFile = getOr(s, "task_file", "", as[string])
	n.arguments = getOr(s, "task_arguments", "", as[string])
	s.close()
}

// readTeam reads the MACs of a team of two cards, the first of which works at first.
func (n *nodeDraft) readTeam(s *section) {
	team, given := optional(s, "team", toTeam)
	n.announces = getOr(s, "team_announces", false, as[bool])
	if given && team.ok {
		n.team, n.mac = team, field[trace.MAC]{v: team.v[0], ok: true, line: team.line}
	}
}

func readClient(s *section, i int, d *draft) *clientDraft {
	c := &clientDraft{machine: machine{label: diag.Say("a client"), key: "client"}}
	c.name = get(s, "name", toLabel)
	if c.name.ok {
		c.label = diag.Say("%s", c.name.v)
	}
	c.machine.read(s, trace.MAC{2, 0, 0, 1, byte((i + 1) >> 8), byte(i + 1)})
	c.machine.readGateway(s)
	neighbor, _ := profile.Neighbors.Lookup(defaultClient)
	c.profile = getOr(s, "profile", neighbor, toProfile(d.neighbors, d.profilesKnown))
	c.idle = getOr(s, "idle", false, as[bool])
	s.close()
	return c
}

// readRouter says with ok whether all of its interfaces could be opened.
func readRouter(s *section, i int, d *draft) (r *routerDraft, ok bool) {
	r = &routerDraft{label: diag.Say("a router"), line: s.line()}
	r.name = get(s, "name", toLabel)
	if r.name.ok {
		r.label = diag.Say("%s", r.name.v)
	}
	neighbor, _ := profile.Neighbors.Lookup(defaultRouter)
	r.profile = getOr(s, "profile", neighbor, toProfile(d.neighbors, d.profilesKnown))
	r.proxy = getOr(s, "proxy_arp", Answers{}, toProxy)
	interfaces, ok := s.tables("interface")
	for j, s := range interfaces {
		m := machine{key: "router.interface"}
		m.read(&s, trace.MAC{2, 0, 0, 2, byte(i + 1), byte(j + 1)})
		m.label = diag.Say("%s-%s", r.label, m.plugged.v)
		s.close()
		r.interfaces = append(r.interfaces, m)
	}
	s.close()
	return r, ok
}

// read takes the MAC from the machine's position when the file has none: every machine needs
// one, few care which.
func (m *machine) read(s *section, byPosition trace.MAC) {
	m.address = get(s, "address", toAddress)
	m.mac = getOr(s, "mac", byPosition, toMAC)
	m.plugged = get(s, "switch", toLabel)
}

func (m *machine) readGateway(s *section) {
	m.gateway, m.gatewayGiven = optional(s, "gateway", toGateway)
}
