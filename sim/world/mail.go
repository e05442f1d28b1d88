package world

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"slices"
	"time"

	"ipwsim/core/diag"
	"ipwsim/netstack/host"
	"ipwsim/sim/cluster"
	"ipwsim/sim/mail"
	"ipwsim/sim/mail/folder"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/profile"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
	"ipwsim/sim/windows"
)

// smtpPort is where mail servers receive.
const smtpPort = 25

// mailServer is what a cluster with mail has beside its nodes: the share and the servers outside.
type mailServer struct {
	world    *World
	bp       *cluster.Mail
	disk     *share.Disk
	machines []*windows.Client // of the share, and of the servers outside
	outside  map[string]*mail.Outside
	conduct  map[string]mail.Conduct
	diskMode DiskMode
	nas      *windows.Client // the share's machine
	latency  time.Duration   // of the share's disk now
	denied   bool            // the share's account
}

// buildMail builds the share and the servers outside. Inferred: they are there from the start, and no
// fault takes the power of the servers outside; their cables can be pulled.
func (w *World) buildMail(bp *cluster.Mail) {
	m := &mailServer{world: w, bp: bp, outside: map[string]*mail.Outside{}, conduct: map[string]mail.Conduct{}, diskMode: DiskWorks}
	w.mail = m
	m.disk = share.NewDisk(w.s.Wall)
	m.admit()
	s := bp.Share
	m.disk.SetCapacity(s.Capacity)
	m.disk.SetLatency(s.Latency)
	m.disk.SetHandles(s.Handles, w.runsAt)
	m.disk.SetWitness(func(c share.Change) {
		if f, ok := folder.Witness(c, m.disk.ReadFile); ok {
			w.env.Record(cluster.ShareName, f)
		}
	})
	m.latency = s.Latency
	m.nas = m.machine(cluster.ShareName, s.MAC, s.Address, s.Gateway, s.Switch)
	m.serveShare()
	for _, o := range bp.Outside {
		machine := m.machine(o.Name, o.MAC, o.Address, o.Gateway, o.Switch)
		server := mail.NewOutside(machine.StartProcess("server"), netip.AddrPortFrom(netip.IPv4Unspecified(), smtpPort))
		server.Start()
		m.outside[o.Name], m.conduct[o.Name] = server, mail.Takes
	}
}

// other is what the share and servers outside are. Inferred: a current Windows.
var other, _ = profile.Neighbors.Lookup("windows-modern")

// machine adds a computer that runs from the start.
func (m *mailServer) machine(name string, mac trace.MAC, at netip.Prefix, gateway netip.Addr, to string) *windows.Client {
	w := m.world
	c := windows.NewClient(w.env, name, mac, at, other.Policy, other.System)
	c.SetGateway(gateway)
	w.plug(name, c.Port(), to)
	c.Start()
	m.machines = append(m.machines, c)
	return c
}

// nodeMail is the mail services of one node. Those that run with one account share one session with the
// share, as on Windows.
type nodeMail struct {
	server   *mailServer
	settings settings.Node
	computer string
	starts   int
	of       *host.Host                  // the boot of all below
	running  map[string]*windows.Process // by service
	deaths   map[string]*windows.Deaths  // by service
	session  *windows.Process            // Windows' own, with the share; it ends with the last service
	mounts   map[string]*share.Mount     // by account
}

// nodeMail returns the services of the node, not started.
func (m *mailServer) nodeMail(i int, n cluster.Node) *nodeMail {
	return &nodeMail{server: m, settings: m.bp.Services(i), computer: n.Name}
}

// boot is Windows starting its services, or with all everybody who starts some.
func (n *nodeMail) boot(node *windows.Node, all bool) {
	n.forget(node)
	var now, later []string
	for _, name := range settings.Services {
		switch s, _ := n.settings.Service(name); {
		case all || !s.Startup.Manual && !s.Startup.Delayed:
			now = append(now, name)
		case s.Startup.Delayed:
			later = append(later, name)
		}
	}
	n.start(node, now...)
	if len(later) > 0 {
		node.Host().Domain().After(windows.DelayedStart, func() { n.start(node, later...) })
	}
}

