package world

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"slices"

	"ipwsim/netstack/wire"
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
}

// addMail builds the share and the servers outside. Inferred: they are there from the start, and no
// fault takes their power; their cables can be pulled.
func (w *World) addMail(bp *cluster.Blueprint, switches map[string]*wire.Switch) {
	m := &mailServer{world: w, bp: bp.Mail, outside: map[string]*mail.Outside{}, conduct: map[string]mail.Conduct{}, diskMode: DiskWorks}
	w.mail = m
	m.disk = share.NewDisk(w.s.Wall)
	m.disk.SetCapacity(bp.Mail.Share.Capacity)
	m.disk.SetLatency(bp.Mail.Share.Latency)
	s := bp.Mail.Share
	nas := m.machine(cluster.ShareName, s.MAC, s.Address, s.Gateway, switches[s.Switch], bp)
	p := nas.StartProcess("server")
	p.Go("listen", func() {
		if l, err := p.Listen(netip.AddrPortFrom(netip.IPv4Unspecified(), share.Port)); err == nil {
			_ = share.Serve(p, l, m.disk)
		}
	})
	for _, o := range bp.Mail.Outside {
		machine := m.machine(o.Name, o.MAC, o.Address, o.Gateway, switches[o.Switch], bp)
		server := mail.NewOutside(machine.StartProcess("server"), netip.AddrPortFrom(netip.IPv4Unspecified(), smtpPort))
		server.Start()
		m.outside[o.Name], m.conduct[o.Name] = server, mail.Takes
	}
}

// other is what the share and servers outside are. Inferred: a current Windows.
var other, _ = profile.Neighbors.Lookup("windows-modern")

// machine adds a computer that runs from the start.
func (m *mailServer) machine(name string, mac trace.MAC, at netip.Prefix, gateway netip.Addr, sw *wire.Switch, bp *cluster.Blueprint) *windows.Client {
	w := m.world
	c := windows.NewClient(w.env, name, mac, at, other.Policy, other.System)
	c.SetGateway(gateway)
	w.connect(name, c.Port(), w.port(sw, name), bp.Latency)
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
	process  *windows.Process // nil: not running
	starts   int
	mounts   map[string]share.FS // by account
}

// nodeMail returns the services of the node, not started.
func (m *mailServer) nodeMail(i int, n cluster.Node) *nodeMail {
	return &nodeMail{server: m, settings: m.bp.Services(i), computer: n.Name}
}

// boot is Windows starting its services.
func (n *nodeMail) boot(node *windows.Node) {
	n.process = nil // an earlier one went with the machine's power
	n.start(node)
}

// shutdown is Windows stopping them.
func (n *nodeMail) shutdown(*windows.Node) { n.stop() }

// start starts the services that are installed (M1); false when they run or the machine does not.
func (n *nodeMail) start(node *windows.Node) bool {
	if n.process != nil || node.Power() != trace.On {
		return false
	}
	n.starts++
	n.process = node.StartProcess(fmt.Sprint("mail/", n.starts))
	n.mounts = map[string]share.FS{}
	mail.StartServices(n.process, n.mount, n.settings, n.computer)
	return true
}

// mount is the share for services that run with the account (C3).
func (n *nodeMail) mount(account string) share.FS {
	if !n.server.bp.Share.Is(n.settings.Share) {
		return share.Nowhere{}
	}
	if n.mounts[account] == nil {
		at := netip.AddrPortFrom(n.server.bp.Share.Address.Addr(), share.Port)
		n.mounts[account] = share.NewMount(n.process, at, account)
	}
	return n.mounts[account]
}

// stop ends the services: killed, or by an orderly shutdown, which comes to the same for clients.
func (n *nodeMail) stop() bool {
	if n.process == nil {
		return false
	}
	n.process.Kill()
	n.process = nil
	return true
}

// Services starts or kills the node's mail services.
func (w *World) Services(role string, start bool) error {
	if w.mail == nil {
		return ErrNoMail
	}
	for i, n := range w.nodes {
		if n.Name() != role {
			continue
		}
		act, already := w.services[i].stop, "do not run"
		if start {
			act, already = func() bool { return w.services[i].start(n) }, "run already, or the machine does not"
		}
		if !act() {
			return fmt.Errorf("the mail services of %s %s; the fault changes nothing", role, already)
		}
		return nil
	}
	return fmt.Errorf("no node is named %q", role)
}

// ErrNoMail is the answer to what needs a mail server, in a cluster without one.
var ErrNoMail = errors.New("the cluster has no mail server: there is no [share] in cluster.toml")

// Conduct changes what the mail server outside does with mail.
func (w *World) Conduct(server string, mode mail.Conduct) error {
	if w.mail == nil {
		return ErrNoMail
	}
	s, ok := w.mail.outside[server]
	switch {
	case !ok:
		return fmt.Errorf("no mail server outside is named %q", server)
	case w.mail.conduct[server] == mode:
		return fmt.Errorf("%s does so already", server)
	}
	w.mail.conduct[server] = mode
	s.Conduct(mode)
	return nil
}

// DiskMode is what the share's disk does.
type DiskMode string

// The modes of a disk: its work, nothing for want of space, nothing that writes.
const (
	DiskWorks    DiskMode = "ok"
	DiskFull     DiskMode = "full"
	DiskReadOnly DiskMode = "read-only"
)

// SetDisk changes what the share's disk does (C3).
func (w *World) SetDisk(mode DiskMode) error {
	m := w.mail
	switch {
	case m == nil:
		return ErrNoMail
	case m.diskMode == mode:
		return errors.New("the disk is so already")
	}
	m.diskMode = mode
	m.disk.SetReadOnly(mode == DiskReadOnly)
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
			return fmt.Errorf("the share cannot be read at the end: %w", err)
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
