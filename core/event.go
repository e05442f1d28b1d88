package core

import "net/netip"

// Event is something that happened to a watcher. The types of this file are all there are; an
// event that makes no sense where it comes is ignored.
type Event interface{ event() }

// Start is the service starting (W5). Only the first counts.
type Start struct{}

// Stop is the service stopping (W6), at whatever point. Only the first counts.
type Stop struct{}

// Tick says that Deadline has passed. One that comes early does nothing.
type Tick struct{}

// Echo is an answer to the echo request Seq from VIP itself. An answer from any other address, such
// as a router's "unreachable", is not one.
type Echo struct {
	VIP netip.Addr
	Seq int // as in SendEcho
}

// AddressChanged is what the interface says of a VIP, whoever caused the change (H1).
type AddressChanged struct {
	VIP   netip.Addr
	State AddressState
}

// CommandDone is the end of the command that runs.
type CommandDone struct {
	ID     int    // as in Run
	Exit   int    // 0 is success, as far as the command can be believed (H2)
	Output string // what it printed, for the log only
}

// NetworkUp says that an interface's link or the machine's own address on it came back and is
// usable (W16).
type NetworkUp struct {
	Interface string // as in the table
}

// NetworkDown says that an interface's link or the machine's own address on it is gone. IPWatcher does nothing about it
// (W19); other watchers may.
type NetworkDown struct {
	Interface string // as in the table
}

// Advertised is a packet that another watcher has sent to all, for who has asked for them by JoinAdverts.
type Advertised struct {
	From   netip.Addr // its own address
	Packet []byte
}

// PeerAnswered ends an AskPeer.
type PeerAnswered struct {
	VIP    netip.Addr
	Answer Answer
}

// PeerAsked is the peer's request to release VIP (W15). Each is answered once, by AnswerPeer, unless
// the watcher has stopped.
type PeerAsked struct {
	ID   int // names the request in AnswerPeer; each request has its own
	VIP  netip.Addr
	From Balance // the peer's role
}

func (Start) event()          {}
func (Stop) event()           {}
func (Tick) event()           {}
func (Echo) event()           {}
func (AddressChanged) event() {}
func (CommandDone) event()    {}
func (NetworkUp) event()      {}
func (NetworkDown) event()    {}
func (Advertised) event()     {}
func (PeerAnswered) event()   {}
func (PeerAsked) event()      {}

// AddressState is the state of an address on an interface (H1).
type AddressState int

// The states Windows knows, and Absent for an address that is not configured. Only a Preferred
// address is used; a Tentative one is being probed for, or waits for a link; a Duplicate one
// belongs to another host.
const (
	Absent AddressState = iota
	Tentative
	Preferred
	Duplicate
)

func (s AddressState) String() string {
	return nameOf(int(s), "absent", "tentative", "preferred", "duplicate")
}

// Answer is what becomes of a request to release a VIP (W15).
type Answer int

// The peer's answers, and NoAnswer for a peer that could not be asked or did not answer in time.
const (
	Released Answer = iota // it held the VIP, or was about to, and does not any more
	NotHeld
	Refused
	NoAnswer
)

func (a Answer) String() string {
	return nameOf(int(a), "released", "not held", "refused", "no answer")
}

func nameOf(i int, names ...string) string {
	if i < 0 || i >= len(names) {
		return "unknown"
	}
	return names[i]
}
