package share

import "errors"

// What an operation on the share can fail with, beside the errors of package io/fs.
var (
	ErrFull        = errors.New("there is not enough space on the disk")
	ErrReadOnly    = errors.New("the media is write protected")
	ErrUnreachable = errors.New("the network path was not found")
)
