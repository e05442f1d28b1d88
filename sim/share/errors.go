package share

import (
	"errors"
	"fmt"
	"io/fs"

	"ipwsim/sim/share/nas"
)

// What an operation on the share can fail with, beside the errors of package io/fs.
var (
	ErrFull        = errors.New("there is not enough space on the disk")
	ErrReadOnly    = errors.New("the media is write protected")
	ErrUnreachable = errors.New("the network path was not found")
	ErrInUse       = errors.New("the file is being used by another process")
)

// meanings is the errors as they go over the wire.
var meanings = []struct {
	code nas.Code
	err  error
}{
	{nas.NotExist, fs.ErrNotExist},
	{nas.Exist, fs.ErrExist},
	{nas.Permission, fs.ErrPermission},
	{nas.Invalid, fs.ErrInvalid},
	{nas.Full, ErrFull},
	{nas.ReadOnly, ErrReadOnly},
	{nas.InUse, ErrInUse},
}

// codeOf is what the server answers with.
func codeOf(err error) nas.Code {
	for _, m := range meanings {
		if errors.Is(err, m.err) {
			return m.code
		}
	}
	return nas.Failed
}

// errorOf is what the client makes of an answer; nil for one that it was done.
func errorOf(answer nas.Message) error {
	for _, m := range meanings {
		if m.code == answer.Code {
			return m.err
		}
	}
	if answer.Code == nas.Done {
		return nil
	}
	return fmt.Errorf("the share says: %.200q", answer.Data)
}

// Nowhere is the share for a service that looks for it where it is not: at a drive letter, which
// services do not have, or on another server (C3).
type Nowhere struct{}

var _ FS = Nowhere{}

func nowhere(op nas.Op, name string) error { return fail(op, name, fs.ErrNotExist) }

// Create is part of FS.
func (Nowhere) Create(name string, _ []byte) error { return nowhere(nas.Create, name) }

// ReadFile is part of FS.
func (Nowhere) ReadFile(name string) ([]byte, error) { return nil, nowhere(nas.Read, name) }

// Rename is part of FS.
func (Nowhere) Rename(from, _ string) error { return nowhere(nas.Rename, from) }

// Remove is part of FS.
func (Nowhere) Remove(name string) error { return nowhere(nas.Remove, name) }

// ReadDir is part of FS.
func (Nowhere) ReadDir(name string) ([]Info, error) { return nil, nowhere(nas.List, name) }

// Mkdir is part of FS.
func (Nowhere) Mkdir(name string) error { return nowhere(nas.Mkdir, name) }

// Stat is part of FS.
func (Nowhere) Stat(name string) (Info, error) { return Info{}, nowhere(nas.Stat, name) }
