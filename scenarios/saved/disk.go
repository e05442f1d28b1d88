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
		return disk.WriteSums(dir)
	})
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
