// Package loopback is a computer's own loopback as the network of simulated machines, in real time:
// their services run as in a simulation, and programs of this computer can speak with them. Nothing
// leaves the computer.
package loopback

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"syscall"

	"ipwsim/core/diag"
)

// Net says where on the loopback each simulated address and port is. It is safe for concurrent use.
type Net struct {
	mu      sync.Mutex
	sockets map[netip.AddrPort]*socket // by the simulated address
}

// socket is a port that is open; nobody answers there until a machine listens.
type socket struct {
	net.Listener
	local netip.AddrPort // simulated
	taken bool
}

// NewNet returns a network with nothing on it. Close it at the end.
func NewNet() *Net { return &Net{sockets: map[netip.AddrPort]*socket{}} }

// Open opens a loopback port for a simulated one and returns it; port 0 is any free port. Where this
// computer does not have the address, as none but 127.0.0.1 on some systems, a free port of 127.0.0.1
// stands in. A port in use is an error.
func (n *Net) Open(simulated, at netip.AddrPort) (netip.AddrPort, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.sockets[simulated] != nil {
		return netip.AddrPort{}, diag.Errorf("two services of one machine are to listen on %v", simulated)
	}
	l, err := net.Listen("tcp", at.String())
	if errors.Is(err, syscall.EADDRNOTAVAIL) {
		l, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if errors.Is(err, syscall.EADDRINUSE) {
		return netip.AddrPort{}, diag.Errorf("%v is in use by another program", at)
	}
	if err != nil {
		return netip.AddrPort{}, err
	}
	n.sockets[simulated] = &socket{Listener: l, local: simulated}
	return l.Addr().(*net.TCPAddr).AddrPort(), nil
}

// Close closes every port. Connections stay.
func (n *Net) Close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, s := range n.sockets {
		_ = s.Close()
	}
}

// take gives a machine the socket at its address, once.
func (n *Net) take(at netip.AddrPort) *socket {
	n.mu.Lock()
	defer n.mu.Unlock()
	s := n.sockets[at]
	if s == nil || s.taken {
		return nil
	}
	s.taken = true
	return s
}

// dial connects to a simulated address.
func (n *Net) dial(to netip.AddrPort, d net.Dialer) (net.Conn, error) {
	n.mu.Lock()
	s := n.sockets[to]
	n.mu.Unlock()
	if s == nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: net.TCPAddrFromAddrPort(to), Err: syscall.EHOSTUNREACH}
	}
	return d.Dial("tcp", s.Addr().String())
}