// forget forgets the processes of an earlier boot, which went with the machine's power.
func (n *nodeMail) forget(node *windows.Node) {
	if n.of != node.Host() {
		n.of, n.running, n.deaths = node.Host(), nil, map[string]*windows.Deaths{}
	}
}

// shutdown is Windows stopping them.
func (n *nodeMail) shutdown(*windows.Node) { n.stop(settings.Services...) }

// start starts those of the services that are installed (M1) and do not run; false when there are none or the machine
// is not on. A start fails whose account may not log on, which the event log says (H17).
func (n *nodeMail) start(node *windows.Node, names ...string) bool {
	if node.Power() != trace.On {
		return false
	}
	began, tried := false, false
	for _, name := range names {
		s, installed := n.settings.Service(name)
		if !installed || n.running[name] != nil {
			continue
		}
		tried = true
		if !node.LogsOn(name) {
			continue
		}
		if !began {
			n.starts++
			began = true
		}
		n.startOne(node, name, s.Account)
	}
	return tried
}

func (n *nodeMail) startOne(node *windows.Node, name, account string) {
	label := fmt.Sprint("mail/", n.starts)
	if len(n.running) == 0 {
		n.running, n.mounts, n.session = map[string]*windows.Process{}, map[string]*share.Mount{}, node.StartProcess(label)
	}
	p := node.StartProcess(label)
	n.running[name] = p
	mail.StartService(name, p, n.mount(p, account), n.settings, n.computer)
}

// mount is the share for a service that runs with the account (C3).
func (n *nodeMail) mount(service *windows.Process, account string) share.FS {
	if !n.server.bp.Share.Is(n.settings.Share) {
		return share.Nowhere{}
	}
	if n.mounts[account] == nil {
		at := netip.AddrPortFrom(n.server.bp.Share.Address.Addr(), share.Port)
		n.mounts[account] = share.NewMount(n.session, at, account)
	}
	return n.mounts[account].For(service)
}

// stop ends those of the services that run: killed, or by an orderly shutdown, which comes to the same for clients. It
// says false when none did.
func (n *nodeMail) stop(names ...string) bool {
	ended := false
	for _, name := range names {
		if p := n.running[name]; p != nil {
			ended = true
			p.Kill()
			delete(n.running, name)
		}
	}
	if ended && len(n.running) == 0 {
		n.session.Kill()
	}
	return ended
}

// die ends the processes of those of the services that run; Windows starts them again if it is told so (H17).
func (n *nodeMail) die(node *windows.Node, names ...string) bool {
	if node.Host() == nil { // off: they went with the machine's power
		return false
	}
	died := false
	for _, name := range names {
		if !n.stop(name) {
			continue
		}
		died = true
		if n.deaths[name] == nil {
			n.deaths[name] = &windows.Deaths{}
		}
		s, _ := n.settings.Service(name)
		node.ServiceDied(name, n.deaths[name], windows.Startup(s.Startup), func() {
			if n.start(node, name) {
				n.server.world.mailRecovered(node.Name(), n)
			}
		})
	}
	return died
}

// mailRecovered ends the faults of the node's mail services that run again.
func (w *World) mailRecovered(role string, n *nodeMail) {
	var parts []trace.Touch
	whole := true
	for _, name := range settings.Services {
		_, installed := n.settings.Service(name)
		if n.running[name] != nil {
			parts = append(parts, trace.Touch{Part: trace.MailPart, Of: role, End: name})
		}
		whole = whole && (!installed || n.running[name] != nil)
	}
	if whole {
		parts = append(parts, trace.Touch{Part: trace.MailPart, Of: role})
	}
	w.recovered(parts...)
}

// MailChange is what is done to mail services.
type MailChange string

