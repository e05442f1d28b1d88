// Package watch does something again when files change.
package watch

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Again does the work, and then again whenever files have changed, until the context ends: files, and all below folders,
// by what paths says at each tick. It tells what changed before it does the work again, and returns the work's last
// error.
func Again(ctx context.Context, tick <-chan time.Time, paths func() []string, work func() error, tell func(changed []string)) error {
	for {
		before := at(paths()) // what changes during the work counts
		err := work()
		changed := before.change(ctx, tick, paths)
		if changed == nil {
			return err
		}
		tell(changed)
	}
}

// look is what files are there at a moment. Names are looked at, not open files: editors put a new one in the place of
// the old.
type look map[string]fs.FileInfo

func at(paths []string) look {
	seen := look{}
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case err != nil: // it is not there, which can change
		case info.IsDir():
			seen.below(path)
		default:
			seen[path] = info
		}
	}
	return seen
}

// below adds the files of a folder, but for those that editors and version control have for themselves. One that goes
// meanwhile is not there.
func (l look) below(dir string) {
	root := dir + string(filepath.Separator)
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || path == root:
			return nil
		case d.IsDir() && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		if name := d.Name(); strings.HasPrefix(name, ".") || strings.HasPrefix(name, "#") || strings.HasSuffix(name, "~") {
			return nil
		}
		if info, err := os.Stat(path); err == nil { // of what a link leads to
			l[path] = info
		}
		return nil
	})
}

// change waits until files are others than they were and stay so for a tick, as who writes takes his time. Nil: the
// context has ended.
func (l look) change(ctx context.Context, tick <-chan time.Time, paths func() []string) []string {
	last := l
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick:
		}
		if ctx.Err() != nil {
			return nil
		}
		now := at(paths())
		changed := l.differing(now)
		if len(changed) > 0 && len(last.differing(now)) == 0 {
			return changed
		}
		last = now
	}
}

// differing are the paths that the two looks do not agree on.
func (l look) differing(now look) (all []string) {
	for path, a := range l {
		if b := now[path]; b == nil || !a.ModTime().Equal(b.ModTime()) || a.Size() != b.Size() || !os.SameFile(a, b) {
			all = append(all, path)
		}
	}
	for path := range now {
		if l[path] == nil {
			all = append(all, path)
		}
	}
	slices.Sort(all)
	return all
}
