package trace

import (
	"fmt"
	"net/netip"
	"time"
)

// Body is what a record says; its kind is its name in JSON.
type Body interface{ Kind() string }

// Link is a cable coming up or going down: both ends plugged in and powered, or not.
type Link struct {
	Cable string `json:"cable"`
	Up    bool   `json:"up"`
}

// PowerState is where a machine is in its life (H6, H7).
type PowerState string

// The states of a machine. A frozen machine keeps its link but runs nothing.
const (
	Off      PowerState = "off"
	Booting  PowerState = "booting"
	On       PowerState = "on"
	Stopping PowerState = "stopping" // orderly shutdown under way; the network still works
	Frozen   PowerState = "frozen"
)

// Power is a machine changing state.
type Power struct {
	State PowerState `json:"state"`
}

// AddressState is the state of an address on an interface (H1).
type AddressState string

// The states Windows knows, and Absent for an address that is not configured.
const (
	Absent    AddressState = "absent"
	Tentative AddressState = "tentative"
	Preferred AddressState = "preferred"
	Duplicate AddressState = "duplicate"
)

// Address is an address of a machine changing state.
type Address struct {
	IP    netip.Addr   `json:"ip"`
	State AddressState `json:"state"`
	Owner MAC          `json:"owner,omitzero"` // for Duplicate: who else has it
}

// Neighbor is an entry of a machine's ARP cache changing. Packets go to MAC while State is
// usable (see Usable); else they wait for resolution.
type Neighbor struct {
	IP    netip.Addr    `json:"ip"`
	MAC   MAC           `json:"mac,omitzero"`
	State NeighborState `json:"state"`
}

// NeighborState is a state of RFC 4861, 7.3.2, with removal beside them.
type NeighborState string

// The states of an ARP cache entry.
const (
	Incomplete  NeighborState = "incomplete"
	Reachable   NeighborState = "reachable"
	Stale       NeighborState = "stale"
	Delay       NeighborState = "delay"
	Probe       NeighborState = "probe"
	Unreachable NeighborState = "unreachable"
	Removed     NeighborState = "removed"
)

// Usable says whether packets are sent to the cached MAC in this state.
func (s NeighborState) Usable() bool {
	switch s {
	case Reachable, Stale, Delay, Probe:
		return true
	}
	return false
}

// FirewallRule is what a host's firewall can drop.
type FirewallRule string

// The rules of a firewall.
const (
	EchoRule FirewallRule = "echo"    // ICMP echo requests
	PipeRule FirewallRule = "pipe"    // TCP 445, which named pipes use
	MailRule FirewallRule = "mail"    // TCP ports that mail services listen on, or some of them
	Inbound  FirewallRule = "inbound" // all that comes unasked, on a public network (H16)
)

// Firewall is a host firewall's rule changing (H8).
type Firewall struct {
	Rule    FirewallRule `json:"rule"`
	Blocked bool         `json:"blocked"`
}

// Watcher is IPWatcher's name as a service.
const Watcher = "IPWCS"

// ServiceState is what Windows says of a service.
type ServiceState string

// The states of a service.
const (
	StartPending ServiceState = "start pending"
	Running      ServiceState = "running"
	StopPending  ServiceState = "stop pending"
	Stopped      ServiceState = "stopped"
)

// Service is a Windows service changing state.
type Service struct {
	Name   string       `json:"name"` // Watcher
	State  ServiceState `json:"state"`
	Killed bool         `json:"killed,omitempty"` // Stopped without a word: its process died (H17)
}

// Config is what a watcher has read at its start, where that is not what it had read before (W3, W4). It is in force from
// then on.
type Config struct {
	Master      bool          `json:"master"`
	Interval    time.Duration `json:"interval"`
	PingTimeout time.Duration `json:"ping_timeout"`
	ReleaseTime time.Duration `json:"release_time"` // a whole cycle
	VIPs        []netip.Addr  `json:"vips"`         // of ipwatch.dat
	Table       string        `json:"table"`        // the interface that it names
}

