// Package world builds a running world from a cluster's blueprint: switches, cables, machines, the
// trace they write, and the faults done to them.
package world

import (
	"net/netip"
	"time"

	"ipwsim/core/diag"
	"ipwsim/netstack/host"
	"ipwsim/netstack/vtime"
	"ipwsim/netstack/wire"
	"ipwsim/sim/cluster"
	"ipwsim/sim/console"
	"ipwsim/sim/profile"
	"ipwsim/sim/router"
	"ipwsim/sim/stranger"
	"ipwsim/sim/trace"
	"ipwsim/sim/windows"
)

// Options are what a run chooses on top of the cluster.
type Options struct {
	Scenario string
	Seed     uint64
	// Cold leaves the nodes without power at virtual time 0. Otherwise they were started together
	// long enough before it for the cluster to have settled.
	Cold bool
	// Ties has what happens on different machines and cables in one instant happen in an order drawn from the seed.
	Ties bool
	Most int // events that the world may have; 0: no limit
}

// World is a running cluster with its clients. It belongs to one goroutine.
type World struct {
	s         *vtime.Scheduler
	net       *wire.Network
	env       *windows.Env
	trace     *trace.Trace
	nodes     []*windows.Node
	clients   []*windows.Client
	routers   []*router.Router
	strangers []*stranger.Stranger
	mail      *mailServer           // nil: none
	services  []*nodeMail           // of the nodes, if there is mail
	held      map[*wire.Switch]bool // their ports are without port-fast
	switches  map[string]*wire.Switch
	rules     []*wire.ActiveRule // that the run has had
	cables    map[string]*wire.Cable
	vips      []netip.Addr
	pings     []*windows.Ping // running
	bp        *cluster.Blueprint
	consoles  map[string]*console.Console

	programs int           // started on clients
	faults   int           // done
	open     []trace.Fault // that are not over
}

// records are as many as a short run has: their table would else grow to it by doubling.
const records = 512

// New builds the world and starts its machines, but those that are cold. No time passes until Settle.
func New(bp *cluster.Blueprint, opt Options) *World {
	start := time.Duration(0)
	if !opt.Cold {
		start = -settling(bp)
	}
	w := &World{
		s:        vtime.NewScheduler(start, bp.Start),
		trace:    &trace.Trace{Header: cluster.Header(bp, opt.Scenario, opt.Seed), Records: make([]trace.Record, 0, records)},
		held:     map[*wire.Switch]bool{},
		switches: map[string]*wire.Switch{},
		cables:   map[string]*wire.Cable{},
		vips:     bp.VIPs,
		bp:       bp,
		consoles: map[string]*console.Console{},
	}
	w.s.Limit(opt.Most)
	if opt.Ties {
		w.s.DrawTies(opt.Seed)
	}
	w.net = wire.NewNetwork(w.s)
	w.net.SetSeed(opt.Seed)
	w.env = &windows.Env{
		Net: w.net, Trace: w.trace, Seed: opt.Seed, Language: bp.Language,
		Resolve: func(unc string) (netip.Addr, bool) { return w.resolve(unc) },
	}
	w.build()
	for _, n := range w.nodes {
		if !opt.Cold {
			n.Start()
		}
	}
	return w
}

// resolve finds the address behind a UNC name: as a NetBIOS name a node's leads to its real address, by DNS to any that
// it has registered (H16).
func (w *World) resolve(unc string) (netip.Addr, bool) {
	role, ok := w.bp.ResolvePeer(unc)
	if !ok {
		return netip.Addr{}, false
	}
	named := w.bp.Node(role)
	if node, err := w.Node(role); err == nil && w.bp.DNS && w.bp.Names(unc, named) {
		return node.LookUp(), true
	}
	return named.Address.Addr(), true
}

// Settle runs the world up to virtual time 0: what lies before is the cluster's own start.
func (w *World) Settle() { w.s.RunUntil(0) }

