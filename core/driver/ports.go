package driver

import (
	"net/netip"
	"time"

	"ipwsim/core"
)

// Ports are the watcher's hands on one host. Log, Observer, Announcer and Adverts may be nil.
//
// A port never calls back from within the call that registered the callback, nor any input of the
// Driver from within a call of its own; it does so later, on the same thread of control. The Driver
// survives a port that does otherwise, but porttest does not let it pass.
type Ports struct {
	Clock     Clock
	Prober    Prober
	Addresses Addresses
	Peer      Peer
	EventLog  EventLog
	Log       Log
	Observer  Observer
	Announcer Announcer // nil: there is none, and nothing is announced
	Adverts   Adverts   // nil: there are none; IPWatcher needs none
}

// Announcer announces addresses (core.Settings.AnnounceAgain).
type Announcer interface {
	// Announce sends one gratuitous ARP for a VIP that is on the interface.
	Announce(vip netip.Addr)
}

// Clock is the host's monotonic clock and one timer on it.
type Clock interface {
	// Now is the time since any fixed instant. It never runs back, and goes on while the host is
	// frozen or asleep (H7).
	Now() time.Duration

	// Wake calls Driver.Wake once, when Now has reached at: never before, at once where it has
	// already. Another Wake before then replaces this one.
	Wake(at time.Duration)
}

// Prober sends ICMP echo requests (W11).
type Prober interface {
	// Echo sends one echo request to vip, from the host's own address, and calls answered once when
	// vip itself answers it within timeout. Nothing else is an answer: not a router's or the host's
	// own "unreachable", not an answer to another request. A request that cannot be sent is one that
	// is not answered. The next Echo for the same vip may end the wait for this one's answer.
	Echo(vip netip.Addr, timeout time.Duration, answered func())
}

// Addresses runs the commands that change the host's addresses (H2). There is never more than one
// command under way. Each calls done exactly once when it has ended, with its exit status, 0 for
// success, and what it printed; a command that hangs is ended by the port. What the interface then
// says of the address comes in through Driver.AddressChanged, before done or after it.
type Addresses interface {
	// Add adds vip to the interface, with the interface's own mask. Adding an address that is there
	// fails. The new address is Tentative at first, where the host probes for duplicates (H3).
	Add(iface string, vip netip.Addr, done func(exit int, output string))

	// Delete deletes vip from the interface; when it is not there, it fails.
	Delete(iface string, vip netip.Addr, done func(exit int, output string))

	// FlushARP empties the ARP cache.
	FlushARP(done func(exit int, output string))
}

// AskLimit is how long an answer of the peer may take at most. It covers the wait of Windows for a
// host that is down, 21 s; and a pipe that is open when its host dies, which no SMB timer ever ends.
const AskLimit = time.Minute

// Peer is the named pipe between the two nodes (W15).
type Peer interface {
	// Open listens for requests. Each calls asked, which calls answer exactly once: before it
	// returns, or later, after the commands of a release. Until Open a peer that asks finds no pipe.
	Open(asked func(vip netip.Addr, from core.Balance, answer func(core.Answer)))

	// Close listens no more: asked is not called again, a peer that asks finds no pipe.
	Close()

	// Ask asks the named node to release vip and calls answer exactly once, within AskLimit: with
	// what the peer answered, or with NoAnswer where it is down, has no watcher running, denies
	// access, or stays silent. There may be one request a vip under way. One that is under way when
	// the pipe closes may be dropped.
	Ask(peer string, vip netip.Addr, as core.Balance, answer func(core.Answer))
}

// Adverts are what watchers tell all others on their segment, unasked: packets of IP protocol 112 to 224.0.0.18, with a
// TTL of 255, which no router passes on (V1).
type Adverts interface {
	// Join listens: heard is called with each packet that arrives, and with its sender's address. A packet of the host's
	// own, and one with another TTL, is none. Until Join nothing is heard.
	Join(heard func(from netip.Addr, packet []byte))

	// Leave listens no more.
	Leave()

	// Advertise sends a packet from the host's own address. One that cannot be sent, without link or while that address
	// is not usable, is lost: it does not go out later.
	Advertise(packet []byte)
}

// EventLog is the system's event log.
type EventLog interface {
	// Write adds an entry of source IPWCS (W8). What listens for it may run at once (H10).
	Write(id int, text string)
}

// Log is the log in the iplog folder, or the console of a debug run (W10).
type Log interface {
	// Line adds a line. Stamp says what goes before one that is not bare; a bare one is the console's
	// alone.
	Line(l core.Log)
}

// Observer is told what the watcher is doing, for traces and status.
type Observer interface {
	// State says that vip is in a new state, and why.
	State(vip netip.Addr, s core.State, why core.Reason)
}

// Stamp is what stands before a line of the log (W10): [07/Feb/2025:16:19:27].
func Stamp(t time.Time) string { return t.Format("[02/Jan/2006:15:04:05]") }
