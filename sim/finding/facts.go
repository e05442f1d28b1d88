// Package finding is what was found in a run, as data: facts, what checks and expectations say of them, and
// the run as a whole. Nothing here is a sentence; reports put it into words.
package finding

import (
	"net/netip"
	"slices"
	"time"

	"ipwsim/sim/trace"
)

// Span is a stretch of virtual time: From belongs to it, To does not, unless To is the end of the run. By names
// the nodes it is about, by role and sorted.
type Span struct {
	From time.Duration `json:"from"`
	To   time.Duration `json:"to"`
	By   []string      `json:"by,omitempty"`
}

// Length is how long the span lasts.
func (s Span) Length() time.Duration { return s.To - s.From }

// Overlap is how much of the span lies between the two times.
func (s Span) Overlap(from, to time.Duration) time.Duration {
	return max(0, min(s.To, to)-max(s.From, from))
}

// Facts are what happened in a run, read once from its trace.
type Facts struct {
	End       time.Duration `json:"end"`       // up to here
	Faults    []Fault       `json:"faults"`    // by number
	Uses      []Use         `json:"uses"`      // each client with each VIP, clients as in the header
	Failbacks []Failback    `json:"failbacks"` // by time
	Holdings  []Holding     `json:"holdings"`  // by VIP, node and time
	Duals     []Dual        `json:"duals"`     // by time
	Clashes   []Clash       `json:"clashes"`   // by time
	Beliefs   []Belief      `json:"beliefs"`   // by VIP, host and time
	Tasks     []Task        `json:"tasks"`     // by time
	Mail      *Mail         `json:"mail"`      // nil: nobody used any
}

// Fault is a fault with the time it lasted.
type Fault struct {
	trace.Fault
	At    time.Duration `json:"at"`
	Until time.Duration `json:"until"`          // of one that is over at once: At
	Open  bool          `json:"open,omitempty"` // still in force at the end
	Said  Phrase        `json:"-"`              // its words in reports
}

// Use is one client's use of one VIP.
type Use struct {
	Client string     `json:"client"`
	VIP    netip.Addr `json:"vip"`

	// Never says that the client has not used the VIP: it is not judged.
	Never bool          `json:"never,omitempty"`
	Since time.Duration `json:"since"` // of its first use

	Answered []Span   `json:"-"` // P0: when an echo request of its would be answered, and by which nodes
	Outages  []Outage `json:"outages"`
}

// Outage is a stretch in which a VIP that a client uses, and that was answered before, is not answered.
type Outage struct {
	Client string        `json:"client"`
	VIP    netip.Addr    `json:"vip"`
	From   time.Duration `json:"from"`
	To     time.Duration `json:"to"`             // the first answer again, or the end of the run
	Open   bool          `json:"open,omitempty"` // not over at the end
	Before []string      `json:"before"`         // the nodes that answered until From
	After  []string      `json:"after,omitempty"`
	Loss   Loss          `json:"loss,omitempty"`
	Taken  bool          `json:"taken,omitempty"` // another node held the VIP meanwhile
	Added  bool          `json:"added,omitempty"` // some node's watcher added it meanwhile, and wrote event 100 (W8)
	Kind   OutageKind    `json:"kind"`
	Cause  Cause         `json:"cause"`
	Also   []int         `json:"also,omitempty"`      // numbers of other faults in force
	Parts  []Part        `json:"parts"`               // what it is made of, as it came; their times add up to its length
	Pings  []Span        `json:"ping_only,omitempty"` // in it: ping alone was kept out, and mail's connections got through
	Dual   time.Duration `json:"dual,omitempty"`      // with two nodes within the client's reach holding the VIP
	Saw    []Saw         `json:"saw,omitempty"`       // what the client's ping.exe of the VIP printed of it

	// Holds is how long the ARP cache that misled the client believes an entry: had the lost node not come back,
	// the outage could have lasted about so long. 0: it was not a cache, or it was over by itself.
	Holds time.Duration `json:"holds,omitempty"`
	Promise
}

