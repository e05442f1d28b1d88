package diag

import (
	"errors"
	"io/fs"
	"strings"
)

// FileReason is an error of a file system on one line and without the file's name, which the problem
// tells already.
func FileReason(err error) string {
	var at *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "it does not exist" // the same words on every system
	case errors.As(err, &at):
		err = at.Err
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}
