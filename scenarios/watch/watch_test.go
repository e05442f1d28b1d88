package watch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func put(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}

// watched has work done again while something is done to files, before the look of each tick; then the context ends.
func watched(t *testing.T, paths []string, work func(), deeds ...func()) (told [][]string) {
	ctx, cancel := context.WithCancel(t.Context())
	tick := make(chan time.Time)
	close(tick) // there is always one
	begins, done, last := true, 0, errors.New("last")
	err := Again(ctx, tick, func() []string {
		switch {
		case begins: // the look before the work
			begins = false
		case len(deeds) == 0:
			cancel()
		default:
			deeds[0]()
			deeds = deeds[1:]
		}
		return paths
	}, func() error {
		done++
		work()
		return last
	}, func(changed []string) { told, begins = append(told, changed), true })
	require.Equal(t, last, err)
	require.Equal(t, len(told)+1, done)
	return told
}

func nothing() {}

// Work is done again once per change, however the file comes to be another, and says which.
func TestAgain(t *testing.T) {
	dir := t.TempDir()
	file, folder := filepath.Join(dir, "case.txtar"), filepath.Join(dir, "our-cluster")
	deep := filepath.Join(folder, "active", "ipwatch.dat")
	for name, c := range map[string]struct {
		deeds []func()
		want  [][]string
	}{
		"nothing":           {[]func(){nothing, nothing, nothing}, nil},
		"written":           {[]func(){func() { put(t, file, "another") }, nothing}, [][]string{{file}}},
		"written in pieces": {[]func(){func() { put(t, file, "o") }, func() { put(t, file, "oth") }, func() { put(t, file, "another") }, nothing, nothing}, [][]string{{file}}},
		"as long as before, and as old": {[]func(){func() {
			info, err := os.Stat(file)
			require.NoError(t, err)
			put(t, file+".new", "whole")
			require.NoError(t, os.Chtimes(file+".new", info.ModTime(), info.ModTime()))
			require.NoError(t, os.Rename(file+".new", file))
		}, nothing}, [][]string{{file}}},
		"away while it is written":   {[]func(){func() { require.NoError(t, os.Remove(file)) }, func() { put(t, file, "another") }, nothing}, [][]string{{file}}},
		"removed, then back":         {[]func(){func() { require.NoError(t, os.Remove(file)) }, nothing, func() { put(t, file, "another") }, nothing}, [][]string{{file}, {file}}},
		"deep in a folder":           {[]func(){func() { put(t, deep, "another") }, nothing}, [][]string{{deep}}},
		"new in a folder":            {[]func(){func() { put(t, folder+"/new", "") }, nothing}, [][]string{{filepath.Join(folder, "new")}}},
		"two at once":                {[]func(){func() { put(t, file, "another"); put(t, deep, "another") }, nothing}, [][]string{{file, deep}}},
		"an editor's own files":      {[]func(){func() { put(t, folder+"/.x.swp", ""); put(t, folder+"/x~", ""); put(t, folder+"/#x#", "") }, nothing}, nil},
		"version control's own":      {[]func(){func() { put(t, folder+"/.git/index", "") }, nothing}, nil},
		"a file that comes and goes": {[]func(){func() { put(t, folder+"/4913", "") }, func() { require.NoError(t, os.Remove(folder+"/4913")) }, nothing}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, os.RemoveAll(dir))
			put(t, file, "whole")
			put(t, deep, "whole")
			require.Equal(t, c.want, watched(t, []string{file, folder, filepath.Join(dir, "none")}, nothing, c.deeds...))
		})
	}
}

// What changes while the work is done is not lost.
func TestAChangeDuringTheWorkCounts(t *testing.T) {
	file := filepath.Join(t.TempDir(), "case.txtar")
	put(t, file, "whole")
	work := func() { put(t, file, "another") }
	require.Equal(t, [][]string{{file}}, watched(t, []string{file}, sync.OnceFunc(work), nothing, nothing, nothing))
}
