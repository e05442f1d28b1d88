// Package trace is the history of a run: typed records, only ever appended. Checks and reports
// read nothing else, so a verdict can be given again from a saved trace, and a check can be
// tested on a trace written by hand.
package trace

import (
	"encoding/hex"
	"iter"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Version is that of traces and of all that is made of them: saved runs, JSON reports, data of studies. It
// changes when a field changes its meaning or its type, or goes; not for new fields, and new names of a kind.
const Version = 2

// A Record is one thing that happened.
type Record struct {
	At   time.Duration // virtual time; the scenario's zero is 0, the start-up before it is negative
	Host string        // the machine or client it happened on; "" for the network itself
	Body Body
}

// Trace is a run: what stood fixed, what happened, and when the run ended. A long run's records are packed away but for
// the last, so that a month fits in memory.
type Trace struct {
	Header  Header
	Records []Record      // the last ones, and in a run of less than 32,768 all; see All
	End     time.Duration // virtual time of the end of the run

	packed []pack // those before
}

// Add appends a record. Records come in order of time: the world's clock never goes back.
func (t *Trace) Add(at time.Duration, host string, b Body) {
	t.Records = append(t.Records, Record{at, host, b})
	if len(t.Records) == 2*packLen {
		t.packed = append(t.packed, newPack(t.Records[:packLen]))
		t.Records = append(make([]Record, 0, 2*packLen), t.Records[packLen:]...)
	}
}

// Len is how many records there are.
func (t *Trace) Len() int { return len(t.packed)*packLen + len(t.Records) }

// All are the records in their order, each to keep, not to change.
func (t *Trace) All() iter.Seq[*Record] { return t.From(0) }

// From are the records from the nth on, counted from 0.
func (t *Trace) From(n int) iter.Seq[*Record] {
	return func(yield func(*Record) bool) {
		for ; n < len(t.packed)*packLen; n += packLen - n%packLen {
			if !each(t.packed[n/packLen].records()[n%packLen:], yield) {
				return
			}
		}
		each(t.Records[n-len(t.packed)*packLen:], yield)
	}
}

// Whole is the trace with all of its records in Records.
func (t *Trace) Whole() *Trace {
	all := make([]Record, 0, t.Len())
	for r := range t.All() {
		all = append(all, *r)
	}
	return &Trace{Header: t.Header, Records: all, End: t.End}
}

func each(all []Record, yield func(*Record) bool) bool {
	for i := range all {
		if !yield(&all[i]) {
			return false
		}
	}
	return true
}

// Cut takes back what was added lately, after the first n records.
func (t *Trace) Cut(n int) { t.Records = t.Records[:n-len(t.packed)*packLen] }

// Header is what stands fixed for a whole run.
type Header struct {
	Version  int       `json:"version"`
	Scenario string    `json:"scenario"`
	Cluster  string    `json:"cluster"`
	Seed     uint64    `json:"seed"`
	Epoch    time.Time `json:"epoch"` // the simulated wall clock at virtual time 0

	Nodes   []Node   `json:"nodes"`
	VIPs    []VIP    `json:"vips"` // also those that a watcher came to read of in the run (Config)
	Clients []Client `json:"clients"`
	Routers []Router `json:"routers,omitempty"`
	Cables  []Cable  `json:"cables"`

	Watcher string `json:"watcher,omitempty"` // that the nodes run; "" where nothing is told of its ports

	Others      []Other      `json:"others,omitempty"`
	Inspections []Inspection `json:"inspections,omitempty"`
	Snoops      []Snoop      `json:"snoops,omitempty"`
	Waits       []string     `json:"waits,omitempty"` // switches whose ports wait at each link up (N2)
	Twins       []string     `json:"twins,omitempty"` // machines with another one's MAC, and those others
}

// IPWatcher is the watcher that nodes run, if they run no other.
const IPWatcher = "IPWatcher"

// VRRP is the other watcher that has rules (V1).
const VRRP = "vrrp"

// Node is one Windows machine of the cluster.
type Node struct {
	Role      string       `json:"role"` // the name records use: "active", "standby"
	Name      string       `json:"name"` // its NetBIOS name
	Address   netip.Prefix `json:"address"`
	MAC       MAC          `json:"mac"`
	Team      []MAC        `json:"team,omitempty"`   // of its cards, where they are a team (H18)
	Gateway   netip.Addr   `json:"gateway,omitzero"` // its way out of the subnet
	Interface string       `json:"interface"`
	Table     string       `json:"table,omitempty"` // the name that its watcher's table has, where it is another one (H18)
	Profile   string       `json:"profile"`
	VIPs      []netip.Addr `json:"vips,omitempty"` // of its table, where those are not all that the cluster ever had (W4), or not in that order

	Master      bool          `json:"master"` // Balance 0 (C5)
	Interval    time.Duration `json:"interval"`
	PingTimeout time.Duration `json:"ping_timeout"`
	ReleaseTime time.Duration `json:"release_time"`    // a whole cycle: ReleaseTime x Interval (W18)
	Again       bool          `json:"again,omitempty"` // it announces again what its peer gave up (W22)

	NetshMin time.Duration `json:"netsh_min"` // the time one netsh command takes (H2)
	NetshMax time.Duration `json:"netsh_max"`
	DAD      time.Duration `json:"dad"` // tentative time of a new address (H3)

	Watcher *OtherWatcher `json:"watcher,omitempty"` // nil: IPWatcher

	LogicalIP netip.Addr    `json:"logical_ip,omitzero"` // its EPSTDS delivers only while the node has this address (M4)
	RetryFor  time.Duration `json:"retry_for,omitempty"` // its EPSTDS tries a copy until it is so old (M6); 0: the trace does not tell

	Notices time.Duration   `json:"notices,omitempty"` // it writes that an address is claimed at most once in this time (H15)
	Tries   []time.Duration `json:"tries,omitempty"`   // to reach who does not answer, so long after the first, and then the end (H14)
	Doubts  bool            `json:"doubts,omitempty"`  // an answer to its announcement makes a new address a duplicate (H15)
	Startup Startup         `json:"startup,omitzero"`  // of its watcher's service

	PublicAfterBoot time.Duration `json:"public_after_boot,omitempty"` // Windows takes the network for a public one for so long (H16),
	PublicAfterLink time.Duration `json:"public_after_link,omitempty"` // and after the link's return

	Tasks    []TaskStart   `json:"tasks,omitempty"`     // what starts the node's arpclear.bat (H10)
	Cure     []CurePing    `json:"cure,omitempty"`      // what event 100 makes the node's arpclear.bat ping, in order (H10, H11)
	CureRest time.Duration `json:"cure_rest,omitempty"` // what the batch waits behind its last ping
	CureKeep bool          `json:"cure_keep,omitempty"` // the batch is to empty the ARP cache and has not the rights to
}

// Startup is when Windows starts a service, and what it does when its process has died (H17). The zero Startup is
// automatic, without recovery.
type Startup struct {
	Manual   bool            `json:"manual,omitempty"`
	Delayed  bool            `json:"delayed,omitempty"`
	Restarts []time.Duration `json:"restarts,omitempty"` // after the first death, the second and so on, the last for all that follow; below 0: never
	Forget   time.Duration   `json:"forget,omitempty"`   // so long after the last death the next one counts as the first again; below 0: never
}

// OtherWatcher is another watcher than IPWatcher, with what it promises of its own times. What netsh and address detection take
// (H2, H3) comes on top.
type OtherWatcher struct {
	Kind    string        `json:"kind"`    // "vrrp"
	Least   time.Duration `json:"least"`   // from a VIP's loss to the decision to take it, at the least,
	Most    time.Duration `json:"most"`    // and at the most
	Returns time.Duration `json:"returns"` // from its network's return to a master's decision to have the VIP back; 0: it does not
	Settles time.Duration `json:"settles"` // until one of two holders that hear each other gives way; and until it is heard

	VRRP *VirtualRouter `json:"vrrp,omitempty"` // of one that goes by V1 to V8
}

// VirtualRouter is what a node's watcher goes by that is VRRP (V1).
type VirtualRouter struct {
	Router   int           `json:"router"` // its number
	Priority int           `json:"priority"`
	Advert   time.Duration `json:"advert"` // from one advertisement to the next
	Preempt  bool          `json:"preempt,omitempty"`
}

// Watches says whether the node's watcher finds its interface when that has the name; case is not told apart (H18).
func (n *Node) Watches(name string) bool {
	if n.Table == "" {
		return strings.EqualFold(n.Interface, name)
	}
	return strings.EqualFold(n.Table, name)
}

// Hearing is how long the node must have heard another one to know of it: until a poll was answered (W11), or an
// advertisement came (V1).
func (n *Node) Hearing() time.Duration {
	if n.Watcher != nil {
		return n.Watcher.Settles
	}
	return n.PingTimeout
}

// Added is an address as netsh adds it without a mask to an interface with that own address: with the own one's mask, or,
// in another subnet, with that of its class (RFC 791).
func Added(own netip.Prefix, ip netip.Addr) netip.Prefix {
	first := ip.As4()[0]
	switch {
	case own.Contains(ip):
		return netip.PrefixFrom(ip, own.Bits())
	case first < 128:
		return netip.PrefixFrom(ip, 8)
	case first < 192:
		return netip.PrefixFrom(ip, 16)
	}
	return netip.PrefixFrom(ip, 24)
}

// Keeps says whether the VIP is in the node's table.
func (n *Node) Keeps(vip netip.Addr) bool { return n.VIPs == nil || slices.Contains(n.VIPs, vip) }

// Reads is the node whose watcher has read that.
func (n *Node) Reads(c Config) *Node {
	read := *n
	read.Interval, read.PingTimeout, read.ReleaseTime = c.Interval, c.PingTimeout, c.ReleaseTime
	if n.Watcher == nil { // another one's rank is no value of the registry
		read.Master = c.Master
	}
	read.VIPs, read.Table = c.VIPs, c.Table
	return &read
}

// TaskStart is a trigger of a task (H10).
type TaskStart struct {
	Trigger string        `json:"trigger"` // as Task has it
	After   time.Duration `json:"after,omitempty"`
	Every   time.Duration `json:"every,omitempty"` // then again; 0: not
	For     time.Duration `json:"for,omitempty"`   // from the first start to the last one; 0: without end
}

// CureHalts is the CureRest of a batch that never ends.
const CureHalts = 100 * 365 * 24 * time.Hour

// CurePing is a ping of a node's arpclear.bat.
type CurePing struct {
	Target netip.Addr `json:"target"`
	Source netip.Addr `json:"source,omitzero"` // the VIP whose entry it heals
	Count  int        `json:"count"`

	After time.Duration `json:"after,omitempty"` // what the batch waits before it
}

// VIP is one virtual address the cluster keeps.
type VIP struct {
	Address netip.Addr `json:"address"`
}

// Client is a machine that uses the cluster.
type Client struct {
	Name    string       `json:"name"`
	Address netip.Prefix `json:"address"`
	MAC     MAC          `json:"mac"`
	Gateway netip.Addr   `json:"gateway,omitzero"`
	Profile string       `json:"profile"`

	Idle  bool          `json:"idle,omitempty"`  // it uses no VIP by itself
	Holds time.Duration `json:"holds"`           // the longest that its ARP cache believes an entry whose owner is silent
	Fixed bool          `json:"fixed,omitempty"` // an entry ends so long after its last renewal, used or not; else RFC 4861 says when (N3)
}

// Router is an L3 switch (N5). Records of its ARP caches bear its name.
type Router struct {
	Name       string            `json:"name"`
	Profile    string            `json:"profile"` // of its ARP caches
	Holds      time.Duration     `json:"holds"`   // as a client's
	Fixed      bool              `json:"fixed,omitempty"`
	Interfaces []RouterInterface `json:"interfaces"`
	Routes     []Route           `json:"routes,omitempty"` // the same for the whole run

	ProxyARP bool `json:"proxy_arp,omitempty"` // it answers ARP for others' addresses (N7)
}

// RouterInterface is a VLAN interface of a router, with a cable of its own.
type RouterInterface struct {
	Cable   string       `json:"cable"`
	Address netip.Prefix `json:"address"`
	MAC     MAC          `json:"mac"`
}

// Other is a machine that is neither node nor client: the share, a mail server outside, a Stranger.
type Other struct {
	Name    string       `json:"name"`
	What    string       `json:"what"`
	Address netip.Prefix `json:"address"`
	MAC     MAC          `json:"mac"`
}

// Stranger is what an Other is that has no part in the cluster (N7).
const Stranger = "stranger"

// Route is a router's way to a subnet that it is not in itself.
type Route struct {
	Prefix netip.Prefix `json:"prefix"`
	Via    netip.Addr   `json:"via"` // another router's address
}

// Cable joins two devices, each a node's role, a client's, router's or switch's name.
type Cable struct {
	Name string `json:"name"`
	A    string `json:"a"`
	B    string `json:"b"`
}

// Node returns the node with the role, or nil.
func (h *Header) Node(role string) *Node {
	for i := range h.Nodes {
		if h.Nodes[i].Role == role {
			return &h.Nodes[i]
		}
	}
	return nil
}

// IsMachine says whether the name is that of a machine or router, and not a switch's.
func (h *Header) IsMachine(name string) bool {
	return h.Node(name) != nil ||
		slices.ContainsFunc(h.Clients, func(c Client) bool { return c.Name == name }) ||
		slices.ContainsFunc(h.Routers, func(r Router) bool { return r.Name == name }) ||
		slices.ContainsFunc(h.Others, func(o Other) bool { return o.Name == name })
}

// MAC is an Ethernet address.
type MAC [6]byte

// String is Windows' form, 00-1a-2b-3c-4d-5e.
func (m MAC) String() string {
	var b strings.Builder
	for i, x := range m {
		if i > 0 {
			b.WriteByte('-')
		}
		b.WriteString(hex.EncodeToString([]byte{x}))
	}
	return b.String()
}

// IsZero says whether the address is unset.
func (m MAC) IsZero() bool { return m == MAC{} }

// MarshalText writes Windows' form, or nothing for the zero address.
func (m MAC) MarshalText() ([]byte, error) {
	if m.IsZero() {
		return nil, nil
	}
	return []byte(m.String()), nil
}

// UnmarshalText reads six hexadecimal pairs parted by - or :.
func (m *MAC) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*m = MAC{}
		return nil
	}
	parsed, err := ParseMAC(string(b))
	*m = parsed
	return err
}
