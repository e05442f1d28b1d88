package host

import (
	"bytes"
	"io"
	"net"
	"net/netip"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
)

// Conn is a TCP connection in virtual time. Deadlines are times of the simulated wall clock
// (Host.Wall). One goroutine uses it.
type Conn struct {
	*socket
	local, remote               netip.AddrPort
	readDeadline, writeDeadline time.Duration // virtual time; 0: none
	released                    bool          // closed: the goroutine may have no baton any more
}

var _ net.Conn = (*Conn)(nil)

func newConn(s *socket) *Conn {
	c := &Conn{socket: s}
	if a, err := s.ep.GetLocalAddress(); err == nil {
		c.local = addrPort(a)
	}
	if a, err := s.ep.GetRemoteAddress(); err == nil {
		c.remote = addrPort(a)
	}
	return c
}

func addrPort(a tcpip.FullAddress) netip.AddrPort {
	return netip.AddrPortFrom(netipAddr(a.Addr), a.Port)
}

// Read waits for data; io.EOF when the other side has closed.
func (c *Conn) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	if c.released {
		return 0, net.ErrClosed
	}
	c.begin()
	for !c.dead {
		w := tcpip.SliceWriter(b)
		res, err := c.ep.Read(&w, tcpip.ReadOptions{})
		switch err.(type) {
		case nil:
			return res.Count, nil
		case *tcpip.ErrWouldBlock:
			if werr := c.wait(c.readDeadline); werr != nil {
				return 0, &net.OpError{Op: "read", Net: "tcp", Addr: c.RemoteAddr(), Err: werr}
			}
		case *tcpip.ErrClosedForReceive:
			return 0, io.EOF
		default:
			return 0, opError("read", c.remote, err)
		}
	}
	return 0, net.ErrClosed
}

// Write sends all of b, waiting while the send buffer is full.
func (c *Conn) Write(b []byte) (int, error) {
	if c.released {
		return 0, net.ErrClosed
	}
	c.begin()
	r := bytes.NewReader(b)
	for !c.dead {
		if r.Len() == 0 {
			return len(b), nil
		}
		_, err := c.ep.Write(r, tcpip.WriteOptions{})
		switch err.(type) {
		case nil:
		case *tcpip.ErrWouldBlock:
			if werr := c.wait(c.writeDeadline); werr != nil {
				return len(b) - r.Len(), &net.OpError{Op: "write", Net: "tcp", Addr: c.RemoteAddr(), Err: werr}
			}
		default:
			return len(b) - r.Len(), opError("write", c.remote, err)
		}
	}
	return len(b) - r.Len(), net.ErrClosed
}

// Close closes both directions. On an accepted connection it ends the goroutine's turn: what the
// goroutine does afterwards must not touch the world.
func (c *Conn) Close() error {
	if c.released {
		return net.ErrClosed
	}
	c.begin()
	c.close()
	c.released = true
	c.proc.Release()
	return nil
}

// Abort resets the connection (RST) instead of closing it.
func (c *Conn) Abort() {
	if !c.dead {
		c.ep.Abort()
	}
}

// LocalAddr is the near end.
func (c *Conn) LocalAddr() net.Addr { return net.TCPAddrFromAddrPort(c.local) }

// RemoteAddr is the far end.
func (c *Conn) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(c.remote) }

// SetDeadline sets both deadlines; the zero time means none.
func (c *Conn) SetDeadline(t time.Time) error {
	c.readDeadline = c.host.virtual(t)
	c.writeDeadline = c.readDeadline
	return nil
}

// SetReadDeadline bounds later reads; the zero time means none.
func (c *Conn) SetReadDeadline(t time.Time) error {
	c.readDeadline = c.host.virtual(t)
	return nil
}

// SetWriteDeadline bounds later writes; the zero time means none.
func (c *Conn) SetWriteDeadline(t time.Time) error {
	c.writeDeadline = c.host.virtual(t)
	return nil
}

// virtual is a time of the simulated wall clock as virtual time; 0 for the zero time.
func (h *Host) virtual(t time.Time) time.Duration {
	if t.IsZero() {
		return 0
	}
	if d := h.domain.Now() + t.Sub(h.Wall()); d != 0 {
		return d
	}
	return 1 // virtual time 0 is a time like any other
}
