package share

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"ipwsim/sim/share/nas"
)

// conditions is what can be changed on a disk in use.
type conditions struct {
	readOnly  bool
	capacity  int64
	latency   time.Duration
	accounts  []string
	lyingSync bool
	done      func(string) bool // see OnDone
	sessions  map[*session]bool
	handles   time.Duration         // see SetHandles
	alive     func(netip.Addr) bool // see SetHandles
	held      map[string]time.Time  // files that dead clients have open, and until when
}

// session is what the server knows of one connection.
type session struct {
	account string
	from    netip.Addr
	dropped bool
}

// SetReadOnly makes whatever would change the disk fail with ErrReadOnly.
func (d *Disk) SetReadOnly(on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.readOnly = on
}

// SetCapacity bounds what the files may hold together, in bytes; writes beyond fail with ErrFull. 0
// means no bound. Names take no space.
func (d *Disk) SetCapacity(bytes int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.capacity = bytes
}

// SetLatency is how long the server takes for each request; 0 or less: no time. The disk used as FS
// has none.
func (d *Disk) SetLatency(each time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.latency = each
}

// SetAccounts names the accounts that may use the share, without regard to case. Others, LocalSystem
// among them, get fs.ErrPermission (C3), from their next request on.
func (d *Disk) SetAccounts(names ...string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.accounts = slices.Clone(names)
}

// SetLyingSync makes Create answer and make nothing durable, as a disk does that acknowledges what is in its cache.
func (d *Disk) SetLyingSync(on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lyingSync = on
}

func (d *Disk) delay() time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.latency
}

// admits says whether the account may use the share. Windows writes one of the machine's own
// accounts as .\name or machine\name.
func (d *Disk) admits(account string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	name := account[strings.LastIndexByte(account, '\\')+1:]
	return slices.ContainsFunc(d.accounts, func(a string) bool { return strings.EqualFold(a, name) })
}

// Flush makes all durable that a lying disk has in its cache.
func (d *Disk) Flush() {
	d.mu.Lock()
	defer d.mu.Unlock()
	flush(d.root)
}

func flush(n *node) {
	n.synced, n.durable = true, true
	for _, child := range n.children { // order: each for itself
		flush(child)
	}
}

// OnDone has f called with the name of each operation that the server has done for a client, before it answers; true: it does
// not answer, and serves that client no more. nil: nothing is called.
func (d *Disk) OnDone(f func(operation string) bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.done = f
}

// Drop forgets the sessions of clients with one of the addresses without telling them: what they send is neither done
// nor answered. It says false when there are none. A new connection is a new session.
func (d *Disk) Drop(from ...netip.Addr) (any bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for s := range d.sessions { // order: each for itself
		if slices.Contains(from, s.from) && !s.dropped {
			s.dropped, any = true, true
		}
	}
	return any
}

// SetHandles is how long a file stays open at the server whose client ended in the middle of an operation with it, as
// alive says of the client's address. Meanwhile who reads, moves or removes it gets ErrInUse. 0: such files are closed
// at once.
func (d *Disk) SetHandles(each time.Duration, alive func(client netip.Addr) bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.handles, d.alive = each, alive
}

// leaveOpen keeps a file open for a client that has not lived to close it.
func (d *Disk) leaveOpen(s *session, m nas.Message) {
	d.mu.Lock()
	defer d.mu.Unlock()
	name := m.Name
	switch m.Op {
	case nas.Create, nas.Read:
	case nas.Rename:
		name = m.To
	default:
		return
	}
	if d.handles > 0 && !d.alive(s.from) {
		d.held[name] = d.now().Add(d.handles)
	}
}

// inUse says whether a dead client has the file open that the request would read, move or remove.
func (d *Disk) inUse(m nas.Message) bool {
	if m.Op != nas.Read && m.Op != nas.Rename && m.Op != nas.Remove {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	until, held := d.held[m.Name]
	if held && !d.now().Before(until) {
		delete(d.held, m.Name)
		held = false
	}
	return held
}

func (d *Disk) enter(s *session) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sessions[s] = true
}

func (d *Disk) leave(s *session) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.sessions, s)
}

func (d *Disk) isDropped(s *session) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return s.dropped
}

// stops tells of an operation that was done, and says whether the server stops with it.
func (d *Disk) stops(op nas.Op) bool {
	d.mu.Lock()
	f := d.done
	d.mu.Unlock()
	return f != nil && op != nas.Session && f(op.String())
}

// Crash is the loss of the server's power: of what Create answered before it was safe, a file is gone,
// or empty where it was renamed since. Connections are not the disk's: end the machine first.
func (d *Disk) Crash() {
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.held)
	d.recover(d.root)
}

// recover brings a folder back to what is durable; mu is held.
func (d *Disk) recover(dir *node) {
	for name, n := range dir.children { // order: each for itself
		if n.dir() {
			d.recover(n)
			continue
		}
		if !n.durable {
			delete(dir.children, name)
		}
		if !n.synced {
			d.used -= int64(len(n.data))
			n.data = nil
		}
	}
}
