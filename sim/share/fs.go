// Package share is the file share that both nodes of a cluster use (C3): a disk, the machine that
// serves it over TCP, and the client's side in a node.
//
// The protocol is 9P2000.L, not SMB: no SMB server in Go could be had. Server and client are our own,
// and strictly serial. The kept library for 9P, github.com/hugelgupf/p9, does not fit: its server reads
// and answers one connection on several goroutines, which virtual time forbids; its client sends no
// user name, which C3 needs; and it speaks an extension that Wireshark cannot read. The tests hold
// both of our sides against it, and against Wireshark.
//
// Inferred: names are told apart byte by byte, not as Windows does without regard to case. Callers
// that make their names in one case, as the mail folder does, cannot see the difference.
package share

import (
	"io/fs"
	"strings"
	"time"
)

// FS is the share as a service sees it. Names are slash-separated paths below the share's root,
// valid as of ValidName. Errors wrap fs.ErrNotExist, fs.ErrExist, fs.ErrPermission, fs.ErrInvalid,
// ErrFull, ErrReadOnly or ErrUnreachable.
//
// After ErrUnreachable it is not known whether the operation was done: its answer may have been lost.
// Who asks again must be content with fs.ErrExist (Create, Mkdir) or fs.ErrNotExist (Rename, Remove).
type FS interface {
	// Create makes a new file; fs.ErrExist when the name is taken. Nothing written is safe before
	// Sync has returned nil: a crash may leave the file short, empty or not there.
	Create(name string) (File, error)
	// ReadFile returns the whole file.
	ReadFile(name string) ([]byte, error)
	// Rename moves a file to a name in a folder that exists, at once: everyone sees the old name
	// or the new one. Of several who move the same file one succeeds, the others get
	// fs.ErrNotExist. It fails with fs.ErrExist when the new name is taken, as Windows' MoveFile
	// does. After it has returned nil the move outlives any crash; what the file holds does so
	// only as far as it was synced.
	Rename(from, to string) error
	// Remove deletes a file, or an empty folder; fs.ErrExist when the folder is not empty.
	Remove(name string) error
	// Names lists the names in a folder, sorted.
	Names(name string) ([]string, error)
	// ReadDir is Names that also describes what has the names. Over a network that costs more, each
	// time and for each name.
	ReadDir(name string) ([]Info, error)
	// Mkdir makes a folder in one that exists; fs.ErrExist when the name is taken.
	Mkdir(name string) error
	// Stat describes a file or folder.
	Stat(name string) (Info, error)
}

// File is a file being written, from front to back.
type File interface {
	// Write adds to the file. After an error the file has any part of p, from its front. What
	// fails may show only at Sync or Close: a client keeps back small writes.
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

// ValidName says whether the share can have a file or folder of that name: a path as of
// fs.ValidPath, of elements that Windows can hold: at most 255 bytes, without control characters
// and any of \ : * ? " < > |.
func ValidName(name string) bool {
	if !fs.ValidPath(name) || strings.ContainsAny(name, `\:*?"<>|`) {
		return false
	}
	for _, element := range strings.Split(name, "/") {
		if len(element) > 255 {
			return false
		}
	}
	return !strings.ContainsFunc(name, func(r rune) bool { return r < ' ' })
}

func fail(op, name string, err error) error { return &fs.PathError{Op: op, Path: name, Err: err} }
