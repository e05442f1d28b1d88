package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"ipwsim/core/diag"
)

// Takes says, as an error, why Create would not write the file: what is there is a folder or cannot be written to, or
// its folder is missing or takes no new file. Nothing is changed.
func Takes(path string) error {
	info, err := os.Stat(path)
	if err == nil && !info.IsDir() && !info.Mode().IsRegular() { // a pipe's other end waits: it is opened once
		return nil
	}
	if err == nil && info.IsDir() {
		return cannot(path, diag.Errorf("it is a folder"))
	}
	to, failed := behind(path)
	if failed == nil {
		failed = tryBeside(to)
	}
	if failed != nil && err == nil { // as Create does it
		f, opened := os.OpenFile(to, os.O_WRONLY, 0)
		if opened == nil {
			opened = f.Close()
		}
		failed = opened
	}
	return cannot(path, failed)
}

// TakesFiles says, as an error, why no files can be written into a folder: it cannot be made, or is a file, or takes no
// new file. What it makes to find out, it takes away.
func TakesFiles(dir string) error {
	made := missing(dir)
	defer func() {
		for _, one := range made {
			_ = os.Remove(one) // what somebody has filled by now stays
		}
	}()
	if err := Make(dir); err != nil {
		return err
	}
	return cannotInto(dir, tryBeside(filepath.Join(dir, "new")))
}

// Make makes a folder, with those above it, unless it is there.
func Make(dir string) error { return cannotInto(dir, os.MkdirAll(dir, 0o777)) }

// cannotInto says why nothing can be written into a folder; nil for nil.
func cannotInto(dir string, err error) error {
	var at *fs.PathError
	switch err = inTheWay(dir, err); {
	case err == nil:
		return nil
	case errors.As(err, &at) && at.Op == "read" && at.Path != dir:
		return diag.Errorf("cannot write into %s: %s is a file", dir, at.Path)
	case errors.Is(err, fs.ErrNotExist): // /proc, a drive that is not there
		return diag.Errorf("cannot write into %s: it cannot be made there", dir)
	}
	return diag.Errorf("cannot write into %s: %w", dir, diag.FileReason(err))
}

// missing are the folders of a path that are not there, the deepest first.
func missing(dir string) (all []string) {
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Lstat(dir); err == nil {
			break
		}
		all = append(all, dir)
	}
	return all
}

// tryBeside begins a new file beside another, and takes it away.
func tryBeside(path string) error {
	f, err := beside(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}
