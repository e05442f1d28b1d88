package main

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

// finder finds the cluster a scenario names: the one given on the command line, else a folder
// beside the scenario's file, else a shipped one.
type finder struct {
	override fs.FS  // --cluster; nil: none
	scenario string // path of the scenario's file; "" for a shipped one
}

func (f finder) find(name string) (fs.FS, error) {
	if f.override != nil {
		return f.override, nil
	}
	if f.scenario != "" {
		beside := filepath.Join(filepath.Dir(f.scenario), name)
		if info, err := os.Stat(beside); err == nil && info.IsDir() {
			return disk.Folder(beside), nil
		}
	}
	shipped := shippedClusters()
	if slices.Contains(shipped, name) {
		return fs.Sub(scenarios.Clusters(), name)
	}
	return nil, notFound{diag.Say("found neither a folder beside the scenario nor a shipped cluster of that name%s; shipped are %s",
		diag.Suggest(name, shipped), strings.Join(shipped, ", "))}
}

// notFound is an error that is fs.ErrNotExist and says more.
type notFound struct{ diag.Text }

func (notFound) Is(target error) bool { return target == fs.ErrNotExist }

// folder opens the folder of --cluster.
func folder(path string) (fs.FS, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, diag.Errorf("--cluster: cannot read the folder %s: %s", path, diag.FileReason(err))
	}
	if !info.IsDir() {
		return nil, diag.Errorf("--cluster: found file %s, expected a folder with cluster.toml, active/ and standby/", path)
	}
	return disk.Folder(path), nil
}

func shippedClusters() []string {
	entries, _ := fs.ReadDir(scenarios.Clusters(), ".") // an embedded folder can be read
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
