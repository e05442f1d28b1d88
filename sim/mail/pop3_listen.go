package mail

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"time"

	"ipwsim/sim/mail/settings"
	"ipwsim/sim/trace"
)

// bindAgain is how long a service waits before it tries a bind again that failed, as for a virtual
// address that the node does not have yet. Inferred: the guide recommends *.*.*.* instead (step 8).
const bindAgain = 5 * time.Second

// listenBox listens on each of a service's binds (M2) and hands each listener to serve, which
// returns when the listener has failed.
func listenBox(h Host, service string, svc settings.Service, serve func(net.Listener)) {
	if !svc.Installed {
		return
	}
	for _, bind := range svc.Binds {
		at := netip.AddrPortFrom(bind.Address, bind.Port)
		h.Go(fmt.Sprintf("%s/%v", service, at), func() {
			for {
				if l, err := h.Listen(at); err == nil {
					serve(&boxListener{l, h, service, svc.Hidden})
				}
				if !h.Sleep(bindAgain) {
					return
				}
			}
		})
	}
}

// boxListener accepts connections of the type boxConn.
type boxListener struct {
	net.Listener
	host    Host
	service string
	hidden  []netip.Addr
}

// Accept waits for the next connection; every error is net.ErrClosed, so that no library tries again
// by its own clock.
func (l *boxListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, fmt.Errorf("%w (%v)", net.ErrClosed, err)
	}
	b := &boxConn{Conn: c, host: l.host, service: l.service, local: addressOf(c.LocalAddr()), end: "quit"}
	b.hidden = slices.Contains(l.hidden, b.local.Addr())
	return b, nil
}

func addressOf(a net.Addr) netip.AddrPort {
	if t, ok := a.(*net.TCPAddr); ok {
		at := t.AddrPort()
		return netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
	}
	return netip.AddrPort{}
}

// boxConn is a connection to a service: it knows how it ended, and records that when it is closed
// (trace.MailSession). After Close nothing done with it touches the world any more.
type boxConn struct {
	net.Conn
	host    Host
	service string
	local   netip.AddrPort
	hidden  bool // made to an address where the service keeps silent (M3)

	start  time.Time
	user   string
	end    string
	dead   bool // the machine has ended under it
	closed bool
}

// begin takes the goroutine's turn. A goroutine that a library started has it only from its first
// call on the connection, so this must come before anything else; an empty write is such a call.
func (c *boxConn) begin() {
	_, err := c.Write(nil)
	c.note(err)
	c.start = c.host.Now()
}

// sleep is Host.Sleep, in which the goroutine of a machine that ends may end too.
func (c *boxConn) sleep(d time.Duration) bool {
	c.dead = true
	c.dead = !c.host.Sleep(d)
	return !c.dead
}

// Read is part of net.Conn.
func (c *boxConn) Read(p []byte) (int, error) {
	if c.closed {
		return 0, net.ErrClosed
	}
	n, err := c.Conn.Read(p)
	c.note(err)
	return n, err
}

// Write is part of net.Conn.
func (c *boxConn) Write(p []byte) (int, error) {
	if c.closed {
		return 0, net.ErrClosed
	}
	n, err := c.Conn.Write(p)
	c.note(err)
	return n, err
}

// note keeps how the connection ended.
func (c *boxConn) note(err error) {
	switch {
	case err == nil:
	case errors.Is(err, net.ErrClosed):
		c.dead = true
	case errors.Is(err, os.ErrDeadlineExceeded):
		c.end = "timeout"
	default:
		c.end = "broken"
	}
}

// Close is part of net.Conn.
func (c *boxConn) Close() error {
	if c.closed {
		return net.ErrClosed
	}
	c.closed = true
	if !c.dead {
		c.host.Record(trace.MailSession{
			Service: c.service, Local: c.local, Remote: addressOf(c.RemoteAddr()), User: c.user,
			End: c.end, Took: c.host.Now().Sub(c.start),
		})
	}
	return c.Conn.Close()
}

// SetDeadline is part of net.Conn.
func (c *boxConn) SetDeadline(t time.Time) error { return c.set(c.Conn.SetDeadline, t) }

// SetReadDeadline is part of net.Conn.
func (c *boxConn) SetReadDeadline(t time.Time) error { return c.set(c.Conn.SetReadDeadline, t) }

// SetWriteDeadline is part of net.Conn.
func (c *boxConn) SetWriteDeadline(t time.Time) error { return c.set(c.Conn.SetWriteDeadline, t) }

func (c *boxConn) set(f func(time.Time) error, t time.Time) error {
	if c.closed {
		return net.ErrClosed
	}
	return f(t)
}
