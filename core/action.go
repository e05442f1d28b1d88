package core

import (
	"net/netip"
	"time"
)

// Action is something a watcher wants done, now. The types of this file are all there are.
type Action interface{ action() }

// SendEcho asks for one ICMP echo request to VIP (W11). An answer within Timeout comes back as Echo;
// that there was none is for the machine to notice.
type SendEcho struct {
	VIP     netip.Addr
	Seq     int // from 1, one series for all VIPs
	Timeout time.Duration
}

// Run asks for a command of the operating system (H2). Its end comes back as CommandDone; until then
// there is no other Run.
type Run struct {
	ID      int // from 1
	Command Command
}

// OpenPipe asks to listen for the peer's requests (W5).
type OpenPipe struct{}

// ClosePipe asks to listen no more (W6).
type ClosePipe struct{}

// AskPeer asks the peer to release VIP (W16, W17). How it ends comes back as PeerAnswered; until
// then the machine asks nothing more about VIP.
type AskPeer struct {
	Peer string // as in the table
	VIP  netip.Addr
	As   Balance // the role of the asker
}

// AnswerPeer answers the request ID of PeerAsked.
type AnswerPeer struct {
	ID     int
	Answer Answer
}

// WriteEvent asks for an entry in the system's event log, source IPWCS (W8).
type WriteEvent struct {
	ID   int // always EventAdded
	Text string
}

// Announce asks for a gratuitous ARP of a VIP that the node holds (Settings.AnnounceAgain).
type Announce struct{ VIP netip.Addr }

// JoinAdverts asks to hear what other watchers tell all; it comes in as Advertised. IPWatcher has no use for it.
type JoinAdverts struct{}

// LeaveAdverts asks to hear it no more.
type LeaveAdverts struct{}

// Advertise asks to send a packet to all watchers.
type Advertise struct{ Packet []byte }

// Log is one line of the watcher's log, without its stamp (W10). There is none unless
// Settings.LogEnabled is set.
type Log struct {
	Text string
	Bare bool // what a command printed: on the console of a debug run only, and without a stamp
}

// StateChanged says that a VIP is in another state now, and why. It is for traces and status, nothing needs doing.
type StateChanged struct {
	VIP   netip.Addr
	State State
	Why   Reason
}

// Stopped is the last action of all (W6).
type Stopped struct{}

func (SendEcho) action()     {}
func (Run) action()          {}
func (OpenPipe) action()     {}
func (ClosePipe) action()    {}
func (AskPeer) action()      {}
func (AnswerPeer) action()   {}
func (WriteEvent) action()   {}
func (Announce) action()     {}
func (JoinAdverts) action()  {}
func (LeaveAdverts) action() {}
func (Advertise) action()    {}
func (Log) action()          {}
func (StateChanged) action() {}
func (Stopped) action()      {}

// EventAdded is the event log's ID for a VIP added to the interface (W8).
const EventAdded = 100

// State is what the watcher is doing about a VIP.
type State int

// The states of a VIP. Before Start it is in none of them.
const (
	Polling   State = iota + 1 // another host holds it, or nobody does
	Taking                     // being added to the interface, or waiting there to be usable
	Held                       // ours
	Releasing                  // being deleted from the interface
)

func (s State) String() string {
	return nameOf(int(s)-1, "polling", "taking", "held", "releasing")
}

// Command is a command of the operating system: AddAddress, DeleteAddress or FlushARP. Its String is
// the command line as Windows has it.
type Command interface {
	String() string
	command()
}

// AddAddress adds VIP to an interface (W8).
type AddAddress struct {
	VIP       netip.Addr
	Interface string
}

// DeleteAddress deletes VIP from an interface (W5).
type DeleteAddress struct {
	VIP       netip.Addr
	Interface string
}

// FlushARP empties the ARP cache (W5).
type FlushARP struct{}

func (AddAddress) command()    {}
func (DeleteAddress) command() {}
func (FlushARP) command()      {}

// Inferred: the form of the add command; the guide shows only the other two. It is without a mask,
// which the table does not have: whoever runs the command takes the interface's own.
func (c AddAddress) String() string {
	return `netsh interface ip add address "` + c.Interface + `" addr=` + c.VIP.String()
}

func (c DeleteAddress) String() string {
	return `netsh interface ip delete address "` + c.Interface + `" addr=` + c.VIP.String()
}

func (FlushARP) String() string { return "arp -d" }
