// Package cluster reads the description of a cluster: cluster.toml and, for each node, the files
// an operator would find on it. What it accepts can be built; what it refuses it explains, every
// problem with its place.
package cluster

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"ipwsim/core"
	"ipwsim/core/registry"
	"ipwsim/sim/batch"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/profile"
	"ipwsim/sim/says"
	"ipwsim/sim/trace"
)

// The roles: names of the two machines, whoever holds the VIP (C1). A node's files are in the
// folder of its role.
const (
	Active  = "active"
	Standby = "standby"
)

// MinLatency is the shortest latency of a cable: below it the retransmission timers of the
// simulated TCP never rest.
const MinLatency = 20 * time.Microsecond

// The longest that the settings of cluster.toml and of studies may be.
const (
	MaxLatency = time.Minute // of a cable, and of the share's disk
	MaxNetsh   = time.Minute // of one netsh command
	MaxBoot    = 24 * time.Hour
)

// Blueprint is a cluster that has passed every check.
type Blueprint struct {
	Name    string
	Seed    uint64
	Start   time.Time     // the wall clock at virtual time 0
	Latency time.Duration // of every cable; at least MinLatency
	DNS     bool          // names of machines are found by DNS, not as NetBIOS names (H16)

	Language says.Language // of every Windows, whatever language reports are in

	Nodes  []Node       // active, then standby
	Subnet netip.Prefix // of the nodes' segment, whatever mask one of them has
	// EitherMask says that the nodes' masks differ, and that nobody has told which is right: Subnet is that of one of them.
	EitherMask bool
	Clients    []Client // at least one
	Switches   []Switch // at least one; connected by trunks and routers
	Trunks     []Trunk  // cables from switch to switch, without loops
	Routers    []Router
	Impaired   []Impaired
	VIPs       []netip.Addr // in the order of the active node's table

	Strangers []Stranger

	// Administrators are accounts that may change a node's addresses, open the other's pipe (W15) and use the share (C3, H17).
	Administrators settings.Administrators

	Profiles profile.List // the cluster's own, in the order of the file
	Mail     *Mail        // nil: the cluster has no mail server
}

// Node is one Windows machine of the cluster (C1).
type Node struct {
	Role      string // Active or Standby
	Name      string // NetBIOS, at most 15 characters
	Address   netip.Prefix
	MAC       trace.MAC
	Gateway   netip.Addr  // its way to other subnets; the zero Addr: none
	Team      []trace.MAC // of its two cards, if they are a team: the first is MAC (H18); nil: no team
	Announces bool        // the team announces the node's addresses when the other card takes over
	Interface string      // Windows' name of its one interface
	Switch    string
	Server    profile.Server
	ARP       profile.Neighbor // the ARP cache that Server names

	Boot time.Duration // from power on to link up (H6)
	// PublicAfterBoot is how long after a boot Windows takes the network for a public one, and lets nothing in (H16).
	PublicAfterBoot time.Duration
	PublicAfterLink time.Duration // the same after its link has come back

	NetshMin time.Duration // one netsh command takes a time uniform in NetshMin..NetshMax (H2)
	NetshMax time.Duration

	RegistersVIP bool // an added address is registered in DNS under the node's name (H16)

	EchoBlocked bool  // the firewall drops echo requests (H8)
	PipeBlocked bool  // the firewall drops the peer's requests over the pipe (W15)
	MailBlocked Ports // TCP ports of mail services that the firewall lets nobody in at
	KeepVIP     bool  // an added address is still there after a reboot (H6)
	// SkipAsSource keeps an added address from being a source that nobody names (H13).
	SkipAsSource bool

	Watcher Watcher // that runs as the service IPWCS

	Settings core.Settings    // of its .reg export (W3)
	Startup  registry.Startup // of the watcher's service, of the same (H17)
	Account  string           // that the watcher's service runs as; see Blueprint.Administrators
	Entries  []core.Entry     // of its ipwatch.dat (W1)

	Batch batch.Batch // its arpclear.bat (H11); no commands: it has none
	Tasks []Task      // what starts the batch (H10)
	// TaskLimit is after which time Task Scheduler ends the batch; 0: never.
	TaskLimit time.Duration
	// TaskUnelevated: the batch runs without an administrator's rights, and so cannot empty the ARP cache.
	TaskUnelevated bool
	// TaskFile is the path of the batch on the machine, where it has another name there; "": it has not.
	TaskFile string
}

// Task is what makes Task Scheduler start a node's arpclear.bat; several are triggers of one task (H10).
type Task struct {
	On    Start
	After time.Duration // from On, at least 0
	Every time.Duration // then again; 0: not
	For   time.Duration // from the first start to the last one; 0 with Every: without end
}

// Start is what a task starts on.
type Start string

// The starts of tasks: IPWatcher has taken a VIP (W8), or Windows has started.
const (
	OnEvent100 Start = "event-100"
	AtStartup  Start = "startup"
)