// settling is the time from a cold start until the cluster's VIPs are held: detection of the real
// address, the start's releases, the count of W12 (twice where only slaves are, W13), and the
// address's own detection; with some margin.
func settling(bp *cluster.Blueprint) time.Duration {
	var longest time.Duration
	for _, n := range bp.Nodes {
		interval := n.Settings.Interval
		if bothSlaves(bp) {
			interval *= 2
		}
		commands := time.Duration(2*len(n.Entries)) * (n.NetshMax + time.Second)
		if n.Watcher.Kind == cluster.VRRP { // the one that starts first may be outranked then (V3)
			interval = 2*n.Watcher.VRRP.Down() + 4*n.Watcher.VRRP.Advert + n.Server.Tentative()
		}
		d := interval + n.Settings.PingTimeout + commands + 2*n.Server.Tentative()
		longest = max(longest, d)
	}
	for _, s := range bp.Switches {
		if !s.PortFast { // the nodes cannot hear each other at first, and settle it afterwards (W17)
			longest += 2*wire.ForwardDelay + 2*bp.Nodes[0].Settings.Interval + 2*bp.Nodes[1].Settings.Interval
			break
		}
	}
	return longest.Truncate(time.Second) + 3*time.Second
}

func bothSlaves(bp *cluster.Blueprint) bool {
	for _, n := range bp.Nodes {
		if n.Settings.Balance == 0 {
			return false
		}
	}
	return true
}

func (w *World) build() {
	for _, one := range w.bp.Switches {
		w.switches[one.Name] = w.newSwitch(one)
	}
	for _, t := range w.bp.Trunks {
		w.connect(t.Name(), w.trunkPort(w.switches[t.A], t), w.trunkPort(w.switches[t.B], t))
	}
	for _, r := range w.bp.Routers {
		w.buildRouter(r)
	}
	for _, s := range w.bp.Strangers {
		w.buildStranger(s)
	}
	if w.bp.Mail != nil {
		w.buildMail(w.bp.Mail)
	}
	for i := range w.bp.Nodes {
		w.buildNode(i)
	}
	for _, c := range w.bp.Clients {
		w.buildClient(c)
	}
	w.impairAll(w.bp.Impaired)
}

// buildNode builds the node of that place and plugs it in.
func (w *World) buildNode(i int) {
	n := w.bp.Nodes[i]
	cfg := windows.NodeConfig{
		Role: n.Role, Address: n.Address, MAC: n.MAC, Interface: n.Interface, Team: n.Team, Announces: n.Announces,
		Neighbor: n.ARP.Policy, DAD: dadPolicy(n.Server), Source: n.Server.Source, TCP: n.Server.TCP,
		Boot: n.Boot, Registers: n.RegistersVIP, Public: n.PublicAfterBoot, PublicAgain: n.PublicAfterLink, NetshMin: n.NetshMin, NetshMax: n.NetshMax,
		KeepVIP: n.KeepVIP, SkipAsSource: n.SkipAsSource,
		Watcher: watcher(n), RuleOf: ruleOf(n), Settings: n.Settings, Entries: n.Entries, Tasks: tasks(n),
		Startup: windows.Startup(n.Startup), NoRight: !w.bp.Administrators.RightOnHost(n.Account), Stranger: !w.bp.Administrators.RightOnShare(n.Account), Unknown: w.bp.Unknown(&n),
		OnRead:    func(_ *windows.Node, now trace.Config) { w.know(now.VIPs) },
		OnRecover: func(n *windows.Node) { w.recovered(trace.Touch{Part: trace.WatcherPart, Of: n.Name()}) },
	}
	if w.mail != nil {
		services := w.mail.nodeMail(i, n)
		cfg.OnBoot, cfg.OnShutdown = services.boot, services.shutdown
		w.services = append(w.services, services)
	}
	node := windows.NewNode(w.env, cfg)
	node.SetGateway(n.Gateway)
	if n.EchoBlocked {
		node.BlockEcho(true)
	}
	if n.PipeBlocked {
		node.BlockPipe(true)
	}
	if len(n.MailBlocked) > 0 {
		node.BlockMail(n.MailBlocked)
	}
	node.SetPingPause(n.ARP.PingPause)
	w.nodes = append(w.nodes, node)
	w.plug(n.Role, node.Port(), n.Switch)
}

// buildClient builds a client, plugs it in and starts it.
func (w *World) buildClient(c cluster.Client) {
	client := windows.NewClient(w.env, c.Name, c.MAC, c.Address, c.Profile.Policy, c.Profile.System)
	client.SetGateway(c.Gateway)
	client.SetPingPause(c.Profile.PingPause)
	w.clients = append(w.clients, client)
	w.plug(c.Name, client.Port(), c.Switch)
	client.Start()
	w.use(client, c)
}

// lately is how long before virtual time 0 a client has used each VIP at most: the cluster has settled by then.
const lately = 3 * time.Second

