package share

import (
	"io/fs"
	"net/netip"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"ipwsim/sim/share/nas"
)

// Disk is the share's file system, in memory. It is an FS itself, without a network between; Serve
// is for clients on other machines.
//
// It has a journal, as NTFS has: what was answered outlives a crash. See Crash.
type Disk struct {
	now func() time.Time

	mu   sync.Mutex // of all below; never held over a call that waits
	root *node
	used int64 // bytes in files
	conditions

	witness func(Change)
}

// Change is a change of the disk that a client asked for and that has taken effect.
type Change struct {
	Op   nas.Op         // nas.Create, nas.Rename or nas.Remove
	Name string         // what was created, moved or removed
	To   string         // of nas.Rename: the new name
	Peer netip.AddrPort // the client
}

// SetWitness has each change that a client of Serve asked for told as it takes effect, before it is answered. The
// witness must not wait.
func (d *Disk) SetWitness(tell func(Change)) { d.witness = tell }

// node is a file or folder.
type node struct {
	children map[string]*node // nil: a file
	data     []byte
	synced   bool // data outlives a crash
	durable  bool // the name does
	modTime  time.Time
}

func (n *node) dir() bool { return n.children != nil }

// NewDisk returns an empty disk whose clock is now. It lets Administrator in (C3).
func NewDisk(now func() time.Time) *Disk {
	d := &Disk{now: now, conditions: conditions{accounts: []string{"Administrator"}, sessions: map[*session]bool{}, held: map[string]time.Time{}}}
	d.root = &node{children: map[string]*node{}, modTime: now()}
	return d
}

// find returns what has the name, nil when there is nothing; mu is held.
func (d *Disk) find(name string) *node {
	n := d.root
	if name == "." {
		return n
	}
	for _, element := range strings.Split(name, "/") {
		if n = n.children[element]; n == nil {
			return nil
		}
	}
	return n
}

// lookup returns what has the name; mu is held.
func (d *Disk) lookup(op nas.Op, name string) (*node, error) {
	if !ValidName(name) {
		return nil, fail(op, name, fs.ErrInvalid)
	}
	if n := d.find(name); n != nil {
		return n, nil
	}
	return nil, fail(op, name, fs.ErrNotExist)
}

// file is lookup for a file; mu is held.
func (d *Disk) file(op nas.Op, name string) (*node, error) {
	n, err := d.lookup(op, name)
	if err == nil && n.dir() {
		return nil, fail(op, name, fs.ErrNotExist)
	}
	return n, err
}

// vacancy checks that a new name can be had, and returns the folder for it; mu is held.
func (d *Disk) vacancy(op nas.Op, name string) (*node, error) {
	if !ValidName(name) || name == "." {
		return nil, fail(op, name, fs.ErrInvalid)
	}
	up := d.find(path.Dir(name))
	switch {
	case up == nil || !up.dir():
		return nil, fail(op, name, fs.ErrNotExist)
	case up.children[path.Base(name)] != nil:
		return nil, fail(op, name, fs.ErrExist)
	case d.readOnly:
		return nil, fail(op, name, ErrReadOnly)
	}
	return up, nil
}

// Create is part of FS.
//
// Inferred: NTFS allocates the space before it writes, so what does not fit whole is not there at all.
func (d *Disk) Create(name string, data []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	up, err := d.vacancy(nas.Create, name)
	if err != nil {
		return err
	}
	if d.capacity > 0 && d.used+int64(len(data)) > d.capacity {
		return fail(nas.Create, name, ErrFull)
	}
	safe := !d.lyingSync
	up.children[path.Base(name)] = &node{data: slices.Clone(data), synced: safe, durable: safe, modTime: d.now()}
	d.used += int64(len(data))
	return nil
}

// ReadFile is part of FS.
func (d *Disk) ReadFile(name string) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, err := d.file(nas.Read, name)
	if err != nil {
		return nil, err
	}
	return slices.Clone(n.data), nil
}

// Rename is part of FS.
func (d *Disk) Rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, err := d.file(nas.Rename, from)
	if err != nil {
		return err
	}
	up, err := d.vacancy(nas.Rename, to)
	if err != nil {
		return err
	}
	delete(d.find(path.Dir(from)).children, path.Base(from))
	up.children[path.Base(to)] = n
	n.durable = true
	return nil
}

// Remove is part of FS.
func (d *Disk) Remove(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, err := d.lookup(nas.Remove, name)
	switch {
	case err != nil:
		return err
	case name == ".":
		return fail(nas.Remove, name, fs.ErrInvalid)
	case len(n.children) > 0:
		return fail(nas.Remove, name, fs.ErrExist)
	case d.readOnly:
		return fail(nas.Remove, name, ErrReadOnly)
	}
	delete(d.find(path.Dir(name)).children, path.Base(name))
	d.used -= int64(len(n.data))
	return nil
}

// Mkdir is part of FS.
func (d *Disk) Mkdir(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	up, err := d.vacancy(nas.Mkdir, name)
	if err != nil {
		return err
	}
	up.children[path.Base(name)] = &node{children: map[string]*node{}, modTime: d.now()}
	return nil
}

// Stat is part of FS.
func (d *Disk) Stat(name string) (Info, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, err := d.lookup(nas.Stat, name)
	if err != nil {
		return Info{}, err
	}
	return n.info(path.Base(name)), nil
}

func (n *node) info(name string) Info {
	return Info{Name: name, Size: int64(len(n.data)), ModTime: n.modTime, IsDir: n.dir()}
}

// ReadDir is part of FS.
func (d *Disk) ReadDir(name string) ([]Info, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, err := d.lookup(nas.List, name)
	switch {
	case err != nil:
		return nil, err
	case !n.dir():
		return nil, fail(nas.List, name, fs.ErrNotExist)
	}
	var all []Info
	for name, child := range n.children { // order: sorted below
		all = append(all, child.info(name))
	}
	slices.SortFunc(all, func(a, b Info) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

var _ FS = (*Disk)(nil)
