// Package folder is the mail work folder on the share (M5): its names, and the steps by which a
// message goes through it. Both nodes work in it at the same time and may die at any step, so every
// step that counts is one Rename: a message is moved, never copied, once it has been accepted.
//
//	queue/tmp/<name>        being written, or a copy that waits for its acceptance to be split
//	queue/<id>              an acceptance of several recipients
//	queue/<id>.<n>          the copy for one recipient, n from 001
//	inbox/<user>/           a mailbox; inbox/<domain>/<user>/ where the address tells the domain
//	db/, reg/               accounts and shared settings
//
// Inferred: the guide names the folders; what is in the queue and how it gets there is ours.
package folder

import (
	"errors"
	"io/fs"
	"path"

	"ipwsim/sim/share"
)

// Folder is a work folder. Its methods may be used by several goroutines.
type Folder struct {
	fs   share.FS
	root string
}

// New returns the work folder at root, a path below the share's; "" is the share itself.
func New(fs share.FS, root string) *Folder { return &Folder{fs, root} }

// at is a name in the work folder as one of the share.
func (f *Folder) at(name string) string { return path.Join(f.root, name) }

// Init makes the folders that are not there. Several nodes may do so at once.
func (f *Folder) Init() error {
	for _, dir := range []string{".", "queue", "queue/tmp", "inbox", "db", "reg"} {
		if err := f.mkdir(f.at(dir)); err != nil {
			return err
		}
	}
	return nil
}

// mkdir makes a folder of the share and those above it.
func (f *Folder) mkdir(name string) error {
	if name == "." || name == "" {
		return nil
	}
	err := f.fs.Mkdir(name)
	if errors.Is(err, fs.ErrNotExist) {
		if err = f.mkdir(path.Dir(name)); err == nil {
			err = f.fs.Mkdir(name)
		}
	}
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}