// The changes. Windows recovers what was killed, if it is told so, and not what was stopped (H17).
const (
	MailStart MailChange = "start"
	MailStop  MailChange = "stop"
	MailKill  MailChange = "kill"
)

// Services does it to the node's mail service of that name, or with "" to all of them.
func (w *World) Services(role, name string, change MailChange) error {
	if w.mail == nil {
		return ErrNoMail
	}
	names, what := []string{name}, diag.Say("%s", name)
	if name == "" {
		names, what = settings.Services, diag.Say("the mail services")
	}
	for i, n := range w.nodes {
		if n.Name() != role {
			continue
		}
		w.services[i].forget(n) // it may be on, and its boot not so far
		var changed bool
		switch change {
		case MailStart:
			changed = w.services[i].start(n, names...)
			w.mailRecovered(role, w.services[i])
		case MailStop:
			changed = n.Power() == trace.On && w.services[i].stop(names...)
		default:
			changed = w.services[i].die(n, names...)
		}
		switch {
		case changed:
		case change == MailStart:
			return diag.Errorf("%s of %s: nothing to start; the fault changes nothing", what, role)
		case change == MailStop:
			return diag.Errorf("%s of %s: nothing to stop; the fault changes nothing", what, role)
		default:
			return diag.Errorf("%s of %s: nothing to kill; the fault changes nothing", what, role)
		}
		return nil
	}
	return diag.Errorf("no node is named %q", role)
}

// ErrNoMail is the answer to what needs a mail server, in a cluster without one.
var ErrNoMail = diag.Errorf("the cluster has no mail server: there is no [share] in cluster.toml")

// Conduct changes what the mail server outside does with mail.
func (w *World) Conduct(server string, mode mail.Conduct) error {
	if w.mail == nil {
		return ErrNoMail
	}
	s, ok := w.mail.outside[server]
	switch {
	case !ok:
		return diag.Errorf("no mail server outside is named %q", server)
	case w.mail.conduct[server] == mode:
		return diag.Errorf("%s does so already", server)
	}
	w.mail.conduct[server] = mode
	s.Conduct(mode)
	return nil
}

// DiskMode is what the share's disk does.
type DiskMode string

// The modes of a disk: its work, nothing for want of space, nothing that writes, answers before the data is safe.
const (
	DiskWorks    DiskMode = "ok"
	DiskFull     DiskMode = "full"
	DiskReadOnly DiskMode = "read-only"
	DiskLies     DiskMode = "lying"
)

// SetDisk changes what the share's disk does (C3).
func (w *World) SetDisk(mode DiskMode) error {
	m := w.mail
	switch {
	case m == nil:
		return ErrNoMail
	case m.diskMode == mode:
		return diag.Errorf("the disk is so already")
	}
	m.diskMode = mode
	m.disk.SetReadOnly(mode == DiskReadOnly)
	m.disk.SetLyingSync(mode == DiskLies)
	if mode != DiskLies {
		m.disk.Flush() // what was in the cache has had its time
	}
	capacity := m.bp.Share.Capacity
	if mode == DiskFull {
		capacity = 1 // there is always more on it: the folders' files
	}
	m.disk.SetCapacity(capacity)
	return nil
}

// Audit records what lies on the share now: the end of the story of every message (P5).
func (w *World) Audit() error {
	if w.mail == nil {
		return nil
	}
	var folders []string
	for _, n := range w.mail.bp.Nodes {
		if !slices.Contains(folders, n.Folder) {
			folders = append(folders, n.Folder)
		}
	}
	count := 0
	for _, name := range folders {
		stock, err := folder.New(w.mail.disk, name).Stock()
		if err != nil && !isMissing(err) {
			return diag.Errorf("the share cannot be read at the end: %w", err)
		}
		for _, s := range stock {
			w.env.Record(cluster.ShareName, s)
		}
		count += len(stock)
	}
	w.env.Record(cluster.ShareName, trace.MailAudit{Messages: count})
	return nil
}

// isMissing says whether no service has made its folders yet.
func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
