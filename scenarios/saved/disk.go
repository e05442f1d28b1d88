package saved

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
)

// Write saves the run in the folder, which must be new or empty, and is so again after an error.
func (r *Run) Write(dir string) error {
	if err := Empty(dir); err != nil {
		return err
	}
	all, err := r.pack()
	if err != nil {
		return err
	}
	_, missing := os.Stat(dir)
	if err := write(dir, all); err != nil {
		for _, name := range append(slices.Collect(maps.Keys(all)), clusterDir, disk.SumsFile) {
			_ = os.RemoveAll(filepath.Join(dir, filepath.FromSlash(name))) // the other error says more
		}
		if missing != nil {
			_ = os.Remove(dir)
		}
		return err
	}
	return nil
}

func write(dir string, all map[string][]byte) error {
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if err := disk.WriteBytes(filepath.Join(dir, filepath.FromSlash(name)), all[name]); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	return disk.WriteSums(dir)
}

// Empty says whether the folder is new or empty, as an error when it is not.
func Empty(dir string) error {
	entries, err := disk.List(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && len(entries) == 0:
		return nil
	case err != nil:
		return err
	}
	return diag.Errorf("found %s in %s, expected a folder that is new or empty", entries[0].Name(), dir)
}

// Read reads a run that Write saved. Files that were changed, cut off or taken away are an error that
// names the first.
func Read(dir string) (*Run, error) {
	all, err := readFiles(dir)
	if err != nil {
		return nil, err
	}
	r, err := unpack(all)
	if err != nil {
		return nil, diag.Errorf("%s: %w", dir, err)
	}
	return r, nil
}

// ReadAll reads the run of the folder, or those of its folders in the order they were given.
func ReadAll(dir string) ([]*Run, error) {
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

func noRun(dir string) error {
	return diag.Errorf("%s: found no %s, expected a folder that `ipwsim run --save` wrote; one that was cut off has none", dir, disk.SumsFile)
}

// readFiles reads the files that the folder's list names, and holds them against it.
func readFiles(dir string) (map[string][]byte, error) {
	all, err := disk.ReadSummed(dir, func(string) bool { return true })
	if errors.Is(err, fs.ErrNotExist) {
		return nil, noRun(dir)
	}
	return all, err
}
