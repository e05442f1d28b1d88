package share

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"ipwsim/sim/share/nas"
)

// Dir is the share in a folder of a real disk, for real-time use. No name, and no symbolic link in
// the folder, leads out of it. Close it at the end.
//
// Several processes may work in it, where the system can move a file to a name only if that is free, as
// Linux can on most disks. Elsewhere Rename looks whether the name is free and then moves: of two
// processes that move different files to one name, one file is lost.
type Dir struct {
	root    *os.Root
	move    sync.Mutex // makes Rename's two steps one, within this Dir
	flushes sync.Map   // *flushing, by folder
}

// flushing makes the changes of one folder durable. One flush does for all who were waiting when it began.
type flushing struct {
	asked atomic.Uint64
	mu    sync.Mutex
	done  uint64 // of what was asked
}

// OpenDir returns the share in a folder that exists.
func OpenDir(path string) (*Dir, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return &Dir{root: root}, nil
}

// Close ends the use of the folder.
func (d *Dir) Close() error { return d.root.Close() }

// local is an error of the system's as one of FS's.
func local(op nas.Op, name string, err error) error {
	if err == nil {
		return nil
	}
	var p *fs.PathError
	var l *os.LinkError
	switch {
	case errors.As(err, &p):
		err = p.Err
	case errors.As(err, &l):
		err = l.Err
	}
	switch {
	case errors.Is(err, syscall.ENOSPC):
		err = ErrFull
	case errors.Is(err, syscall.EROFS):
		err = ErrReadOnly
	case errors.Is(err, syscall.ENOTDIR): // a file stands where a folder should
		err = fs.ErrNotExist
	}
	return fail(op, name, err)
}

func check(op nas.Op, name string) error {
	if !ValidName(name) {
		return fail(op, name, fs.ErrInvalid)
	}
	return nil
}

// checkNew is check for what cannot be the root.
func checkNew(op nas.Op, name string) error {
	if name == "." {
		return fail(op, name, fs.ErrInvalid)
	}
	return check(op, name)
}

// Create is part of FS.
func (d *Dir) Create(name string, data []byte) error {
	if err := checkNew(nas.Create, name); err != nil {
		return err
	}
	f, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return local(nas.Create, name, err)
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = d.flush(nas.Create, path.Dir(name))
	}
	if err != nil {
		_ = d.root.Remove(name)
	}
	return local(nas.Create, name, err)
}

// file says whether there is a file of the name.
func (d *Dir) file(op nas.Op, name string) error {
	if err := check(op, name); err != nil {
		return err
	}
	info, err := d.root.Stat(name)
	switch {
	case err != nil:
		return local(op, name, err)
	case info.IsDir():
		return fail(op, name, fs.ErrNotExist)
	}
	return nil
}

// ReadFile is part of FS.
func (d *Dir) ReadFile(name string) ([]byte, error) {
	if err := d.file(nas.Read, name); err != nil {
		return nil, err
	}
	data, err := d.root.ReadFile(name)
	return data, local(nas.Read, name, err)
}

// Rename is part of FS.
func (d *Dir) Rename(from, to string) error {
	if err := checkNew(nas.Rename, to); err != nil {
		return err
	}
	if err := d.rename(from, to); err != nil {
		return err
	}
	return d.flush(nas.Rename, path.Dir(to), path.Dir(from))
}

// rename is Rename that a crash may undo.
func (d *Dir) rename(from, to string) error {
	d.move.Lock()
	defer d.move.Unlock()
	if err := d.file(nas.Rename, from); err != nil {
		return err
	}
	if _, err := d.root.Lstat(to); err == nil {
		return fail(nas.Rename, to, fs.ErrExist)
	}
	return local(nas.Rename, from, d.renameFree(from, to))
}

// flush makes changes of folders durable. NTFS journals them, and cannot flush a folder.
func (d *Dir) flush(op nas.Op, folders ...string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	for _, name := range slices.Compact(folders) {
		of, _ := d.flushes.LoadOrStore(name, &flushing{})
		if err := of.(*flushing).flush(d.root, name); err != nil {
			return local(op, name, err)
		}
	}
	return nil
}

func (f *flushing) flush(root *os.Root, name string) error {
	mine := f.asked.Add(1)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.done >= mine {
		return nil
	}
	upTo := f.asked.Load()
	folder, err := root.Open(name)
	if err != nil {
		return err
	}
	err = folder.Sync()
	_ = folder.Close()
	if err == nil {
		f.done = upTo
	}
	return err
}

// Remove is part of FS.
func (d *Dir) Remove(name string) error {
	if err := checkNew(nas.Remove, name); err != nil {
		return err
	}
	if err := d.root.Remove(name); err != nil {
		return local(nas.Remove, name, err)
	}
	return d.flush(nas.Remove, path.Dir(name))
}

// Mkdir is part of FS.
func (d *Dir) Mkdir(name string) error {
	if err := checkNew(nas.Mkdir, name); err != nil {
		return err
	}
	if err := d.root.Mkdir(name, 0o755); err != nil {
		return local(nas.Mkdir, name, err)
	}
	return d.flush(nas.Mkdir, path.Dir(name))
}

// Stat is part of FS.
func (d *Dir) Stat(name string) (Info, error) {
	if err := check(nas.Stat, name); err != nil {
		return Info{}, err
	}
	info, err := d.root.Stat(name)
	if err != nil {
		return Info{}, local(nas.Stat, name, err)
	}
	return dirInfo(path.Base(name), info), nil
}

func dirInfo(name string, info fs.FileInfo) Info {
	i := Info{Name: name, ModTime: info.ModTime(), IsDir: info.IsDir()}
	if !i.IsDir {
		i.Size = info.Size()
	}
	return i
}

// ReadDir is part of FS.
func (d *Dir) ReadDir(name string) ([]Info, error) {
	if err := check(nas.List, name); err != nil {
		return nil, err
	}
	f, err := d.root.Open(name)
	if err != nil {
		return nil, local(nas.List, name, err)
	}
	defer f.Close()
	entries, err := f.ReadDir(-1)
	if err != nil {
		return nil, local(nas.List, name, err)
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	var all []Info
	for _, e := range entries {
		if info, err := e.Info(); err == nil { // else it is gone meanwhile
			all = append(all, dirInfo(e.Name(), info))
		}
	}
	return all, nil
}

var _ FS = (*Dir)(nil)
