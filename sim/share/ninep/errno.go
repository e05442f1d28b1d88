package ninep

import "fmt"

// Errno is an error number of Linux, whatever system this runs on.
type Errno uint32

// The errors that a share answers with.
const (
	ENOENT     Errno = 2
	EIO        Errno = 5
	EBADF      Errno = 9
	EACCES     Errno = 13
	EEXIST     Errno = 17
	ENOTDIR    Errno = 20
	EISDIR     Errno = 21
	EINVAL     Errno = 22
	ENOSPC     Errno = 28
	EROFS      Errno = 30
	ENOTEMPTY  Errno = 39
	EOPNOTSUPP Errno = 95
)

// Error is part of error.
func (e Errno) Error() string { return fmt.Sprintf("9P error %d", uint32(e)) }
