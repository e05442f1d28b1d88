// Package mail is the product's mail services: EPSTRS receives by SMTP, EPSTDS delivers, EPSTPOP3S
// and EPSTIMAP4S let people read (M1). They run on a machine and a share that they are given, in
// virtual time or in real time.
package mail

import (
	"embed"
	"math/rand/v2"
	"net"
	"net/netip"
	"time"

	"ipwsim/sim/trace"
)

// Manual has the page of the manual about the services, in both languages.
//
//go:embed *.md
var Manual embed.FS

// Host is the machine that a service runs on, between one boot and its end. When that comes, every
// call that waits fails, and the goroutine must return.
//
// In virtual time exactly one goroutine of a world runs at any moment, and it hands on only inside a
// call that waits: Accept, Read, Write, Dial, Sleep, an operation on the share. So a mutex must
// never be held over such a call, and a goroutine that serves a connection must not hand it to
// another one.
type Host interface {
	// Now is the wall clock.
	Now() time.Time
	// Listen accepts connections to the address, the unspecified one for any. An address that the
	// machine does not have is an error.
	Listen(at netip.AddrPort) (net.Listener, error)
	// Dial connects from an address of the machine (the zero Addr: its own choice).
	Dial(from netip.Addr, to netip.AddrPort, timeout time.Duration) (net.Conn, error)
	// Go starts a goroutine that may wait.
	Go(name string, f func())
	// Sleep waits; false when the machine has ended.
	Sleep(d time.Duration) bool
	// Holds says whether the address is usable on this machine now (M4).
	Holds(ip netip.Addr) bool
	// Random is the stream of that name, the same for a seed in every run.
	Random(name string) *rand.Rand
	// Record appends to the run's trace.
	Record(b trace.Body)
}
