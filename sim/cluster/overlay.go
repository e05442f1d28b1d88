package cluster

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"ipwsim/core/diag"
)

// Overlay is base with files added or replaced. Their names are paths as of fs.ValidPath;
// folders come into being with them. A scenario lays its own files over a cluster so.
func Overlay(base fs.FS, files map[string][]byte) fs.FS {
	o := overlay{base: base, files: map[string][]byte{}, folders: map[string]bool{}}
	for name, data := range files { // order: into maps
		name = path.Clean(name)
		o.files[name] = data
		for dir := path.Dir(name); fs.ValidPath(name) && !o.folders[dir]; dir = path.Dir(dir) {
			o.folders[dir] = true
		}
	}
	return o
}

type overlay struct {
	base    fs.FS
	files   map[string][]byte
	folders map[string]bool // above files
}

func (o overlay) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if o.folders[name] {
		return o.openFolder(name)
	}
	if data, ok := o.files[name]; ok {
		return &overlayFile{fileInfo(name, data), bytes.NewReader(data)}, nil
	}
	if o.hidden(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	if info, err := fs.Stat(o.base, name); err == nil && info.IsDir() {
		return o.openFolder(name)
	}
	return o.base.Open(name)
}

// hidden says whether a folder of base that held name is a file now.
func (o overlay) hidden(name string) bool {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if _, ok := o.files[dir]; ok && !o.folders[dir] {
			return true
		}
	}
	return false
}

// openFolder lists what base has there and what was laid over it.
func (o overlay) openFolder(name string) (fs.File, error) {
	merged := map[string]fs.DirEntry{}
	below, err := fs.ReadDir(o.base, name)
	if err != nil && !o.folders[name] {
		return nil, err
	}
	if !o.hidden(name) {
		for _, e := range below {
			merged[e.Name()] = e
			if e.IsDir() {
				merged[e.Name()] = folderInfo(e.Name()).entry()
			}
		}
	}
	for file, data := range o.files { // order: into a map
		if path.Dir(file) == name && file != name && fs.ValidPath(file) {
			merged[path.Base(file)] = fileInfo(file, data).entry()
		}
	}
	for folder := range o.folders { // order: into a map
		if path.Dir(folder) == name && folder != name {
			merged[path.Base(folder)] = folderInfo(folder).entry()
		}
	}
	f := &overlayFolder{overlayInfo: folderInfo(name)}
	for _, e := range merged { // order: sorted below
		f.left = append(f.left, e)
	}
	slices.SortFunc(f.left, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return f, nil
}

// overlayInfo describes a file or folder of the overlay.
type overlayInfo struct {
	name string
	size int64
	mode fs.FileMode
}

func fileInfo(name string, data []byte) overlayInfo {
	return overlayInfo{path.Base(name), int64(len(data)), 0o444}
}

func folderInfo(name string) overlayInfo {
	return overlayInfo{path.Base(name), 0, fs.ModeDir | 0o555}
}

func (i overlayInfo) entry() fs.DirEntry { return fs.FileInfoToDirEntry(i) }

func (i overlayInfo) Name() string               { return i.name }
func (i overlayInfo) Size() int64                { return i.size }
func (i overlayInfo) Mode() fs.FileMode          { return i.mode }
func (i overlayInfo) ModTime() time.Time         { return time.Time{} }
func (i overlayInfo) IsDir() bool                { return i.mode.IsDir() }
func (i overlayInfo) Sys() any                   { return nil }
func (i overlayInfo) Stat() (fs.FileInfo, error) { return i, nil }
func (i overlayInfo) Close() error               { return nil }

type overlayFile struct {
	overlayInfo
	*bytes.Reader
}

// Size is in both parts of the file, and the same.
func (f *overlayFile) Size() int64 { return f.overlayInfo.size }

type overlayFolder struct {
	overlayInfo
	left []fs.DirEntry // not yet read
}

func (f *overlayFolder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.name, Err: diag.Errorf("it is a folder; expected a regular file")}
}

func (f *overlayFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		n = len(f.left)
	} else if len(f.left) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(f.left))
	read := f.left[:n:n]
	f.left = f.left[n:]
	return read, nil
}

// Files are a cluster's: those that machines read, and those that lie beside them.
func Files(fsys fs.FS) (map[string][]byte, error) {
	all := map[string][]byte{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && name == ".":
			return nil // there is no file at all
		case err != nil:
			return err
		case d.IsDir() && !strings.Contains(name, "/") && !slices.Contains([]string{".", Active, Standby, shareFolder}, name):
			return fs.SkipDir
		case d.IsDir() || name != "cluster.toml" && !strings.Contains(name, "/"):
			return nil
		case isFolder(fsys, name): // a link, which nothing follows
			return nil
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil && !Reads(name) {
			return nil // a pipe or the like, which is in nobody's way
		}
		all[name] = data
		return err
	})
	return all, err
}

// isFolder says whether the name leads to a folder.
func isFolder(fsys fs.FS, name string) bool {
	info, err := fs.Stat(fsys, name)
	return err == nil && info.IsDir()
}
