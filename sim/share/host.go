package share

import (
	"net"
	"net/netip"
	"time"

	"ipwsim/sim/share/nas"
)

// Port is where the share's server listens.
const Port = nas.Port

// Clock is what the server needs of its machine. Both calls belong to the goroutine that makes them.
type Clock interface {
	// Now is the wall clock, the one that connections' deadlines are of.
	Now() time.Time
	// Sleep waits; false when the machine has ended.
	Sleep(d time.Duration) bool
}

// Host is what a client needs of its machine, between one boot and its end. When that comes, every
// call that waits fails.
type Host interface {
	Clock
	// Dial connects from an address of the machine (the zero Addr: its own choice).
	Dial(from netip.Addr, to netip.AddrPort, timeout time.Duration) (net.Conn, error)
	// Go starts a goroutine that may wait.
	Go(name string, f func())
	// Waiter lets the goroutine that calls it wait for another one of the machine: wait returns
	// after wake was called, by whomever and however often; it may also return without that, and
	// says false when the machine has ended.
	Waiter() (wait func() bool, wake func())
}
