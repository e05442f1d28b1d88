package share

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"syscall"
	"time"

	"ipwsim/sim/share/nas"
)

const (
	// patience bounds connecting, and the wait for each part of a message to go or to come. Windows
	// gives up connecting after 21 s (SYNs at 0, 3 and 9 s).
	//
	// Inferred: for an answer, its TCP gives data up after five retransmissions, about as long.
	patience = 21 * time.Second
	// part is what must go within patience, in bytes; SMB2 moves as much at once.
	part = 64 << 10
	// keepConn is how long Windows' redirector keeps an idle connection (KeepConn, 600 s).
	keepConn = 600 * time.Second
)

// client is the client's side of one connection. One goroutine uses it.
type client struct {
	host Host
	conn net.Conn
	in   *bufio.Reader
	used time.Time // when the last answer came
}

// connect dials and begins the session: fs.ErrPermission when the server does not admit the account,
// ErrUnreachable when there is no server.
func connect(h Host, server netip.AddrPort, account string) (*client, error) {
	conn, err := dial(h, server)
	if err != nil {
		return nil, err
	}
	c := &client{host: h, conn: conn}
	c.in = bufio.NewReader(c)
	if _, err := c.ask(nas.Message{Op: nas.Session, Name: account}); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return c, nil
}

// dial connects as Windows does: a neighbour that does not answer ARP is asked for again and again
// until the time is over.
func dial(h Host, server netip.AddrPort) (net.Conn, error) {
	deadline := h.Now().Add(patience)
	for {
		left := deadline.Sub(h.Now())
		if left <= 0 {
			return nil, ErrUnreachable
		}
		conn, err := h.Dial(netip.Addr{}, server, left)
		switch {
		case err == nil:
			return conn, nil
		case errors.Is(err, net.ErrClosed), errors.Is(err, syscall.ECONNREFUSED):
			return nil, unreachable(err)
		case !h.Sleep(min(time.Second, deadline.Sub(h.Now()))):
			return nil, ErrUnreachable
		}
	}
}

func unreachable(err error) error { return fmt.Errorf("%w: %v", ErrUnreachable, err) }

// ask sends a request and waits for its answer, whose data it returns. ErrUnreachable means that the
// connection is of no use any more.
func (c *client) ask(request nas.Message) ([]byte, error) {
	out, err := nas.Append(nil, request)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", fs.ErrInvalid, err)
	}
	if err := c.send(out); err != nil {
		return nil, unreachable(err)
	}
	answer, err := nas.Receive(c.in)
	if err != nil {
		return nil, unreachable(err)
	}
	if answer.Op != request.Op || answer.Name != request.Name || answer.Code == nas.Ask {
		return nil, unreachable(fmt.Errorf("an answer to %v %.100q, %v, to a request of %v %.100q",
			answer.Op, answer.Name, answer.Code, request.Op, request.Name))
	}
	c.used = c.host.Now()
	return answer.Data, errorOf(answer)
}

func (c *client) send(out []byte) error {
	for len(out) > 0 {
		_ = c.conn.SetWriteDeadline(c.host.Now().Add(patience))
		n, err := c.conn.Write(out[:min(part, len(out))])
		if err != nil {
			return err
		}
		out = out[n:]
	}
	return nil
}

// Read is what comes of an answer within patience.
func (c *client) Read(p []byte) (int, error) {
	_ = c.conn.SetReadDeadline(c.host.Now().Add(patience))
	return c.conn.Read(p)
}
