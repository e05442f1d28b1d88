package folder

import (
	"errors"
	"io/fs"
	"time"
)

// Sweep removes what acceptances that never came to their end have left in queue/tmp, if it was
// written before that time. An acceptance that still sleeps there fails when it wakes: its list of
// recipients goes first, and without that it cannot be completed.
func (f *Folder) Sweep(before time.Time) error {
	infos, err := f.fs.ReadDir(f.at("queue/tmp"))
	if err != nil {
		return err
	}
	for _, i := range infos { // a list sorts before its copies
		if i.IsDir || !i.ModTime.Before(before) {
			continue
		}
		if m := copyForm.FindStringSubmatch(i.Name); m != nil {
			if pending, err := f.pending(m[1]); err != nil {
				return err
			} else if pending {
				continue
			}
		}
		if err := f.fs.Remove(f.at("queue/tmp/" + i.Name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// pending says whether the copies of an acceptance of several still count. The order matters: a list
// moves from queue/tmp to the queue, never back.
func (f *Folder) pending(id string) (bool, error) {
	for _, at := range []string{"queue/tmp/", "queue/"} {
		switch _, err := f.fs.Stat(f.at(at + id)); {
		case err == nil:
			return true, nil
		case !errors.Is(err, fs.ErrNotExist):
			return false, err
		}
	}
	return false, nil
}