// Length is how long the VIP was silent, so far if the outage is open.
func (o *Outage) Length() time.Duration { return o.To - o.From }

// PingOnly is for how long of the outage ping alone was kept out, by a firewall or a rule (H8), while mail's connections to
// the holder got through.
func (o *Outage) PingOnly() (sum time.Duration) {
	for _, s := range o.Pings {
		sum += s.Length()
	}
	return sum
}

// PingsAtEnd says whether ping alone was kept out when the outage ended, or the run.
func (o *Outage) PingsAtEnd() bool { return len(o.Pings) > 0 && o.Pings[len(o.Pings)-1].To == o.To }

// Mailless is how long the outage was one of mail as well.
func (o *Outage) Mailless() time.Duration { return o.Length() - o.PingOnly() }

// OutageKind is what an outage is, seen from the cluster.
type OutageKind string

// The kinds of outages.
const (
	FailoverKind OutageKind = "failover"  // it began with the loss of the VIP's holder, whoever ended it
	FlapKind     OutageKind = "flap"      // so it did, but the holder was back before anybody could take the VIP (W19)
	GiveBackKind OutageKind = "give-back" // the VIP goes to the peer that asked for it (W15-W17)
	CycleKind    OutageKind = "cycle"     // a slave's release cycle (W18)
	OtherKind    OutageKind = "other"
)

// Loss is how the node that answered was lost at an outage's start.
type Loss string

// The ways to lose a node. NotLost: it still stood, and gave the VIP up or was not heard.
const (
	NotLost     Loss = ""
	LostPower   Loss = "power off"
	LostFrozen  Loss = "frozen"
	LostDown    Loss = "shutting down"
	LostStop    Loss = "service stopped"
	LostAddress Loss = "address deleted"
	LostLink    Loss = "link down"
	LostPath    Loss = "path cut"
)

// CauseKind says what kind of thing began an outage.
type CauseKind string

// The kinds of causes.
const (
	ByFault    CauseKind = "fault"     // a fault took away what the client depended on
	ByCycle    CauseKind = "cycle"     // a slave's release cycle (W18)
	ByGiveBack CauseKind = "give-back" // a release that the peer asked for (W15-W17)
	ByTaking   CauseKind = "take-over" // another node took the VIP, and a cache followed it
	ByConflict CauseKind = "conflict"  // two nodes had it, and the holder gave it up (W19, W20)
	ByStranger CauseKind = "stranger"  // a machine that is no node has or claims the address (N7)
	ByTracking CauseKind = "tracking"  // a switch's probe was taken for a conflict (N8)
	ByProxy    CauseKind = "proxy"     // a router answers for others' addresses (N7)
	BySuppress CauseKind = "suppress"  // a switch answers for who has the address no more (N8)
	ByCache    CauseKind = "cache"     // an ARP entry on the way was lost or went wrong, by no node's doing
	ByNobody   CauseKind = "unknown"   // nothing on record explains it
)

// Cause is what began an outage.
type Cause struct {
	Kind  CauseKind     `json:"kind"`
	At    time.Duration `json:"at"`
	Node  string        `json:"node,omitempty"`  // whose act it was
	Fault int           `json:"fault,omitempty"` // the number of the fault behind it; 0: none
	Rule  string        `json:"rule,omitempty"`  // of the watcher's act
}

// Obstacle is what can stand between a client and an answer.
type Obstacle string

