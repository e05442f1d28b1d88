package loopback

import (
	"net"
	"sync"
	"time"
)

// conn is a connection of a machine, which ends with it.
type conn struct {
	net.Conn
	host  *Host
	local net.Addr
	once  sync.Once
}

// own makes the connection the machine's.
func (h *Host) own(c net.Conn, local net.Addr) (net.Conn, error) {
	owned := &conn{Conn: c, host: h, local: local}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended {
		_ = c.Close()
		return nil, net.ErrClosed
	}
	h.running.Add(1)
	h.conns[owned] = struct{}{}
	return owned, nil
}

// LocalAddr is the simulated address that the client connected to.
func (c *conn) LocalAddr() net.Addr { return c.local }

// Close is part of net.Conn. Behind it the machine is not touched any more.
func (c *conn) Close() error {
	err := c.Conn.Close()
	c.once.Do(func() {
		c.host.mu.Lock()
		delete(c.host.conns, c)
		c.host.mu.Unlock()
		c.host.running.Done()
	})
	return err
}

// listener accepts what comes to several sockets.
type listener struct {
	sockets []*socket
	conns   chan net.Conn
	done    chan struct{}
	once    sync.Once
}

func (h *Host) listen(sockets []*socket) net.Listener {
	l := &listener{sockets: sockets, conns: make(chan net.Conn), done: make(chan struct{})}
	h.Go("end", func() {
		select {
		case <-h.done:
			_ = l.Close()
		case <-l.done:
		}
	})
	for _, s := range sockets {
		h.Go("accept", func() { h.accept(l, s) })
	}
	select {
	case <-h.done: // it ended meanwhile, and has started nothing of the above
		_ = l.Close()
	default:
	}
	return l
}

// acceptAgain is how long accepting rests after an error, as of too many open files.
const acceptAgain = 100 * time.Millisecond

func (h *Host) accept(l *listener, s *socket) {
	for {
		raw, err := s.Accept()
		if err != nil {
			select {
			case <-l.done:
				return
			case <-time.After(acceptAgain):
				continue
			}
		}
		c, err := h.own(raw, net.TCPAddrFromAddrPort(s.local))
		if err != nil {
			return
		}
		select {
		case l.conns <- c:
		case <-l.done:
			_ = c.Close()
			return
		}
	}
}

// Accept is part of net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

// Close is part of net.Listener.
func (l *listener) Close() error {
	l.once.Do(func() {
		close(l.done)
		for _, s := range l.sockets {
			_ = s.Close()
		}
	})
	return nil
}

// Addr is part of net.Listener.
func (l *listener) Addr() net.Addr { return net.TCPAddrFromAddrPort(l.sockets[0].local) }
