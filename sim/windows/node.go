package windows

import (
	"net/netip"
	"strings"
	"time"

	"ipwsim/core"
	"ipwsim/netstack/arp"
	"ipwsim/netstack/host"
	"ipwsim/sim/trace"
)

// NodeConfig is what makes a machine a node of the cluster.
type NodeConfig struct {
	Role      string
	Address   netip.Prefix
	MAC       trace.MAC
	Interface string // its name
	Neighbor  arp.Policy
	DAD       host.DADPolicy

	Boot               time.Duration // from power on to link up (H6)
	NetshMin, NetshMax time.Duration // H2
	KeepVIP            bool          // added addresses outlive a reboot (H6)

	Settings core.Settings
	Entries  []core.Entry
	Tasks    []Task // of Task Scheduler (H10)

	// Other services than IPWCS, which may be nil: OnBoot is called when Windows starts its services,
	// OnShutdown when it stops them in order (H6).
	OnBoot, OnShutdown func(*Node)
}

// Node is a Windows machine of the cluster.
type Node struct {
	*Machine
	cfg      NodeConfig
	commands *commands
	pipe     *pipeServer
	denied   bool // the pipe's account is wrong
	service  *service
	tasks    *taskScheduler
	starts   int // times it was switched on
}

// NewNode returns a node without power.
func NewNode(env *Env, cfg NodeConfig) *Node {
	n := &Node{
		Machine: newMachine(env, cfg.Role, cfg.MAC, cfg.Address, cfg.Neighbor, cfg.DAD),
		cfg:     cfg,
	}
	n.commands = newCommands(n, cfg.NetshMin, cfg.NetshMax)
	n.onAddress = n.addressChanged
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
			n.Start()
		}
	})
	return true
}

// Start is the end of the boot: the network comes up, and the services start once the real address
// has been probed.
//
// Inferred: services wait for the network's detection time, whether or not the cable is in.
func (n *Node) Start() {
	if !n.cfg.KeepVIP {
		n.stored = n.stored[:1]
	}
	n.start()
	n.pipe = &pipeServer{host: n.host, denied: func() bool { return n.denied }}
	n.host.Domain().Go("smb", n.pipe.run)
	n.startTasks()
	n.host.Domain().After(n.dad.Duration(), func() {
		n.StartService()
		if n.cfg.OnBoot != nil {
			n.cfg.OnBoot(n)
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
	svc := n.service
	if svc == nil {
		return
	}
	svc.after(0, func() { svc.addressChanged(ip, s) })
}

// isInterface says whether the interface has that name; netsh does not tell case apart.
func (n *Node) isInterface(name string) bool { return strings.EqualFold(n.cfg.Interface, name) }
