package share

import (
	"errors"
	"path"

	"golang.org/x/sys/unix"
)

// renameFree moves a file to a name that is free: of several processes that move files to one name, one
// succeeds. On a disk that cannot do that, they must not.
func (d *Dir) renameFree(from, to string) error {
	source, err := d.root.Open(path.Dir(from))
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := d.root.Open(path.Dir(to))
	if err != nil {
		return err
	}
	defer target.Close()
	err = unix.Renameat2(int(source.Fd()), path.Base(from), int(target.Fd()), path.Base(to), unix.RENAME_NOREPLACE)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) {
		return d.root.Rename(from, to)
	}
	return err
}