// Starts are the tasks that start on that.
func (n *Node) Starts(on Start) (all []Task) {
	return slices.DeleteFunc(slices.Clone(n.Tasks), func(t Task) bool { return t.On != on })
}

// Client is a machine that uses the cluster.
type Client struct {
	Name    string
	Address netip.Prefix
	MAC     trace.MAC
	Gateway netip.Addr // needed outside the nodes' subnet; the zero Addr: none
	Switch  string
	Profile profile.Neighbor
	Idle    bool // it uses no VIP by itself
}

// Router is an L3 switch (N5). It routes between the subnets of its own interfaces, and to those
// behind other routers.
type Router struct {
	Name       string
	Profile    profile.Neighbor  // of its ARP caches
	Interfaces []RouterInterface // at least two, in subnets of their own
	Routes     []Route           // to the other subnets; see Converge
	ProxyARP   Answers           // for whom it answers besides itself (N7)
}

// RouterInterface is a VLAN interface of a router, with a cable of its own.
type RouterInterface struct {
	Address netip.Prefix
	MAC     trace.MAC
	Switch  string
}

// Cable is how scenarios call the cable of the interface to that switch.
func (r Router) Cable(i RouterInterface) string { return r.Name + "-" + i.Switch }

// Switch is an L2 switch (N2).
type Switch struct {
	Name     string
	PortFast bool          // its ports forward as soon as they have link
	MACAge   time.Duration // how long it remembers a station that it does not hear
	// Bindings are what its ARP inspection allows; nil: it inspects nothing.
	Bindings []trace.Binding

	// What it does with ARP besides (N8).
	MAC          trace.MAC     // that it speaks from, where it does
	Tracks       bool          // it probes who is behind its ports
	TrackDelay   time.Duration // from a port's link up to the first probe
	Suppresses   bool          // it answers in the place of who it has heard
	DataOnly     bool          // it learns from no ARP where a station is
	BlockUnknown bool          // it drops frames to stations that it does not know
}

// Impaired is a cable that disturbs frames from the start (N1).
type Impaired struct {
	Cable string
	From  string // the end whose frames are disturbed; "": both ends'
	Impairment
}

// Trunk is a cable between two switches.
type Trunk struct {
	A, B string
}

// Name is how scenarios call the cable.
func (t Trunk) Name() string { return t.A + "-" + t.B }

// Cables are all cables with their ends: of nodes, clients, trunks, routers, then the share's and the
// mail servers' outside.
func (b *Blueprint) Cables() []trace.Cable {
	var all []trace.Cable
	for _, n := range b.Nodes {
		all = append(all, trace.Cable{Name: n.Role, A: n.Role, B: n.Switch})
	}
	for _, c := range b.Clients {
		all = append(all, trace.Cable{Name: c.Name, A: c.Name, B: c.Switch})
	}
	for _, t := range b.Trunks {
		all = append(all, trace.Cable{Name: t.Name(), A: t.A, B: t.B})
	}
	for _, s := range b.Strangers {
		all = append(all, trace.Cable{Name: s.Name, A: s.Name, B: s.Switch})
	}
	for _, r := range b.Routers {
		for _, i := range r.Interfaces {
			all = append(all, trace.Cable{Name: r.Cable(i), A: r.Name, B: i.Switch})
		}
	}
	if b.Mail == nil {
		return all
	}
	all = append(all, trace.Cable{Name: ShareName, A: ShareName, B: b.Mail.Share.Switch})
	for _, o := range b.Mail.Outside {
		all = append(all, trace.Cable{Name: o.Name, A: o.Name, B: o.Switch})
	}
	return all
}

// Node returns the node with the role, or nil.
func (b *Blueprint) Node(role string) *Node {
	for i := range b.Nodes {
		if b.Nodes[i].Role == role {
			return &b.Nodes[i]
		}
	}
	return nil
}

// Peer returns the other node.
func (b *Blueprint) Peer(n *Node) *Node {
	if n.Role == Active {
		return b.Node(Standby)
	}
	return b.Node(Active)
}

// Names says whether the UNC name has the node's name in it, not its address.
func (b *Blueprint) Names(unc string, n *Node) bool {
	host, ok := strings.CutPrefix(unc, `\\`)
	return ok && settings.SameComputer(host, n.Name)
}

// ResolvePeer returns the role of the node with the UNC name, `\\name`, `\\name.domain` or `\\address` (C1). The
// cluster does not know its domain: any is taken for it.
func (b *Blueprint) ResolvePeer(unc string) (role string, ok bool) {
	for _, n := range b.Nodes {
		if isComputer(unc, n.Name, n.Address.Addr()) {
			return n.Role, true
		}
	}
	return "", false
}

// IsCalled says whether an operator's UNC name of a computer is that of this node.
func (n *Node) IsCalled(unc string) bool { return isComputer(unc, n.Name, n.Address.Addr()) }

func isComputer(unc, name string, address netip.Addr) bool {
	host, ok := strings.CutPrefix(unc, `\\`)
	return ok && (settings.SameComputer(host, name) || host == address.String())
}
