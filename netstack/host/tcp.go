package host

import (
	"net"
	"net/netip"
	"os"
	"slices"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/header"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
	"gvisor.dev/gvisor/pkg/waiter"

	"ipwsim/netstack/vtime"
)

// socket is what TCP and UDP sockets share: an endpoint of netstack that a proc waits on.
type socket struct {
	host  *Host
	ep    tcpip.Endpoint
	queue *waiter.Queue
	entry waiter.Entry
	proc  *vtime.Proc // who uses it; nil until the first call
	dead  bool        // closed, or the machine lost its power
}

func (h *Host) newSocket(proto tcpip.TransportProtocolNumber) *socket {
	s := &socket{host: h, queue: new(waiter.Queue), proc: h.domain.Current()}
	if h.domain.Dead() {
		s.dead = true
		return s
	}
	ep, err := h.stack.NewEndpoint(proto, header.IPv4ProtocolNumber, s.queue)
	must(err)
	s.open(ep)
	return s
}

func (s *socket) open(ep tcpip.Endpoint) {
	s.ep = ep
	s.entry.Init(s, waiter.ReadableEvents|waiter.WritableEvents|waiter.EventHUp|waiter.EventErr)
	s.queue.EventRegister(&s.entry)
	s.host.opens = append(s.host.opens, s)
	s.host.touchTCP()
}

// NotifyEvent is part of waiter.EventListener.
func (s *socket) NotifyEvent(waiter.EventMask) {
	if s.proc != nil {
		s.proc.Wake()
	}
}

// begin starts a call: the caller must have the baton.
func (s *socket) begin() {
	if s.proc == nil {
		s.proc = s.host.domain.Current()
	}
	if s.proc == nil {
		panic("host: virtual socket used outside a proc; start the code with Domain.Go")
	}
	s.proc.Join()
	s.host.touchTCP()
}

// wait parks until something happens at the socket. A deadline that passes meanwhile is an error.
func (s *socket) wait(deadline time.Duration) error {
	if s.dead {
		return net.ErrClosed
	}
	if deadline != 0 {
		left := deadline - s.host.domain.Now()
		if left <= 0 {
			return os.ErrDeadlineExceeded
		}
		timer := s.host.domain.After(left, s.proc.Wake)
		defer timer.Stop()
	}
	s.proc.Park()
	if s.dead {
		return net.ErrClosed
	}
	s.host.touchTCP()
	return nil
}

// close closes the endpoint once.
func (s *socket) close() {
	if s.dead {
		return
	}
	s.dead = true
	s.queue.EventUnregister(&s.entry)
	s.host.opens = slices.DeleteFunc(s.host.opens, func(o *socket) bool { return o == s })
	s.host.touchTCP()
	s.ep.Close()
}

// abort fails every call on the socket, without a word to the other side.
func (s *socket) abort() {
	s.dead = true
	s.queue.EventUnregister(&s.entry)
}

// endConnections fails the connections from or to the address, which is the host's no more: nothing of them can be
// sent.
func (h *Host) endConnections(ip netip.Addr) {
	h.domain.Touch()
	for _, s := range slices.Clone(h.opens) {
		if local, err := s.ep.GetLocalAddress(); err != nil || netipAddr(local.Addr) != ip {
			continue
		}
		if _, err := s.ep.GetRemoteAddress(); err == nil {
			s.ep.Abort()
		}
	}
}

// Listener accepts connections to a local port.
type Listener struct {
	*socket
	local netip.AddrPort
}

var _ net.Listener = (*Listener)(nil)

// Listen accepts connections to the address (the unspecified one: any) and port. Each accepted
// connection must be used, and closed, by one goroutine of its own: the usual
// `go serve(conn)`.
func (h *Host) Listen(at netip.AddrPort) (*Listener, error) {
	s := h.newSocket(tcp.ProtocolNumber)
	if s.dead {
		return nil, net.ErrClosed
	}
	full := tcpip.FullAddress{Port: at.Port()}
	if !at.Addr().IsUnspecified() {
		full.Addr = addr4(at.Addr())
	}
	if err := s.ep.Bind(full); err != nil {
		s.close()
		return nil, opError("listen", at, err)
	}
	if err := s.ep.Listen(64); err != nil {
		s.close()
		return nil, opError("listen", at, err)
	}
	return &Listener{s, at}, nil
}

// Accept waits for the next connection.
func (l *Listener) Accept() (net.Conn, error) {
	l.begin()
	for {
		if l.dead {
			return nil, net.ErrClosed
		}
		ep, queue, err := l.ep.Accept(nil)
		switch err.(type) {
		case nil:
			s := &socket{host: l.host, queue: queue, proc: l.host.domain.Reserve(l.host.cfg.Name + "/accepted")}
			s.open(ep)
			return newConn(s), nil
		case *tcpip.ErrWouldBlock:
			if werr := l.wait(0); werr != nil {
				return nil, werr
			}
		default:
			return nil, opError("accept", l.local, err)
		}
	}
}

// Close stops listening; connections accepted before live on.
func (l *Listener) Close() error {
	l.close()
	if l.proc != nil {
		l.proc.Wake()
	}
	return nil
}

// Addr is the address listened on.
func (l *Listener) Addr() net.Addr { return net.TCPAddrFromAddrPort(l.local) }

// Dial connects from the address (the zero Addr: the host's own choice) as netstack does, giving up
// after timeout of virtual time. Programs use Connect.
func (h *Host) Dial(from netip.Addr, to netip.AddrPort, timeout time.Duration) (*Conn, error) {
	return h.dial(from, to, h.domain.Now()+timeout, nil)
}

// dial lets netstack connect once; p, if not nil, has the times of its SYNs.
func (h *Host) dial(from netip.Addr, to netip.AddrPort, deadline time.Duration, p *pace) (*Conn, error) {
	s := h.newSocket(tcp.ProtocolNumber)
	if s.dead {
		return nil, net.ErrClosed
	}
	s.begin()
	port := p.knownPort()
	if !from.IsValid() {
		if from = h.Source(to.Addr()); port == 0 { // a port without an address netstack would not give back
			from = h.unlikeFirst(from)
		}
	}
	if from.IsValid() || port != 0 {
		err := s.ep.Bind(tcpip.FullAddress{Addr: addr4(from), Port: port})
		if _, taken := err.(*tcpip.ErrPortInUse); taken && port != 0 { // by another connection, between two tries
			err = s.ep.Bind(tcpip.FullAddress{Addr: addr4(from)})
		}
		if err != nil {
			s.close()
			return nil, opError("dial", to, err)
		}
	}
	p.begin()
	defer p.end()
	err := s.ep.Connect(tcpip.FullAddress{Addr: addr4(to.Addr()), Port: to.Port()})
	if _, started := err.(*tcpip.ErrConnectStarted); started {
		err = nil
		for s.ep.Readiness(waiter.WritableEvents|waiter.EventHUp) == 0 {
			if werr := s.wait(deadline); werr != nil {
				s.close()
				return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: net.TCPAddrFromAddrPort(to), Err: werr}
			}
		}
		err = s.ep.LastError()
	}
	if err != nil {
		s.close()
		return nil, opError("dial", to, err)
	}
	return newConn(s), nil
}
