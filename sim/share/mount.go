package share

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"

	"ipwsim/sim/share/nas"
)

// Mount is the share as a machine's services see it: the redirector. All of them share one connection,
// as Windows has one session for a server and an account, and its operations go one after the other.
//
// A connection is made when it is first needed, and again after it broke or was idle for ten minutes.
// When there is no server, or its answer does not come within 21 s, the operation under way and those
// that wait for it fail with ErrUnreachable. While the account is not admitted, all fail with
// fs.ErrPermission (C3).
type Mount struct {
	*redirector
	user Host // whose goroutines call
}

// redirector is what the services of one account have in common.
type redirector struct {
	host    Host
	server  netip.AddrPort
	account string

	// conn belongs to the mount's own goroutine, which alone uses the connection.
	conn *client

	mu     sync.Mutex // of all below; never held over a call that waits
	queue  []*call
	wake   func() // the mount's goroutine; does nothing before it began and after its end
	closed bool
}

// call is an operation that a goroutine waits for.
type call struct {
	request nas.Message
	wake    func() // the goroutine that waits, which does so until done
	data    []byte // of the answer
	err     error
	done    bool
}

// NewMount returns the share of the server for an account. It belongs to the machine between one boot
// and its end.
func NewMount(h Host, server netip.AddrPort, account string) *Mount {
	m := &Mount{&redirector{host: h, server: server, account: account, wake: func() {}}, h}
	h.Go("redirector", m.run)
	return m
}

// For is the same share for one process on the machine: what it waits for when it ends is forgotten, unless it is under
// way by then.
func (m *Mount) For(process Host) *Mount { return &Mount{m.redirector, process} }

// Close ends the mount: operations that wait, and all later ones, fail with ErrUnreachable.
func (m *Mount) Close() error {
	m.mu.Lock()
	m.closed = true
	wake := m.wake
	m.mu.Unlock()
	wake()
	return nil
}

// do has the mount's goroutine send a request, waits for the answer, and returns its data.
func (m *Mount) do(request nas.Message) ([]byte, error) {
	wait, wake := m.user.Waiter()
	c := &call{request: request, wake: wake}
	m.submit(c)
	for !m.over(c) {
		if !wait() {
			m.abandon(c)
		}
	}
	if c.err != nil {
		return nil, fail(request.Op, request.Name, c.err)
	}
	return c.data, nil
}

func (m *redirector) submit(c *call) {
	m.mu.Lock()
	c.done, c.err = m.closed, ErrUnreachable
	if !m.closed {
		m.queue = append(m.queue, c)
	}
	start := m.wake
	m.mu.Unlock()
	start()
}

func (m *redirector) over(c *call) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return c.done
}

// abandon ends a call whose machine or process has ended: its goroutine must not be woken any more.
func (m *redirector) abandon(c *call) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c.done = true
}

// finish answers a call, unless nobody waits for it any more.
func (m *redirector) finish(c *call, data []byte, err error) {
	m.mu.Lock()
	abandoned := c.done
	if !abandoned {
		c.data, c.err, c.done = data, err, true
	}
	m.mu.Unlock()
	if !abandoned {
		c.wake()
	}
}

// run does the operations, one after the other.
func (m *redirector) run() {
	defer m.end()
	wait, wake := m.host.Waiter()
	m.mu.Lock()
	m.wake = wake
	m.mu.Unlock()
	for {
		switch c, closed := m.next(); {
		case closed:
			m.hangUp(false)
			return
		case c != nil:
			m.perform(c)
		case !wait():
			return
		}
	}
}

// end is when the mount was closed or the machine has ended.
func (m *redirector) end() {
	m.mu.Lock()
	m.closed, m.wake = true, func() {}
	m.mu.Unlock()
	m.failAll(ErrUnreachable)
}

// next takes the oldest operation that waits, nil when there is none.
func (m *redirector) next() (c *call, closed bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for c == nil && len(m.queue) > 0 && !m.closed {
		if c = m.queue[0]; c.done {
			c = nil // abandoned
		}
		m.queue = m.queue[1:]
	}
	return c, m.closed
}

func (m *redirector) perform(c *call) {
	var data []byte
	err := m.connected()
	if err == nil {
		data, err = m.conn.ask(c.request)
	}
	m.finish(c, data, err)
	if errors.Is(err, ErrUnreachable) {
		m.hangUp(true)
		m.failAll(err)
	}
}

// failAll fails what waits: else each would have to find out anew that there is no server.
func (m *redirector) failAll(err error) {
	m.mu.Lock()
	all := m.queue
	m.queue = nil
	m.mu.Unlock()
	for _, c := range all {
		m.finish(c, nil, err)
	}
}

// connected makes a connection where there is none.
func (m *redirector) connected() (err error) {
	if m.conn != nil && m.host.Now().Sub(m.conn.used) > keepConn {
		m.hangUp(false)
	}
	if m.conn == nil {
		m.conn, err = connect(m.host, m.server, m.account)
	}
	return err
}

// hangUp ends the connection. One that does not answer is broken off, with what is still under way on
// it: else a request that failed would be done once the network is whole again.
func (m *redirector) hangUp(broken bool) {
	if m.conn == nil {
		return
	}
	if broken {
		switch c := m.conn.conn.(type) {
		case interface{ Abort() }: // virtual
			c.Abort()
		case *net.TCPConn:
			_ = c.SetLinger(0)
		}
	}
	_ = m.conn.conn.Close()
	m.conn = nil
}

// tell is do for what has no more to answer than how it went.
func (m *Mount) tell(request nas.Message) error {
	_, err := m.do(request)
	return err
}

// Create is part of FS. When the machine ends before all of it was sent, it makes no file.
func (m *Mount) Create(name string, data []byte) error {
	return m.tell(nas.Message{Op: nas.Create, Name: name, Data: data})
}

// ReadFile is part of FS.
func (m *Mount) ReadFile(name string) ([]byte, error) {
	return m.do(nas.Message{Op: nas.Read, Name: name})
}

// Rename is part of FS.
func (m *Mount) Rename(from, to string) error {
	return m.tell(nas.Message{Op: nas.Rename, Name: from, To: to})
}

// Remove is part of FS.
func (m *Mount) Remove(name string) error {
	return m.tell(nas.Message{Op: nas.Remove, Name: name})
}

// ReadDir is part of FS.
func (m *Mount) ReadDir(name string) ([]Info, error) { return m.list(nas.List, name) }

// list is do for what answers with a list.
func (m *Mount) list(op nas.Op, name string) ([]Info, error) {
	data, err := m.do(nas.Message{Op: op, Name: name})
	if err != nil {
		return nil, err
	}
	all, err := parseInfos(data)
	if err == nil && op == nas.Stat && len(all) != 1 {
		err = fmt.Errorf("a list of %d, 1 expected", len(all))
	}
	if err != nil {
		return nil, fail(op, name, unreachable(err))
	}
	return all, nil
}

// Mkdir is part of FS.
func (m *Mount) Mkdir(name string) error {
	return m.tell(nas.Message{Op: nas.Mkdir, Name: name})
}

// Stat is part of FS.
func (m *Mount) Stat(name string) (Info, error) {
	all, err := m.list(nas.Stat, name)
	if err != nil {
		return Info{}, err
	}
	return all[0], nil
}

var _ FS = (*Mount)(nil)
