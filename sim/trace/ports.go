package trace

import (
	"net/netip"
	"time"
)

// Port is what passes between a watcher and its machine (core/driver's ports), as the machine sees it. What other records
// tell of, the service, its events and the answers that it gets, has none.
type Port struct {
	Call PortCall   `json:"call"`
	VIP  netip.Addr `json:"vip,omitzero"`
	ID   int        `json:"id,omitempty"` // of a command or of a request of the peer, since the watcher's start, from 1

	Does      CommandKind  `json:"command,omitempty"`   // of CommandBegins
	Interface string       `json:"interface,omitempty"` // of CommandBegins, NetworkTold and NetworkLost
	Exit      int          `json:"exit,omitempty"`      // of CommandEnds
	State     AddressState `json:"state,omitempty"`     // of AddressTold
	Master    bool         `json:"master,omitempty"`    // of PeerAsked and RequestComes: the asker says that it is one
	Answer    PipeAnswer   `json:"answer,omitempty"`    // of RequestAnswered
}

// PortCall is what passes.
type PortCall string

// What a watcher does, and what it is told of.
const (
	CommandBegins   PortCall = "begin" // netsh or arp
	CommandEnds     PortCall = "end"
	PipeOpened      PortCall = "open"
	PipeClosed      PortCall = "close"
	PeerAsked       PortCall = "ask"     // over the pipe
	RequestComes    PortCall = "request" // of the peer, over the pipe
	RequestAnswered PortCall = "answer"
	AddressTold     PortCall = "address"      // a VIP is in that state on the interface
	NetworkTold     PortCall = "network"      // the link, or the machine's own address, is back
	NetworkLost     PortCall = "network-lost" // that is gone
	AdvertsJoined   PortCall = "join"         // advertisements are heard from now on (V1)
	AdvertsLeft     PortCall = "leave"
	Announced       PortCall = "announce" // a VIP, by a gratuitous ARP
	PollsTold       PortCall = "polls"    // the trace has all its polls and advertisements up to now
)

// Polls are polls of a VIP by a watcher, told of when they cease, their pace or their answers change, or the watcher does
// something else: as many at an even pace, by its own clock, by the virtual times of the first and the last.
type Polls struct {
	VIP      netip.Addr    `json:"vip"`
	N        int           `json:"n,omitempty"` // 0: the last one told of before is answered now
	First    time.Duration `json:"first,omitempty"`
	Last     time.Duration `json:"last,omitempty"`
	Answered bool          `json:"answered,omitempty"` // each of them, by the VIP, with its own number, within PingTimeout; else none so far
	Heard    time.Duration `json:"heard,omitempty"`    // of answered ones: when the last was
}

// Adverts are advertisements that a watcher sends, or hears from another (V1), told of as polls are: as many of one content
// at an even pace.
type Adverts struct {
	From     netip.Addr    `json:"from,omitzero"` // who sent them; zero: the watcher itself
	N        int           `json:"n"`
	First    time.Duration `json:"first"`
	Last     time.Duration `json:"last"`
	Router   int           `json:"router,omitempty"`
	Priority int           `json:"priority"`
	Advert   time.Duration `json:"advert,omitempty"` // from one to the next, as they say
	VIPs     []netip.Addr  `json:"vips,omitempty"`
	Damaged  bool          `json:"damaged,omitempty"` // they are no advertisements of VRRP version 3 for IPv4
}

func (Port) Kind() string    { return "port" }
func (Adverts) Kind() string { return "adverts" }
func (Polls) Kind() string   { return "polls" }
