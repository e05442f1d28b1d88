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
