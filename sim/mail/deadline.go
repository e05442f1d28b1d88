package mail

import (
	"net"
	"time"
)

// Deadlines makes connections of the listener understand the deadlines of libraries, which count
// from time.Now: what is left until then, in whole seconds, counts from the host's own clock.
// Rounded, since the moments that pass in the library would differ from run to run.
func Deadlines(l net.Listener, h Host) net.Listener { return deadlineListener{l, h} }

type deadlineListener struct {
	net.Listener
	host Host
}

// Accept waits for the next connection.
func (l deadlineListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return DeadlineConn(c, l.host), nil
}

// DeadlineConn is Deadlines for one connection.
func DeadlineConn(c net.Conn, h Host) net.Conn { return deadlineConn{c, h} }

type deadlineConn struct {
	net.Conn
	host Host
}

// SetDeadline bounds later reads and writes.
func (c deadlineConn) SetDeadline(t time.Time) error { return c.Conn.SetDeadline(c.own(t)) }

// SetReadDeadline bounds later reads.
func (c deadlineConn) SetReadDeadline(t time.Time) error { return c.Conn.SetReadDeadline(c.own(t)) }

// SetWriteDeadline bounds later writes.
func (c deadlineConn) SetWriteDeadline(t time.Time) error { return c.Conn.SetWriteDeadline(c.own(t)) }

// own is a time of the library's clock as one of the host's.
func (c deadlineConn) own(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	left := time.Until(t).Round(time.Second) // wall clock: the library's own
	return c.host.Now().Add(left)
}
