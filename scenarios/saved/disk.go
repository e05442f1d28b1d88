package saved

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ipwsim/core/diag"
)

// sumsFile lists every other file with its SHA-256, as sha256sum -c reads it. It is written last: a
// folder without it holds no whole run.
const sumsFile = "SHA256SUMS"

// Write saves the run in the folder, which must be new or empty.
func (r *Run) Write(dir string) error {
	if err := Empty(dir); err != nil {
		return err
	}
	all, err := r.pack()
	if err != nil {
		return err
	}
	var sums strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, all[name], 0o644); err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(all[name]), name)
	}
	return os.WriteFile(filepath.Join(dir, sumsFile), []byte(sums.String()), 0o644)
}

// Empty says whether the folder is new or empty, as an error when it is not.
func Empty(dir string) error {
	entries, err := os.ReadDir(dir)
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
	if _, err := os.Stat(filepath.Join(dir, sumsFile)); err == nil {
		r, err := Read(dir)
		return []*Run{r}, err
	}
	entries, err := os.ReadDir(dir)
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
	return diag.Errorf("%s: found no %s, expected a folder that `ipwsim run --save` wrote; one that was cut off has none", dir, sumsFile)
}

// readFiles reads the files that the folder's list names, and holds them against it.
func readFiles(dir string) (map[string][]byte, error) {
	list, err := os.ReadFile(filepath.Join(dir, sumsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, noRun(dir)
	}
	if err != nil {
		return nil, err
	}
	all := map[string][]byte{}
	for i, line := range strings.Split(strings.TrimSuffix(string(list), "\n"), "\n") {
		want, name, ok := strings.Cut(line, "  ")
		if !ok || !fs.ValidPath(name) {
			return nil, diag.Errorf("%s:%d: found %q, expected a SHA-256, two blanks and a file's path", filepath.Join(dir, sumsFile), i+1, line[:min(len(line), 80)])
		}
		path := filepath.Join(dir, filepath.FromSlash(name))
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if got := fmt.Sprintf("%x", sha256.Sum256(data)); got != want {
			return nil, diag.Errorf("%s: found SHA-256 %s, expected %s: the file was changed or cut off after it was saved", path, got, want)
		}
		all[name] = data
	}
	return all, nil
}
