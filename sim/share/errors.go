package share

import (
	"errors"
	"io/fs"

	"ipwsim/sim/share/ninep"
)

// What an operation on the share can fail with, beside the errors of package io/fs.
var (
	ErrFull        = errors.New("there is not enough space on the disk")
	ErrReadOnly    = errors.New("the media is write protected")
	ErrUnreachable = errors.New("the network path was not found")
)

// meanings is the errors as they go over the wire. Of several with one error the first is sent.
var meanings = []struct {
	errno ninep.Errno
	err   error
}{
	{ninep.ENOENT, fs.ErrNotExist},
	{ninep.ENOTDIR, fs.ErrNotExist},
	{ninep.EEXIST, fs.ErrExist},
	{ninep.ENOTEMPTY, fs.ErrExist},
	{ninep.EACCES, fs.ErrPermission},
	{ninep.EINVAL, fs.ErrInvalid},
	{ninep.EBADF, fs.ErrClosed},
	{ninep.ENOSPC, ErrFull},
	{ninep.EROFS, ErrReadOnly},
}

// errnoOf is what the server answers with.
func errnoOf(err error) ninep.Errno {
	var errno ninep.Errno
	if errors.As(err, &errno) {
		return errno
	}
	for _, m := range meanings {
		if errors.Is(err, m.err) {
			return m.errno
		}
	}
	return ninep.EIO
}

// errorOf is what the client makes of an answer.
func errorOf(errno ninep.Errno) error {
	for _, m := range meanings {
		if m.errno == errno {
			return m.err
		}
	}
	return errno
}

// Nowhere is the share for a service that looks for it where it is not: at a drive letter, which
// services do not have, or on another server (C3).
type Nowhere struct{}

var _ FS = Nowhere{}

func nowhere(op, name string) error { return fail(op, name, fs.ErrNotExist) }

// Create is part of FS.
func (Nowhere) Create(name string) (File, error) { return nil, nowhere("create", name) }

// ReadFile is part of FS.
func (Nowhere) ReadFile(name string) ([]byte, error) { return nil, nowhere("read", name) }

// Rename is part of FS.
func (Nowhere) Rename(from, _ string) error { return nowhere("rename", from) }

// Remove is part of FS.
func (Nowhere) Remove(name string) error { return nowhere("remove", name) }

// Names is part of FS.
func (Nowhere) Names(name string) ([]string, error) { return nil, nowhere("readdir", name) }

// ReadDir is part of FS.
func (Nowhere) ReadDir(name string) ([]Info, error) { return nil, nowhere("readdir", name) }

// Mkdir is part of FS.
func (Nowhere) Mkdir(name string) error { return nowhere("mkdir", name) }

// Stat is part of FS.
func (Nowhere) Stat(name string) (Info, error) { return Info{}, nowhere("stat", name) }
