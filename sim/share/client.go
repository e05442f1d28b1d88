package share

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"

	"ipwsim/sim/share/ninep"
)

const (
	// patience bounds connecting and the wait for each answer. Windows gives up connecting after
	// 21 s (SYNs at 0, 3 and 9 s).
	//
	// Inferred: for an answer, its TCP gives data up after five retransmissions, about as long.
	patience = 21 * time.Second
	// keepConn is how long Windows' redirector keeps an idle connection (KeepConn, 600 s).
	keepConn = 600 * time.Second
)

// client is the client's side of one connection. One goroutine uses it.
type client struct {
	host  Host
	conn  net.Conn
	in    *bufio.Reader
	used  time.Time // when the last answer came
	last  uint32    // the fid given last
	spent []uint32  // fids to be clunked with the next request
	unit  int       // data in one message, in bytes
	files int       // open for writing
}

// root is the fid of the share's root.
const root = 1

// connect dials and attaches: fs.ErrPermission when the server does not admit the account,
// ErrUnreachable when there is no server.
func connect(h Host, server netip.AddrPort, account string) (*client, error) {
	conn, err := dial(h, server)
	if err != nil {
		return nil, err
	}
	c := &client{host: h, conn: conn, in: bufio.NewReader(conn), last: root}
	if err := c.attach(account); err != nil {
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

func (c *client) attach(account string) error {
	v, err := ask[*ninep.Rversion](c, &ninep.Tversion{MessageSize: messageSize, Version: ninep.Version})
	if err != nil {
		return err
	}
	if v.Version != ninep.Version || v.MessageSize > messageSize || v.MessageSize <= ninep.Overhead {
		return unreachable(fmt.Errorf("the server speaks %q in messages of %d bytes, %q in up to %d expected",
			v.Version, v.MessageSize, ninep.Version, messageSize))
	}
	c.unit = int(v.MessageSize - ninep.Overhead)
	_, err = ask[*ninep.Rattach](c, &ninep.Tattach{Fid: root, AuthFid: ninep.NoFid, User: account, UID: ninep.NoUID})
	return err
}

// batch sends requests that do not need each other and waits for all answers, in order of the
// requests. An error means that the connection is of no use any more.
func (c *client) batch(requests []ninep.Message) ([]ninep.Message, error) {
	all := make([]ninep.Message, 0, len(c.spent)+len(requests))
	for _, f := range c.spent {
		all = append(all, &ninep.Tclunk{Fid: f})
	}
	clunks := len(all)
	all, c.spent = append(all, requests...), c.spent[:0]
	var out []byte
	for i, m := range all {
		tag := uint16(i)
		if m.Type() == ninep.TypeTversion {
			tag = ninep.NoTag
		}
		var err error
		if out, err = ninep.Append(out, tag, m); err != nil {
			return nil, unreachable(err)
		}
	}
	_ = c.conn.SetDeadline(c.host.Now().Add(patience))
	if _, err := c.conn.Write(out); err != nil {
		return nil, unreachable(err)
	}
	answers := make([]ninep.Message, len(all))
	for range all {
		tag, m, err := ninep.Read(c.in, messageSize)
		if err != nil {
			return nil, unreachable(err)
		}
		if tag == ninep.NoTag {
			tag = 0
		}
		if int(tag) >= len(all) || answers[tag] != nil {
			return nil, unreachable(fmt.Errorf("an answer with tag %d, which nothing asked", tag))
		}
		answers[tag] = m
	}
	c.used = c.host.Now()
	return answers[clunks:], nil
}

// ask sends one request and waits for its answer.
func ask[R ninep.Message](c *client, request ninep.Message) (R, error) {
	answers, err := c.batch([]ninep.Message{request})
	if err != nil {
		var none R
		return none, err
	}
	return as[R](request, answers[0])
}

// as is the answer as what the request calls for.
func as[R ninep.Message](request, answer ninep.Message) (R, error) {
	var none R
	switch a := answer.(type) {
	case R:
		return a, nil
	case *ninep.Rlerror:
		return none, errorOf(a.Errno)
	}
	return none, unreachable(fmt.Errorf("an answer of %v to a request of %v", answer.Type(), request.Type()))
}

// fid is a new number for a file or folder.
func (c *client) fid() uint32 {
	c.last++
	return c.last
}

// drop has a fid clunked with the next request: its answer matters to nobody.
func (c *client) drop(fid uint32) {
	if fid != root {
		c.spent = append(c.spent, fid)
	}
}
