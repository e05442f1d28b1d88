package mail

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"slices"
	"time"

	"ipwsim/sim/mail/settings"
	"ipwsim/sim/trace"
)

// sessions is a service's listener: it drops connections to hidden addresses without a byte (M3) and
// records how each of the others ends.
type sessions struct {
	net.Listener
	host    Host
	service string
	hidden  []netip.Addr
	goodbye string // how the service's last answer to an orderly end begins
	library bool   // deadlines are set by a library, by its clock (see Deadlines)
	busy    string // what is said to who comes when there are enough
	limits  *limits
	tls     *tls.Config // nil: none is offered
	ssl     bool        // it is spoken from the first byte
}

// Accept waits for the next connection that is served.
func (l *sessions) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			// Wrapped, so that no library finds it temporary and sleeps on the real clock.
			return nil, fmt.Errorf("%s: %w", l.service, err)
		}
		s := l.session(c)
		if slices.Contains(l.hidden, s.local.Addr()) {
			s.end = trace.HiddenEnd
			go func() { _ = s.Close() }() // its own goroutine's business, as any accepted connection is
			continue
		}
		if s.counted = l.limits.enter(s.remote.Addr()); !s.counted {
			go s.turnAway()
			continue
		}
		s.ssl = l.ssl
		return s, nil
	}
}

func (l *sessions) session(c net.Conn) *session {
	return &session{Conn: c, of: l, begun: l.host.Now(), local: tcpAddress(c.LocalAddr()), remote: tcpAddress(c.RemoteAddr())}
}

// turnAway says that there are enough, and hangs up.
func (s *session) turnAway() {
	s.touch()
	_ = s.Conn.SetWriteDeadline(s.of.host.Now().Add(time.Second))
	if !s.of.ssl {
		_, _ = s.Conn.Write([]byte(s.of.busy + "\r\n"))
	}
	_ = s.Close()
}

func tcpAddress(a net.Addr) netip.AddrPort {
	if t, ok := a.(*net.TCPAddr); ok {
		at := t.AddrPort()
		return netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
	}
	return netip.AddrPort{}
}

// session is an accepted connection, used by one goroutine. After Close nothing done with it
// touches the world any more.
type session struct {
	net.Conn
	of            *sessions
	begun         time.Time
	local, remote netip.AddrPort
	user          string // who logged in; "" for nobody
	joined        bool
	closed        bool
	counted       bool             // by the service's limits
	ssl           bool             // TLS comes first, as soon as the goroutine joins
	secure        bool             // TLS is spoken
	failed        error            // the first Read that failed; later ones fail alike, so that nobody waits twice
	ended         bool             // the machine is off: nobody is there to record anything
	end           trace.SessionEnd // "" while nothing is known
}

// join makes the goroutine the connection's. One that a library started has its turn only from its
// first call on the connection, so this must come before anything else that touches the world; an
// empty write is such a call.
func (s *session) join() {
	s.touch()
	if s.ssl && !s.secure && s.failed == nil {
		_ = s.startTLS() // what fails ends the next Read too
	}
}

// touch is join for a connection that only ends.
func (s *session) touch() {
	if !s.joined {
		s.joined = true
		if _, err := s.Conn.Write(nil); err != nil {
			s.fail(err)
		}
	}
}

// sleep is Host.Sleep, in which the goroutine of a machine that ends may end too.
func (s *session) sleep(d time.Duration) bool {
	s.ended = true
	s.ended = !s.of.host.Sleep(d)
	return !s.ended
}

// Read is part of net.Conn.
func (s *session) Read(b []byte) (int, error) {
	if s.closed {
		return 0, net.ErrClosed
	}
	if s.failed != nil {
		return 0, s.failed
	}
	s.joined = true
	n, err := s.Conn.Read(b)
	if err != nil {
		s.failed = err
		s.fail(err)
	}
	return n, err
}

// Write is part of net.Conn.
func (s *session) Write(b []byte) (int, error) {
	if s.closed {
		return 0, net.ErrClosed
	}
	s.joined = true
	n, err := s.Conn.Write(b)
	if err != nil {
		s.fail(err)
	} else if s.end == "" && s.of.goodbye != "" && len(b) >= len(s.of.goodbye) && string(b[:len(s.of.goodbye)]) == s.of.goodbye {
		s.end = trace.QuitEnd
	}
	return n, err
}

// fail notes why the connection ends.
func (s *session) fail(err error) {
	switch {
	case errors.Is(err, net.ErrClosed):
		s.ended = true
	case s.end != "":
	case errors.Is(err, os.ErrDeadlineExceeded):
		s.end = trace.TimeoutEnd
	default:
		s.end = trace.BrokenEnd
	}
}

// Close records the session's end, then gives up the goroutine's turn.
func (s *session) Close() error {
	if s.closed {
		return net.ErrClosed
	}
	s.touch()
	s.closed = true
	if s.counted {
		s.of.limits.leave(s.remote.Addr())
	}
	if s.end == "" {
		s.end = trace.RefusedEnd // the service had enough of it
	}
	if !s.ended {
		s.of.host.Record(trace.MailSession{
			Service: s.of.service, Local: s.local, Remote: s.remote, User: s.user, End: s.end, Took: s.of.host.Now().Sub(s.begun),
		})
	}
	return s.Conn.Close()
}

// SetDeadline is part of net.Conn.
func (s *session) SetDeadline(t time.Time) error { return s.bound(s.Conn.SetDeadline, t) }

// SetReadDeadline is part of net.Conn.
func (s *session) SetReadDeadline(t time.Time) error { return s.bound(s.Conn.SetReadDeadline, t) }

// SetWriteDeadline is part of net.Conn.
func (s *session) SetWriteDeadline(t time.Time) error { return s.bound(s.Conn.SetWriteDeadline, t) }

func (s *session) bound(set func(time.Time) error, t time.Time) error {
	if s.closed {
		return net.ErrClosed
	}
	s.join()
	if s.of.library {
		t = deadlineConn{nil, s.of.host}.own(t)
	}
	return set(t)
}

// listenRetry is how long a service waits before it tries again to listen on an address that the
// machine does not have, as a VIP that the other node holds. Inferred: the guide recommends to
// listen on any address instead (guide step 8).
const listenRetry = 5 * time.Second

// listenAll serves on each of a service's binds (M2) until the machine ends.
func listenAll(svc settings.Service, l sessions, serve func(net.Listener) error) {
	l.hidden, l.limits, l.tls = svc.Hidden, &limits{}, tlsOf(l.host)
	for _, b := range svc.Binds {
		at := netip.AddrPortFrom(b.Address, b.Port)
		answer := serve
		if l.ssl = b.SSL; l.ssl && l.tls == nil {
			answer = func(l net.Listener) error { return hush(l.(*sessions)) }
		}
		l := l
		l.host.Go(l.service+" "+at.String(), func() { listen(at, l, answer) })
	}
}

// hush serves an SSL port (M2) where nobody speaks TLS: it says nothing until the client goes.
func hush(l *sessions) error {
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		go func() { // its own goroutine's business, as any accepted connection is
			s := c.(*session)
			s.touch()
			s.end = trace.RefusedEnd
			_, _ = io.Copy(io.Discard, s)
			_ = s.Close()
		}()
	}
}

// listen serves on an address until the machine ends.
func listen(at netip.AddrPort, l sessions, serve func(net.Listener) error) {
	for {
		if inner, err := l.host.Listen(at); err == nil {
			l.Listener = inner
			_ = serve(&l)
			_ = inner.Close()
		}
		if !l.host.Sleep(listenRetry) {
			return
		}
	}
}
