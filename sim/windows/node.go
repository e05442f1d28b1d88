package windows

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/core"
	"ipwsim/core/driver"
	"ipwsim/netstack/arp"
	"ipwsim/netstack/host"
	"ipwsim/netstack/policy"
	"ipwsim/sim/trace"
)

// NodeConfig is what makes a machine a node of the cluster.
type NodeConfig struct {
	Role      string
	Address   netip.Prefix
	MAC       trace.MAC
	Team      []trace.MAC // of two cards; nil: none. The first is MAC
	Announces bool        // the team announces the addresses when the other card takes over
	Interface string      // its name
	Neighbor  arp.Policy
	DAD       host.DADPolicy
	Source    policy.Source // of what it sends (H13)
	TCP       policy.TCP    // H14

	Boot               time.Duration // from power on to link up (H6)
	Registers          bool          // added addresses in DNS, under the machine's name (H16)
	Public             time.Duration // after a boot, in which the network counts as public (H16)
	PublicAgain        time.Duration // the same after its link has come back
	NetshMin, NetshMax time.Duration // H2
	KeepVIP            bool          // added addresses outlive a reboot (H6)
	SkipAsSource       bool          // added addresses are no source by themselves (H13)

	// Watcher makes the watcher that runs as the service IPWCS, of what it has read at its start; nil: IPWatcher.
	Watcher func(core.Settings, []core.Entry, driver.Ports) Watcher
	RuleOf  func(core.Reason) string // that its reasons follow from; nil: IPWatcher's

	Settings core.Settings
	Entries  []core.Entry
	Tasks    []Task // of Task Scheduler (H10)

	Startup  Startup  // of IPWCS (H17)
	NoRight  bool     // IPWCS runs as an account that may change no address
	Stranger bool     // IPWCS runs as an account that the peer's pipe refuses
	Unknown  []string // services, IPWCS among them, whose accounts the machine does not know: they cannot log on

	// Other services than IPWCS, which may be nil: OnBoot is called when Windows starts its services, with all set for
	// those that it does not start itself too; OnShutdown when it stops them in order (H6).
	OnBoot     func(n *Node, all bool)
	OnShutdown func(*Node)
	OnRead     func(n *Node, now trace.Config) // IPWCS starts, and has read something new; may be nil
	OnRecover  func(*Node)                     // IPWCS is about to be started again after its process died; may be nil
}

// Node is a Windows machine of the cluster.
type Node struct {
	*Machine
	cfg     NodeConfig
	pipe    *pipeServer
	denied  bool // the pipe's account is wrong
	service *service
	tasks   *taskScheduler
	starts  int    // times it was switched on
	deaths  Deaths // of IPWCS
	noLogon bool
	losses  int  // of the link since the boot
	judging bool // the network counts as public since the link's return
	product product

	registered []netip.Addr // added addresses that DNS has under the node's name
	lookups    int          // of its name
}

// NewNode returns a node without power.
func NewNode(env *Env, cfg NodeConfig) *Node {
	n := &Node{
		Machine: newMachine(env, cfg.Role, cfg.MAC, cfg.Address, cfg.Neighbor, policy.System{DAD: cfg.DAD, Source: cfg.Source, TCP: cfg.TCP}),
		cfg:     cfg,
	}
	if cfg.Watcher == nil {
		n.cfg.Watcher = IPWatcher
	}
	if cfg.RuleOf == nil {
		n.cfg.RuleOf = core.Reason.Rule
	}
	n.skipAdded = cfg.SkipAsSource
	n.commands = newCommands(n.Machine, cfg.NetshMin, cfg.NetshMax)
	n.commands.isInterface = n.isInterface
	n.onAddress = n.addressChanged
	n.onEvent = n.logged
	n.onLink = n.relinked
	return n
}

// PowerOn switches the machine on: boot, link, duplicate address detection, services (H6). It says
// false when the machine is not off.
func (n *Node) PowerOn() bool {
	if n.state != trace.Off {
		return false
	}
	n.setPower(trace.Booting)
	n.starts++
	start := n.starts
	n.env.Net.Scheduler().After(n.cfg.Boot, func() {
		if n.state == trace.Booting && n.starts == start {
			n.booted(false)
		}
	})
	return true
}

// Start is a machine as somebody has left it: up, and with all its services started, by hand those that Windows does not
// start itself.
func (n *Node) Start() { n.booted(true) }

