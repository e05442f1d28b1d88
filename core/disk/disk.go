// Package disk is the one way to files: inputs are regular files of bounded size, outputs are whole or as they were,
// and what is read back is held against its checksum.
package disk

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"syscall"

	"ipwsim/core/diag"
)

// The most bytes of an input, by its kind.
const (
	MostScenario = 1 << 20   // a scenario with the files in it
	MostPlan     = 1 << 20   // of a study
	MostCluster  = 2 << 20   // each file of a cluster's folder; most kinds have less by their own parsers
	MostExport   = 16 << 20  // each file that was collected on a server
	MostResult   = 512 << 20 // each file of a study or a saved run
	MostStream   = 1 << 30   // one of these that is read as it comes: a month's trace
)

// mostNames is of a folder that is listed.
const mostNames = 100_000

// Read reads a regular file, or one that a symlink leads to, of at most so many bytes. Nothing else is opened, and
// nothing that is larger. An error is an *fs.PathError.
func Read(name string, most int64) ([]byte, error) {
	var b bytes.Buffer
	err := read(name, most, func(size int64, r io.Reader) (int64, error) {
		b.Grow(int(size) + bytes.MinRead)
		return b.ReadFrom(r)
	})
	if err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Stream is Read of a file that is not to be held: take gets its bytes as they come. What take returns is returned as it is.
func Stream(name string, most int64, take func(io.Reader) error) error {
	var failed error
	err := read(name, most, func(_ int64, r io.Reader) (int64, error) {
		c := &counter{r: r}
		if failed = take(c); failed == nil {
			_, _ = io.Copy(io.Discard, c) // it keeps the error
		}
		return c.n, c.err
	})
	if err != nil {
		return err
	}
	return failed
}

// counter counts what is read, and keeps why it could not be.
type counter struct {
	r   io.Reader
	n   int64
	err error
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
	}
	return n, err
}

// read lets take read a regular file of at most so many bytes.
func read(name string, most int64, take func(size int64, r io.Reader) (int64, error)) error {
	info, err := os.Stat(name)
	if err != nil {
		return inTheWay(name, err)
	}
	bad := func(err error) error { return &fs.PathError{Op: "read", Path: name, Err: err} }
	if err := regular(info, most); err != nil {
		return bad(err)
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	switch n, err := take(info.Size(), io.LimitReader(f, most+1)); {
	case err != nil:
		return bad(diag.FileReason(err))
	case n > most: // it grows, or its size was not known before
		return bad(tooLarge(n, most))
	}
	return nil
}

// regular demands a file that can be read from its beginning to its end.
func regular(info fs.FileInfo, most int64) error {
	switch mode := info.Mode(); {
	case mode.IsDir():
		return diag.Errorf("it is a folder; expected a regular file")
	case mode&fs.ModeNamedPipe != 0:
		return diag.Errorf("it is a pipe; expected a regular file")
	case mode&fs.ModeSocket != 0:
		return diag.Errorf("it is a socket; expected a regular file")
	case !mode.IsRegular():
		return diag.Errorf("it is a device; expected a regular file")
	case info.Size() > most:
		return tooLarge(info.Size(), most)
	}
	return nil
}

func tooLarge(size, most int64) error {
	return diag.Errorf("it has %d bytes or more; expected at most %d", size, most)
}

// List is the folder's names, sorted. A folder of very many is an error.
func List(dir string) ([]fs.DirEntry, error) {
	entries, err := os.ReadDir(dir)
	if err == nil && len(entries) > mostNames {
		err = &fs.PathError{Op: "read", Path: dir, Err: diag.Errorf("it holds %d files; expected at most %d", len(entries), mostNames)}
	}
	return entries, inTheWay(dir, err)
}

// inTheWay names what stands where a folder of the path should, if that is why it cannot be read.
func inTheWay(path string, err error) error {
	if !errors.Is(err, syscall.ENOTDIR) {
		return err
	}
	for ; path != filepath.Dir(path); path = filepath.Dir(path) {
		if info, at := os.Stat(path); at == nil && !info.IsDir() {
			return &fs.PathError{Op: "read", Path: path, Err: diag.Errorf("it is a file; expected a folder")}
		}
	}
	return err
}

// Regular demands a regular file of at most so many bytes, for a library that opens it by its name.
func Regular(name string, most int64) error {
	info, err := os.Stat(name)
	if err != nil {
		return inTheWay(name, err)
	}
	if err := regular(info, most); err != nil {
		return &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return nil
}

// Plain demands that a folder, and those in it, hold regular files only, or symlinks to them: what is written there waits
// for nobody. A folder that is not there is one.
func Plain(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			var info fs.FileInfo
			if info, err = os.Stat(path); err == nil {
				err = regular(info, info.Size())
			}
		}
		switch {
		case err == nil, errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR): // it was there a moment ago, or is a symlink to what is not there yet
			return nil
		default:
			return diag.Errorf("%s: %w", path, diag.FileReason(err))
		}
	})
}

// Folder is a folder of input files, each of at most MostCluster bytes.
func Folder(dir string) fs.FS { return FolderUpTo(dir, MostCluster) }

// FolderUpTo is Folder with another limit of each file, in bytes.
func FolderUpTo(dir string, most int64) fs.FS { return folder{os.DirFS(dir), dir, most} }

type folder struct {
	fs.FS
	dir  string
	most int64
}

// Open opens folders and regular files.
func (f folder) Open(name string) (fs.File, error) {
	info, err := fs.Stat(f.FS, name)
	if err == nil && !info.IsDir() {
		if err = regular(info, f.most); err != nil {
			err = &fs.PathError{Op: "open", Path: name, Err: err}
		}
	}
	if err != nil {
		return nil, err
	}
	return f.FS.Open(name)
}

// ReadFile reads a regular file.
func (f folder) ReadFile(name string) ([]byte, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrInvalid}
	}
	data, err := Read(filepath.Join(f.dir, filepath.FromSlash(name)), f.most)
	var at *fs.PathError
	if errors.As(err, &at) {
		at.Path = path.Clean(name)
	}
	return data, err
}

// ReadDir lists a folder.
func (f folder) ReadDir(name string) ([]fs.DirEntry, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrInvalid}
	}
	return List(filepath.Join(f.dir, filepath.FromSlash(name)))
}