// The obstacles, the nearest to the client first.
const (
	ClientDown  Obstacle = "client down"  // the client has no link or no usable address
	WayBack     Obstacle = "way back"     // a node was asked, and an ARP entry on the way back is wrong
	RouterCache Obstacle = "router cache" // a node holds it, a router's ARP entry leads elsewhere (N5)
	WrongCache  Obstacle = "wrong cache"  // a node holds it, the client's ARP entry leads elsewhere (N3)
	NoEntry     Obstacle = "no entry"     // a node holds it, the client's ARP requests for it go unanswered (N3)
	Public      Obstacle = "public"       // a node holds it, and takes its network for a public one (H16)
	Blocked     Obstacle = "blocked"      // a node holds it, its firewall closed for echo (H8)
	Filtered    Obstacle = "filtered"     // a node holds it, and a rule drops what the client asks
	Redetection Obstacle = "redetection"  // its holder's link is back, and the address is tentative once more (H5)
	Detection   Obstacle = "detection"    // a node has added it, and the address is tentative (H3)
	Foreign     Obstacle = "foreign"      // a machine that is no node answers for it (N7)
	OutOfReach  Obstacle = "out of reach" // a node that the client does not reach holds it (N1)
	Conflict    Obstacle = "conflict"     // a node within reach has it Duplicate (W20)
	Failing     Obstacle = "netsh fails"  // a node's netsh fails to add it, or lies (H2)
	Netsh       Obstacle = "netsh"        // a node's netsh adds or deletes it (H2)
	Yielding    Obstacle = "yielding"     // the slave waits two intervals (W13)
	Counting    Obstacle = "counting"     // a node counts the misses of an interval (W12)
	Awaiting    Obstacle = "awaiting"     // a backup waits for advertisements of its master (V2)
	HolderAway  Obstacle = "holder away"  // its holder is off the network, and comes back before the count is over
	NodesGone   Obstacle = "no node"      // no node is there that could take it
)

// NoMail is an obstacle behind the answer, of mail alone: no mail service is there, or the share is not (C2, C3).
const NoMail Obstacle = "no mail"

// Obstacles are those of an answer, in that order: of several that stand in the way, a silence is told by the first.
var Obstacles = []Obstacle{
	ClientDown, WayBack, RouterCache, WrongCache, NoEntry, Public, Blocked, Filtered, Redetection, Detection, Foreign, OutOfReach,
	Conflict, Failing, Netsh, Yielding, Counting, Awaiting, HolderAway, NodesGone,
}

// Part is an obstacle and how long it stood in the way of an outage.
type Part struct {
	What  Obstacle      `json:"what"`
	Time  time.Duration `json:"time"`
	Pings time.Duration `json:"ping_only,omitempty"` // of it: ping alone was kept out
}

// Saw is what ping.exe printed, and how often.
type Saw struct {
	Outcome trace.PingOutcome `json:"outcome"`
	Lines   int               `json:"lines"`
}

// Failback is a master's way back to a VIP that its peer holds: from the return of the master's network, by
// cable or by boot, to the VIP being answered by the master for a client that the peer had served.
type Failback struct {
	Client string        `json:"client"`
	VIP    netip.Addr    `json:"vip"`
	Master string        `json:"master"`
	Peer   string        `json:"peer"` // that held the VIP at From
	From   time.Duration `json:"from"`
	To     time.Duration `json:"to"`              // the first answer by the master, or the end of the run
	Open   bool          `json:"open,omitempty"`  // the master had not answered at the end
	Silent time.Duration `json:"silent"`          // in between, how long nobody answered
	Began  bool          `json:"began,omitempty"` // at From the master's watcher was started, on a network that was there; else that came up
	Late   bool          `json:"late,omitempty"`  // frames passed later than at From, when the link came: spanning tree, a cut (N1, N2)
	Promise
}

// Length is the time from the return to the master's answer, so far if there is none.
func (f *Failback) Length() time.Duration { return f.To - f.From }

// Promise is how long a failover or failback may take.
type Promise struct {
	Least time.Duration `json:"least,omitempty"`
	Most  time.Duration `json:"most,omitempty"`  // 0: nothing is promised
	Guide bool          `json:"guide,omitempty"` // the maker promises it; else it follows from the settings
}