// use makes the client use each VIP, first just before virtual time 0, or in a cold start just after, and then
// every so often, unless it is idle.
func (w *World) use(client *windows.Client, c cluster.Client) {
	if c.Idle {
		return
	}
	draw := vtime.Stream(w.env.Seed, c.Name+"/uses")
	for _, vip := range w.vips {
		first := -w.s.Now() - time.Duration(draw.Int64N(int64(lately)))
		if w.s.Now() == 0 {
			first += lately
		}
		second := time.Duration(draw.Int64N(int64(c.Profile.Uses)))
		client.Use(vip, first, second, c.Profile.Uses)
	}
}

func dadPolicy(s profile.Server) host.DADPolicy {
	return host.DADPolicy{
		Probes: s.Probes, Interval: s.ProbeInterval, Announcements: s.Announcements,
		AnswerIsConflict: s.AnswerIsConflict, RequestIsConflict: s.RequestIsConflict,
		Answers: true, Defend: s.Defend, DefendInterval: s.DefendInterval,
	}
}

// plug lays a machine's cable to a switch.
func (w *World) plug(name string, port *wire.Port, to string) {
	w.connect(name, port, w.port(w.switches[to], name))
}

// connect lays a cable whose link changes are in the trace.
func (w *World) connect(name string, a, b *wire.Port) {
	w.cables[name] = w.net.Connect(name, a, b, w.bp.Latency, func(up bool) {
		w.env.Record("", trace.Link{Cable: name, Up: up})
	})
}

// Now is the virtual time.
func (w *World) Now() time.Duration { return w.s.Now() }

// RunUntil lets time pass up to t.
func (w *World) RunUntil(t time.Duration) { w.s.RunUntil(t) }

// Err is why nothing runs any more: a storm of frames; nil when all is well.
func (w *World) Err() error { return w.s.Err() }

// Network is the world's cables, for captures and hashes.
func (w *World) Network() *wire.Network { return w.net }

// VIPs are the cluster's virtual addresses.
func (w *World) VIPs() []netip.Addr { return w.vips }

// Trace is what has happened so far; it ends now.
func (w *World) Trace() *trace.Trace {
	w.trace.End = w.s.Now()
	return w.trace
}

// Close ends the world and its goroutines. The trace stays as it is.
func (w *World) Close() {
	w.env.Trace = new(trace.Trace) // the machines' end is no part of the run
	for _, n := range w.nodes {
		if h := n.Host(); h != nil {
			h.PowerOff()
		}
	}
	for _, c := range w.clients {
		if h := c.Host(); h != nil {
			h.PowerOff()
		}
	}
	for _, r := range w.routers {
		r.Stop()
	}
	for _, s := range w.strangers {
		s.Stop()
	}
	if w.mail != nil {
		for _, m := range w.mail.machines {
			m.PowerOff()
		}
	}
	w.s.Close()
}

// Client returns the client with the name.
func (w *World) Client(name string) (*windows.Client, error) {
	for _, c := range w.clients {
		if c.Name() == name {
			return c, nil
		}
	}
	return nil, diag.Errorf("no client is named %q", name)
}

// Ping starts `ping -t target` on the client.
func (w *World) Ping(client string, target netip.Addr) error {
	c, err := w.Client(client)
	if err != nil {
		return err
	}
	w.pings = append(w.pings, c.Ping(target, netip.Addr{}, 0, nil))
	return nil
}

// EndPings presses Ctrl-C on every ping.exe, which then prints its summary.
func (w *World) EndPings() {
	for _, p := range w.pings {
		p.Stop()
	}
	w.pings = nil
}

// Look shows the trace as it would be, did the run end now, and goes on as if nobody had looked. It is an error while a
// ping runs: its end is a machine's doing.
func (w *World) Look(at func(*trace.Trace)) error {
	if len(w.pings) > 0 {
		return diag.Errorf("a ping runs; expected none when a run is looked at before its end")
	}
	records := w.trace.Len()
	defer w.trace.Cut(records)
	for _, n := range w.nodes {
		defer n.KeepPolls()()
	}
	w.TellPolls()
	if err := w.Audit(); err != nil {
		return err
	}
	at(w.Trace())
	return nil
}

// TellPolls writes the watchers' polls that are not in the trace yet: what has been polled at an even pace so far. A run
// that ends does so.
func (w *World) TellPolls() {
	for _, n := range w.nodes {
		n.TellPolls()
	}
}