// WatchState is what the watcher does about a VIP.
type WatchState string

// The states of the watcher (core.State).
const (
	Polling   WatchState = "polling"
	Taking    WatchState = "taking"
	Held      WatchState = "held"
	Releasing WatchState = "releasing"
)

// Reason is why the watcher changed its mind, one of core.Reason's words.
type Reason string

// The reasons that readers look for.
const (
	ByCycle Reason = "cycle" // a slave's release cycle (W18)
	ByPeer  Reason = "asked" // the peer asked for the VIP (W15)
	AtStart Reason = "start" // of the service (W5)

	Outranked Reason = "outranked" // a higher priority was heard (V3)

	AddFailed Reason = "add failed" // netsh said so (H2)
	NotAdded  Reason = "not added"  // netsh said that it had, and had not (H2)
)

// ByAnother says whether the other node made the watcher give the VIP up.
func (r Reason) ByAnother() bool { return r == ByPeer || r == Outranked }

// Watch is the watcher changing its mind about one VIP.
type Watch struct {
	VIP   netip.Addr `json:"vip"`
	State WatchState `json:"state"`
	Why   Reason     `json:"why"`
	Rule  string     `json:"rule"` // that Why follows from: "W12"
}

// Log is a line of the watcher's log, without its stamp (W10).
type Log struct {
	Text string `json:"text"`
	Bare bool   `json:"bare,omitempty"` // what a command printed: it has no stamp, and is in no file
}

// Console is a line on the screen of a machine's console: what stands there and, behind it, what somebody typed (H19).
type Console struct {
	Text  string `json:"text,omitempty"`
	Typed string `json:"typed,omitempty"`
}

// CommandKind is what a command of Windows is for.
type CommandKind string

// The kinds of command.
const (
	AddAddress    CommandKind = "add"
	DeleteAddress CommandKind = "delete"
	FlushARP      CommandKind = "flush"
	RunPing       CommandKind = "ping"
	WaitTime      CommandKind = "wait"
)

// Command is a command of Windows that has ended (H2).
type Command struct {
	Does CommandKind   `json:"command"`
	IP   netip.Addr    `json:"ip,omitzero"` // that it is about
	Line string        `json:"line"`        // as typed
	Exit int           `json:"exit"`
	Took time.Duration `json:"took"`

	Missing bool `json:"missing,omitempty"` // there is no interface of the name that Line has (H18)
}

// Tcpip is the source of the network's own entries in the event log (H15).
const Tcpip = "Tcpip"

// The entries of source Tcpip: an address that the machine wanted is another's, one that it has is
// claimed by another, its link is gone.
const (
	AddressTaken   = 4198
	AddressClaimed = 4199
	LinkLost       = 4202
)

// ControlManager is the source of the event log's entries about services (H17).
const ControlManager = "Service Control Manager"

// The entries of source ControlManager: a service that is started again after its process died, one that is not, and one
// whose account may not log on.
const (
	ServiceRestarts = 7031
	ServiceDied     = 7034
	LogonFailed     = 7038
)

// Event is an entry of the Windows event log (W8, H15).
type Event struct {
	Source string     `json:"source"`
	ID     int        `json:"id"`
	Text   string     `json:"text"`
	IP     netip.Addr `json:"ip,omitzero"`  // of Tcpip's conflicts: the address, ...
	MAC    MAC        `json:"mac,omitzero"` // ... and who else has it
}

// TaskState is what Task Scheduler does with a task (H10).
type TaskState string

// The states of a task. A trigger that fires while the task still runs is skipped: by default no
// second instance is started.
const (
	TaskStarted    TaskState = "started"
	TaskFinished   TaskState = "finished"
	TaskSkipped    TaskState = "skipped"
	TaskTerminated TaskState = "terminated" // by an orderly shutdown, or at its limit
)

