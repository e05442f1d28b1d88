// Package porttest is the contract of driver.Ports as tests: what every adapter must do, on a
// simulated host or a real one.
package porttest

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"ipwsim/core"
	"ipwsim/core/driver"
)

// TB is what the contracts need of *testing.T.
type TB interface {
	Helper()
	Cleanup(func())
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
}

// Harness makes a new host with nothing of an earlier one: its link is up, its own address usable
// for a while, no VIP on it. It probes for duplicates of the addresses it adds (H3). What it would
// report to its driver it reports to in, after Harness has returned.
type Harness func(t TB, in driver.Inputs) Host

// Host is a host with its surroundings: another host on the same network, and a peer node.
type Host interface {
	Ports() driver.Ports

	// Advance lets d pass, on the wall or on a simulated clock. Whatever the host calls back it
	// calls during Advance, Unplug and Plug, on the caller's goroutine.
	Advance(d time.Duration)

	Interface() string // the name of the host's interface
	Free() netip.Addr  // an address of the interface's network that nobody has; always the same
	Taken() netip.Addr // an address of the other host, which answers ARP and echo requests; always the same

	// Unplug takes the host's link away, Plug brings it back.
	Unplug()
	Plug()

	// Peer is the name of the peer node.
	Peer() string

	// SetPeer decides what becomes of requests to the peer from now on. It is false where the host
	// cannot arrange that; the contract is then left unchecked and the log says so.
	SetPeer(Peer) bool

	// PeerAsks lets the peer ask this host's pipe to release vip; answered gets the answer, NoAnswer
	// when there is no pipe.
	PeerAsks(vip netip.Addr, as core.Balance, answered func(core.Answer))

	// Address is the host's own, PeerAddress the peer's.
	Address() netip.Addr
	PeerAddress() netip.Addr

	// PeerAdvertises lets the peer send a packet to all watchers, with that TTL; PeerHears has heard called with each that
	// arrives at the peer. A host whose ports have no Adverts is not asked.
	PeerAdvertises(packet []byte, ttl uint8)
	PeerHears(heard func(from netip.Addr, packet []byte))
}

// Peer is how a peer meets a request.
type Peer int

// The ways, one for each answer and each failure.
const (
	Releases Peer = iota
	HoldsNot
	Refuses
	Down      // the machine is off, or unreachable
	NoWatcher // the machine runs, the pipe does not exist
	Denies    // the pipe exists, access is denied
	Silent    // the request goes through, the answer never comes
)

func (p Peer) String() string {
	return [...]string{"releases", "holds not", "refuses", "down", "no watcher", "denies", "silent"}[p]
}

// Contract is one rule that ports keep.
type Contract struct {
	Name  string // as a subtest's
	Rule  string // in one sentence
	Check func(TB, Harness)
}

// Contracts are all the rules, in the order of Run.
func Contracts() []Contract {
	var all []Contract
	for _, group := range [][]Contract{clockContracts, echoContracts, addressContracts, linkContracts, peerContracts, advertContracts} {
		all = append(all, group...)
	}
	return all
}

// Run checks every contract on a host of its own.
func Run(t *testing.T, h Harness) {
	for _, c := range Contracts() {
		t.Run(c.Name, func(t *testing.T) {
			c.Check(ruled{t, c.Rule}, h)
		})
	}
}

// ruled puts the rule before each failure.
type ruled struct {
	*testing.T
	rule string
}

func (r ruled) Errorf(format string, args ...any) {
	r.Helper()
	r.T.Errorf("%s\n%s", r.rule, fmt.Sprintf(format, args...))
}
