// Package share is the file share that both nodes of a cluster use (C3): a disk, the machine that
// serves it over TCP, and the client's side in a node.
package share

import "time"

// FS is the share as a service sees it. Names are slash-separated paths below the share's root,
// valid as of fs.ValidPath. Errors wrap fs.ErrNotExist, fs.ErrExist, fs.ErrPermission, ErrFull,
// ErrReadOnly or ErrUnreachable.
type FS interface {
	// Create makes a new file; fs.ErrExist when the name is taken. Nothing written is safe before
	// Sync has returned nil.
	Create(name string) (File, error)
	// ReadFile returns the whole file.
	ReadFile(name string) ([]byte, error)
	// Rename moves a file to a name in a folder that exists, at once: everyone sees the old name
	// or the new one. Of several who move the same file one succeeds, the others get
	// fs.ErrNotExist. It fails with fs.ErrExist when the new name is taken, as Windows' MoveFile
	// does. After it has returned nil the move outlives any crash.
	Rename(from, to string) error
	// Remove deletes a file, or an empty folder.
	Remove(name string) error
	// ReadDir lists a folder, sorted by name.
	ReadDir(name string) ([]Info, error)
	// Mkdir makes a folder in one that exists; fs.ErrExist when the name is taken.
	Mkdir(name string) error
	// Stat describes a file or folder.
	Stat(name string) (Info, error)
}

// File is a file being written.
type File interface {
	Write(p []byte) (int, error)
	// Sync returns when all that was written outlives a crash of the writer and of the server.
	Sync() error
	Close() error
}

// Info describes a file or a folder.
type Info struct {
	Name    string // the last element
	Size    int64  // bytes; 0 for a folder
	ModTime time.Time
	IsDir   bool
}
