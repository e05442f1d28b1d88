// Package share is the file share that both nodes of a cluster use (C3): a disk, the machine that
// serves it over TCP, and the client's side in a node.
//
// The protocol is package nas's, not SMB: no SMB server in Go could be had, and what mail needs of a
// share is seven calls.
//
// Inferred: names are told apart byte by byte, not as Windows does without regard to case. Callers
// that make their names in one case, as the mail folder does, cannot see the difference.
package share

import (
	"io/fs"
	"strings"
	"time"

	"ipwsim/sim/share/nas"
)

// FS is the share as a service sees it. Names are slash-separated paths below the share's root,
// valid as of ValidName. Errors wrap fs.ErrNotExist, fs.ErrExist, fs.ErrPermission, fs.ErrInvalid,
// ErrFull, ErrReadOnly, ErrInUse or ErrUnreachable.
//
// After ErrUnreachable it is not known whether the operation was done: its answer may have been lost.
// Who asks again must be content with fs.ErrExist (Create, Mkdir) or fs.ErrNotExist (Rename, Remove).
type FS interface {
	// Create makes a new file that holds data; fs.ErrExist when the name is taken. After it has
	// returned nil the file and all it holds outlive any crash, of the writer and of the server.
	// Until then others may see the name with any part of data, from its front, and a crash may
	// leave it so. After an error other than ErrUnreachable nothing was made.
	Create(name string, data []byte) error
	// ReadFile returns the whole file.
	ReadFile(name string) ([]byte, error)
	// Rename moves a file to a name in a folder that exists, at once: everyone sees the old name
	// or the new one. Of several who move the same file one succeeds, the others get
	// fs.ErrNotExist. It fails with fs.ErrExist when the new name is taken, as Windows' MoveFile
	// does. After it has returned nil the move outlives any crash.
	Rename(from, to string) error
	// Remove deletes a file, or an empty folder; fs.ErrExist when the folder is not empty.
	Remove(name string) error
	// ReadDir describes what is in a folder, sorted by name.
	ReadDir(name string) ([]Info, error)
	// Mkdir makes a folder in one that exists; fs.ErrExist when the name is taken.
	Mkdir(name string) error
	// Stat describes a file or folder.
	Stat(name string) (Info, error)
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

func fail(op nas.Op, name string, err error) error {
	return &fs.PathError{Op: op.String(), Path: name, Err: err}
}
