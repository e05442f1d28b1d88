// Package lookup finds the clusters that a command line names: folders, and shipped ones by name.
package lookup

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/scenarios"
	"ipwsim/sim/cluster"
)

// Shipped are the names of the shipped clusters.
func Shipped() []string {
	entries, _ := fs.ReadDir(scenarios.Clusters(), ".") // an embedded folder can be read
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// Folder opens the folder of --cluster, or a shipped cluster where there is none of that name.
func Folder(path string) (fs.FS, error) {
	info, err := os.Stat(path)
	if err != nil {
		if slices.Contains(Shipped(), path) {
			return fs.Sub(scenarios.Clusters(), path)
		}
		return nil, diag.Errorf("--cluster: cannot read the folder %s: %s", path, diag.FileReason(err))
	}
	if !info.IsDir() {
		return nil, diag.Errorf("--cluster: found file %s, expected a folder with cluster.toml, active/ and standby/", path)
	}
	return disk.Folder(path), nil
}

// IsCluster says whether a folder holds a cluster's files, or there is none and a shipped cluster has the name.
func IsCluster(dir string) bool {
	if _, err := os.Stat(dir); err != nil {
		return slices.Contains(Shipped(), dir)
	}
	_, err := os.Stat(filepath.Join(dir, "cluster.toml"))
	return err == nil
}

// IsShipped says whether a shipped cluster has the name, and no folder is in its way.
func IsShipped(name string) bool {
	_, err := fs.Stat(scenarios.Clusters(), name+"/cluster.toml")
	_, folder := os.Stat(name)
	return err == nil && errors.Is(folder, fs.ErrNotExist)
}

// Below puts the folder before the file names, so that they can be opened from here.
func Below(dir string, problems diag.List) diag.List {
	for i := range problems {
		problems[i].File = filepath.Join(dir, problems[i].File)
	}
	return problems
}

// Cluster is one to search or to audit, by the name that scenarios give it.
type Cluster struct {
	Name  string
	Dir   string            // "" for a shipped one
	Files map[string][]byte // of one that is not shipped
	Find  func(string) (fs.FS, error)
}

var wordOnly = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// Find is the cluster of --cluster: a folder that can be loaded, with errors of these kinds, or a shipped cluster.
func Find(dir string, kinds ...string) (*Cluster, error) {
	c := &Cluster{Find: Finder{}.Find}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) && slices.Contains(Shipped(), dir) {
		c.Name = dir
		return c, nil
	}
	files, err := Folder(dir)
	if err != nil {
		return nil, err
	}
	bp, problems := cluster.LoadWith(files, ".", kinds...)
	if bp == nil {
		return nil, Below(dir, problems).Err()
	}
	c.Dir, c.Name = dir, "our-cluster"
	if path, err := filepath.Abs(dir); err == nil && wordOnly.MatchString(filepath.Base(path)) {
		c.Name = filepath.Base(path)
	}
	c.Find = Finder{Override: files}.Find
	c.Files, err = cluster.Files(files)
	return c, err
}