// Task is a scheduled task changing state.
type Task struct {
	Name    string    `json:"name"`
	State   TaskState `json:"state"`
	Trigger string    `json:"trigger,omitempty"` // of started and skipped: TriggerStartup, or "event IPWCS 100"
}

// TriggerEvent is an entry of the event log as a task's trigger.
func TriggerEvent(source string, id int) string { return fmt.Sprintf("event %s %d", source, id) }

// TriggerStartup is the start of Windows as a task's trigger; all others are events.
const TriggerStartup = "startup"

// PipeAnswer is what became of a request over the named pipe.
type PipeAnswer string

// The answers, and NoAnswer for a request that failed.
const (
	Released PipeAnswer = "released"
	NotHeld  PipeAnswer = "not held"
	Refused  PipeAnswer = "refused"
	NoAnswer PipeAnswer = "no answer"
)

// PathNotFound is the Pipe.Error of who reached nobody (H14), or knew no such name.
const PathNotFound = "error 53: the network path was not found"

// Pipe is a request over the named pipe as its asker saw it end (W15).
type Pipe struct {
	Peer   string        `json:"peer"`
	VIP    netip.Addr    `json:"vip"`
	Answer PipeAnswer    `json:"answer"`
	Error  string        `json:"error,omitempty"` // Windows' words, of NoAnswer: "error 53: ..."
	Took   time.Duration `json:"took"`
	Led    netip.Addr    `json:"led,omitzero"` // the VIP that the peer's name led to, in place of its real address (H16)
}

// Use is a client having begun to use a VIP: from now on it needs it.
type Use struct {
	VIP netip.Addr `json:"vip"`
}

// PingStart is ping.exe starting on a client, or in a node's batch file (H9, H11).
type PingStart struct {
	ID     int        `json:"id"` // tells several pings of a run apart
	Target netip.Addr `json:"target"`
	Bytes  int        `json:"bytes"`
	Linux  bool       `json:"linux,omitempty"` // it is Linux' ping

	Wait time.Duration `json:"wait,omitempty"` // for each answer (-w); 0: the usual 4 s
}

// PingOutcome is what ping.exe says of one echo request.
type PingOutcome string

// The outcomes of one echo request.
const (
	Replied         PingOutcome = "reply"
	TimedOut        PingOutcome = "timeout"
	HostUnreachable PingOutcome = "unreachable"
	GeneralFailure  PingOutcome = "failure"
)

// PingLine is one line of ping.exe's output; the record's time is when it is printed.
type PingLine struct {
	ID      int           `json:"id"`
	Seq     int           `json:"seq"` // from 1
	Outcome PingOutcome   `json:"outcome"`
	From    netip.Addr    `json:"from,omitzero"`
	RTT     time.Duration `json:"rtt,omitempty"`
	TTL     int           `json:"ttl,omitempty"`
}

// PingEnd is ping.exe's summary. An unreachable counts as received, as Windows counts it.
type PingEnd struct {
	ID       int `json:"id"`
	Sent     int `json:"sent"`
	Received int `json:"received"`
}

func (Use) Kind() string       { return "use" }
func (Link) Kind() string      { return "link" }
func (Power) Kind() string     { return "power" }
func (Address) Kind() string   { return "address" }
func (Neighbor) Kind() string  { return "neighbor" }
func (Firewall) Kind() string  { return "firewall" }
func (Service) Kind() string   { return "service" }
func (Watch) Kind() string     { return "watch" }
func (Log) Kind() string       { return "log" }
func (Command) Kind() string   { return "command" }
func (Console) Kind() string   { return "console" }
func (Event) Kind() string     { return "event" }
func (Task) Kind() string      { return "task" }
func (Pipe) Kind() string      { return "pipe" }
func (PingStart) Kind() string { return "ping-start" }
func (PingLine) Kind() string  { return "ping" }
func (PingEnd) Kind() string   { return "ping-end" }
func (Config) Kind() string    { return "config" }
