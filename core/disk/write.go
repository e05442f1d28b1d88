package disk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"ipwsim/core/diag"
)

// Unfinished ends the name of a file that is being written.
const Unfinished = ".tmp"

// File is an output under way. A regular file is there, whole, after Close; before, and after Abandon, it is as it was.
type File struct {
	*os.File
	tmp, to  string // "": the bytes go straight to what is there
	borrowed bool   // and it stays open
}

// Create begins an output: it replaces a regular file, or the one that a symlink leads to, and keeps its permissions; a
// new one has those of the umask. What is a pipe or a device is written to.
func Create(path string) (*File, error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return nil, cannot(path, diag.Errorf("it is a folder"))
	case err == nil && inherited(info) != nil:
		return &File{File: inherited(info), borrowed: true}, nil
	case err == nil && !info.Mode().IsRegular(): // by its own name: where /dev/stdout leads to may have none
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		return &File{File: f}, cannot(path, err)
	}
	path, failed := behind(path)
	if failed != nil {
		return nil, cannot(path, failed)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, cannot(path, err)
	}
	f, failed := beside(path)
	switch {
	case failed != nil && err == nil: // the folder takes no new file, but the old one may be written to
		f, failed = os.OpenFile(path, os.O_WRONLY|os.O_TRUNC, 0)
		return &File{File: f}, cannot(path, failed)
	case failed != nil:
		return nil, cannot(path, failed)
	}
	if err == nil {
		err = f.Chmod(info.Mode().Perm())
	}
	under.Store(f.Name(), func() { _ = os.Remove(f.Name()) })
	one := &File{File: f, tmp: f.Name(), to: path}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		one.Abandon()
		return nil, cannot(path, err)
	}
	return one, nil
}

// inherited is the standard output or error that the file is, which holds what was written there before; else nil.
func inherited(file fs.FileInfo) *os.File {
	for _, f := range []*os.File{os.Stdout, os.Stderr} {
		if info, err := f.Stat(); err == nil && os.SameFile(info, file) {
			return f
		}
	}
	return nil
}

// beside begins a new file beside another.
func beside(path string) (f *os.File, err error) {
	for n := range 100 { // those of processes that were killed stay
		f, err = os.OpenFile(fmt.Sprintf("%s.%d%s", path, n, Unfinished), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			break
		}
	}
	return f, err
}

// behind follows symlinks, also to a file that is not there yet.
func behind(path string) (string, error) {
	for range 40 { // as many as Linux follows
		to, err := os.Readlink(path)
		if err != nil {
			return path, nil //nolint:nilerr // it is no symlink
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return path, diag.Errorf("too many symlinks")
}

func cannot(path string, err error) error {
	if err == nil {
		return nil
	}
	return diag.Errorf("cannot write %s: %w", path, diag.FileReason(err))
}

// Close makes the file what it is to be.
func (f *File) Close() error {
	switch {
	case f.borrowed:
		return nil
	case f.tmp == "":
		return cannot(f.Name(), f.File.Close())
	}
	err := f.File.Close()
	if err == nil {
		err = os.Rename(f.tmp, f.to)
	}
	if err != nil {
		_ = os.Remove(f.tmp) // the other error says more
	}
	under.Delete(f.tmp)
	return cannot(f.to, err)
}

// Abandon gives the output up.
func (f *File) Abandon() {
	if f.borrowed {
		return
	}
	_ = f.File.Close() // nothing of it is kept
	if f.tmp != "" {
		_ = os.Remove(f.tmp)
		under.Delete(f.tmp)
	}
}

// under are what gives outputs up that are not finished, by their names.
var under sync.Map

// Abandon gives every output up that is not finished, before the program ends.
func Abandon() {
	under.Range(func(_, giveUp any) bool { giveUp.(func())(); return true })
}

// Write is Create, what is written, and Close.
func Write(path string, write func(io.Writer) error) error {
	f, err := Create(path)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		f.Abandon()
		var at *fs.PathError
		if errors.As(err, &at) {
			err = cannot(path, err)
		}
		return err
	}
	return f.Close()
}

// WriteBytes writes a file, with the folders that it needs. What is there already is left alone.
func WriteBytes(path string, data []byte) error {
	if old, err := Read(path, int64(len(data))); err == nil && bytes.Equal(old, data) {
		return nil
	}
	if err := Make(filepath.Dir(path)); err != nil {
		return err
	}
	return Write(path, func(w io.Writer) error { _, err := w.Write(data); return err })
}

// Fill lets write fill a folder that is new or empty, and is so again after an error or Abandon.
func Fill(dir string, write func() error) error {
	if err := Empty(dir); err != nil {
		return err
	}
	_, missing := os.Stat(dir)
	giveUp := func() {
		entries, _ := os.ReadDir(dir) // the error of write says more
		for _, e := range entries {
			_ = os.RemoveAll(filepath.Join(dir, e.Name()))
		}
		if missing != nil {
			_ = os.Remove(dir)
		}
	}
	under.Store(dir, giveUp)
	defer under.Delete(dir)
	err := write()
	if err != nil {
		giveUp()
	}
	return err
}

// Empty says whether the folder is new or empty, as an error when it is not.
func Empty(dir string) error {
	entries, err := List(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && len(entries) == 0:
		return nil
	case err != nil:
		return err
	}
	return diag.Errorf("found %s in %s, expected a folder that is new or empty", entries[0].Name(), dir)
}
