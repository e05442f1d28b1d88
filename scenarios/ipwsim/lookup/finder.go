package lookup

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/scenarios"
)

// Finder finds the cluster a scenario names: the one given on the command line, else a folder
// beside the scenario's file, else a shipped one.
type Finder struct {
	Override fs.FS  // --cluster; nil: none
	Scenario string // path of the scenario's file; "" for a shipped one
}

// Find is the cluster's folder; an error that is fs.ErrNotExist says what there is.
func (f Finder) Find(name string) (fs.FS, error) {
	if f.Override != nil {
		return f.Override, nil
	}
	if f.Scenario != "" {
		beside := filepath.Join(filepath.Dir(f.Scenario), name)
		if info, err := os.Stat(beside); err == nil && info.IsDir() {
			return disk.Folder(beside), nil
		}
	}
	shipped := Shipped()
	if slices.Contains(shipped, name) {
		return fs.Sub(scenarios.Clusters(), name)
	}
	return nil, notFound{diag.Say("found neither a folder beside the scenario nor a shipped cluster of that name%s; shipped are %s; --cluster DIR takes one from elsewhere",
		diag.Suggest(name, shipped), strings.Join(shipped, ", "))}
}

// notFound is an error that is fs.ErrNotExist and says more.
type notFound struct{ diag.Text }

func (notFound) Is(target error) bool { return target == fs.ErrNotExist }