// booted is the end of the boot: the network comes up, and the services start once the real address
// has been probed.
//
// Inferred: services wait for the network's detection time, whether or not the cable is in.
func (n *Node) booted(all bool) {
	n.deaths, n.losses = Deaths{}, 0
	if n.judging {
		n.judging = false
		n.SetPublic(false)
	}
	if !n.cfg.KeepVIP {
		n.stored = n.stored[:1]
	}
	if !all && n.cfg.Public > 0 {
		n.SetPublic(true)
	}
	n.start()
	if !all && n.cfg.Public > 0 {
		n.host.Domain().After(n.cfg.Public, func() { n.SetPublic(false) })
	}
	n.pipe = &pipeServer{host: n.host, denied: func() bool { return n.denied }}
	n.host.Domain().Go("smb", n.pipe.run)
	n.startTasks()
	n.host.Domain().After(n.system.DAD.Duration(), func() {
		start := func() { n.StartService() }
		if all {
			start()
		} else {
			n.cfg.Startup.AtBoot(n.host.Domain(), start)
		}
		if n.cfg.OnBoot != nil {
			n.cfg.OnBoot(n, all)
		}
	})
}

// relinked has Windows judge the network anew after a link's return (H16).
func (n *Node) relinked(up bool) {
	if !up {
		n.losses++
		return
	}
	if n.losses == 0 || n.cfg.PublicAgain == 0 || n.public && !n.judging {
		return
	}
	n.judging = true
	n.SetPublic(true)
	loss := n.losses
	n.host.Domain().After(n.cfg.PublicAgain, func() {
		if n.losses == loss && n.judging {
			n.judging = false
			n.SetPublic(false)
		}
	})
}

// PowerOff is the pulled plug (H6). It says false when the machine is off already.
func (n *Node) PowerOff() bool {
	if n.state == trace.Off {
		return false
	}
	n.off()
	return true
}

func (n *Node) off() {
	n.TellPolls()
	n.service = nil
	n.cut()
}

// Shutdown is the orderly one (H6): the services stop, then the stack, then the link. It says false
// when the machine is not running.
func (n *Node) Shutdown() bool {
	if n.state != trace.On {
		return false
	}
	n.setPower(trace.Stopping)
	n.tasks.stop()
	if n.cfg.OnShutdown != nil {
		n.cfg.OnShutdown(n)
	}
	if n.service == nil {
		n.off()
	} else {
		n.service.stop()
	}
	return true
}

// Freeze stops the machine as a snapshot does (H7); false when it is not running.
func (n *Node) Freeze() bool {
	if n.state != trace.On {
		return false
	}
	n.TellPolls()
	n.host.Domain().Freeze()
	n.setPower(trace.Frozen)
	return true
}

// Resume lets a frozen machine go on (H7); false when it is not frozen.
func (n *Node) Resume() bool {
	if n.state != trace.Frozen {
		return false
	}
	n.setPower(trace.On)
	n.host.Domain().Thaw()
	return true
}

// SetNetsh says what netsh does from now on (H2); false when it does so already.
func (n *Node) SetNetsh(m NetshMode) bool {
	changed := n.commands.mode != m
	n.commands.mode = m
	return changed
}

// DenyPipe makes the pipe refuse callers for their account, or no longer; false when it does so
// already.
func (n *Node) DenyPipe(deny bool) bool {
	changed := n.denied != deny
	n.denied = deny
	return changed
}

// Status says in a few words what the machine is doing.
func (n *Node) Status() string {
	switch {
	case n.state != trace.On:
		return string(n.state)
	case n.service == nil && (n.noLogon || slices.Contains(n.cfg.Unknown, trace.Watcher)):
		return "on, IPWCS stopped and its account denied the logon"
	case n.service == nil:
		return "on, IPWCS stopped"
	case n.service.stopping:
		return "on, IPWCS stopping"
	}
	return "on, IPWCS running"
}

// addressChanged tells the watcher of its VIPs, and of the real address coming back, as Windows'
// notifications do.
func (n *Node) addressChanged(ip netip.Addr, s trace.AddressState) {
	n.register(ip, s)
	svc := n.service
	if svc == nil {
		return
	}
	svc.after(0, func() { svc.addressChanged(ip, s) })
}
