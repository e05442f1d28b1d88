package share

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// Disk is the share's file system, in memory. It is an FS itself, without a network between; Serve
// is for clients on other machines.
//
// It has a journal, as NTFS has: a Rename, Remove or Mkdir that was answered outlives a crash. A file
// that was made but never synced or renamed is gone after a crash; one that was renamed before it was
// synced is empty. See Crash.
type Disk struct {
	now func() time.Time

	mu    sync.Mutex // of all below; never held over a call that waits
	root  *node
	ids   uint64 // given to nodes so far
	boots int    // crashes so far: files opened before the last one are closed
	used  int64  // bytes in files
	conditions
}

// node is a file or folder.
type node struct {
	id       uint64
	children map[string]*node // nil: a file
	data     []byte           // only ever added to, but for Crash
	synced   int              // how much of data outlives a crash
	durable  bool             // the name does
	removed  bool
	modTime  time.Time
}

func (n *node) dir() bool { return n.children != nil }

// NewDisk returns an empty disk whose clock is now. It lets Administrator in (C3).
func NewDisk(now func() time.Time) *Disk {
	d := &Disk{now: now, conditions: conditions{accounts: []string{"Administrator"}}}
	d.root = d.newNode()
	d.root.children = map[string]*node{}
	return d
}

func (d *Disk) newNode() *node {
	d.ids++
	return &node{id: d.ids, modTime: d.now()}
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
func (d *Disk) lookup(op, name string) (*node, error) {
	if !ValidName(name) {
		return nil, fail(op, name, fs.ErrInvalid)
	}
	if n := d.find(name); n != nil {
		return n, nil
	}
	return nil, fail(op, name, fs.ErrNotExist)
}

// file is lookup for a file; mu is held.
func (d *Disk) file(op, name string) (*node, error) {
	n, err := d.lookup(op, name)
	if err == nil && n.dir() {
		return nil, fail(op, name, fs.ErrNotExist)
	}
	return n, err
}

// vacancy checks that a new name can be had, and returns the folder for it; mu is held.
func (d *Disk) vacancy(op, name string) (*node, error) {
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
func (d *Disk) Create(name string) (File, error) {
	f, err := d.create(name)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (d *Disk) create(name string) (*diskFile, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	up, err := d.vacancy("create", name)
	if err != nil {
		return nil, err
	}
	n := d.newNode()
	up.children[path.Base(name)] = n
	return &diskFile{disk: d, name: name, node: n, boot: d.boots}, nil
}

// ReadFile is part of FS.
func (d *Disk) ReadFile(name string) ([]byte, error) {
	data, err := d.contents(name)
	return slices.Clone(data), err
}

// contents is a file's data as it is now. The caller must not change it.
func (d *Disk) contents(name string) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, err := d.file("read", name)
	if err != nil {
		return nil, err
	}
	return slices.Clip(n.data), nil
}

// Rename is part of FS.
func (d *Disk) Rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, err := d.file("rename", from)
	if err != nil {
		return err
	}
	up, err := d.vacancy("rename", to)
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
	n, err := d.lookup("remove", name)
	switch {
	case err != nil:
		return err
	case name == ".":
		return fail("remove", name, fs.ErrInvalid)
	case len(n.children) > 0:
		return fail("remove", name, fs.ErrExist)
	case d.readOnly:
		return fail("remove", name, ErrReadOnly)
	}
	delete(d.find(path.Dir(name)).children, path.Base(name))
	d.forget(n)
	return nil
}

// forget frees a file's space; mu is held.
func (d *Disk) forget(n *node) {
	n.removed = true
	d.used -= int64(len(n.data))
}

// Mkdir is part of FS.
func (d *Disk) Mkdir(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	up, err := d.vacancy("mkdir", name)
	if err != nil {
		return err
	}
	n := d.newNode()
	n.children, n.durable = map[string]*node{}, true
	up.children[path.Base(name)] = n
	return nil
}

// Stat is part of FS.
func (d *Disk) Stat(name string) (Info, error) {
	info, err := d.stat(name)
	return info.Info, err
}

// nodeInfo is Info with the number of the node.
type nodeInfo struct {
	Info
	id uint64
}

func (d *Disk) stat(name string) (nodeInfo, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, err := d.lookup("stat", name)
	if err != nil {
		return nodeInfo{}, err
	}
	return n.info(path.Base(name)), nil
}

func (n *node) info(name string) nodeInfo {
	return nodeInfo{Info{Name: name, Size: int64(len(n.data)), ModTime: n.modTime, IsDir: n.dir()}, n.id}
}

// Names is part of FS.
func (d *Disk) Names(name string) ([]string, error) {
	list, err := d.list(name)
	var all []string
	for _, i := range list {
		all = append(all, i.Name)
	}
	return all, err
}

// ReadDir is part of FS.
func (d *Disk) ReadDir(name string) ([]Info, error) {
	list, err := d.list(name)
	var all []Info
	for _, i := range list {
		all = append(all, i.Info)
	}
	return all, err
}

func (d *Disk) list(name string) ([]nodeInfo, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, err := d.lookup("readdir", name)
	switch {
	case err != nil:
		return nil, err
	case !n.dir():
		return nil, fail("readdir", name, fs.ErrNotExist)
	}
	var all []nodeInfo
	for name, child := range n.children { // order: sorted below
		all = append(all, child.info(name))
	}
	slices.SortFunc(all, func(a, b nodeInfo) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

var _ FS = (*Disk)(nil)
