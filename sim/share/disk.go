package share

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// Disk is the share's file system, in memory. It is an FS itself, without a network between.
type Disk struct {
	now func() time.Time

	mu    sync.Mutex // of the map and all in it; never held over a call that waits
	files map[string]*node
}

type node struct {
	dir     bool
	data    []byte
	modTime time.Time
}

// NewDisk returns an empty disk whose clock is now.
func NewDisk(now func() time.Time) *Disk {
	return &Disk{now: now, files: map[string]*node{".": {dir: true, modTime: now()}}}
}

func fail(op, name string, err error) error { return &fs.PathError{Op: op, Path: name, Err: err} }

// parent checks that a new name is valid, free, and in a folder that exists; mu is held.
func (d *Disk) parent(op, name string) error {
	switch up := d.files[path.Dir(name)]; {
	case !fs.ValidPath(name) || name == ".":
		return fail(op, name, fs.ErrInvalid)
	case d.files[name] != nil:
		return fail(op, name, fs.ErrExist)
	case up == nil || !up.dir:
		return fail(op, name, fs.ErrNotExist)
	}
	return nil
}

// Create is part of FS.
func (d *Disk) Create(name string) (File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.parent("create", name); err != nil {
		return nil, err
	}
	n := &node{modTime: d.now()}
	d.files[name] = n
	return &diskFile{d, n}, nil
}

// ReadFile is part of FS.
func (d *Disk) ReadFile(name string) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.files[name]
	if n == nil || n.dir {
		return nil, fail("read", name, fs.ErrNotExist)
	}
	return slices.Clone(n.data), nil
}

// Rename is part of FS.
func (d *Disk) Rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.files[from]
	if n == nil || n.dir {
		return fail("rename", from, fs.ErrNotExist)
	}
	if err := d.parent("rename", to); err != nil {
		return err
	}
	delete(d.files, from)
	d.files[to] = n
	return nil
}

// Remove is part of FS.
func (d *Disk) Remove(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.files[name]
	if n == nil || name == "." {
		return fail("remove", name, fs.ErrNotExist)
	}
	if n.dir && len(d.below(name)) > 0 {
		return fail("remove", name, fs.ErrExist) // not empty
	}
	delete(d.files, name)
	return nil
}

// Mkdir is part of FS.
func (d *Disk) Mkdir(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.parent("mkdir", name); err != nil {
		return err
	}
	d.files[name] = &node{dir: true, modTime: d.now()}
	return nil
}

// Stat is part of FS.
func (d *Disk) Stat(name string) (Info, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.files[name]
	if n == nil {
		return Info{}, fail("stat", name, fs.ErrNotExist)
	}
	return n.info(name), nil
}

// ReadDir is part of FS.
func (d *Disk) ReadDir(name string) ([]Info, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := d.files[name]; n == nil || !n.dir {
		return nil, fail("readdir", name, fs.ErrNotExist)
	}
	return d.below(name), nil
}

// below lists a folder; mu is held.
func (d *Disk) below(dir string) []Info {
	var all []Info
	for name, n := range d.files { // order: sorted below
		if name != "." && path.Dir(name) == dir {
			all = append(all, n.info(name))
		}
	}
	slices.SortFunc(all, func(a, b Info) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func (n *node) info(name string) Info {
	return Info{Name: path.Base(name), Size: int64(len(n.data)), ModTime: n.modTime, IsDir: n.dir}
}

// diskFile is a file being written.
type diskFile struct {
	disk *Disk
	node *node
}

// Write is part of File.
func (f *diskFile) Write(p []byte) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	f.node.data = append(f.node.data, p...)
	f.node.modTime = f.disk.now()
	return len(p), nil
}

// Sync is part of File.
func (f *diskFile) Sync() error { return nil }

// Close is part of File.
func (f *diskFile) Close() error { return nil }

var _ FS = (*Disk)(nil)
