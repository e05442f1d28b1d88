package saved

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/sim/trace"
)

// Write saves the run in the folder, which must be new or empty, and is so again after an error.
func (r *Run) Write(dir string) error {
	all, err := r.pack()
	if err != nil {
		return err
	}
	return disk.Fill(dir, func() error {
		for _, name := range slices.Sorted(maps.Keys(all)) {
			if err := disk.WriteBytes(filepath.Join(dir, filepath.FromSlash(name)), all[name]); err != nil {
				return err
			}
		}
		if r.Played.Trace != nil {
			if err := disk.Write(filepath.Join(dir, traceFile), r.Played.Trace.Write); err != nil {
				return err
			}
		}
		return disk.WriteSums(dir)
	})
}

// Read reads a run that Write saved. Files that were changed, cut off or taken away are an error that
// names the first.
func Read(dir string) (*Run, error) {
	all, listed, err := readFiles(dir)
	if err == nil && all[metaFile] == nil {
		err = diag.Errorf("%s: found no %s, expected a folder that `ipwsim run --save` wrote", dir, metaFile)
	}
	if err != nil {
		return nil, err
	}
	r, err := unpack(all, func() (t *trace.Trace, err error) {
		if !listed { // what no checksum vouches for is not there
			return trace.Read(strings.NewReader(""))
		}
		err = disk.Stream(filepath.Join(dir, traceFile), disk.MostStream, func(r io.Reader) (err error) {
			t, err = trace.Read(r)
			return err
		})
		return t, err
	})
	if err != nil {
		return nil, diag.Errorf("%s: %w", dir, err)
	}
	return r, nil
}

// ReadAll reads the run of the folder, or those of its folders in the order they were given.
func ReadAll(dir string) ([]*Run, error) {
	for _, o := range others {
		if _, err := os.Stat(filepath.Join(dir, o.file)); err == nil && !Is(dir) {
			return nil, diag.Errorf("%s: found the folder of %w; expected one that `ipwsim run --save` wrote", dir, o.what)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, disk.SumsFile)); err == nil {
		r, err := Read(dir)
		return []*Run{r}, err
	}
	entries, err := disk.List(dir)
	if err != nil {
		return nil, err
	}
	var all []*Run
	for _, e := range entries {
		if !e.IsDir() || e.Name() == clusterDir {
			continue
		}
		r, err := Read(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	if len(all) == 0 {
		return nil, noRun(dir)
	}
	slices.SortStableFunc(all, func(a, b *Run) int { return a.Order - b.Order })
	return all, nil
}

// others are what else ipwsim writes folders of, by a file of theirs.
var others = []struct {
	file string
	what diag.Text
}{
	{"rows.parquet", diag.Say("a study, whose page is its index.html")},
	{"chunks", diag.Say("a study that is not finished; its command goes on")},
	{"nightly.json", diag.Say("a night, whose page is its index.html")},
	{"audit.json", diag.Say("an audit, whose page is its index.html")},
}

func noRun(dir string) error {
	return diag.Errorf("%s: found no %s, expected a folder that `ipwsim run --save` wrote; one that was cut off has none", dir, disk.SumsFile)
}

// readFiles reads the files that the folder's list names, and holds them against it. The trace is not held; it says whether
// it is listed.
func readFiles(dir string) (all map[string][]byte, history bool, err error) {
	all, err = disk.ReadSummed(dir, func(name string) bool {
		history = history || name == traceFile
		return name != traceFile
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, noRun(dir)
	}
	return all, history, err
}

// Is says whether the folder is that of one saved run.
func Is(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, metaFile))
	return err == nil && info.Mode().IsRegular()
}
