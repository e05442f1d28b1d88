package share

import (
	"errors"
	"io/fs"
	"net"
	"net/netip"
	"sync"
)

// Mount is the share as a machine's services see it: the redirector. All of them share one connection,
// as Windows has one session for a server and an account, and its operations go one after the other.
//
// A connection is made when it is first needed, and again after it broke or was idle for ten minutes.
// When there is no server, or its answer does not come within 21 s, the operation under way and those
// that wait for it fail with ErrUnreachable. While the account is not admitted, all fail with
// fs.ErrPermission (C3).
type Mount struct {
	host    Host
	server  netip.AddrPort
	account string

	// conn belongs to the mount's own goroutine, which alone uses the connection.
	conn *client

	mu     sync.Mutex // of all below; never held over a call that waits
	queue  []*call
	wake   func() // the mount's goroutine; nil before it began
	closed bool
}

// call is an operation that a goroutine waits for.
type call struct {
	over *client // that the operation must go over; nil: any
	op   func(*client) error
	wake func() // the goroutine that waits, which does so until done
	err  error
	done bool
}

// NewMount returns the share of the server for an account. It belongs to the machine between one boot
// and its end.
func NewMount(h Host, server netip.AddrPort, account string) *Mount {
	m := &Mount{host: h, server: server, account: account}
	h.Go("redirector", m.run)
	return m
}

// Close ends the mount: operations that wait, and all later ones, fail with ErrUnreachable.
func (m *Mount) Close() error {
	m.mu.Lock()
	m.closed = true
	wake := m.wake
	m.mu.Unlock()
	if wake != nil {
		wake()
	}
	return nil
}

// do has the mount's goroutine run an operation, and waits for it. An operation on an open file goes
// over the connection that the file was opened with, or nowhere.
func (m *Mount) do(over *client, op func(*client) error) error {
	wait, wake := m.host.Waiter()
	c := &call{over: over, op: op, wake: wake}
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return ErrUnreachable
	}
	m.queue = append(m.queue, c)
	start := m.wake
	m.mu.Unlock()
	if start != nil {
		start()
	}
	for !m.answered(c) {
		if !wait() { // the machine has ended
			m.abandon(c)
			return ErrUnreachable
		}
	}
	return c.err
}

func (m *Mount) answered(c *call) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return c.done
}

// abandon ends a call that nobody waits for any more: its goroutine must not be woken.
func (m *Mount) abandon(c *call) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c.done = true
}

// run does the operations, one after the other.
func (m *Mount) run() {
	defer m.end()
	wait, wake := m.host.Waiter()
	m.mu.Lock()
	m.wake = wake
	m.mu.Unlock()
	for {
		c, closed := m.next()
		switch {
		case closed:
			m.hangUp()
			return
		case c != nil:
			m.perform(c)
		case !wait():
			return
		}
	}
}

// end is when the mount was closed or the machine has ended.
func (m *Mount) end() {
	m.mu.Lock()
	m.closed, m.wake = true, nil
	m.mu.Unlock()
	m.failAll(ErrUnreachable)
}

// next takes the oldest operation that waits, nil when there is none.
func (m *Mount) next() (c *call, closed bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.queue) > 0 && !m.closed {
		c = m.queue[0]
		m.queue = m.queue[1:]
	}
	return c, m.closed
}

func (m *Mount) perform(c *call) {
	if c.over != nil && c.over != m.conn {
		m.finish(c, ErrUnreachable)
		return
	}
	err := m.connected()
	if err == nil {
		err = c.op(m.conn)
	}
	m.finish(c, err)
	if errors.Is(err, ErrUnreachable) {
		m.giveUp()
		m.failAll(err)
	}
}

func (m *Mount) finish(c *call, err error) {
	m.mu.Lock()
	over := c.done
	c.err, c.done = err, true
	m.mu.Unlock()
	if !over {
		c.wake()
	}
}

// failAll fails what waits: else each would have to find out anew that there is no server.
func (m *Mount) failAll(err error) {
	m.mu.Lock()
	all := m.queue
	m.queue = nil
	m.mu.Unlock()
	for _, c := range all {
		m.finish(c, err)
	}
}

// connected makes a connection where there is none.
func (m *Mount) connected() (err error) {
	if m.conn != nil && m.conn.files == 0 && m.host.Now().Sub(m.conn.used) > keepConn {
		m.hangUp()
	}
	if m.conn == nil {
		m.conn, err = connect(m.host, m.server, m.account)
	}
	return err
}

func (m *Mount) hangUp() {
	if m.conn != nil {
		_ = m.conn.conn.Close()
		m.conn = nil
	}
}

// giveUp ends a connection that does not answer, and what is still under way on it: else a request
// that failed would be done once the network is whole again.
func (m *Mount) giveUp() {
	if m.conn == nil {
		return
	}
	switch c := m.conn.conn.(type) {
	case interface{ Abort() }: // virtual
		c.Abort()
	case *net.TCPConn:
		_ = c.SetLinger(0)
	}
	m.hangUp()
}

// named is do for an operation on a name.
func (m *Mount) named(op, name string, f func(*client) error) error {
	if !ValidName(name) {
		return fail(op, name, fs.ErrInvalid)
	}
	if err := m.do(nil, f); err != nil {
		return fail(op, name, err)
	}
	return nil
}

// ReadFile is part of FS.
func (m *Mount) ReadFile(name string) (data []byte, err error) {
	err = m.named("read", name, func(c *client) (err error) { data, err = c.readFile(name); return })
	return data, err
}

// Rename is part of FS.
func (m *Mount) Rename(from, to string) error {
	if !ValidName(to) || to == "." {
		return fail("rename", to, fs.ErrInvalid)
	}
	return m.named("rename", from, func(c *client) error { return c.rename(from, to) })
}

// Remove is part of FS.
func (m *Mount) Remove(name string) error {
	return m.named("remove", name, func(c *client) error { return c.remove(name) })
}

// Mkdir is part of FS.
func (m *Mount) Mkdir(name string) error {
	return m.named("mkdir", name, func(c *client) error { return c.mkdir(name) })
}

// Stat is part of FS.
func (m *Mount) Stat(name string) (info Info, err error) {
	err = m.named("stat", name, func(c *client) (err error) { info, err = c.stat(name); return })
	return info, err
}

// Names is part of FS.
func (m *Mount) Names(name string) (all []string, err error) {
	err = m.named("readdir", name, func(c *client) (err error) { all, err = c.names(name); return })
	return all, err
}

// ReadDir is part of FS.
func (m *Mount) ReadDir(name string) (all []Info, err error) {
	err = m.named("readdir", name, func(c *client) (err error) { all, err = c.readDir(name); return })
	return all, err
}

var _ FS = (*Mount)(nil)
