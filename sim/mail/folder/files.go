package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"ipwsim/sim/share"
)

// files is a folder of the share in which several nodes put files that are there as a whole or not at
// all. What is not a message lies in a folder of its own below, indexFolder.
type files struct {
	fs  share.FS
	dir string
	own bool // the folder itself is made by others, and when it is gone it must stay so
}

const (
	indexFolder = "imap"
	draftPrefix = "draft."
)

// maxDrafts is how many may be under way in one folder, those that a crash left behind included.
const maxDrafts = 1000

// sweepAfter is the age of drafts that nobody can be writing any more.
const sweepAfter = time.Hour

// at is a name in indexFolder as one of the share.
func (f *files) at(name string) string { return path.Join(f.dir, indexFolder, name) }

// makeFolders makes the folder and the one below it.
func (f *files) makeFolders() error {
	up := ""
	if f.own {
		up = f.dir
	}
	for _, part := range strings.Split(strings.TrimPrefix(f.at(""), up), "/") {
		if up = path.Join(up, part); part == "" {
			continue
		}
		if err := f.fs.Mkdir(up); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}

// draft makes a file that nobody reads yet, and the folders for it where there are none.
func (f *files) draft(content []byte) (string, error) {
	made := false
	for n := 1; n <= maxDrafts; {
		name := f.at(fmt.Sprintf("%s%03d", draftPrefix, n))
		err := f.fs.Create(name, content)
		switch {
		case errors.Is(err, fs.ErrNotExist) && !made:
			if err := f.makeFolders(); err != nil {
				return "", err
			}
			made = true
		case errors.Is(err, fs.ErrExist):
			n++
		default:
			return name, err
		}
	}
	return "", fmt.Errorf("%s: more than %d unfinished files", f.at(""), maxDrafts)
}

// place makes a file that is there as a whole or not at all; fs.ErrExist when the name is taken.
func (f *files) place(content []byte, name string) error {
	draft, err := f.draft(content)
	if err != nil {
		return err
	}
	if err = f.fs.Rename(draft, name); err != nil {
		_ = f.fs.Remove(draft) // if that fails too, it is swept later
	}
	return err
}

// clock is the share's clock, the one that all nodes have, for a new UIDVALIDITY: RFC 3501, section
// 2.3.1.1, wants a number greater than any before.
func (f *files) clock() (uint32, error) {
	draft, err := f.draft(nil)
	if err != nil {
		return 0, err
	}
	info, err := f.fs.Stat(draft)
	_ = f.fs.Remove(draft) // if that fails, it is swept later
	return uint32(max(info.ModTime.Unix(), 1)), err
}
