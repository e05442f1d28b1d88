package diag

import (
	"errors"
	"io/fs"
	"strings"
)

// FileReason is an error of a file system on one line and without the file's name, which the problem
// tells already.
func FileReason(err error) Text {
	var at *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Say("it does not exist") // the same words on every system
	case errors.As(err, &at):
		err = at.Err
	}
	if line := strings.Join(strings.Fields(err.Error()), " "); line != err.Error() {
		return Say("%s", line)
	}
	return Say("%w", err)
}
