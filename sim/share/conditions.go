package share

import (
	"slices"
	"strings"
	"time"
)

// conditions is what can be changed on a disk in use.
type conditions struct {
	readOnly  bool
	capacity  int64
	latency   time.Duration
	accounts  []string
	lyingSync bool
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
// among them, get fs.ErrPermission (C3). Clients that are connected stay so.
func (d *Disk) SetAccounts(names ...string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.accounts = slices.Clone(names)
}

// SetLyingSync is a broken twin for tests: Create answers, and makes nothing durable.
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

// Crash is the loss of the server's power: of what Create answered before it was safe, a file is gone,
// or empty where it was renamed since. Connections are not the disk's: end the machine first.
func (d *Disk) Crash() {
	d.mu.Lock()
	defer d.mu.Unlock()
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