// Kept says whether a time that is over or not keeps the promise.
func (p Promise) Kept(d time.Duration, open bool) bool { return !open && p.Least <= d && d <= p.Most }

// Holding is a stretch of time in which a machine that runs has a VIP in one state (H1). Only Preferred is
// answered.
type Holding struct {
	VIP   netip.Addr         `json:"vip"`
	Node  string             `json:"node"`
	State trace.AddressState `json:"state"`
	From  time.Duration      `json:"from"`
	To    time.Duration      `json:"to"`
}

// Dual is a stretch of time in which two nodes that reach each other both hold a VIP.
type Dual struct {
	VIP   netip.Addr    `json:"vip"`
	Nodes [2]string     `json:"nodes"` // by role, sorted
	From  time.Duration `json:"from"`
	To    time.Duration `json:"to"`
	Open  bool          `json:"open,omitempty"` // still so at the end
}

// Clash is an address that became Duplicate on a machine, and who was taken for its owner (H3).
type Clash struct {
	At    time.Duration `json:"at"`
	Host  string        `json:"host"`
	IP    netip.Addr    `json:"ip"`
	By    Claimant      `json:"by"`
	Whose string        `json:"whose,omitempty"` // the machine, router or switch
	Fault int           `json:"fault,omitempty"` // the number of the stranger's doing behind it; 0: none
}

// Claimant is what somebody is who was taken for an address's owner.
type Claimant string

// The claimants.
const (
	NodeClaims     Claimant = "node"        // another node, which has it or is taking it too
	StrangerClaims Claimant = "stranger"    // a machine that is no node (N7)
	TrackerClaims  Claimant = "tracking"    // a switch that probes who is behind its ports (N8)
	ProxyClaims    Claimant = "proxy"       // a router that answers for others (N7)
	SwitchClaims   Claimant = "suppress"    // a switch that answers for a node which has it no more (N8)
	NobodyClaims   Claimant = "unexplained" // no machine on record
)

// Foreign says whether it was none of the cluster's nodes.
func (c Claimant) Foreign() bool { return c != NodeClaims && c != NobodyClaims && c != "" }

// ClashesIn are those of nodes in the outage over its VIP or their own addresses, alike ones once.
func (f *Facts) ClashesIn(h *trace.Header, o *Outage) (all []Clash) {
	for _, c := range f.Clashes {
		vip := slices.ContainsFunc(h.VIPs, func(v trace.VIP) bool { return v.Address == c.IP })
		same := func(x Clash) bool { return x.Host == c.Host && x.IP == c.IP && x.By == c.By && x.Whose == c.Whose }
		if c.At < o.From || o.To < c.At || h.Node(c.Host) == nil || vip && c.IP != o.VIP || slices.ContainsFunc(all, same) {
			continue
		}
		all = append(all, c)
	}
	return all
}

// Belief is a stretch of time in which a host's ARP cache had one MAC for a VIP (N3): where the host's packets
// for the VIP went, or would have gone.
type Belief struct {
	Host  string        `json:"host"` // a node's role, a client or a router
	VIP   netip.Addr    `json:"vip"`
	MAC   trace.MAC     `json:"mac"`
	Whose string        `json:"whose"` // the node with that MAC; "" for no node
	From  time.Duration `json:"from"`
	To    time.Duration `json:"to"`
	Open  bool          `json:"open,omitempty"` // still so at the end

	// Wrong is when nodes held the VIP (Preferred), By, but not the node with that MAC. While the host itself
	// holds the VIP its entry leads nothing anywhere.
	Wrong []Span `json:"wrong,omitempty"`
}

// Task is what Task Scheduler did, and for a skipped run the run that was in its way (H10).
type Task struct {
	At   time.Duration `json:"at"`
	Host string        `json:"host"`
	trace.Task

	Since time.Duration `json:"since,omitempty"` // start of the run under way
	By    string        `json:"by,omitempty"`    // its trigger
}
