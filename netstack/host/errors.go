package host

import (
	"net"
	"net/netip"
	"syscall"

	"gvisor.dev/gvisor/pkg/log"
	"gvisor.dev/gvisor/pkg/tcpip"
)

// gVisor warns on standard error, with the machine's own time, of what only simulated machines meet: a connection from
// whom the listener has no way to.
func init() { log.SetTarget(&log.MultiEmitter{}) }

// opError makes netstack's error one that errors.Is knows: syscall.ECONNREFUSED, ECONNRESET,
// EHOSTUNREACH, ETIMEDOUT, EADDRNOTAVAIL and so on.
func opError(op string, at netip.AddrPort, err tcpip.Error) error {
	return &net.OpError{Op: op, Net: "tcp", Addr: net.TCPAddrFromAddrPort(at), Err: stdError(err)}
}

func stdError(err tcpip.Error) error {
	switch err.(type) {
	case *tcpip.ErrConnectionRefused:
		return syscall.ECONNREFUSED
	case *tcpip.ErrConnectionReset:
		return syscall.ECONNRESET
	case *tcpip.ErrConnectionAborted:
		return syscall.ECONNABORTED
	case *tcpip.ErrTimeout:
		return syscall.ETIMEDOUT
	case *tcpip.ErrHostUnreachable, *tcpip.ErrHostDown:
		return syscall.EHOSTUNREACH
	case *tcpip.ErrNetworkUnreachable:
		return syscall.ENETUNREACH
	case *tcpip.ErrBadLocalAddress:
		return syscall.EADDRNOTAVAIL
	case *tcpip.ErrPortInUse:
		return syscall.EADDRINUSE
	case *tcpip.ErrClosedForSend:
		return syscall.EPIPE
	}
	return stackError{err}
}

// stackError is an error of netstack's that has no errno of its own here.
type stackError struct{ err tcpip.Error }

func (e stackError) Error() string { return e.err.String() }
