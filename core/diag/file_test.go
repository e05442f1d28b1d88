package diag

import (
	"errors"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFileReason(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"missing":          {&fs.PathError{Op: "open", Path: "ipwatch.dat", Err: fs.ErrNotExist}, "it does not exist"},
		"without its name": {&fs.PathError{Op: "open", Path: "ipwatch.dat", Err: fs.ErrPermission}, "permission denied"},
		"no file's":        {errors.New("the disk is gone"), "the disk is gone"},
		"of several lines": {errors.New("first\n  second"), "first second"},
	} {
		t.Run(name, func(t *testing.T) {
			require.EqualError(t, FileReason(c.err), c.want)
		})
	}
}
